"""How people are shown what would be kept of an answer, and what would be dropped.

Does not do: reading answers.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from digests.words import count
from monitor.extract.phrases import count_words
from monitor.model import BlockKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from monitor.discovery.survey import Survey
    from monitor.feeds import Feed
    from monitor.model import Block, Extract

SHOWN_LINES = 5
"""How many lines of the beginning and of the end are shown: enough to see a menu or footer that came along."""
SHOWN_CHARACTERS = 160
"""Of each of these lines."""
_PLURALS = {"block": "blocks", "entry": "entries"}


@dataclass(frozen=True, slots=True)
class Kept:
    """What would be kept: its title, and a line for each block, or for each entry of a feed (`unit`)."""

    title: str = ""
    unit: str = "block"
    lines: tuple[str, ...] = ()
    words: int = 0

    @property
    def first(self) -> tuple[str, ...]:
        return self.lines[:SHOWN_LINES]

    @property
    def last(self) -> tuple[str, ...]:
        """The last lines that are not among the first."""
        return self.lines[SHOWN_LINES:][-SHOWN_LINES:]

    def json(self, *, full: bool = False) -> dict[str, Any]:
        """As `--json` prints it; `lines` only with `--full`."""
        said = {"title": self.title, "unit": self.unit, "count": len(self.lines), "words": self.words}
        return said | {"first": self.first, "last": self.last} | ({"lines": self.lines} if full else {})


def keep_text(text: Extract) -> Kept:
    """The lines of a page or document."""
    return Kept(text.title, "block", tuple(map(_write_line, text.blocks)), _count_words(text.blocks))


def keep_feed(feed: Feed) -> Kept:
    """The lines of a feed."""
    lines = [f"{each.published_at:%Y-%m-%d} {each.title}" if each.published_at else each.title for each in feed.entries]
    return Kept(feed.title, "entry", tuple(lines), sum(_count_words(each.blocks) for each in feed.entries))


def _count_words(blocks: Iterable[Block]) -> int:
    return sum(count_words(block.text) for block in blocks)


def _write_line(block: Block) -> str:
    """The text after its path of headings; the path of a heading ends with itself."""
    path = block.heading if block.kind is BlockKind.HEADING else (*block.heading, block.text)
    return " › ".join(path)


def iter_kept(kept: Kept, *, full: bool = False) -> Iterator[str]:
    """How much would be kept, its first and last lines, or with `full` all of them."""
    said = f"{count(len(kept.lines), kept.unit, _PLURALS[kept.unit])}, {count(kept.words, 'word')}"
    yield f"  {kept.title or 'no title'}: {said} would be kept"
    if full:
        yield from (f"    {line}" for line in kept.lines)
        return
    yield from (f"    {_cut(line)}" for line in kept.first)
    hidden = len(kept.lines) - len(kept.first) - len(kept.last)
    if hidden:
        yield f"    … {count(hidden, kept.unit, _PLURALS[kept.unit])} between …"
    yield from (f"    {_cut(line)}" for line in kept.last)


def _cut(line: str) -> str:
    return line if len(line) <= SHOWN_CHARACTERS else f"{line[: SHOWN_CHARACTERS - 1].rstrip()}…"


def iter_dropped(survey: Survey) -> Iterator[str]:
    """What would be dropped, a line for each sort, and how often each selector matches."""
    if survey.dropped:
        yield f"  {count(sum(each.words for each in survey.dropped), 'word')} would be dropped"
        width = max(len(each.what) for each in survey.dropped)
        for each in survey.dropped:
            yield f"    {each.what:<{width}}  {count(each.words, 'word'):>11}  {each.sample}"
    for selector, matches in survey.matches.items():
        yield f"  {selector} matches {'nothing' if not matches else count(matches, 'element')}"


def survey_json(survey: Survey) -> dict[str, Any]:
    """As `--json` prints it."""
    return {"dropped": [asdict(each) for each in survey.dropped], "matches": survey.matches}
