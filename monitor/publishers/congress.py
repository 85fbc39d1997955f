"""Congress.gov bills → Entries, known by congress, type and number (119/s/1748).

A bill asked for by itself has its summaries, the versions of its text and its actions, each in the order of the
interface; one of a list has its last action. `updateDate` is when Congress.gov touched its data: nobody is told of it.

Does not do: deadlines. Congress sets none by data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitor.envelope import part, rows
from monitor.model import Entry
from monitor.publishers import reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from monitor.envelope import Answer
    from monitor.model import Block

NAME = "Congress.gov"
ADVICE = "Say from when on, such as fromDateTime={since:7d}T00:00:00Z, or watch single bills."

_PAGES = {
    "hr": "house-bill",
    "s": "senate-bill",
    "hjres": "house-joint-resolution",
    "sjres": "senate-joint-resolution",
    "hconres": "house-concurrent-resolution",
    "sconres": "senate-concurrent-resolution",
    "hres": "house-resolution",
    "sres": "senate-resolution",
}
"""What the public address of a bill calls its type."""


def read_congress(answers: Sequence[Answer]) -> tuple[Entry, ...]:
    """One bill, or the bills of all pages of a list in their order. Raises ExtractionError."""
    if bill := part(answers[0].content, "bill"):
        below = [write(row) for key, write in _LISTS.items() for row in _gather(answers[1:], key)]
        return (_read_bill(bill, below),)
    found: dict[str, Entry] = {}
    for answer in answers:
        if "bills" not in answer.content:
            raise reading.not_of(NAME, answer, "`bill` and `bills`")
        for row in rows(answer.content, "bills"):
            entry = _read_bill(row, [_act(part(row, "latestAction"))])
            found[entry.identity] = entry
    total = part(answers[0].content, "pagination").get("count")
    reading.check_total(total, len(found), NAME, ADVICE)
    return tuple(found.values())


def _gather(answers: Sequence[Answer], key: str) -> Iterator[Mapping[str, Any]]:
    """The rows of all pages of one list. Raises ExtractionError where there are fewer than it says."""
    pages = [each for each in answers if key in each.content]
    found = [row for each in pages for row in rows(each.content, key)]
    if pages:
        total = part(pages[0].content, "pagination").get("count")
        reading.check_total(total, len(found), NAME, "It is asked again at the next due time.")
    yield from found


def _read_bill(raw: Mapping[str, Any], below: Sequence[Block]) -> Entry:
    congress, type_, number_ = (reading.text(raw.get(key)) for key in ("congress", "type", "number"))
    title = ": ".join(filter(None, (f"{type_.upper()} {number_}", reading.text(raw.get("title")))))
    introduced = reading.parse_day(raw.get("introducedDate"))
    return Entry(
        identity=f"{congress}/{type_.lower()}/{number_}",
        url=f"https://www.congress.gov/bill/{congress}th-congress/{_PAGES.get(type_.lower(), 'bill')}/{number_}",
        title=title,
        published_at=reading.begin_day(introduced, reading.WASHINGTON),
        blocks=reading.head_blocks(title, [*_iter_facts(raw), *below]),
    )


def _iter_facts(raw: Mapping[str, Any]) -> Iterator[Block]:
    for each in rows(raw, "laws"):
        yield reading.item(f"Became law: {reading.text(each.get('type'))} {reading.text(each.get('number'))}")
    for each in rows(raw, "sponsors"):
        yield reading.item(f"Sponsor: {reading.text(each.get('fullName'))}")
    yield reading.item(reading.text(part(raw, "policyArea").get("name")))


def _summarise(raw: Mapping[str, Any]) -> Block:
    return reading.paragraph(raw.get("text"))


def _act(raw: Mapping[str, Any]) -> Block:
    day, words = reading.parse_day(raw.get("actionDate")), reading.text(raw.get("text"))
    return reading.item(f"{reading.write_day(day)}: {words}" if day and words else words)


def _version(raw: Mapping[str, Any]) -> Block:
    """`date` is midnight in Washington, written in UTC."""
    day, words = reading.parse_local_day(raw.get("date"), reading.WASHINGTON), reading.text(raw.get("type"))
    return reading.item(f"Text of {reading.write_day(day)}: {words}" if day and words else words)


_LISTS = {"summaries": _summarise, "textVersions": _version, "actions": _act}
"""How a row of each list is written, in the order of the lists."""
