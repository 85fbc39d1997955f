"""A test that wants a browser where there is none: skipped, except in `.ci/run`, where nobody would notice.

Does not do: finding out what there is.
"""

from __future__ import annotations

import os
from typing import NoReturn

import pytest

STRICT = "BROWSER_IS_REQUIRED"
"""Set in the environment, to anything."""


def give_up(need: str) -> NoReturn:
    """`need`: what the test wants, and how to get it."""
    if os.environ.get(STRICT):
        pytest.fail(f"{need} ({STRICT} is set)")
    pytest.skip(need)
