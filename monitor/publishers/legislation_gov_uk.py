"""legislation.gov.uk → Entries, known by the path of what they are about: a law, a change, a file, a section.

    /new, /all …   A law as it is listed. That an editor touched it (`updated`) is no news; that it was repealed, is.
    /changes       All that one law does to another (`uksi/2026/386 on eur/2016/679`), an item for each effect. Many are
                   made at once, by one order; so people hear of the order, once. Whether the editors have worked an
                   effect into their text (`Applied`) is their business and left out, as are notes for them.
    /update        A file of the publication log: an original, a point in time, a correction slip, a memorandum. That it
                   was put up again says nothing. Its last event counts.
    data.xml       A law or section of it, as it stands now (`monitor.publishers.clml`).

    dates        `InForce` of the effects, `ComingIntoForce` of an instrument. A prospective effect has none yet.
    withdrawal   `pbl:Event` withdrawn; a law or section that is repealed.

Titles in English where there are two languages. Ids are written with http and stand for https.

Does not do: the texts of the laws that a feed names; deadlines from editors' comments.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from monitor.errors import ExtractionError
from monitor.extract.normalise import fold
from monitor.extract.quality import check_challenge
from monitor.model import DateKind, Entry, ProblemKind
from monitor.publishers import reading
from monitor.publishers.clml import REPEALED, cut_host, read_legislation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from parsel import Selector

    from monitor.envelope import Answer
    from monitor.model import Block

NAME = "legislation.gov.uk"
LONDON = ZoneInfo("Europe/London")
ADVICE = (
    "For changes name the years of the laws that make them (/changes/affected/…/affecting/all/2025-2026/data.feed), "
    "for the publication log a law, a type or a day."
)
WINDOW = timedelta(days=30)
"""So far back the spider goes in a feed without an end."""

_EVENT = re.compile(r"/(?:published|withdrawn)/\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)?$")
_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")
_DIGITS = re.compile(r"(\d+)")
_FOR_EDITORS = re.compile(r"\beditors?\b|^\W*NB\b", re.IGNORECASE)
"""Comments are the editors' own; some say what an effect depends on, others how to work it in."""
_ENTRY = "/feed/entry"
_DAYS = "./InForceDates/InForce/@Date"
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def read_legislation_gov_uk(answers: Sequence[Answer]) -> tuple[Entry, ...]:
    """The laws, changes or files of all pages of a feed, or the one law that was asked for. Raises ExtractionError."""
    pages = [reading.parse_xml(each.body) for each in answers]
    path = urlsplit(answers[0].url).path
    if pages[0].xpath("/Legislation"):
        return (_read_text(path.removesuffix("/data.xml"), pages[0]),)
    for answer, page in zip(answers, pages, strict=True):
        _check_feed(answer, page)
    _check_whole(path, pages)
    rows = sorted((row for page in pages for row in page.xpath(_ENTRY)), key=_updated_at, reverse=True)
    effects = _group(effect for row in rows for effect in row.xpath("./content/Effect"))
    found = {each.identity: each for each in map(_read_effects, effects)}
    for row in rows:
        if not row.xpath("./content/Effect") and (entry := _read_row(row)):
            found.setdefault(entry.identity, entry)
    return tuple(found.values())


def _first(part: Selector, path: str) -> str:
    return fold(part.xpath(path).get(""))


def _check_feed(answer: Answer, page: Selector) -> None:
    if not page.xpath("/feed"):
        check_challenge(answer.body.decode("utf-8", "replace"))
        raise reading.not_of(NAME, answer, "a feed or a law")


def _check_whole(path: str, pages: Sequence[Selector]) -> None:
    """Raises ExtractionError where more follows that belongs to the question: all changes, else those of a window."""
    ids = [{_first(row, "./id/text()") for row in page.xpath(_ENTRY)} for page in pages]
    if path.startswith("/changes/"):
        total = _first(pages[0], "/feed/totalResults/text()")
        reading.check_total(total, len(set[str]().union(*ids)), NAME, ADVICE)
    is_over = ids[-1] <= set[str]().union(*ids[:-1]) or not reading.number(_first(pages[-1], "/feed/morePages/text()"))
    if not is_over and not _is_past_window(path, pages):
        raise ExtractionError(
            ProblemKind.INCOMPLETE,
            f"{NAME} has more than the {len(pages)} pages that were asked for",
            f"Narrow the query in `url`. {ADVICE}",
        )


def _is_past_window(path: str, pages: Sequence[Selector]) -> bool:
    """Whether the last page is older than the spider has to go."""
    moment = "published" if path.startswith("/new/") else "updated"
    newest, last = (_find_last_day(page, moment) for page in (pages[0], pages[-1]))
    return bool(not path.startswith("/changes/") and newest and last and newest - last > WINDOW)


def _find_last_day(page: Selector, moment: str) -> date | None:
    written = page.xpath(f"{_ENTRY}/{moment}/text()").getall()
    return max(filter(None, (reading.parse_day(each.strip()) for each in written)), default=None)


def _updated_at(row: Selector) -> datetime:
    try:
        moment = datetime.fromisoformat(_first(row, "./updated/text()"))
    except ValueError:
        return _LONG_AGO
    return moment if moment.tzinfo else moment.replace(tzinfo=LONDON)


def _parse_moment(row: Selector, *names: str) -> datetime | None:
    """The beginning of the day in London that the first of these elements names."""
    days = (reading.parse_local_day(_first(row, f"./{name}/text()"), LONDON, LONDON) for name in names)
    return reading.begin_day(next(filter(None, days), None), LONDON)


def _find_english(part: Selector, name: str) -> str:
    """The words of an element, in English where they are also there in Welsh."""
    either = part.xpath(f"./{name}")
    english = either.xpath('.//*[@lang="en"]') or [each for each in either if each.attrib.get("lang") != "cy"]
    return fold(" ".join(each.xpath("string()").get("") for each in (english or either)[:1]))


def _link(path: str) -> str:
    return f"https://www.legislation.gov.uk{path}"


def _read_row(row: Selector) -> Entry | None:
    return _read_event(row) if row.xpath("./ContentType") else _read_law(row)


def _read_law(row: Selector) -> Entry | None:
    """A law as lists have it; None for an entry that names none."""
    path = cut_host(_first(row, "./id/text()"))
    title = _find_english(row, "title") or path
    if not path:
        return None
    made = reading.parse_day(_first(row, "./CreationDate/@Date"))
    facts = [_write_number(row), f"enacted or made on {reading.write_day(made)}" if made else ""]
    subjects = row.xpath("./category/@term").getall()
    blocks = [
        reading.item("; ".join(filter(None, facts))),
        reading.paragraph(_find_english(row, "summary")),
        reading.item(f"Subjects: {', '.join(subjects)}" if subjects else ""),
    ]
    published_at = _parse_moment(row, "published") or reading.begin_day(made, LONDON)
    return Entry(
        identity=path.strip("/"),
        url=_link(path),
        title=title,
        published_at=published_at or _parse_moment(row, "updated"),
        blocks=reading.head_blocks(title, blocks),
    )


def _write_number(row: Selector) -> str:
    """United Kingdom Statutory Instrument 2026 No. 412 (C. 35): C is that of commencement orders."""
    type_, year, number = (_first(row, f"./{name}/@Value") for name in ("DocumentMainType", "Year", "Number"))
    others = [[each.attrib.get(key, "") for key in ("Category", "Value")] for each in row.xpath("./AlternativeNumber")]
    series = [f"({category}. {value})" for category, value in others]
    return " ".join(filter(None, [_WORDS.sub(" ", type_), year, f"No. {number}" if number else "", *series]))


def _read_event(row: Selector) -> Entry | None:
    """A file of the publication log and its last event; None for an entry that names none."""
    withdrawn = _first(row, "./Event/text()") == "withdrawn"
    item = _first(row, "./Item_Withdrawn/text()|./Item_Published/text()") or _first(row, "./id/text()")
    path, about = _EVENT.sub("", cut_host(item)), cut_host(_first(row, "./identifier/text()"))
    if not path:
        return None
    title = " ".join(filter(None, [_find_english(row, "title") or about, _write_version(row)]))
    facts = "; ".join(filter(None, _iter_facts(row)))
    words = f"Withdrawn ({NAME}, pbl:Event): {facts}" if withdrawn else ""
    return Entry(
        identity=f"{path.strip('/')} of {about.strip('/')}",
        url=_link(cut_host(_first(row, "./Document/text()")) or about or path),
        title=title or path,
        published_at=_parse_moment(row, "updated") if withdrawn else _parse_moment(row, "published", "updated"),
        blocks=reading.head_blocks(title or path, [reading.item(words or facts)]),
        withdrawal=fold(words),
    )


def _write_version(row: Selector) -> str:
    """(as of 21 July 2022), for a point in time."""
    day = reading.parse_day(_first(row, "./Document/text()").rpartition("/")[2])
    return f"(as of {reading.write_day(day)})" if day else ""


def _iter_facts(row: Selector) -> Iterator[str]:
    slip, direction = (_first(row, f"./{name}/text()") for name in ("CorrectionSlipNumber", "Direction"))
    yield f"Correction slip {slip}" if slip else ""
    yield f"{_first(row, './ContentType/text()')} {direction}".strip()
    yield _write_number(row)
    yield ", ".join(filter(None, [_first(row, "./Format/text()"), _first(row, "./language/text()")]))


def _group(effects: Iterable[Selector]) -> Iterable[list[Selector]]:
    """Effects of one law on another together, each once: the pages of a feed that grows overlap."""
    groups: dict[tuple[str, str], dict[str, Selector]] = {}
    for each in effects:
        id_ = each.attrib.get("EffectId") or each.attrib.get("URI", "")
        groups.setdefault(_find_pair(each), {}).setdefault(id_, each)
    return [list(each.values()) for each in groups.values()]


def _find_pair(effect: Selector) -> tuple[str, str]:
    """The law that changes and the law that is changed, as `uksi/2026/386`."""
    affecting, affected = (cut_host(effect.attrib.get(key, "")).strip("/") for key in ("AffectingURI", "AffectedURI"))
    return affecting, affected


def _read_effects(effects: Sequence[Selector]) -> Entry:
    """All that one law does to another. In the order of the provisions, because that of the feed changes."""
    first = effects[0]
    affecting, affected = _find_pair(first)
    names = [_find_english(first, "AffectingTitle") or affecting]
    names.append(_find_english(first, "AffectedShortTitle") or _find_english(first, "AffectedTitle") or affected)
    title = f"{names[0] or 'A law'}: changes to {names[1] or 'another'}"
    written = sorted({_write_effect(each) for each in effects}, key=_in_order)
    days = {day for each in effects for at in each.xpath(_DAYS).getall() if (day := reading.parse_day(at))}
    dates = tuple(reading.state_date(DateKind.EFFECTIVE, day, NAME, "InForce") for day in sorted(days))
    recorded = [day for each in effects if (day := reading.parse_local_day(each.attrib.get("Modified"), LONDON))]
    return Entry(
        identity=f"{affecting} on {affected}",
        url=_link(f"/changes/affected/{affected}/affecting/{affecting}"),
        title=title,
        published_at=reading.begin_day(min(recorded, default=None), LONDON),
        blocks=reading.head_blocks(title, [*map(reading.item, written), *reading.iter_sentences(dates)]),
        dates=dates,
    )


def _write_effect(effect: Selector) -> str:
    """Such as `s. 12(3): words inserted by reg. 2(1)(a); wholly in force on 1 May 2032 (by uksi/2032/50)`."""
    what, by, where = (effect.attrib.get(key, "") for key in ("Type", "AffectingProvisions", "AffectedProvisions"))
    starts = effect.xpath("./InForceDates/InForce[@Date]") or effect.xpath("./InForceDates/InForce[@Prospective]")[:1]
    remarks = [effect.attrib.get(key, "") for key in ("Notes", "Comments")]
    parts = [f"{what} by {by}" if by else what, *map(_write_start, starts)]
    told = "; ".join(filter(None, [*parts, *(each for each in remarks if not _FOR_EDITORS.search(each))])) or "changed"
    return f"{where}: {told}" if where else told


def _write_start(in_force: Selector) -> str:
    """When it begins to hold, for what, and by which order. A prospective effect keeps its mark beside its dates."""
    qualification, limits = (in_force.attrib.get(key, "") for key in ("Qualification", "Comments"))
    day = reading.parse_day(in_force.attrib.get("Date"))
    order = cut_host(in_force.attrib.get("CommencingURI", "")).strip("/")
    words = qualification if "force" in qualification else f"in force {qualification}".strip()
    when = reading.write_day(day) if day else "a day that is not set yet"
    return " ".join(filter(None, [f"{words} on {when}", f"(by {order})" if order else "", limits]))


def _in_order(words: str) -> list[tuple[int, str]]:
    """Section 9 before section 10."""
    return [(int(each), "") if each.isdecimal() else (-1, each) for each in _DIGITS.split(words)]


def _read_text(path: str, root: Selector) -> Entry:
    law = read_legislation(root)
    place = path.removeprefix(cut_host(root.attrib.get("IdURI", ""))).replace("/", " ").strip()
    title = f"{law.title}, {place}" if law.title and place else law.title or path
    dates = tuple(reading.state_date(DateKind.EFFECTIVE, day, NAME, "ComingIntoForce") for day in law.in_force)
    withdrawal = REPEALED if law.is_repealed else ""
    blocks: list[Block] = [reading.item(withdrawal), *reading.iter_sentences(dates), *law.blocks]
    return Entry(
        identity=path.strip("/"),
        url=_link(path),
        title=title,
        published_at=reading.begin_day(law.valid_from, LONDON),
        blocks=reading.head_blocks(title, blocks),
        dates=dates,
        withdrawal=withdrawal,
    )
