"""What the database keeps of a link."""

import pytest

from monitor.model import Anchor, Section, Sop
from monitor.store import add_row, changes, links, transaction, versions, write_time
from monitor.store.fetches import FetchState
from monitor.store.sops import declare_sops
from store.conftest import HOUR, NOON, a_block
from store.test_changes import Desk, a_judgement

TEXT = "Ask for proof of the age of 16."
SECTION = Section("s#ages", "s", ("Ages",), TEXT)


def declare(db, *sections, at=NOON):
    with transaction(db):
        declare_sops(db, [Sop("s", "S", "desk", "s.md", sections=sections)], at)


@pytest.fixture
def linked(db, rules):
    """One link, to the text that the second Change led to. Gives its Standing by its id."""
    declare(db, SECTION)
    desk = Desk(db, rules)
    fetch_id, snapshot_id = desk.fetch(NOON, FetchState.GOOD)
    with transaction(db):
        versions.declare_document(db, "rules", source_id="rules", identity="rules", url="", title="Rules", now=NOON)
        was = None
        for hour, age in enumerate((16, 18)):
            at = NOON + hour * HOUR
            version_id = versions.add_version(
                db, "rules", title="", blocks=[a_block(f"{age}")], recipe="", observed_at=at, snapshot_ids=[snapshot_id]
            )
            change_id = changes.add_change(
                db,
                document_id="rules",
                from_version_id=was,
                to_version_id=version_id,
                judgement=a_judgement(),
                fetch_id=fetch_id,
                detected_at=at,
                hold_until=None,
                rules="",
                now=at,
            )
            was = version_id
        row = {"change_id": change_id, "section_id": "s#ages", "verdict": "confirmed", "reason": "", "by": "mia"}
        decision_id = add_row(db, "decision", row | {"at": write_time(NOON)})
        standing = links.Standing(
            "s#ages", Anchor(("Rules",), "18"), "16", version_id, False, NOON + HOUR, change_id, '"16" → "18"'
        )
        links.add_link(db, "rules", standing, decision_id, revised_at=None, now=NOON + HOUR)
    return links.get_standings(db, "rules")


def test_a_link_is_read_as_it_was_written(db, linked):
    (link,) = links.get_links(db, "rules")
    assert (link.anchor, link.section_id, link.since_at) == (Anchor(("Rules",), "18"), "s#ages", NOON + HOUR)
    assert (link.stale_since, link.stale_by, link.why) == (NOON + HOUR, 2, '"16" → "18"')
    assert [each.known for each in linked.values()] == ["16"]


def test_a_section_that_was_edited_and_then_removed_is_not_proposed_for_closing(db, linked):
    declare(db, at=NOON + HOUR)
    with transaction(db):
        assert links.mark_revised(db, NOON + HOUR) == 0
        assert links.get_clauses(db) == ()


def test_an_edit_is_noted_once(db, linked):
    declare(db, Section("s#ages", "s", ("Ages",), TEXT.replace("16", "18")), at=NOON + HOUR)
    with transaction(db):
        assert [links.mark_revised(db, NOON + hour * HOUR) for hour in (1, 2)] == [1, 0]
    assert links.get_clauses(db)[0].revised_at == NOON + HOUR


def test_a_link_that_stands_otherwise_than_it_was_read_is_not_written(db, linked):
    ((link_id, standing),) = linked.items()
    with transaction(db):
        links.mark_current(db, [link_id], "mia", NOON + HOUR)
        assert not links.claim_followed(db, link_id, standing, standing)
    assert links.get_links(db, "rules")[0].stale_since is None


@pytest.mark.parametrize(("change_id", "section_id", "ended"), [(2, "s#ages", 1), (1, "s#ages", 0), (2, "s#fees", 0)])
def test_only_what_this_decision_laid_is_ended(db, linked, change_id, section_id, ended):
    with transaction(db):
        assert links.mark_ended(db, change_id, section_id, NOON + HOUR) == ended
    assert len(links.get_links(db, "rules")) == 1 - ended
