"""What a digest lists in one line each, in every form of it."""

from datetime import UTC, date, datetime

import pytest

from digests import lists
from digests.blocks import messages
from digests.text import to_markdown, to_text
from digests.wording import UNDECIDED, from_now
from monitor.model import DateKind, DateMention, Period, Person, Severity, Verdict
from shown import visible

MONDAY = date(2026, 11, 23)
CONFIRMED = Verdict.CONFIRMED


def forms(digest, **how):
    """The words of each form on one line."""
    slack = "\n".join(visible(each) for each in messages(digest, **how))
    return [
        " ".join(each.split()) for each in (slack, to_markdown(digest, **how).replace("*", ""), to_text(digest, **how))
    ]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"due": "2026-11-20"}, "3 days overdue"),
        ({"due": "2026-11-22"}, "1 day overdue"),
        ({"due": "2026-11-23"}, "due today"),
        ({"due": "2026-11-24"}, "due tomorrow"),
        ({"due": "2026-12-01"}, "due in 8 days"),
        ({"due": "2026-12-01", "deadline": "2026-11-28"}, "deadline in 5 days"),
        ({"due": "2026-11-20", "deadline": "2026-11-24"}, "3 days overdue"),
        ({"due": "2026-12-01", "deadline": "2026-11-01"}, "due in 8 days"),
        ({"deadline": "2026-11-22"}, "deadline yesterday"),
        ({"deadline": "2026-11-13"}, "deadline 10 days ago"),
        ({}, "open for 4 days"),
        ({"since_at": datetime(2026, 11, 22, 23, tzinfo=UTC)}, "open for 1 day"),
        ({"since_at": datetime(2026, 11, 24, 1, tzinfo=UTC)}, "open for 0 days"),
    ],
)
def test_how_urgent_an_item_is(make, facts, words):
    assert lists.urgency(make.item(**facts), MONDAY) == words


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, "nobody has decided"),
        ({"verdict": CONFIRMED}, "confirmed, in nobody's hands"),
        ({"assignee": "tom@example.org"}, "with Tom Berg"),
        ({"assignee": "Ada", "due": "2026-12-01", "verdict": CONFIRMED}, "with Ada, due 1 Dec 2026"),
    ],
)
def test_in_whose_hands_an_item_is(make, facts, words):
    assert lists.who(make.item(**facts), (Person("Tom Berg", email="tom@example.org"),)) == words


@pytest.mark.parametrize(
    ("day", "words"),
    [("2026-11-23", "today"), ("2026-11-24", "tomorrow"), ("2026-11-25", "in 2 days"), ("2026-11-21", "2 days ago")],
)
def test_a_day_is_as_far_away_as_people_say(day, words):
    assert from_now(day, MONDAY) == words


def test_every_form_says_what_is_overdue_and_who_has_it(make):
    item = make.item(9, due="2026-11-20", assignee="Tom", procedure="SOP-2 Harassment › Warnings", verdict=CONFIRMED)
    for text in forms(make.digest([make.told()], items=(item,))):
        before, _, after = text.partition("Overdue")
        assert before
        assert "3 days overdue · " in after
        assert "SOP-2 Harassment › Warnings · with Tom, due 20 Nov 2026 · change 9" in after


def test_every_form_says_which_deadlines_come_the_nearest_first(make):
    near = make.deadline(7, date="2026-11-24", kind=DateKind.COMMENTS_CLOSE, is_decided=True)
    vague = make.deadline(8, date="2026-12")
    for text in forms(make.digest([make.told()], deadlines=(near, vague))):
        after = text.partition("Deadlines of the next 30 days")[2]
        assert "tomorrow · " in after
        assert "comments close 24 Nov 2026 · decided · change 7" in after
        assert "Dec 2026 · " in after
        assert "comply by Dec 2026 · undecided · change 8" in after


def test_long_lists_are_cut_and_counted(make):
    deadlines = tuple(make.deadline(each) for each in range(lists.MOST + 3))
    items = tuple(make.item(each, due="2026-11-20") for each in range(lists.MOST + 5))
    for text in forms(make.digest([make.told()], deadlines=deadlines, items=items)):
        assert text.count("comply by") == lists.MOST
        assert text.count("3 days overdue") == lists.MOST
        assert "… and 3 more" in text
        assert "… and 5 more" in text


def test_a_list_of_just_as_many_as_fit_counts_no_rest(make):
    deadlines = tuple(make.deadline(each) for each in range(lists.MOST))
    assert all("more" not in text for text in forms(make.digest([make.told()], deadlines=deadlines)))


def test_every_form_says_what_did_not_get_through(make):
    for text in forms(make.digest(undelivered=("slack:C1: channel_not_found since 21 Nov 2026",))):
        assert "What did not get through" in text
        assert "channel" in text.partition("What did not get through")[2]


def test_what_was_told_as_an_alert_is_named_once_with_what_stands_and_not_told_again(make):
    alerted = make.told(5, source_name="Register of duties", passages=[make.passage("", "Told before.")])
    digest = make.digest([make.told(1)], alerted=(alerted,))
    for text in forms(digest, states={5: "Confirmed by Maria, 22 Nov 15:40 UTC"}):
        after = text.partition("Already told as alerts")[2]
        assert "Register of duties" in after
        assert "change 5" in after
        assert "Confirmed by Maria, 22 Nov 15:40 UTC" in after
        assert "Told before." not in text
        assert "verify the age" in text


@pytest.mark.parametrize(("alerts", "words"), [(1, "1 was told as an alert"), (3, "3 were told as alerts")])
def test_a_day_with_alerts_and_nothing_else_does_not_claim_that_nothing_changed(make, alerts, words):
    for text in forms(make.digest(alerted=tuple(make.told(each) for each in range(1, alerts + 1)))):
        assert f"No further changes: {words}" in text


def test_a_quiet_day_names_the_next_deadline_and_no_list(make):
    deadlines = (make.deadline(), make.deadline(2, date="2026-12-03"))
    for text in forms(make.digest(deadlines=deadlines)):
        expected = "next deadline in 8 days: comply by 1 Dec 2026, Borealis Regulator › Safety code"
        assert text.endswith(f"No changes · 30 of 30 sources read · {expected}")


def test_a_week_is_one_line_for_each_change_with_what_became_of_it(make):
    week = [make.told(1), make.told(2, severity=Severity.LOW, source_name="Fees"), make.told(3)]
    states = {1: "Confirmed by Maria, 22 Nov 15:40 UTC", 2: UNDECIDED, 3: UNDECIDED}
    for text in forms(make.digest(week, period=Period.WEEKLY), states=states):
        after = text.partition("Told this week")[2]
        assert "verify the age" not in after
        assert after.index("change 1") < after.index("Confirmed by Maria") < after.index("change 2")
        assert after.count(UNDECIDED) == len([2, 3])
        assert "a duty became stricter" in after


def test_the_same_change_in_several_documents_is_one_line_of_a_week(make):
    week = [make.told(each, fingerprint="f1") for each in range(1, 31)]
    states = {each: "Confirmed by Maria" if each < 3 else UNDECIDED for each in range(1, 31)}
    for text in forms(make.digest(week, period=Period.WEEKLY), states=states):
        assert "same change in 30 documents" in text
        assert "changes 1, 2, 3, 4," in text
        assert "20 and 10 more" in text
        assert "2 of 30: Confirmed by Maria · 28 of 30: Nobody has decided yet" in text


def test_a_reminder_lists_what_is_due_change_by_change_in_the_order_given(make):
    items = (
        make.item(2, due="2026-11-20", procedure="SOP-2 Appeals › Time", assignee="Tom Berg"),
        make.item(1, due="2026-11-23", procedure="SOP-1 Minors › Upload", deadline="2026-12-05", assignee="Tom Berg"),
        make.item(2, due="2026-11-24", procedure="SOP-3 Macros", assignee="Tom Berg"),
    )
    digest = make.digest(period=Period.REMINDER, items=items, audience_name="Tom Berg", watched=0)
    assert [(each.change_id, len(each.lines)) for each in lists.handed_over(digest)] == [(2, 2), (1, 1)]
    for text in forms(digest):
        assert text.replace("# ", "").startswith("Reminder for Tom Berg, Mon 23 Nov 2026 3 items are due")
        assert "due today · SOP-1 Minors › Upload · due 23 Nov 2026 · deadline 5 Dec 2026" in text
        assert "3 days overdue · SOP-2 Appeals › Time · due 20 Nov 2026" in text
        assert "sources" not in text
        assert "Overdue" not in text


def test_one_item_is_due_in_the_singular(make):
    digest = make.digest(period=Period.REMINDER, items=(make.item(due="2026-11-23"),))
    assert "1 item is due" in to_text(digest)


def test_an_escalation_says_what_nobody_decided_and_for_how_long(make):
    items = (make.item(1), make.item(2, deadline="2026-11-25"), make.item(2, section_id="a", procedure="SOP-1 Minors"))
    for text in forms(make.digest(period=Period.ESCALATION, items=items)):
        assert "Waiting at EU desk, Mon 23 Nov 2026" in text
        assert "Nobody decided in time on 2 changes" in text
        assert "deadline in 2 days · deadline 25 Nov 2026 · open for 4 days" in text


@pytest.mark.parametrize(
    ("severity", "dates", "why"),
    [
        (Severity.HIGH, [], "high severity"),
        (Severity.LOW, ["2026-12-01", "2026-11-24"], "comply by 24 Nov 2026 (tomorrow)"),
        (Severity.HIGH, ["2026-11-22", "2026-12", "2026-12-01"], "high severity, comply by 1 Dec 2026 (in 8 days)"),
    ],
)
def test_an_alert_says_why_it_could_not_wait(make, severity, dates, why):
    mentions = [DateMention(DateKind.COMPLIANCE, each, "") for each in dates]
    digest = make.digest([make.told(severity=severity, dates=mentions)], period=Period.ALERT, watched=0)
    for text in forms(digest):
        assert "Alert for EU desk, Mon 23 Nov 2026" in text
        assert f"Told at once: {why}" in text
        assert "sources" not in text


@pytest.mark.parametrize(("number", "said"), [(15, ""), (16, "And 1 more change."), (120, "And 105 more changes.")])
def test_of_many_changes_that_wait_the_first_fifteen_are_shown_and_the_rest_is_counted(make, number, said):
    items = [make.item(each + 1) for each in range(number)]
    digest = make.digest(period=Period.ESCALATION, items=tuple(items))
    assert [each.change_id for each in lists.handed_over(digest)] == list(range(1, 16))
    assert lists.closing(digest) == said
