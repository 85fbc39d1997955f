"""The picture of a Slack message, of a modal and of the App Home."""

import re
from html.parser import HTMLParser

import pytest

from digests.blocks import Message, messages
from digests.preview import to_html, view_to_html
from monitor.model import Person


def picture(digest):
    return to_html(messages(digest), title="EU desk", clock="09:00")


def test_the_picture_shows_sender_time_marks_and_every_part_of_the_digest(make):
    told = make.told(17, impacts=[make.impact()])
    html = picture(make.digest([told], [make.problem()], quiet={"links": 3}))
    for expected in [
        '<b>Policy Monitor</b><span class="app">APP</span><span class="time">09:00</span>',
        "<h2>EU desk, Mon 23 Nov 2026</h2>",
        "🔴",
        '<b><a href="https://borealis.example/code" rel="noreferrer">Safety code</a></b>',
        "Providers <s>may</s> <b>must</b> verify the age.",
        "<li><b>likely 72 %</b>",
        "<hr>",
        "What we cannot see",
        "Kept quiet: 3 changes of links only.",
    ]:
        assert expected in html


def test_code_in_advice_is_pictured_as_code(make):
    html = picture(make.digest(problems=[make.problem(advice="Try `monitor run`.")]))
    assert "<code><i>monitor run</i></code>" in html


def test_parts_are_messages_one_below_the_other(make):
    digest = make.digest([make.told(number) for number in range(1, 30)])
    assert picture(digest).count('<article class="message">') == len(messages(digest)) > 1


def test_the_file_needs_nothing_from_outside_and_runs_nothing(make):
    html = picture(make.digest([make.told()]))
    assert not re.search(r"<script|<link|@import|url\(|src=", html)


class Tags(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.names = set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.names.add(tag)


def test_markup_in_pages_is_text_in_the_picture(make):
    hostile = '"><script>alert(1)</script><img src=x onerror=y>'
    told = make.told(source_name=hostile, publisher=hostile, passages=[make.passage("", hostile)])
    names = Tags(to_html(messages(make.digest([told])), title=hostile, clock=hostile)).names
    assert names.isdisjoint({"script", "img"})


def test_buttons_menu_and_state_are_pictured(make):
    html = picture(make.digest([make.told(17)]))
    for words in ("Confirm", "Not applicable…", "Assign…", "Open"):
        assert f'<span class="button ">{words}</span>' in html
    assert '<span class="button more">⋯</span>' in html
    assert '<div class="context">Nobody has decided yet</div>' in html


def test_a_member_is_pictured_by_name_and_else_by_id(make):
    digest = make.digest([make.told(impacts=[make.impact(owner="Dana Lind")])])
    parts = messages(digest, (Person("Dana Lind", "U0DANA"),))
    named = to_html(parts, title="", clock="", people=(Person("Dana <b>", "U0DANA"),))
    assert '<span class="mention">@Dana &lt;b&gt;</span>' in named
    assert '<span class="mention">@U0DANA</span>' in to_html(parts, title="", clock="")


@pytest.mark.parametrize(
    "block",
    [
        {"type": "image"},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "*x*"}]},
        {"type": "section", "text": {"type": "mrkdwn", "text": "*x*"}},
        {"type": "actions", "elements": [{"type": "multi_users_select"}]},
        {"type": "rich_text", "elements": [{"type": "rich_text_preformatted"}]},
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "broadcast"}]}]},
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_section", "elements": [{"type": "emoji", "name": "partyparrot"}]}],
        },
    ],
)
def test_a_block_it_cannot_picture_is_an_error_and_no_silent_gap(block):
    with pytest.raises(ValueError, match="no picture of"):
        to_html([Message("", (block,))], title="", clock="")


# Modals and the App Home


def plain_text(words):
    return {"type": "plain_text", "text": words}


def option(value):
    return {"text": plain_text(value.capitalize()), "value": value}


def field(label, element, **more):
    return {"type": "input", "label": plain_text(label), "element": element, **more}


def modal(*blocks, **more):
    return {"type": "modal", "title": plain_text("Not <applicable>"), "blocks": list(blocks), **more}


def test_a_modal_has_its_title_what_it_asks_and_its_two_buttons():
    view = modal(field("Why?", {"type": "plain_text_input"}), submit=plain_text("Save"), close=plain_text("Cancel"))
    html = view_to_html(view)
    assert "<header><b>Not &lt;applicable&gt;</b>" in html
    assert "<label>Why?</label>" in html
    assert '<span class="button ">Cancel</span><span class="button primary">Save</span>' in html


def test_a_modal_without_buttons_has_no_foot():
    assert "<footer>" not in view_to_html(modal())


@pytest.mark.parametrize(
    ("element", "drawn"),
    [
        ({"type": "plain_text_input", "initial_value": "a <b>"}, '<span class="field">a &lt;b&gt;</span>'),
        ({"type": "plain_text_input", "multiline": True}, '<span class="field tall">&nbsp;</span>'),
        (
            {"type": "plain_text_input", "placeholder": plain_text("Say why")},
            '<span class="field"><span class="placeholder">Say why</span></span>',
        ),
        (
            {"type": "static_select", "options": [option("covered")], "initial_option": option("covered")},
            '<span class="field select">Covered</span>',
        ),
        ({"type": "users_select", "initial_user": "U0TOM"}, '<span class="field select">Tom Berg</span>'),
        ({"type": "users_select", "initial_user": "U0EVE"}, '<span class="field select">U0EVE</span>'),
        ({"type": "users_select"}, '<span class="field select">&nbsp;</span>'),
        ({"type": "datepicker", "initial_date": "2026-12-01"}, '<span class="field select">2026-12-01</span>'),
        (
            {"type": "radio_buttons", "options": [option("a"), option("b")], "initial_option": option("b")},
            '<span class="radio"></span><span>A</span></div><div class="choice"><span class="radio on"></span>',
        ),
        ({"type": "radio_buttons", "options": [option("a")]}, '<span class="radio"></span><span>A</span>'),
        (
            {"type": "checkboxes", "options": [option("a")], "initial_options": [option("a")]},
            '<span class="check on"></span><span>A</span>',
        ),
        (
            {"type": "checkboxes", "options": [option("a") | {"description": plain_text("likely 72 %")}]},
            '<span>A<span class="description">likely 72 %</span></span>',
        ),
    ],
)
def test_what_a_modal_asks_for_is_drawn_with_what_is_in_it(element, drawn):
    assert drawn in view_to_html(modal(field("What?", element)), people=(Person("Tom Berg", "U0TOM"),))


def test_an_answer_that_may_be_left_out_says_so_and_a_hint_follows():
    html = view_to_html(modal(field("Due", {"type": "datepicker"}, optional=True, hint=plain_text("Any day."))))
    assert '<label>Due <span class="hint">(optional)</span></label>' in html
    assert '<div class="hint">Any day.</div>' in html


def test_a_section_is_drawn_with_its_fields_and_what_stands_beside_it():
    block = {
        "type": "section",
        "text": plain_text("Rules"),
        "fields": [plain_text("High")],
        "accessory": {"type": "button", "text": plain_text("Open"), "style": "danger"},
    }
    html = view_to_html(modal(block))
    assert '<p>Rules</p><p>High</p></div><span class="button danger">Open</span>' in html


def test_the_app_home_stands_under_the_name_of_the_app():
    html = view_to_html({"type": "home", "blocks": [{"type": "header", "text": plain_text("In your hands")}]})
    assert "Policy Monitor</header>" in html
    assert "<h2>In your hands</h2>" in html


def test_another_sort_of_view_is_an_error():
    with pytest.raises(ValueError, match="no picture of a view of the type workflow_step"):
        view_to_html({"type": "workflow_step", "blocks": []})
