"""CELLAR's answers → Entries: one for each act or proposal of a window, or one act with its newest text.

    identity     The CELEX number. A new consolidated text is a revision of the same act.
    dates        Each list of values as it comes (`_DATES`): CELLAR names entry into force and the days from which parts
                 apply in one list, and says of no day which part it is for. Its `deadlines` are those that the act sets
                 to anybody, reviews and reports included. 9999-12-31 and days before 1951 stand for "none" and
                 "unknown". Where an act is amended, its own dates stay: only the text has the new ones.
    correction   A corrigendum is an Entry of its own (32023R2878R(04)) without dates. Those without an English title
                 correct other languages.
    withdrawal   An act that is no longer in force and that another repeals; a proposal whose procedure is withdrawn.
                 Neither has dates any more. What merely expires has its end as a date.

A window has as many acts as it counts, or it is not believed.

Does not do: judging by the day of today, so an act that is not in force is not taken for one that no longer is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from monitor.celex import find_corrected, list_texts
from monitor.envelope import part, rows
from monitor.errors import ExtractionError
from monitor.extract.normalise import fold
from monitor.model import DateKind, DateMention, Entry, ProblemKind
from monitor.publishers import reading
from monitor.publishers.act_text import read_act_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from monitor.celex import ActText
    from monitor.envelope import Answer
    from monitor.model import Block

NAME = "CELLAR"
ADVICE = "Say from when on, such as since={since:90d}, or name fewer types."
FIRST_YEAR = 1951
"""The first Community treaty; CELLAR writes 1001-01-01 and 1003-03-03 for days that it does not know."""

_DATES = {
    "forces": (DateKind.EFFECTIVE, "Effective on", "entry into force or application"),
    "transpositions": (DateKind.COMPLIANCE, "To be transposed by", "transposition"),
    "deadlines": (DateKind.COMPLIANCE, "A deadline in the act is", "deadline"),
    "ends": (DateKind.SUNSET, "Ends on", "end of validity"),
}
"""By the name of the list: what happens on its days, the words for it, and what CELLAR calls it."""
_LISTS = (*_DATES, "in_force", "repealers", "withdrawn")
_YES, _NO = frozenset({"1", "true"}), frozenset({"0", "false"})
_PROPOSAL = re.compile(r"5\d{4}PC")
_NEVER_CONSOLIDATED = "5"


@dataclass(slots=True)
class _Act:
    """What all rows of one CELEX number say together."""

    celex: str
    title: str = ""
    day: date | None = None
    lists: dict[str, set[str]] = field(default_factory=lambda: {name: set() for name in _LISTS})


def read_cellar(answers: Sequence[Answer]) -> tuple[Entry, ...]:
    """The acts in their order. Raises ExtractionError."""
    at = next((at for at, each in enumerate(answers) if "item" in _variables(each)), len(answers))
    tables, listing, documents = answers[:at], answers[at : at + 1], answers[at + 1 :]
    for table in tables:
        if not _variables(table):
            raise reading.not_of(NAME, table, "`head` and `results`")
    acts = _gather(row for table in tables for row in _rows(table))
    if not listing:
        total = next((_value(row, "total") for table in tables for row in _rows(table) if "total" in row), None)
        reading.check_total(total, len(acts), NAME, ADVICE)
        return tuple(_entry(act, ()) for act in acts.values())
    if not acts:
        raise reading.not_of(NAME, listing[0], "any act of that number")
    text = _read_newest(listing[0], documents)
    return tuple(_entry(act, text) for act in acts.values())


def _variables(answer: Answer) -> list[str]:
    return reading.strings(part(answer.content, "head").get("vars"))


def _rows(answer: Answer) -> list[dict[str, Any]]:
    return rows(part(answer.content, "results"), "bindings")


def _value(row: Mapping[str, Any], name: str) -> str:
    return reading.text(part(row, name).get("value"))


def _gather(found: Iterator[Mapping[str, Any]]) -> dict[str, _Act]:
    """The acts by their number. One may come in several rows, as by two kinds of document that it is."""
    acts: dict[str, _Act] = {}
    for row in found:
        if celex := _value(row, "celex"):
            act = acts.setdefault(celex, _Act(celex))
            act.title = act.title or _value(row, "title")
            act.day = act.day or _find_day(_value(row, "date"))
            for name, values in act.lists.items():
                values.update(filter(None, _value(row, name).replace(" ", "").split(",")))
    return acts


def _find_day(value: str) -> date | None:
    day = reading.parse_day(value)
    return day if day and day.year >= FIRST_YEAR else None


def _read_text(text: ActText, bodies: Sequence[bytes]) -> tuple[Block, ...]:
    """What one text of an act says in its documents, after a line that names it. Nothing where they say nothing."""
    whole = text.celex.startswith(_NEVER_CONSOLIDATED)
    marked = [each for each in bodies if each.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")]
    blocks = [block for each in marked for block in read_act_text(each, preamble=whole)]
    words = f"consolidated as of {reading.write_day(text.day)}" if text.day else "as published"
    return (reading.item(f"Text {words} ({text.celex})"), *blocks) if blocks else ()


def _read_newest(listing: Answer, documents: Sequence[Answer]) -> tuple[Block, ...]:
    """Raises ExtractionError where there is no text, or not all of it."""
    texts = list_texts(listing.content, listing.url)
    blocks = _read_text(texts[-1], [each.body for each in documents]) if texts else ()
    if not blocks:
        raise reading.not_of(NAME, documents[-1] if documents else listing, "an English text of the act in (X)HTML")
    if len(documents) < len(texts[-1].urls):
        raise ExtractionError(
            ProblemKind.INCOMPLETE,
            f"{NAME} lists {len(texts[-1].urls)} documents of {texts[-1].celex}, and {len(documents)} were asked for",
            "The text is too large for this kind of source. Watch its page on EUR-Lex.",
        )
    return blocks


def _entry(act: _Act, text: Sequence[Block]) -> Entry:
    corrected = find_corrected(act.celex)
    title = _find_title(act, corrected)
    withdrawal = _find_withdrawal(act)
    dates = () if corrected or withdrawal else tuple(_iter_dates(act))
    head = [
        reading.item(withdrawal),
        reading.item(f"CELEX {act.celex}" + (f", of {reading.write_day(act.day)}" if act.day else "")),
        reading.item(f"Corrects {corrected}" if corrected else ""),
    ]
    return Entry(
        identity=act.celex,
        url=f"https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:{act.celex}",
        title=title,
        published_at=reading.begin_day(act.day, reading.BRUSSELS),
        blocks=reading.head_blocks(title, [*head, *reading.iter_sentences(dates), *text]),
        dates=dates,
        withdrawal=withdrawal,
    )


def _find_title(act: _Act, corrected: str) -> str:
    """Some corrigenda have the title of what they correct."""
    if not corrected or act.title.startswith("Corrigendum"):
        return act.title or act.celex
    return f"Corrigendum to {act.title or corrected}"


def _find_withdrawal(act: _Act) -> str:
    if _PROPOSAL.match(act.celex) and act.lists["withdrawn"] & _YES:
        return f"Withdrawn ({NAME})"
    repealers = sorted(act.lists["repealers"])
    if repealers and act.lists["in_force"] and act.lists["in_force"] <= _NO:
        return fold(f"No longer in force, repealed by {', '.join(repealers)} ({NAME})")
    return ""


def _iter_dates(act: _Act) -> Iterator[DateMention]:
    """Each day once for each thing that happens on it."""
    seen: set[tuple[DateKind, date]] = set()
    for name, (kind, words, listed_as) in _DATES.items():
        days = {day for each in act.lists[name] if (day := _find_day(each))}
        for day in sorted(days):
            if (kind, day) not in seen:
                seen.add((kind, day))
                yield DateMention(kind, day.isoformat(), f"{words} {reading.write_day(day)} ({NAME}, {listed_as})")
