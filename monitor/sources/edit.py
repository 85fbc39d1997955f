"""Entries put into the text of `sources.yaml` that people wrote: every other byte stays as it is.

    write_yaml(entries)          the lines of entries, in the style of the file
    add_entries(text, entries)   the text with these entries in it, each below the last one of its pack
    replace_sources(path, text)  the file replaced in one step, if what is to stand in it has no mistake

Words are quoted where YAML 1.2 would read them as something else, so `NO` and `2026-07-02` stand plain, as they are
read (`monitor.sources.file`).

Does not do: changing or removing entries, deciding what an entry says, knowing whether it is watched already.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from typing import TYPE_CHECKING, Any

import yaml

from monitor.errors import SourcesError
from monitor.sources import load_sources

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from monitor.sources import Declared

ORDER = (
    "id", "name", "pack", "publisher", "jurisdiction", "kind", "url", "urls", "select", "remove", "topics", "every",
    "hold", "audience", "render", "enabled", "note", "checked",
)  # fmt: skip
"""The keys of an entry in the order in which they are written."""
INDENT = 2
"""Columns before the dash of an entry, where the file holds none that shows it."""

_BOM = "\ufeff"
_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_Dumper: Any = type("_Dumper", (yaml.SafeDumper,), {"yaml_implicit_resolvers": {}})
_Dumper.add_representer(list, lambda dumper, each: dumper.represent_sequence("tag:yaml.org,2002:seq", each, True))
for _tag, _form, _first in (
    ("null", r"~|(?i:null)|", "~nN"),
    ("bool", r"(?i:true|false)", "tTfF"),
    ("float", r"[-+]?\.?[0-9][0-9.]*(?:[eE][-+]?[0-9]+)?|0[xo][0-9a-fA-F]+|[-+]?\.(?i:inf|nan)", "-+.0123456789"),
):
    _Dumper.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_form})$"), [*_first, ""])


def write_yaml(entries: Sequence[Mapping[str, object]]) -> str:
    """The entries as they stand below `sources:`. Keys without a value (None, "", an empty list) are left out.

    Values are texts, booleans, and lists or tuples of texts. Raises ValueError for a key that no entry has.
    """
    return "".join(_write_entry(each, INDENT) for each in entries)


def add_entries(text: str, entries: Sequence[Mapping[str, object]], section: str = "sources") -> str:
    """The text of a `sources.yaml` with these entries in it, in the list `section`; everything else as it was.

    An entry goes below the last one of its pack, else below the last of all, in the order given. Indentation and line
    ends are those of the file; a text without that list gets one.

    Raises ValueError where the text is no YAML or the list is none of lines that begin with a dash.
    """
    marked = text.removeprefix(_BOM)
    found = _find_section(marked, section)
    indent = found.start_mark.column if isinstance(found, yaml.SequenceNode) else INDENT
    written = [_write_entry(each, indent) for each in entries]
    if found is None and written:
        written[0] = f"{section}:\n{written[0]}"
    ends = _find_ends(marked, found)
    places = [ends.get(str(each.get("pack") or ""), ends[""]) for each in entries]
    return text[: len(text) - len(marked)] + _insert(marked, places, written)


def replace_sources(path: Path, text: str) -> Declared:
    """Put `text` into the place of the file at `path`, and say what it declares.

    It is written beside the file first, so that whoever reads meanwhile reads the one or the other; a link stays one.
    Raises SourcesError where `text` has mistakes, and then the file is as it was.
    """
    place = path.resolve()
    beside = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        with beside.open("wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        declared = load_sources(beside)
        if place.exists():
            shutil.copymode(place, beside)
        beside.replace(place)
    except SourcesError as error:
        raise SourcesError(str(path), [each.replace(str(beside), str(path)) for each in error.mistakes]) from error
    finally:
        beside.unlink(missing_ok=True)
    return declared


def _write_entry(entry: Mapping[str, object], indent: int) -> str:
    if unknown := entry.keys() - set(ORDER):
        raise ValueError(f"no entry has the key {', '.join(sorted(unknown))}")
    values = {key: list(value) if isinstance(value, tuple) else value for key, value in entry.items()}
    kept = {key: values[key] for key in sorted(values, key=ORDER.index) if values[key] not in (None, "", [])}
    text: str = yaml.dump(
        kept, Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=False, width=sys.maxsize
    )
    first, *others = text.splitlines(keepends=True)
    margin = " " * indent
    return "".join([f"{margin}- {first}", *(f"{margin}  {line}" for line in others)])


def _find_section(text: str, name: str) -> yaml.Node | None:
    """What stands below this key: a list with a line for each entry, or nothing yet; None without the key."""
    try:
        root = _Loader(text).get_single_node()
    except yaml.YAMLError as error:
        raise ValueError(f"this is no YAML: {' '.join(str(error).split())}") from error
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    section: yaml.Node | None = next((value for key, value in pairs if key.value == name), None)
    is_lines = isinstance(section, yaml.SequenceNode) and not section.flow_style
    if section is not None and not is_lines and section.value != "":
        raise ValueError(
            f"below `{name}:` each entry must begin on a line of its own with a dash, as in docs/sources.md"
        )
    return section


def _find_ends(text: str, section: yaml.Node | None) -> dict[str, int]:
    """Where the line after the last entry of each pack begins, by the pack's id; "" stands for all entries."""
    if section is None:
        return {"": len(text)}
    ends = {"": _find_end(text, section)}
    for entry in section.value:
        pairs = entry.value if isinstance(entry, yaml.MappingNode) else []
        ends |= {value.value: _find_end(text, entry) for key, value in pairs if key.value == "pack"}
    return ends


def _find_end(text: str, node: yaml.Node) -> int:
    """Where the line after the last word of a node begins: its own mark stands after comments and empty lines."""
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[-1] if isinstance(last, tuple) else last
    end: int = node.end_mark.index
    if node.end_mark.column == 0:  # the text of `|` and `>` ends with its line
        return end
    return text.find("\n", end) + 1 or len(text)


def _insert(text: str, places: Sequence[int], written: Sequence[str]) -> str:
    """The text with each piece at its place, those of one place in their order."""
    newline = "\r\n" if "\r\n" in text else "\n"
    parts, before = [], 0
    for place, piece in sorted(zip(places, written, strict=True), key=lambda each: each[0]):
        needs_end = place > 0 and text[place - 1] != "\n"
        parts += [text[before:place], newline if needs_end else "", piece.replace("\n", newline)]
        before = place
    return "".join([*parts, text[before:]])
