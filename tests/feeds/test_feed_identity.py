"""Whatever a feed does to order and ids, each entry stays the Document it is; and only a real gap is one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.written import SUBJECTS
from monitor.entries import find_gap, know_again
from monitor.feeds import parse_feed
from monitor.model import Block, BlockKind
from monitor.steps import Reading
from monitor.store import entries, open_store, sources, transaction, versions
from store.conftest import NOON, a_source

FIRST_DAY = date(2026, 1, 1)


def a_reading(source_id, number, guid=None, url=None, text=None):
    subject = SUBJECTS[number % len(SUBJECTS)]
    words = text or " ".join(
        f"{subject} {number} {each}" for each in ("binds", "every", "platform", "that", "is", "large")
    )
    title = f"Decision {number}"
    blocks = (Block(BlockKind.HEADING, title, (title,)), Block(BlockKind.PARAGRAPH, f"{words}, {words}.", (title,)))
    guid = guid or f"guid-{number}"
    return Reading(f"{source_id}/{guid}", guid, f"https://reg.example/{number}" if url is None else url, title, blocks)


def keep(db, source_id, reading):
    facts = {"source_id": source_id, "identity": reading.identity, "url": reading.url, "title": reading.title}
    text = {"title": reading.title, "blocks": reading.blocks, "recipe": "r", "observed_at": NOON}
    with transaction(db):
        versions.declare_document(db, reading.id, **facts, now=NOON)
        versions.add_version(db, reading.id, **text, snapshot_ids=[])


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """Stores entries as Documents of a new Source, and gives its id."""
    db = open_store(tmp_path_factory.mktemp("feeds") / "monitor.db")
    numbers = count()

    def store(size):
        source_id = f"feed-{next(numbers)}"
        with transaction(db):
            sources.declare_sources(db, [a_source(id=source_id, kind="rss")], NOON)
        for number in range(size):
            keep(db, source_id, a_reading(source_id, number))
        return source_id

    yield db, store
    db.close()


@settings(max_examples=40)
@given(data=st.data(), size=st.integers(1, 8))
def test_entries_are_known_again_in_any_order_and_under_any_ids(stored, data, size):
    db, store = stored
    source_id = store(size)
    numbers = data.draw(st.permutations(range(size)))
    renewed = data.draw(st.sets(st.sampled_from(range(size))))
    moved = data.draw(st.sets(st.sampled_from(range(size))))
    now = [
        a_reading(
            source_id,
            number,
            guid=f"new-{number}" if number in renewed else None,
            url=f"https://new.example/{number}" if number in moved else None,
        )
        for number in numbers
    ]
    found = know_again(db, source_id, now)
    assert [each.id for each in found.readings] == [f"{source_id}/guid-{number}" for number in numbers]
    assert found.ids == {each.id for each in found.readings}


@settings(max_examples=40)
@given(data=st.data(), size=st.integers(1, 6), others=st.integers(1, 4))
def test_two_entries_of_a_feed_never_become_one_document(stored, data, size, others):
    db, store = stored
    source_id = store(size)
    urls = st.sampled_from(["", "https://reg.example/", "https://reg.example/0", "https://reg.example/1"])
    strangers = [
        a_reading(source_id, data.draw(st.integers(0, 7)), guid=f"new-{each}", url=data.draw(urls))
        for each in range(others)
    ]
    kept = [a_reading(source_id, number) for number in data.draw(st.sets(st.sampled_from(range(size))))]
    ids = [each.id for each in know_again(db, source_id, data.draw(st.permutations([*kept, *strangers]))).readings]
    assert len(set(ids)) == len(ids)
    assert {each.id for each in kept} <= set(ids)


@pytest.mark.parametrize(
    ("known", "now"),
    [
        ("https://reg.example/1", "http://reg.example/1"),
        ("https://reg.example/1", "https://www.reg.example/1/"),
        ("https://reg.example/terms/index.html", "https://reg.example/terms/"),
    ],
)
def test_an_address_is_known_however_it_is_spelt(stored, known, now):
    db, store = stored
    source_id = store(0)
    before = a_reading(source_id, 1, url=known)
    keep(db, source_id, before)
    (found,) = know_again(db, source_id, [a_reading(source_id, 1, guid="new", url=now, text="Another text")]).readings
    assert found.id == before.id


def test_an_unknown_address_leaves_the_known_one(stored):
    db, store = stored
    source_id = store(1)
    with transaction(db):
        entries.note_whereabouts(db, f"{source_id}/guid-0", identity="new", url="")
    assert [(each.identity, each.url) for each in entries.get_known(db, source_id)] == [
        ("new", "https://reg.example/0")
    ]


@pytest.mark.parametrize("url", ["", "https://reg.example", "https://www.reg.example/"])
def test_an_entry_at_no_address_or_at_the_home_page_is_not_known_by_it(stored, url):
    db, store = stored
    source_id = store(0)
    before = a_reading(source_id, 1, url=url)
    keep(db, source_id, before)
    (found,) = know_again(db, source_id, [a_reading(source_id, 1, guid="new", url=url, text="Another text")]).readings
    assert found.id == f"{source_id}/new"


def window(start, size, days=True):
    """The entries of a rolling window that begins with this number; there are two on each day."""
    return [
        Reading(
            str(number), str(number), "", "", (), published_on=FIRST_DAY + timedelta(days=number // 2) if days else None
        )
        for number in range(start, start + size)
    ]


@given(data=st.data(), size=st.integers(0, 40), step=st.integers(0, 39), days=st.booleans())
def test_a_window_that_overlaps_is_no_gap_in_any_order(data, size, step, days):
    before = window(0, size, days=days)
    now = window(min(step, max(0, size - 1)), size, days=days)
    assert not find_gap(data.draw(st.permutations(before)), data.draw(st.permutations(now)))


@given(data=st.data(), size=st.integers(5, 40), missed=st.integers(2, 40), days=st.booleans())
def test_a_window_that_rolled_past_all_it_held_is_a_gap_in_any_order(data, size, missed, days):
    before, now = window(0, size, days=days), window(size + missed, size, days=days)
    assert find_gap(data.draw(st.permutations(before)), data.draw(st.permutations(now)))


@given(data=st.data(), size=st.integers(5, 30), missed=st.integers(0, 30))
def test_a_feed_that_shows_older_entries_among_new_ones_is_no_window(data, size, missed):
    before = window(size, size)
    older = replace(window(0, 1)[0], id="older", published_on=FIRST_DAY)
    now = [*window(2 * size + missed, size - 1), older]
    assert not find_gap(before, data.draw(st.permutations(now)))


def of_days(*days):
    """Entries that are known by their days."""
    return [
        Reading(f"{day}-{number}", "", "", "", (), published_on=FIRST_DAY + timedelta(days=day))
        for number, day in enumerate(days)
    ]


@pytest.mark.parametrize(
    ("left", "is_gap"),
    [
        ([], True),
        ([7], False),  # the newest two were taken back
        ([6], True),  # an old one is pinned
        ([0, 1], True),
        ([0, 1, 2], False),  # too many to be pinned: it is something else
    ],
)
def test_what_is_left_of_a_window_decides_whether_it_is_a_gap(left, is_gap):
    before = of_days(*range(10))
    now = [*(before[day] for day in left), *of_days(*range(20, 30 - len(left)))]
    assert find_gap(before, now) is is_gap


@pytest.mark.parametrize(
    ("before", "now", "is_gap"),
    [
        (of_days(*range(10)), of_days(*range(20, 31)), True),  # two were merged
        (of_days(*range(10)), of_days(*range(20, 40)), False),  # all that there is, not a window
        (of_days(*[1] * 10), of_days(*[2] * 10), True),  # a window of a busy day
        (of_days(*[1] * 9), of_days(*[2] * 9), False),  # the issue of the day
        (of_days(*[1] * 20), of_days(*[2] * 21), False),
        (of_days(1, 2, 3, 4), of_days(11, 12, 13, 14), False),  # too few
    ],
)
def test_what_is_no_window_has_no_gap(before, now, is_gap):
    assert find_gap(before, now) is is_gap


@given(data=st.data(), size=st.integers(1, 12))
def test_identities_do_not_depend_on_the_order_of_the_feed(data, size):
    written = [
        f"<item><guid isPermaLink='false'>{data.draw(st.sampled_from('aabc'))}{number}</guid><title>T{number}</title>"
        f"<link>https://reg.example/{number}</link></item>"
        for number in range(size)
    ]

    def read(parts):
        body = f"<rss version='2.0'><channel>{''.join(parts)}</channel></rss>".encode()
        return {each.url: each.identity for each in parse_feed(body, None).entries}

    assert read(written) == read(data.draw(st.permutations(written)))
