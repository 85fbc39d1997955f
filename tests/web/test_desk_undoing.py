"""Taking back in the inbox: what is offered, for how many, and what an old address says."""

from __future__ import annotations

import pytest

from monitor.compare.kinds import published
from monitor.triage import get_state
from monitor.web.desk.visits import MOST_IDS, read_ids, write_ids
from told_texts import DATES, STORED, Book, a_text
from triaged import SPAM

HTMX = {"HX-Request": "true"}


def verdicts(desk, *change_ids):
    return [[str(each.verdict) for each in get_state(desk.db, number).history] for number in change_ids]


def select(*lists):
    return {f"pick:{place}": " ".join(map(str, numbers)) for place, numbers in enumerate(lists)}


def undo_of(page):
    return {"decisions": page.tree.css_first("#said [name=decisions]").attributes["value"], "verdict": "undone"}


@pytest.mark.parametrize(
    ("ids", "text"),
    [([], ""), ([57], "57"), ([57, 58, 60], "57-58.60"), ([3, 1, 2, 2], "1-3"), ([1, 3, 5], "1.3.5")],
)
def test_decisions_are_named_in_short(ids, text):
    assert write_ids(ids) == text
    assert read_ids(text) == tuple(sorted(set(ids)))


@pytest.mark.parametrize("text", ["x", "3-1", f"1-{MOST_IDS + 1}", "1-2-3", "1.", "\u0661"])
def test_what_names_no_decisions_names_none(text):
    assert read_ids(text) == ()


def test_as_many_as_can_be_selected_are_taken_back_at_once(desk, visitor):
    ids = [1, 2, *(desk.change(SPAM) for _ in range(118))]
    page = visitor.open("/decide", {"verdict": "confirmed", **select(ids[:60], ids[60:])})
    assert "said=1-120#" in page.url
    visitor.open("/decide", undo_of(page))
    assert verdicts(desk, *ids) == [["confirmed", "undone"]] * 120


def test_where_one_of_several_groups_cannot_be_decided_so_none_is(desk, visitor):
    page = visitor.open("/decide", {"verdict": "confirmed", **select([1], [2, 99])})
    assert (page.status, "change 99: there is none" in page.text) == (422, True)
    assert verdicts(desk, 1, 2) == [[], []]
    page = visitor.open("/decide", {"verdict": "confirmed", **select([1], range(1, 200))})
    assert "cannot be decided together" in page.text


def test_of_what_was_selected_only_what_is_new_is_taken_back(desk, visitor):
    visitor.open("/decide", {"verdict": "confirmed", "together": "1"})
    desk.confirm(2, by="bob")
    third = desk.change(SPAM)
    page = visitor.open("/decide", {"verdict": "confirmed", **select([1, third])})
    assert page.url.endswith("said=3")
    visitor.open("/decide", undo_of(page))
    assert verdicts(desk, 1, 2, third) == [["confirmed"], ["confirmed"], ["confirmed", "undone"]]


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_what_was_decided_so_already_is_said_and_not_offered_to_be_taken_back(visitor, headers):
    visitor.open("/decide", {"verdict": "confirmed", "together": "1"})
    page = visitor.open("/decide", {"verdict": "confirmed", "together": "1"}, headers)
    assert page.texts("#said span")[0].startswith("It was so already. Confirmed")
    assert page.tree.css_first("#said form") is None


def test_an_old_address_offers_nothing_that_cannot_be_taken_back(desk, visitor):
    page = visitor.open("/decide", {"verdict": "confirmed", "together": "1"})
    form = undo_of(page)
    desk.reject(1, by="bob")
    page = visitor.open("/?said=1")
    assert page.texts("#said span")[0].endswith("bob has decided since: Not applicable.")
    assert page.tree.css_first("#said form") is None
    assert "bob has decided about it since" in visitor.open("/decide", form).text
    assert verdicts(desk, 1) == [["confirmed", "not-applicable"]]


def test_whoever_takes_it_has_until_the_day_that_is_offered_when_they_take_it(desk, visitor):
    change_id = Book(desk, "rules/a", "Entry").add(a_text(STORED), judgement=published(a_text(STORED), "Hosts"))
    dated = Book(desk, "rules/b", "Dated")
    dated.add(a_text("Be kind."))
    other = dated.add(a_text("Be kind.", STORED), dates=DATES)
    for number, due in ((change_id, None), (other, "2026-03-18")):
        form = {"verdict": "assigned", "assignee": "desk", "plan": "1", "due": "2020-01-01", "together": str(number)}
        visitor.open("/decide", form)
        (decision,) = get_state(desk.db, number).history
        assert (decision.assignee, decision.due) == ("desk", due)
