"""Output that somebody stops reading, as `head` does: that is no failure.

Does not do: standard error, which people read to its end.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def until_closed() -> Iterator[None]:
    """Print until nobody reads any more; what is printed after that goes nowhere, and the exit status stays 0."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        with Path(os.devnull).open("wb") as nowhere:  # else Python fails when it flushes at its end
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
