"""When a held change counts as seen again, and what of it is shown."""

import pytest

from monitor.errors import NotFoundError
from monitor.model import (
    Aspect,
    ChangeKind,
    ChangeStatus,
    Citation,
    DateKind,
    DateMention,
    Evidence,
    EvidenceKind,
    Impact,
    Judgement,
    Passage,
    PassageOp,
    Section,
    Severity,
    Sop,
)
from monitor.store import changes, fetches, impacts, sources, transaction, versions
from monitor.store.fetches import FetchState
from monitor.store.sops import declare_sops
from store.conftest import HOUR, NOON, URL, a_block, a_fetch, a_source

PASSAGES = (Passage(PassageOp.REWORDED, ("Ages",), "16 years", "18 years"), Passage(PassageOp.ADDED, (), "", "New."))


def a_judgement(kind=ChangeKind.SUBSTANTIVE):
    return Judgement(
        kind,
        "1 passage reworded",
        Severity.HIGH,
        "16 → 18",
        PASSAGES,
        citations=(Citation("Article 28 DSA", "eu:reg:2022/2065#art28"),),
        dates=(
            DateMention(DateKind.EFFECTIVE, "2026-05-01", "It applies from 1 May 2026.", "2026-04-01"),
            DateMention(DateKind.VERSION, "2026", "Version of 2026."),
        ),
        aspects=(Aspect.OBLIGATION, Aspect.THRESHOLD),
        fingerprint="f1",
    )


class Desk:
    """Puts Fetches, Versions and Changes of the Source `rules` into the database."""

    def __init__(self, db, resource):
        self.db, self.resource = db, resource

    def fetch(self, at, state, body=b"<p>hello</p>"):
        with transaction(self.db):
            snapshot_id = fetches.add_snapshot(self.db, self.resource.id, str(hash(body)), a_fetch(body, at), body)
            added = fetches.add_fetch(
                self.db, self.resource.id, a_fetch(body, at), snapshot_id=snapshot_id, state=state
            )
        return added, snapshot_id

    def version(self, text, at, snapshot_id):
        with transaction(self.db):
            versions.declare_document(self.db, "rules", source_id="rules", identity=URL, url=URL, title="Rules", now=at)
            return versions.add_version(
                self.db,
                "rules",
                title="Rules",
                blocks=[a_block(text)],
                recipe="1",
                observed_at=at,
                snapshot_ids=[snapshot_id],
            )

    def change(self, text="new", at=NOON, hold=HOUR, kind=ChangeKind.SUBSTANTIVE, from_id=None):
        fetch_id, snapshot_id = self.fetch(at, FetchState.GOOD, text.encode())
        version_id = self.version(text, at, snapshot_id)
        with transaction(self.db):
            return changes.add_change(
                self.db,
                document_id="rules",
                from_version_id=from_id,
                to_version_id=version_id,
                judgement=a_judgement(kind),
                fetch_id=fetch_id,
                detected_at=at,
                hold_until=at + hold if hold else None,
                rules="1",
                now=at,
            )

    def seen_again(self):
        return list(changes.iter_seen_again(self.db))


@pytest.fixture
def desk(db, rules):
    return Desk(db, rules)


def test_a_change_comes_back_as_it_was_stored(db, desk):
    change = changes.get_change(db, desk.change())
    assert change.judgement == a_judgement()
    assert (change.status, change.detected_at, change.confirmed_at) == (ChangeStatus.PROVISIONAL, NOON, None)
    assert (change.source_id, change.document_id, change.url, change.title) == ("rules", "rules", URL, "Rules")


def test_a_change_that_does_not_exist_is_named(db):
    with pytest.raises(NotFoundError, match="change 77"):
        changes.get_change(db, 77)


def test_without_a_hold_a_change_is_confirmed_when_it_is_detected(db, desk):
    assert changes.get_change(db, desk.change(hold=None)).confirmed_at == NOON


@pytest.mark.parametrize(
    ("situation", "at", "state", "expected"),
    [
        ("answered unchanged after the hold", NOON + HOUR, FetchState.UNCHANGED, True),
        ("read again with the same text after the hold", NOON + HOUR, FetchState.GOOD, True),
        ("answered unchanged before the hold ends", NOON + HOUR / 2, FetchState.UNCHANGED, False),
        ("no answer after the hold", NOON + HOUR, FetchState.NONE, False),
        ("a bot wall after the hold", NOON + HOUR, FetchState.REJECTED, False),
        ("an answer that nobody has read yet", NOON + HOUR, FetchState.PENDING, False),
    ],
)
def test_a_held_change_is_seen_again(desk, situation, at, state, expected):
    change_id = desk.change()
    desk.fetch(at, state)
    assert desk.seen_again() == ([(change_id, at)] if expected else []), situation


def test_the_fetch_that_found_a_change_cannot_confirm_it(desk):
    desk.change()
    assert desk.seen_again() == []


def test_a_combined_document_is_seen_again_only_when_each_of_its_addresses_was(db):
    second = "https://example.org/more"
    with transaction(db):
        sources.declare_sources(db, [a_source(urls=(URL, second))], NOON)
    one, two = (Desk(db, sources.get_resource(db, "rules", url)) for url in (URL, second))
    change_id = one.change()
    _, snapshot_id = two.fetch(NOON, FetchState.GOOD)
    db.table("version_snapshot").insert({"version_id": 1, "position": 1, "snapshot_id": snapshot_id})
    one.fetch(NOON + HOUR, FetchState.UNCHANGED)
    assert one.seen_again() == []
    two.fetch(NOON + 2 * HOUR, FetchState.UNCHANGED)
    assert one.seen_again() == [(change_id, NOON + 2 * HOUR)]


def test_a_superseded_change_never_becomes_the_text_to_compare_with(db, desk):
    first = desk.change("one", hold=None, kind=ChangeKind.FIRST)
    desk.change("two", at=NOON + HOUR)
    assert changes.find_baseline_version(db, "rules") == changes.get_change(db, first).to_version_id
    with transaction(db):
        assert changes.supersede_provisional(db, "rules") == 1
    assert changes.find_baseline_version(db, "rules") == changes.get_change(db, first).to_version_id
    assert desk.seen_again() == []


def test_the_time_since_a_document_left_its_confirmed_text_is_kept_over_several_texts(db, desk):
    baseline = changes.get_change(db, desk.change("one", hold=None)).to_version_id
    for hours, text in ((1, "two"), (2, "three")):
        with transaction(db):
            changes.supersede_provisional(db, "rules")
        desk.change(text, at=NOON + hours * HOUR, from_id=baseline)
    assert changes.find_held_since(db, "rules", baseline) == NOON + HOUR


def test_a_held_change_that_nothing_replaced_is_overdue_some_time_after_its_hold(db, desk):
    held = desk.change(hold=HOUR)
    assert changes.get_overdue(db, NOON) == ()
    assert changes.get_overdue(db, NOON + HOUR) == (held,)
    with transaction(db):
        changes.supersede_provisional(db, "rules")
    assert changes.get_overdue(db, NOON + HOUR) == ()


def test_a_source_with_a_held_change_is_due_when_the_hold_ends_and_again_where_that_look_failed(db, desk):
    desk.change()
    with transaction(db):
        sources.mark_attempted(db, "rules", at=NOON, due_at=NOON + 700 * HOUR)
    assert sources.get_due_ids(db, NOON + HOUR / 2) == frozenset()
    assert sources.get_due_ids(db, NOON + HOUR) == {"rules"}
    with transaction(db):
        sources.mark_attempted(db, "rules", at=NOON + HOUR, due_at=NOON + 700 * HOUR)
    assert sources.get_due_ids(db, NOON + HOUR) == frozenset()
    assert sources.get_due_ids(db, NOON + 2 * HOUR) == {"rules"}


def test_only_confirmed_changes_of_told_kinds_are_listed_unless_everything_is_asked_for(db, desk):
    told = desk.change("one", hold=None)
    quiet = desk.change("two", hold=None, kind=ChangeKind.LINKS)
    held = desk.change("three", at=NOON + HOUR)
    assert [each.id for each in changes.iter_changes(db)] == [told]
    assert [each.id for each in changes.iter_changes(db, everything=True)] == [told, quiet, held]
    assert [each.id for each in changes.iter_changes(db, everything=True, since=NOON + HOUR)] == [held]
    assert [each.id for each in changes.iter_changes(db, everything=True, kind="links")] == [quiet]
    assert [each.id for each in changes.iter_changes(db, source_id="other")] == []


def test_impacts_keep_pointing_at_a_section_whose_sop_left_the_folder(db, desk):
    sop = Sop("SOP-1", "Ages", "@owner", "ages.md", sections=(Section("SOP-1#ages", "SOP-1", ("Ages",), "16"),))
    with transaction(db):
        declare_sops(db, [sop], NOON)
    impact = Impact("SOP-1", "SOP-1#ages", "Ages", ("Ages",), "@owner", 0.8, (Evidence(EvidenceKind.WORDS, "age"),))
    change_id = desk.change()
    with transaction(db):
        impacts.add_impacts(db, change_id, [impact], "1")
        declare_sops(db, [], NOON + HOUR)
    assert impacts.get_impacts(db, change_id) == (impact,)
    assert db.table("section").get("SOP-1#ages")["removed_at"] == "2026-03-01T13:00:00Z"


def test_a_document_shows_the_text_of_any_day(db, desk):
    desk.change("one", hold=None)
    desk.change("two", at=NOON + 24 * HOUR, hold=None)
    assert versions.find_version_at(db, "rules", NOON - HOUR) is None
    assert versions.find_version_at(db, "rules", NOON + HOUR).blocks == (a_block("one"),)
    assert versions.find_current(db, "rules").blocks == (a_block("two"),)
    assert versions.find_twin(db, "rules", [a_block("one")]).observed_at == NOON


def test_a_document_that_does_not_exist_is_answered_with_near_ids(db, desk):
    desk.change()
    with pytest.raises(NotFoundError, match="Did you mean rules"):
        versions.get_document(db, "rule")
    with pytest.raises(NotFoundError, match="monitor changes --all"):
        versions.get_document(db, "nothing-like-it")
