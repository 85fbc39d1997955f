"""What is watched and who is told: `sources.yaml`, read with every mistake at once and the line of each.

`file` reads YAML and knows its lines, `keys` (and `selectors`) say what each key may hold, `words` puts mistakes into
words, `due` says when a Source is asked again. Here they come together, with the rules that join several values.

Does not do: fetching, storing, or deciding which audience is told what.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from pydantic import ValidationError

from monitor.errors import NotFoundError, SourcesError
from monitor.model import ENTRY_KINDS, PUBLISHER_KINDS, Audience, Pack, Person, Source
from monitor.sources.due import next_due, parse_interval
from monitor.sources.file import Location, Mistake, find_line, iter_repeated_keys, read_mapping
from monitor.sources.keys import ENTRIES, KINDS, SourcesFile, json_schema
from monitor.sources.words import explain, suggest, write_mistake

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from yaml import Node

__all__ = ["Declared", "json_schema", "load_sources", "next_due", "parse_interval"]

_EVERYONE = Audience("everyone", "Everyone")
_KEYS = frozenset({"key", "api_key", "apikey", "token"})
"""Parameters of an address that hold a secret."""


@dataclass(frozen=True, slots=True)
class Declared:
    """What `sources.yaml` declares, in its order."""

    sources: tuple[Source, ...]
    audiences: tuple[Audience, ...]
    people: tuple[Person, ...] = ()
    packs: tuple[Pack, ...] = ()

    def get_pack(self, name: str) -> tuple[Source, ...]:
        """The Sources in the Pack of this id. Raises NotFoundError where there are none."""
        found = tuple(each for each in self.sources if each.pack == name)
        if not found:
            known = sorted({each.pack for each in self.sources if each.pack})
            raise NotFoundError(f"{name}: no source is in a pack of this name. {suggest(name, known)}")
        return found


def load_sources(path: Path) -> Declared:
    """The Sources and Audiences that the file at `path` declares.

    Without an `audiences` section they are implied: the ones that sources name, or `everyone` where none is named.
    Raises SourcesError with every mistake, in the order of lines.
    """
    root, data = read_mapping(path)
    mistakes = [*iter_repeated_keys(root), *_iter_joint_mistakes(root, data)]
    try:
        file = SourcesFile.model_validate(data)
    except ValidationError as invalid:
        mistakes += [Mistake(find_line(root, each["loc"]), each["loc"], explain(each)) for each in invalid.errors()]
    if mistakes:
        mistakes.sort(key=lambda mistake: mistake.line)
        raise SourcesError(str(path), [write_mistake(path, data, mistake) for mistake in mistakes])
    packs = {entry.id: entry.to_pack() for entry in file.packs}
    sources = tuple(entry.to_source(packs) for entry in file.sources)
    audiences = tuple(entry.to_audience() for entry in file.audiences) or _imply_audiences(sources)
    people = tuple(entry.to_person() for entry in file.people)
    return Declared(sources, audiences, people, tuple(packs.values()))


def _imply_audiences(sources: tuple[Source, ...]) -> tuple[Audience, ...]:
    named = dict.fromkeys(id_ for source in sources for id_ in source.audience)
    return tuple(Audience(id_, id_) for id_ in named) or (_EVERYONE,)


def _iter_joint_mistakes(root: Node, data: dict[str, Any]) -> Iterator[Mistake]:
    """Rules that join several values.

    They read plain data that may hold anything. In the models they would come too late: a model that has one broken
    value checks nothing beyond it.
    """
    for section in ENTRIES:
        yield from _iter_repeated_ids(root, data, section, "name" if section == "people" else "id")
    for location, entry in _iter_entries(data, "audiences"):
        for below, what in _iter_lead_faults(data, entry):
            yield Mistake(find_line(root, location + below), location + below, what)
    declared = {section: _find_declared(data, section) for section in ("audiences", "packs")}
    for location, entry in _iter_entries(data, "sources"):
        for below, what in (
            *_iter_address_faults(entry),
            *_iter_selector_faults(entry),
            *_iter_audience_faults(entry, declared["audiences"]),
            *_iter_pack_faults(entry, declared["packs"]),
        ):
            where = location + below
            yield Mistake(find_line(root, where), where, what)


def _iter_entries(data: dict[str, Any], section: str) -> Iterator[tuple[Location, dict[str, Any]]]:
    """The entries of a section that are mappings at all, each with its location."""
    for index, entry in enumerate(_as_list(data.get(section))):
        if isinstance(entry, dict):
            yield (section, index), entry


def _as_list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _find_declared(data: dict[str, Any], section: str) -> list[str] | None:
    """The ids that the section declares; None without such a section, where every id is good."""
    return [str(each.get("id")) for _, each in _iter_entries(data, section)] if section in data else None


def _iter_repeated_ids(root: Node, data: dict[str, Any], section: str, key: str) -> Iterator[Mistake]:
    first: dict[str, int] = {}
    for location, entry in _iter_entries(data, section):
        if isinstance(entry.get(key), str):
            where = (*location, key)
            id_, line = entry[key], find_line(root, where)
            if id_ in first:
                yield Mistake(line, where, f"stands twice, first on line {first[id_]}. It must be unique: rename one.")
            first.setdefault(id_, line)


def _iter_address_faults(entry: dict[str, Any]) -> Iterator[tuple[Location, str]]:
    given = [key for key in ("url", "urls") if entry.get(key) is not None]
    if not given:
        yield ("url",), "is missing. Write `url: https://…`, or `urls:` with several that make one document."
    if len(given) > 1:
        yield ("urls",), "stands beside url. Keep one of them."
    urls = _as_list(entry.get("urls"))
    if len(urls) > 1 and entry.get("kind") in ENTRY_KINDS:
        yield ("urls",), "a feed has one url. Write one source for each feed."
    if str(entry.get("kind")) in PUBLISHER_KINDS and _holds_key(str(entry.get("url"))):
        yield ("url",), "holds a key. Put it into the environment (docs/publishers.md) and take it out of the address."
    for url, count in Counter(map(str, urls)).items():
        if count > 1:
            yield ("urls",), f'"{url}" stands twice. Keep one.'


def _holds_key(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:  # no address at all, which is told elsewhere
        return False
    return "@" in parts.netloc or any(name.lower() in _KEYS for name, _ in parse_qsl(parts.query))


def _iter_selector_faults(entry: dict[str, Any]) -> Iterator[tuple[Location, str]]:
    kind = entry.get("kind")
    if kind in KINDS and kind != "html":
        for key in ("select", "remove"):
            if entry.get(key):
                yield (key,), f"chooses elements of an html page, and this is {kind}. Remove the key."
        if entry.get("render"):
            yield ("render",), f"opens an html page in a browser, and this is {kind}. Remove the key."


def _iter_audience_faults(entry: dict[str, Any], declared: list[str] | None) -> Iterator[tuple[Location, str]]:
    for index, id_ in enumerate(_as_list(entry.get("audience"))):
        if isinstance(id_, str) and declared is not None and id_ not in declared:
            yield ("audience", index), f'"{id_}" is not declared under audiences. {suggest(id_, declared)}'


def _iter_pack_faults(entry: dict[str, Any], declared: list[str] | None) -> Iterator[tuple[Location, str]]:
    pack = entry.get("pack")
    if isinstance(pack, str) and declared is not None and pack not in declared:
        yield ("pack",), f'"{pack}" is not declared under packs. {suggest(pack, declared)}'


def _iter_lead_faults(data: dict[str, Any], entry: dict[str, Any]) -> Iterator[tuple[Location, str]]:
    lead = entry.get("lead")
    known = [str(person.get("name")) for _, person in _iter_entries(data, "people")]
    if isinstance(lead, str) and lead not in known:
        yield ("lead",), f'"{lead}" is not declared under people. {suggest(lead, known)}'
    if (lead is None) != (entry.get("sla") is None):
        yield ("lead" if lead is not None else "sla",), "lead and sla go together: who is told, and after how long."
