"""How facts are shown: JSON in the shape of the command contracts, and words for people.

Does not do: reading the database.
"""

from __future__ import annotations

import difflib
import json
import sys
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.text import Text

from digests import wording
from digests.grouping import group_changes
from monitor.compare.alignment.words import SegmentOp, mark_words
from monitor.model import ChangeStatus, PassageOp, Severity
from monitor.store import write_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from monitor.model import Change, Citation, DateMention, Digest, Impact, Judgement, Passage, Problem
    from monitor.schedule import Summary

SEVERITY_MARKS = {"high": "‼", "medium": "!", "low": "·"}
OP_MARKS = {PassageOp.ADDED: "+", PassageOp.REMOVED: "-", PassageOp.REWORDED: "~", PassageOp.MOVED: "↕"}
_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60))
LONGEST_ID = 18
"""Digits: no number of them is too great for SQLite."""
STATUS_MARKS = {
    ChangeStatus.PROVISIONAL: " (held)",
    ChangeStatus.CONFIRMED: "",
    ChangeStatus.SUPERSEDED: " (superseded)",
    ChangeStatus.HISTORY: " (history)",
}


def is_change_id(text: str) -> bool:
    """Whether this names a Change and not a Document."""
    return text.isdecimal() and len(text) <= LONGEST_ID


def console() -> Console:
    """Standard output, with colours only where a person looks on, and no wrapping surprises for anything else."""
    return Console(highlight=False, soft_wrap=True)


def say_time(moment: datetime) -> str:
    """As in "2026-11-04 07:00 UTC"; `moment` is UTC, as every time that is stored."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def did_you_mean(name: str, known: Iterable[str], otherwise: str) -> str:
    """The ids that `name` may have been meant to be; `otherwise`, where none is near."""
    near = difflib.get_close_matches(name, known, n=3)
    return f"Did you mean {' or '.join(near)}?" if near else otherwise


def change_json(change: Change, impacts: Sequence[Impact]) -> dict[str, Any]:
    return judgement_json(change.judgement) | {
        "id": change.id,
        "source": change.source_id,
        "document": change.document_id,
        "title": change.title,
        "url": change.url,
        "detected_at": write_time(change.detected_at),
        "confirmed_at": write_time(change.confirmed_at) if change.confirmed_at else None,
        "held_seconds": _held_seconds(change),
        "status": change.status,
        "group": change.judgement.fingerprint or None,
        "impacts": [impact_json(each) for each in impacts],
    }


def _held_seconds(change: Change) -> int | None:
    """How much later people are told because it had to be seen twice; None = it is not confirmed yet."""
    if change.confirmed_at is None:
        return None
    return int((change.confirmed_at - change.detected_at).total_seconds()) if change.hold_until else 0


def say_held(change: Change) -> str:
    """As in "held 2 hours"; empty where it was told at once, or is not told yet."""
    seconds = _held_seconds(change)
    if not seconds:
        return ""
    unit, length = next((each for each in _UNITS if seconds >= 2 * each[1]), _UNITS[-1])
    return f"held {wording.count(max(1, round(seconds / length)), unit)}"


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
    return {
        "source": problem.source_id,
        "document": problem.source_id,
        "url": problem.url,
        "problem": problem.kind,
        "since": write_time(problem.opened_at),
        "last_seen": write_time(problem.last_seen_at),
        "detail": problem.detail,
        "advice": problem.advice,
        "mark": problem.mark or None,
    }


def digest_json(digest: Digest) -> dict[str, Any]:
    return {
        "id": digest.id,
        "audience": digest.audience_id,
        "period": digest.period,
        "date": digest.local_date.isoformat(),
        "composed_at": write_time(digest.composed_at),
        "changes": [
            change_json(each.change, each.impacts) | {"publisher": each.publisher, "jurisdiction": each.jurisdiction}
            for each in digest.changes
        ],
        "groups": [
            {"group": each.fingerprint, "changes": [member.change.id for member in each.members]}
            for each in group_changes(digest.changes)
            if each.is_group
        ],
        "problems": [problem_json(each) for each in digest.problems],
        "quiet": digest.quiet,
        "watched": digest.watched,
        "read": digest.read,
        "last_read_at": write_time(digest.last_read_at) if digest.last_read_at else None,
        "held": digest.held,
        "has_sops": digest.has_sops,
    }


def change_lines(changes: Sequence[Change]) -> list[Text]:
    """A line each, in columns: id, severity, day, kind, document (its id begins with the source's), summary."""
    kinds = [change.judgement.kind + STATUS_MARKS[change.status] for change in changes]
    kind_width = max(map(len, kinds), default=0)
    id_width = max((len(change.document_id) for change in changes), default=0)
    return [
        Text.assemble(
            (f"{change.id:>5} ", "dim"),
            (f"{SEVERITY_MARKS[change.judgement.severity]:<2}", _severity_style(change)),
            (f"{change.detected_at:%Y-%m-%d} ", "dim"),
            (f"{kind:<{kind_width}}  ", "cyan"),
            (f"{change.document_id:<{id_width}}  ", "bold"),
            change.judgement.summary or change.judgement.reason,
            (f" · {held}" if (held := say_held(change)) else "", "dim"),
        )
        for change, kind in zip(changes, kinds, strict=True)
    ]


def _severity_style(change: Change) -> str:
    return "bold red" if change.judgement.severity is Severity.HIGH else ""


def print_cut(out: Console, line: Text) -> None:
    """On a terminal one row, cut with … at its edge; anywhere else the whole line."""
    if out.is_terminal:
        line.truncate(out.width, overflow="ellipsis")
    out.print(line)


def report(summary: Summary, lines: Iterable[str], *, as_json: bool) -> None:
    """Print what a run did, its notes and its failures; exit status 1 where there are any."""
    if as_json:
        click.echo(json.dumps(summary.as_dict(), ensure_ascii=False))
    else:
        for line in lines:
            click.echo(line)
    for note in summary.notes:
        click.echo(f"  {note}", err=as_json)
    if summary.failures:
        for failure in summary.failures:
            click.echo(f"  {failure}", err=as_json)
        sys.exit(1)


def passage_text(passage: Passage) -> Text:
    """A Passage with its heading path; in a reworded one the words are marked."""
    text = Text()
    if passage.heading:
        text.append(" › ".join(passage.heading) + "\n", style="dim")
    text.append(f"{OP_MARKS[passage.op]} ", style="bold")
    if passage.op is PassageOp.REWORDED:
        _append_marked(text, passage)
    else:
        style = {"added": "green", "removed": "red strike"}.get(passage.op, "")
        text.append(passage.after or passage.before, style=style)
    return text


def _append_marked(text: Text, passage: Passage) -> None:
    """Marks that survive without colour: [-removed-] and {+added+}, as word-level comparisons commonly show them."""
    for segment in mark_words(passage.before, passage.after):
        words = segment.text.strip()
        if segment.op is SegmentOp.SAME or not words:  # nobody marks a space
            text.append("" if segment.op is SegmentOp.REMOVED else segment.text)
            continue
        before, after = segment.text.split(words, 1)
        mark, style = ("[-{}-]", "red") if segment.op is SegmentOp.REMOVED else ("{{+{}+}}", "green")
        text.append(before)
        text.append(mark.format(words), style=style)
        text.append(after)


def impact_text(impact: Impact) -> Text:
    """Likelihood, section and owner on one line, the evidence below it."""
    return Text.assemble(
        f"  {wording.likelihood(impact.probability)}  ",
        (wording.section_name(impact), "bold"),
        wording.owner(impact),
        (f"\n    {wording.evidence(impact.evidence)}", "dim"),
    )
