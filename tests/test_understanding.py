"""Awkward orders of events, played on the real store and reader: nothing lost, nothing told that never was.

Each test is a list of moments: what arrived, what was read, which Changes stand at the end.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.failing import gather
from monitor.impact import build_index
from monitor.store import changes, problems, sources, transaction, versions
from monitor.tagging import Tagger
from monitor.tracking import process, record
from scenarios.test_situations import GUIDANCE, OLDER, OPINION, RULES, feed, page
from store.conftest import HOUR, NOON, URL, a_fetch, a_source

MORE = "https://example.org/more"
THIRD = "https://example.org/third"
DAY = 24 * HOUR


def test_a_text_that_was_gone_before_anybody_read_it_is_not_told(desk):
    desk.see(page(RULES))
    desk.arrive(page(OLDER), 1)  # and the process dies before it is read
    desk.arrive(page(RULES), 3)
    desk.read(3)
    assert desk.kinds == ["substantive superseded", "reverted confirmed"]
    assert desk.told == []


def test_an_interrupted_crawl_makes_no_text_that_never_was(desk):
    desk.declare(urls=(URL, MORE), hold=timedelta(0))
    desk.arrive(page(["One."]))
    desk.see(page(["Two."]), url=MORE)
    desk.arrive(page(["One, changed."]), 1)  # and the process dies before the other address was asked
    desk.arrive(page(["One, changed."]), 2)
    desk.see(page(["Two, changed."]), 2, url=MORE)
    assert desk.kinds == ["substantive confirmed"]
    assert desk.told == ["- One.", "One, changed.", "- Two.", "Two, changed."]


def test_a_part_that_cannot_be_read_with_the_edited_selectors_stops_nobody(desk):
    desk.declare(urls=(URL, MORE), select=("main",))
    desk.arrive(page(RULES))
    desk.see(page(["Two."]), url=MORE)
    desk.declare(urls=(URL, MORE), select=("section",))
    desk.see(page(OLDER).replace("main>", "section>"), 1)
    assert desk.failures == []
    assert [each.url for each in problems.get_open(desk.db)] == [MORE]
    desk.see(page(["Two."]).replace("main>", "section>"), 2, url=MORE)
    assert problems.get_open(desk.db) == ()


def test_an_address_that_never_answers_does_not_silence_the_others(desk):
    desk.declare(urls=(URL, MORE, THIRD))
    for text, url in ((page(RULES), URL), (page(["Two."]), MORE), (None, THIRD)):
        desk.arrive(text, url=url)
    desk.read()
    desk.see(page(OLDER), 1)
    desk.see(page(OLDER), 3)
    assert desk.kinds == ["substantive provisional"]  # the second address was not seen again yet
    desk.arrive(page(["Two."]), 3, url=MORE)
    desk.read(3)
    assert desk.told == [OLDER[1]]


def test_an_address_that_joins_later_is_our_first_look_and_no_news(desk):
    desk.declare(urls=(URL, MORE))
    desk.arrive(None, url=MORE)
    desk.see(page(RULES))
    desk.see(page(["Two."]), 1, url=MORE)
    assert desk.kinds == ["re-extracted confirmed"]
    current = versions.find_current(desk.db, "rules")
    assert "Two." in [block.text for block in current.blocks]


def test_an_address_we_drop_is_our_change_and_what_they_changed_meanwhile_is_theirs(desk):
    desk.declare(urls=(URL, MORE), hold=timedelta(0))
    desk.arrive(page(RULES))
    desk.see(page(["Two."]), url=MORE)
    desk.declare(urls=(URL,), hold=timedelta(0))
    desk.see(page(OLDER), 1)
    assert desk.kinds == ["re-extracted confirmed", "substantive confirmed"]
    assert desk.told == [OLDER[1]]


def test_the_old_text_is_compared_where_the_old_bytes_cannot_be_read_any_more(desk):
    desk.declare(select=("main",), hold=timedelta(0))
    desk.see(page(RULES))
    rebuilt = page(OLDER).replace("main>", "section>")
    desk.see(rebuilt, 1)
    assert [each.kind for each in problems.get_open(desk.db)] == ["selector-lost"]
    desk.declare(select=("section",), hold=timedelta(0))
    desk.see(rebuilt, 2)
    assert desk.told == [OLDER[1]]
    assert next(changes.iter_changes(desk.db)).judgement.reason.startswith("read in another way now")


def test_a_new_address_of_the_same_text_is_no_change_and_of_another_text_is_told(desk):
    desk.see(page(RULES))
    desk.declare(urls=(MORE,), hold=timedelta(0))
    desk.see(page(RULES), 1, url=MORE)
    assert desk.kinds == []
    desk.see(page(OLDER), 2, url=MORE)
    assert desk.told == [OLDER[1]]


def test_a_held_change_whose_selectors_are_edited_is_told_with_what_comes_after(desk):
    intro = "<main><div class='intro'><p>These rules hold for everybody.</p></div>"
    desk.see(page(RULES).replace("<main>", intro))
    desk.see(page(OLDER).replace("<main>", intro), 1)
    desk.declare(remove=(".intro",))
    desk.see(page(OLDER, tick=1).replace("<main>", intro), 2)
    desk.see(page(OLDER, tick=2).replace("<main>", intro), 4)
    assert desk.kinds == ["substantive superseded", "re-extracted confirmed", "substantive confirmed"]
    assert desk.told == [OLDER[1]]


def test_selectors_edited_while_a_text_blinked_tell_nothing(desk):
    intro = "<main><div class='intro'><p>These rules hold for everybody.</p></div>"
    desk.see(page(RULES).replace("<main>", intro))
    desk.see(page(OLDER).replace("<main>", intro), 1)
    desk.declare(remove=(".intro",))
    desk.see(page(RULES, tick=1).replace("<main>", intro), 2)
    desk.see(page(RULES, tick=2).replace("<main>", intro), 4)
    assert desk.told == []


def test_a_version_names_the_bytes_it_was_read_from(desk):
    desk.declare(hold=timedelta(0))
    desk.see(page(RULES))
    desk.declare(hold=timedelta(0), remove=("h1",))
    desk.see(page(OLDER), 1)
    kinds = {each.judgement.kind: each.to_version_id for each in changes.iter_changes(desk.db, everything=True)}
    assert versions.get_snapshots(desk.db, kinds["re-extracted"]) == versions.get_snapshots(desk.db, kinds["first"])
    assert versions.get_snapshots(desk.db, kinds["substantive"]) != versions.get_snapshots(desk.db, kinds["first"])


def test_a_change_is_told_in_the_end_although_another_part_stays_down(desk):
    desk.declare(urls=(URL, MORE))
    desk.arrive(page(RULES))
    desk.see(page(["Two."]), url=MORE)
    desk.arrive(None, 1, url=MORE)
    desk.see(page(OLDER), 1)
    desk.see(page(OLDER), 3)
    assert desk.told == []
    desk.read(26)
    assert desk.told == [OLDER[1]]


def test_a_held_change_is_told_in_the_end_although_the_source_was_switched_off(desk):
    desk.see(page(RULES))
    desk.see(page(OLDER), 1)
    desk.declare(enabled=False)
    desk.read(26)
    assert desk.told == [OLDER[1]]


def test_an_answer_that_may_be_cut_short_is_held_until_the_text_has_differed_for_a_day(desk):
    desk.see(page(RULES))
    desk.see(page(OLDER), 1)
    desk.see(page(OLDER[:1]), 24, partial=True)
    assert desk.told == []
    desk.see(page(OLDER[:2]), 25, partial=True)
    assert desk.kinds[-1] == "substantive confirmed"


FEED = {"content-type": "application/atom+xml"}


def test_a_new_entry_that_is_edited_while_it_is_held_is_told_as_new(desk):
    desk.declare(kind="atom", hold=HOUR)
    desk.see(feed(OPINION), headers=FEED)
    desk.see(feed(GUIDANCE, OPINION), 1, headers=FEED)
    edited = (*GUIDANCE[:2], GUIDANCE[2].replace("16", "18"))
    desk.see(feed(edited, OPINION), 2, headers=FEED)
    desk.see(feed(edited, OPINION, ("x", "Another", "Something else entirely.")), 4, headers=FEED)
    assert desk.kinds == ["substantive superseded", "substantive confirmed", "substantive provisional"]
    (told,) = changes.iter_changes(desk.db)
    assert told.judgement.reason == "new entry published"


def test_a_page_that_becomes_a_feed_brings_no_flood(desk):
    desk.see(page(RULES))
    desk.declare(kind="atom")
    desk.see(feed(OPINION, GUIDANCE), 1, headers=FEED)
    assert desk.kinds == []


def published_on(day, text):
    """The feed with all its entries dated anew; None = they give no day."""
    written = "<updated>2026-02-01T00:00:00Z</updated>"
    return text.replace(written, f"<updated>{day}T00:00:00Z</updated>" if day else "")


SINCE_LAST_SEEN = [("2026-03-02", True), (None, True), ("2026-03-01", True), ("2026-02-28", False)]
"""The day that an unknown entry gives, where the feed was last seen on the first of March, and whether it is news."""


@pytest.mark.parametrize(("day", "is_news"), SINCE_LAST_SEEN)
def test_what_a_feed_published_while_it_moved_is_news(desk, day, is_news):
    desk.declare(kind="atom")
    desk.see(feed(OPINION), headers=FEED)
    desk.see(None, 24)
    desk.declare(kind="atom", urls=(MORE,))
    desk.see(published_on(day, feed(GUIDANCE, OPINION)), 48, url=MORE, headers=FEED)
    assert [each.title for each in changes.iter_changes(desk.db)] == [GUIDANCE[1]] * is_news


@pytest.mark.parametrize(("day", "is_news"), SINCE_LAST_SEEN)
def test_what_a_feed_published_before_it_was_read_as_another_kind_is_news(desk, day, is_news):
    desk.declare(kind="rss")
    desk.see(feed(OPINION), headers=FEED)
    desk.declare(kind="atom")
    desk.see(published_on(day, feed(GUIDANCE)), 48, headers=FEED)
    assert [each.title for each in changes.iter_changes(desk.db)] == [GUIDANCE[1]] * is_news


def test_an_entry_that_appears_late_in_a_feed_that_did_not_move_is_news_whatever_its_day(desk):
    desk.declare(kind="atom")
    desk.see(feed(OPINION), headers=FEED)
    desk.see(published_on("2025-12-24", feed(GUIDANCE, OPINION)), 48, headers=FEED)
    assert [each.title for each in changes.iter_changes(desk.db)] == [GUIDANCE[1]]


def test_another_feed_at_another_address_is_a_first_look_and_brings_no_flood(desk):
    desk.declare(kind="atom")
    desk.see(feed(OPINION), headers=FEED)
    desk.declare(kind="atom", urls=(MORE,))
    desk.see(published_on("2026-03-03", feed(GUIDANCE)), 48, url=MORE, headers=FEED)
    assert desk.told == []


def test_a_source_whose_stored_bytes_are_damaged_is_named_and_the_others_go_on(desk):
    other = a_source(id="other", urls=(MORE,))
    with transaction(desk.db):
        sources.declare_sources(desk.db, [desk.source, other], NOON)
    desk.arrive(page(RULES))
    record(desk.db, a_fetch(body=page(RULES).encode(), url=MORE, source_id="other"))
    desk.db.execute("UPDATE snapshot SET body = x'00' WHERE id = 1")
    watched, tagger = {"rules": desk.source, "other": other}, Tagger.load(desk.db, build_index(()))
    with gather({}) as failures:
        process(desk.db, watched, tagger, desk.reader, NOON + DAY)
    assert [line.split(":")[0] for line in failures] == ["rules"]
    assert versions.find_current(desk.db, "other") is not None
