"""Seals: a chain of hashes over everything that proves something, so that any later edit can be found.

    fetch, snapshot      that we asked, when, and the bytes that came      (with `resource`: where we asked)
    version, change      the text that was read from them, what changed    (with `document`: what it is about)
    impact, decision     which Sections it was said to touch, what people decided
    acknowledgement      which Problems they had seen
    digest, delivery     what people were told, and what became of it

What a row says for good and what becomes of it are sealed apart: `fetch.state`, `version.recipe`, `change.state`. So
what is to stay as it is (`FIXED`) has one Seal, and no later write of ours can seal what somebody else made of it.

Triggers put the key of each row that is written into `unsealed`. `seal` runs at the end of each transaction of ours: it
hashes those rows as they stand now, adds a Seal for each and empties the list. So

* the last Seal of a row is the hash of the row as we left it, with the rows that belong to it;
* each Seal is hashed with the one before, so none can be edited or taken out;
* what another program writes stays in `unsealed`, because our next transaction puts it aside before it writes.

Whoever may write the file can also compute a new chain. That shows against any head that was kept elsewhere: digests
carry the head of their day, and so does each evidence file.

Does not do: comparing rows with their Seals (`monitor.store.sealed`), judging what is found (`monitor.evidence`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlite_utils import Database

FORM = 1
"""Which columns are hashed. A step of the schema that adds one adds a form; old Seals keep theirs."""

START = bytes(32)
"""What the first Seal has before it."""

GONE = b""
"""In place of the hash of a row that the monitor itself dropped."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is hashed of a row: queries that bring its columns and, in a fixed order, the rows that belong to it."""

    rows: str
    """For all rows; the key is the first column."""
    one: str
    """What `rows` needs to be the row with `:key` alone."""
    parts: tuple[str, ...] = ()
    """For the row with `:key`."""


_ID = " WHERE id = :key"

FACTS = {
    "resource": Facts("SELECT id, source_id, url FROM resource", _ID),
    "document": Facts("SELECT id, source_id, identity, url, title, added_at FROM document", _ID),
    "fetch": Facts(
        """
        SELECT id, resource_id, at, outcome, status, final_url, headers, duration_ms, partial, detail, snapshot_id,
            iif(state IN ('none', 'unchanged'), state, 'to be read') AS state
        FROM fetch
        """,
        _ID,
    ),
    "fetch.state": Facts(
        "SELECT id, state FROM fetch WHERE state NOT IN ('none', 'unchanged')",
        " AND id = :key",
    ),
    "snapshot": Facts(
        """
        SELECT id, resource_id, sha256, length, headers, final_url, body, base_id, depth, received_at FROM snapshot
        """,
        _ID,
    ),
    "version": Facts(
        "SELECT id, document_id, text_sha256, blocks, title, observed_at FROM version",
        _ID,
        ("SELECT position, snapshot_id FROM version_snapshot WHERE version_id = :key ORDER BY position",),
    ),
    "version.recipe": Facts("SELECT id, recipe FROM version", _ID),
    "change": Facts(
        """
        SELECT id, document_id, from_version_id, to_version_id, kind, reason, severity, summary, fetch_id, detected_at,
            aspects, fingerprint, rules, returns_to
        FROM change
        """,
        _ID,
        (
            "SELECT id, op, heading, before, after FROM passage WHERE change_id = :key ORDER BY id",
            "SELECT norm, text FROM citation WHERE change_id = :key ORDER BY norm, text",
            """
            SELECT position, kind, date, sentence, moved_from FROM date_mention WHERE change_id = :key
            ORDER BY position
            """,
        ),
    ),
    "change.state": Facts(
        "SELECT id, status, confirmed_at, hold_until, matcher, is_settled, put_off_until, due FROM change", _ID
    ),
    "impact": Facts("SELECT id, change_id, section_id, probability, evidence FROM impact", _ID),
    "decision": Facts("SELECT id, change_id, section_id, verdict, reason, assignee, due, by, at FROM decision", _ID),
    "acknowledgement": Facts("SELECT id, problem_id, kind, by, at, note FROM acknowledgement", _ID),
    "digest": Facts(
        "SELECT id, audience_id, period, local_date, composed_at, content FROM digest",
        _ID,
        ("SELECT audience_id, change_id, period FROM digest_change WHERE digest_id = :key ORDER BY 1, 2, 3",),
    ),
    "delivery": Facts(
        """
        SELECT id, digest_id, channel, part, parts, payload, state, attempts, first_attempt_at, next_attempt_at,
            sent_at, ts, error, shown_decision
        FROM delivery
        """,
        _ID,
    ),
}
"""By noun. A new column of a table that is named here belongs here, in a new form."""

NOUNS = tuple(FACTS)

TABLES = frozenset({each.partition(".")[0] for each in NOUNS}) | {
    "citation", "date_mention", "digest_change", "foreign_write", "passage", "seal", "unsealed", "version_snapshot",
}  # fmt: skip
"""What sealed rows and Seals stand in."""

FIXED = ("resource", "fetch", "version", "change", "impact", "decision", "acknowledgement", "digest")
"""What the monitor writes once and never edits: all its Seals are of the same row."""


class Head(NamedTuple):
    """The chain up to a Seal, as messages carry it: "12,345 · 9f3a77c1a2b4"."""

    place: int
    hash: str
    """The first hexadecimal digits of `chain_sha256`."""

    def __str__(self) -> str:
        return f"{self.place:,} · {self.hash}"


class Seal(NamedTuple):
    """One link of the chain."""

    id: int
    """Its place in the chain, from 1."""
    noun: str
    key: str
    form: int
    row_sha256: bytes
    chain_sha256: bytes

    def follows(self, before: bytes) -> bool:
        """Whether this is what comes after a Seal with that `chain_sha256`."""
        return self.chain_sha256 == chain(
            before, place=self.id, noun=self.noun, key=self.key, form=self.form, row_sha256=self.row_sha256
        )


def chain(before: bytes, *, place: int, noun: str, key: str, form: int, row_sha256: bytes) -> bytes:
    """The hash of a Seal: that of the line "BEFORE PLACE NOUN KEY FORM ROW", both hashes in hexadecimal."""
    return sha256(f"{before.hex()} {place} {noun} {key} {form} {row_sha256.hex()}".encode()).digest()


def has_seals(db: Database) -> bool:
    """Whether the database is of a version that has them."""
    return db.table("seal").exists()


def mark_all(db: Database) -> None:
    """Every row there is, of a database that had no Seals, is to be sealed before the transaction ends.

    Nouns whose tables later steps of the schema make have none yet.
    """
    tables = frozenset(db.table_names())
    for noun, facts in FACTS.items():
        if noun.partition(".")[0] not in tables:
            continue
        keys = ((noun, str(row[0])) for row in db.execute(facts.rows))
        db.conn.executemany("INSERT INTO unsealed (noun, key) VALUES (?, ?)", keys)


def put_aside(db: Database) -> None:
    """What something else wrote, before a transaction of ours writes anything: it is never sealed. The first thing."""
    if db.execute("SELECT EXISTS (SELECT 1 FROM unsealed)").fetchone()[0]:
        db.execute(
            """
            INSERT OR IGNORE INTO foreign_write (noun, key, after)
            SELECT noun, key, (SELECT coalesce(max(id), 0) FROM seal) FROM unsealed
            """
        )
        db.execute("DELETE FROM unsealed")


def seal(db: Database) -> None:
    """Seal what was written since `put_aside`. The last thing in a transaction."""
    if db.execute("SELECT EXISTS (SELECT 1 FROM unsealed)").fetchone()[0]:
        db.conn.executemany("INSERT INTO seal VALUES (?, ?, ?, ?, ?, ?)", _iter_new(db))
        db.execute("DELETE FROM unsealed")


def _iter_new(db: Database) -> Iterator[tuple[object, ...]]:
    last, head = get_head(db)
    written = db.execute("SELECT noun, key FROM unsealed EXCEPT SELECT noun, key FROM foreign_write")
    for place, (noun, key) in enumerate(written, last + 1):
        row_sha256 = hash_row(db, noun, key)
        head = chain(head, place=place, noun=noun, key=key, form=FORM, row_sha256=row_sha256)
        yield place, noun, key, FORM, row_sha256, head


def get_head(db: Database) -> tuple[int, bytes]:
    """The number and hash of the last Seal; (0, `START`) where there is none."""
    row = db.execute("SELECT id, chain_sha256 FROM seal ORDER BY id DESC LIMIT 1").fetchone()
    return (row[0], row[1]) if row else (0, START)


def get_short_head(db: Database, digits: int = 12) -> Head:
    """`get_head` for people to compare."""
    place, chain_sha256 = get_head(db)
    return Head(place, chain_sha256.hex()[:digits])


def find_seal(db: Database, place: int) -> Seal | None:
    row = db.execute("SELECT * FROM seal WHERE id = ?", [place]).fetchone()
    return Seal(*row) if row else None


def iter_seals(db: Database) -> Iterator[Seal]:
    """The chain from its start, and whatever else stands in its table."""
    return map(Seal._make, db.execute("SELECT * FROM seal ORDER BY id"))


def get_last(db: Database, rows: Iterable[tuple[str, str]], until: int | None = None) -> dict[tuple[str, str], Seal]:
    """The last Seal of each of these rows (noun, key) that has one. Reads the whole chain, or that up to a Seal."""
    found = db.execute(
        """
        SELECT * FROM seal
        WHERE noun || ' ' || key IN (SELECT value FROM json_each(:rows)) AND id <= coalesce(:until, id) ORDER BY id
        """,
        {"rows": json.dumps([f"{noun} {key}" for noun, key in rows]), "until": until},
    )
    return {(each.noun, each.key): each for each in map(Seal._make, found)}


def hash_row(db: Database, noun: str, key: str) -> bytes:
    """Of the row as it stands now, with the rows that belong to it; `GONE` where there is none."""
    text = find_row(db, noun, key)
    return GONE if text is None else sha256(text).digest()


def get_columns(db: Database, noun: str) -> list[list[str]]:
    """The names of what is hashed: the row's columns, then those of each list of rows that belong to it."""
    facts = FACTS[noun]
    queries = [facts.rows + facts.one, *facts.parts]
    return [[name for name, *_ in db.execute(query, {"key": ""}).description] for query in queries]


def find_row(db: Database, noun: str, key: str) -> bytes | None:
    """What is hashed, as JSON: the row's columns, then lists of the rows that belong to it; a BLOB as its sha256."""
    facts = FACTS[noun]
    row = db.execute(facts.rows + facts.one, {"key": key}).fetchone()
    return None if row is None else dump_row(db, noun, row)


def dump_row(db: Database, noun: str, row: tuple[object, ...]) -> bytes:
    """As `find_row`, of a row that `FACTS` brought."""
    parts = [db.execute(query, {"key": row[0]}).fetchall() for query in FACTS[noun].parts]
    return _dump([row, *parts]).encode()


def _name_bytes(value: bytes) -> str:
    return sha256(value).hexdigest()


_dump = json.JSONEncoder(default=_name_bytes).encode
