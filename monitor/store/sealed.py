"""What stands in the database against its Seals, read in streams: however long the history, memory stays flat.

`sum_up` gathers the last Seal of each row in a temporary table of this connection, which needs no right to write.
Reading a file that is damaged raises one of DAMAGES anywhere in here.

Does not do: hashing and sealing (`monitor.store.seals`), saying what is wrong (`monitor.evidence`).
"""

from __future__ import annotations

import json
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from monitor.store import Database, sqlite3
from monitor.store.migrations import MIGRATIONS
from monitor.store.seals import FACTS, FIXED, TABLES, dump_row, find_row

if TYPE_CHECKING:
    from collections.abc import Iterator

DAMAGES = (sqlite3.DatabaseError, UnicodeDecodeError)
"""The second, where SQLite names in its message what it cannot read."""

_BATCH = 200
"""Rows that are looked up together: SQLite answers one question faster than many, and Snapshots are large."""


class Standing(NamedTuple):
    """A row as it stands now, and what its last Seal says."""

    key: str
    row_sha256: bytes
    seal: int
    """The place of its last Seal; 0 = it has none."""
    sealed_sha256: bytes


class Packed(NamedTuple):
    """The bytes of a Snapshot as they are stored."""

    id: int
    resource_id: int
    sha256: str
    length: int
    body: bytes
    base_id: int | None
    """The Snapshot that must be unpacked first: the one before of the same Resource."""


def sum_up(db: Database) -> None:
    """Gather the last Seal of each row. Before anything else here."""
    db.execute(
        """
        CREATE TEMP TABLE last_seal (
            noun TEXT NOT NULL, key TEXT NOT NULL, id INTEGER NOT NULL, row_sha256 BLOB NOT NULL,
            number INTEGER NOT NULL, PRIMARY KEY (noun, key)
        ) WITHOUT ROWID
        """
    )
    db.execute(
        """
        INSERT INTO temp.last_seal (noun, key, id, row_sha256, number)
        SELECT noun, key, max(id), row_sha256, count(*) FROM seal GROUP BY noun, key
        """
    )


def iter_standings(db: Database, noun: str) -> Iterator[Standing]:
    """Of each row there is."""
    cursor = db.execute(FACTS[noun].rows)
    while rows := cursor.fetchmany(_BATCH):
        found = {str(row[0]): sha256(dump_row(db, noun, row)).digest() for row in rows}
        sealed = _get_last(db, noun, list(found))
        yield from (Standing(key, now, *sealed.get(key, (0, b""))) for key, now in found.items())


def _get_last(db: Database, noun: str, keys: list[str]) -> dict[str, tuple[int, bytes]]:
    rows = db.execute(
        """
        SELECT key, id, row_sha256 FROM temp.last_seal
        WHERE noun = ? AND key IN (SELECT value FROM json_each(?))
        """,
        [noun, json.dumps(keys)],
    )
    return {key: (place, row_sha256) for key, place, row_sha256 in rows}


def count_live(db: Database, noun: str) -> int:
    """How many rows must be there."""
    query = "SELECT count(*) FROM temp.last_seal WHERE noun = ? AND row_sha256 <> x''"
    return int(db.execute(query, [noun]).fetchone()[0])


def iter_gone(db: Database, noun: str) -> Iterator[tuple[str, int]]:
    """The key and last Seal of each row that must be there and is not."""
    query = "SELECT key, id FROM temp.last_seal WHERE noun = ? AND row_sha256 <> x''"
    for key, place in db.execute(query, [noun]):
        if find_row(db, noun, key) is None:
            yield key, place


def iter_strange(db: Database) -> Iterator[tuple[str, str, int]]:
    """Noun, key and last Seal of what is sealed as a noun that this program does not know."""
    yield from db.execute(
        "SELECT noun, key, id FROM temp.last_seal WHERE noun NOT IN (SELECT value FROM json_each(?))",
        [json.dumps(list(FACTS))],
    )


def iter_edited(db: Database) -> Iterator[tuple[str, str, int]]:
    """Noun, key and last Seal of what the monitor writes once, and sealed in two states all the same.

    A number can be given anew after its row was dropped: that is no edit.
    """
    yield from db.execute(
        """
        SELECT seal.noun, seal.key, max(seal.id)
        FROM seal JOIN temp.last_seal AS last ON last.noun = seal.noun AND last.key = seal.key
        WHERE last.number > 1 AND seal.noun IN (SELECT value FROM json_each(?))
        GROUP BY seal.noun, seal.key
        HAVING count(DISTINCT seal.row_sha256) > 1 AND min(length(seal.row_sha256)) > 0
        """,
        [json.dumps(FIXED)],
    )


def iter_foreign(db: Database) -> Iterator[tuple[str, str, int]]:
    """Noun and key of each row that something else wrote, and the last Seal when that was noticed."""
    yield from db.execute(
        """
        SELECT noun, key, after FROM foreign_write
        UNION ALL SELECT noun, key, (SELECT coalesce(max(id), 0) FROM seal) FROM unsealed
        """
    )


def iter_packed(db: Database) -> Iterator[Packed]:
    """Each Snapshot, those of a Resource one after the other as they came."""
    cursor = db.execute("SELECT id, resource_id, sha256, length, body, base_id FROM snapshot ORDER BY resource_id, id")
    return map(Packed._make, cursor)


def iter_texts(db: Database) -> Iterator[tuple[int, str, bytes]]:
    """Id, `text_sha256` and stored Blocks of each Version."""
    yield from db.execute("SELECT id, text_sha256, blocks FROM version")


def compare_schema(db: Database) -> Iterator[str]:
    """Sealed tables, their indexes and triggers that are not as this program makes them.

    Other tables are nobody's evidence: tools that copy or show a database add some of their own.
    """
    wanted, found = _get_wanted_schema(), _get_schema(db)
    yield from (name for name in {**wanted, **found} if wanted.get(name) != found.get(name))


@lru_cache(maxsize=1)
def _get_wanted_schema() -> dict[str, str]:
    fresh = Database(memory=True)
    MIGRATIONS.apply(fresh)
    schema = _get_schema(fresh)
    fresh.close()
    return schema


def _get_schema(db: Database) -> dict[str, str]:
    query = "SELECT name, type || ' on ' || tbl_name || ' ' || coalesce(sql, ''), tbl_name FROM sqlite_schema"
    return {name: what for name, what, table in db.execute(query) if table in TABLES}


def iter_damages(db: Database) -> Iterator[str]:
    """What SQLite itself finds wrong with the file."""
    yield from (text for (text,) in db.execute("PRAGMA integrity_check(1000)") if text != "ok")


def iter_dangling(db: Database) -> Iterator[tuple[str, int | None, str]]:
    """Table and number of each row that refers to another that is not there, and the other's table."""
    yield from ((table, row, parent) for table, row, parent, _ in db.execute("PRAGMA foreign_key_check"))
