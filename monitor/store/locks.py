"""One process at a time for a piece of work, by an OS lock on a file beside the database.

The system frees the lock when a process dies, whatever way it dies.

Does not do: locking rows (`monitor.store.transaction`).
"""

from __future__ import annotations

import fcntl
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def sole(database: Path, work: str, *, wait: bool = False) -> Iterator[bool]:
    """Whether this process is the one that does `work`; with `wait`, not before the other one is done."""
    with database.with_name(f"{database.name}.{work}").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
        else:
            yield True
