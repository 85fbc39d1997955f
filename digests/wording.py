"""The words that every form of a Digest shares: headline, marks, dates, likelihood, evidence, what was kept quiet.

Texts from outside come out as they went in: each form escapes them for its own place.

Does not do: layout, escaping, choosing what is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from digests.escape import plain
from digests.grouping import group_changes
from monitor.model import DEADLINE_KINDS, ChangeKind, DateKind, EvidenceKind, PassageOp, ProblemKind, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from digests.grouping import Item
    from monitor.model import Citation, DateMention, Digest, DigestChange, Evidence, Impact, Passage, Problem

MARKS = {Severity.HIGH: "🔴", Severity.MEDIUM: "🟠", Severity.LOW: "⚪"}

OPS = {
    PassageOp.ADDED: "New",
    PassageOp.REMOVED: "Removed",
    PassageOp.REWORDED: "Reworded",
    PassageOp.MOVED: "Moved",
}

STEP = " \u203a "
"""Between the names on a way down: publisher, source, heading."""

PASSAGES = 3
"""Shown of each Change."""

IMPACTS = 4
"""Shown of each Change: with more, none of them is a sign to anybody."""

DATES = 4
"""Deadlines shown of each Change."""

WORTH_SHOWING = 0.3
"""Impacts below it touch no procedure for a reader: they are only counted, except for the closest where all are."""

_REASON = 160
"""Characters of a reason."""

_LIKELIHOOD = ((0.85, "very likely"), (0.6, "likely"), (0.3, "possible"), (0.0, "unlikely"))
"""From this probability on the word holds. Near the scale of ICD 203 (US, 2015) that analysts are taught."""

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

_DEADLINES = {
    DateKind.EFFECTIVE: "effective",
    DateKind.COMPLIANCE: "comply by",
    DateKind.COMMENTS_CLOSE: "comments close",
    DateKind.SUNSET: "ends",
}

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

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


def count(number: int, one: str, many: str | None = None) -> str:
    """As in "1 source", "3 sources"; `many` where it is not `one` with an s."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def day(moment: date) -> str:
    """As in "23 Nov 2026", the same in every locale and on every platform."""
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def written_date(iso: str) -> str:
    """A date as precise as it is written: "1 May 2026", "May 2026" or "2026"."""
    year, *rest = iso.split("-")
    if not rest:
        return year
    return day(date.fromisoformat(iso)) if len(rest) > 1 else f"{_MONTHS[int(rest[0]) - 1]} {year}"


def deadlines(dates: Sequence[DateMention]) -> list[str]:
    """What people must act by, as in "effective 1 May 2026 (was 1 Apr 2026)"; at most DATES, and how many more."""
    found = list(dict.fromkeys(_deadline(each) for each in dates if each.kind in DEADLINE_KINDS))
    more = len(found) - DATES
    return [*found[:DATES], *([f"… and {count(more, 'more date')}"] if more > 0 else [])]


def _deadline(mention: DateMention) -> str:
    was = f" (was {written_date(mention.moved_from)})" if mention.moved_from else ""
    return f"{_DEADLINES[mention.kind]} {written_date(mention.date)}{was}"


def title(digest: Digest) -> str:
    """As in "EU desk, Mon 23 Nov 2026", or the week that ends there."""
    weekdays = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    when = f"{weekdays[digest.local_date.weekday()]} {day(digest.local_date)}"
    return f"{digest.audience_name}, {when}" if digest.period == "daily" else f"{digest.audience_name}, week to {when}"


def headline(digest: Digest) -> str:
    """What happened, in one line: "4 changes, 1 high, 2 touch procedures". "No changes" is said only after a look."""
    if not digest.changes and not digest.read:
        since = f"since {day(digest.last_read_at)}" if digest.last_read_at else "yet"
        return f"Nothing was read {since}: this says nothing about changes"
    if not digest.changes:
        return "No changes"
    high = sum(each.change.judgement.severity is Severity.HIGH for each in digest.changes)
    touching = sum(bool(worth_showing(each)) for each in digest.changes)
    items = len(group_changes(digest.changes))
    facts = [
        count(len(digest.changes), "change") + (f" in {count(items, 'item')}" if items < len(digest.changes) else ""),
        *([f"{high} high"] if high else []),
        *([f"{touching} {'touches' if touching == 1 else 'touch'} procedures"] if touching else []),
    ]
    return ", ".join(facts)


def coverage(digest: Digest) -> str:
    """How far the headline can be trusted: "28 of 30 sources read, 2 problems, 1 unstable text"."""
    watched = count(digest.watched, "source")
    read = f"{digest.read:,} of {watched} read" if digest.last_read_at else f"{watched} watched, none read yet"
    unstable = sum(map(is_unstable, digest.problems))
    blind = len(digest.problems) - unstable
    facts = [
        read,
        *([count(blind, "problem")] if blind else []),
        *([count(unstable, "unstable text")] if unstable else []),
    ]
    return ", ".join(facts)


def is_unstable(problem: Problem) -> bool:
    """Whether it can be read, and only does not stand still."""
    return problem.kind is ProblemKind.UNSTABLE


def troubles(digest: Digest) -> list[tuple[str, tuple[Problem, ...]]]:
    """The Problems under their headings: what we are blind to, and what we see in two states."""
    sorts = [("What we cannot see", False), ("What does not stand still", True)]
    found = [
        (heading, tuple(each for each in digest.problems if is_unstable(each) is unstable))
        for heading, unstable in sorts
    ]
    return [(heading, problems) for heading, problems in found if problems]


def closing(digest: Digest) -> str:
    """The sentences at the end: what is not told, not told yet, or could not be matched. Empty where nothing is."""
    return " ".join(filter(None, [_quiet(digest.quiet), _held(digest.held), _unmatched(digest)]))


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


def path(heading: Sequence[str]) -> str:
    """The way down to a section, outermost first."""
    return STEP.join(heading)


def shown(told: DigestChange) -> tuple[tuple[Passage, ...], str]:
    """The Passages to show, and the words for those that are left out (empty when none is)."""
    passages = told.change.judgement.passages
    more = len(passages) - PASSAGES
    return passages[:PASSAGES], f"… and {count(more, 'more passage')}" if more > 0 else ""


def labelled(passages: Sequence[Passage]) -> Iterator[tuple[Passage, bool]]:
    """Each Passage, and whether it needs its label: not where it goes on with what the one before was labelled."""
    before = None
    for passage in passages:
        label = (passage.op, passage.heading)
        yield passage, label != before
        before = label


@dataclass(frozen=True, slots=True)
class Touched:
    """The Impacts of one Change to show, the heading above them, and the words for the rest (empty when none is)."""

    heading: str
    impacts: tuple[Impact, ...]
    more: str


def worth_showing(told: DigestChange) -> tuple[Impact, ...]:
    """The Impacts that are likely enough to be called touched."""
    return tuple(each for each in told.impacts if each.probability >= WORTH_SHOWING)


def touched(told: DigestChange) -> Touched | None:
    """What is said of procedures; None where no section is even close. The rest is found by the Change's id."""
    if not told.impacts:
        return None
    worth = worth_showing(told)
    shown = worth[:IMPACTS] or told.impacts[:1]
    more = len(told.impacts) - len(shown)
    return Touched(
        heading="Procedures touched" if worth else "No procedure is likely touched; closest:",
        impacts=shown,
        more=f"… and {count(more, 'less likely section')} (monitor show {told.change.id})" if more else "",
    )


def unreadable(problem: Problem) -> str:
    """As in "unreadable since 4 Nov 2026": the day belongs to the blindness, whose kind may have changed meanwhile."""
    return f"{'unstable' if is_unstable(problem) else 'unreadable'} since {day(problem.opened_at)}"


def cause(problem: Problem) -> str:
    """As in "http-error: HTTP 404 (Not Found)"."""
    return ": ".join(filter(None, [problem.kind, problem.detail]))


def likelihood(probability: float) -> str:
    """As in "likely 72 %". Never 0 or 100: a match is no certainty."""
    word = next(word for least, word in _LIKELIHOOD if probability >= least)
    return f"{word} {min(99, max(1, round(probability * 100)))} %"


def owner(impact: Impact) -> str:
    """Whom to ask, ready to follow the section's name; empty where the SOP names nobody."""
    return f" · owner {impact.owner}" if impact.owner else ""


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
