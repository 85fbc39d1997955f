"""The words by which pages speak of themselves, from `noise.toml`.

Does not do: deciding anything.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files


def any_of(section: str, key: str) -> str:
    """A regular expression, one group without a number, for any of the phrases of a list."""
    return f"(?:{'|'.join(_read()[section][key])})"


@cache
def _read() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((files("monitor.compare.noise") / "noise.toml").read_text("utf-8"))
