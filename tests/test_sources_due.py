"""When a source is due again: intervals and cron lines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.sources import next_due, parse_interval


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30m", timedelta(minutes=30)),
        ("12h", timedelta(hours=12)),
        ("1d", timedelta(days=1)),
        ("0", timedelta(0)),
        ("0m", None),
        ("1.5h", None),
        ("1 h", None),
        ("1w", None),
        ("", None),
        ("0 6 * * *", None),
    ],
)
def test_an_interval_is_a_number_with_m_h_or_d(text, expected):
    assert parse_interval(text) == expected


SUNDAY = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("every", "expected"),
    [
        pytest.param("30m", "2026-11-22T09:30", id="interval"),
        pytest.param("1d", "2026-11-23T09:00", id="a day later"),
        pytest.param("0 9 * * *", "2026-11-23T09:00", id="strictly after, so not at once again"),
        pytest.param("*/15 * * * *", "2026-11-22T09:15", id="every quarter of an hour"),
        pytest.param("0 6 * * mon-fri", "2026-11-23T06:00", id="weekdays by name"),
        pytest.param("0 6 * * 1-5", "2026-11-23T06:00", id="1 is Monday"),
        pytest.param("0 12 * * 0", "2026-11-22T12:00", id="0 is Sunday"),
        pytest.param("0 12 * * 7", "2026-11-22T12:00", id="7 is Sunday too"),
        pytest.param("0 6 * * SAT", "2026-11-28T06:00", id="capital letters"),
        pytest.param("0 6 * * 5-7", "2026-11-27T06:00", id="Friday to Sunday"),
        pytest.param("0 6 * * fri-mon", "2026-11-23T06:00", id="over the end of the week"),
        pytest.param("0 6 * * 0-6/2", "2026-11-24T06:00", id="every other day from Sunday"),
        pytest.param("0 6 * * */3", "2026-11-25T06:00", id="every third day from Sunday"),
        pytest.param("0 6 * * 1,3", "2026-11-23T06:00", id="a list of weekdays"),
        pytest.param("0 6 1 * *", "2026-12-01T06:00", id="day of month"),
        pytest.param("0 6 1 * wed", "2026-11-25T06:00", id="either day of month or weekday, as cron does"),
        pytest.param("0 6 24 * wed", "2026-11-24T06:00", id="either weekday or day of month"),
        pytest.param("0  6\t1 jan *", "2027-01-01T06:00", id="months by name, any white space"),
        pytest.param("0 0 29 2 *", "2028-02-29T00:00", id="a leap day"),
    ],
)
def test_a_source_is_due_again(every, expected):
    assert next_due(every, SUNDAY) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


def test_due_times_are_utc_whatever_the_zone_of_the_last_look():
    tokyo = SUNDAY.astimezone(tz=datetime.fromisoformat("2026-11-22T00:00+09:00").tzinfo)
    assert next_due("12h", tokyo).isoformat() == "2026-11-22T21:00:00+00:00"
    assert next_due("0 10 * * *", tokyo).isoformat() == "2026-11-22T10:00:00+00:00"


def test_a_text_that_is_no_schedule_has_no_next_time():
    with pytest.raises(ValueError, match="2 fields instead of 5"):
        next_due("12 hours", SUNDAY)


@given(
    st.sampled_from(["7m", "3h", "*/7 * * * *", "5 4 * * 0", "0 0 1 * 1-5", "30 3 2-9/3 * *"]),
    st.integers(0, 5 * 366 * 24 * 60).map(lambda minutes: SUNDAY + timedelta(minutes=minutes)),
)
def test_the_next_time_is_always_later_and_never_skips_one(every, after):
    following = next_due(every, after)
    assert following > after
    if parse_interval(every) is None:
        assert next_due(every, following - timedelta(seconds=1)) == following
