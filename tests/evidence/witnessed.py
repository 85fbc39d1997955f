"""A small database with one row or more of everything that is sealed, written as the monitor writes it.

Change 1 is the first look at a text of two snapshots, change 2 rewords it: two procedures, a decision, a digest.
"""

from __future__ import annotations

import hashlib
from datetime import date

from digests.compose import compose
from monitor.model import (
    Audience,
    BlockKind,
    ChangeKind,
    Citation,
    DateKind,
    DateMention,
    Delivery,
    DeliveryState,
    Evidence,
    EvidenceKind,
    Impact,
    Judgement,
    Outcome,
    Passage,
    PassageOp,
    Severity,
    Verdict,
)
from monitor.sops import load_sops
from monitor.store import changes, deliveries, digests, fetches, impacts, open_store, sources, transaction, versions
from monitor.store.fetches import FetchState
from monitor.store.sops import declare_sops
from monitor.triage import decide
from store.conftest import HOUR, NOON, URL, a_block, a_fetch, a_source
from triaged import SOPS

__all__ = ["CHANGE", "NOW", "make_database"]

CHANGE = 2
NOW = NOON + 30 * HOUR
DESK = Audience(id="desk", name="Desk")
RULES = ("Hosts show a passport.", "Proof is stored for 30 days <b>or less</b>.", "Nobody sells followers.")
NEW_RULES = (RULES[0], "Proof is stored for 60 days <b>or less</b>.", RULES[2])


def make_database(path, *, channel="slack:C1"):
    """Writes it and closes it. `channel`: where the digest of change 2 went."""
    folder = path.parent / "sops"
    folder.mkdir(exist_ok=True)
    for name, text in SOPS.items():
        (folder / name).write_text(text)
    db = open_store(path)
    with transaction(db):
        sources.declare_sources(db, [a_source()], NOON)
        sections = [each.id for sop in declare_sops(db, load_sops(folder).sops, NOON) for each in sop.sections]
        digests.ensure_audiences(db, [DESK], NOON)
    _look(db, RULES, 1)
    _fetch(db, None, 2, Outcome.TIMEOUT, FetchState.NONE)
    _look(db, NEW_RULES, 3, sections)
    for hour in range(4, 9):
        _fetch(db, None, hour, Outcome.UNCHANGED, FetchState.UNCHANGED)
    decide(db, CHANGE, sections[0], Verdict.CONFIRMED, by="mia", reason="ours is 30 days", now=NOON + 9 * HOUR)
    _tell(db, channel)
    db.close()


def page(rules):
    return "<main>" + "".join(f"<p>{each.replace('<', '&lt;')}</p>" for each in rules) + "</main>"


def _fetch(db, body, hour, outcome=Outcome.OK, state=FetchState.GOOD):
    fetch = a_fetch(body, NOON + hour * HOUR, outcome=outcome, status=200 if body else None)
    with transaction(db):
        resource = sources.get_resource(db, "rules", URL)
        snapshot = (
            fetches.add_snapshot(db, resource.id, hashlib.sha256(body).hexdigest(), fetch, body)
            if body
            else resource.snapshot_id
        )
        fetch_id = fetches.add_fetch(
            db, resource.id, fetch, snapshot_id=snapshot, state=FetchState.PENDING if body else state
        )
    return fetch_id, snapshot


def _look(db, rules, hour, sections=()):
    """What one crawl brings, as `monitor.tracking` and `monitor.understanding` write it."""
    fetch_id, snapshot = _fetch(db, page(rules).encode(), hour)
    now = NOON + hour * HOUR
    with transaction(db):
        fetches.claim_fetch(db, fetch_id, FetchState.GOOD)
        sources.save_good_snapshot(
            db, sources.get_resource(db, "rules", URL).id, snapshot, read_as="html", etag=None, last_modified=None
        )
        before = versions.find_current(db, "rules")
        versions.declare_document(db, "rules", source_id="rules", identity=URL, url=URL, title="Rules", now=now)
        version = versions.add_version(
            db,
            "rules",
            title="Rules",
            blocks=[a_block("Rules", BlockKind.HEADING), *map(a_block, rules)],
            recipe="html/3",
            observed_at=now,
            snapshot_ids=[snapshot],
        )
        change_id = changes.add_change(
            db,
            document_id="rules",
            from_version_id=before.id if before else None,
            to_version_id=version,
            judgement=_judge(before),
            fetch_id=fetch_id,
            detected_at=now,
            hold_until=now + HOUR if before else None,
            rules="1",
            now=now,
        )
        why = (Evidence(EvidenceKind.WORDS, "proof"),)
        found = [Impact(each.partition("#")[0], each, "", (), "", 0.7125, why) for each in sections]
        if before:
            impacts.add_impacts(db, change_id, found, "1")
    with transaction(db):
        changes.mark_confirmed(db, change_id, now + 2 * HOUR)


def _judge(before):
    if before is None:
        return Judgement(ChangeKind.FIRST, "first look", Severity.LOW, "", ())
    return Judgement(
        ChangeKind.SUBSTANTIVE,
        "a period was changed",
        Severity.HIGH,
        '"30 days" → "60 days"',
        (Passage(PassageOp.REWORDED, ("Rules",), RULES[1], NEW_RULES[1]),),
        dates=(DateMention(DateKind.COMPLIANCE, "2026-06-01", "From 1 June 2026 it holds."),),
        citations=(Citation("eu:reg:2022/2065#art28", "Article 28"),),
    )


def _tell(db, channel):
    digest = compose(db, DESK, NOON + 24 * HOUR, local_date=date(2026, 3, 2))
    delivery = Delivery(
        id="d1",
        digest_id=digest.id,
        channel=channel,
        part=1,
        parts=1,
        payload={"text": "1 change"},
        state=DeliveryState.PENDING,
        attempts=0,
        first_attempt_at=None,
        next_attempt_at=None,
        sent_at=None,
        ts=None,
        error=None,
    )
    with transaction(db):
        digests.add_digest(db, digest)
        deliveries.add_deliveries(db, [delivery])
    with transaction(db):
        deliveries.claim_delivery(db, delivery, NOON + 24 * HOUR)
        deliveries.mark_sent(db, "d1", ts="1.2", at=NOON + 24 * HOUR)
