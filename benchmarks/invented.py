"""Invented rules: sentences, texts that are edited, and procedures that put them into practice.

Does not do: anything with a database (`big_desk.py`).
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from monitor.model import Block, BlockKind, Passage, PassageOp, Section, Sop
from monitor.store.decisions import sum_stems

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PEOPLE = ("Maria Costa", "Tom Becker", "Aoife Byrne", "Chen Wei", "Sam Okafor", "Ines Duarte", "Jonas Falk")
JURISDICTIONS = ("EU", "US", "GB", "AU", "IE", "DE", "FR", "US-CA", "CA", "BR", "IN", "global")
TOPICS = ("child-safety", "privacy", "ads", "appeals", "transparency", "age-checks", "harassment", "fraud", "elections")
WHO = ("Hosts", "Sellers", "Moderators", "Creators", "Advertisers", "Providers", "Platforms", "Parents", "Services")
MUST = ("must report", "may keep", "never publish", "have to label", "are asked to remove", "must answer", "assess")
WHAT = ("gambling", "threats to minors", "paid posts", "the address of others", "appeals", "old notices", "age checks")
WHEN = ("notice", "upload", "the first look", "an order of the authority", "a complaint", "the decision")
WHY = (
    "unless a court says otherwise",
    "and keep evidence of it",
    "in words that children understand",
    "free of charge",
)
KINDS = {"substantive": 60, "editorial": 22, "date_tick": 5, "links": 4, "boilerplate": 3, "moved": 3, "reverted": 1}
"""Of a hundred Changes, or nearly."""
CHAPTERS, MANY_CHAPTERS = 5, 75
"""Of 7 paragraphs: 900 words, and 13,000."""
SENTENCES = 5_000
"""Of these every text, procedure and edit is made: to invent each anew takes half a minute."""


def happens(chance: random.Random, share: float) -> bool:
    """True so often, of 1."""
    return chance.random() < share


def write_sentence(chance: random.Random) -> str:
    limit = f"within {chance.randint(2, 90)} hours of {chance.choice(WHEN)}"
    return f"{chance.choice(WHO)} {chance.choice(MUST)} {chance.choice(WHAT)} {limit}, {chance.choice(WHY)}."


@lru_cache(maxsize=1)
def get_sentences() -> tuple[str, ...]:
    chance = random.Random(11)
    return tuple(write_sentence(chance) for _ in range(SENTENCES))


@dataclass(slots=True)
class Text:
    """A Document as it stands."""

    id: str
    source_id: str
    resource_id: int
    publisher: str
    title: str
    is_entry: bool
    """Of a feed: it comes some day, while all others are there from the first day on."""
    is_long: bool
    sections: list[str]
    """Those that it is about."""
    blocks: list[Block] = field(default_factory=list)
    version_id: int | None = None
    day: str | None = None
    """The deadline that it states."""


def begin(text: Text, chance: random.Random) -> list[Passage]:
    """Its first words, all of them new."""
    for chapter in range(MANY_CHAPTERS if text.is_long else CHAPTERS):
        heading = (text.title, f"{chapter + 1}. {chance.choice(WHAT).capitalize()}")
        text.blocks.append(Block(BlockKind.HEADING, heading[-1], heading))
        text.blocks += [Block(BlockKind.PARAGRAPH, each, heading) for each in chance.choices(get_sentences(), k=7)]
    said = (each for each in text.blocks if each.kind is BlockKind.PARAGRAPH)
    return [Passage(PassageOp.ADDED, each.heading, "", each.text) for each in said]


def edit(text: Text, number: int, chance: random.Random) -> list[Passage]:
    """A few of its paragraphs say something else. Each names the edit, so that every edit has a word of its own."""
    places = [place for place, each in enumerate(text.blocks) if each.kind is BlockKind.PARAGRAPH]
    passages = []
    for place in sorted(chance.sample(places, chance.randint(5, 40) if text.is_long else chance.choice([1, 1, 2, 3]))):
        before = text.blocks[place]
        new = chance.choice(get_sentences()) if happens(chance, 0.3) else before.text.partition(" Notice ")[0]
        text.blocks[place] = Block(BlockKind.PARAGRAPH, reword(new, number, chance), before.heading)
        passages.append(Passage(PassageOp.REWORDED, before.heading, before.text, text.blocks[place].text))
    return passages


def draw_kind(text: Text, chance: random.Random, *, is_grave: bool) -> str:
    """Of a first text, or of an edit."""
    is_first = text.version_id is None
    if is_first and not text.is_entry:
        return "first"
    return "substantive" if is_first or is_grave else chance.choices([*KINDS], [*KINDS.values()])[0]


def reword(sentence: str, number: int, chance: random.Random) -> str:
    """With another limit."""
    words = sentence.split()
    words[words.index("within") + 1] = str(chance.randint(2, 90))
    return f"{' '.join(words)} Notice R{number}."


@lru_cache(maxsize=500)
def write_stems(seed: int) -> str:
    """What some Change is about, as it is stored: to find it out anew for each takes minutes."""
    said = " ".join(random.Random(seed).choices(get_sentences(), k=3))
    return json.dumps(sum_stems([Passage(PassageOp.ADDED, (), "", said)]))


def iter_sops(number: int, chance: random.Random) -> Iterator[Sop]:
    """Each of 20 Sections."""
    for place in range(number):
        title = f"{chance.choice(WHO)} and {chance.choice(WHAT)}"
        sections = tuple(_iter_sections(f"SOP-{place:03}", title, chance))
        yield Sop(f"SOP-{place:03}", title, chance.choice(PEOPLE), f"SOP-{place:03}.md", sections=sections)


def _iter_sections(sop_id: str, title: str, chance: random.Random) -> Iterator[Section]:
    for place in range(1, 21):
        said = "\n".join(chance.choices(get_sentences(), k=5))
        yield Section(f"{sop_id}#s{place}", sop_id, (title, f"{place} {chance.choice(WHAT).capitalize()}"), said)


def invent_sources(number: int, chance: random.Random) -> dict[str, Sequence[object]]:
    """What `sources.yaml` says: every tenth Source is a feed, some are switched off."""
    sources = [
        {
            "id": f"s{place:04}",
            "name": f"{chance.choice(WHO)}, rules {place}",
            "publisher": f"Publisher {place // 8:03}",
            "jurisdiction": chance.choice(JURISDICTIONS),
            "kind": "atom" if place % 10 == 1 else "html",
            "url": f"https://example.org/{place}",
            "topics": chance.sample(TOPICS, 2),
            "every": "12h",
            "pack": f"pack-{place % 20}",
            "enabled": place % 25 > 0,
        }
        for place in range(number)
    ]
    people = [{"name": each, "email": f"{each.split()[0].lower()}@example.org"} for each in PEOPLE]
    packs = [{"id": f"pack-{place}", "name": f"Pack {place}"} for place in range(20)]
    return {"people": people, "packs": packs, "sources": sources}
