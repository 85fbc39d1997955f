"""The forms: what they offer, what they refuse, and what is decided when they are sent."""

from __future__ import annotations

import pytest

from monitor.model import DateKind, DateMention
from monitor.sops import load_sops
from monitor.store import transaction
from monitor.store.changes import _add_dates
from monitor.store.sops import declare_sops
from monitor.triage import REASONS
from slack_app.conftest import move_to
from store.conftest import NOON
from triaged import APPEALS, MORE_AGES, REFUNDS, UPLOAD

MARIA = "Maria Berg"


def field(modal, block_id):
    (block,) = [each for each in modal.view["blocks"] if each["block_id"] == block_id]
    return block["element"]


def hint(modal, block_id):
    (block,) = [each for each in modal.view["blocks"] if each["block_id"] == block_id]
    return block["hint"]["text"]


def options(modal, block_id):
    """The value of each option by its text."""
    return {each["text"]["text"]: each["value"] for each in field(modal, block_id)["options"]}


def errors(reply):
    return (reply.payload or {}).get("errors", {})


# Not applicable


@pytest.mark.parametrize("reason", REASONS)
def test_one_of_the_usual_reasons_is_enough(desk, reason):
    assert errors(desk.use_form("reject", {"reason": reason})) == {}
    assert desk.decisions() == [(None, "not-applicable", reason, None, MARIA)]
    assert desk.state(1) == f"Not applicable by Maria Berg, 5 Mar 16:00 UTC: {REASONS[reason]}"


def test_another_reason_is_kept_in_the_words_of_the_person(desk):
    desk.use_form("reject", {"reason": "other", "words": " We only\nlist shops. "}, user="U0TOM")
    assert desk.decisions() == [(None, "not-applicable", "We only list shops.", None, "U0TOM")]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"reason": "other"}, "Say why, in your own words."),
        ({"reason": "other", "words": "  "}, "Say why, in your own words."),
        (
            {"reason": "covered", "words": "See 4.2"},
            "These words go with “Another reason”: choose that above, or clear them.",
        ),
    ],
)
def test_words_that_are_missing_or_would_be_lost_are_asked_for_in_the_form(desk, values, message):
    assert errors(desk.use_form("reject", values)) == {"words": message}
    assert desk.decisions() == []
    assert desk.slack.wait_for_modal("reject")


def test_a_mended_form_is_taken(desk):
    form = desk.open_form("reject")
    desk.slack.submit(form, {"reason": "other"})
    desk.slack.submit(form, {"reason": "other", "words": "No shops."})
    assert [each[2] for each in desk.decisions()] == ["No shops."]


# Assign


def test_whoever_presses_is_proposed_and_the_work_can_go_to_anybody(desk):
    form = desk.open_form("assign", user="U0TOM")
    assert field(form, "who")["initial_user"] == "U0TOM"
    desk.slack.submit(form, {"who": "U0MARIA", "due": "2026-03-20"})
    assert desk.decisions() == [(None, "assigned", MARIA, "2026-03-20", "U0TOM")]
    assert desk.state(1) == "Nobody has decided yet · in hand: Maria Berg, due 20 Mar 2026"


def test_work_may_have_no_day(desk):
    desk.use_form("assign")
    assert desk.decisions() == [(None, "assigned", MARIA, None, MARIA)]


@pytest.mark.parametrize("name", ["assign", "due"])
@pytest.mark.parametrize(
    ("dates", "proposed"),
    [
        ([], None),
        ([(DateKind.EFFECTIVE, "2026-05-01"), (DateKind.COMPLIANCE, "2026-04-01")], "2026-03-18"),
        ([(DateKind.COMMENTS_CLOSE, "2026-03-12")], "2026-03-05"),
        ([(DateKind.EFFECTIVE, "2026-01-01"), (DateKind.SUNSET, "2027-01-01")], "2026-12-18"),
        ([(DateKind.EFFECTIVE, "2026-05"), (DateKind.LAST_UPDATED, "2026-05-01")], None),
    ],
)
def test_two_weeks_before_the_first_deadline_to_come_are_proposed_but_no_day_before_today(desk, name, dates, proposed):
    with transaction(desk.db):
        _add_dates(desk.db, 1, tuple(DateMention(kind, day, "Since then.") for kind, day in dates))
    assert field(desk.open_form(name), "due").get("initial_date") == proposed


# Due date


def test_a_day_alone_leaves_the_work_with_whoever_has_it(desk):
    desk.bench.assign(1, assignee=MARIA)
    form = desk.open_form("due", user="U0TOM")
    assert hint(form, "due") == "In hand: Maria Berg."
    desk.slack.submit(form, {"due": "2026-03-20"})
    assert desk.decisions()[-1] == (None, "assigned", MARIA, "2026-03-20", "U0TOM")


def test_a_form_opens_also_where_the_name_of_whoever_has_it_is_longer_than_slack_takes(desk):
    desk.bench.assign(1, assignee="m" * 3_000)
    assert hint(desk.open_form("due"), "due").endswith("…")


def test_a_day_for_what_nobody_has_gives_it_to_whoever_sets_it(desk):
    form = desk.open_form("due")
    assert hint(form, "due") == "Nobody has it in hand, so it will be in yours."
    desk.slack.submit(form, {"due": "2026-03-05"})
    assert desk.decisions() == [(None, "assigned", MARIA, "2026-03-05", MARIA)]


@pytest.mark.parametrize(
    ("name", "block_id", "day", "message"),
    [
        ("assign", "due", "2026-03-04", "due 2026-03-04: that day is over, today is 2026-03-05 in UTC"),
        ("due", "due", "2026-03-04", "that day is over"),
        ("snooze", "until", "2026-03-04", "that day is over"),
        ("snooze", "until", "2026-03-05", "that is today in UTC"),
    ],
)
def test_a_day_that_is_over_is_refused_in_the_form(desk, name, block_id, day, message):
    assert message in errors(desk.use_form(name, {block_id: day}))[block_id]
    assert desk.decisions() == []


# Snooze


def test_it_is_put_off_for_a_week_unless_another_day_is_chosen(desk):
    form = desk.open_form("snooze")
    assert field(form, "until")["initial_date"] == "2026-03-12"
    desk.slack.submit(form)
    assert desk.decisions() == [(None, "snoozed", None, "2026-03-12", MARIA)]
    assert desk.state(1) == "Nobody has decided yet · put off until 12 Mar 2026"
    desk.use_form("snooze", {"until": "2026-03-09"})
    assert desk.decisions()[-1] == (None, "snoozed", None, "2026-03-09", MARIA)


def test_a_week_is_counted_from_the_day_that_it_is_where_the_person_is(desk):
    move_to(desk, "Pacific/Auckland")
    assert field(desk.open_form("snooze"), "until")["initial_date"] == "2026-03-13"
    assert field(desk.open_form("snooze", user="U0TOM"), "until")["initial_date"] == "2026-03-12"


# Decide per section


def test_the_likely_sections_are_ticked(desk):
    form = desk.open_form("sections")
    assert list(options(form, "sections")) == ["ages Age checks › Upload", "fees Fees › Refunds"]
    assert [each["description"]["text"] for each in field(form, "sections")["options"]] == [
        "likely 80 %",
        "likely 70 %",
    ]
    assert len(field(form, "sections")["initial_options"]) == 2


def test_what_is_ticked_is_confirmed_and_the_rest_stays_as_it_is(desk):
    form = desk.open_form("sections")
    upload = options(form, "sections")["ages Age checks › Upload"]
    desk.slack.submit(form, {"sections": [upload]})
    assert desk.decisions() == [(UPLOAD, "confirmed", None, None, MARIA)]
    assert desk.state(1) == "Of 2 sections 1 confirmed, 1 open; last by Maria Berg, 5 Mar 16:00 UTC"


def test_what_is_not_ticked_can_be_rejected_with_a_reason(desk):
    form = desk.open_form("sections")
    refunds = options(form, "sections")["fees Fees › Refunds"]
    desk.slack.submit(form, {"sections": [refunds], "others": "covered"})
    assert desk.decisions() == [
        (UPLOAD, "not-applicable", "covered", None, MARIA),
        (REFUNDS, "confirmed", None, None, MARIA),
    ]


def test_an_unlikely_section_has_no_tick_also_after_the_whole_was_confirmed(desk):
    change_id = desk.bench.change(MORE_AGES, [UPLOAD], [APPEALS])
    desk.later(days=1)
    desk.tell()
    desk.slack.click(desk.message, "confirm", value=str(change_id))
    form = desk.open_form("sections", targets=str(change_id))
    said = [each["description"]["text"] for each in field(form, "sections")["options"]]
    assert said == ["likely 80 % · confirmed", "unlikely 29 %"]
    assert len(field(form, "sections")["initial_options"]) == 1


def test_only_what_stands_otherwise_is_decided_about(desk):
    desk.bench.confirm(1, UPLOAD)
    desk.bench.reject(1, REFUNDS)
    before = desk.decisions()
    form = desk.open_form("sections")
    assert len(field(form, "sections")["initial_options"]) == 1
    desk.slack.submit(form, {"others": "unrelated"})
    assert desk.decisions() == before


def test_of_many_sections_the_ten_likeliest_can_be_ticked_and_the_rest_stays(desk):
    headings = [
        f"{name} {'and so on ' * 20}" for name in ("Ads", "Bans", "Chat", "Data", "Exit", "Fees", "Gifts", "Hate")
    ]
    path = desk.folder / "sops" / "long.md"
    path.write_text(
        "---\nid: long\ntitle: Long\nowner: Dana\n---\n"
        + "\n".join(f"## {each}\n\nAsk {each[:4]}.\n" for each in headings)
    )
    with transaction(desk.db):
        sops = declare_sops(desk.db, load_sops(desk.folder / "sops").sops, NOON)
    ids = [section.id for sop in sops for section in sop.sections]
    change_id = desk.bench.change(MORE_AGES, ids)
    desk.later(days=1)
    desk.tell()
    form = desk.open_form("sections", targets=str(change_id))
    assert len(options(form, "sections")) == 10
    assert hint(form, "sections") == "1 less likely sections are not listed and stay as they are."
    desk.slack.submit(form, {"sections": [], "others": "unrelated"})
    decided = [each[0] for each in desk.decisions(change_id)]
    assert len(decided) == 10
    assert decided[:8] == ids[:8]


def test_sections_that_people_added_come_first(desk):
    desk.bench.confirm(1, APPEALS)
    form = desk.open_form("sections")
    assert next(iter(options(form, "sections"))) == APPEALS
    assert field(form, "sections")["options"][0]["description"]["text"] == "added by a person · confirmed"


def test_ticking_nothing_and_leaving_the_rest_is_no_decision(desk):
    reply = desk.use_form("sections", {"sections": []})
    assert errors(reply) == {"sections": "Tick what is touched, or say below that the others are not."}
    assert desk.decisions() == []


def test_where_no_section_was_matched_there_is_nothing_to_tick_or_send(desk):
    form = desk.open_form("sections", targets="2")
    assert "submit" not in form.view or form.view["submit"] is None
    assert not [each for each in form.view["blocks"] if each["type"] == "input"]


def test_all_that_was_decided_in_one_form_is_taken_back_at_once(desk):
    desk.use_form("sections", {"others": "covered"})
    desk.slack.choose(desk.message, "more", "undo:1", user="U0TOM")
    assert desk.state(1) == "Nobody has decided yet"


# All of them


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("reject", {"reason": "covered"}),
        ("assign", {}),
        ("due", {"due": "2026-03-20"}),
        ("snooze", {}),
        ("sections", {}),
    ],
)
def test_a_form_that_is_sent_twice_or_replayed_counts_once(desk, name, values):
    form = desk.open_form(name)
    reply = desk.slack.submit(form, values)
    once = desk.decisions()
    assert once
    desk.slack.choose(desk.message, "more", "undo:1")
    undone = desk.decisions()
    assert desk.slack.replay(reply).acked
    assert desk.decisions() == undone


@pytest.mark.parametrize("name", ["reject", "assign", "due", "snooze", "sections"])
def test_a_form_names_the_change_that_it_is_about(desk, name):
    head = desk.open_form(name).view["blocks"][0]["elements"][0]["elements"]
    assert "".join(each["text"] for each in head) == "Rules · change 1"


def test_a_form_about_one_change_in_many_documents_names_some_of_them(desk):
    ids = [1, 2, *(desk.bench.change((MORE_AGES[0], f"{MORE_AGES[1]} {number}")) for number in range(5))]
    about = ",".join(map(str, ids))
    button = {"type": "button", "action_id": "reject", "text": {"type": "plain_text", "text": "No"}, "value": about}
    desk.message["blocks"].append({"type": "actions", "block_id": "act:many", "elements": [button]})
    form = desk.open_form("reject", targets=about)
    *named, last = form.view["blocks"][0]["elements"]
    assert len(named) == 5
    assert last["elements"][0]["text"] == "… and 2 more documents with the same change"
    desk.slack.submit(form, {"reason": "duplicate"})
    assert all(desk.decisions(each)[0][1] == "not-applicable" for each in ids)


def test_hostile_titles_stay_plain_words_in_a_form(desk):
    desk.db.execute("UPDATE document SET title = ?", ["<!channel> *now* \u202eevil <https://evil.example|click>"])
    desk.db.conn.commit()
    (head,) = [each for each in desk.open_form("reject").view["blocks"] if each["type"] == "rich_text"]
    name = head["elements"][0]["elements"][0]
    assert (name["type"], name["url"]) == ("link", "https://example.org/rules")
    assert name["text"] == "<!channel> *now* evil <https://evil.example|click>"
    assert "mrkdwn" not in str(head)


def test_a_section_is_not_put_off_by_itself(desk):
    option = {"text": {"type": "plain_text", "text": "Snooze"}, "value": f"snooze:1:{UPLOAD}"}
    menu = {"type": "overflow", "action_id": "more", "options": [option]}
    desk.message["blocks"].append({"type": "actions", "block_id": "own", "elements": [menu]})
    desk.use_form("snooze", {"until": "2026-03-09"}, targets=f"1:{UPLOAD}")
    ((_, words),) = desk.told()
    assert "no section is put off by itself" in words
    assert desk.decisions() == []


def test_the_home_offers_to_put_off_only_what_is_about_a_whole(desk):
    desk.bench.assign(1, UPLOAD, assignee="Maria Berg")
    desk.bench.assign(2, assignee="Maria Berg")
    desk.slack.open_home()
    blocks = [each for each in desk.slack.homes["U0MARIA"]["blocks"] if each["type"] == "actions"]
    offered = {each["elements"][0]["value"]: [button["action_id"] for button in each["elements"]] for each in blocks}
    assert offered[f"1:{UPLOAD}"] == ["confirm", "reject", "assign"]
    assert offered["2"][-1] == "snooze"
