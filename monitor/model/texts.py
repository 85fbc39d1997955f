"""What an answer says: blocks of text.

Does not do: anything. No I/O, no clock, no rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.model.changes import DateMention


class BlockKind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    ROW = "row"
    QUOTE = "quote"


@dataclass(frozen=True, slots=True)
class Block:
    """One unit of text as people read it, the grain of comparison.

    `text` is one line: NFC, white space folded, no zero-width characters or soft hyphens. `heading` is the path of
    headings above it, outermost first; for a heading it ends with the heading itself. Link targets are kept apart from
    the text, without tracking parameters; so are the invisible characters that were dropped from it, in their order:
    nobody needs to read that they changed, but it stays provable that they did.
    """

    kind: BlockKind
    text: str
    heading: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    invisible: str = ""


@dataclass(frozen=True, slots=True)
class Extract:
    """What an extractor reads out of one Snapshot."""

    title: str
    blocks: tuple[Block, ...]
    language: str = ""
    """As the document declares it (`en-GB`), "" where it does not."""
    page_letters: int = 0
    """How much text the whole page has, kept or not; 0 = it is no page."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed or of a publisher's interface, with an identity that survives edits of its title."""

    identity: str
    url: str
    title: str
    published_at: datetime | None
    """In the publisher's time zone, where that is known: its day is the day of publication."""
    blocks: tuple[Block, ...]
    dates: tuple[DateMention, ...] = ()
    """What the publisher states as data; each sentence is the text of one of the blocks."""
    withdrawal: str = ""
    """The text of the block that says it is withdrawn, or withdraws another; "" = neither."""
