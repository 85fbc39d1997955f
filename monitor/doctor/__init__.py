"""Whether everything is as it should be: the machine, the configuration, the database, the work.

    with open_case(config, os.environ) as case:
        for finding in examine(case): ...

A check is one function in one of the modules beside this one, and one line in `CHECKS`. It looks and says what it
found; it mends nothing and writes nothing. One that breaks is a finding itself, and the others go on.

Does not do: printing; comparing rows with their Seals (`monitor verify`); asking anybody over the network.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import structlog

from monitor.doctor import database, machine, settings, space, work
from monitor.doctor.findings import Case, Finding, State, failed
from monitor.errors import ConfigurationError
from monitor.sources import load_sources
from monitor.store.health import find_database, get_newer_steps, get_pending_steps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from monitor.config import Config
    from monitor.sources import Declared

__all__ = ["CHECKS", "Case", "Finding", "State", "examine", "open_case"]

log = structlog.get_logger(__name__)

CHECKS: Mapping[str, Callable[[Case], Iterable[Finding]]] = {
    "Python": machine.check_python,
    "SQLite": machine.check_sqlite,
    "certificates": machine.check_certificates,
    "time zones": machine.check_time_zones,
    "memory": machine.check_memory,
    "browser": machine.check_browser,
    "extras": machine.check_extras,
    "variables": settings.check_variables,
    "sources": settings.check_sources,
    "procedures": settings.check_procedures,
    "audiences": settings.check_audiences,
    "Slack": settings.check_slack,
    "database": database.check_file,
    "permissions": space.check_permissions,
    "disk space": space.check_disk,
    "integrity": database.check_integrity,
    "foreign keys": database.check_foreign_keys,
    "schema": database.check_schema,
    "seals": database.check_seals,
    "clock": work.check_clock,
    "clock of others": work.check_skew,
    "crawling": work.check_crawling,
    "reading": work.check_reading,
    "deliveries": work.check_deliveries,
    "problems": work.check_problems,
}


def examine(case: Case, checks: Mapping[str, Callable[[Case], Iterable[Finding]]] = CHECKS) -> Iterator[Finding]:
    """What each check says, in their order, with the check's name."""
    for name, check in checks.items():
        try:
            for each in check(case):
                yield each.of(name)
        except Exception as error:  # the loop boundary: one check that breaks must not hide what the others find
            log.exception("check failed", check=name)
            yield failed(
                f"the check itself broke ({type(error).__name__}: {error})",
                "The lines above say where. What it looks at may be broken as well; please report it.",
            ).of(name)


@contextmanager
def open_case(config: Config, environ: Mapping[str, str], *, full: bool = False) -> Iterator[Case]:
    """What there is to look at. Whatever cannot be opened is None, and the check of it says why."""
    db = find_database(config.db)
    is_current = db and not get_pending_steps(db) and not get_newer_steps(db)
    try:
        yield Case(config, environ, config.now(), full, _find_declared(config.sources), db, db if is_current else None)
    finally:
        if db:
            db.close()


def _find_declared(path: Path) -> Declared | None:
    try:
        return load_sources(path)
    except ConfigurationError:
        return None
