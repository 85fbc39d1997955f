"""The picture of a Slack message."""

import re
from html.parser import HTMLParser

import pytest

from digests.blocks import Message, messages
from digests.preview import to_html


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


@pytest.mark.parametrize(
    "block",
    [
        {"type": "image"},
        {"type": "rich_text", "elements": [{"type": "rich_text_preformatted"}]},
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "user"}]}]},
    ],
)
def test_a_block_it_cannot_picture_is_an_error_and_no_silent_gap(block):
    with pytest.raises(ValueError, match="no picture of"):
        to_html([Message("", (block,))], title="", clock="")
