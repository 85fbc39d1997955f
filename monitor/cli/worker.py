"""A worker process for commands: what parses bytes from outside runs there, as it does in a crawl.

Does not do: what a crawl reads (`monitor.reading`).
"""

from __future__ import annotations

from concurrent.futures import BrokenExecutor
from concurrent.futures import TimeoutError as CallTimeoutError
from typing import TYPE_CHECKING, TypeVar

from pebble import ProcessExpired

from monitor.errors import ExtractionError
from monitor.model import ProblemKind
from monitor.reading import Reader

if TYPE_CHECKING:
    from collections.abc import Callable

_Found = TypeVar("_Found")


class Worker(Reader):
    """A Reader that runs any function of a module."""

    def call(self, function: Callable[..., _Found], *args: object) -> _Found:
        """What `function` gives for these arguments.

        Raises ExtractionError: what the function raises, or UNREADABLE where it fails, takes too long or dies.
        """
        future = self._pool.schedule(function, args=args, timeout=self._seconds)
        try:
            found: _Found = future.result()
        except ExtractionError:
            raise
        except (CallTimeoutError, ProcessExpired, BrokenExecutor) as error:
            raise _unreadable("took too long or too much memory", error) from error
        except Exception as error:  # whatever a parser makes of what came from outside
            raise _unreadable("failed", error) from error
        return found


def _unreadable(what: str, error: Exception) -> ExtractionError:
    return ExtractionError(
        ProblemKind.UNREADABLE,
        f"reading it {what} ({type(error).__name__})",
        "Open the address and see what it serves now.",
    )
