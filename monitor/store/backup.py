"""A copy of the database while it is in use: whole or not there at all.

    VACUUM INTO a part file beside the target ▸ part from the original ▸ check ▸ flush ▸ rename

The copy holds every row that was committed before it began, in one file. It is taken in one step: SQLite's backup in
several steps begins again with each write of somebody else, and beside a busy writer never ends.

A copy lives on by itself after a disaster, and what it says of the world may be older than the world. So it parts from
its original in two ways (docs/decisions/0033-backup.md):

* what was on its way may have arrived since, so its state is "nobody knows": it is looked for before it is sent;
* who had signed in may have been shut out since, so nobody is: sessions and unused links are left out.

Does not do: `sources.yaml`, SOPs and secrets, which are files of the customer; restoring, which is `cp`.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.errors import BackupError, ConfigurationError, StoreError
from monitor.store import Database, connect_to_read, sqlite3, transaction, write_time

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

OWNER_ONLY = 0o600
"""It holds hashes of keys to the desk, and what a customer decided."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy that was made."""

    path: Path
    size: int
    """Bytes."""
    taken_at: datetime


def back_up(database: Path, target: Path, now: datetime, *, force: bool = False) -> Backup:
    """Copy the database to the file `target`, or under a name with the time into the folder `target`.

    `force`: in place of what is there, once the new copy is complete.

    Raises StoreError where there is no database, ConfigurationError where the copy cannot go there, and BackupError
    where it could not be made; then nothing is left of it, and what was there before is as it was.
    """
    if not database.exists():
        raise StoreError(f"{database}: no database here yet. Name yours with --db or MONITOR_DB.")
    target = _name(database, target, now)
    _refuse(database, target, force=force)
    try:
        with _alone_in(target.parent) as folder, _part_of(target) as part:
            _copy(database, part)
            _part_from_original(part, now)
            _check(part)
            _flush(part)
            part.replace(target)
            os.fsync(folder)
    except (sqlite3.DatabaseError, OSError) as error:
        raise BackupError(
            f"{target}: the backup could not be made ({error}). Nothing is left of it. "
            "Check the free space and the permissions there, and the database itself with: monitor doctor --full"
        ) from error
    return Backup(target, target.stat().st_size, now)


def _name(database: Path, target: Path, now: datetime) -> Path:
    return target / f"{database.stem}-{now:%Y%m%dT%H%M%SZ}.db" if target.is_dir() else target


def _refuse(database: Path, target: Path, *, force: bool) -> None:
    if not target.parent.is_dir():
        raise ConfigurationError(
            f"{target.parent}: there is no such folder. Make it first; if it lies on another disk, is that one mounted?"
        )
    if not target.exists():
        return
    if target.samefile(database):
        raise ConfigurationError(f"{target}: this is the database itself. Name another file.")
    if not force:
        raise ConfigurationError(
            f"{target}: there is a file already. Name a new one, or a folder, where each backup gets a name with its "
            "time, or replace it with --force."
        )


@contextmanager
def _alone_in(folder: Path) -> Iterator[int]:
    """The folder, opened; one backup at a time goes into it. The system frees the lock when a process dies."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield opened
    finally:
        os.close(opened)


@contextmanager
def _part_of(target: Path) -> Iterator[Path]:
    """An empty file beside the target, for its owner alone. What a killed backup left there is taken away."""
    part = target.with_name(f".{target.name}.part")
    _remove(part)
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY))
    try:
        yield part
    finally:
        _remove(part)


def _remove(part: Path) -> None:
    for path in (part, part.with_name(f"{part.name}-journal")):
        with suppress(FileNotFoundError):
            path.unlink()


def _copy(database: Path, part: Path) -> None:
    with closing(connect_to_read(database)) as db:
        db.execute("VACUUM INTO ?", [str(part)])


def _part_from_original(part: Path, now: datetime) -> None:
    """Of whatever version the database is: one that is to be upgraded next is backed up as it is."""
    with closing(Database(sqlite3.connect(str(part)))) as db:
        db.execute("PRAGMA secure_delete = ON")  # else the rows could still be read from the file
        tables = frozenset(db.table_names())
        with transaction(db) if "unsealed" in tables else db.conn:
            _doubt_what_is_open(db, now)
            if "pass" in tables:
                db.execute("DELETE FROM pass WHERE sort <> 'key'")


def _doubt_what_is_open(db: Database, now: datetime) -> None:
    db.execute(
        """
        UPDATE delivery SET state = iif(state = 'pending', 'sending', state), attempts = max(attempts, 1),
            first_attempt_at = coalesce(first_attempt_at, ?)
        WHERE state <> 'sent'
        """,
        [write_time(now)],
    )


def _check(part: Path) -> None:
    with closing(Database(sqlite3.connect(str(part)))) as db:
        (found,) = db.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise sqlite3.DatabaseError(f"the copy is damaged: {found}")


def _flush(part: Path) -> None:
    """Until it is on the disk: a rename that is there after a power cut must not name an empty file."""
    with part.open("rb") as written:
        os.fsync(written.fileno())
