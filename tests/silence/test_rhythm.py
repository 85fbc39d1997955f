"""Judging the rhythm of one source: what is said, from when on, and what is never said."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, pairwise, repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.rhythm import Drift, Measure, Quiet, add_step, find_decay, find_drift, find_quiet, is_silent

SUNDAY = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
BEGAN = date(2025, 1, 6)
WEEKLY = [BEGAN + week * 7 * DAY for week in range(10)]
YEARLONG = [BEGAN + week * 7 * DAY for week in range(60)]


@pytest.mark.parametrize(
    ("every", "hours", "silent"),
    [
        ("12h", 24, False),
        ("12h", 25, False),
        ("12h", 25.1, True),
        ("30m", 2, False),
        ("30m", 2.1, True),
        ("0 9 * * 1", 190, False),
        ("0 9 * * 1", 190.1, True),
    ],
    ids=["two cycles", "and an hour", "more", "often", "too often", "cron within", "cron beyond"],
)
def test_a_source_is_silent_after_two_of_its_cycles_and_the_hour_that_a_crawl_may_take(every, hours, silent):
    assert is_silent(every, SUNDAY, SUNDAY + timedelta(hours=hours)) is silent


@pytest.mark.parametrize(
    ("days", "quiet", "said"),
    [
        (WEEKLY, 30, None),
        (WEEKLY, 31, Quiet(WEEKLY[-1], 31, 7)),
        (YEARLONG, 14, None),
        (YEARLONG, 15, Quiet(YEARLONG[-1], 15, 7)),
        ([*YEARLONG, YEARLONG[-1] + 40 * DAY], 80, None),
        ([*YEARLONG, YEARLONG[-1] + 40 * DAY], 81, Quiet(YEARLONG[-1] + 40 * DAY, 81, 40)),
        (WEEKLY[:8], 1000, None),
        ([], 1000, None),
    ],
    ids=[
        "a month where holidays are unknown", "more than it", "two weeks at least", "twice the longest gap",
        "a summer that was seen", "twice that summer", "too little history", "none",
    ],
)  # fmt: skip
def test_a_feed_is_quiet_when_it_brings_nothing_for_twice_as_long_as_it_ever_did(days, quiet, said):
    last = days[-1] if days else BEGAN
    assert find_quiet(days, last + quiet * DAY) == said


def test_days_on_which_nobody_watched_are_no_silence():
    today = YEARLONG[-1] + 100 * DAY
    assert find_quiet(YEARLONG, today, resumed=[today - 14 * DAY]) is None
    assert find_quiet(YEARLONG, today, resumed=[today - 15 * DAY]) == Quiet(YEARLONG[-1], 15, 7)
    assert find_quiet(YEARLONG, today, settled_on=today - 14 * DAY) is None


def test_a_gap_in_which_nobody_watched_is_not_how_long_a_feed_is_quiet():
    back = YEARLONG[-1] + 120 * DAY
    days, today = [*YEARLONG, back], back + 15 * DAY
    assert find_quiet(days, today) is None
    assert find_quiet(days, today, resumed=[back]) == Quiet(back, 15, 7)
    assert find_quiet([*WEEKLY[:8], back], back + 90 * DAY, resumed=[back]) is None, "it leaves too little history"


def measured(sizes, shares=None):
    """As they are kept, answer by answer."""
    drifts = accumulate(pairwise(sizes), lambda drift, step: add_step(drift, *step), initial=0.0)
    return [Measure(*each) for each in zip(sizes, shares or repeat(None), drifts, strict=False)]


SHRINKING = [int(10_000 * 0.93**step) for step in range(8)]
GROWING = [int(10_000 * 1.06**step) for step in range(13)]


@pytest.mark.parametrize(
    ("sizes", "said"),
    [
        (SHRINKING[:6], None),
        (SHRINKING[:7], Drift(10_000, 6_469)),
        ([12_000, *SHRINKING[:7]], Drift(12_000, 6_469)),
        (SHRINKING[6::-1], None),
        (GROWING[:12], None),
        (GROWING, Drift(10_000, 20_121)),
        ([*SHRINKING, 10_000], None),
        ([10_000, 10_000, 10_000, 10_000, 4_000], None),
        ([10_000, 10_000, 10_000, 4_000, 10_000], None),
        ([10_000, 9_000] * 20, None),
        (SHRINKING[3:7], None),
        ([0, 0, 0, 0, 0], None),
        ([], None),
    ],
    ids=[
        "not far yet", "a third", "with what was before", "half as large again", "not twice as large yet", "twice",
        "back at once", "all at once", "one bad answer", "to and fro", "too little history", "nothing at all",
        "no answers",
    ],
)  # fmt: skip
def test_small_steps_that_add_up_are_a_drift_and_one_large_step_is_none(sizes, said):
    assert find_drift(measured(sizes)) == said


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ([0.9, 0.9, 0.9, 0.9, 0.44], (0.9, 0.44)),
        ([0.9, 0.8, 0.7, 0.6, 0.5], None),
        ([0.9, 0.9, 0.9, 0.44, 0.9], None),
        ([0.1, 0.1, 0.1, 0.9, 0.1], None),
        ([0.06, 0.05, 0.05, 0.04, 0.04], None),
        ([0.9, 0.9, 0.9, 0.1], None),
        ([None] * 9, None),
        ([0.0] * 9, None),
    ],
    ids=[
        "half of it", "a slow page change", "it came back", "one answer without its frame", "little of a large page",
        "too little history", "no page", "nothing kept ever",
    ],
)  # fmt: skip
def test_an_address_keeps_less_when_its_share_of_the_page_is_half_of_what_it_was(shares, said):
    assert find_decay(measured([100] * len(shares), shares)) == said


@given(st.lists(st.tuples(st.integers(0, 10**9), st.none() | st.floats(0, 1))), st.lists(st.dates()))
def test_no_history_is_too_odd_to_be_judged(answers, days):
    measures = measured([size for size, _ in answers], [share for _, share in answers])
    find_drift(measures), find_decay(measures)
    find_quiet(sorted(days), date.max, resumed=sorted(days)[::2])
