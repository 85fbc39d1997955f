"""Short ways to what the tests of telling need besides `World`: dates of changes, decisions, times as text.

decide(world, change, Verdict.ASSIGNED, assignee="Tom", due="2026-12-01")
"""

from __future__ import annotations

from datetime import UTC, datetime

from monitor import triage


def at(text):
    return datetime.fromisoformat(text).astimezone(UTC)


def date(world, change_id, kind, day, moved_from=None):
    """The Change says that this happens on that day."""
    world.db.table("date_mention").insert(
        {
            "change_id": change_id,
            "position": world.db.table("date_mention").count,
            "kind": kind,
            "date": day,
            "sentence": f"It happens on {day}.",
            "moved_from": moved_from,
        }
    )
    return change_id


EARLY = at("2026-11-01T09:00Z")


def decide(world, change_id, verdict, *, section=None, by="mia", now=EARLY, **facts):
    return triage.decide(world.db, change_id, section, verdict, by=by, now=now, **facts)


def ids(told):
    return [each.change.id for each in told]
