"""Whether `monitor verify` finds each of many random single edits: a byte, a value, a row, a Seal.

    python benchmarks/tampering.py                      1,400 edits of the database of a demo, some minutes
    python benchmarks/tampering.py --edits 70 --seed 7

Each edit is made on a fresh copy of the database, or of the evidence of one of its changes. A forged evidence file has
all its hashes computed anew, and is checked where the database is at hand. Not forged is what is drawn for people in
it: nothing but the sha256 of the file speaks for that. Prints how many of each
sort were tried and found, and ends with 1 if one was missed. "Silently" is with the triggers taken off and put back, as
somebody does who knows them.

A flipped byte of the database file is tried where something that is sealed, or the schema of it, reads otherwise after
it, or not at all. Where all of it says the same, the byte was in free space, a counter, an index or a table that proves
nothing: these flips are counted apart, as "says the same".
"""

from __future__ import annotations

import argparse
import io
import json
import random
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor.errors import StoreError
from monitor.evidence.bundle import MANIFEST, check_against, check_bundle, pack
from monitor.evidence.contents import dump
from monitor.evidence.database import check_path
from monitor.evidence.dossier import gather
from monitor.store import open_store
from monitor.store import sqlite3 as sqlite
from monitor.store.seals import NOUNS, TABLES, chain

if TYPE_CHECKING:
    from monitor.store import Database

KEPT = ("seal", *dict.fromkeys(noun.partition(".")[0] for noun in NOUNS),
        "version_snapshot", "passage", "citation", "date_mention", "digest_change")  # fmt: skip
"""The tables whose every row is sealed, the Seals themselves first."""
HALF = 0.5
PAGE = 4096
NOT_SEALED = {"resource": {"position", "snapshot_id", "read_as", "etag", "last_modified"}}
"""Columns that say where the monitor stands, and prove nothing."""
WHOLE = [each for each in KEPT if each not in NOT_SEALED]


class Edits:
    """Random single edits of one database: each method makes one on the copy at `path` and says what it was."""

    def __init__(self, original: Path, seed: int) -> None:
        self.original = original
        self.random = random.Random(seed)
        with closing(sqlite.connect(str(original))) as db:
            self.columns = {each: {row[1]: row[2] for row in db.execute(f"PRAGMA table_info({each})")} for each in KEPT}
            self.rows = {each: [row[0] for row in db.execute(f"SELECT rowid FROM {each}")] for each in KEPT}
        self.filled = [each for each in KEPT if self.rows[each]]
        self.content = read_all(original)
        self.passed_over = 0

    def edit_value(self, path: Path, *, silent: bool) -> str:
        with _Editing(path, silent=silent) as db:
            while True:  # a value that a constraint refuses is no edit
                table, row, column = self._choose()
                (before,) = db.execute(f"SELECT {column} FROM {table} WHERE rowid = ?", [row]).fetchone()
                after = self._change(before, self.columns[table][column])
                query = f"UPDATE OR IGNORE {table} SET {column} = ? WHERE rowid = ?"
                if db.execute(query, [after, row]).rowcount:
                    return f"{table}.{column} of {row}: {before!r:.40} → {after!r:.40}"

    def _choose(self) -> tuple[str, int, str]:
        table = self.random.choice(self.filled)
        columns = [each for each in self.columns[table] if each not in NOT_SEALED.get(table, ())]
        return table, self.random.choice(self.rows[table]), self.random.choice(columns)

    def edit_value_silently(self, path: Path) -> str:
        return self.edit_value(path, silent=True)

    def edit_value_openly(self, path: Path) -> str:
        return self.edit_value(path, silent=False)

    def delete_row(self, path: Path) -> str:
        table, row, _ = self._choose()
        with _Editing(path, silent=self.random.random() < HALF) as db:
            db.execute(f"DELETE FROM {table} WHERE rowid = ?", [row])
        return f"{table} {row}"

    def insert_row(self, path: Path) -> str:
        """One like another, with other values in what must be unique."""
        with _Editing(path, silent=self.random.random() < HALF) as db:
            while True:
                table, row, _ = self._choose()
                columns = list(self.columns[table])
                values = list(db.execute(f"SELECT {', '.join(columns)} FROM {table} WHERE rowid = ?", [row]).fetchone())
                for place in {0, self.random.randrange(len(columns)), self.random.randrange(len(columns))}:
                    values[place] = self._change(values[place], self.columns[table][columns[place]])
                query = f"INSERT OR IGNORE INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
                if db.execute(query, values).rowcount:
                    return f"{table} like {row}"

    def exchange_values(self, path: Path) -> str:
        """What two rows say in one column."""
        with _Editing(path, silent=True) as db:
            while True:
                table, one, column = self._choose()
                other = self.random.choice(self.rows[table])
                query = f"SELECT {column} FROM {table} WHERE rowid = ?"
                (first,), (second,) = db.execute(query, [one]).fetchone(), db.execute(query, [other]).fetchone()
                query = f"UPDATE OR IGNORE {table} SET {column} = ? WHERE rowid = ?"
                if first != second and db.execute(query, [second, one]).rowcount:
                    db.execute(query, [first, other])
                    return f"{table}.{column} of {one} and {other}"

    def flip_byte(self, path: Path) -> str:
        """One after which something reads otherwise, or not at all."""
        whole = path.read_bytes()
        while True:
            data, place = bytearray(whole), self.random.randrange(len(whole))
            data[place] ^= 1 << self.random.randrange(8)
            path.write_bytes(data)
            if read_all(path) != self.content:
                return f"byte {place % PAGE} of page {place // PAGE + 1}"
            self.passed_over += 1

    def _change(self, value: object, kind: str) -> object:
        """Another value of the same type."""
        match value:
            case None:
                return {"INTEGER": 1, "REAL": 0.5, "BLOB": b"x"}.get(kind, "2026-01-01")
            case int():
                return value + self.random.choice((-1_000_003, -1, 1, 1_000_003))
            case float():
                return value * (1 + 2**-40)
            case bytes() if value:
                place = self.random.randrange(len(value))
                return value[:place] + bytes([value[place] ^ 1 << self.random.randrange(8)]) + value[place + 1 :]
            case str() if value:
                place = self.random.randrange(len(value))
                return value[:place] + ("x" if value[place] != "x" else "y") + value[place + 1 :]
            case _:
                return b"x" if kind == "BLOB" else "x"


class _Editing:
    """A connection that checks nothing; `silent`: the triggers are dropped, and come back afterwards."""

    def __init__(self, path: Path, *, silent: bool) -> None:
        self.db = sqlite.connect(str(path))
        self.silent = silent

    def __enter__(self) -> sqlite.Connection:
        self.db.execute("PRAGMA synchronous = OFF")
        self.db.execute("PRAGMA foreign_keys = OFF")
        self.db.execute("PRAGMA ignore_check_constraints = ON")
        self.db.execute("BEGIN")
        query = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"
        self.triggers = self.db.execute(query).fetchall() if self.silent else []
        for name, _ in self.triggers:
            self.db.execute(f"DROP TRIGGER {name}")
        return self.db

    def __exit__(self, *_: object) -> None:
        for _name, sql in self.triggers:
            self.db.execute(sql)
        self.db.commit()
        self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.db.close()


def read_all(path: Path) -> object:
    """Every row of what is sealed, and the schema; None where it cannot be read to its end."""
    try:
        with closing(sqlite.connect(f"{path.as_uri()}?mode=ro", uri=True)) as db:
            db.text_factory = bytes
            rows = [db.execute(f"SELECT rowid, * FROM {each} NOT INDEXED ORDER BY rowid").fetchall() for each in WHOLE]
            rows += [db.execute("SELECT id, source_id, url FROM resource NOT INDEXED ORDER BY id").fetchall()]
            schema = db.execute("SELECT name, type, tbl_name, sql FROM sqlite_schema")
            return rows, sorted(repr(each) for each in schema if each[2].decode(errors="replace") in TABLES)
    except (sqlite.DatabaseError, UnicodeDecodeError):
        return None


def is_found(path: Path) -> bool:
    """Whether `monitor verify` says that something is wrong: also that it is no database of this version any more."""
    try:
        return any(True for _ in check_path(path))
    except StoreError:
        return True


def try_database(original: Path, number: int, seed: int) -> Counter[tuple[str, str]]:
    """(sort, outcome) → how often. Outcomes: "found", "missed", and "says the same" for flips that were not tried."""
    edits, counts = Edits(original, seed), Counter[tuple[str, str]]()
    sorts = {
        "value, silently": edits.edit_value_silently,
        "value, openly": edits.edit_value_openly,
        "row deleted": edits.delete_row,
        "row put in": edits.insert_row,
        "two values exchanged": edits.exchange_values,
        "byte of the file": edits.flip_byte,
    }
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(number):
            sort, edit = list(sorts.items())[turn % len(sorts)]
            copy = Path(folder) / f"{turn}.db"
            shutil.copy(original, copy)
            what = edit(copy)
            if not (found := is_found(copy)):
                print(f"MISSED: {sort}: {what}")
            counts[sort, "found" if found else "missed"] += 1
            for each in Path(folder).iterdir():
                each.unlink()
    counts["byte of the file", "says the same"] = edits.passed_over
    return counts


def try_bundle(data: bytes, number: int, seed: int) -> Counter[tuple[str, str]]:
    """Any byte of an evidence file, and what a longer or shorter file would be."""
    chosen, counts = random.Random(seed), Counter[tuple[str, str]]()
    for _ in range(number):
        place = chosen.randrange(len(data))
        edited = bytearray(data)
        match chosen.randrange(10):
            case 0:
                del edited[place]
            case 1:
                edited.insert(place, chosen.randrange(256))
            case _:
                edited[place] ^= 1 << chosen.randrange(8)
        if bytes(edited) == data:
            continue
        found = any(True for _ in check_bundle(bytes(edited)))
        if not found:
            print(f"MISSED: byte of an evidence file: {place}")
        counts["byte of an evidence file", "found" if found else "missed"] += 1
    return counts


class Forgeries:
    """Random single edits of an evidence file, with every hash in it computed anew: each returns the forged ZIP."""

    def __init__(self, data: bytes, seed: int) -> None:
        self.random = random.Random(seed)
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            self.files = {name: packed.read(name) for name in packed.namelist()}
        self.proving = [name for name in self.files if name.startswith(("snapshots/", "texts/", "fetches"))]

    def edit_file(self) -> bytes:
        name = self.random.choice(self.proving)
        return forge({**self.files, name: self._flip(self.files[name])})

    def edit_row(self) -> bytes:
        manifest = json.loads(self.files[MANIFEST])
        entry = self.random.choice(manifest["seals"])
        text = self._flip(self.files[entry["file"]])
        return forge({**self.files, entry["file"]: text}, seal_anew(manifest, entry, text))

    def take_row_out(self) -> bytes:
        manifest = json.loads(self.files[MANIFEST])
        entry = manifest["seals"].pop(self.random.randrange(len(manifest["seals"])))
        return forge({name: content for name, content in self.files.items() if name != entry["file"]}, manifest)

    def take_file_out(self) -> bytes:
        name = self.random.choice(self.proving)
        return forge({each: content for each, content in self.files.items() if each != name})

    def put_file_in(self) -> bytes:
        beside = self.random.choice(self.proving)
        return forge({**self.files, f"{beside}.txt": self.files[beside]})

    def edit_head(self) -> bytes:
        manifest = json.loads(self.files[MANIFEST])
        manifest["head"]["seal"] += self.random.choice((-1, 1))
        return forge(self.files, manifest)

    def _flip(self, content: bytes) -> bytes:
        place = self.random.randrange(len(content))
        return content[:place] + bytes([content[place] ^ 1 << self.random.randrange(8)]) + content[place + 1 :]


def seal_anew(manifest: dict[str, Any], entry: dict[str, Any], text: bytes) -> dict[str, Any]:
    """The manifest with the hashes of this row, and of its Seal, as they must be for another text."""
    row = sha256(text)
    facts = {"place": entry["seal"], "noun": entry["noun"], "key": entry["key"], "form": entry["form"]}
    chained = chain(bytes.fromhex(entry["before_sha256"]), **facts, row_sha256=row.digest())
    entry |= {"row_sha256": row.hexdigest(), "chain_sha256": chained.hex()}
    return manifest


def forge(files: dict[str, bytes], manifest: dict[str, Any] | None = None) -> bytes:
    """The ZIP, with the hash of each file as it is now."""
    named = manifest or json.loads(files[MANIFEST])
    named["files"] = {name: sha256(content).hexdigest() for name, content in files.items() if name != MANIFEST}
    return pack({**files, MANIFEST: dump(named)})


def try_forgeries(db: Database, data: bytes, number: int, seed: int) -> Counter[tuple[str, str]]:
    """`db` is the database that the evidence file is of."""
    forgeries, counts = Forgeries(data, seed), Counter[tuple[str, str]]()
    sorts = {
        "forged: an answer or text": forgeries.edit_file,
        "forged: a row": forgeries.edit_row,
        "forged: a row is gone": forgeries.take_row_out,
        "forged: a file is gone": forgeries.take_file_out,
        "forged: a file put in": forgeries.put_file_in,
        "forged: the head": forgeries.edit_head,
    }
    for turn in range(number):
        sort, make = list(sorts.items())[turn % len(sorts)]
        forged = make()
        found = any(True for _ in check_bundle(forged)) or any(True for _ in check_against(db, forged))
        if not found:
            print(f"MISSED: {sort}: number {turn}")
        counts[sort, "found" if found else "missed"] += 1
    return counts


def show(counts: Counter[tuple[str, str]]) -> int:
    """Print the table; how many were missed."""
    outcomes = ("found", "missed", "says the same")
    print(f"{'edit':28}{'tried':>8}{'found':>8}{'missed':>8}{'says the same':>16}")
    for sort in [*dict.fromkeys(sort for sort, _ in counts)]:
        found, missed, same = (counts[sort, each] for each in outcomes)
        print(f"{sort:28}{found + missed:>8,}{found:>8,}{missed:>8,}{same:>16,}")
    found, missed, same = (sum(counts[key] for key in counts if key[1] == each) for each in outcomes)
    print(f"{'all':28}{found + missed:>8,}{found:>8,}{missed:>8,}{same:>16,}")
    return missed


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--edits", type=int, default=1_400)
    parser.add_argument("--seed", type=int, default=8)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "monitor", "demo", "--folder", folder], check=True, capture_output=True)
        original = Path(folder) / "monitor.db"
        db = open_store(original)
        change = db.execute("SELECT max(id) FROM change WHERE from_version_id IS NOT NULL").fetchone()[0]
        data = pack(gather(db, change, datetime.now(UTC)))
        counts = try_forgeries(db, data, given.edits // 7, given.seed)
        db.close()
        counts += try_database(original, given.edits * 5 // 7, given.seed)
        counts += try_bundle(data, given.edits // 7, given.seed)
    sys.exit(1 if show(counts) else 0)


if __name__ == "__main__":
    main()
