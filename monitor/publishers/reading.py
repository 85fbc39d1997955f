"""What the readers of all interfaces share: days, sentences for dates, blocks, totals, errors.

A date is stated as data, and people want a sentence. So each is put into one, which stands in the text as well: a date
that moves is a passage that changed, and what is told can be read.

Does not do: anything of one interface.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, tzinfo
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from parsel import Selector

from monitor.errors import ExtractionError
from monitor.extract.html import read_fragment
from monitor.extract.normalise import fold
from monitor.model import Block, BlockKind, DateKind, DateMention, ProblemKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from monitor.envelope import Answer

WASHINGTON = ZoneInfo("America/New_York")
"""Where a day begins and ends for the federal government."""
BRUSSELS = ZoneInfo("Europe/Brussels")
"""The same for the institutions of the EU."""

_SENTENCES = {
    DateKind.EFFECTIVE: "Effective on",
    DateKind.COMPLIANCE: "Compliance is required by",
    DateKind.COMMENTS_CLOSE: "Comments close on",
    DateKind.SUNSET: "Ends on",
}


def parse_day(value: Any) -> date | None:
    """The day that `2026-05-01` names, also with a time after it; None for anything else."""
    try:
        return _believe(date.fromisoformat(str(value)[:10]))
    except ValueError:
        return None


def parse_local_day(value: Any, zone: ZoneInfo, unzoned: tzinfo = UTC) -> date | None:
    """The day on which a moment (`2026-05-02T03:59:59Z`) is in the zone; None for anything else.

    A moment that names no zone is one in `unzoned`.
    """
    try:
        moment = datetime.fromisoformat(str(value))
        return _believe((moment if moment.tzinfo else moment.replace(tzinfo=unzoned)).astimezone(zone).date())
    except (ValueError, OverflowError):
        return None


def _believe(day: date) -> date | None:
    """0001-01-01 and 9999-12-31 are how some interfaces write that there is no day."""
    return day if date.min.year < day.year < date.max.year else None


def begin_day(day: date | None, zone: ZoneInfo) -> datetime | None:
    """The beginning of a day in the zone, as `Entry.published_at` has it."""
    return datetime(day.year, day.month, day.day, tzinfo=zone) if day else None


def write_day(day: date) -> str:
    """1 May 2026."""
    return f"{day.day} {day:%B %Y}"


def state_date(kind: DateKind, day: date, publisher: str, field: str, moved_from: date | None = None) -> DateMention:
    """A date that stood in a field: "Comments close on 1 May 2026 (Federal Register, comments_close_on)"."""
    sentence = f"{_SENTENCES[kind]} {write_day(day)} ({publisher}, {field})"
    return DateMention(kind, day.isoformat(), sentence, moved_from.isoformat() if moved_from else None)


def parse_xml(body: bytes) -> Selector:
    """An XML document without its namespaces. What is none has another root than the one looked for."""
    root = Selector(body=body or b"<nothing/>", type="xml", encoding="utf-8")
    root.remove_namespaces()
    return root


def text(value: Any) -> str:
    """A string or number as one line, without mark-up; "" for anything else."""
    if isinstance(value, str):
        return fold(" ".join(block.text for block in read_fragment(value)) if "<" in value else value)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def number(value: Any) -> int | None:
    """A whole number, also where an interface writes it as `14628.0` or "14628"; None for anything else."""
    if isinstance(value, bool):
        return None
    try:
        return int(float(value))
    except (TypeError, ValueError, OverflowError):
        return None


def head_blocks(title: str, blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The title as a heading, and under it what says anything."""
    below = (replace(each, heading=(title, *each.heading)) for each in blocks if each.text)
    return (Block(BlockKind.HEADING, title, (title,)), *below)


def paragraph(value: Any) -> Block:
    return Block(BlockKind.PARAGRAPH, text(value))


def item(value: str) -> Block:
    return Block(BlockKind.ITEM, fold(value))


def iter_sentences(dates: Iterable[DateMention]) -> Iterator[Block]:
    return (Block(BlockKind.PARAGRAPH, each.sentence) for each in dates)


def strings(value: Any) -> list[str]:
    """The strings of a list; none where there is no list."""
    return [fold(each) for each in value if isinstance(each, str)] if isinstance(value, list) else []


def check_total(stated: Any, found: int, publisher: str, advice: str) -> None:
    """Raises ExtractionError (INCOMPLETE) where the interface says that there is more than it gave."""
    total = number(stated)
    if total is not None and total > found:
        raise ExtractionError(
            ProblemKind.INCOMPLETE,
            f"{publisher} says that the query has {total:,} results, and gave {found:,}",
            f"Narrow the query in `url`. {advice}",
        )


def not_of(publisher: str, answer: Answer, missing: str) -> ExtractionError:
    """The error for an answer that lacks what makes it one of this interface."""
    said = text(answer.body[:400].decode("utf-8", "replace"))[:200]
    return ExtractionError(
        ProblemKind.UNREADABLE,
        f"{publisher} answered without {missing}: {said or 'nothing'}",
        f"Open {answer.url} and see what it serves now; then correct `url` or `kind` in sources.yaml.",
    )
