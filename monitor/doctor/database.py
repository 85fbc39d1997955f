"""Whether the database is there and whole, of this version, and written by the monitor alone.

Does not do: mending it. A database that is not whole is restored from a backup (docs/backup.md).
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.filesize import decimal

from digests.words import count
from monitor.doctor.findings import failed, ok, warning
from monitor.store.health import (
    count_foreign_writes,
    find_faults,
    find_lost_references,
    get_newer_steps,
    get_pending_steps,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.doctor.findings import Case, Finding

RESTORE = "Stop the monitor, keep this file, and restore the last backup: docs/backup.md"


def check_file(case: Case) -> Iterator[Finding]:
    path = case.config.db
    if case.file:
        yield ok(f"{path}, {decimal(path.stat().st_size)}")
    elif path.exists():
        yield failed(
            f"{path} cannot be read as a database: it is damaged, something else, or you may not read it",
            f"If it is not the one you meant, name yours with --db or MONITOR_DB. If it is: {RESTORE}",
        )
    else:
        yield warning(
            f"{path}: there is none yet, so nothing about it was checked",
            "Start with: monitor run. Or name yours with --db or MONITOR_DB.",
        )


def check_integrity(case: Case) -> Iterator[Finding]:
    if not case.file:
        return
    faults = find_faults(case.file, full=case.full)
    if faults:
        yield failed(f"the file is damaged: {'; '.join(faults)}", RESTORE)
    else:
        yield ok("every page and index is whole" if case.full else "every page is whole; indexes too: --full")


def check_foreign_keys(case: Case) -> Iterator[Finding]:
    if not case.file:
        return
    lost = Counter(find_lost_references(case.file))
    for (table, other), number in lost.items():
        yield failed(f"{count(number, 'row')} of {table} name a row of {other} that is not there", RESTORE)
    if not lost:
        yield ok("every row that is referred to is there")


def check_schema(case: Case) -> Iterator[Finding]:
    if not case.file:
        return
    if newer := get_newer_steps(case.file):
        yield failed(f"written by a newer Policy Monitor ({newer[0]})", "Install that version, or a newer one.")
    elif pending := get_pending_steps(case.file):
        yield warning(
            f"of an earlier version: {count(len(pending), 'step')} to come, {', '.join(pending)}. "
            "What is in it was not looked at",
            "Make a backup (monitor backup FILE); the next monitor run brings it up to date.",
        )
    else:
        yield ok("of this version")


def check_seals(case: Case) -> Iterator[Finding]:
    """Cheap: only what was noticed at the time of writing."""
    if not case.rows:
        return
    foreign = count_foreign_writes(case.rows)
    if foreign:
        yield failed(
            f"{count(foreign, 'row')} written by something else than the monitor: they prove nothing",
            "Find out who or what writes to the file. Which rows they are: monitor verify",
        )
    else:
        yield ok("nothing else has written to it. Every row and byte: monitor verify")
