"""The calendar: what must be done by when. It is Thursday, 5 March 2026."""

from __future__ import annotations

from datetime import date

import pytest

import told
from monitor.store import transaction
from monitor.store.subjects import Subject
from monitor.views import calendar as views
from monitor.web.desk import calendar as page_of_days
from triaged import AGES, APPEALS, PRICES, REFUNDS, UPLOAD

PEOPLE = """
people:
  - {name: Otto, slack: U0000000001, email: otto@example.org}
"""


@pytest.fixture
def agenda(visitor):
    """The agenda as text: (heading, what is under it)."""

    def agenda(query=""):
        page = visitor.open(f"/calendar{query}")
        assert page.status == 200
        return {
            section.css_first("h2").text(): " ".join(section.css_first("ol").text(separator=" ").split())
            for section in page.tree.css(".agenda section")
        }

    return agenda


def test_a_deadline_is_shown_with_its_sentence_and_the_sections_that_it_touches(desk, visitor, agenda):
    told.date(desk, 1, "compliance", "2026-03-06")
    text = agenda()["This week"]
    for each in ("Fri 6 Mar 2026", "tomorrow", "comply by", "Rules", "Example", "EU", "It happens on 2026-03-06."):
        assert each in text
    for each in ("to decide", "ages Age checks › Upload", "fees Fees › Refunds"):
        assert each in text
    assert "/changes/1" in visitor.open("/calendar").links(".agenda a")


@pytest.mark.parametrize(
    ("day", "heading", "says"),
    [
        ("2026-03-05", "This week", "today"),
        ("2026-03-08", "This week", "in 3 days"),
        ("2026-03-09", "Next week", "in 4 days"),
        ("2026-03-15", "Next week", "in 10 days"),
        ("2026-03-16", "Later in March 2026", "in 11 days"),
        ("2026-03", "Later in March 2026", "no day named"),
        ("2026-04-01", "April 2026", "in 27 days"),
        ("2027-01", "January 2027", "no day named"),
        ("2026", "Some time in 2026", "no day named"),
        ("2028", "Some time in 2028", "no day named"),
    ],
)
def test_days_are_put_together_by_week_as_long_as_they_are_near_and_then_by_month(desk, agenda, day, heading, says):
    told.date(desk, 1, "effective", day)
    found = agenda()
    assert list(found) == [heading]
    assert says in found[heading]


def test_the_order_is_that_of_the_days_and_a_year_comes_after_its_months(desk, agenda):
    for day in ("2027-02-01", "2026", "2026-12-31", "2026-03-06", "2027", "2026-03-10", "2026-03-31", "2026-12"):
        told.date(desk, 1, "effective", day)
    assert list(agenda()) == [
        "This week", "Next week", "Later in March 2026", "December 2026", "Some time in 2026", "February 2027",
        "Some time in 2027",
    ]  # fmt: skip
    assert agenda()["December 2026"].index("Dec 2026 no day named") == 0


@pytest.mark.parametrize("day", ["2026-03-04", "2026-02-20", "2026-02"])
def test_what_is_over_is_folded_away(desk, visitor, agenda, day):
    told.date(desk, 1, "effective", day)
    assert agenda() == {}
    page = visitor.open("/calendar")
    assert "1 deadline is over since" in page.texts(".past summary")[0]
    assert f"It happens on {day}." in page.texts(".past")[0]


def test_a_month_that_goes_on_is_not_over(desk, visitor):
    told.date(desk, 1, "effective", "2026-03")
    assert visitor.open("/calendar").texts(".past") == []


def test_what_is_long_over_is_not_shown_unless_its_day_is_asked_for(desk, visitor, agenda):
    told.date(desk, 1, "effective", "2026-01-10")
    assert visitor.open("/calendar").texts(".past") == []
    assert "It happens on 2026-01-10." in agenda("?from=2026-01-01")["January 2026"]


@pytest.mark.parametrize("query", ["?from=2026-13-01", "?from=yesterday", "?kind=last_updated", "?kind=x"])
def test_what_makes_no_sense_in_the_address_is_no_filter(desk, agenda, query):
    told.date(desk, 1, "effective", "2026-03-06")
    assert list(agenda(query)) == ["This week"]


def test_a_date_that_was_moved_stands_on_its_new_day_alone(desk, agenda):
    told.date(desk, 1, "effective", "2026-03-06")
    later = desk.change(PRICES)
    told.date(desk, later, "effective", "2026-04-06", "2026-03-06")
    assert list(agenda()) == ["April 2026"]
    assert "moved from 6 Mar 2026" in agenda()["April 2026"]


def test_a_date_that_was_withdrawn_is_no_deadline(desk, agenda):
    told.date(desk, 1, "effective", "2026-03-06")
    with transaction(desk.db):
        desk.db.execute("UPDATE change SET reason = 'withdrawn; reworded' WHERE id = 2")
    assert agenda() == {}


def test_a_date_that_was_stated_twice_stands_once_by_the_last_change(desk, visitor):
    told.date(desk, 1, "effective", "2026-03-06")
    told.date(desk, desk.change(PRICES), "effective", "2026-03-06")
    links = [each for each in visitor.open("/calendar").links(".agenda .dated a") if each.startswith("/changes/")]
    assert links == ["/changes/3"]


def test_what_was_rejected_is_no_deadline_and_what_stated_it_before_stands_again(desk, visitor, agenda):
    told.date(desk, 1, "effective", "2026-03-06")
    later = told.date(desk, desk.change(PRICES), "effective", "2026-03-06")
    desk.reject(later)
    assert visitor.open("/calendar").links(".agenda .dated a") == ["/changes/1"]
    desk.reject(1)
    assert agenda() == {}


def test_what_was_decided_says_so(desk, agenda):
    told.date(desk, 1, "effective", "2026-03-06")
    desk.confirm(1)
    assert "decided" in agenda()["This week"]
    assert "to decide" not in agenda()["This week"]


def test_what_is_in_hand_is_due_beside_the_deadlines(desk, visitor, agenda):
    told.date(desk, 2, "effective", "2026-03-09")
    desk.assign(1, UPLOAD, due="2026-03-09")
    text = agenda()["Next week"]
    assert text.count("Mon 9 Mar 2026") == 1
    assert "due Rules" in text
    assert "in hand: otto" in text
    assert "ages Age checks › Upload" in text
    assert len(visitor.open("/calendar").tree.css(".dated.due")) == 1


def test_what_is_overdue_stands_before_all_else(desk, visitor, agenda):
    desk.assign(1, due="2026-03-04")
    page = visitor.open("/calendar")
    assert "1 change is overdue in somebody’s hands" in page.texts(".overdue summary")[0]
    assert "yesterday" in page.texts(".overdue")[0]
    assert "open" in page.tree.css_first(".overdue").attributes
    assert visitor.open("/calendar?from=2026-03-05").texts(".overdue") == []


def test_sections_of_one_change_in_the_same_hands_are_one_line_and_are_counted_once(desk, visitor, agenda):
    for section in (UPLOAD, REFUNDS):
        desk.assign(1, section, due="2026-03-04")
    page = visitor.open("/calendar")
    assert page.texts(".overdue summary") == ["1 change is overdue in somebody’s hands"]
    assert len(page.tree.css(".overdue .dated")) == 1
    assert "2 sections" in page.texts(".overdue .facts")[0]


def test_a_deadline_of_what_is_in_hand_says_in_whose_and_until_when(desk, visitor, agenda):
    (desk.folder / "sources.yaml").write_text((desk.folder / "sources.yaml").read_text() + PEOPLE)
    told.date(desk, 1, "effective", "2026-03-06")
    desk.assign(1, REFUNDS, assignee="U0000000001", due="2026-04-08")
    desk.assign(1, UPLOAD, assignee="mia")
    week = agenda("?kind=effective")["This week"]
    assert "in hand: Otto, due 8 Apr 2026 in hand: mia" in week
    assert "to decide" not in week
    assert "In hand: U0000000001" in visitor.open("/calendar.ics?kind=effective").text.replace("\r\n ", "")


def test_much_that_is_overdue_hides_nothing_that_is_due(desk, visitor, agenda, monkeypatch):
    for module in (views, page_of_days):
        monkeypatch.setattr(module, "MOST_DUE", 1)
    for day in ("2026-03-02", "2026-03-03"):
        desk.assign(desk.change(AGES), due=day)
    desk.assign(2, due="2026-03-09")
    page = visitor.open("/calendar?jurisdiction=EU")
    assert page.texts(".overdue summary") == ["2 changes are overdue in somebody’s hands"]
    assert "1 of 2 changes that are overdue are shown. In hand has them all." in page.texts(".overdue")[0]
    assert page.links(".overdue > p a") == ["/?jurisdiction=EU&show=in-hand"]
    assert "with something due are shown" not in page.text
    assert "Mon 9 Mar 2026" in agenda()["Next week"]


def test_where_not_all_that_is_due_is_shown_it_says_of_how_much(desk, visitor, monkeypatch):
    for module in (views, page_of_days):
        monkeypatch.setattr(module, "MOST_DUE", 1)
    for day in ("2026-03-09", "2026-03-10", "2026-03-11"):
        desk.assign(desk.change(AGES), due=day)
    said = "1 of 3 changes with something due are shown. In hand has them all."
    assert said in visitor.open("/calendar").text
    assert "1 of 2 changes with something due" in visitor.open("/calendar?from=2026-03-10").text
    assert "In hand has them all" not in visitor.open("/calendar?kind=effective").text


def test_of_one_change_one_section_can_be_overdue_and_another_be_due(desk, visitor, agenda):
    desk.assign(1, UPLOAD, due="2026-03-04")
    desk.assign(1, REFUNDS, due="2026-03-09")
    assert "fees Fees › Refunds" in agenda()["Next week"]
    assert "ages Age checks › Upload" in visitor.open("/calendar").texts(".overdue")[0]


def test_what_is_due_without_a_day_and_what_was_taken_back_are_not_shown(desk, agenda):
    desk.assign(1)
    desk.assign(2, due="2026-03-09")
    desk.take_back(2)
    assert agenda() == {}


def test_filters_leave_what_is_asked_for(desk, agenda):
    told.date(desk, 1, "effective", "2026-03-06")
    told.date(desk, 2, "comments_close", "2026-03-07")
    desk.assign(1, due="2026-03-08")
    assert "Sat 7 Mar" not in agenda("?kind=effective")["This week"]
    assert "Fri 6 Mar" not in agenda("?kind=due")["This week"]
    assert "Sun 8 Mar" not in agenda("?kind=comments_close")["This week"]
    assert agenda("?jurisdiction=US") == {}
    assert agenda("?topic=ads") == {}
    assert set(agenda("?jurisdiction=EU")) == {"This week"}


def test_topics_are_those_of_the_sources(desk, visitor, agenda):
    with transaction(desk.db):
        desk.db.execute("UPDATE source SET topics = '[\"minors\"]' WHERE id = 'rules'")
    told.date(desk, 1, "effective", "2026-03-06")
    assert set(agenda("?topic=minors")) == {"This week"}
    assert visitor.open("/calendar").texts("#topic option") == ["All", "minors"]


def test_mine_is_what_touches_my_procedures_and_what_is_in_my_hands_by_any_of_my_names(desk, agenda):
    (desk.folder / "sources.yaml").write_text((desk.folder / "sources.yaml").read_text() + PEOPLE)
    told.date(desk, 1, "effective", "2026-03-06")
    told.date(desk, 2, "effective", "2026-03-07")
    desk.assign(1, REFUNDS, assignee="U0000000001", due="2026-03-08")
    desk.assign(1, UPLOAD, assignee="mia", due="2026-03-08")
    assert "Fri 6 Mar" in agenda("?mine=@BILLING")["This week"]
    assert "Sat 7 Mar" not in agenda("?mine=@billing")["This week"]
    mine = agenda("?mine=Otto")["This week"]
    assert "in hand: Otto" in mine
    assert "mia" not in mine
    assert agenda("?mine=nobody") == {}


def test_a_change_that_hardly_touches_a_procedure_is_not_its_owners(desk, agenda):
    told.date(desk, desk.change(AGES, [], [APPEALS]), "effective", "2026-03-06")
    assert agenda("?mine=@minors") == {}


def test_the_address_goes_on_with_the_filters(desk, visitor, monkeypatch):
    monkeypatch.setattr(views, "MOST", 1)
    told.date(desk, 1, "effective", "2026-03-06")
    told.date(desk, 2, "effective", "2026-03-07")
    desk.assign(1, UPLOAD, due="2026-03-07")
    page = visitor.open("/calendar?jurisdiction=EU&mine=")
    assert "Sat 7 Mar 2026" not in page.texts(".agenda ol")[0]
    assert "/calendar?jurisdiction=EU&from=2026-03-07" in page.links(".agenda a")
    assert "/calendar.ics?jurisdiction=EU" in page.links(".beside-agenda a")
    following = visitor.open("/calendar?jurisdiction=EU&from=2026-03-07")
    assert "Sat 7 Mar 2026" in following.text
    assert "Fri 6 Mar 2026" not in following.text
    assert "/calendar?jurisdiction=EU" in following.links(".agenda a")


@pytest.mark.parametrize(("next_one", "start"), [("2026-12", "2026-12-01"), ("2027", "2027-01-01")])
def test_what_comes_next_may_be_a_month_or_a_year(desk, visitor, agenda, monkeypatch, next_one, start):
    monkeypatch.setattr(views, "MOST", 1)
    told.date(desk, 1, "effective", "2026-03-06")
    told.date(desk, 2, "effective", next_one)
    assert f"/calendar?from={start}" in visitor.open("/calendar").links(".agenda a")
    assert f"It happens on {next_one}." in " ".join(agenda(f"?from={start}").values())


def test_the_day_on_which_an_agenda_ends_is_shown_whole(desk, monkeypatch):
    monkeypatch.setattr(views, "MOST", 1)
    for change in (1, 2):
        told.date(desk, change, "effective", f"2026-03-0{change}")
        told.date(desk, change, "sunset", f"2026-03-0{change}")
    agenda = views.get_agenda(desk.db, views.Asked(Subject()), date(2026, 3, 1))
    assert ([each.date for each in agenda.entries], agenda.next_day) == (["2026-03-01"] * 2, "2026-03-02")


def test_months_lead_to_the_days_that_have_anything(desk, visitor):
    told.date(desk, 1, "effective", "2026-04-06")
    page = visitor.open("/calendar")
    assert page.texts(".month caption") == ["March 2026", "April 2026", "May 2026"]
    assert page.texts(".month [aria-current]") == ["5"]
    assert page.links(".month a") == ["#d2026-04-06"]
    assert page.tree.css_first("#d2026-04-06") is not None


def test_the_months_go_on_over_the_end_of_a_year(visitor):
    page = visitor.open("/calendar?from=2026-11-15")
    assert page.texts(".month caption") == ["November 2026", "December 2026", "January 2027"]


def test_what_outsiders_wrote_is_only_ever_text(desk, visitor):
    with transaction(desk.db):
        desk.db.execute("UPDATE source SET name = '<script>alert(1)</script>\u202e', publisher = '\"><img src=x>'")
        desk.db.execute("UPDATE document SET title = ''")
    told.date(desk, 1, "effective", "2026-03-06")
    page = visitor.open("/calendar")
    assert page.tree.css("main script, main img") == []
    assert '<script>alert(1)</script> "><img src=x>' in page.text
    assert "\u202e" not in page.text


def test_nothing_to_do_says_so(visitor):
    assert "Nothing is to be done by any day from here on." in visitor.open("/calendar").text
