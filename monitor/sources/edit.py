"""Entries put into the text of `sources.yaml` that people wrote: every other byte stays as it is.

    load_begun(path)             what the file declares so far, also where it is still to be begun
    check_writable(path)         refuses a file that could not be written, before anything is fetched for it
    write_yaml(entries)          the lines of entries, in the style of the file
    add_entries(text, entries)   the text with these entries in it, each below the last one of its pack
    replace_sources(path, text)  the file replaced in one step, if nothing of it is lost and nothing is a mistake

Words are quoted where YAML 1.2 would read them as something else, so `NO` and `2026-07-02` stand plain, as they are
read (`monitor.sources.file`).

Does not do: changing or removing entries, deciding what an entry says, knowing whether it is watched already.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import yaml

from monitor.errors import ConfigurationError, SourcesError
from monitor.sources import Declared, load_sources

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ORDER = (
    "id", "name", "pack", "publisher", "jurisdiction", "kind", "url", "urls", "select", "remove", "topics", "every",
    "hold", "audience", "render", "enabled", "note", "checked",
)  # fmt: skip
"""The keys of an entry in the order in which they are written."""
INDENT = 2
"""Columns before the dash of an entry, where the file holds none that shows it."""

_ANY = {
    "id": "any",
    "name": "Any",
    "publisher": "Any",
    "jurisdiction": "global",
    "kind": "html",
    "url": "https://a.org/",
}
"""An entry without a mistake."""
_BOM = "\ufeff"
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
"""How YAML spells a key without a value."""
_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_Dumper: Any = type("_Dumper", (yaml.SafeDumper,), {"yaml_implicit_resolvers": {}})
_Dumper.add_representer(list, lambda dumper, each: dumper.represent_sequence("tag:yaml.org,2002:seq", each, True))
for _tag, _form, _first in (
    ("null", r"~|(?i:null)|", "~nN"),
    ("bool", r"(?i:true|false)", "tTfF"),
    ("float", r"[-+]?\.?[0-9][0-9.]*(?:[eE][-+]?[0-9]+)?|0[xo][0-9a-fA-F]+|[-+]?\.(?i:inf|nan)", "-+.0123456789"),
):
    _Dumper.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_form})$"), [*_first, ""])


def load_begun(path: Path) -> Declared:
    """What the file declares so far. That it is missing, empty or without a source is no mistake: it is to be begun.

    Raises SourcesError for every other mistake.
    """
    try:
        return load_sources(path)
    except SourcesError:
        if begun := _find_begun(path):
            return begun
        raise


def check_writable(path: Path) -> None:
    """Raises ConfigurationError where `replace_sources` could not put a file into this place."""
    place = path.resolve()
    try:
        if place.exists() and not os.access(place, os.W_OK):
            raise _cannot_write(path, "it is read-only")
        beside = _find_beside(place)
        beside.touch()
        beside.unlink()
    except OSError as error:
        raise _explain(path, error) from error


def write_yaml(entries: Sequence[Mapping[str, object]]) -> str:
    """The entries as they stand below `sources:`. Keys without a value (None, "", an empty list) are left out.

    Values are texts, booleans, and lists or tuples of texts. Raises ValueError for a key that no entry has.
    """
    return "".join(_write_entry(each, INDENT) for each in entries)


def add_entries(text: str, entries: Sequence[Mapping[str, object]], section: str = "sources") -> str:
    """The text of a `sources.yaml` with these entries in it, in the list `section`; everything else as it was.

    An entry goes below the last one of its pack, else below the last of all, in the order given. Indentation and line
    ends are those of the file; a text without that list gets one, and an empty list is begun.

    Raises ValueError where the text is no YAML or the list is none of lines that begin with a dash.
    """
    if not entries:
        return text
    marked = text.removeprefix(_BOM)
    found = _find_section(marked, section)
    if isinstance(found, yaml.SequenceNode) and found.value:
        indent, ends = _find_places(marked, found)
    else:
        indent, (marked, place) = INDENT, _clear(marked, found)
        ends = {"": place}
    written = [_write_entry(each, indent) for each in entries]
    if found is None:
        written[0] = f"{section}:\n{written[0]}"
    places = [ends.get(str(each.get("pack") or ""), ends[""]) for each in entries]
    return (_BOM if text.startswith(_BOM) else "") + _insert(marked, places, written)


def replace_sources(path: Path, text: str) -> Declared:
    """Put `text` into the place of the file at `path`, and say what it declares.

    It is written beside the file first, so that whoever reads meanwhile reads the one or the other; a link stays one.
    Raises SourcesError where `text` has mistakes, and ConfigurationError where it cannot be written or an entry of the
    file would not be in it as it is (someone may have put it there a moment ago); and then the file is as it was.
    """
    check_writable(path)
    place = path.resolve()
    beside = _find_beside(place)
    try:
        with beside.open("wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        declared = load_sources(beside)
        if place.exists():
            _check_kept(path, place.read_bytes().decode("utf-8-sig"), text)
            shutil.copymode(place, beside)
        beside.replace(place)
    except SourcesError as error:
        raise SourcesError(str(path), [each.replace(str(beside), str(path)) for each in error.mistakes]) from error
    except OSError as error:
        raise _explain(path, error) from error
    finally:
        with suppress(OSError):
            beside.unlink()
    return declared


def _find_begun(path: Path) -> Declared | None:
    """What the file declares, if all that it wants is a source: then it has no mistake as soon as one is in it."""
    with TemporaryDirectory() as folder, suppress(OSError, ValueError, SourcesError):
        tried = Path(folder, "sources.yaml")
        text = path.read_bytes().decode() if path.exists() else ""
        tried.write_bytes(add_entries(text, [_ANY]).encode())
        return replace(load_sources(tried), sources=())
    return None


def _find_beside(place: Path) -> Path:
    return place.with_name(f".{place.name}.{os.getpid()}")


def _explain(path: Path, error: OSError) -> ConfigurationError:
    """What stands in the way of writing."""
    is_missing = isinstance(error, (FileNotFoundError, NotADirectoryError)) and not path.resolve().parent.is_dir()
    return _cannot_write(path, "no such folder" if is_missing else f"no file can be made beside it: {error.strerror}")


def _cannot_write(path: Path, why: str) -> ConfigurationError:
    return ConfigurationError(f"{path}: cannot be written ({why}). Nothing was written.")


def _check_kept(path: Path, old: str, new: str) -> None:
    """Raises ConfigurationError where an entry of the old text is not in the new one, in its place and equal."""
    if lost := next(_iter_lost(old, new), None):
        raise ConfigurationError(
            f"{path}: nothing was written: {lost} would not be what it is now. "
            "Without --write it is printed, to be put in by hand."
        )


def _iter_lost(old: str, new: str) -> Iterator[str]:
    before, after = (_Loader(each).get_single_data() or {} for each in (old, new))
    for section, entries in before.items():
        there = iter(after.get(section) or [])
        for each in entries if isinstance(entries, list) else []:
            if each not in there:  # nor any more: the order counts
                yield f"{section}: {each.get('id') or each.get('name') if isinstance(each, dict) else each}"


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
    has_lines = not getattr(root, "flow_style", False)
    if section is not None and not _is_empty(section):
        has_lines = isinstance(section, yaml.SequenceNode) and not section.flow_style
    if not has_lines:
        raise ValueError(
            f"below `{name}:` each entry must begin on a line of its own with a dash, as in docs/sources.md"
        )
    return section


def _is_empty(section: yaml.Node) -> bool:
    """As in `sources:` and `sources: []`."""
    if isinstance(section, yaml.ScalarNode):
        return not section.style and section.value in _NOTHING
    return isinstance(section, yaml.SequenceNode) and not section.value


def _clear(text: str, section: yaml.Node | None) -> tuple[str, int]:
    """The text without what says that the list is empty, and where its first line goes."""
    if section is None:
        return text, len(text)
    before = text[: section.start_mark.index].rstrip(" ")
    after = text[section.end_mark.index :]
    return before + after, len(before) + (after.find("\n") + 1 or len(after))


def _find_places(text: str, section: yaml.SequenceNode) -> tuple[int, dict[str, int]]:
    """The column of the dashes, and where the line after the last entry of each pack begins; "" = of all entries.

    Words tell where an entry ends: the mark of a node stands after comments and empty lines, that of an alias where
    its anchor is.
    """
    start, end = section.start_mark.index, section.end_mark.index
    tokens = [each for each in yaml.scan(text, _Loader) if start <= each.start_mark.index < end]
    indent = next(each.start_mark.column for each in tokens if isinstance(each, yaml.BlockEntryToken))
    lasts: list[yaml.Token] = []
    for token in tokens:
        if isinstance(token, yaml.BlockEntryToken) and token.start_mark.column == indent:
            lasts.append(token)
        elif lasts and token.end_mark.index > token.start_mark.index:
            lasts[-1] = token
    ends = {"": _end_line(text, lasts[-1])}
    for entry, last in zip(section.value, lasts, strict=True):
        pairs = entry.value if isinstance(entry, yaml.MappingNode) else []
        ends |= {value.value: _end_line(text, last) for key, value in pairs if key.value == "pack"}
    return indent, ends


def _end_line(text: str, token: yaml.Token) -> int:
    """Where the line after this token begins."""
    end: int = token.end_mark.index
    if token.end_mark.column == 0:  # the text of `|` and `>` ends with its line
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
