"""Deciding about one change at the desk: what is sent, what comes of it, what is said."""

from __future__ import annotations

from datetime import date

import pytest

from monitor.compare.kinds import published
from monitor.model import Role
from monitor.triage import REASONS, get_state, plan_due
from monitor.web.access.invitation import invite
from told_texts import DATES, STORED, Book, a_text
from triaged import AGES, REFUNDS, UPLOAD

HTMX = {"HX-Request": "true"}


def decide(visitor, change_id, **form):
    return visitor.open(f"/changes/{change_id}/decide", {"origin": "whole", **form})


def read_form(page, selector):
    """What the form in this part of a page sends."""
    return {each.attributes["name"]: each.attributes["value"] for each in page.tree.css(f"{selector} [name]")}


def history(desk, change_id=1):
    return [(each.section_id, str(each.verdict), each.reason) for each in get_state(desk.db, change_id).history]


@pytest.mark.parametrize(
    ("form", "kept"),
    [
        ({"verdict": "confirmed"}, (None, "confirmed", "")),
        ({"verdict": "confirmed", "comment": " our limit\nis stricter "}, (None, "confirmed", "our limit is stricter")),
        ({"verdict": "not-applicable", "reason": "covered"}, (None, "not-applicable", "covered")),
        (
            {"verdict": "not-applicable", "reason": "no-effect", "comment": "as before"},
            (None, "not-applicable", "no-effect: as before"),
        ),
        ({"verdict": "not-applicable", "reason": "", "comment": "not us"}, (None, "not-applicable", "not us")),
        (
            {"verdict": "not-applicable", "reason": "duplicate", "duplicate_of": "#2"},
            (None, "not-applicable", "duplicate of 2"),
        ),
        ({"verdict": "not-applicable", "reason": "covered", "duplicate_of": "2"}, (None, "not-applicable", "covered")),
        ({"verdict": "assigned", "assignee": "otto", "due": "2026-03-09"}, (None, "assigned", "")),
        ({"verdict": "snoozed", "until": "2026-03-09", "comment": "wait"}, (None, "snoozed", "wait")),
        (
            {"verdict": "confirmed", "about": "sections", f"section:{UPLOAD}": "on"},
            (UPLOAD, "confirmed", ""),
        ),
    ],
)
def test_what_is_sent_is_decided_under_the_name_of_the_visitor(desk, visitor, form, kept):
    page = decide(visitor, 1, **form)
    assert (page.status, page.url.rpartition("/")[2]) == (200, "1?said=1")
    assert history(desk) == [kept]
    (decision,) = get_state(desk.db, 1).history
    assert (decision.by, decision.at) == ("desk", desk.config.now())
    assert decision.assignee == form.get("assignee")
    assert decision.due == (form.get("due") or form.get("until"))


def test_after_a_decision_it_is_said_what_was_decided_and_what_matching_learned(visitor):
    page = decide(visitor, 1, verdict="confirmed")
    learned = "confirmed once for this source: it is tagged sooner for it"
    assert page.texts(".done") == [f"Confirmed ages Upload: {learned} fees Refunds: {learned} Take it back"]
    assert "Confirmed by desk, 5 Mar 16:00 UTC" in page.texts("#decision .stands")[0]
    assert page.texts("#section-1 .stands") == ["Confirmed by desk"]


def test_only_what_the_visitor_decided_is_said_to_have_been_decided_just_now(desk, visitor):
    desk.confirm(1)
    assert visitor.open("/changes/1?said=1").texts(".done") == []
    for mistaken in ("1-x", "2-1", "1-999999", "-", "1..2"):
        assert visitor.open(f"/changes/1?said={mistaken}").texts(".done") == []


def test_sections_that_are_ticked_are_decided_together_and_taken_back_together(desk, visitor):
    ticked = {f"section:{UPLOAD}": "on", f"section:{REFUNDS}": "on"}
    page = decide(visitor, 1, verdict="not-applicable", reason="unrelated", about="sections", **ticked)
    assert history(desk) == [(UPLOAD, "not-applicable", "unrelated"), (REFUNDS, "not-applicable", "unrelated")]
    assert "Not applicable for 2 sections" in page.texts(".done")[0]
    form = read_form(page, ".done")
    assert "Taken back" in visitor.open("/changes/1/decide", form).texts(".done")[0]
    assert get_state(desk.db, 1).sections[0].standing.verdict is None


def test_a_section_is_decided_and_taken_back_in_its_own_form(desk, visitor):
    own = {"origin": "s1", "about": "sections", f"section:{UPLOAD}": "on"}
    page = visitor.open("/changes/1/decide", {**own, "verdict": "assigned", "assignee": "otto", "comment": "please"})
    assert "Assigned to otto for ages Upload" in page.texts(".done")[0]
    assert page.texts("#section-1 .stands") == ["in hand: otto"]
    assert any("Assigned to otto for ages Upload: “please”" in each for each in page.texts(".history li"))
    form = read_form(page, "#undo-1")
    desk.reject(1, UPLOAD)
    assert "mia has decided about it since" in visitor.open("/changes/1/decide", form).texts("#error-s1")[0]
    assert [each[1] for each in history(desk)] == ["assigned", "not-applicable"]
    page = visitor.open("/changes/1/decide", read_form(visitor.open("/changes/1"), "#undo-1"))
    assert page.texts("#section-1 .stands") == ["in hand: otto"]


def test_what_holds_for_the_whole_is_taken_back_for_a_section_by_itself(desk, visitor):
    desk.confirm(1)
    page = visitor.open("/changes/1/decide", read_form(visitor.open("/changes/1"), "#undo-2"), HTMX)
    assert page.texts("#stands-1[hx-swap-oob]") == ["Confirmed by mia"]
    assert page.tree.css_first("#undo-1[hx-swap-oob] #take-back-1[name=verdict]")
    assert page.tree.css_first("#undo-2[hx-swap-oob] form") is None
    assert history(desk)[1:] == [(REFUNDS, "undone", "")]


def test_a_form_that_is_sent_twice_is_one_decision(desk, visitor):
    decide(visitor, 1, verdict="confirmed", comment="yes")
    page = decide(visitor, 1, verdict="confirmed", comment="yes")
    assert page.url.endswith("/changes/1?already=1")
    assert page.texts(".done strong") == ["Confirmed already"]
    assert page.tree.css_first(".done form") is None
    assert history(desk) == [(None, "confirmed", "yes")]


def test_what_is_taken_back_is_what_was_just_decided_and_not_what_lies_between(desk, visitor):
    own = {"verdict": "confirmed", "about": "sections"}
    decide(visitor, 1, **own, **{f"section:{UPLOAD}": "on"})
    decide(visitor, 2, verdict="confirmed")
    page = decide(visitor, 1, **own, **{f"section:{UPLOAD}": "on", f"section:{REFUNDS}": "on"})
    assert page.url.endswith("/changes/1?said=3")
    page = visitor.open("/changes/1/decide", read_form(page, ".done"))
    assert page.texts("#section-1 .stands, #section-2 .stands") == ["Confirmed by desk", "Nobody has decided yet"]
    assert [each[1] for each in history(desk, 2)] == ["confirmed"]


def test_what_somebody_else_decided_since_is_not_taken_back(desk, visitor):
    page = decide(visitor, 1, verdict="confirmed")
    form = read_form(page, ".done")
    desk.reject(1, by="bob")
    page = visitor.open("/changes/1/decide", form)
    assert (page.status, history(desk)[-1][1]) == (422, "not-applicable")
    assert "change 1: bob has decided about it since: not-applicable" in page.texts("#error-whole")[0]
    page = visitor.open("/changes/1?said=1")
    assert "bob has decided since: Not applicable." in page.texts(".done")[0]
    assert page.tree.css_first(".done form") is None


def test_an_old_address_says_that_it_was_taken_back_and_a_second_time_does_nothing(desk, visitor):
    desk.reject(1)
    form = read_form(decide(visitor, 1, verdict="confirmed"), ".done")
    assert "Taken back" in visitor.open("/changes/1/decide", form).texts(".done")[0]
    again = visitor.open("/changes/1/decide", form)
    assert again.texts(".done strong") == ["Taken back already"]
    page = visitor.open("/changes/1?said=2")
    assert "It was taken back since." in page.texts(".done")[0]
    assert page.tree.css_first(".done form") is None
    assert [each[1] for each in history(desk)] == ["not-applicable", "confirmed", "undone"]
    page = visitor.open("/changes/1/decide", read_form(page, "#decision form:not(.decide)"))
    assert page.texts("#decision > .stands") == ["Nobody has decided yet"]


def test_the_focus_finds_what_takes_back_and_what_was_said_where_nothing_is_left(desk, visitor):
    page = visitor.open("/changes/1/decide", {"origin": "whole", "verdict": "confirmed"}, HTMX)
    assert page.tree.css_first(".done #take-back").tag == "button"
    page = visitor.open("/changes/1/decide", read_form(page, ".done"), HTMX)
    said = page.tree.css_first("#take-back")
    assert (said.tag, said.attributes["tabindex"], said.text()) == ("p", "-1", "Taken back")


def test_where_one_of_several_cannot_be_decided_so_none_is(desk, visitor):
    form = {"verdict": "not-applicable", "reason": "duplicate", "duplicate_of": "2", "about": "all"}
    assert "that is this change itself" in decide(visitor, 1, together="1 2", **form).texts("#error-whole")[0]
    assert history(desk) == []


def test_a_section_is_not_put_off_by_itself(desk, visitor):
    page = visitor.open("/changes/1")
    assert page.tree.css("#s1-snoozed, #s1-until") == []
    form = {"verdict": "snoozed", "until": "2026-03-09", "about": "sections", f"section:{UPLOAD}": "on"}
    assert "no section is put off by itself" in decide(visitor, 1, **form).texts("#error-whole")[0]
    assert history(desk) == []


def test_what_is_put_off_comes_back_tomorrow_at_the_earliest_and_in_a_week_unless_said_otherwise(visitor):
    until = visitor.open("/changes/1").tree.css_first("#whole-until").attributes
    assert (until["min"], until["value"]) == ("2026-03-06", "2026-03-12")


def test_after_a_decision_the_texts_are_not_compared_again(desk, visitor, monkeypatch):
    monkeypatch.setattr("monitor.views.change.get_version", None)
    page = visitor.open("/changes/1/decide", {"origin": "whole", "verdict": "confirmed"}, HTMX)
    assert page.status == 200
    assert history(desk) == [(None, "confirmed", "")]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({}, "Say what you decide"),
        ({"verdict": "perhaps"}, "Say what you decide"),
        ({"verdict": "not-applicable"}, "Choose why it does not apply"),
        ({"verdict": "not-applicable", "reason": "duplicate", "duplicate_of": "the last"}, "write the number"),
        ({"verdict": "not-applicable", "reason": "duplicate", "duplicate_of": "99"}, "change 99: there is none"),
        ({"verdict": "assigned", "assignee": ""}, "assigned: say to whom"),
        ({"verdict": "assigned", "assignee": "otto", "due": "2026-03-04"}, "that day is over"),
        ({"verdict": "assigned", "assignee": "o" * 201}, "201 characters are too many"),
        ({"verdict": "snoozed"}, "snoozed: say until which day"),
        ({"verdict": "confirmed", "about": "sections"}, "Tick the sections"),
        ({"verdict": "confirmed", f"section:{UPLOAD}": "on"}, "Tick the sections"),
        ({"verdict": "confirmed", "about": "all", "together": "1 x"}, "cannot be decided together"),
        ({"verdict": "confirmed", "about": "all"}, "cannot be decided together"),
        ({"verdict": "undone"}, "Nothing is named to be taken back"),
        ({"verdict": "undone", "decisions": "1 2"}, "Nothing is named to be taken back"),
        ({"verdict": "undone", "decisions": "9"}, "decision 9 is not there"),
    ],
)
def test_what_cannot_be_decided_so_is_said_beside_the_form_and_what_was_typed_is_kept(desk, visitor, form, said):
    page = decide(visitor, 1, comment="my own words" if form.get("verdict") != "not-applicable" else "", **form)
    assert page.status == 422
    (error,) = [each for each in page.texts("#error-whole") if each]
    assert said in error
    assert history(desk) == []
    if form.get("verdict") != "not-applicable":
        assert page.texts("#whole-comment") == ["my own words"]
    assert page.tree.css_first("#whole-assignee").attributes["value"] == form.get("assignee", "")


def test_a_mistake_in_the_form_of_a_section_is_said_there(visitor):
    form = {"origin": "s2", "about": "sections", f"section:{REFUNDS}": "on", "verdict": "snoozed", "comment": "later"}
    page = visitor.open("/changes/1/decide", form)
    assert "say until which day" in page.texts("#error-s2")[0]
    assert page.texts("#error-whole") == [""]
    assert page.texts("#s2-comment") == ["later"]
    assert page.tree.css_first("#section-2 details.decides").attributes.get("open", "no") != "no"


def test_a_form_of_no_known_origin_has_its_mistake_said_at_the_top(visitor):
    assert "Say what you decide" in visitor.open("/changes/1/decide", {"verdict": "?"}).texts("p.error")[0]


def test_nothing_is_decided_about_a_change_that_is_not_there(visitor):
    assert decide(visitor, 99, verdict="confirmed").status == 404


@pytest.fixture
def twins(desk):
    """Changes 3 and 4: the same words in two documents; 5: the same, decided already."""
    ids = [Book(desk, f"rules/{each}", f"Entry {each}") for each in "abc"]
    made = [each.add(a_text(STORED), judgement=published(a_text(STORED), "Hosts")) for each in ids]
    desk.confirm(made[2])
    return made


def test_the_same_change_elsewhere_is_listed_and_decided_together(desk, visitor, twins):
    one, other, decided = twins
    page = visitor.open(f"/changes/{one}")
    assert page.texts("section[aria-labelledby=same] li") == [
        f"Entry b change {other}",
        f"Entry c change {decided}, decided",
    ]
    assert "all 2 together: the same change in 1 other document" in page.texts(".about")[0]
    together = page.tree.css_first("#decision [name=together]").attributes["value"]
    page = decide(visitor, one, verdict="confirmed", about="all", together=together)
    assert "Confirmed in 2 documents" in page.texts(".done")[0]
    assert [history(desk, each) for each in (one, other)] == [[(None, "confirmed", "")]] * 2
    form = read_form(page, ".done")
    visitor.open(f"/changes/{one}/decide", form)
    assert [history(desk, each)[-1][1] for each in (one, other)] == ["undone"] * 2


def test_after_deciding_one_can_go_on_to_the_next_that_waits(desk, visitor):
    page = decide(visitor, 2, verdict="confirmed", next="1")
    assert page.url.endswith("/changes/1?said=1")
    assert page.texts(".done")[0].startswith("Confirmed : change 2")
    page = decide(visitor, 1, verdict="confirmed", next="1")
    assert page.url.rpartition("/")[2] == "?said=2"


def test_the_filters_of_the_inbox_go_on_to_the_next_change(desk, visitor):
    far, last = desk.change(AGES, source="other"), desk.change(AGES)
    page = visitor.open(f"/changes/{last}/decide?source=rules&view=sides", {"verdict": "confirmed", "next": "1"})
    assert page.url.endswith("/changes/2?source=rules&view=sides&said=1")
    page = visitor.open(page.links("[rel=next]")[0])
    assert page.url.endswith("/changes/1?source=rules&view=sides")
    assert visitor.open(visitor.open("/changes/2").links("[rel=prev]")[0]).url.endswith(f"/changes/{far}")
    assert visitor.open("/changes/1/next?source=rules").url.endswith("/?source=rules")


def test_with_htmx_only_what_a_decision_changes_comes_back(desk, visitor):
    form = {"origin": "whole", "verdict": "confirmed"}
    page = visitor.open("/changes/1/decide", form, HTMX)
    assert page.status == 200
    assert page.tree.css_first("h1") is None
    assert "Confirmed" in page.texts("#decision .done")[0]
    assert page.texts("#stands-2[hx-swap-oob]") == ["Confirmed by desk"]
    assert page.texts("#said") == ["Confirmed"]
    assert len(history(desk)) == 1


def test_with_htmx_a_mistake_goes_beside_its_form_and_leaves_the_rest(visitor):
    page = visitor.open("/changes/1/decide", {"origin": "s2", "verdict": "snoozed"}, HTMX)
    assert (page.status, page.headers["HX-Retarget"], page.headers["HX-Reswap"]) == (200, "#error-s2", "innerHTML")
    assert page.text.startswith("snoozed: say until which day")
    page = visitor.open("/changes/1/decide", {"origin": "#x, body", "verdict": "snoozed"}, HTMX)
    assert page.headers["HX-Retarget"] == "#error-whole"


def test_with_htmx_the_next_change_is_where_the_browser_is_sent(visitor):
    page = visitor.open("/changes/2/decide", {"verdict": "confirmed", "next": "1"}, HTMX)
    assert (page.status, page.headers["HX-Redirect"]) == (204, "/changes/1?said=1")


@pytest.mark.parametrize(
    ("deadline", "due"),
    [("2026-04-01", "2026-03-18"), ("2026-03-10", "2026-03-05"), ("2026-03-05", "2026-03-05"), ("", "")],
)
def test_the_day_that_is_offered_lies_two_weeks_before_the_deadline_and_not_before_today(deadline, due):
    assert plan_due(deadline, date(2026, 3, 5)) == due


def test_the_day_and_the_people_are_offered_in_the_form(desk, visitor):
    path = desk.folder / "sources.yaml"
    path.write_text(path.read_text() + "people:\n  - {name: Otto Lang, email: otto@example.org}\n")
    book = Book(desk)
    book.add(a_text("Be kind."))
    change_id = book.add(a_text("Be kind.", STORED), dates=DATES)
    page = visitor.open(f"/changes/{change_id}")
    assert page.tree.css_first("#whole-due").attributes["value"] == "2026-03-18"
    assert [each.attributes["value"] for each in page.tree.css("#people option")] == ["Otto Lang"]
    page = decide(visitor, change_id, verdict="assigned", assignee="OTTO@example.org")
    assert "Assigned to Otto Lang" in page.texts(".done")[0]


def test_mistakes_in_the_sources_keep_nobody_from_reading(desk, visitor):
    (desk.folder / "sources.yaml").write_text("sources: 7")
    assert visitor.open("/changes/1").status == 200


def test_each_key_of_the_desk_stands_for_one_thing(desk, visitor):
    desk.confirm(1)
    keys = [each.attributes["aria-keyshortcuts"] for each in visitor.open("/changes/1").tree.css("[aria-keyshortcuts]")]
    assert sorted(keys) == ["a", "c", "j", "k", "n", "s", "u"]


def test_each_reason_is_offered_in_the_words_that_people_know(visitor):
    offered = visitor.open("/changes/1").texts("#whole-reason option")
    assert offered == ["In my own words, below", *(each.capitalize() for each in REASONS.values())]


@pytest.fixture
def reader(desk, visitor):
    """Somebody who was let in and may look."""
    guest = type(visitor)(visitor.address)
    guest.open("/enter", {"token": invite(desk.db, "rea", Role.READER, desk.config.now())})
    return guest


def test_a_reader_sees_no_form_and_can_decide_nothing(desk, reader):
    page = reader.open("/changes/1")
    assert page.status == 200
    assert page.tree.css("form.decide") == []
    assert decide(reader, 1, verdict="confirmed").status == 403
    assert history(desk) == []


def test_what_stands_is_said_in_full(desk, visitor):
    desk.confirm(1, UPLOAD, reason="our limit is stricter")
    desk.assign(1, UPLOAD, due="2026-03-20")
    desk.snooze(1)
    page = visitor.open("/changes/1")
    assert page.texts("#section-1 .stands") == [
        "Confirmed by mia: our limit is stricter · in hand: otto, due 20 Mar 2026 · put off until 9 Mar 2026"
    ]
    assert [each.partition("mia : ")[2] for each in page.texts(".history li")] == [
        "Put off until 9 Mar 2026",
        "Assigned to otto, due 20 Mar 2026 for ages Upload",
        "Confirmed for ages Upload: “our limit is stricter”",
    ]
    desk.reject(1, REFUNDS, reason="duplicate of 2: see there")
    assert "Not applicable for fees Refunds: decided with change 2: see there" in visitor.open("/changes/1").text
