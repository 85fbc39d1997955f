"""What becomes of a link between a clause and a section, from the decision that laid it until somebody closes it."""

from __future__ import annotations

import pytest

from linked import AGE, AGE_18, AGES, FEES, GIFTS, KIND, day
from monitor.currency import get_ledger
from monitor.errors import NotFoundError
from monitor.links import clear_links, close_links, end_links, follow_links, lay_links
from monitor.model import Sop
from monitor.store import links, transaction
from monitor.store.sops import declare_sops

AGES_18 = AGES.replace("16", "18")


@pytest.fixture
def closed(linked):
    """The same, and the section was edited and closed on the third and fourth day."""
    linked.write(AGES_18, 3)
    close_links(linked.db, "hosts#ages", "mia", day(4))
    return linked


def test_a_section_just_confirmed_is_stale_since_the_change_was_detected(linked):
    assert linked.link.anchor.text == AGE_18
    assert (linked.link.stale_since, linked.link.stale_by) == (day(1), linked.last_change)
    assert linked.link.why == f'Rules: "{AGE}" → "{AGE_18}"'
    assert linked.currency().current_as_of == day(0)


def test_an_edit_of_the_section_proposes_it_for_closing(linked):
    linked.write(AGES_18, 3)
    assert linked.currency().revised_at == day(3)
    assert linked.link.stale_since == day(1)


def test_another_wrapping_of_the_section_is_no_edit(linked):
    linked.write(AGES.replace(" before", "\nbefore"), 3)
    assert linked.currency().revised_at is None


def test_a_section_that_was_edited_and_closed_is_current(closed):
    assert closed.link.stale_since is None
    found = closed.currency()
    assert found.current_as_of == day(1)
    assert (found.clauses[0].checked_by, found.clauses[0].checked_at) == ("mia", day(4))


def test_what_was_not_edited_cannot_be_closed_and_says_how_else(linked):
    with pytest.raises(NotFoundError, match=r"stale by change 2, and not edited since.*monitor triage 2:hosts#ages"):
        close_links(linked.db, "hosts#ages", "mia", day(4))


@pytest.mark.parametrize("section_id", ["hosts#fees", "hosts#nothing"])
def test_where_nothing_is_linked_there_is_nothing_to_close(linked, section_id):
    with pytest.raises(NotFoundError, match=rf"{section_id}: no clause is linked"):
        close_links(linked.db, section_id, "mia", day(4))


def test_a_section_that_was_edited_between_the_change_and_the_decision_is_proposed_at_once(office):
    office.publish([AGE, FEES])
    office.publish([AGE_18, FEES], 1)
    office.write(AGES_18, 1.5)
    office.confirm("hosts#ages")
    assert office.currency().revised_at == day(1.5)


def test_a_clause_that_moves_below_another_heading_takes_its_link_with_it(closed):
    closed.publish([GIFTS, FEES, AGE_18], 5, heading="Community rules")
    assert closed.link.stale_since is None
    assert closed.link.anchor.heading == ("Community rules",)
    assert closed.currency().current_as_of == day(5)


def test_a_clause_that_is_reworded_makes_its_section_stale_by_that_change(closed):
    closed.publish([AGE_18, FEES, GIFTS], 5)
    closed.publish([AGE_18.replace("18", "21"), FEES, GIFTS], 6)
    assert (closed.link.stale_since, closed.link.stale_by) == (day(6), closed.last_change)
    assert closed.currency().current_as_of == day(5)


def test_a_clause_is_followed_through_every_confirmed_text_so_that_the_right_change_is_named(closed):
    closed.publish([AGE_18.replace("18", "21"), FEES], 5)
    by = closed.last_change
    closed.publish([AGE_18.replace("18", "21"), GIFTS], 6)
    assert closed.link.stale_by == by


def test_a_text_that_is_held_makes_nothing_stale(closed):
    closed.desk.see(f"<main><h1>Rules</h1><p>{AGE_18.replace('18', '21')}</p><p>{FEES}</p></main>", 24 * 5)
    assert follow_links(closed.db) == 0
    assert closed.link.stale_since is None


def test_words_that_change_again_ask_for_another_edit_and_show_all_that_changed(linked):
    linked.write(AGES_18, 3)
    linked.publish([AGE.replace("16", "21"), FEES], 5)
    assert linked.currency().revised_at is None
    assert linked.link.stale_since == day(1)
    assert linked.link.why == f'Rules: "{AGE}" → "{AGE.replace("16", "21")}"'


def test_an_edit_from_before_the_clause_changed_is_no_answer_to_it(closed):
    closed.write(AGES_18 + " Keep a note.", 5)
    closed.publish([AGE_18.replace("18", "21"), FEES], 6)
    closed.write(AGES_18 + " Keep a note.", 7)
    assert closed.currency().revised_at is None


def test_a_clause_that_goes_makes_its_section_stale_and_ends_its_link_when_closed(closed):
    closed.publish([FEES, GIFTS], 5)
    assert closed.link.why == f'Rules: gone: "{AGE_18}"'
    closed.publish([FEES, GIFTS, KIND], 6)
    assert closed.link.stale_since == day(5)
    closed.write("Nothing is asked any more.", 7)
    close_links(closed.db, "hosts#ages", "mia", day(8))
    assert closed.links == ()


def test_a_clause_that_comes_back_leaves_its_section_stale_and_says_so(closed):
    closed.publish([FEES, GIFTS], 5)
    closed.publish([FEES, GIFTS, AGE_18], 7)
    assert closed.link.stale_since == day(5)
    assert closed.link.why == f'Rules: back since 2026-03-08 as it was: "{AGE_18}"'


def test_words_that_read_again_as_they_did_leave_the_section_stale_and_say_so(linked):
    linked.publish([AGE, FEES], 5)
    assert linked.link.stale_since == day(1)
    assert "back since 2026-03-06 as it was" in linked.link.why


def test_a_removed_clause_is_linked_as_gone(office):
    office.publish([AGE, FEES, GIFTS])
    office.publish([FEES, GIFTS], 1)
    office.confirm("hosts#ages")
    assert office.link.why == f'Rules: gone: "{AGE}"'


def test_of_many_new_clauses_those_are_linked_that_speak_for_the_section(office):
    office.publish([KIND])
    office.publish([KIND, GIFTS, AGE, FEES], 1)
    office.confirm("hosts#fees")
    assert office.link.anchor.text == FEES
    assert office.link.why == f'Rules: new: "{FEES}"'
    assert office.currency("hosts#fees").current_as_of == day(0)


def test_a_change_that_shares_no_word_with_the_section_is_linked_all_the_same(linked):
    assert linked.confirm("hosts#tone") == 1


def test_where_only_a_heading_is_new_the_heading_is_linked(office):
    office.publish([AGE, FEES], heading="Rules")
    office.publish([AGE, FEES], 1, heading="Rules for hosts")
    office.confirm("hosts#ages")
    assert office.link.anchor.text == "Rules for hosts"


def test_a_clause_is_linked_to_a_section_once_whoever_confirms_it_again(linked):
    assert linked.confirm("hosts#ages") == 0
    linked.publish([AGE_18.replace("18", "21"), FEES], 5)
    assert linked.confirm("hosts#ages", 6) == 0
    assert len(linked.links) == 1


def test_a_decision_about_an_earlier_change_is_followed_to_the_text_of_today(office):
    office.publish([AGE, FEES])
    office.publish([AGE_18, FEES], 1)
    raised = office.last_change
    office.publish([GIFTS, FEES, AGE_18], 2)
    office.confirm("hosts#ages", 3, raised)
    assert follow_links(office.db) == 1
    assert follow_links(office.db) == 0
    assert office.link.stale_by == raised


def test_two_decisions_about_one_document_are_followed_together(office):
    office.publish([AGE, FEES])
    office.publish([AGE_18, FEES], 1)
    office.confirm("hosts#ages", 2)
    office.publish([AGE_18, FEES.replace("5", "6")], 3)
    office.confirm("hosts#fees", 4)
    office.publish([GIFTS, AGE_18, FEES.replace("5", "6")], 5)
    assert [each.anchor.text for each in office.links] == [AGE_18, FEES.replace("5", "6")]


def test_a_decision_that_is_undone_ends_what_it_laid(linked):
    with transaction(linked.db):
        assert end_links(linked.db, linked.last_change, "hosts#ages", day(3)) == 1
    assert linked.links == ()


def test_a_change_that_does_not_concern_the_section_leaves_it_current(closed):
    closed.publish([AGE_18.replace("first", "very first"), FEES], 5)
    assert closed.link.stale_since == day(5)
    with transaction(closed.db):
        assert clear_links(closed.db, closed.last_change, "hosts#ages", "mia", day(6)) == 1
    assert closed.link.stale_since is None
    assert closed.currency().current_as_of == day(5)


def test_what_we_read_otherwise_makes_nothing_stale(closed):
    body = f"<main><h1>Rules</h1><p>{AGE_18}<em> More below.</em></p><p>{FEES}</p></main>"
    for hour in (0, 2):
        closed.desk.see(body, 24 * 5 + hour)
    follow_links(closed.db)
    with transaction(closed.db):
        clear_links(closed.db, closed.last_change, "hosts#ages", "mia", day(5))
    closed.desk.declare(remove=("em",))
    closed.desk.read(24 * 6)
    assert closed.desk.kinds[-1] == "re-extracted confirmed"
    assert follow_links(closed.db) == 1
    assert (closed.link.stale_since, closed.link.anchor.text) == (None, AGE_18)


def test_a_clause_that_we_no_longer_read_makes_its_section_stale_and_says_that_it_was_us(closed):
    closed.desk.declare(select=("p:last-child",))
    closed.desk.read(24 * 6)
    follow_links(closed.db)
    assert closed.link.why == f'Rules: gone; we read the text otherwise now: "{AGE_18}"'


def test_a_section_that_left_the_folder_is_not_in_the_ledger_and_is_again_when_it_is_back(linked):
    with transaction(linked.db):
        declare_sops(linked.db, (), day(3))
    assert get_ledger(linked.db) == ()
    linked.write(AGES, 4)
    assert linked.currency().current_as_of == day(0)


def test_what_a_section_or_sop_declares_to_implement_counts_until_a_clause_is_linked(office):
    sops = office.write(AGES + "\n\n<!-- implements: rules, unknown-source -->", 0)
    office.publish([AGE, FEES])
    (found,) = get_ledger(office.db, sops)
    assert [(each.section_id, each.declared) for each in found.sections] == [("hosts#ages", ("rules",))]
    office.publish([AGE_18, FEES], 1)
    office.confirm("hosts#ages")
    (found,) = get_ledger(office.db, sops)
    assert [each.declared for each in found.sections] == [()]
    whole = Sop("hosts", "Hosts", "desk", "hosts.md", implements=("rules",))
    assert get_ledger(office.db, [whole])[0].declared == ()


def test_somebody_who_closes_while_the_text_is_followed_is_not_overwritten(closed):
    closed.publish([AGE_18.replace("18", "21"), FEES], 5)
    was = links.get_standings(closed.db, "rules")
    closed.write(AGES, 6)
    close_links(closed.db, "hosts#ages", "mia", day(6))
    ((link_id, standing),) = was.items()
    with transaction(closed.db):
        assert not links.claim_followed(closed.db, link_id, standing, standing)
    assert closed.link.stale_since is None


def test_where_nothing_is_new_one_query_is_all_it_takes(closed):
    asked = []
    with closed.db.tracer(lambda sql, _: asked.append(sql)):
        assert follow_links(closed.db) == 0
    assert len(asked) == 1


def test_a_change_that_does_not_exist_cannot_be_linked(office):
    with pytest.raises(NotFoundError, match="change 99"), transaction(office.db):
        lay_links(office.db, 99, "hosts#ages", 1, day(1))
