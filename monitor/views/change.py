"""One Change with all that is known of it: what somebody reads before they decide.

The texts are those of the two Versions, compared anew: with what stands around the changed words, and in the order in
which they are read. The Passages that were judged and told are the same stretches without their surroundings.

Does not do: deciding (`monitor.triage`), marking words (`comparison`, `highlights`).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from digests.grouping import MOST, SPAN
from digests.wording import evidence, likelihood
from digests.words import path
from monitor.impact import WORTH_SHOWING
from monitor.language import find_language
from monitor.model import DEADLINE_KINDS
from monitor.store.changes import get_change, get_fetch_id
from monitor.store.deadlines import find_next, get_course
from monitor.store.decisions import get_sections
from monitor.store.digests import get_source_facts
from monitor.store.evidence import get_attempts, get_readings
from monitor.store.neighbours import get_around, get_same
from monitor.store.versions import get_version
from monitor.triage import get_state, plan_due
from monitor.views.comparison import Piece, Stretch, cap, compare_texts, read_text
from monitor.views.highlights import highlight, highlight_text, seek, seek_in_section
from monitor.views.laws import find_address

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from monitor.model import Block, Change, Citation, DateKind, DateMention, Evidence, Sop
    from monitor.store import Database
    from monitor.store.deadlines import End
    from monitor.store.decisions import Touched
    from monitor.store.digests import Watched
    from monitor.store.evidence import Attempt, Reading
    from monitor.store.neighbours import Neighbour
    from monitor.triage import Judged, State
    from monitor.views.highlights import Sought

WORDS = 8_000
"""Shown of a comparison, unless the whole is asked for: half an hour of reading."""
FOLDED_WORDS = 2_000
"""Of unchanged text in one place; beyond that it is only said how much there is."""
AROUND = 5
"""Changes of the Document, and attempts to fetch it, that are listed before and after this one."""
_SAMPLE = 40
"""Blocks from which the language is told."""


@dataclass(frozen=True, slots=True)
class Law:
    """A law that the changed text cites."""

    text: str
    norm: str
    address: str | None
    """Where it can be read; None = not known."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A Section that the Change touches, as it is read beside the text."""

    number: int
    """Its place in the list, from 1."""
    judged: Judged
    sop: Sop
    """Without its Sections."""
    name: str
    """The way down to it in the SOP, as in "Appeals \u203a Deadlines"."""
    likelihood: str
    """As in "likely 72 %"; "" = a person added it."""
    reasons: tuple[str, ...]
    """As in "still says “within 48 hours”"."""
    lines: tuple[tuple[Piece, ...], ...]
    """Its text, with the evidence marked."""

    @property
    def section_id(self) -> str:
        return self.judged.section_id


@dataclass(frozen=True, slots=True)
class Proof:
    """That it was so: what was read, from which bytes, and that somebody was looking all the time."""

    readings: tuple[Reading, ...]
    """The old text, where there is one, and the new one."""
    attempts: tuple[Attempt, ...]
    """Around the Fetch that brought the new text, oldest first."""
    fetch_id: int
    """That Fetch."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """A Change and all around it."""

    change: Change
    name: str
    """Of its Document."""
    source: Watched
    stretches: tuple[Stretch, ...]
    """What changed; a whole text where there was none before."""
    language: str
    """ISO 639-1, of the new text; "" = not known."""
    left_out: int
    """Words that are not shown, for there are so many."""
    links: tuple[tuple[str, ...], tuple[str, ...]]
    """Addresses that the old text leads to and the new one does not, and the other way round."""
    deadlines: tuple[DateMention, ...]
    """As the Change states them."""
    ends: Mapping[tuple[DateKind, str], End]
    """Of those that are none any more, by kind and date."""
    dates: tuple[DateMention, ...]
    """The others, which are facts about the text."""
    laws: tuple[Law, ...]
    beside: tuple[Beside, ...]
    """The Sections that are worth showing, and those that people decided about."""
    unlikely: tuple[Beside, ...]
    state: State
    earlier: tuple[Neighbour, ...]
    later: tuple[Neighbour, ...]
    """Changes of the same Document, the newest first."""
    same: tuple[Neighbour, ...]
    """The same Change in other Documents."""
    proof: Proof
    due: str
    """The day that is offered for the work; "" = none."""

    @property
    def is_new(self) -> bool:
        """Whether there is no earlier text."""
        return self.change.from_version_id is None

    @property
    def waiting(self) -> tuple[int, ...]:
        """The Changes that can be decided together with this one, itself first."""
        return (self.change.id, *(each.change_id for each in self.same if not each.is_settled))


def get_dossier(
    db: Database,
    change_id: int,
    today: date,
    *,
    is_whole: bool = False,
    section: int | None = None,
    with_texts: bool = True,
) -> Dossier:
    """`is_whole`: nothing is left out, however long it takes to read. Raises NotFoundError.

    `with_texts` False: without the texts, their links and language, which a decision does not change.

    `section`: only the evidence of the Section with this number is marked in the text; None = of each that is shown.
    """
    change = get_change(db, change_id)
    judgement, source, state = change.judgement, get_source_facts(db, change.source_id), get_state(db, change_id)
    beside = tuple(_iter_beside(get_sections(db, change_id), state, judgement.citations))
    shown = tuple(each for each in beside if _is_shown(each.judged))
    marked = [each for each in shown if section in {None, each.number}]
    before, after = _get_texts(db, change) if with_texts else ((), ())
    stretches = tuple(_compare(before, after, seek(_list_reasons(marked), judgement.citations), is_whole=is_whole))
    course = get_course(db, [change.document_id])
    following = find_next(course.get_days([change_id]).get(change_id, ()), today)
    earlier, later = get_around(db, change, AROUND)
    return Dossier(
        change=change,
        name=change.title if change.title and change.document_id != change.source_id else source.name,
        source=source,
        stretches=stretches,
        left_out=sum(each.left_out for each in stretches if not each.is_folded),
        links=_compare_links(before, after),
        language=find_language(" ".join(each.text for each in after[:_SAMPLE])),
        deadlines=tuple(dict.fromkeys(each for each in judgement.dates if each.kind in DEADLINE_KINDS)),
        ends=course.get_ends(change_id),
        dates=tuple(dict.fromkeys(each for each in judgement.dates if each.kind not in DEADLINE_KINDS)),
        laws=tuple(Law(each.text, each.id, find_address(each.id)) for each in judgement.citations),
        beside=shown,
        unlikely=tuple(each for each in beside if not _is_shown(each.judged)),
        state=state,
        earlier=earlier,
        later=later,
        same=get_same(db, change, source.publisher, SPAN, MOST),
        proof=_get_proof(db, change),
        due=plan_due(following.date if following else "", today),
    )


def _get_texts(db: Database, change: Change) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    after = get_version(db, change.to_version_id).blocks
    return (() if change.from_version_id is None else get_version(db, change.from_version_id).blocks), after


def _compare(before: Sequence[Block], after: Sequence[Block], sought: Sought, *, is_whole: bool) -> Iterator[Stretch]:
    """What is shown of both texts, with the evidence marked in what changed."""
    stretches: Iterable[Stretch] = compare_texts(before, after) if before else read_text(after)
    for each in stretches if is_whole else cap(stretches, WORDS, FOLDED_WORDS):
        yield highlight(each, sought) if each.op or not before else each


def _compare_links(before: Iterable[Block], after: Iterable[Block]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    old, new = (dict.fromkeys(link for block in blocks for link in block.links) for blocks in (before, after))
    return tuple(each for each in old if each not in new), tuple(each for each in new if each not in old)


def _list_reasons(sections: Iterable[Beside]) -> list[Evidence]:
    return [reason for each in sections if each.judged.impact for reason in each.judged.impact.evidence]


def _iter_beside(sections: Iterable[Touched], state: State, citations: Sequence[Citation]) -> Iterator[Beside]:
    judged = {each.section_id: each for each in state.sections}
    numbers = {each.section_id: number for number, each in enumerate(state.sections, 1)}
    for each in sections:
        section, sop, own = each.section, each.sop, judged[each.section.id]
        reasons = own.impact.evidence if own.impact else ()
        heading = section.heading[1:] if section.heading[:1] == (sop.title,) else section.heading
        yield Beside(
            number=numbers[section.id],
            judged=own,
            sop=sop,
            name=path(heading) or sop.title,
            likelihood=likelihood(own.impact.probability) if own.impact else "",
            reasons=tuple(_say_reasons(reasons, citations)),
            lines=highlight_text(section.text, seek_in_section(reasons, section.text)),
        )


def _say_reasons(reasons: Sequence[Evidence], citations: Sequence[Citation]) -> Iterator[str]:
    """A line for each kind of reason, the strongest first."""
    for _, alike in groupby(reasons, key=attrgetter("kind")):
        yield evidence(tuple(alike), citations)


def _is_shown(judged: Judged) -> bool:
    """Whether people were shown it, or named it themselves."""
    return judged.is_in_view or judged.impact is None or judged.impact.probability >= WORTH_SHOWING


def _get_proof(db: Database, change: Change) -> Proof:
    ids = [each for each in (change.from_version_id, change.to_version_id) if each is not None]
    fetch_id = get_fetch_id(db, change.to_version_id)
    return Proof(get_readings(db, ids), get_attempts(db, fetch_id, AROUND), fetch_id)
