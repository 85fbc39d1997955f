"""Links that survive: a clause and the Section that puts it into practice, through every Version of both.

A person who confirms an Impact links the clauses that changed to the Section (`lay_links`). From then on the clause is
followed from each confirmed Version to the next (`follow_links`). Where it only moves or is renumbered, the Link goes
with it. When its words change, or it goes, the Section is stale since that Change was detected and stays so, whatever
the clause does then, until it was edited (`note_revisions` proposes it for closing) and a person says that it is
current again (`close_links`), or that the Change does not concern it (`clear_links`).

* A Section just confirmed is to be edited: it is stale from the start. Where it was edited after the Change was
  detected, it is proposed for closing at once.
* Words that change again while the Section is stale ask for another edit; "why" says what changed since it was current.
* A clause that went and comes back, or reads again as it did, stays stale and says so: a person may have edited the
  Section meanwhile. Closed while it is gone, the Link ends.
* What we read otherwise (`re-extracted`) is no change of theirs. Only a clause that is then not found makes it stale.

Killed at any moment, the next call goes on with what is still to do.

Does not do: finding the clause in the next text (`monitor.impact.anchors`), deciding that an Impact is confirmed,
saying how current an SOP is (`monitor.currency`).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import structlog

from monitor.compare.alignment.words import cut_quote
from monitor.errors import NotFoundError
from monitor.failing import tolerate
from monitor.impact.anchors import Fate, follow, is_same_wording
from monitor.impact.words import stems
from monitor.model import Anchor, BlockKind, ChangeKind, Passage, PassageOp
from monitor.store import changes, links, transaction, versions
from monitor.store.items import note_in_hand
from monitor.store.links import Standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from monitor.impact.anchors import Followed
    from monitor.model import Block, Change
    from monitor.store import Database
    from monitor.store.links import Clause

log = structlog.get_logger()

MOST_CLAUSES = 5
"""Clauses of one Change that are linked to one Section."""
QUOTE = 20
"""Words of each side of a quote in "why"."""


@dataclass(frozen=True, slots=True)
class _Changed:
    """A clause that a Change touched: the words before, "" where it is new, and where it stands or stood last."""

    before: str
    anchor: Anchor
    is_gone: bool = False
    is_heading: bool = False


def lay_links(db: Database, change_id: int, section_id: str, decision_id: int, now: datetime) -> int:
    """Link the clauses of a Change that speak for the Section to it, inside the caller's transaction.

    A clause that is linked to it already is not linked twice. Returns how many Links were laid. Raises NotFoundError.
    """
    change = changes.get_change(db, change_id)
    text, revised_at = links.get_section_text(db, section_id)
    found = _find_clauses(change, versions.get_version(db, change.to_version_id).blocks)
    present = [each for each in links.get_standings(db, change.document_id).values() if each.section_id == section_id]
    laid = [each for each in _choose(found, text) if not any(_is_same(standing, each) for standing in present)]
    revised = revised_at if revised_at and revised_at > change.detected_at else None
    for each in laid:
        standing = _stand(section_id, each, change)
        links.add_link(db, change.document_id, standing, decision_id, revised_at=revised, now=now)
    log.info("links laid", change=change_id, section=section_id, clauses=len(laid))
    return len(laid)


def end_links(db: Database, change_id: int, section_id: str, now: datetime) -> int:
    """The decision that laid them is undone. Inside the caller's transaction; returns how many ended."""
    return links.mark_ended(db, change_id, section_id, now)


def clear_links(db: Database, change_id: int, section_id: str, by: str, now: datetime) -> int:
    """The Change does not concern the Section: what went stale by it is current as the clause reads now.

    Inside the caller's transaction; returns how many Links that were.
    """
    stale = links.get_stale_by(db, change_id, section_id)
    links.mark_current(db, stale, by, now)
    return len(stale)


def note_revisions(db: Database, now: datetime) -> int:
    """Propose for closing what was edited since it went stale. Returns how many Links that concerns."""
    with transaction(db):
        return links.mark_revised(db, now)


def close_links(db: Database, section_id: str, by: str, now: datetime) -> int:
    """A person says that the Section as edited is current again. Returns how many Links that were.

    Raises NotFoundError where nothing of the Section is proposed for closing.
    """
    with transaction(db):
        clauses = [each for each in links.get_clauses(db) if each.section_id == section_id]
        proposed = [each.link_id for each in clauses if each.revised_at]
        if not proposed:
            raise NotFoundError(f"{section_id}: {_say_unproposed(clauses)}")
        links.mark_current(db, proposed, by, now)
        note_in_hand(db, {each.document_id for each in clauses})
    log.info("section current again", section=section_id, by=by)
    return len(proposed)


def _say_unproposed(clauses: Sequence[Clause]) -> str:
    stale = [each.stale_by for each in clauses if each.stale_since]
    if stale:
        return (
            f"stale by change {stale[0]}, and not edited since. Edit the section first. "
            f"If it need not be edited: monitor triage {stale[0]}:{clauses[0].section_id} --not-applicable REASON"
        )
    return "no clause is linked to a section with this id, or all are current. See: monitor sops ledger"


def follow_links(db: Database) -> int:
    """Bring every open Link to the last confirmed Version of its Document. Returns how many were brought further.

    One transaction for each Document; where nothing is new, one query.
    """
    brought = 0
    for document_id in links.get_behind(db):
        with tolerate("links not followed", f"{document_id}: links to its clauses cannot be followed"):
            brought += _follow_document(db, document_id)
    return brought


def _follow_document(db: Database, document_id: str) -> int:
    """The texts are aligned before the transaction: what somebody closed meanwhile is followed at the next call."""
    standings = links.get_standings(db, document_id)
    brought = dict(standings)
    for change_id in links.get_confirmed_after(db, document_id, min(each.version_id for each in standings.values())):
        brought |= _follow_change(db, changes.get_change(db, change_id), brought)
    with transaction(db):
        written = sum(_write(db, link_id, was, brought[link_id]) for link_id, was in standings.items())
        note_in_hand(db, [document_id])
    return written


def _write(db: Database, link_id: int, was: Standing, now_is: Standing) -> bool:
    written = was != now_is and links.claim_followed(db, link_id, was, now_is)
    if written and now_is.why != was.why:
        links.mark_unrevised(db, link_id, now_is.section_id)
        log.info("section stale", section=now_is.section_id, link=link_id, why=now_is.why)
    return written


def _follow_change(db: Database, change: Change, standings: Mapping[int, Standing]) -> dict[int, Standing]:
    """The Links that stand at an earlier Version, at the one that the Change leads to."""
    behind: defaultdict[int, list[int]] = defaultdict(list)
    for link_id, standing in standings.items():
        if standing.version_id < change.to_version_id:
            behind[standing.version_id].append(link_id)
    after = versions.get_version(db, change.to_version_id).blocks
    brought: dict[int, Standing] = {}
    for version_id, link_ids in behind.items():
        before = versions.get_version(db, version_id).blocks
        found = follow([standings[link_id].anchor for link_id in link_ids], before, after)
        brought |= {
            link_id: _advance(standings[link_id], each, change) for link_id, each in zip(link_ids, found, strict=True)
        }
    return brought


def _advance(stood: Standing, found: Followed, change: Change) -> Standing:
    """How a Link stands after a Change in which its clause was found so."""
    stands = replace(stood, version_id=change.to_version_id)
    if found.fate is Fate.GONE:
        return stands if stood.is_gone else _make_stale(replace(stands, is_gone=True), change)
    stands = replace(stands, anchor=found.anchor, is_gone=False)
    is_theirs = change.judgement.kind is not ChangeKind.RE_EXTRACTED
    if stood.is_gone or (found.fate is Fate.REWORDED and is_theirs):
        return _make_stale(stands, change)
    return stands if stood.stale_since else replace(stands, known=found.anchor.text)


def _make_stale(stands: Standing, change: Change) -> Standing:
    """Stale since the first Change after which the Section was no longer current, whatever followed."""
    return replace(
        stands,
        stale_since=stands.stale_since or change.detected_at,
        stale_by=stands.stale_by or change.id,
        why=_say_why(stands, change),
    )


def _say_why(stands: Standing, change: Change) -> str:
    """As in `Ages › Hosts: "at least 16" → "at least 18"`."""
    passage = Passage(PassageOp.REWORDED, stands.anchor.heading, stands.known, stands.anchor.text)
    if stands.is_gone:
        ours = "; we read the text otherwise now" if change.judgement.kind is ChangeKind.RE_EXTRACTED else ""
        said = f'gone{ours}: "{cut_quote(replace(passage, before=passage.after), QUOTE)[1]}"'
    elif is_same_wording(stands.known, stands.anchor.text):
        said = f'back since {change.detected_at:%Y-%m-%d} as it was: "{cut_quote(passage, QUOTE)[1]}"'
    elif not stands.known:
        said = f'new: "{cut_quote(passage, QUOTE)[1]}"'
    else:
        before, after = cut_quote(passage, QUOTE)
        said = f'"{before}" → "{after}"'
    return ": ".join(filter(None, [" › ".join(stands.anchor.heading), said]))


def _stand(section_id: str, clause: _Changed, change: Change) -> Standing:
    stands = Standing(section_id, clause.anchor, clause.before, change.to_version_id, clause.is_gone)
    return _make_stale(stands, change)


def _is_same(standing: Standing, clause: _Changed) -> bool:
    """Whether a Link is to this clause: as it was when the Section was current, or as it reads, before or after."""
    return standing.anchor.text in {clause.before, clause.anchor.text} or (
        bool(standing.known) and standing.known == clause.before
    )


def _find_clauses(change: Change, blocks: Sequence[Block]) -> list[_Changed]:
    """The clauses that the Change touched, without headings where there is anything else."""
    places: defaultdict[str, list[Block]] = defaultdict(list)
    for block in blocks:
        places[block.text].append(block)
    found = [each for passage in change.judgement.passages for each in _iter_clauses(passage, places)]
    return [each for each in found if not each.is_heading] or found


def _iter_clauses(passage: Passage, places: Mapping[str, Sequence[Block]]) -> Iterator[_Changed]:
    before, after = passage.before.split("\n"), passage.after.split("\n")
    if passage.op is PassageOp.REMOVED:
        for line in before:
            yield _Changed(line, Anchor(passage.heading, line), is_gone=True, is_heading=line in passage.heading[-1:])
        return
    lines = zip(before, after, strict=True) if len(before) == len(after) else ((passage.before, line) for line in after)
    for was, line in lines:
        for block in _find_block(line, passage.heading, places):
            yield _Changed(was, Anchor(block.heading, line), is_heading=block.kind is BlockKind.HEADING)


def _find_block(line: str, heading: tuple[str, ...], places: Mapping[str, Sequence[Block]]) -> Sequence[Block]:
    """The block with this text, of several the one below this heading."""
    found = places.get(line, ())
    return [each for each in found if each.heading[: len(heading)] == heading][:1] or found[:1]


def _choose(clauses: Iterable[_Changed], section_text: str) -> list[_Changed]:
    """Those that share most words with the Section, at least one: none with less than half of what the best one has."""
    own = set(stems(section_text))
    shared = {each: len(own.intersection(stems(f"{each.before} {each.anchor.text}"))) for each in clauses}
    best = sorted(shared, key=lambda each: -shared[each])[:MOST_CLAUSES]
    return [each for each in best if 2 * shared[each] >= shared[best[0]]]
