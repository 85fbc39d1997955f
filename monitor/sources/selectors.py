"""What `select` and `remove` in `sources.yaml` may hold: CSS selectors, and ranges between two of them.

    select: [main, {start_before: "#terms", end_before: footer}]

Does not do: applying them (`monitor.extract`), or the rules that join them with the kind of a source.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from monitor.extract.html import check_selector
from monitor.model import Range

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.model import Selector

_STARTS = ("start_before", "start_after")
_ENDS = ("end_before", "end_after")
_EXAMPLE = '{start_before: "#terms", end_before: footer}'
_TEXT = {"type": "string", "minLength": 1}
SCHEMA: dict[str, Any] = {
    "anyOf": [
        _TEXT,
        {
            "type": "object",
            "properties": dict.fromkeys(_STARTS + _ENDS, _TEXT),
            "additionalProperties": False,
            "allOf": [{"oneOf": [{"required": [key]} for key in keys]} for keys in (_STARTS, _ENDS)],
        },
    ]
}
"""What `read_selector` takes, as a JSON Schema."""

_find_fault = lru_cache(maxsize=1024)(check_selector)  # a catalogue repeats the same few hundred


def read_selector(given: object) -> Selector:
    """Raises ValueError, with what to write instead."""
    return _read_range(given) if isinstance(given, dict) else _read_css(given)


def _read_css(given: object) -> str:
    text = given.strip() if isinstance(given, str) else ""
    if not text:
        raise ValueError(f"must be a CSS selector, or a range such as {_EXAMPLE}.")
    fault = _find_fault(text)
    if fault:
        raise ValueError(fault)
    return text


def _read_range(given: Mapping[str, object]) -> Range:
    ends = [sum(key in given for key in keys) for keys in (_STARTS, _ENDS)]
    if ends != [1, 1] or not set(given).issubset(_STARTS + _ENDS):
        raise ValueError(
            f"a range has a start ({' or '.join(_STARTS)}) and an end ({' or '.join(_ENDS)}), such as {_EXAMPLE}; "
            f"found {', '.join(map(str, given)) or 'none of them'}."
        )
    return Range(**{key: _read_css(value) for key, value in given.items()})
