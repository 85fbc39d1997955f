"""Irish bills, as the Oireachtas gives them → Entries, known by year and number (2025/75). They keep them as an Act.

Stages and events have days without a time, those of Dublin; a stage of several sittings has several, and the same one
may be named twice. `lastUpdated` is when the data was touched, and `stageCompleted` does not say whether a stage is
over (a real Report Stage of an Act is not): nobody is told of them.

    dates        `act.dateSigned` is EFFECTIVE, "unless the Act sets another day": Constitution of Ireland, Article
                 25.4.1°. The interface does not know commencement orders.
    withdrawal   `status` Withdrawn, Lapsed, Defeated or Rejected. Not the event "Bill Lapsed": bills lapse when the
                 Dáil is dissolved, and are restored (the bill 97 of 2023 is an Act).

Rests on the interface's own list of states, and on a stored answer about the bill 97 of 2023. Assumed: that `billCount`
counts what the query finds, as public clients take it.

Does not do: debates, amendments, the Irish titles and texts.
"""

from __future__ import annotations

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

NAME = "Oireachtas"
ADVICE = "Say from when on, such as last_updated={since:30d}."
DUBLIN = ZoneInfo("Europe/Dublin")

_WITHDRAWN = frozenset({"Withdrawn", "Lapsed", "Defeated", "Rejected"})


def read_oireachtas(answers: Sequence[Answer]) -> tuple[Entry, ...]:
    """The bills of all pages, in their order. Raises ExtractionError."""
    found: dict[str, Entry] = {}
    for answer in answers:
        if not isinstance(answer.content.get("results"), list):
            raise reading.not_of(NAME, answer, "`results`")
        for raw in (part(each, "bill") for each in rows(answer.content, "results")):
            year, number = reading.text(raw.get("billYear")), reading.text(raw.get("billNo"))
            if year and number:
                found[f"{year}/{number}"] = _read_bill(year, number, raw)
    counts = part(part(answers[0].content, "head"), "counts")
    reading.check_total(counts.get("billCount"), len(found), NAME, ADVICE)
    return tuple(found.values())


def _read_bill(year: str, number: str, raw: Row) -> Entry:
    title = reading.text(raw.get("shortTitleEn")) or f"Bill {number} of {year}"
    status = reading.text(raw.get("status"))
    withdrawal = f"{status} ({NAME})" if status in _WITHDRAWN else ""
    dates = () if withdrawal else tuple(_iter_dates(raw))
    first = min((day for each in _iter_happenings(raw) for day in _list_days(each)), default=None)
    return Entry(
        identity=f"{year}/{number}",
        url=f"https://www.oireachtas.ie/en/bills/bill/{year}/{number}/",
        title=title,
        published_at=reading.begin_day(first, DUBLIN),
        blocks=reading.head_blocks(title, _iter_blocks(raw, withdrawal or (status and f"Status: {status}"), dates)),
        dates=dates,
        withdrawal=withdrawal,
    )


def _iter_dates(raw: Row) -> Iterator[DateMention]:
    if day := reading.parse_day(part(raw, "act").get("dateSigned")):
        yield reading.state_date(DateKind.EFFECTIVE, day, NAME, "signed, unless the Act sets another day")


def _iter_blocks(raw: Row, status: str, dates: Sequence[DateMention]) -> Iterator[Block]:
    yield reading.paragraph(raw.get("longTitleEn"))
    yield reading.item(status)
    yield reading.item(_write_act(part(raw, "act")))
    for words in dict.fromkeys(_write_happening(each) for each in _iter_happenings(raw)):
        yield reading.item(words)
    for version in (part(each, "version") for each in rows(raw, "versions")):
        yield reading.item(_write_version(version))
    yield from reading.iter_sentences(dates)
    yield reading.item("; ".join(_iter_sponsors(raw)))


def _write_act(act: Row) -> str:
    number, year = reading.text(act.get("actNo")), reading.text(act.get("actYear"))
    title = reading.text(act.get("shortTitleEn"))
    return ": ".join(filter(None, (f"Act {number} of {year}", title))) if number and year else ""


def _iter_happenings(raw: Row) -> Iterator[Row]:
    """The stages and then the events, each in their order; the last stage stands among them or by itself."""
    for each in (*rows(raw, "stages"), part(raw, "mostRecentStage"), *rows(raw, "events")):
        yield part(each, "event")


def _list_days(happening: Row) -> list[date]:
    days = (reading.parse_day(each.get("date")) for each in rows(happening, "dates"))
    return sorted({day for day in days if day})


def _write_happening(happening: Row) -> str:
    """Committee Stage in Dáil Éireann, 5 March 2025, 6 March 2025."""
    words, chamber = reading.text(happening.get("showAs")), reading.text(part(happening, "chamber").get("showAs"))
    where = f"{words} in {chamber}" if words and chamber else words
    days = map(reading.write_day, _list_days(happening))
    return ", ".join((where, *days)) if where else ""


def _write_version(version: Row) -> str:
    """Text: As Initiated, 19 December 2023. "" for the Irish one."""
    words, day = reading.text(version.get("showAs")), reading.parse_day(version.get("date"))
    if not words or version.get("lang") == "gle":
        return ""
    return f"Text: {words}, {reading.write_day(day)}" if day else f"Text: {words}"


def _iter_sponsors(raw: Row) -> Iterator[str]:
    for each in (part(each, "sponsor") for each in rows(raw, "sponsors")):
        names = (reading.text(part(each, key).get("showAs")) for key in ("as", "by"))
        if name := ", ".join(filter(None, names)):
            yield f"Sponsor: {name}"
