"""An invented change of complaint rules, and short ways to draft the edit of a procedure for it."""

from __future__ import annotations

from datetime import UTC, datetime

from monitor.drafting import draft_edit
from monitor.drafting.places import find_place, hide_addresses
from monitor.drafting.stale import find_marks
from monitor.model import (
    Change,
    ChangeKind,
    ChangeStatus,
    Judgement,
    Passage,
    PassageOp,
    Section,
    Severity,
    Sop,
)

OLD = "Providers shall decide within 14 days of receiving the complaint and inform the user of the decision."
NEW = "Providers shall decide within 30 days of receiving the complaint and inform the user of the decision."


def reworded(before=OLD, after=NEW, heading=("Terms", "Complaints")):
    return Passage(PassageOp.REWORDED, heading, before, after)


def removed(text):
    return Passage(PassageOp.REMOVED, ("Terms",), text, "")


def added(text):
    return Passage(PassageOp.ADDED, ("Terms",), "", text)


def a_change(*passages, **facts):
    judgement = Judgement(
        kind=ChangeKind.SUBSTANTIVE,
        reason="a time limit changed",
        severity=Severity.HIGH,
        summary=facts.pop("summary", "30 days instead of 14"),
        passages=passages or (reworded(),),
        dates=facts.pop("dates", ()),
    )
    return Change(
        id=12,
        source_id="rules",
        document_id="rules",
        url=facts.pop("url", "https://publisher.example/rules"),
        title=facts.pop("title", "Rules for complaints"),
        from_version_id=1,
        to_version_id=2,
        status=ChangeStatus.CONFIRMED,
        detected_at=datetime(2026, 3, 2, 7, tzinfo=UTC),
        confirmed_at=None,
        judgement=judgement,
    )


def a_section(text, heading=("Deciding",)):
    return Section("SOP-1#deciding", "SOP-1", heading, text)


def a_sop(path="complaints.md", title="Complaints"):
    return Sop("SOP-1", title, "@complaints", path)


def marks_in(text, *passages, heading=("Deciding",)):
    """The Marks in a Markdown section with this text below its heading, as (words, why, text after the edits)."""
    source = f"## {heading[-1]}\n\n{text}\n"
    place = find_place(source, a_section(hide_addresses(text), heading))
    return [(source[each.start : each.end], each) for each in find_marks(source, place, heading, passages)]


def draft_of(source, *passages, text="", heading=("Deciding",), path="complaints.md", change=None):
    """The draft for a Markdown file."""
    section = a_section(text or source, heading)
    return draft_edit(
        change or a_change(*passages),
        "Example Authority",
        a_sop(path),
        section,
        impact=None,
        source_text=source,
    )
