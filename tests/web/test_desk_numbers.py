"""The numbers of a lead. It is Thursday, 5 March 2026; the week began on Monday, 2 March."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

import told
from monitor.model import Verdict
from monitor.store import numbers as store
from monitor.store import transaction
from monitor.store.items import get_items_in_hand
from monitor.store.numbers import Found, Hands, Made
from monitor.triage import decide
from monitor.views.numbers import get_numbers, say_span, sum_delays, sum_outcomes
from monitor.web.desk.numbers import build_figures
from told import at
from triaged import AGES, PRICES, REFUNDS, UPLOAD

MONDAY = date(2026, 3, 2)


@pytest.fixture
def numbers(desk):
    def numbers(weeks=4):
        return get_numbers(desk.db, desk.config.now(), weeks)

    return numbers


def set_change(desk, change_id, **facts):
    with transaction(desk.db):
        desk.db.table("change").update(change_id, facts)


def judge(desk, change_id, verdict, when, section=None, **facts):
    decide(desk.db, change_id, section, verdict, by="mia", now=at(when), **facts)


def cells(page, figure):
    """The table beside a picture: its rows of cells."""
    rows = page.tree.css(f"#{figure} tbody tr")
    return [[each.text() for each in row.css("th, td")] for row in rows]


def test_changes_are_counted_in_the_week_in_which_they_were_confirmed(desk, numbers):
    for change_id, kind, when in (
        (1, "substantive", "2026-03-02T00:00:00Z"),
        (2, "editorial", "2026-03-01T23:59:59Z"),
        (desk.change(AGES), "links", "2026-03-01T00:00:00Z"),
        (desk.change(AGES), "first", "2026-03-03T00:00:00Z"),
        (desk.change(AGES), "substantive", "2026-01-01T00:00:00Z"),
    ):
        set_change(desk, change_id, kind=kind, confirmed_at=when)
    set_change(desk, desk.change(AGES), status="provisional", confirmed_at=None)
    found = numbers()
    assert found.weeks == tuple(MONDAY - timedelta(weeks=each) for each in (3, 2, 1, 0))
    assert found.found == (Found(0, 0, 0), Found(0, 0, 0), Found(0, 1, 1), Found(1, 0, 0))


def test_publishers_are_those_of_told_changes_the_most_first_and_the_rest_in_one(desk, numbers):
    with transaction(desk.db):
        desk.db.execute("UPDATE source SET publisher = 'Meta' WHERE id = 'other'")
    desk.change(PRICES, source="other")
    set_change(desk, desk.change(PRICES, source="other"), kind="moved")
    assert (numbers().publishers, numbers().others) == ((("Example", 2), ("Meta", 1)), (0, 0))


def test_more_publishers_than_there_is_room_for_are_one_number(desk, visitor, monkeypatch):
    monkeypatch.setattr("monitor.views.numbers.PUBLISHERS", 1)
    with transaction(desk.db):
        desk.db.execute("UPDATE source SET publisher = 'Meta' WHERE id = 'other'")
    desk.change(PRICES, source="other")
    page = visitor.open("/numbers")
    assert cells(page, "publishers") == [["Example", "2"], ["1 other publisher", "1"]]
    assert "Example brought 67 % of what was told: 2 changes." in page.text


@pytest.mark.parametrize(
    ("days", "median", "ninetieth"),
    [
        ([3], 3, 3),
        ([1, 2], 1, 2),
        ([5, 1, 3], 3, 5),
        (list(range(1, 11)), 5, 9),
        (list(range(1, 101)), 50, 90),
    ],
)
def test_percentiles_are_delays_that_occurred(days, median, ninetieth):
    delay = sum_delays(days)
    assert (delay.number, delay.median, delay.ninetieth) == (len(days), median, ninetieth)


def test_of_nothing_there_is_no_percentile():
    assert sum_delays([]) is None


def test_a_decision_is_as_late_as_the_first_one_after_telling(desk, numbers):
    set_change(desk, 1, confirmed_at="2026-02-27T12:00:00Z")
    set_change(desk, 2, confirmed_at="2026-03-02T12:00:00Z")
    judge(desk, 1, Verdict.ASSIGNED, "2026-02-28T00:00:00Z", assignee="otto")
    judge(desk, 1, Verdict.CONFIRMED, "2026-03-01T12:00:00Z", section=UPLOAD)
    judge(desk, 1, Verdict.NOT_APPLICABLE, "2026-03-04T12:00:00Z", reason="covered")
    judge(desk, 2, Verdict.CONFIRMED, "2026-03-02T18:00:00Z")
    before, now = numbers().decided[-2:]
    assert (before.number, before.median, now.number, now.median) == (1, 2.0, 1, 0.25)


def test_what_was_decided_before_is_not_decided_for_the_first_time(desk, numbers):
    set_change(desk, 1, confirmed_at="2026-02-20T12:00:00Z")
    judge(desk, 1, Verdict.CONFIRMED, "2026-02-21T12:00:00Z")
    judge(desk, 1, Verdict.NOT_APPLICABLE, "2026-03-03T12:00:00Z", reason="covered")
    assert numbers(weeks=1).decided == (None,)
    assert [bool(each) for each in numbers(weeks=4).decided] == [False, True, False, False]


def test_the_day_of_publication_is_that_of_the_update_which_the_text_names(desk, numbers):
    set_change(desk, 1, detected_at="2026-03-03T23:00:00Z", confirmed_at="2026-03-04T01:00:00Z")
    told.date(desk, 1, "last_updated", "2026-02-20")
    told.date(desk, 1, "last_updated", "2026-03-01")
    told.date(desk, 1, "effective", "2026-03-02")
    found = numbers().seen
    assert (found[-1].number, found[-1].median) == (1, 2)
    assert found[:-1] == (None,) * 3


@pytest.mark.parametrize("day", ["2026-03", "2025-11-01", "2026-03-04"])
def test_a_day_that_cannot_be_that_of_publication_is_left_out(desk, numbers, day):
    set_change(desk, 1, detected_at="2026-03-03T23:00:00Z", confirmed_at="2026-03-03T23:00:00Z")
    told.date(desk, 1, "last_updated", day)
    assert numbers().seen == (None,) * 4


def made(change_id, verdict, section=None, reason=""):
    return Made(change_id, section, verdict, reason, "2026-03-03", 1.0, 0)


@pytest.mark.parametrize(
    ("decisions", "acted", "dismissed"),
    [
        ([made(1, "confirmed"), made(2, "confirmed")], 2, {}),
        ([made(1, "confirmed"), made(1, "not-applicable", reason="covered: see 4")], 0, {"covered": 1}),
        ([made(1, "not-applicable", reason="our own words")], 0, {"": 1}),
        ([made(1, "not-applicable", UPLOAD, "covered"), made(1, "confirmed", REFUNDS)], 1, {}),
        ([made(1, "confirmed", REFUNDS), made(1, "not-applicable", UPLOAD, "covered")], 1, {}),
        ([made(1, "confirmed"), made(1, "undone")], 0, {}),
        ([made(1, "not-applicable", reason="duplicate of 12")], 0, {"duplicate": 1}),
    ],
)
def test_a_change_is_acted_on_where_the_last_word_about_it_or_a_section_confirms(decisions, acted, dismissed):
    outcomes = sum_outcomes(decisions)
    assert (outcomes.acted, dict(outcomes.dismissed)) == (acted, dismissed)


def test_what_is_in_hand_is_counted_by_whom_and_whether_its_day_is_past(desk):
    three, four, five = (desk.change(AGES) for _ in range(3))
    desk.assign(1, due="2026-03-04")
    desk.assign(2, assignee="otto", due="2026-03-05")
    desk.assign(three, assignee="tom")
    desk.assign(four, assignee="tom")
    desk.reject(four)
    desk.assign(five, assignee="tom")
    desk.take_back(five)
    assert store.get_hands(desk.db, date(2026, 3, 5)) == {"otto": Hands(2, 1), "tom": Hands(1, 0)}


def test_what_is_done_is_in_hand_no_longer(desk):
    desk.assign(1, UPLOAD, due="2026-03-04")
    desk.confirm(1, UPLOAD)
    assert store.get_hands(desk.db, date(2026, 3, 5)) == {"otto": Hands(1, 1)}
    with transaction(desk.db):
        desk.db.execute("UPDATE link SET stale_since = NULL, stale_by = NULL")
    assert store.get_hands(desk.db, date(2026, 3, 5)) == {}
    assert get_items_in_hand(desk.db, [1], date(2026, 3, 5)) == ()


def test_one_person_by_several_names_is_one(desk, visitor):
    people = "people:\n  - {name: Otto Berg, slack: U0000000001, email: otto@example.org}\n"
    (desk.folder / "sources.yaml").write_text((desk.folder / "sources.yaml").read_text() + people)
    desk.assign(1, assignee="otto@example.org", due="2026-03-04")
    desk.assign(2, assignee="U0000000001", due="2026-03-14")
    page = visitor.open("/numbers")
    assert cells(page, "hands") == [["Otto Berg", "2", "1"]]
    assert "2 changes are in somebody's hands, 1 of them overdue; 0 changes wait" in page.text


def alert(desk, name, recipient, day, period="alert"):
    with transaction(desk.db):
        desk.db.execute(
            "INSERT INTO digest VALUES (?, ?, ?, ?, ?, '{}')", [name, recipient, period, day, f"{day}T09:00:00Z"]
        )


def test_alerts_are_counted_by_recipient_and_day(desk, visitor):
    for number, day in enumerate(["2026-03-02", "2026-03-03", "2026-03-03"]):
        alert(desk, f"a{number}", "eu-desk", day)
    alert(desk, "e", "@Mia", "2026-03-03", "escalation")
    alert(desk, "d", "@Mia", "2026-03-03", "daily")
    alert(desk, "old", "@Mia", "2026-01-03")
    page = visitor.open("/numbers?weeks=4")
    assert cells(page, "alerts") == [
        ["eu-desk", "3", "0.16", "2 on 3 Mar 2026"],
        ["Mia", "1", "0.053", "1 on 3 Mar 2026"],
    ]
    assert "eu-desk was alerted most, 0.16 times a working day" in page.text


def test_problems_are_those_that_were_open_when_a_week_ended(desk, numbers):
    with transaction(desk.db):
        for kind, opened, closed, document in (
            ("timeout", "2026-02-17", "2026-02-20", None),
            ("timeout", "2026-02-18", "2026-02-24", None),
            ("blocked", "2026-03-01", None, None),
            ("gap", "2026-03-05", "2026-03-06", None),
            ("unstable", "2026-02-01", None, "rules"),
        ):
            desk.db.table("problem").insert({
                "resource_id": 1, "kind": kind, "detail": "", "advice": "", "opened_at": f"{opened}T00:00:00Z",
                "last_seen_at": f"{opened}T00:00:00Z", "closed_at": closed and f"{closed}T00:00:00Z",
                "document_id": document,
            })  # fmt: skip
    assert numbers().problems == ((1, 0), (2, 1), (2, 1), (3, 1))


def test_the_sentences_say_what_the_pictures_show(desk, visitor):
    with transaction(desk.db):
        desk.db.execute(
            "INSERT INTO problem (resource_id, kind, detail, advice, opened_at, last_seen_at) "
            "VALUES (1, 'timeout', '', '', '2026-03-01T00:00:00Z', '2026-03-01T00:00:00Z')"
        )
    for each in range(3):
        told.date(desk, desk.change(AGES), "last_updated", f"2026-02-{20 + each}")
    desk.confirm(1)
    page = visitor.open("/numbers?weeks=4")
    for each in (
        "5 changes were told in 4 weeks, 1 a week; 0 others were kept quiet.",
        "1 problem is open now, and 1 address cannot be read; 1 of 2 sources were read in the last seven days.",
        "half were seen within 8 days of the last update, and nine of ten within 9 days; 3 of 5 texts name",
        "Of 1 change that was decided, 1 (100 %) called for action and 0 did not.",
        "half were made within 5 hours of telling, and nine of ten within 5 hours.",
    ):
        assert each in page.text


def test_sources_that_were_read_within_a_week_are_counted(desk, numbers):
    assert (numbers().watched, numbers().read) == (2, 1)
    with transaction(desk.db):
        desk.db.execute("UPDATE source SET enabled = 0 WHERE id = 'other'")
        desk.db.execute("UPDATE fetch SET at = '2026-02-20T00:00:00Z'")
    assert (numbers().watched, numbers().read) == (1, 0)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "less than an hour"),
        (1 / 24, "1 hour"),
        (1.5, "36 hours"),
        (2.44, "2.4 days"),
        (30, "30 days"),
    ],
)
def test_spans_are_as_precise_as_it_matters(days, said):
    assert say_span(days) == said


@pytest.mark.parametrize(("asked", "weeks"), [("", 12), ("4", 4), ("52", 52), ("5", 12), ("-1", 12), ("x", 12)])
def test_the_address_says_how_far_back(visitor, asked, weeks):
    page = visitor.open(f"/numbers?weeks={asked}")
    assert len(cells(page, "changes")) == weeks
    assert page.texts("[aria-label='How far back'] [aria-current]") == [f"{weeks} weeks"]


def test_each_picture_has_a_name_a_sentence_and_a_table(desk, visitor):
    told.date(desk, 1, "last_updated", "2026-03-01")
    desk.confirm(1)
    desk.reject(2, reason="covered: see 4")
    desk.assign(desk.change(PRICES), due="2026-03-04")
    alert(desk, "a", "eu-desk", "2026-03-03")
    page = visitor.open("/numbers")
    figures = page.tree.css(".figure")
    assert len(figures) == 8
    for each in figures:
        picture = each.css_first("svg[role=img]")
        named = picture.attributes["aria-labelledby"].split()
        title, said = (picture.css_first(f"#{one}").text() for one in named)
        assert (title, said) == (each.css_first("h2").text(), each.css_first("figcaption p").text())
        assert said.endswith(".")
        assert each.css("table tbody tr")
    ids = [each.attributes["id"] for each in page.tree.css("[id]")]
    assert len(ids) == len(set(ids))
    assert cells(page, "outcomes") == [["acted on", "1", "50 %"], ["the section says so already", "1", "50 %"]]
    assert page.tree.css("[style]") == []
    assert page.texts("#decision th[scope=col]") == ["Week of", "Changes", "Half within", "Nine of ten within"]


def test_where_nothing_happened_every_sentence_says_so(desk, visitor):
    with transaction(desk.db):
        for table in ("passage", "impact", "change"):
            desk.db.execute(f"DELETE FROM {table}")
    page = visitor.open("/numbers")
    for each in (
        "0 changes were told in 12 weeks", "No publisher changed anything that was told.",
        "No text named the day of its own update", "Nobody decided anything in this time.",
        "Nobody has anything in hand; 0 changes wait", "Nothing was decided for or against in this time.",
        "Nobody was alerted in this time.", "No problem is open now; 1 of 2 sources were read",
    ):  # fmt: skip
        assert each in page.text
    assert len(page.tree.css(".figure svg[role=img]")) == 2


def test_names_from_outside_are_only_ever_text(desk, visitor):
    with transaction(desk.db):
        desk.db.execute("UPDATE source SET publisher = '</text><script>alert(1)</script>\u202e'")
    page = visitor.open("/numbers")
    assert page.tree.css("main script") == []
    assert "</text><script>alert(1)</script>" in page.texts("#publishers tbody th")[0]
    assert "\u202e" not in page.text


def test_the_numbers_lead_to_the_exports_of_the_same_time(visitor):
    links = visitor.open("/numbers?weeks=4").links("main a")
    for each in ("/exports/changes.csv?since=2026-02-09", "/exports/decisions.csv", "/feed.atom", "/calendar"):
        assert each in links


def test_every_figure_is_there_for_whoever_asks_without_a_browser(numbers):
    figures = build_figures(numbers())
    assert [each.id for each in figures] == [
        "changes", "publishers", "decision", "outcomes", "hands", "alerts", "detection", "problems",
    ]  # fmt: skip
