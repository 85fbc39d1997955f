"""SQLite through sqlite-utils: opening, transactions, and how times are written. The only SQL is in this package.

One module per noun beside this one. Every function takes the open Database first; reading functions may be called
anywhere, writing functions only inside `with transaction(db):`, so that what belongs together is written together.

Rules, each with its reason (measured, see docs/decisions/0003-store.md):

* Every write transaction is BEGIN IMMEDIATE. A deferred BEGIN fails at once with SQLITE_BUSY when two writers meet, in
  spite of the busy timeout.
* WAL with synchronous=FULL: a commit that returned survives a power cut.
* No network inside a transaction.

Does not do: deciding anything. It keeps and finds rows.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from sqlite_utils import Database
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # the fixed SQLite it chose, see 0003

from monitor.errors import NewerDatabaseError, StoreError
from monitor.failing import find_refusal, tolerate
from monitor.store.migrations import MIGRATIONS
from monitor.store.seals import has_seals, put_aside, seal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from sqlite_utils import Migrations

__all__ = [
    "Database",
    "add_row",
    "connect_to_read",
    "open_store",
    "open_to_read",
    "read_rows",
    "read_time",
    "sqlite3",
    "transaction",
    "write_time",
]

T = TypeVar("T")

BUSY_TIMEOUT_MS = 10_000


def open_store(path: Path, busy_timeout_ms: int = BUSY_TIMEOUT_MS) -> Database:
    """The database at `path`, made or migrated where needed, with its folder.

    `busy_timeout_ms`: how long it waits for another program that writes.

    Raises StoreError where the file is no database, cannot be written, or comes from a newer program.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        db = Database(sqlite3.connect(str(path), timeout=BUSY_TIMEOUT_MS / 1000))
        _set_pragmas(db)
        _migrate(db)
        db.execute(f"PRAGMA busy_timeout = {busy_timeout_ms}")
    except (sqlite3.DatabaseError, OSError) as error:
        raise StoreError(
            f"{path}: the database cannot be opened ({error}). "
            "Check that the file is the monitor's own and that its folder can be written."
        ) from error
    return db


def open_to_read(path: Path) -> Database:
    """The database at `path` for looking only: nothing is made, migrated or written, and nothing need be writable.

    Raises StoreError where there is none yet, the file is none, or it is not of this version of the program.
    """
    try:
        if not path.exists():
            raise StoreError(
                f'{path}: no database here yet. Run "monitor run" first, or name yours with --db or MONITOR_DB.'
            )
        db = connect_to_read(path)
        if _is_behind(db):
            raise StoreError(
                f"{path}: the database is of an earlier version, and looking at it changes nothing. "
                "Run a command that writes once, such as: monitor run"
            )
    except (sqlite3.DatabaseError, OSError) as error:
        raise StoreError(
            f"{path}: the database cannot be read ({error}). "
            "Check that the file is the monitor's own and that you may read it."
        ) from error
    return db


@contextmanager
def transaction(db: Database) -> Iterator[None]:
    """All or nothing, as BEGIN IMMEDIATE, and sealed (`monitor.store.seals`). Transactions do not nest.

    Raises BusyError where another process has been writing for longer than the busy timeout, and StoreError where the
    disk is full or may not be written.
    """
    with _all_or_nothing(db):
        put_aside(db)
        yield
        seal(db)


@contextmanager
def _all_or_nothing(db: Database) -> Iterator[None]:
    """Raises BusyError or StoreError where SQLite cannot write; then nothing is written."""
    try:
        db.execute("BEGIN IMMEDIATE")
        yield
        db.commit()
    except sqlite3.OperationalError as error:
        db.rollback()
        if refusal := find_refusal(error):
            raise refusal from error
        raise
    except BaseException:
        db.rollback()
        raise


def add_row(db: Database, table: str, row: dict[str, object]) -> int:
    """Insert one row into a table whose key SQLite counts, and return that key."""
    key = db.table(table).insert(row).last_rowid
    if key is None:
        raise StoreError(f"{table}: the row was not stored")
    return key


def read_rows(table: str, rows: Iterable[dict[str, Any]], read: Callable[[dict[str, Any]], T]) -> Iterator[T]:
    """Each of these rows of `table` as `read` makes it; one that cannot be read is passed over (`monitor.failing`)."""
    for row in rows:
        with tolerate("row not read", f"{table} {row['id']}: this row cannot be read", table=table, id=row["id"]):
            yield read(row)


def write_time(moment: datetime) -> str:
    """An aware time as sortable text to the second: `2026-11-22T09:00:00Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_time(text: str) -> datetime:
    """The aware UTC time that `write_time` wrote."""
    return datetime.fromisoformat(text)


def _set_pragmas(db: Database) -> None:
    db.execute("PRAGMA journal_mode = WAL").fetchone()
    db.execute("PRAGMA synchronous = FULL")
    db.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    db.execute("PRAGMA foreign_keys = ON")


def connect_to_read(path: Path) -> Database:
    """The file at `path` read-only, of whatever version it is; also in a folder that cannot be written.

    SQLite reads a WAL database with the help of its -shm file. Where that is absent and cannot be made, the file by
    itself is still all there is, provided that no -wal holds newer rows: `immutable` reads it without help.
    """
    address = path.resolve().as_uri()
    db = Database(sqlite3.connect(f"{address}?mode=ro", uri=True, timeout=BUSY_TIMEOUT_MS / 1000))
    try:
        db.table_names()
    except sqlite3.OperationalError:
        db.close()
        if path.with_name(f"{path.name}-wal").exists():
            raise
        db = Database(sqlite3.connect(f"{address}?immutable=1", uri=True))
    return db


def _is_behind(db: Database) -> bool:
    """Whether steps of the schema are still to be taken; read anew each time, for another process may take them.

    Raises NewerDatabaseError where a newer program took steps that this one does not know.
    """
    taken, known = {each.name for each in MIGRATIONS.applied(db)}, _get_steps(MIGRATIONS)
    if newer := sorted(taken - known):
        raise NewerDatabaseError(
            f"the database was written by a newer Policy Monitor ({newer[0]}). Install that version."
        )
    return taken != known


@cache
def _get_steps(migrations: Migrations) -> frozenset[str]:
    """The names of all: what an empty database has still before it."""
    return frozenset(each.name for each in migrations.pending(Database(memory=True)))


def _migrate(db: Database) -> None:
    if _is_behind(db):
        with _all_or_nothing(db):  # immediate, so that two processes starting together do not both migrate
            if has_seals(db):
                put_aside(db)
            MIGRATIONS.apply(db)
            seal(db)
