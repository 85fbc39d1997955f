"""Dates as publishers of feeds write them, and the moment that is read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds import parse_feed
from monitor.feeds.dates import read_time

NOON = datetime(2026, 7, 17, 12, tzinfo=UTC)
MIDNIGHT = datetime(2026, 7, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("Fri, 17 Jul 2026 12:00:00 GMT", NOON),
        ("Fri, 17 July 2026 12:00:00 Z", NOON),
        ("Fri, 17 Jul 2026 12:00", NOON),
        ("Fri, 17-Jul-2026 12:00:00 GMT", NOON),
        ("17 Jul 2026", MIDNIGHT),
        ("Fri, 17 Jul 2026 24:00:00 GMT", MIDNIGHT + timedelta(days=1)),
        # other languages
        ("ven., 17 juil. 2026 14:00:00 +0200", NOON),
        ("Fr, 17 Juli 2026 14:00:00 MESZ", NOON),
        ("17 de julio de 2026", MIDNIGHT),
        ("2026\u5e747\u670817\u65e5 21:00 JST", NOON),
        # numbers
        ("2026/07/17", MIDNIGHT),
        ("2026-07-17T08:00:00.1234567-04:00", NOON),
        ("2026-07-17 12:00:00", NOON),
        ("2026-07-17T12:00Z", NOON),
        ("17.07.2026 12:00", NOON),
        ("17/07/2026", MIDNIGHT),
        ("Fri, 07/17/2026 - 12:00", NOON),
        ("20260717", MIDNIGHT),
        ("20260717120000", NOON),
        ("1784289600", NOON),
        ("1784289600000", NOON),
        # zones
        ("Fri, 17 Jul 2026 14:00:00 CEST", NOON),
        ("Fri, 17 Jul 2026 13:00:00 BST", NOON),
        ("Fri, 17 Jul 2026 08:00:00 EDT", NOON),
        ("Fri, 17 Jul 2026 22:00:00 AEST", NOON),
        ("Fri, 17 Jul 2026 14:00:00 UTC+2", NOON),
        ("Fri, 17 Jul 2026 14:00:00 GMT+0200", NOON),
        ("Fri, 17 Jul 2026 12:00:00 XYZ", NOON),
        # the clock of twelve hours
        ("Jul 17, 2026 12:00 PM", NOON),
        ("July 17, 2026 12:00 a.m.", MIDNIGHT),
        ("Fri Jul 17 08:00:00 EDT 2026", NOON),
        ("Fri, 17 Jul 26 07:00:00 EST", NOON),
        ('<time datetime="2026-07-17T14:00:00+02:00">17 July</time>', NOON),
        # no dates, or placeholders
        ("07/08/2026", None),
        ("soon", None),
        ("", None),
        ("0001-01-01T00:00:00Z", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
    ],
)
def test_a_date_is_read_as_its_publisher_means_it(written: str, moment: datetime | None) -> None:
    escaped = written.replace("<", "&lt;").replace(">", "&gt;")
    feed = f"<rss version='2.0'><channel><item><guid>1</guid><pubDate>{escaped}</pubDate></item></channel></rss>"
    (entry,) = parse_feed(feed.encode(), None).entries
    assert entry.published_at == moment


def test_the_day_is_that_of_the_publisher() -> None:
    assert read_time("Fri, 17 Jul 2026 23:30:00 -0400", None).day == 17


@pytest.mark.parametrize(
    ("dates", "day"),
    [
        ("<published>2026-07-01T00:00:00Z</published><updated>2026-07-17T00:00:00Z</updated>", 1),
        ("<updated>2026-07-17T00:00:00Z</updated>", 17),
        ("<published>soon</published><updated>2026-07-17T00:00:00Z</updated>", 17),
        ("<summary type='html'>&lt;time datetime='2026-07-05T10:00:00Z'&gt;5 July&lt;/time&gt;</summary>", 5),
    ],
)
def test_an_entry_is_as_old_as_its_publication_else_as_its_last_edit_else_as_its_text_says(
    dates: str, day: int
) -> None:
    feed = f"<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>1</id>{dates}</entry></feed>"
    (entry,) = parse_feed(feed.encode(), None).entries
    assert entry.published_at.day == day


@given(
    st.integers(int(datetime(1995, 1, 2, tzinfo=UTC).timestamp()), int(datetime(2099, 12, 30, tzinfo=UTC).timestamp())),
    st.integers(-12 * 60, 14 * 60),
    st.sampled_from([format_datetime, datetime.isoformat]),
)
def test_what_the_formats_ask_for_is_always_read(seconds, minutes, write) -> None:
    moment = datetime.fromtimestamp(seconds, timezone(timedelta(minutes=minutes)))
    assert read_time(write(moment), None) == moment


@given(st.text(max_size=60))
def test_any_text_is_a_date_or_none(written: str) -> None:
    found = read_time(written, None)
    assert found is None or (found.tzinfo and found.year >= 1995)
