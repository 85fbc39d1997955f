"""What is wrong with `sources.yaml`, in words: the line, the entry, the key, the value, and what to do.

    sources.yaml:12: ofcom-osa: every: "12 hours" is no interval. Write 30m, 12h, 1d or a cron line such as …

Does not do: finding mistakes.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from monitor.sources.keys import ADVICE, ENTRIES, SourcesFile

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from pydantic_core import ErrorDetails

    from monitor.sources.file import Location, Mistake

_ENTRY_DEPTH, _KEY_DEPTH = 2, 3
_EXPECTED = {
    "string_type": "must be one text",
    "string_too_short": "must be a text",
    "list_type": "must be a list, such as [first, second]",
    "too_short": "must be a list with at least one item",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "model_type": "must be a mapping of keys and values",
}


def write_mistake(path: Path, data: dict[str, Any], mistake: Mistake) -> str:
    """One line of text for one mistake."""
    location = mistake.location
    key = location[_KEY_DEPTH - 1] if len(location) >= _KEY_DEPTH else None
    parts = [f"{path}:{mistake.line}", _name_entry(data, location), key, mistake.text]
    return " ".join(": ".join(str(part) for part in parts if part).split())


def _name_entry(data: dict[str, Any], location: Location) -> str:
    """The entry's id where it has one, else its number; the section where no entry is meant."""
    section = str(location[0])
    if len(location) < _ENTRY_DEPTH or not isinstance(location[1], int):
        return section
    noun, index = section.removesuffix("s"), location[1]
    entry = data[section][index]
    id_ = entry.get("name" if section == "people" else "id") if isinstance(entry, dict) else None
    noun = "person" if section == "people" else noun
    if not isinstance(id_, str) or not id_:
        return f"{noun} {index + 1}"
    return id_ if section == "sources" else f"{noun} {id_}"


def explain(error: ErrorDetails) -> str:
    """What is wrong and what to do, for every kind of error that the models raise."""
    location, given, context = error["loc"], error["input"], error.get("ctx", {})
    match error["type"]:
        case "missing":
            return f"is missing. Add a line such as `{location[-1]}: {_get_example(location)}`."
        case "extra_forbidden" | "invalid_key":
            return f"unknown key. {suggest(str(location[-1]), _get_known_keys(location))}"
        case "literal_error":
            known = context["expected"].replace("'", "").replace(" or ", ", ")
            return f'unknown {_name_value(location)} "{given}". Known: {known}.'
        case "string_pattern_mismatch":
            return f'"{given}" {ADVICE[context["pattern"]]}'
        case "value_error":
            return str(context["error"])
    return f"{_EXPECTED[error['type']]}; found {_describe(given)}."


def _name_value(location: Location) -> str:
    """What the value of a key is, where only a few words can stand there."""
    return "weekday" if location[-1] == "weekly_on" else str(location[-1])


def suggest(given: str, known: Collection[str]) -> str:
    """The known word that is probably meant, else all of them."""
    close = get_close_matches(given, known, n=1)
    return f"Did you mean {close[0]}?" if close else f"Known: {', '.join(known)}."


def _describe(given: object) -> str:
    match given:
        case None | "":
            return "nothing"
        case []:
            return "an empty list"
        case list():
            return "a list"
        case dict():
            return "a mapping"
    return f'"{given}"'


def _get_known_keys(location: Location) -> list[str]:
    model = ENTRIES[str(location[0])] if len(location) == _KEY_DEPTH else SourcesFile
    return list(model.model_fields)


def _get_example(location: Location) -> object:
    """What a missing key could hold, from its model; for the section `sources`, a list."""
    if len(location) < _KEY_DEPTH:
        return "[…]"
    return (ENTRIES[str(location[0])].model_fields[str(location[-1])].examples or ["…"])[0]
