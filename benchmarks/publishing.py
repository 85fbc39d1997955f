"""A publisher whose every edit is known: what each address says in each round, and what must be found of it.

Each edit brings a word (`R` and a number) that stands nowhere else, early in its passage, because messages quote the
beginning of a long one. So it can be found in the database and in messages whatever the program makes of it.

Does not do: answering (`crashing.py`), looking for what was found (`faults.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from invented import write_sentence

from monitor.model import Outcome

if TYPE_CHECKING:
    import random

PAGES, ENTRIES = 8, 6
STANDS = 4
"""Rounds for which a text stands at least. Of them OUTAGE may be missed; the others are enough to confirm it."""
OUTAGE = 2
OUTCOMES = (Outcome.TIMEOUT, Outcome.HTTP_ERROR, Outcome.BROKEN, Outcome.LOST, Outcome.UNREACHABLE)
RULES = 8
KINDS = {"substantive": 6, "date_tick": 2, "outside": 1}
"""Of nine edits; "outside" is one of what stands around the text, and no Change."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What was published in one go."""

    url: str
    round: int
    kind: str
    mark: str
    """The word that stands in this text and in no earlier one; a date of the last update, where only that is new."""


@dataclass(slots=True)
class Page:
    """A page as it stands."""

    title: str
    rules: list[str]
    day: int = 1
    related: str = "Help for beginners"
    edited: int = 0
    """Rules so far. Each edit takes another one, for a message quotes what stood there before."""

    def write(self) -> bytes:
        """As HTML, with a date of the last update and a list of related articles."""
        rules = "".join(f"<p>{each}</p>" for each in self.rules)
        return (
            f"<html><head><title>{self.title}</title></head><body><main><h1>{self.title}</h1>{rules}"
            f"<p>Last updated: {self.day} March 2026</p></main>"
            f"<footer><h2>Related articles</h2><p><a href='/help'>{self.related}</a></p></footer></body></html>"
        ).encode()

    def edit(self, kind: str, mark: str, chance: random.Random) -> str:
        """Returns what stands there now that did not before."""
        if kind == "date_tick":
            self.day += 1
            return f"updated: {self.day} March"
        if kind == "outside":
            self.related = f"Help for those who know {mark}"
        else:
            self.rules[self.edited % RULES] = f"Notice {mark}. {write_sentence(chance)}"
            self.edited += 1
        return mark


@dataclass
class Publisher:
    """All of it for so many rounds, made at once."""

    chance: random.Random
    rounds: int
    address: str = "https://example.org"
    edits: list[Edit] = field(default_factory=list)
    outages: set[tuple[str, int]] = field(default_factory=set)
    """(address, round) of what does not answer."""
    _texts: dict[str, list[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._marks = iter(f"R{number:04}" for number in self.chance.sample(range(10_000), 1_000))
        for number in range(PAGES):
            self._write_page(f"{self.address}/{number}")
        self._write_feed(f"{self.address}/feed")

    @property
    def urls(self) -> list[str]:
        return list(self._texts)

    def answers(self, number: int) -> dict[str, bytes | Outcome]:
        """What each address says in this round; after the last one it stays as it is, and all answer."""
        place = min(number, self.rounds - 1)
        return {
            url: self.chance.choice(OUTCOMES) if (url, number) in self.outages else texts[place]
            for url, texts in self._texts.items()
        }

    def _write_page(self, url: str) -> None:
        page = Page(f"Rules {url[-1]}", [write_sentence(self.chance) for _ in range(RULES)])
        changes = set(range(self.chance.randrange(1, STANDS), self.rounds, STANDS))
        self._texts[url] = []
        for number in range(self.rounds):
            kind = "first" if number == 0 else self.chance.choices([*KINDS], [*KINDS.values()])[0]
            if number == 0 or number in changes:
                mark = page.edit(kind, next(self._marks), self.chance)
                self.edits.append(Edit(url, number, kind, mark))
            self._texts[url].append(page.write())
        self._choose_outage(url, sorted(changes))

    def _choose_outage(self, url: str, changes: list[int]) -> None:
        """In the first half of the time for which some text stands, or in the second."""
        begin = self.chance.choice(changes or [1]) + self.chance.choice((0, STANDS - OUTAGE))
        self.outages |= {(url, number) for number in range(begin, min(begin + OUTAGE, self.rounds))}

    def _write_feed(self, url: str) -> None:
        entries: list[str] = []
        coming = {self.chance.randrange(1, self.rounds) for _ in range(ENTRIES)} | {0}
        self._texts[url] = []
        for number in range(self.rounds):
            if number in coming:
                mark = next(self._marks)
                entries.insert(0, _write_entry(mark, write_sentence(self.chance)))
                self.edits.append(Edit(url, number, "substantive" if number else "first", mark))
            feed = f"<feed xmlns='http://www.w3.org/2005/Atom'><id>urn:feed</id><title>News</title>{''.join(entries)}"
            self._texts[url].append(f"{feed}</feed>".encode())
        self.outages.add((url, self.chance.randrange(1, self.rounds)))


def _write_entry(mark: str, text: str) -> str:
    return (
        f"<entry><id>urn:{mark}</id><title>Notice</title><link href='https://example.org/news/{mark}'/>"
        f"<content type='html'>&lt;p&gt;Notice {mark}. {text}&lt;/p&gt;</content></entry>"
    )
