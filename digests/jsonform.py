"""Facts as JSON, in the shape of the command contracts: what `--json` prints and what a webhook is sent.

Does not do: reading the database, words for people.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from digests.grouping import group_changes
from monitor.store import write_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.model import (
        Change,
        Citation,
        DateMention,
        Deadline,
        Digest,
        DigestChange,
        Impact,
        Judgement,
        OpenItem,
        Problem,
    )


def change_json(change: Change, impacts: Sequence[Impact]) -> dict[str, Any]:
    return judgement_json(change.judgement) | {
        "id": change.id,
        "source": change.source_id,
        "document": change.document_id,
        "title": change.title,
        "url": change.url,
        "detected_at": write_time(change.detected_at),
        "confirmed_at": write_time(change.confirmed_at) if change.confirmed_at else None,
        "held_seconds": held_seconds(change),
        "status": change.status,
        "group": change.judgement.fingerprint or None,
        "impacts": [impact_json(each) for each in impacts],
    }


def held_seconds(change: Change) -> int | None:
    """How much later people are told because it had to be seen twice; None = it is not confirmed yet."""
    if change.confirmed_at is None:
        return None
    return int((change.confirmed_at - change.detected_at).total_seconds()) if change.hold_until else 0


def judgement_json(judgement: Judgement) -> dict[str, Any]:
    """The keys of a change that come from the comparison alone."""
    return {
        "kind": judgement.kind,
        "reason": judgement.reason,
        "severity": judgement.severity,
        "aspects": list(judgement.aspects),
        "summary": judgement.summary,
        "passages": [
            {"op": each.op, "heading": list(each.heading), "before": each.before, "after": each.after}
            for each in judgement.passages
        ],
        "dates": [date_json(each) for each in judgement.dates],
        "citations": [citation_json(each) for each in judgement.citations],
    }


def date_json(mention: DateMention) -> dict[str, Any]:
    moved = {"moved_from": mention.moved_from} if mention.moved_from else {}
    return {"kind": mention.kind, "date": mention.date, "sentence": mention.sentence} | moved


def citation_json(citation: Citation) -> dict[str, Any]:
    return {"text": citation.text, "id": citation.id}


def impact_json(impact: Impact) -> dict[str, Any]:
    return {
        "sop": impact.sop_id,
        "section": impact.section_id,
        "heading": list(impact.heading),
        "owner": impact.owner,
        "probability": round(impact.probability, 3),
        "evidence": [{"kind": each.kind, "text": each.text} for each in impact.evidence],
    }


def problem_json(problem: Problem) -> dict[str, Any]:
    seen = problem.acknowledged
    return {
        "id": problem.id or None,
        "source": problem.source_id,
        "document": problem.source_id,
        "url": problem.url,
        "problem": problem.kind,
        "since": write_time(problem.opened_at),
        "last_seen": write_time(problem.last_seen_at),
        "detail": problem.detail,
        "advice": problem.advice,
        "mark": problem.mark or None,
        "acknowledged": {"by": seen.by, "at": write_time(seen.at), "note": seen.note} if seen else None,
    }


def digest_json(digest: Digest) -> dict[str, Any]:
    return {
        "id": digest.id,
        "audience": digest.audience_id,
        "audience_name": digest.audience_name,
        "period": digest.period,
        "date": digest.local_date.isoformat(),
        "composed_at": write_time(digest.composed_at),
        "changes": [_told_json(each) for each in digest.changes],
        "groups": [
            {"group": each.fingerprint, "changes": [member.change.id for member in each.members]}
            for each in group_changes(digest.changes)
            if each.is_group
        ],
        "alerted": [_told_json(each) for each in digest.alerted],
        "deadlines": [_deadline_json(each) for each in digest.deadlines],
        "items": [_item_json(each) for each in digest.items],
        "problems": [problem_json(each) for each in digest.problems],
        "undelivered": list(digest.undelivered),
        "quiet": digest.quiet,
        "watched": digest.watched,
        "read": digest.read,
        "last_read_at": write_time(digest.last_read_at) if digest.last_read_at else None,
        "held": digest.held,
        "unreadable": digest.unreadable,
        "has_sops": digest.has_sops,
        "head": digest.head or None,
    }


def _told_json(told: DigestChange) -> dict[str, Any]:
    return change_json(told.change, told.impacts) | {"publisher": told.publisher, "jurisdiction": told.jurisdiction}


def _deadline_json(deadline: Deadline) -> dict[str, Any]:
    return {
        "change": deadline.change_id,
        "publisher": deadline.publisher,
        "source_name": deadline.source_name,
        "url": deadline.url,
        "kind": deadline.kind,
        "date": deadline.date,
        "is_decided": deadline.is_decided,
    }


def _item_json(item: OpenItem) -> dict[str, Any]:
    return {
        "change": item.change_id,
        "section": item.section_id,
        "source": item.source_id,
        "source_name": item.source_name,
        "publisher": item.publisher,
        "url": item.url,
        "procedure": item.procedure or None,
        "severity": item.severity,
        "since": write_time(item.since_at),
        "verdict": item.verdict,
        "assignee": item.assignee,
        "due": item.due,
        "deadline": item.deadline,
        "snoozed_until": item.snoozed_until,
    }
