"""Australia's Federal Register of Legislation → Entries, known by the id of their title (C2021A00076).

A title is a law for good, through renamings and amendments; each state of its text is a version. So a new compilation
is a revision of the same document: it shows the latest compilation and the versions that start after it, which are
known before they are compiled. Older ones are left out (`isLatest`), also those that the Register compiles in
hindsight; so the text does not change when they fall out of the window of a query.

    dates        `start` of these versions is EFFECTIVE. So is `end` of the last: it is the first day of what comes
                 next, an amendment or the end, and the interface does not say which. The end itself is SUNSET: the day
                 before a `statusPossibleFuture` of Repealed, Ceased or NeverEffective. Times are those of Canberra.
    withdrawal   `status` Repealed, Ceased or NeverEffective, except where the Legislation Act 2003 itself repeals what
                 is spent (Part 3 of Chapter 3: instruments that only amend, the day after they did).

Rests on answers that public repositories keep: F2019L01198, F2019L01091, and notes on live ones of C2004A00109 from
September 2026 (`end` is exclusive, `registerId` is null until there is a compilation, `isLatest` is of what is
compiled). Assumed, as no stored answer shows it: that times without a zone are Canberra's, and how a row of
`statusPossibleFuture` looks (as one of `statusHistory`). `isCurrent` ticks over by itself and is not read.

Does not do: the text of the law; Gazettes and titles are told by their name, status and dates.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from monitor.envelope import rows
from monitor.model import DateKind, DateMention, Entry
from monitor.publishers import reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from monitor.envelope import Answer
    from monitor.model import Block

    Row = Mapping[str, Any]

NAME = "Federal Register of Legislation"
ADVICE = "Say since when, such as $filter=registeredAt%20ge%20{since:7d}T00:00:00."
CANBERRA = ZoneInfo("Australia/Sydney")

_ENDED = frozenset({"Repealed", "Ceased", "NeverEffective"})
_SPENT = re.compile(r"\bPart 3 of Chapter 3\b.*\bC2004A01224\b", re.IGNORECASE)
"""C2004A01224 is the Legislation Act 2003."""
_LINK = re.compile(r"\[([^\]]*)\]\([^)\s]*\)")
_JOINT = re.compile(r"(?<=[a-z])(?=[A-Z])")


def read_legislation_gov_au(answers: Sequence[Answer]) -> tuple[Entry, ...]:
    """One title, or the titles of all pages in the order in which they are first named. Raises ExtractionError."""
    first = answers[0].content
    if id_ := reading.text(first.get("id")):
        return (_read_title(id_, first, _find_shown(rows(first, "versions"))),)
    found: dict[tuple[str, ...], Row] = {}
    for answer in answers:
        if not isinstance(answer.content.get("value"), list):
            raise reading.not_of(NAME, answer, "`value` and `id`")
        found |= {_key(each): each for each in rows(answer.content, "value") if _find_id(each)}
    reading.check_total(first.get("@odata.count"), len(found), NAME, ADVICE)
    grouped: dict[str, list[Row]] = {}
    for each in found.values():
        grouped.setdefault(_find_id(each), []).append(each)
    return tuple(entry for id_, each in grouped.items() if (entry := _find_entry(id_, each)))


def _find_id(row: Row) -> str:
    return reading.text(row.get("titleId")) or reading.text(row.get("id"))


def _key(row: Row) -> tuple[str, ...]:
    return (_find_id(row), str(row.get("start")), str(row.get("retrospectiveStart")))


def _find_entry(id_: str, found: Sequence[Row]) -> Entry | None:
    """The title of a list of titles, or the one whose versions these are; None where all of them are old ones."""
    if "titleId" not in found[0]:
        return _read_title(id_, found[0], ())
    shown = _find_shown(found)
    if not shown:
        return None
    ended = [shown[0]] if _is_over(shown[0]) else []
    raw = {"name": shown[0].get("name"), "status": shown[0].get("status"), "statusHistory": ended}
    return _read_title(id_, raw, shown)


def _find_shown(versions: Sequence[Row]) -> list[Row]:
    """The latest compilation, and the versions from then on."""
    standing = [each for each in versions if each.get("isLatest") is not False or not each.get("registerId")]
    compiled = max((_start(each) for each in standing if each.get("registerId")), default="")
    return sorted((each for each in standing if _start(each) >= compiled), key=_start)


def _start(version: Row) -> str:
    return str(version.get("start") or "")


def _read_title(id_: str, raw: Row, shown: Sequence[Row]) -> Entry:
    title = reading.text(raw.get("name")) or id_
    status, ended = _find_status(raw), _is_over(raw)
    words = _write_status(raw, status)
    withdrawal = f"{words} ({NAME})" if ended and not _is_spent(status) else ""
    dates = () if ended else tuple(_iter_dates(raw, shown))
    registered = _day(max((str(each.get("registeredAt") or "") for each in shown), default=""))
    return Entry(
        identity=id_,
        url=f"https://www.legislation.gov.au/{id_}/latest/text",
        title=title,
        published_at=reading.begin_day(registered or _day(raw.get("asMadeRegisteredAt")), CANBERRA),
        blocks=reading.head_blocks(title, _iter_blocks(id_, raw, withdrawal or words, shown, dates)),
        dates=dates,
        withdrawal=withdrawal,
    )


def _find_status(raw: Row) -> Row:
    """Since when it has the status that it has, and why; an empty row where that is not said."""
    history = [each for each in rows(raw, "statusHistory") if each.get("status") == raw.get("status")]
    return max(history, key=_start, default={})


def _write_status(raw: Row, status: Row) -> str:
    """Repealed from 15 July 2001: sch 1 (item 1) of the Invented Act 2001."""
    words = _say(raw.get("status"))
    day, grounds = _day(status.get("start")), _write_grounds(status)
    since = f"{words} from {reading.write_day(day)}" if words and day else words
    return ": ".join(filter(None, (since, grounds)))


def _is_over(row: Row) -> bool:
    return reading.text(row.get("status")) in _ENDED


def _is_spent(status: Row) -> bool:
    return any(_SPENT.search(str(each.get("markdown"))) for each in rows(status, "reasons"))


def _iter_dates(raw: Row, shown: Sequence[Row]) -> Iterator[DateMention]:
    effective = {day: f"start of {_name_version(each)}" for each in shown if (day := _day(each.get("start")))}
    if shown and (end := _day(shown[-1].get("end"))):
        effective.setdefault(end, f"end of {_name_version(shown[-1])}")
    for day, field in effective.items():
        yield reading.state_date(DateKind.EFFECTIVE, day, NAME, field)
    for each in rows(raw, "statusPossibleFuture"):
        if _is_over(each) and not _is_spent(each) and (day := _day(each.get("start"))):
            field = f"{_say(each.get('status')).lower()} from {reading.write_day(day)}"
            yield reading.state_date(DateKind.SUNSET, day - timedelta(days=1), NAME, field)


def _iter_blocks(
    id_: str, raw: Row, status: str, shown: Sequence[Row], dates: Iterable[DateMention]
) -> Iterator[Block]:
    yield reading.item(status)
    for each in shown:
        yield reading.item(_write_version(each))
    if any(each.get("hasUnincorporatedAmendments") is True for each in shown) or (
        raw.get("hasCommencedUnincorporatedAmendments") is True
    ):
        yield reading.item("Amendments have commenced that no compilation shows yet.")
    yield from reading.iter_sentences(dates)
    yield reading.item("; ".join(_iter_facts(id_, raw)))


def _iter_facts(id_: str, raw: Row) -> Iterator[str]:
    """What it is, and by which number lawyers know it."""
    number, year, made = reading.text(raw.get("number")), reading.text(raw.get("year")), _day(raw.get("makingDate"))
    yield from filter(None, (_say(raw.get("collection")), _say(raw.get("subCollection"))))
    if series := f"No. {number} of {year}" if number and year else reading.text(raw.get("optionalSeriesNumber")):
        yield series
    if made:
        yield f"made on {reading.write_day(made)}"
    yield id_


def _write_version(version: Row) -> str:
    """From 1 July 2026: compilation 165 (C2026C00323), by sch 1 (item 66) of the Invented Act 2025."""
    day, id_, grounds = _day(version.get("start")), reading.text(version.get("registerId")), _write_grounds(version)
    name = f"{_name_version(version)} ({id_})" if id_ else _name_version(version)
    since = f"From {reading.write_day(day)}: {name}" if day else name
    return f"{since}, by {grounds}" if grounds else since


def _name_version(version: Row) -> str:
    number = reading.number(version.get("compilationNumber"))
    if number is None:
        return "a version that is not compiled yet"
    return f"compilation {number}" if number else "the version as made"


def _write_grounds(row: Row) -> str:
    """By what and where in it; the names of laws are links in it."""
    return "; ".join(filter(None, (_write_reason(each) for each in rows(row, "reasons"))))


def _write_reason(reason: Row) -> str:
    return reading.text(_LINK.sub(r"\1", reading.text(reason.get("markdown"))))


def _say(name: Any) -> str:
    """`NeverEffective` as Never effective."""
    return _JOINT.sub(" ", reading.text(name)).capitalize()


def _day(value: Any) -> date | None:
    return reading.parse_local_day(value, CANBERRA, CANBERRA)
