"""What fails by itself and must not stop the rest: logged with its traceback, and a line of the run's failures.

    with gather(known) as failures:
        for source in sources:
            with tolerate("processing failed", f"{source.id}: its answers cannot be processed", source=source.id):
                ...

What lasts is met again at each tick of a service. It is a failure of each run, but it is logged when it is first met
and then every AGAIN_S seconds: a log that repeats itself twice a minute hides what is new.

Does not do: failures of the outside world, which are data on their row (`monitor.errors`).
"""

from __future__ import annotations

import time
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import structlog

from monitor.errors import BusyError, MonitorError, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

log = structlog.get_logger()

T = TypeVar("T")

AGAIN_S = 3600
_PRIMARY = 0xFF
"""Of an extended result code of SQLite, https://sqlite.org/rescode.html: the sort of error."""
_BUSY = frozenset({5, 6})
"""SQLITE_BUSY, SQLITE_LOCKED."""
_REFUSED = frozenset({7, 8, 10, 13, 14})
"""SQLITE_NOMEM, READONLY, IOERR, FULL, CANTOPEN: what disks and permissions refuse, and no mistake of ours."""

Known = dict[str, float]
"""What was said lately, with when: seconds of `time.monotonic`."""


@dataclass(frozen=True, slots=True)
class _Run:
    failures: list[str]
    known: Known


_RUN: ContextVar[_Run | None] = ContextVar("run", default=None)


@contextmanager
def gather(known: Known) -> Iterator[list[str]]:
    """A line for each failure that is tolerated inside, each once; `known` keeps from run to run what was logged."""
    run = _Run([], known)
    token = _RUN.set(run)
    try:
        yield run.failures
    finally:
        _RUN.reset(token)


def tolerate(event: str, what: str, **facts: object) -> AbstractContextManager[None, bool]:
    """A loop boundary: what is raised inside ends the block and nothing else. `what` says which thing cannot be what.

    Raises StoreError all the same: a database that another program holds, or that the disk refuses, fails every row.
    """
    return _Boundary(event, what, facts)


@dataclass(frozen=True, slots=True)
class _Boundary(AbstractContextManager[None, bool]):
    event: str
    what: str
    facts: Mapping[str, object]

    def __exit__(self, _: object, error: BaseException | None, __: object) -> bool:
        if not isinstance(error, Exception) or isinstance(error, StoreError):
            return False
        if refusal := find_refusal(error):
            raise refusal from error
        is_for_people = isinstance(error, MonitorError)
        if not _note(f"{self.what} ({error if is_for_people else repr(error)})"):
            return True
        if is_for_people:
            log.warning(self.event, error=str(error), **self.facts)
        else:
            log.error(self.event, exc_info=error, **self.facts)
        return True


def find_refusal(error: Exception) -> StoreError | None:
    """What to say where nothing is wrong but that SQLite cannot work now; None where something else is."""
    code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY
    if code in _BUSY:
        return BusyError(f"the database cannot be written ({error}). Is another program holding it? Try again.")
    if code in _REFUSED:
        return StoreError(
            f"the database cannot be used ({error}). Make room on its disk, or let this user write the file and its "
            "folder. What was stored before is all there, and the next run goes on from it."
        )
    return None


def attempt(event: str, what: str, make: Callable[[], T], otherwise: T) -> T:
    """What `make` gives; where it cannot, that is tolerated, and it is `otherwise`."""
    with tolerate(event, what):
        return make()
    return otherwise


def is_news(known: Known, said: str) -> bool:
    """Whether this was not said within AGAIN_S; from now on it was."""
    now = time.monotonic()
    for old in [each for each, at in known.items() if at + AGAIN_S <= now]:
        del known[old]
    if said in known:
        return False
    known[said] = now
    return True


def _note(line: str) -> bool:
    """Make it a failure of this run, if there is one; whether it is to be logged."""
    run = _RUN.get()
    if run is None:
        return True
    if line not in run.failures:
        run.failures.append(line)
    return is_news(run.known, line)
