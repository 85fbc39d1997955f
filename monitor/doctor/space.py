"""Whether there is room, and whether the files can be written by us and by nobody else.

Does not do: making room. What may be dropped, `monitor prune` drops.
"""

from __future__ import annotations

import os
import shutil
import stat
from datetime import timedelta
from typing import TYPE_CHECKING

from rich.filesize import decimal

from monitor.doctor.findings import failed, ok, warning
from monitor.store.health import measure_growth

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from monitor.doctor.findings import Case, Finding

LEAST_FREE = 200 * 10**6
"""Bytes. A day of a large catalogue, and a backup of a small one."""
AHEAD = timedelta(days=30)
LARGE_WAL = 200 * 10**6
"""Bytes. SQLite empties the WAL every 4 MB unless somebody reads all the time, or a long transaction is under way."""
_YOUNG = timedelta(days=2)
"""Before that, growth is mostly first looks."""


def check_disk(case: Case) -> Iterator[Finding]:
    folder = _find_folder(case.config.db)
    free = shutil.disk_usage(folder).free
    need, why = _reckon(case)
    if free < LEAST_FREE:
        yield failed(f"{decimal(free)} free in {folder}", "Make room: soon nothing can be recorded any more.")
    elif free < need:
        yield warning(f"{decimal(free)} free in {folder}, {why}", "Make room, or look at: monitor prune --dry-run")
    else:
        yield ok(f"{decimal(free)} free in {folder}, {why}")
    yield from _check_wal(case.config.db)


def _reckon(case: Case) -> tuple[int, str]:
    """Bytes that should be free: for what comes in the next weeks, and for once more what there is (compacting)."""
    if not case.rows:
        return LEAST_FREE, "no database to go by"
    growth = measure_growth(case.rows)
    age = case.now - growth.since if growth.since else timedelta(0)
    if age < _YOUNG:
        return growth.size, f"database {decimal(growth.size)}"
    a_day = int(growth.size / (age / timedelta(days=1)))
    return growth.size + a_day * AHEAD.days, f"database {decimal(growth.size)}, {decimal(a_day)} more a day"


def _check_wal(db: Path) -> Iterator[Finding]:
    wal = db.with_name(f"{db.name}-wal")
    size = wal.stat().st_size if wal.exists() else 0
    if size > LARGE_WAL:
        yield warning(
            f"{wal} has grown to {decimal(size)}: something has been reading or writing all the time",
            "Close what has the database open, such as a forgotten sqlite3 or Datasette, and restart the monitor.",
        )


def check_permissions(case: Case) -> Iterator[Finding]:
    path = case.config.db
    folder = _find_folder(path)
    if not os.access(folder, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
        yield failed(
            f"{path} cannot be written by the user {os.getuid()}",
            "Give file and folder to the user that the monitor runs as. SQLite writes beside the file as well.",
        )
    elif path.exists() and _is_open_to_all(path, folder):
        yield warning(
            f"everybody on this machine can read {path}: your decisions, and hashes of keys to the desk",
            f"Close the folder to others: chmod o-rwx {folder}",
        )
    else:
        yield ok("file and folder can be written")


def _is_open_to_all(path: Path, folder: Path) -> bool:
    is_readable = path.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH)
    return bool(is_readable and all(each.stat().st_mode & stat.S_IXOTH for each in (folder, *folder.parents)))


def _find_folder(path: Path) -> Path:
    """The folder of the file, or the nearest above it that is there."""
    return next(each for each in path.absolute().parents if each.is_dir())
