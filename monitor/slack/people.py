"""Who a Slack member is: the name that decisions keep, and back.

A member whom `people:` in `sources.yaml` does not list is kept by their Slack id.

Does not do: asking Slack about anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from digests.wording import find_person, person_name
from monitor.sources import load_sources

if TYPE_CHECKING:
    from pathlib import Path

    from monitor.model import Person
    from monitor.sources import Declared


def load_declared(path: Path) -> Declared:
    """What `sources.yaml` declares, read again only when it was edited: 400 sources take 0.1 s. Raises SourcesError."""
    facts = path.stat() if path.exists() else None
    return _load(path, (facts.st_mtime_ns, facts.st_size) if facts else None)


@lru_cache(maxsize=2)
def _load(path: Path, _: tuple[int, int] | None) -> Declared:
    return load_sources(path)


@dataclass(frozen=True, slots=True)
class Directory:
    """The people whom `sources.yaml` lists."""

    people: tuple[Person, ...]

    @classmethod
    def load(cls, path: Path) -> Directory:
        """Raises SourcesError."""
        return cls(load_declared(path).people)

    def name(self, member: str) -> str:
        """How decisions call a Slack member."""
        return person_name(member, self.people)

    def find(self, member: str) -> Person | None:
        """The Person whom a Slack id belongs to; None = nobody is listed so."""
        return find_person(member, self.people)

    def find_member(self, known_as: str) -> str | None:
        """The Slack id of whoever is known so: by name, e-mail address or the id itself; None = nobody is listed so."""
        person = find_person(known_as, self.people)
        return person.slack if person else None

    def is_member(self, known_as: str | None, member: str) -> bool:
        """Whether this is what a decision calls the member."""
        return known_as is not None and (known_as == member or self.find_member(known_as) == member)
