"""The inbox's filters as links: what each would leave, and each that is chosen as a link that takes it out again.

Does not do: filtering and counting (`monitor.store.inbox`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from monitor.model import Severity
from monitor.store.inbox import get_names

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable, Iterator, Mapping

    from monitor.store import Database
    from monitor.store.inbox import Counts

FILTERS = ("severity", "jurisdiction", "topic", "publisher", "source", "sop")
"""Parameters of the address that are filters, besides `mine` and `due`; named as in `Wanted`."""
SHOWN = 6
"""Links of one filter that are seen at once."""
MOST = 30
"""Links of one filter in all: of more, nobody reads through the list, and another filter makes it shorter."""
_LABELS = {
    "severity": "Severity",
    "due": "Deadline",
    "jurisdiction": "Jurisdiction",
    "topic": "Topic",
    "sop": "Procedure",
    "publisher": "Publisher",
    "source": "Source",
}
_ORDER = ("show", "mine", *_LABELS)


@dataclass(frozen=True, slots=True)
class Option:
    """One link: what it is called, how many changes it leaves, and its address."""

    name: str
    number: int
    address: str


@dataclass(frozen=True, slots=True)
class Facet:
    """One filter, with what is to be chosen from."""

    label: str
    options: tuple[Option, ...]
    more: tuple[Option, ...]
    """Those that are seen only when somebody asks for them."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A filter that holds, and the address without it."""

    label: str
    name: str
    address: str


def write_query(asked: Mapping[str, str], **changed: str) -> str:
    """The list and its filters as parameters, with others; "" takes one out. The same for all who ask the same."""
    kept = {name: asked.get(name, "") for name in _ORDER} | changed
    return urlencode({name: value for name, value in kept.items() if value})


def name_chosen(db: Database, asked: Mapping[str, str], visitor: str) -> tuple[Chosen, ...]:
    """The filters that hold; `visitor` is who looks."""
    values = {name: asked[name] for name in ("mine", *_LABELS) if asked.get(name)}
    names = _get_names(db, {name: [value] for name, value in values.items()})
    return tuple(
        Chosen(
            label=_LABELS.get(name, "Whose"),
            name=("mine" if value == visitor else value) if name == "mine" else names[name][value],
            address=f"/?{write_query(asked, **{name: ''})}",
        )
        for name, value in values.items()
    )


def build_facets(db: Database, counts: Counts, asked: Mapping[str, str]) -> tuple[Facet, ...]:
    """The filters that do not hold yet and leave something to choose."""
    sorted_by = {name: list(_sort(name, counts.by[name]))[:MOST] for name in _LABELS if name in counts.by}
    open_ones = {name: each for name, each in sorted_by.items() if each and not asked.get(name)}
    names = _get_names(db, {name: [value for value, _ in each] for name, each in open_ones.items()})
    facets = []
    for name, found in open_ones.items():
        options = [
            Option(names[name][value], number, f"/?{write_query(asked, **{name: value})}") for value, number in found
        ]
        facets.append(Facet(_LABELS[name], tuple(options[:SHOWN]), tuple(options[SHOWN:])))
    return tuple(facets)


def _sort(name: str, found: Counter[str]) -> Iterable[tuple[str, int]]:
    """The gravest, the nearest, the most frequent first."""
    if name == "severity":
        return ((each, found[each]) for each in reversed(Severity) if found[each])
    if name == "due":
        return found.items()
    return sorted(found.items(), key=lambda each: (-each[1], each[0].casefold()))


def _get_names(db: Database, values: Mapping[str, Iterable[str]]) -> dict[str, dict[str, str]]:
    """Filter → value → what it is called."""
    sources, sops = get_names(db, values.get("source", ()), values.get("sop", ()))
    return {name: dict(_iter_names(name, each, sources, sops)) for name, each in values.items()}


def _iter_names(
    name: str, values: Iterable[str], sources: Mapping[str, str], sops: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    for value in values:
        if name == "due":
            yield value, f"within {value} days"
        elif name == "source":
            yield value, sources.get(value, value)
        elif name == "sop":
            yield value, " ".join(filter(None, [value, sops.get(value, "")]))
        else:
            yield value, value
