"""The text of a Document at any time, its Versions, and any two of them compared.

Does not do: what one Change means (`monitor.views.change`).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from monitor.errors import ConfigurationError, NotFoundError
from monitor.language import find_language
from monitor.model import BlockKind
from monitor.store.editions import count_editions, find_beside, find_first, get_edition, get_editions
from monitor.store.versions import find_version_at, get_document, get_version
from monitor.store.watching import get_source
from monitor.views.comparison import cap, compare_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from monitor.model import Block
    from monitor.store import Database
    from monitor.store.editions import Edition
    from monitor.store.versions import Document, Version
    from monitor.store.watching import Known
    from monitor.views.comparison import Stretch

EDITIONS = 50
"""Versions that are listed at once."""
FOLDED = 3
"""So many quiet Versions in a row are folded."""
WORDS = 12_000
"""Shown of a comparison, unless the whole is asked for."""
FOLDED_WORDS = 2_000
"""Of unchanged text in one place; beyond that it is only said how much there is."""
_SAMPLE = 40
"""Blocks from which the language is told."""


@dataclass(frozen=True, slots=True)
class Run:
    """Versions that follow one another, all told or all quiet, the newest first."""

    editions: tuple[Edition, ...]
    is_folded: bool
    """People open it if they want to."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """The Versions of a Document, the newest first."""

    runs: tuple[Run, ...]
    total: int
    next_before: int | None
    """The Version before which the next ones are; None = there are no more."""

    @property
    def offered(self) -> tuple[int, ...]:
        """The two that are compared unless somebody chooses others: the newest, and the next one that is not folded."""
        ids = [each.version_id for run in self.runs for each in run.editions]
        shown = {each.version_id for run in self.runs if not run.is_folded for each in run.editions}
        return *ids[:1], *sorted(ids[1:], key=lambda each: (each not in shown, -each))[:1]


@dataclass(frozen=True, slots=True)
class Heading:
    """One line of the outline."""

    number: int
    """Of its block, from 1."""
    level: int
    """From 1."""
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A Document as it stood."""

    document: Document
    source: Known
    name: str
    edition: Edition
    blocks: tuple[Block, ...]
    outline: tuple[Heading, ...]
    links: tuple[str, ...]
    """Addresses that the text leads to, in its order."""
    language: str
    """ISO 639-1; "" = not known."""
    earlier_at: datetime | None
    """When the Version before this one was seen; None = there is none."""
    later_at: datetime | None
    timeline: Timeline


@dataclass(frozen=True, slots=True)
class Compared:
    """Two Versions of one Document beside one another."""

    document: Document
    source: Known
    name: str
    before: Edition
    after: Edition
    stretches: tuple[Stretch, ...]
    language: str
    left_out: int
    """Words that are not shown."""

    @property
    def is_same(self) -> bool:
        return not any(each.op for each in self.stretches)


def get_timeline(db: Database, document_id: str, before: int | None = None) -> Timeline:
    """`before`: only Versions before this one, and the newest, so that they can be compared with it."""
    editions = get_editions(db, document_id, EDITIONS + 1, before)
    shown = editions[:EDITIONS]
    newest = get_editions(db, document_id, 1) if before is not None else ()
    return Timeline(
        runs=tuple(_fold(run) for run in filter(None, (newest, *_cut_runs(shown)))),
        total=count_editions(db, document_id),
        next_before=shown[-1].version_id if len(editions) > EDITIONS else None,
    )


def _cut_runs(editions: Iterable[Edition]) -> Iterator[tuple[Edition, ...]]:
    for _, run in groupby(editions, attrgetter("is_quiet")):
        yield tuple(run)


def _fold(editions: tuple[Edition, ...]) -> Run:
    return Run(editions, is_folded=editions[0].is_quiet and len(editions) >= FOLDED)


def get_text(db: Database, document_id: str, at: datetime, before: int | None = None) -> Text:
    """As it stood at that time. Raises NotFoundError, also where there was no text yet."""
    document = get_document(db, document_id)
    version = find_version_at(db, document_id, at)
    if version is None:
        raise NotFoundError(_say_nothing_yet(db, document_id, at))
    source = get_source(db, document.source_id)
    earlier_at, later_at = find_beside(db, document_id, version.id)
    return Text(
        document=document,
        source=source,
        name=_name(document, source, version),
        edition=get_edition(db, version.id),
        blocks=version.blocks,
        outline=tuple(_iter_headings(version.blocks)),
        links=tuple(dict.fromkeys(link for block in version.blocks for link in block.links)),
        language=_find_language(version.blocks),
        earlier_at=earlier_at,
        later_at=later_at,
        timeline=get_timeline(db, document_id, before),
    )


def get_compared(db: Database, before_id: int, after_id: int, *, is_whole: bool = False) -> Compared:
    """`is_whole`: nothing is left out.

    Raises NotFoundError, and ConfigurationError where the two are not Versions of one Document, or are the same.
    """
    before, after = get_version(db, before_id), get_version(db, after_id)
    _check_comparable(before, after)
    document = get_document(db, after.document_id)
    source = get_source(db, document.source_id)
    stretches: Iterable[Stretch] = compare_texts(before.blocks, after.blocks)
    shown = tuple(stretches if is_whole else cap(stretches, WORDS, FOLDED_WORDS))
    return Compared(
        document=document,
        source=source,
        name=_name(document, source, after),
        before=get_edition(db, before_id),
        after=get_edition(db, after_id),
        stretches=shown,
        language=_find_language(after.blocks),
        left_out=sum(each.left_out for each in shown if not each.is_folded),
    )


def _check_comparable(before: Version, after: Version) -> None:
    if before.document_id != after.document_id:
        raise ConfigurationError(
            f'version {before.id} is one of "{before.document_id}" and version {after.id} one of '
            f'"{after.document_id}". Choose two versions of one document.'
        )
    if before.id == after.id:
        raise ConfigurationError(f"version {before.id} was chosen twice. Choose two different ones to compare.")


def _say_nothing_yet(db: Database, document_id: str, at: datetime) -> str:
    first_at = find_first(db, document_id)
    seen = f"its first text was seen on {first_at:%Y-%m-%d}" if first_at else "no text of it was ever read"
    return f'"{document_id}": nothing is known of it at {at:%Y-%m-%d}; {seen}. Choose a later day.'


def _name(document: Document, source: Known, version: Version) -> str:
    return source.name if document.id == source.id else version.title or document.title or source.name


def _iter_headings(blocks: Sequence[Block]) -> Iterator[Heading]:
    for number, block in enumerate(blocks, 1):
        if block.kind is BlockKind.HEADING:
            yield Heading(number, max(1, len(block.heading)), block.text)


def _find_language(blocks: Sequence[Block]) -> str:
    return find_language(" ".join(each.text for each in blocks[:_SAMPLE]))
