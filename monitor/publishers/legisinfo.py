"""Canada's LEGISinfo bills → Entries, known by session and number (45-1/C-63). Numbers begin anew with each session.

A list calls a field otherwise than the answer about one bill does (BillNumberFormatted, NumberCode), and some lists
were seen with the names of the latter: each is read by whichever name it has. `LatestActivity` of a list is told
without its day, as every sitting moves that; the stages have theirs.

    dates        Royal assent is EFFECTIVE, "unless the Act sets another day": Interpretation Act (R.S.C. 1985,
                 c. I-21), section 5(2). The interface has no field for another day. Times without a zone are Ottawa's;
                 `0001-01-01T00:00:00` is none.
    withdrawal   A `status` of defeated, withdrawn, not proceeded with, rejected or dropped. And what was no law when
                 its session ended, unless it was reinstated in the next: it died on the order paper, which the status
                 does not say. What is "Outside the Order of Precedence" waits.

Rests on public clients of 2022 to 2026 and their tests: the names of fields, times with and without a zone, the states
"Bill defeated" and "Bill not proceeded with", `IsSessionOngoing`. Assumed, as no stored answer shows it: the other
words for a withdrawal; that `IsFromCurrentSession` of a list says the same as `IsSessionOngoing` does of one bill.

Does not do: the texts of bills, committees, votes. French is left out.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from monitor.envelope import part, rows
from monitor.model import DateKind, Entry
from monitor.publishers import reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from monitor.envelope import Answer
    from monitor.model import Block, DateMention

    Row = Mapping[str, Any]

NAME = "LEGISinfo"
OTTAWA = ZoneInfo("America/Toronto")

_CHAMBERS = {1: "House of Commons", 2: "Senate"}
"""By the ids that the interface gives them."""
_READINGS = {
    f"Passed{short}{nth}ReadingDateTime": f"{nth} reading in the {chamber}"
    for short, chamber in (("House", "House of Commons"), ("Senate", "Senate"))
    for nth in ("First", "Second", "Third")
}
_ASSENT = "ReceivedRoyalAssentDateTime"
_WITHDRAWN = re.compile(r"\b(?:defeated|withdrawn|not proceeded with|rejected|dropped)\b", re.IGNORECASE)


def read_legisinfo(answers: Sequence[Answer]) -> tuple[Entry, ...]:
    """The bills in their order. Raises ExtractionError."""
    found: dict[str, Entry] = {}
    for raw in _read_array(answers[0]):
        number, session = _text(raw, "BillNumberFormatted", "NumberCode").upper(), _find_session(raw)
        if number and session:
            found[f"{session}/{number}"] = _read_bill(session, number, raw)
    return tuple(found.values())


def _read_array(answer: Answer) -> list[Row]:
    """Raises ExtractionError where the answer is no array, as a page about a fault is none."""
    try:
        content = json.loads(answer.body)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, list):
        raise reading.not_of(NAME, answer, "an array of bills")
    return [each for each in content if isinstance(each, dict)]


def _find_session(raw: Row) -> str:
    parliament, session = reading.number(raw.get("ParliamentNumber")), reading.number(raw.get("SessionNumber"))
    return f"{parliament}-{session}" if parliament and session else _text(raw, "ParlSessionCode")


def _read_bill(session: str, number: str, raw: Row) -> Entry:
    short, long = _text(raw, "ShortTitleEn", "ShortTitle"), _text(raw, "LongTitleEn", "LongTitle")
    title = ": ".join(filter(None, (number, short or long)))
    withdrawal = _write_withdrawal(raw)
    dates = () if withdrawal else tuple(_iter_dates(raw))
    first = min(filter(None, (_day(raw.get(field)) for field in _READINGS)), default=None)
    return Entry(
        identity=f"{session}/{number}",
        url=f"https://www.parl.ca/legisinfo/en/bill/{session}/{number.lower()}",
        title=title,
        published_at=reading.begin_day(first, OTTAWA),
        blocks=reading.head_blocks(title, _iter_blocks(raw, long if short else "", withdrawal, dates)),
        dates=dates,
        withdrawal=withdrawal,
    )


def _write_withdrawal(raw: Row) -> str:
    """What says that it will be no law; "" as long as it may be, or where it is one."""
    status = _find_status(raw)
    if raw.get("ReceivedRoyalAssent") is True or _day(raw.get(_ASSENT)):
        return ""
    if _WITHDRAWN.search(status):
        return f"{status} ({NAME})"
    over = raw.get("IsSessionOngoing") is False or raw.get("IsFromCurrentSession") is False
    if over and raw.get("DidReinstateInNextSession") is not True:
        return f"Died when its session ended ({NAME})"
    return ""


def _find_status(raw: Row) -> str:
    return _text(raw, "CurrentStatusEn", "StatusNameEn", "StatusName")


def _iter_dates(raw: Row) -> Iterator[DateMention]:
    if day := _day(raw.get(_ASSENT)):
        yield reading.state_date(DateKind.EFFECTIVE, day, NAME, "royal assent, unless the Act sets another day")


def _iter_blocks(raw: Row, long_title: str, withdrawal: str, dates: Sequence[DateMention]) -> Iterator[Block]:
    status = _find_status(raw)
    yield reading.paragraph(long_title)
    yield reading.paragraph(_text(raw, "ShortLegislativeSummaryEn", "ShortLegislativeSummary"))
    yield reading.item(withdrawal)
    yield reading.item(f"Status: {status}" if status else "")
    yield reading.item(_write_activity(raw))
    for each in _list_stages(raw):
        yield reading.item(each)
    yield from reading.iter_sentences(dates)
    yield reading.item("; ".join(_iter_facts(raw)))


def _write_activity(raw: Row) -> str:
    words, chamber = (
        _text(raw, "LatestActivityEn", "LatestBillEventTypeNameEn"),
        _text(raw, "LatestBillEventChamberNameEn"),
    )
    where = f" in the {chamber}" if chamber and chamber not in words else ""
    return f"Latest activity: {words}{where}" if words else ""


def _list_stages(raw: Row) -> list[str]:
    """Second reading in the House of Commons, 12 March 2026. The oldest first."""
    dated = [(day, words) for field, words in _READINGS.items() if (day := _day(raw.get(field)))]
    if assent := _day(raw.get(_ASSENT)):
        dated.append((assent, "Royal assent"))
    dated += _iter_events(part(raw, "BillStages"))
    ordered = sorted(dict.fromkeys(dated), key=lambda each: each[0])
    return [f"{words}, {reading.write_day(day)}" for day, words in ordered]


def _iter_events(stages: Row) -> Iterator[tuple[date, str]]:
    """What happened in the stages of one bill; they stand in a list for each chamber."""
    for stage in (each for key in stages for each in rows(stages, key)):
        chamber = _CHAMBERS.get(reading.number(stage.get("ChamberOrganizationId")) or 0)
        for event in rows(stage, "SignificantEvents"):
            words, day = _text(event, "EventNameEn"), _day(event.get("EventDateTime"))
            if words and day:
                yield day, f"{words} in the {chamber}" if chamber else words


def _iter_facts(raw: Row) -> Iterator[str]:
    yield from filter(None, [_text(raw, "BillTypeEn", "BillDocumentTypeNameEn")])
    if sponsor := _text(raw, "SponsorEn", "SponsorPersonName"):
        yield f"Sponsor: {sponsor}"


def _text(raw: Row, *names: str) -> str:
    """The first of these fields that says anything."""
    return next(filter(None, (reading.text(raw.get(name)) for name in names)), "")


def _day(value: Any) -> date | None:
    return reading.parse_local_day(value, OTTAWA, OTTAWA)
