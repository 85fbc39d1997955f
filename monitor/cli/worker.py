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

        Raises ExtractionError: what the function raises, or UNREADABLE where it takes too long or dies.
        """
        future = self._pool.schedule(function, args=args, timeout=self._seconds)
        try:
            found: _Found = future.result()
        except (CallTimeoutError, ProcessExpired, BrokenExecutor) as error:
            raise ExtractionError(
                ProblemKind.UNREADABLE,
                f"reading it took too long or too much memory ({type(error).__name__})",
                "Open the address and see what it serves now.",
            ) from error
        return found
