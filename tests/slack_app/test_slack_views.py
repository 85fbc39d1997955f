"""Whatever stands in titles, headings and addresses: Slack takes the views, and shows it as words."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model import OpenItem, Severity, Verdict
from monitor.slack.home import MOST_MINE, MOST_OPEN, Home
from slack.limits import check_view
from store.conftest import NOON

TODAY = date(2026, 3, 5)

hostile = st.one_of(
    st.text(max_size=400),
    st.sampled_from(["", "<!channel>", "<@U0MARIA>", "*bold* <https://evil.example|click>", "\u202ekool", "x" * 5_000]),
)
days = st.none() | st.dates(date(2026, 1, 1), date(2027, 1, 1)).map(date.isoformat)
items = st.builds(
    OpenItem,
    change_id=st.integers(1, 10**9),
    section_id=st.none() | st.text(min_size=1, max_size=50) | st.just("s" * 2_500),
    source_id=st.just("rules"),
    source_name=hostile,
    publisher=hostile,
    url=st.sampled_from(["https://example.org/" + "p" * 3_000, "javascript:alert(1)", "https://example.org/a"])
    | hostile,
    procedure=hostile,
    severity=st.sampled_from(Severity),
    since_at=st.just(NOON),
    verdict=st.sampled_from([None, Verdict.CONFIRMED]),
    assignee=st.sampled_from([None, "Maria Berg"]),
    due=days,
    deadline=days,
    snoozed_until=days,
)


def inside(node, key):
    """Every value under this key."""
    if isinstance(node, list):
        return [value for each in node for value in inside(each, key)]
    if not isinstance(node, dict):
        return []
    own = [node[key]] if key in node else []
    return own + [value for each in node.values() for value in inside(each, key)]


@settings(max_examples=60, deadline=None)
@given(st.lists(items, max_size=60), hostile)
def test_slack_takes_every_app_home_and_shows_texts_as_they_are(found, summary):
    view = Home(TODAY, lambda _: summary).build([each for each in found if each.assignee], found)
    check_view(view)
    assert not set(inside(view, "type")) & {"mrkdwn", "user", "usergroup", "channel", "broadcast"}
    assert all(each.startswith("https://example.org/") for each in inside(view, "url"))


def test_the_fullest_app_home_is_within_the_limit_of_blocks():
    facts = {"source_id": "r", "source_name": "R", "publisher": "P", "url": "https://example.org", "procedure": ""}
    facts |= {"severity": Severity.LOW, "since_at": NOON, "verdict": None, "due": None, "deadline": None}
    mine = [OpenItem(change_id=each, section_id=None, assignee="m", **facts) for each in range(MOST_MINE + 1)]
    others = [OpenItem(change_id=each, section_id=None, assignee=None, **facts) for each in range(MOST_OPEN + 1)]
    view = Home(TODAY, lambda _: "").build(mine, mine + others)
    check_view(view)
    assert len(view["blocks"]) > 85
