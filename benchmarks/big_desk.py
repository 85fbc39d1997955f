"""An invented desk as large as one may ever get: `monitor.db`, and the `sources.yaml` that belongs to it.

The same sizes give the same rows. 400 days up to NOW: texts that change on working days, the Fetches of the last 90,
people who decide nearly everything within some days, procedures that put clauses into practice. What the world would
bring one at a time is written table by table; what follows from it (Sources, SOPs, what stands for a Change, the index
of the search) is made by the functions of the product.

Does not do: measuring (`desk.py`), words (`invented.py`).
"""

from __future__ import annotations

import hashlib
import json
import random
import sys
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import zstandard

sys.path.insert(0, str(Path(__file__).parent.parent))

from invented import (
    PEOPLE,
    TOPICS,
    WHAT,
    WHEN,
    WHO,
    Text,
    begin,
    draw_kind,
    edit,
    happens,
    invent_sources,
    iter_sops,
    reword,
    write_stems,
)

from monitor.impact import MATCHER, WORTH_SHOWING
from monitor.model import TOLD_KINDS
from monitor.sources import load_sources
from monitor.store import open_store, transaction, write_time
from monitor.store.items import note_all
from monitor.store.search import catch_up
from monitor.store.sops import declare_sops
from monitor.store.sources import declare_sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from monitor.model import Passage
    from monitor.store import Database

NOW = datetime(2026, 11, 4, 9, tzinfo=UTC)
DAYS, FETCH_DAYS = 400, 90
HOLD, ENTRIES = timedelta(hours=1), 20
"""From seeing to confirming a Change, and the Documents of a feed."""
LONG = 50
"""Every so-many-th Source has long texts, which many Sections are about."""
AT_ONCE = 5_000
"""Changes that are kept in memory before they are written."""
WAITING = ((2, 0.85), (7, 0.5), (30, 0.13), (DAYS, 0.006))
"""Up to which age in days which share is not decided yet."""
REASONS = ("out-of-scope", "elsewhere", "unrelated", "covered: see 4.2", "no-effect", "we do not sell there")
_WEEKEND = 5
_HEADERS, _NO_BODY = json.dumps({"content-type": "text/html", "etag": 32 * "a"}), zstandard.compress(b"")

COLUMNS = {
    "snapshot": "id resource_id sha256 length headers final_url body depth received_at",
    "fetch": "id resource_id at outcome status final_url headers duration_ms partial detail snapshot_id state",
    "document": "id source_id identity url title added_at",
    "version": "id document_id text_sha256 blocks title recipe observed_at",
    "version_snapshot": "version_id position snapshot_id",
    "change": (
        "id document_id from_version_id to_version_id kind reason severity summary status fetch_id detected_at "
        "confirmed_at matcher fingerprint rules"
    ),
    "passage": "change_id op heading before after",
    "citation": "change_id norm text",
    "date_mention": "change_id position kind date sentence moved_from",
    "impact": "change_id section_id probability evidence",
    "decision": "change_id section_id verdict reason assignee due by at",
    "change_stems": "change_id matcher stems",
    "link": (
        "document_id section_id heading text known is_gone version_id section_sha256 decision_id since_at stale_since "
        "stale_by why revised_at"
    ),
    "problem": "resource_id kind detail advice opened_at last_seen_at closed_at",
    "digest": "id audience_id period local_date composed_at content",
}
"""Table → what is written of its rows; in this order, because rows refer to rows of the tables before."""

CONFIRMED = """
SELECT change.document_id, impact.section_id, max(decision.id) AS decision_id, decision.at, change.id AS change_id,
    passage.heading, passage.after, (
        SELECT min(later.id) FROM change AS later WHERE later.document_id = change.document_id
            AND later.id > change.id AND later.kind = 'substantive' AND later.status = 'confirmed'
    ) AS later_id
FROM decision JOIN change ON change.id = decision.change_id JOIN passage ON passage.change_id = change.id
JOIN impact ON impact.change_id = change.id AND impact.section_id = coalesce(decision.section_id, impact.section_id)
WHERE decision.verdict = 'confirmed' GROUP BY change.document_id, impact.section_id
"""
"""Which Section was confirmed for which Document, the last time; a clause; and the next Change of the Document."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many there are of each."""

    changes: int = 100_000
    sources: int = 2_000
    sops: int = 500


@dataclass(frozen=True, slots=True)
class Step:
    """One Change to come."""

    at: datetime
    text: Text
    fingerprint: str
    """The same for the same Change in other Documents of the publisher."""


@dataclass(frozen=True, slots=True)
class Told:
    """What whoever decides about a Change has before them."""

    change_id: int
    at: datetime
    """When it was confirmed."""
    sections: list[str]


class Rows:
    """What is still to be written, by table."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._rows: defaultdict[str, list[tuple[object, ...]]] = defaultdict(list)

    def add(self, table: str, *row: object) -> None:
        self._rows[table].append(row)

    def write(self) -> None:
        for table, names in COLUMNS.items():
            columns = [f'"{each}"' for each in names.split()]
            places = ", ".join("?" * len(columns))
            insert = " ".join(["INSERT INTO", table, "(", ", ".join(columns), ") VALUES (", places, ")"])
            self._db.conn.executemany(insert, self._rows.pop(table, []))


def build(path: Path, size: Size) -> None:
    """The database at `path`, where none is yet, and `sources.yaml` beside it."""
    chance = random.Random(7)
    db = open_store(path)
    db.execute("PRAGMA synchronous = OFF")  # nothing of it is worth keeping if the machine stops
    with transaction(db):
        rows = Rows(db)
        steps = plan(declare(db, path.with_name("sources.yaml"), size, chance), size, chance)
        told = list(iter_told(rows, steps, write_fetches(rows, steps, chance), chance))
        decide(rows, [each for each in told if is_decided(each, chance)], chance)
        link(db, rows, chance)
        add_problems(db, rows, chance)
        add_digests(rows, chance)
        rows.write()
        note_all(db)
    catch_up(db)
    db.close()


def declare(db: Database, path: Path, size: Size, chance: random.Random) -> list[Text]:
    """Sources and SOPs, as if all were declared on the first day; the Documents that there will be."""
    began = NOW - timedelta(days=DAYS)
    path.write_text(json.dumps(invent_sources(size.sources, chance)), encoding="utf-8")
    sources = load_sources(path).sources
    declare_sources(db, sources, began)
    db.execute("UPDATE source SET due_at = ?", [write_time(NOW + timedelta(hours=6))])
    sections = [each.id for sop in declare_sops(db, list(iter_sops(size.sops, chance)), began) for each in sop.sections]
    resources = {row["source_id"]: row["id"] for row in db.query("SELECT id, source_id FROM resource")}
    return [
        Text(
            id=f"{source.id}/{entry:04}" if source.kind == "atom" else source.id,
            source_id=source.id,
            resource_id=resources[source.id],
            publisher=source.publisher,
            title=f"{chance.choice(WHO)} and {chance.choice(WHAT)}, {source.id[1:]}-{entry}",
            is_entry=source.kind == "atom",
            is_long=place % LONG == 0,
            sections=chance.sample(sections, 30 if place % LONG == 0 else 2),
        )
        for place, source in enumerate(sources)
        for entry in range(ENTRIES if source.kind == "atom" else 1)
    ]


def plan(texts: Sequence[Text], size: Size, chance: random.Random) -> list[Step]:
    """Which Document changes when: first looks, then new entries and Changes, some of them in several Documents."""
    known = [each for each in texts if not each.is_entry][: size.changes]
    entries = [each for each in texts if each.is_entry]
    mates = defaultdict(list)
    for each in known:
        mates[each.publisher].append(each)
    order = [(each, "") for each in known]
    while len(order) < size.changes:
        text = known[int(len(known) * chance.random() ** 1.5)]  # some change often
        if entries and happens(chance, len(entries) / (size.changes - len(order))):
            known.append(entries.pop())
            order.append((known[-1], ""))
        elif text.is_entry or not happens(chance, 0.015):
            order.append((text, ""))
        else:
            order += [(each, f"same-{len(order)}") for each in mates[text.publisher]]
    moments = sorted(draw_moment(chance) for _ in range(size.changes))
    return [Step(at, text, fingerprint) for at, (text, fingerprint) in zip(moments, order, strict=False)]


def draw_moment(chance: random.Random) -> datetime:
    """By day, and four of five times not at a weekend."""
    day = NOW - timedelta(days=chance.randint(0, DAYS - 1))
    if day.weekday() >= _WEEKEND and happens(chance, 0.8):
        day -= timedelta(days=2)
    return day.replace(hour=0) + timedelta(hours=9) * chance.random()


def write_fetches(rows: Rows, steps: Sequence[Step], chance: random.Random) -> list[int]:
    """Each Change's own, and of FETCH_DAYS all that brought nothing new. Returns the ids of the former."""
    halves, resources = range(2 * FETCH_DAYS), sorted({each.text.resource_id for each in steps})
    attempts = [
        (NOW - timedelta(hours=12 * half, minutes=each % 600), each, None) for half in halves for each in resources
    ]
    attempts += [(step.at, step.text.resource_id, number) for number, step in enumerate(steps, 1)]
    own = []
    for fetch_id, (at, resource_id, number) in enumerate(sorted(attempts, key=itemgetter(0)), 1):
        url, when = f"https://example.org/{resource_id - 1}", write_time(at)
        facts = fetch_id, resource_id, when
        if number:
            own.append(fetch_id)
            sha256 = hashlib.sha256(str(number).encode()).hexdigest()
            rows.add("snapshot", number, resource_id, sha256, 40_000, _HEADERS, url, _NO_BODY, 0, when)
            rows.add("fetch", *facts, "ok", 200, url, _HEADERS, 310, 0, "", number, "good")
        elif happens(chance, 0.01):
            rows.add("fetch", *facts, "http-error", 503, url, "{}", 90, 0, "HTTP 503", None, "none")
        else:
            rows.add("fetch", *facts, "unchanged", 304, url, "{}", 80, 0, "", None, "unchanged")
    rows.write()
    return own


def iter_told(rows: Rows, steps: Sequence[Step], fetch_ids: Sequence[int], chance: random.Random) -> Iterator[Told]:
    """Write all that is known of each Change; those that people were told of are given back."""
    for number, step, fetch_id in zip(count(1), steps, fetch_ids, strict=False):
        text, is_first = step.text, step.text.version_id is None
        kind = draw_kind(text, chance, is_grave=bool(step.fingerprint))
        if is_first:
            facts = text.id, text.source_id, text.id, f"https://example.org/{text.id}"
            rows.add("document", *facts, text.title, write_time(step.at))
        passages = begin(text, chance) if is_first else edit(text, number, chance)
        write_version(rows, number, step)
        severity = chance.choices(["low", "medium", "high"], [5, 4, 1])[0]
        write_change(rows, number, step, kind=kind, severity=severity, passages=passages, fetch_id=fetch_id)
        text.version_id = number
        if kind in TOLD_KINDS:
            sections = write_meaning(rows, number, step, chance)
            if step.at + HOLD <= NOW:
                yield Told(number, step.at + HOLD, sections)
        if number % AT_ONCE == 0:
            rows.write()
    rows.write()


def write_version(rows: Rows, number: int, step: Step) -> None:
    blocks = [[each.kind, each.text, each.heading, each.links, each.invisible] for each in step.text.blocks]
    data, at = json.dumps(blocks, separators=(",", ":")).encode(), write_time(step.at)
    sha256 = hashlib.sha256(data).hexdigest()
    rows.add("version", number, step.text.id, sha256, zstandard.compress(data, 1), step.text.title, "html-1", at)
    rows.add("version_snapshot", number, 0, number)


def write_change(
    rows: Rows, number: int, step: Step, *, kind: str, severity: str, passages: Sequence[Passage], fetch_id: int
) -> None:
    confirmed_at = write_time(step.at + HOLD) if step.at + HOLD <= NOW else None
    rows.add(
        "change", number, step.text.id, step.text.version_id, number, kind, "a limit is another one", severity,
        f"{step.text.title}: {passages[-1].after}", "confirmed" if confirmed_at else "provisional", fetch_id,
        write_time(step.at), confirmed_at, MATCHER, step.fingerprint, "1",
    )  # fmt: skip
    for each in passages[:60]:
        rows.add("passage", number, each.op, json.dumps(each.heading), each.before, each.after)


def write_meaning(rows: Rows, number: int, step: Step, chance: random.Random) -> list[str]:
    """Dates, a law and Impacts; returns the Sections that people are shown."""
    text, day = step.text, step.at.date()
    if happens(chance, 0.2):
        due, moved_from = f"{day + timedelta(days=chance.randint(10, 300))}", text.day if happens(chance, 0.5) else None
        kind = chance.choice(["effective", "effective", "compliance", "comments_close", "sunset"])
        rows.add("date_mention", number, 0, kind, due, f"Services must comply with these rules by {due}.", moved_from)
        text.day = due
    if happens(chance, 0.3):
        updated = f"{day - timedelta(days=chance.randint(0, 4))}"
        rows.add("date_mention", number, 1, "last_updated", updated, f"Last updated {updated}", None)
    if happens(chance, 0.25):
        article = chance.randint(1, 90)
        rows.add(
            "citation", number, f"eu:reg:2022/2065#art{article}", f"Article {article} of Regulation (EU) 2022/2065"
        )
    shown = chance.sample(text.sections, chance.randint(5, 30) if text.is_long else chance.choice([0, 1, 2]))
    for section_id in shown:
        evidence = [["words", f"{chance.choice(WHAT)}, {chance.choice(WHEN)}"], ["topic", chance.choice(TOPICS)]]
        rows.add("impact", number, section_id, round(chance.uniform(WORTH_SHOWING, 0.95), 2), json.dumps(evidence))
    return shown


def is_decided(told: Told, chance: random.Random) -> bool:
    age = (NOW - told.at).days
    return not happens(chance, next(share for days, share in WAITING if age < days))


def decide(rows: Rows, decided: Iterable[Told], chance: random.Random) -> None:
    """What people decided, in the order in which they did, and what stands since."""
    made = list[tuple[Any, ...]]()
    for each in decided:
        made += judge(each, chance)
        rows.add("change_stems", each.change_id, MATCHER, write_stems(each.change_id % 500))
    for at, *facts in sorted(made, key=itemgetter(0)):
        rows.add("decision", *facts, write_time(at))
    rows.write()


def judge(told: Told, chance: random.Random) -> Iterator[tuple[Any, ...]]:
    """When, and what stands in the columns of a Decision before that."""
    at = min(told.at + timedelta(hours=chance.expovariate(1 / 20)), NOW - timedelta(minutes=chance.randint(1, 90)))
    by, way = chance.choice(PEOPLE), chance.choices(["settle", "assigned", "snoozed"], [84, 12, 4])[0]
    days = {"settle": 0, "assigned": chance.randint(3, 40), "snoozed": 14}[way]
    end = at + timedelta(days=days)
    for section_id in told.sections[:3] if told.sections and happens(chance, 0.3) else [None]:
        facts = told.change_id, section_id
        if way != "settle":
            assignee = chance.choice(PEOPLE) if way == "assigned" else None
            yield at, told.change_id, section_id if assignee else None, way, "", assignee, f"{end.date()}", by
        if end.date() <= NOW.date() and (way != "assigned" or happens(chance, 0.97)):
            yield from settle(facts, min(end, NOW), by, chance)


def settle(about: tuple[int, str | None], at: datetime, by: str, chance: random.Random) -> Iterator[tuple[Any, ...]]:
    """For or against; one of fifty is taken back first."""
    usual = chance.choice(["confirmed", "not-applicable", "not-applicable"])
    for verdict in ["confirmed", "undone", "not-applicable"] if happens(chance, 0.02) else [usual]:
        reason = chance.choice(REASONS) if verdict == "not-applicable" else ""
        yield at, *about, verdict, reason, None, None, by


def link(db: Database, rows: Rows, chance: random.Random) -> None:
    """Each confirmed Section follows a clause of what it was confirmed for last; some are stale since."""
    for row in list(db.query(CONFIRMED)):
        known, later_id = row["after"], row["later_id"] if happens(chance, 0.06) else None
        (since,) = db.execute("SELECT max(confirmed_at) FROM change WHERE id = ?", [later_id]).fetchone()
        edited = write_time(NOW - timedelta(days=1)) if later_id and happens(chance, 0.3) else None
        rows.add(
            "link", row["document_id"], row["section_id"], row["heading"],
            reword(known, later_id, chance) if later_id else known, known, 0, later_id or row["change_id"], "",
            row["decision_id"], row["at"], since, later_id, "The limit is another one." if later_id else "", edited,
        )  # fmt: skip
    rows.write()


def add_problems(db: Database, rows: Rows, chance: random.Random) -> None:
    """One of twenty Sources has one now; most had one at some time."""
    for row in list(db.query("SELECT id FROM resource")):
        for is_open, share in ((False, 0.6), (True, 0.05)):
            if happens(chance, share):
                opened = NOW - timedelta(days=chance.uniform(3, 60 if is_open else DAYS))
                closed = None if is_open else write_time(min(opened + timedelta(days=chance.expovariate(1 / 6)), NOW))
                kind = chance.choice(["http-error", "blocked", "timeout", "selector-lost"])
                said = f"It says {kind}.", "It is asked again at the next due time."
                rows.add("problem", row["id"], kind, *said, write_time(opened), write_time(NOW), closed)
    rows.write()


def add_digests(rows: Rows, chance: random.Random) -> None:
    """Of each working day one for every desk and person, and some alerts."""
    days = ((NOW - timedelta(days=back)).date() for back in range(DAYS))
    for day in (each for each in days if each.weekday() < _WEEKEND):
        for audience in ("eu-desk", "us-desk", *(f"@{each}" for each in PEOPLE)):
            for place in range(chance.choice([1, 1, 2, 4])):
                period = "alert" if place else "daily"
                name = f"{day}-{period}-{audience}-{place}"
                rows.add("digest", name, audience, period, f"{day}", f"{day}T09:00:00Z", "{}")
    rows.write()
