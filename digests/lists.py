"""What a Digest lists in one line each: alerts told before, what is due, deadlines, problems, and what is not told.

Texts from outside come out as they went in: each form escapes them for its own place.

Does not do: layout, escaping, choosing what is listed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from digests import wording
from digests.grouping import group_changes
from digests.wording import UNDECIDED, from_now, is_full, person_name, written_date
from digests.words import count, path
from monitor.model import MISSING_HERE, ChangeKind, Period, ProblemKind, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from digests.grouping import Item
    from monitor.model import Deadline, Digest, DigestChange, OpenItem, Person, Problem, Severity

MOST = 10
"""Lines of deadlines or overdue items that are shown; the rest is counted."""

MOST_HANDED_OVER = 15
"""Changes of a reminder or an escalation that are shown; the rest is counted."""

ALERTED = "Already told as alerts"
ROLL_UP = "Told this week"
OVERDUE = "Overdue"
DEADLINES = "Deadlines of the next 30 days"
UNDELIVERED = "What did not get through"

_BLIND = "What we cannot see"
_DOUBTS = {
    ProblemKind.UNSTABLE: "What does not stand still",
    ProblemKind.GAP: "Where entries may have been missed",
    ProblemKind.NO_ENTRIES: "Feeds that have fallen silent",
    ProblemKind.DRIFTING: "Texts that have become another size, step by step",
    ProblemKind.KEEPS_LESS: "Pages of which less and less is kept",
}

_NAMED = 20
"""Changes of a group that a line names by number."""

_QUIET = {
    ChangeKind.LINKS: ("change of links only", "changes of links only"),
    ChangeKind.WHITESPACE: ("change of white space", "changes of white space"),
    ChangeKind.MOVED: ("moved text", "moved texts"),
    ChangeKind.RENUMBERED: ("renumbering", "renumberings"),
    ChangeKind.DATE_TICK: ("date or counter that ticked", "dates or counters that ticked"),
    ChangeKind.BOILERPLATE: ("change around the text", "changes around the text"),
    ChangeKind.REVERTED: ("return to an earlier text", "returns to an earlier text"),
    ChangeKind.TRANSLATION: ("translation", "translations"),
    ChangeKind.RE_EXTRACTED: ("text that we now read better", "texts that we now read better"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line. What is empty is left out."""

    lead: str = ""
    """What stands out."""
    name: str = ""
    url: str = ""
    """Where the name leads."""
    rest: str = ""
    note: str = ""
    """What stands below it."""
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """What one Change still asks of people; one of a REMINDER or ESCALATION."""

    change_id: int
    about: Line
    lines: tuple[Line, ...]
    """One for each Section, or one for the Change as a whole."""


def is_quiet(digest: Digest) -> bool:
    """Whether one line says it all; a deadline ahead does not make a day loud."""
    return not (digest.changes or digest.alerted or digest.items or digest.problems or digest.undelivered)


def _is_handed_over(digest: Digest) -> bool:
    """Whether it is about what somebody has to do, which then is no list at the end, but what it tells."""
    return digest.period in {Period.REMINDER, Period.ESCALATION}


def listings(digest: Digest, people: Sequence[Person] = ()) -> list[tuple[str, tuple[Line, ...]]]:
    """What follows the Changes in one line each, under its headings; none that is empty."""
    found = [
        (OVERDUE, overdue(digest, people)),
        (DEADLINES, deadlines(digest)),
        (UNDELIVERED, tuple(Line(rest=each) for each in digest.undelivered)),
    ]
    return [(heading, lines) for heading, lines in found if lines]


def told_before(told: DigestChange, state: str = "") -> Line:
    """A Change that was told as an alert."""
    change = told.change
    return Line(
        name=_name(told),
        url=change.url,
        rest=f"change {change.id}",
        note=state,
        severity=change.judgement.severity,
    )


def roll_up(digest: Digest, states: Mapping[int, str]) -> tuple[Line, ...]:
    """Of a week: each Change, and what became of it."""
    return tuple(_roll_up(item, states) for item in group_changes(digest.changes))


def _roll_up(item: Item, states: Mapping[int, str]) -> Line:
    told, judgement = item.told, item.told.change.judgement
    ids = [each.change.id for each in item.members]
    return Line(
        name=path([told.publisher, wording.same_in(item)]) if item.is_group else _name(told),
        url="" if item.is_group else told.change.url,
        rest=" · ".join(filter(None, [judgement.reason, _numbers(ids)])),
        note=sum_up(ids, states),
        severity=judgement.severity,
    )


def _numbers(ids: Sequence[int]) -> str:
    if len(ids) == 1:
        return f"change {ids[0]}"
    more = f" and {len(ids) - _NAMED} more" if len(ids) > _NAMED else ""
    return f"changes {', '.join(map(str, ids[:_NAMED]))}{more}"


def sum_up(ids: Iterable[int], states: Mapping[int, str]) -> str:
    """What is decided about Changes told as one; "" where nobody looked it up."""
    found = [states.get(each) for each in ids]
    if not any(found):
        return ""
    same = {each: found.count(each) for each in dict.fromkeys(found)}
    if len(same) == 1:
        return found[0] or ""
    return " · ".join(f"{number} of {len(found)}: {each or UNDECIDED}" for each, number in same.items())


def overdue(digest: Digest, people: Sequence[Person] = ()) -> tuple[Line, ...]:
    """What people should have done, at most MOST; none where it is handed over instead."""
    items = () if _is_handed_over(digest) else digest.items
    return _count_rest([_overdue(each, digest.local_date, people) for each in items])


def _overdue(item: OpenItem, today: date, people: Sequence[Person]) -> Line:
    facts = [item.procedure, who(item, people), f"change {item.change_id}"]
    return Line(urgency(item, today), _item_name(item), item.url, " · ".join(filter(None, facts)))


def handed_over(digest: Digest) -> tuple[Due, ...]:
    """The OpenItems of a REMINDER or ESCALATION, those of one Change together, at most MOST_HANDED_OVER Changes.

    None in any other Digest.
    """
    if not _is_handed_over(digest):
        return ()
    ids = {each.change_id: number for number, each in reversed(list(enumerate(digest.items)))}
    shown = set(list(dict.fromkeys(each.change_id for each in digest.items))[:MOST_HANDED_OVER])
    items = sorted((each for each in digest.items if each.change_id in shown), key=lambda each: ids[each.change_id])
    return tuple(
        _hand_over(change_id, tuple(group), digest.local_date)
        for change_id, group in groupby(items, key=lambda each: each.change_id)
    )


def _hand_over(change_id: int, items: Sequence[OpenItem], today: date) -> Due:
    first = items[0]
    about = Line(name=_item_name(first), url=first.url, rest=f"change {change_id}", severity=first.severity)
    lines = [Line(lead=urgency(each, today), rest=" · ".join(_facts(each, today))) for each in items]
    return Due(change_id, about, _count_rest(lines))


def _facts(item: OpenItem, today: date) -> Iterator[str]:
    """What it is about and its days; in whose hands it is, whoever reads it knows."""
    yield from [item.procedure] if item.procedure else []
    yield from [f"due {written_date(item.due)}"] if item.due else []
    yield from [f"deadline {written_date(item.deadline)}"] if item.deadline else []
    yield from [_age(item, today)] if not item.due else []


def urgency(item: OpenItem, today: date) -> str:
    """How long there is: "2 days overdue", "due tomorrow", "deadline in 5 days", or how long it has been open."""
    iso = today.isoformat()
    if item.due and item.due < iso:
        return f"{count((today - date.fromisoformat(item.due)).days, 'day')} overdue"
    days = [(day, words) for day, words in ((item.due, "due"), (item.deadline, "deadline")) if day]
    ahead = [each for each in days if each[0] >= iso]
    if not days:
        return _age(item, today)
    day, words = min(ahead) if ahead else max(days)
    return f"{words} {from_now(day, today)}"


def _age(item: OpenItem, today: date) -> str:
    return f"open for {count(max(0, (today - item.since_at.date()).days), 'day')}"


def who(item: OpenItem, people: Sequence[Person] = ()) -> str:
    """In whose hands it is: "with Tom, due 1 Dec 2026", "confirmed, in nobody's hands", "nobody has decided"."""
    if item.assignee:
        until = f", due {written_date(item.due)}" if item.due else ""
        return f"with {person_name(item.assignee, people)}{until}"
    return "confirmed, in nobody's hands" if item.verdict is Verdict.CONFIRMED else "nobody has decided"


def deadlines(digest: Digest) -> tuple[Line, ...]:
    """The days to act by, the nearest first, at most MOST."""
    return _count_rest([_deadline(each, digest.local_date) for each in digest.deadlines])


def _deadline(deadline: Deadline, today: date) -> Line:
    lead = from_now(deadline.date, today) if is_full(deadline.date) else written_date(deadline.date)
    decided = "decided" if deadline.is_decided else "undecided"
    facts = [wording.deadline(deadline.kind, deadline.date), decided, f"change {deadline.change_id}"]
    return Line(lead, path([deadline.publisher, deadline.source_name]), deadline.url, " · ".join(facts))


def _count_rest(lines: Sequence[Line]) -> tuple[Line, ...]:
    more = [Line(rest=f"… and {len(lines) - MOST} more")] if len(lines) > MOST else []
    return (*lines[:MOST], *more)


def next_deadline(digest: Digest) -> str:
    """As in "next deadline in 8 days: comply by 1 Dec 2026, Example Office › Safety code"; "" where none is near."""
    if not digest.deadlines:
        return ""
    line, first = _deadline(digest.deadlines[0], digest.local_date), digest.deadlines[0]
    return f"next deadline {line.lead}: {wording.deadline(first.kind, first.date)}, {line.name}"


def troubles(digest: Digest) -> list[tuple[str, tuple[Problem, ...]]]:
    """The Problems under their headings: what we are blind to, what we see in two states, what we may have missed."""
    found: dict[str, list[Problem]] = {_BLIND: [], **{heading: [] for heading in _DOUBTS.values()}}
    for each in _join_missing(digest.problems):
        found[_DOUBTS.get(each.kind, _BLIND)].append(each)
    return [(heading, tuple(problems)) for heading, problems in found.items() if problems]


def _join_missing(problems: Iterable[Problem]) -> Iterator[Problem]:
    """One for all sources that lack the same thing on this machine, where the first of them stood."""
    joined: dict[tuple[object, ...], list[Problem]] = {}
    for place, each in enumerate(problems):
        own = () if each.kind in MISSING_HERE else (place,)
        joined.setdefault((each.kind, each.detail, each.advice, *own), []).append(each)
    for same in joined.values():
        more = f" and {count(len(same) - 1, 'more source')}" if len(same) > 1 else ""
        yield replace(same[0], source_id=same[0].source_id + more, opened_at=min(each.opened_at for each in same))


def closing(digest: Digest) -> str:
    """The sentences at the end: what is not told, not told yet, or could not be matched; the head of the chain."""
    head = f"Evidence {digest.head}." if digest.head else ""
    facts = [_not_shown(digest), _quiet(digest.quiet), _held(digest.held), _unmatched(digest), head]
    return " ".join(filter(None, facts))


def _not_shown(digest: Digest) -> str:
    ids = {each.change_id for each in digest.items} if _is_handed_over(digest) else set()
    more = len(ids) - MOST_HANDED_OVER
    return f"And {count(more, 'more change')}." if more > 0 else ""


def _held(number: int) -> str:
    waits = "was seen once and waits" if number == 1 else "were seen once and wait"
    return f"{count(number, 'change')} {waits} for a second look." if number else ""


def _unmatched(digest: Digest) -> str:
    blind = digest.changes and not digest.has_sops
    return "No SOPs are loaded, so no change could be matched to a procedure." if blind else ""


def _quiet(counts: Mapping[str, int]) -> str:
    """As in "Kept quiet: 3 changes of links only, 1 translation." Empty where there was nothing."""
    kinds = [count(counts[kind], *_QUIET[kind]) for kind in ChangeKind if kind in _QUIET and counts.get(kind)]
    told = f"Kept quiet: {', '.join(kinds)}." if kinds else ""
    first = counts.get(ChangeKind.FIRST, 0)
    new = f"Read for the first time: {count(first, 'document')}." if first else ""
    return " ".join(filter(None, [new, told]))


def _name(told: DigestChange) -> str:
    return path([wording.place(told), wording.document_name(told)])


def _item_name(item: OpenItem) -> str:
    return path([item.publisher, item.source_name])
