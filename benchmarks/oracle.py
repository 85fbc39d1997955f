"""What must be there after all faults, found out without the program: from what the publisher did, and what Slack got.

Does not do: making faults (`faulty_world.py`).
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from contextlib import closing
from datetime import date, timedelta
from typing import TYPE_CHECKING

import zstandard

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from faulty_world import World
    from publishing import Edit

TOLD = ("substantive", "editorial")
CHANGES = """
SELECT change.kind, change.status, document.source_id, document.identity, new.blocks AS after, old.blocks AS before
FROM change JOIN document ON document.id = change.document_id JOIN version AS new ON new.id = to_version_id
LEFT JOIN version AS old ON old.id = from_version_id ORDER BY change.id
"""
MAY_WARN = {"Slack", "browser", "certificates", "clock", "extras", "memory", "variables"}
"""Checks of the machine, and that MONITOR_NOW is set: nothing that faults have left."""
SMALL_DISK = "disk space"
"""Of which some worlds have little."""


def check(world: World) -> Iterator[str]:
    """Everything that is wrong, in words; `world.counts` takes how much was looked at."""
    yield from check_rows(world)
    yield from _ask(world)


def check_rows(world: World) -> Iterator[str]:
    """As `check`, without asking the program."""
    yield from _check_changes(world)
    yield from _check_messages(world)
    yield from _check_days(world)


def _check_changes(world: World) -> Iterator[str]:
    """Each edit is one Change of its kind, confirmed, in the order of edits; and there is no other."""
    found = defaultdict(list)
    with closing(_open(world.db)) as db:
        for row in db.execute(CHANGES):
            found[row["source_id"]].append(row)
    for place, url in enumerate(world.publisher.urls):
        expected = [each for each in world.publisher.edits if each.url == url and each.kind != "outside"]
        rows = found.pop(f"s{place}", [])
        world.counts["checked", "edits"] += len(expected)
        if url.endswith("feed"):  # entries that were seen at once have no order
            expected.sort(key=lambda edit: [edit.mark not in _text(row["after"]) for row in rows])
        if [each.kind for each in expected] != [row["kind"] for row in rows]:
            yield f"{url}: {[each.kind for each in expected]} were published, {[row['kind'] for row in rows]} found"
        for edit, row in zip(expected, rows, strict=False):
            yield from _compare(edit, row)
    if found:
        yield f"Changes of {list(found)}, which nobody published"


def _compare(edit: Edit, row: sqlite3.Row) -> Iterator[str]:
    if row["status"] != "confirmed":
        yield f"{edit}: {row['status']}"
    if edit.mark not in _text(row["after"]) or edit.mark in _text(row["before"]):
        yield f"{edit}: the Change in its place leads to another text"


def _text(blocks: bytes | None) -> str:
    return zstandard.decompress(blocks).decode() if blocks else ""


def _check_messages(world: World) -> Iterator[str]:
    """Each Delivery arrived once, and each told edit stands in one message of each audience."""
    with closing(_open(world.db)) as db:
        deliveries = {row["id"]: row["state"] for row in db.execute("SELECT * FROM delivery WHERE channel <> 'file'")}
        unsent = db.execute("SELECT count(*) FROM delivery WHERE state <> 'sent'").fetchone()[0]
    arrived = Counter(_facts(message)["delivery_id"] for message in world.slack.messages)
    world.counts["checked", "messages"] += len(deliveries)
    if unsent:
        yield f"{unsent} Deliveries are not sent"
    if twice := [id_ for id_, number in arrived.items() if number > 1]:
        yield f"{len(twice)} messages came more than once"
    if set(arrived) != set(deliveries):
        yield f"{len(deliveries)} Deliveries, {len(arrived)} arrived"
    for edit in world.publisher.edits:
        if edit.kind in TOLD:
            yield from _check_telling(world, edit)


def _check_telling(world: World, edit: Edit) -> Iterator[str]:
    told = Counter(message["channel"] for message in world.slack.messages if edit.mark in json.dumps(message["blocks"]))
    world.counts["checked", "tellings"] += len(world.audiences)
    if len(told) != len(world.audiences) or set(told.values()) != {1}:
        yield f"{edit}: told {dict(told)}"


def _check_days(world: World) -> Iterator[str]:
    """Each audience has the Digest of each of its days from the first one on, once."""
    days = defaultdict(list)
    for message in world.slack.messages:
        digest_id = _facts(message)["digest_id"]
        if "-daily-" in digest_id and _facts(message)["part"] == 1:
            day, _, audience_id = digest_id.partition("-daily-")
            days[audience_id].append(date.fromisoformat(day))
    for audience_id in world.audiences:
        told = sorted(days[audience_id])
        world.counts["checked", "daily digests"] += len(told)
        first = max(told[0], world.first_day) if told else world.first_day
        wanted = [first + timedelta(days=number) for number in range((told[-1] - first).days + 1 if told else 1)]
        if [each for each in told if each >= first] != wanted:
            yield f"{audience_id}: digests of {list(map(str, told))}"


def _facts(message: dict[str, object]) -> dict[str, object]:
    return message["metadata"]["event_payload"]


def _ask(world: World) -> Iterator[str]:
    """`monitor verify` and `monitor doctor` find nothing."""
    verified = world.call("verify")
    world.counts["checked", "verify"] += 1
    if verified.status:
        yield f"verify: {verified.out[-500:]}{verified.err[-500:]}"
    examined = world.call("doctor", "--full", "--json")
    world.counts["checked", "doctor"] += 1
    checks = json.loads(examined.out)["checks"]
    for each in checks:
        may_be = MAY_WARN if each["state"] == "warning" else ()
        if each["state"] != "ok" and each["check"] not in {SMALL_DISK, *may_be}:
            yield f"doctor: {each}"


def _open(path: Path) -> sqlite3.Connection:
    """With the SQLite of the standard library, which is another one than that of the program."""
    db = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    db.row_factory = sqlite3.Row
    return db
