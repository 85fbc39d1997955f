"""Candidates → entries of `sources.yaml`: what is watched already is left out, what cannot be used is named.

A Candidate is watched already where every address of it is one of a Source, on or off, whatever the selectors.

Does not do: reading foreign lists (`opml`, `ota`), writing.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, count
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pydantic import ValidationError

from monitor.discovery.guesses import slug
from monitor.model import Pack
from monitor.sources.keys import SourceEntry
from monitor.sources.words import explain

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from monitor.sources import Declared


@dataclass(frozen=True, slots=True)
class Candidate:
    """One source as a foreign list declares it."""

    where: str
    """How people find it there: `Example, Privacy Policy`."""
    entry: Mapping[str, object]
    """The keys of an entry of `sources.yaml` but `pack`; the id is the one that is wanted."""
    pack: Pack | None = None
    """The Pack that it is to go into, known by its id or its name if there is one."""
    remarks: tuple[str, ...] = ()
    """What is not as it is in the list, if it is taken."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a foreign list holds, in its order.

    `remarks` say what of it is never read, `refused` what should have been a Candidate and is none, and why.
    """

    candidates: tuple[Candidate, ...]
    remarks: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """What is to be put into `sources.yaml`.

    `packs` are those that it does not declare yet, `watched` the ids of Sources that stand for Candidates, `refused`
    says of each that cannot be used why, `remarks` everything else that people should know.
    """

    entries: tuple[Mapping[str, object], ...]
    packs: tuple[Pack, ...]
    watched: tuple[str, ...]
    refused: tuple[str, ...]
    remarks: tuple[str, ...]


def take(listing: Listing, declared: Declared, *, pack: str | None = None, off: bool = False) -> Taken:
    """The Candidates that are not watched yet, as entries.

    `pack` is the id or name of the Pack for all of them; else each goes to its own, if it has one. With `off` nothing
    is asked for until people switch it on: a new Pack is declared as off, in others the single sources are.
    """
    shelf = _Shelf(declared, off=off)
    chosen = Pack(slug(pack), pack) if pack else None
    known = {_spell(url): source.id for source in declared.sources for url in source.urls}
    ids, seen = {source.id for source in declared.sources}, set[str]()
    entries, watched, refused, remarks = [], [], list(listing.refused), list(listing.remarks)
    for each in listing.candidates:
        urls = _get_urls(each.entry)
        same = [known[spelled] for url in urls if (spelled := _spell(url)) in known]
        fault = find_fault(each.entry)
        choice = repr([sorted(map(_spell, urls)), each.entry.get("select"), each.entry.get("remove")])
        if urls and len(same) == len(urls):
            watched.append(same[0])
        elif fault:
            refused.append(f"{each.where}: {fault}")
        elif choice in seen:
            remarks.append(f"{each.where}: stands twice, taken once")
        else:
            id_ = free_id(str(each.entry["id"]), ids)
            remarks += [f"{each.where}: {remark}" for remark in each.remarks]
            entries.append({**each.entry, "id": id_} | shelf.place(chosen or each.pack))
            ids.add(id_)
        seen.add(choice)
    used = {each.get("pack") for each in entries}
    remarks += [
        f"the pack {each.id} is off: what goes into it is not asked for until you switch it on"
        for each in declared.packs
        if each.id in used and not each.enabled and not off
    ]
    return Taken(tuple(entries), tuple(shelf.new), tuple(watched), tuple(refused), tuple(dict.fromkeys(remarks)))


def find_fault(entry: Mapping[str, object]) -> str | None:
    """What is wrong with an entry, as `monitor sources check` would say it; None if it can be used."""
    try:
        SourceEntry.model_validate(entry)
    except ValidationError as invalid:
        return " ".join(f"{each['loc'][0]}: {explain(each)}" for each in invalid.errors())
    return None


def free_id(wanted: str, taken: Collection[str]) -> str:
    """`wanted`, or with the first number from 2 on that makes it one of its own."""
    numbered = (f"{wanted}-{number}" for number in count(2))
    return next(each for each in chain([wanted], numbered) if each not in taken)


def _get_urls(entry: Mapping[str, object]) -> list[str]:
    urls = entry.get("urls")
    return [*map(str, urls)] if isinstance(urls, (list, tuple)) else [str(entry.get("url") or "")]


def _spell(url: str) -> str:
    """The same for all spellings of one address: scheme, case of the host, and slash at the end do not count."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return url
    return parts._replace(scheme="", netloc=parts.netloc.lower(), path=parts.path.rstrip("/")).geturl()


class _Shelf:
    """The Packs: those that are declared, and new ones as they are needed."""

    def __init__(self, declared: Declared, *, off: bool) -> None:
        self._off = off
        self._declared = declared.packs
        self._is_open = bool(declared.packs) or not any(source.pack for source in declared.sources)
        """Whether a Pack can be declared: a file that declares none would have to declare all that it names."""
        self.new: list[Pack] = []

    def place(self, wanted: Pack | None) -> dict[str, object]:
        """The keys that put an entry into this Pack."""
        pack = self._find(wanted) if wanted else None
        rests = pack is not None and not pack.enabled
        return ({"pack": pack.id} if pack else {}) | ({"enabled": False} if self._off and not rests else {})

    def _find(self, wanted: Pack) -> Pack:
        """The Pack of this id or name, a new one if there is none."""
        packs = [*self._declared, *self.new]
        name = wanted.name.casefold()
        for pack in packs:
            if pack.id == wanted.id or name in {pack.id, pack.name.casefold()}:
                return pack
        id_ = free_id(wanted.id or "folder", {pack.id for pack in packs})
        pack = Pack(id_, wanted.name, enabled=not (self._off and self._is_open))
        if self._is_open:
            self.new.append(pack)
        return pack
