"""The words that every form of a Digest shares: headline, marks, dates, likelihood, evidence, what was decided.

Texts from outside come out as they went in: each form escapes them for its own place.

Does not do: layout, escaping, choosing what is told.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from digests.escape import plain
from digests.grouping import group_changes
from digests.words import MONTHS, count, day, path
from monitor.impact import WORTH_SHOWING
from monitor.model import (
    DEADLINE_KINDS,
    OUT_OF_RHYTHM,
    ChangeKind,
    DateKind,
    EvidenceKind,
    PassageOp,
    Period,
    ProblemKind,
    Severity,
    Verdict,
)
from monitor.triage import say_reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from digests.grouping import Item
    from monitor.model import Citation, DateMention, Digest, DigestChange, Evidence, Impact, Person, Problem
    from monitor.store.decisions import Standing
    from monitor.triage import State

MARKS = {Severity.HIGH: "🔴", Severity.MEDIUM: "🟠", Severity.LOW: "⚪"}

OPS = {
    PassageOp.ADDED: "New",
    PassageOp.REMOVED: "Removed",
    PassageOp.REWORDED: "Reworded",
    PassageOp.MOVED: "Moved",
}

IMPACTS = 4
"""Shown of each Change: with more, none of them is a sign to anybody."""

DATES = 4
"""Deadlines shown of each Change."""

_REASON = 160
"""Characters of a reason."""

_LIKELIHOOD = ((0.85, "very likely"), (0.6, "likely"), (0.3, "possible"), (0.0, "unlikely"))
"""From this probability on the word holds. Near the scale of ICD 203 (US, 2015) that analysts are taught."""

DEADLINES = {
    DateKind.EFFECTIVE: "effective",
    DateKind.COMPLIANCE: "comply by",
    DateKind.COMMENTS_CLOSE: "comments close",
    DateKind.SUNSET: "ends",
}
"""What each kind of day is called."""

_DOUBTS = {
    ProblemKind.UNSTABLE: "unstable text",
    ProblemKind.GAP: "gap",
    ProblemKind.NO_ENTRIES: "silent feed",
    ProblemKind.DRIFTING: "drifting text",
    ProblemKind.KEEPS_LESS: "failing selection",
}
_STATES = {ProblemKind.UNSTABLE: "unstable"} | dict.fromkeys({ProblemKind.GAP, *OUT_OF_RHYTHM}, "in doubt")
"""Problems with a source that is read all the same."""


_EVIDENCE = {
    EvidenceKind.LINK: ("{}", "{}"),
    EvidenceKind.QUOTE: ("still says {}", "\u201c{}\u201d"),
    EvidenceKind.CITATION: ("cites {}", "{}"),
    EvidenceKind.MEANING: ("near in meaning: {}", "\u201c{}\u201d"),
    EvidenceKind.WORDS: ("words: {}", "{}"),
    EvidenceKind.HISTORY: ("{}", "{}"),
    EvidenceKind.TOPIC: ("topic {}", "{}"),
    EvidenceKind.JURISDICTION: ("jurisdiction {}", "{}"),
}
"""Reasons of one kind, and each of them."""


def written_date(iso: str) -> str:
    """A date as precise as it is written: "1 May 2026", "May 2026" or "2026"."""
    year, *rest = iso.split("-")
    if not rest:
        return year
    return day(date.fromisoformat(iso)) if is_full(iso) else f"{MONTHS[int(rest[0]) - 1]} {year}"


def deadlines(dates: Sequence[DateMention]) -> list[str]:
    """What people must act by, as in "effective 1 May 2026 (was 1 Apr 2026)"; at most DATES, and how many more."""
    found = list(dict.fromkeys(_deadline(each) for each in dates if each.kind in DEADLINE_KINDS))
    more = len(found) - DATES
    return [*found[:DATES], *([f"… and {count(more, 'more date')}"] if more > 0 else [])]


def _deadline(mention: DateMention) -> str:
    was = f" (was {written_date(mention.moved_from)})" if mention.moved_from else ""
    return deadline(mention.kind, mention.date) + was


def deadline(kind: DateKind, iso: str) -> str:
    """As in "comply by 1 May 2026"."""
    return f"{DEADLINES[kind]} {written_date(iso)}"


def is_full(iso: str) -> bool:
    """Whether it names a day, and not only a month or a year."""
    return iso.count("-") == len("--")


def from_now(iso: str, today: date) -> str:
    """How far a full day is away, as in "today", "tomorrow", "in 8 days", "3 days ago"."""
    days = (date.fromisoformat(iso) - today).days
    if near := {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(days):
        return near
    return f"in {days} days" if days > 0 else f"{-days} days ago"


_TITLES = {
    Period.DAILY: "{name}, {day}",
    Period.WEEKLY: "{name}, week to {day}",
    Period.ALERT: "Alert for {name}, {day}",
    Period.REMINDER: "Reminder for {name}, {day}",
    Period.ESCALATION: "Waiting at {name}, {day}",
}


def title(digest: Digest) -> str:
    """As in "EU desk, Mon 23 Nov 2026"; what is no daily Digest, or comes late, says so."""
    when = f"{_weekday(digest.local_date)} {day(digest.local_date)}"
    late = f", made up {_weekday(digest.composed_at)} {digest.composed_at:%H:%M}" if _is_late(digest) else ""
    return _TITLES[digest.period].format(name=digest.audience_name, day=when) + late


def _is_late(digest: Digest) -> bool:
    """Whether its day was over: what happened since is in it too."""
    return digest.composed_at.date() > digest.local_date


def _weekday(moment: date) -> str:
    return ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[moment.weekday()]


def headline(digest: Digest) -> str:
    """What happened, in one line: "4 changes, 1 high, 2 touch procedures". "No changes" is said only after a look."""
    match digest.period:
        case Period.ALERT:
            return why_alerted(digest)
        case Period.REMINDER:
            return f"{count(len(digest.items), 'item')} {'is' if len(digest.items) == 1 else 'are'} due"
        case Period.ESCALATION:
            ids = {each.change.id for each in digest.changes} | {each.change_id for each in digest.items}
            return f"Nobody decided in time on {count(len(ids), 'change')}"
        case _:
            return "; ".join(filter(None, [_say_changes(digest), _say_unreadable(digest.unreadable)]))


def _say_changes(digest: Digest) -> str:
    """Empty where nothing is told and not all could be read: that is not "No changes"."""
    if digest.changes:
        return _count_changes(digest)
    return "" if digest.unreadable else _say_no_changes(digest)


def _say_unreadable(number: int) -> str:
    return f"{count(number, 'change')} cannot be read: the service's log says why" if number else ""


def _say_no_changes(digest: Digest) -> str:
    if digest.alerted:
        alerts = len(digest.alerted)
        return f"No further changes: {'1 was told as an alert' if alerts == 1 else f'{alerts} were told as alerts'}"
    if digest.read:
        return "No changes"
    since = f"since {day(digest.last_read_at)}" if digest.last_read_at else "yet"
    return f"Nothing was read {since}: this says nothing about changes"


def _count_changes(digest: Digest) -> str:
    high = sum(each.change.judgement.severity is Severity.HIGH for each in digest.changes)
    touching = sum(bool(worth_showing(each)) for each in digest.changes)
    items = len(group_changes(digest.changes))
    facts = [
        count(len(digest.changes), "change") + (f" in {count(items, 'item')}" if items < len(digest.changes) else ""),
        *([f"{high} high"] if high else []),
        *([f"{touching} {'touches' if touching == 1 else 'touch'} procedures"] if touching else []),
    ]
    return ", ".join(facts)


def why_alerted(digest: Digest) -> str:
    """Why it is told at once, as in "Told at once: high severity, comply by 1 Dec 2026 (in 8 days)".

    Of many how many, as in "Told at once: 30 changes, 12 high severity".
    """
    judgements = [each.change.judgement for each in digest.changes]
    to_come = sorted(
        (mention for each in judgements for mention in each.dates if _is_to_come(mention, digest.local_date)),
        key=lambda mention: mention.date,
    )
    high = sum(each.severity is Severity.HIGH for each in judgements)
    many = len(judgements) > 1
    number = [count(len(judgements), "change")] if many else []
    severest = [f"{high} high severity" if many else "high severity"] if high else []
    nearest = [f"{deadline(each.kind, each.date)} ({from_now(each.date, digest.local_date)})" for each in to_come[:1]]
    return f"Told at once: {', '.join([*number, *severest, *nearest])}"


def _is_to_come(mention: DateMention, today: date) -> bool:
    return mention.kind in DEADLINE_KINDS and is_full(mention.date) and date.fromisoformat(mention.date) >= today


def coverage(digest: Digest) -> str:
    """How far the headline can be trusted: "28 of 30 sources read, 2 problems, 1 unstable text".

    Empty where it says nothing about what did not change.
    """
    if digest.period not in {Period.DAILY, Period.WEEKLY}:
        return ""
    watched = count(digest.watched, "source")
    read = f"{digest.read:,} of {watched} read" if digest.last_read_at else f"{watched} watched, none read yet"
    sorts = Counter(_DOUBTS.get(each.kind, "problem") for each in digest.problems)
    return ", ".join([read, *(count(sorts[name], name) for name in ("problem", *_DOUBTS.values()) if sorts[name])])


def about(item: Item) -> str:
    """As in "High · a duty was added · seen 23 Nov 2026 · change 17"; a kind is named where it is not the usual one.

    Of a group each document names its own change.
    """
    change = item.told.change
    judgement = change.judgement
    kind = "" if judgement.kind is ChangeKind.SUBSTANTIVE else str(judgement.kind)
    what = ": ".join(filter(None, [kind, plain(judgement.reason, _REASON)]))
    number = "" if item.is_group else f"change {change.id}"
    facts = [judgement.severity.capitalize(), what, f"seen {day(change.detected_at)}", number]
    return " · ".join(filter(None, facts))


def same_in(item: Item) -> str:
    """What a group is called."""
    return f"same change in {count(len(item.members), 'document')}"


def document_name(told: DigestChange) -> str:
    """The Source's name, or the title of the entry where the Source is a feed of many Documents."""
    change = told.change
    return change.title or told.source_name if change.document_id != change.source_id else told.source_name


def place(told: DigestChange) -> str:
    """Whose text it is: the publisher, and the feed where the Document is one entry of it."""
    is_entry = told.change.document_id != told.change.source_id
    return path([told.publisher, told.source_name]) if is_entry else told.publisher


@dataclass(frozen=True, slots=True)
class Touched:
    """The Impacts of one Change to show, the heading above them, and the words for the rest (empty when none is)."""

    heading: str
    impacts: tuple[Impact, ...]
    more: str


def worth_showing(told: DigestChange) -> tuple[Impact, ...]:
    """The Impacts that are likely enough to be called touched."""
    return tuple(each for each in told.impacts if each.probability >= WORTH_SHOWING)


def touched(told: DigestChange, show: str = "monitor show") -> Touched | None:
    """What is said of procedures; None where no section is even close. `show` and the Change's id show the rest."""
    if not told.impacts:
        return None
    worth = worth_showing(told)
    shown = worth[:IMPACTS] or told.impacts[:1]
    more = len(told.impacts) - len(shown)
    return Touched(
        heading="Procedures touched" if worth else "No procedure is likely touched; closest:",
        impacts=shown,
        more=f"… and {count(more, 'less likely section')} ({show} {told.change.id})" if more else "",
    )


def unreadable(problem: Problem) -> str:
    """As in "unreadable since 4 Nov 2026": the day belongs to the blindness, whose kind may have changed meanwhile."""
    return f"{_STATES.get(problem.kind, 'unreadable')} since {day(problem.opened_at)}"


def cause(problem: Problem) -> str:
    """As in "http-error: HTTP 404 (Not Found)"."""
    return ": ".join(filter(None, [problem.kind, problem.detail]))


def likelihood(probability: float) -> str:
    """As in "likely 72 %". Never 0 or 100: a match is no certainty."""
    word = next(word for least, word in _LIKELIHOOD if probability >= least)
    return f"{word} {min(99, max(1, round(probability * 100)))} %"


OWNER = " · owner "


def owner(impact: Impact) -> str:
    """Whom to ask, ready to follow the section's name; empty where the SOP names nobody."""
    return f"{OWNER}{impact.owner}" if impact.owner else ""


def section_name(impact: Impact) -> str:
    """The SOP's id and title and the path of the section in it, the title not twice."""
    heading = impact.heading[1:] if impact.heading[:1] == (impact.sop_title,) else impact.heading
    return path((f"{impact.sop_id} {impact.sop_title}", *heading))


def evidence(reasons: Sequence[Evidence], citations: Sequence[Citation] = ()) -> str:
    """As in "words: age, verify; cites Article 28 of Regulation (EU) 2022/2065".

    A citation reads as the Change writes it where `citations`, the Change's own, have it; else as its id.
    """
    texts: dict[EvidenceKind, dict[str, None]] = {}
    for reason in reasons:
        text = _written(reason.text, citations) if reason.kind is EvidenceKind.CITATION else reason.text
        texts.setdefault(reason.kind, {})[_EVIDENCE[reason.kind][1].format(text)] = None
    return "; ".join(_EVIDENCE[kind][0].format(", ".join(found)) for kind, found in texts.items())


def _written(norm: str, citations: Sequence[Citation]) -> str:
    """The words of the citation with this id, or of the widest one inside it: evidence names what both sides share."""
    inside = [each for each in citations if each.id.startswith(norm) and not each.id[len(norm) :][:1].isalnum()]
    return min(inside, key=lambda each: len(each.id)).text if inside else norm


UNDECIDED = "Nobody has decided yet"

_VERDICTS = {Verdict.CONFIRMED: "confirmed", Verdict.NOT_APPLICABLE: "not applicable", None: "open"}


def standing(state: State, people: Sequence[Person] = ()) -> str:
    """Where the triage of a Change stands: "Confirmed by Maria, 23 Nov 10:02 UTC · in hand: Tom, due 1 Dec 2026"."""
    stands = [each.standing for each in state.sections if each.is_in_view] or [state.whole]
    hands = [f"in hand: {_hand(each, people)}" for each in stands if each.assignee]
    later = [f"put off until {written_date(each.snoozed_until)}" for each in stands if each.snoozed_until]
    return " · ".join(dict.fromkeys([_say_verdict(stands, people), *hands, *later]))


def _say_verdict(stands: Sequence[Standing], people: Sequence[Person]) -> str:
    decisions = [each.decision for each in stands if each.decision]
    if not decisions:
        return UNDECIDED
    last = max(decisions, key=lambda each: each.id)
    by = f"by {person_name(last.by, people)}, {_moment(last.at)}"
    verdicts = Counter(each.verdict for each in stands)
    if len(verdicts) > 1:
        facts = [f"{verdicts[each]} {words}" for each, words in _VERDICTS.items() if verdicts[each]]
        return f"Of {len(stands)} sections {', '.join(facts)}; last {by}"
    reasons = {say_reason(each.reason) for each in decisions if each.reason}
    why = f": {reasons.pop()}" if len(reasons) == 1 else ""
    return f"{_VERDICTS[last.verdict].capitalize()} {by}{why}"


def _hand(stand: Standing, people: Sequence[Person]) -> str:
    due = f", due {written_date(stand.due)}" if stand.due else ""
    return person_name(stand.assignee or "", people) + due


def _moment(at: datetime) -> str:
    return f"{at.day} {MONTHS[at.month - 1]} {at:%H:%M} UTC"


def find_person(known_as: str, people: Iterable[Person]) -> Person | None:
    """Who is known by this name, e-mail address or Slack id, in whatever case it is written."""
    wanted = known_as.strip().casefold()
    names = ((each, {name.casefold() for name in (each.name, each.email, each.slack) if name}) for each in people)
    return next((each for each, known in names if wanted in known), None)


def person_name(known_as: str, people: Iterable[Person]) -> str:
    """The name of a Person, or what is known where nobody is listed so."""
    found = find_person(known_as, people)
    return found.name if found else known_as
