"""How people are shown what would be kept of an answer, and what would be dropped.

Does not do: reading answers.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from itertools import takewhile
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
INDENT = "  "
_PLURALS = {"block": "blocks", "entry": "entries"}


@dataclass(frozen=True, slots=True)
class Line:
    """A block or an entry: its text below its path of headings; "" for a heading, whose path ends with itself."""

    text: str
    heading: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " › ".join([*self.heading, *filter(None, [self.text])])


@dataclass(frozen=True, slots=True)
class Kept:
    """What would be kept: its title, and a line for each block, or for each entry of a feed (`unit`)."""

    title: str = ""
    unit: str = "block"
    lines: tuple[Line, ...] = ()
    words: int = 0

    @property
    def first(self) -> tuple[Line, ...]:
        return self.lines[:SHOWN_LINES]

    @property
    def last(self) -> tuple[Line, ...]:
        """The last lines that are not among the first."""
        return self.lines[SHOWN_LINES:][-SHOWN_LINES:]

    def json(self, *, full: bool = False) -> dict[str, Any]:
        """As `--json` prints it, each line with its whole path of headings; `lines` only with `--full`."""
        said = {"title": self.title, "unit": self.unit, "count": len(self.lines), "words": self.words}
        shown = {"first": self.first, "last": self.last} | ({"lines": self.lines} if full else {})
        return said | {key: list(map(str, lines)) for key, lines in shown.items()}


def keep_text(text: Extract) -> Kept:
    """The lines of a page or document."""
    return Kept(text.title, "block", tuple(map(_write_line, text.blocks)), _count_words(text.blocks))


def keep_feed(feed: Feed) -> Kept:
    """The lines of a feed."""
    lines = [f"{each.published_at:%Y-%m-%d} {each.title}" if each.published_at else each.title for each in feed.entries]
    return Kept(feed.title, "entry", tuple(map(Line, lines)), sum(_count_words(each.blocks) for each in feed.entries))


def _count_words(blocks: Iterable[Block]) -> int:
    return sum(count_words(block.text) for block in blocks)


def _write_line(block: Block) -> Line:
    return Line("" if block.kind is BlockKind.HEADING else block.text, block.heading)


def iter_kept(kept: Kept, *, full: bool = False) -> Iterator[str]:
    """How much would be kept, its first and last lines, or with `full` all of them."""
    said = f"{count(len(kept.lines), kept.unit, _PLURALS[kept.unit])}, {count(kept.words, 'word')} would be kept"
    yield f"  {kept.title}: {said}" if kept.title else f"  {said}; it has no title"
    if full:
        yield from (f"    {line}" for line in _iter_outline(kept.lines))
        return
    yield from (f"    {_cut(line)}" for line in _iter_outline(kept.first))
    hidden = len(kept.lines) - len(kept.first) - len(kept.last)
    if hidden:
        yield f"    … {count(hidden, kept.unit, _PLURALS[kept.unit])} between …"
    yield from (f"    {_cut(line)}" for line in _iter_outline(kept.last))


def _iter_outline(lines: Iterable[Line]) -> Iterator[str]:
    """Each heading once, and what stands below it indented."""
    above: tuple[str, ...] = ()
    for line in lines:
        path = line.heading if line.text else line.heading[:-1]
        shared = takewhile(lambda pair: pair[0] == pair[1], zip(above, path, strict=False))
        for depth in range(len(list(shared)), len(path)):
            yield f"{INDENT * depth}{path[depth]}"
        yield f"{INDENT * len(path)}{line.text or line.heading[-1]}"
        above = line.heading


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
