"""What the database says of itself: whether it is whole, how large it is and grows, what waits in it.

Does not do: judging any of it (`monitor.doctor`). It writes nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from monitor.store import Database, connect_to_read, read_time, sqlite3, write_time
from monitor.store.fetches import COMMIT
from monitor.store.migrations import MIGRATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LATE = timedelta(hours=2)
"""So late nothing is in the ordinary course of a service that looks twice a minute, or of cron once an hour."""
_MOST_FAULTS = 10
_NEWEST = """
SELECT max(at) FROM (
    SELECT * FROM (SELECT at FROM fetch ORDER BY id DESC LIMIT 100)
    UNION ALL SELECT * FROM (SELECT at FROM decision ORDER BY id DESC LIMIT 100)
    UNION ALL SELECT * FROM (SELECT detected_at FROM change ORDER BY id DESC LIMIT 100)
    UNION ALL SELECT max(composed_at) FROM digest
    UNION ALL SELECT max(attempted_at) FROM source
)
"""
_OUTBOX = """
SELECT delivery.state, count(*), min(digest.composed_at) FROM delivery JOIN digest ON digest.id = delivery.digest_id
WHERE delivery.state <> 'sent' GROUP BY delivery.state
"""


@dataclass(frozen=True, slots=True)
class Library:
    """The SQLite that this program uses."""

    version: tuple[int, ...]
    module: str
    """The Python package that brings it."""


@dataclass(frozen=True, slots=True)
class Growth:
    """How large the database is, and for how long it has grown to that."""

    size: int
    """Bytes, without the WAL."""
    since: datetime | None
    """When it was asked for the first time; None = never."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Deliveries in one state."""

    number: int
    oldest_at: datetime
    """When the oldest of their Digests was composed."""


def find_database(path: Path) -> Database | None:
    """The file at `path` read-only, of whatever version; None = there is none, or none that can be read."""
    if not path.is_file():
        return None
    try:
        db = connect_to_read(path)
        db.table_names()
    except sqlite3.DatabaseError:
        return None
    return db


def get_library() -> Library:
    return Library(sqlite3.sqlite_version_info, sqlite3.__name__)


def find_faults(db: Database, *, full: bool) -> tuple[str, ...]:
    """What SQLite finds wrong with the file, ten lines at most. `full` also compares each index with its table."""
    check = "integrity_check" if full else "quick_check"
    try:
        lines = [row[0] for row in db.execute(f"PRAGMA {check}({_MOST_FAULTS})")]
    except sqlite3.DatabaseError as error:  # too much is damaged for SQLite to say what
        lines = [str(error)]
    return () if lines == ["ok"] else tuple(lines)


def find_lost_references(db: Database) -> tuple[tuple[str, str], ...]:
    """Each row that refers to one that is not there: (its table, the table of the other one)."""
    return tuple((row[0], row[2]) for row in db.execute("PRAGMA foreign_key_check"))


def get_pending_steps(db: Database) -> tuple[str, ...]:
    """Steps of the schema that this program knows and the database has not seen; all of them for any other file."""
    return tuple(each.name for each in MIGRATIONS.pending(db))


def get_newer_steps(db: Database) -> tuple[str, ...]:
    """Steps of the schema that the database has seen and this program does not know."""
    known = {each.name for each in MIGRATIONS.pending(Database(memory=True))}
    return tuple(each.name for each in MIGRATIONS.applied(db) if each.name not in known)


def has_full_text_search(db: Database) -> bool:
    return bool(db.execute("SELECT 1 FROM pragma_module_list WHERE name = 'fts5'").fetchone())


def count_foreign_writes(db: Database) -> int:
    """Rows that something else than the monitor wrote (`monitor.store.seals`)."""
    query = "SELECT (SELECT count(*) FROM unsealed) + (SELECT count(*) FROM foreign_write)"
    return int(db.execute(query).fetchone()[0])


def count_free_bytes(db: Database) -> int:
    """Within the file, for what comes next."""
    pages, size = (db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("freelist_count", "page_size"))
    return int(pages * size)


def measure_growth(db: Database) -> Growth:
    pages, size = (db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
    first = db.execute("SELECT at FROM fetch ORDER BY id LIMIT 1").fetchone()
    return Growth(pages * size, read_time(first[0]) if first else None)


def find_newest_at(db: Database) -> datetime | None:
    """The latest time that anything of the last rows was written at; None = there are none."""
    (at,) = db.execute(_NEWEST).fetchone()
    return read_time(at) if at else None


def iter_clock_differences(db: Database, since: datetime, most: int) -> Iterator[timedelta]:
    """Of the last answers since then, how far our clock was ahead of the publisher's, who sends the time with each.

    An answer from a cache says how old it is. One from an archive was never sent.
    """
    rows = db.query("SELECT at, headers FROM fetch WHERE outcome = 'ok' ORDER BY id DESC LIMIT ?", [most])
    for row in rows:
        if row["at"] < write_time(since):
            return
        headers = json.loads(row["headers"])
        try:
            sent_at = parsedate_to_datetime(headers["date"]) + timedelta(seconds=int(headers.get("age", 0)))
            difference = read_time(row["at"]) - sent_at
        except (KeyError, ValueError, TypeError):  # none, no date, a date without a zone
            continue
        if COMMIT not in headers:
            yield difference


def get_outbox(db: Database) -> dict[str, Waiting]:
    """What is not sent, by state."""
    return {state: Waiting(number, read_time(at)) for state, number, at in db.execute(_OUTBOX)}


def count_late(db: Database, before: datetime) -> int:
    """Sources that are switched on and were due before then."""
    return int(db.table("source").count_where("enabled AND due_at < ?", [write_time(before)]))
