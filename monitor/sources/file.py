"""A YAML file as plain data that still knows its lines.

Does not do: knowing any key of `sources.yaml`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from monitor.errors import SourcesError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Location = tuple[int | str, ...]
"""Where a value stands, as pydantic says it: `("sources", 3, "select", 0)`."""


class Mistake(NamedTuple):
    """What is wrong at one place, in words that stand after the name of the key."""

    line: int
    location: Location
    text: str


_NULL = "tag:yaml.org,2002:null"
_Loader: Any = type("_Loader", (getattr(yaml, "CBaseLoader", yaml.BaseLoader),), {})
# Every plain scalar but null is text: YAML 1.1 would read `NO` (Norway) as false and `10:30` as 630.
_Loader.add_implicit_resolver(_NULL, re.compile("^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""])
_Loader.add_constructor(_NULL, lambda _loader, _node: None)


def read_mapping(path: Path) -> tuple[yaml.Node, dict[str, Any]]:
    """The file twice: as nodes, which know their lines, and as plain data.

    Raises SourcesError where there is no such file, it is no UTF-8, no YAML, or no mapping at its top.
    """
    text = _read_text(path)
    try:
        loader = _Loader(text)
        root = loader.get_single_node()
        data = loader.construct_document(root) if root else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else str(path)
        what = f"this is no YAML: {error.problem}. Look at the indentation and quotes here and just before."
        raise SourcesError(str(path), [f"{where}: {what}"]) from error
    except yaml.YAMLError as error:
        what = " ".join(str(error).split())
        raise SourcesError(str(path), [f"{path}: this is no YAML: {what}"]) from error
    if not isinstance(data, dict):
        found = "nothing" if data is None else "a list" if isinstance(data, list) else "a text"
        what = f"the file must hold the key `sources:` and a list below it; found {found}."
        raise SourcesError(str(path), [f"{path}:1: {what}"])
    return root, data


def _read_text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except FileNotFoundError as error:
        what = (
            "there is no such file. Name yours with --sources or MONITOR_SOURCES, or begin with ours: "
            "monitor sources catalogue > sources.yaml"
        )
        raise SourcesError(str(path), [f"{path}: {what}"]) from error
    except OSError as error:
        raise SourcesError(str(path), [f"{path}: the file cannot be read ({error.strerror})."]) from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        what = f"byte 0x{raw[error.start]:02x} is no UTF-8. Save the file as UTF-8."
        raise SourcesError(str(path), [f"{path}:{line}: {what}"]) from error


def find_line(root: yaml.Node, location: Location) -> int:
    """The line of the key or list item at `location`, or of the nearest thing around it."""
    node, line = root, root.start_mark.line
    for step in location:
        if isinstance(node, yaml.MappingNode):
            pair = next(((key, value) for key, value in reversed(node.value) if key.value == step), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step]
            line = node.start_mark.line
    return line + 1


def iter_repeated_keys(node: yaml.Node, location: Location = ()) -> Iterator[Mistake]:
    """Keys that stand twice in one mapping, of which YAML would quietly keep the last."""
    if isinstance(node, yaml.MappingNode):
        first: dict[str, int] = {}
        for key, _ in node.value:
            line = key.start_mark.line + 1
            if key.value in first:
                what = f"stands twice, first on line {first[key.value]}. Keep one."
                yield Mistake(line, (*location, key.value), what)
            first.setdefault(key.value, line)
        for name, value in {key.value: value for key, value in node.value}.items():
            yield from iter_repeated_keys(value, (*location, name))
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from iter_repeated_keys(item, (*location, index))
