"""Seals: a chain of hashes over everything that proves something, so that any later edit can be found.

    fetch, snapshot      that we asked, when, and the bytes that came      (with `resource`: where we asked)
    version, change      the text that was read from them, what changed    (with `document`: what it is about)
    impact, decision     which Sections it was said to touch, what people decided
    digest, delivery     what people were told, and what became of it

Triggers put the key of each row that is written into `unsealed`. `seal` runs at the end of each transaction of ours: it
hashes those rows as they stand now, adds a Seal for each and empties the list. So

* the last Seal of a row is the hash of the row as we left it, with the rows that belong to it;
* each Seal holds the hash of the one before, so none can be edited or taken out;
* what another program writes stays in `unsealed`, because only what a transaction of ours put there is sealed by it.

Whoever may write the file can also compute a new chain. That shows against any head that was kept elsewhere: digests
carry the head of their day, and so does each evidence file.

Does not do: judging what is found (`monitor.evidence`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlite_utils import Database

FORM = 1
"""Which columns are hashed. A step of the schema that adds one adds a form; old Seals keep theirs."""

START = bytes(32)
"""What the first Seal has before it."""

GONE = b""
"""In place of the hash of a row that the monitor itself dropped."""

_QUERIES = {
    "resource": ("SELECT id, source_id, url FROM resource WHERE id = :key",),
    "document": ("SELECT id, source_id, identity, url, title, added_at FROM document WHERE id = :key",),
    "fetch": (
        """
        SELECT id, resource_id, at, outcome, status, final_url, headers, duration_ms, partial, detail, snapshot_id,
            state
        FROM fetch WHERE id = :key
        """,
    ),
    "snapshot": (
        """
        SELECT id, resource_id, sha256, length, headers, final_url, body, base_id, depth, received_at
        FROM snapshot WHERE id = :key
        """,
    ),
    "version": (
        "SELECT id, document_id, text_sha256, blocks, title, recipe, observed_at FROM version WHERE id = :key",
        "SELECT position, snapshot_id FROM version_snapshot WHERE version_id = :key ORDER BY position",
    ),
    "change": (
        """
        SELECT id, document_id, from_version_id, to_version_id, kind, reason, severity, summary, status, fetch_id,
            detected_at, confirmed_at, hold_until, matcher, aspects, fingerprint, rules, returns_to, is_settled,
            put_off_until, due
        FROM change WHERE id = :key
        """,
        "SELECT id, op, heading, before, after FROM passage WHERE change_id = :key ORDER BY id",
        "SELECT norm, text FROM citation WHERE change_id = :key ORDER BY norm, text",
        "SELECT position, kind, date, sentence, moved_from FROM date_mention WHERE change_id = :key ORDER BY position",
    ),
    "impact": ("SELECT id, section_id, probability, evidence FROM impact WHERE change_id = :key ORDER BY section_id",),
    "decision": (
        "SELECT id, change_id, section_id, verdict, reason, assignee, due, by, at FROM decision WHERE id = :key",
    ),
    "digest": (
        "SELECT id, audience_id, period, local_date, composed_at, content FROM digest WHERE id = :key",
        "SELECT audience_id, change_id, period FROM digest_change WHERE digest_id = :key ORDER BY change_id",
    ),
    "delivery": (
        """
        SELECT id, digest_id, channel, part, parts, payload, state, attempts, first_attempt_at, next_attempt_at,
            sent_at, ts, error, shown_decision
        FROM delivery WHERE id = :key
        """,
    ),
}
"""What is hashed of a row: the first brings nothing where the row is gone."""
NOUNS = tuple(_QUERIES)


@dataclass(frozen=True, slots=True)
class Seal:
    """One link of the chain."""

    id: int
    noun: str
    key: str
    form: int
    row_sha256: bytes
    chain_sha256: bytes

    def follows(self, before: bytes) -> bool:
        """Whether this is what comes after a Seal with that `chain_sha256`."""
        return self.chain_sha256 == _chain(before, self.id, self.noun, self.key, self.form, self.row_sha256)


def mark_begin(db: Database) -> int:
    """Where the writes of the transaction that begins now will stand in `unsealed`."""
    return int(db.execute("SELECT coalesce(max(id), 0) FROM unsealed").fetchone()[0])


def seal(db: Database, begin: int) -> None:
    """Seal what was written since `mark_begin`. The last thing in a transaction."""
    written = db.execute("SELECT noun, key FROM unsealed WHERE id > ? ORDER BY id", [begin]).fetchall()
    if not written:
        return
    last, head = get_head(db)
    rows = []
    for place, (noun, key) in enumerate(written, last + 1):
        row_sha256 = hash_row(db, noun, key)
        head = _chain(head, place, noun, key, FORM, row_sha256)
        rows.append((place, noun, key, FORM, row_sha256, head))
    db.conn.executemany("INSERT INTO seal VALUES (?, ?, ?, ?, ?, ?)", rows)
    db.execute("DELETE FROM unsealed WHERE id > ?", [begin])


def get_head(db: Database) -> tuple[int, bytes]:
    """The number and hash of the last Seal; (0, `START`) where there is none."""
    row = db.execute("SELECT id, chain_sha256 FROM seal ORDER BY id DESC LIMIT 1").fetchone()
    return (row[0], row[1]) if row else (0, START)


def hash_row(db: Database, noun: str, key: str) -> bytes:
    """Of the row as it stands now, with the rows that belong to it; `GONE` where there is none."""
    parts = [db.execute(query, {"key": key}).fetchall() for query in _QUERIES[noun]]
    return sha256(json.dumps(parts, default=_name_bytes).encode()).digest() if parts[0] else GONE


def iter_keys(db: Database, noun: str) -> Iterator[str]:
    """Of each row that must have a Seal."""
    key = "DISTINCT change_id" if noun == "impact" else "id"
    return (str(row["key"]) for row in db.table(noun).rows_where(select=f"{key} AS key"))


def iter_seals(db: Database) -> Iterator[Seal]:
    """The chain from its start."""
    return (Seal(*row) for row in db.execute("SELECT * FROM seal ORDER BY id"))


def iter_unsealed(db: Database) -> Iterator[tuple[str, str]]:
    """(noun, key) of each row that something else wrote."""
    yield from db.execute("SELECT noun, key FROM unsealed ORDER BY id")


def seal_all(db: Database) -> None:
    """Every row there is, in a database that had no Seals."""
    for noun in NOUNS:
        db.conn.executemany(
            "INSERT INTO unsealed (noun, key) VALUES (?, ?)", ((noun, key) for key in iter_keys(db, noun))
        )
    seal(db, 0)


def _chain(before: bytes, *facts: object) -> bytes:
    return sha256(before + json.dumps(facts, default=bytes.hex).encode()).digest()


def _name_bytes(value: bytes) -> str:
    return sha256(value).hexdigest()
