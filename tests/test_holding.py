"""How long a text is held, and that it is told in the end: whatever it does meanwhile, whenever we are stopped."""

from __future__ import annotations

from datetime import timedelta

from monitor.store import changes
from scenarios.test_situations import GUIDANCE, OLDER, OPINION, RULES, feed, page
from store.conftest import HOUR

ONE, TWO = page(RULES), page(OLDER)
GIFTS = page([*RULES, "Gifts are for adults."])
FEED = {"content-type": "application/atom+xml"}
DAY = 24


def test_a_text_that_was_seen_again_is_told_although_we_were_stopped_before_we_said_so(desk):
    desk.see(ONE)
    desk.see(TWO, 1)
    desk.arrive(TWO, 2.5)  # and the process dies before it confirms
    desk.see(ONE, 4)
    desk.see(ONE, 6)
    assert desk.told == [OLDER[1], RULES[1]]


def test_answers_that_waited_together_are_told_as_if_each_had_been_read_when_it_came(desk):
    desk.see(ONE)
    for text, hour in ((TWO, 1), (TWO, 20), (ONE, 40), (ONE, 42), (GIFTS, 60)):
        desk.arrive(text, hour)
    done = desk.read(60)
    assert desk.told == [OLDER[1], RULES[1]]
    assert done.held == (19 * HOUR, 2 * HOUR)


def test_a_text_that_waited_and_was_gone_before_its_hold_had_ended_is_not_told(desk):
    desk.see(ONE)
    for text, hour in ((TWO, 1), (TWO, 1.5), (ONE, 40)):
        desk.arrive(text, hour)
    desk.read(40)
    assert desk.kinds == ["substantive superseded", "reverted confirmed"]


def test_what_stood_is_told_also_where_another_text_took_its_place_while_we_were_stopped(desk):
    desk.see(ONE)
    desk.see(TWO, 1)
    desk.arrive(TWO, 2.5)
    desk.see(GIFTS, 4)
    assert desk.told == [OLDER[1]]
    assert desk.kinds[-1] == "substantive provisional"


def test_what_stood_is_told_also_where_its_place_was_left_out_while_we_were_stopped(desk):
    fees = [ONE.replace("<main>", f"<main><p class='fees'>Hosts must pay {fee} euros.</p>") for fee in (5, 9)]
    desk.see(fees[0])
    desk.see(fees[1], 1)
    desk.arrive(fees[1], 2.5)
    desk.declare(remove=(".fees",))
    desk.read(4)
    assert desk.told == ["Hosts must pay 9 euros."]


def test_a_text_that_is_new_at_each_look_is_told_after_a_day_although_each_answer_may_be_cut_short(desk):
    desk.see(ONE)
    for hour in (6, 18, 29):
        desk.see(page([*RULES, f"Hosts must pay fee number {hour}."]), hour, partial=True)
    assert desk.told == []
    desk.see(page([*RULES, "Hosts must pay fee number 30."]), 30, partial=True)
    assert desk.told == ["Hosts must pay fee number 30."]


def fees(hour):
    """A known entry, and a new one that says something else at each hour."""
    return feed(OPINION, ("fees", "New fees", f"Hosts must pay fee number {hour}."))


def test_a_new_entry_that_is_another_at_each_look_is_told_as_new_after_a_day(desk):
    desk.declare(kind="atom", hold=HOUR)
    desk.see(feed(OPINION), headers=FEED)
    for hour in (6, 18, 29):
        desk.see(fees(hour), hour, headers=FEED)
    assert desk.told == []
    desk.see(fees(30), 30, headers=FEED)
    (told,) = changes.iter_changes(desk.db)
    assert told.judgement.reason == "new entry published"


def test_a_new_entry_is_told_after_a_day_although_each_answer_may_be_cut_short(desk):
    desk.declare(kind="atom")
    desk.see(feed(OPINION), headers=FEED)
    for hour in (6, 18, 30):
        desk.see(fees(hour), hour, headers=FEED, partial=True)
    assert desk.told == ["Hosts must pay fee number 30."]


def test_a_held_entry_whose_links_change_at_each_look_is_held_no_longer_for_that(desk):
    desk.declare(kind="atom", hold=6 * HOUR)
    desk.see(feed(OPINION), headers=FEED)
    for hour in (1, 5, 7):
        linked = f"{GUIDANCE[2]} &lt;a href='/help/{hour}'&gt;Help&lt;/a&gt;"
        desk.see(feed(OPINION, (*GUIDANCE[:2], linked)), hour, headers=FEED)
    (told,) = changes.iter_changes(desk.db)
    assert told.confirmed_at - told.detected_at == timedelta(hours=6)


def test_an_entry_that_is_held_as_news_stays_news_when_the_feed_moves(desk):
    moved = "https://example.org/moved"
    desk.declare(kind="atom", hold=HOUR)
    desk.see(feed(OPINION), headers=FEED)
    desk.see(feed(OPINION, GUIDANCE), 1, headers=FEED)
    desk.declare(kind="atom", hold=HOUR, urls=(moved,))
    edited = (*GUIDANCE[:2], GUIDANCE[2].replace("16", "18"))
    for hour in (2, 4):
        desk.see(feed(OPINION, edited), hour, url=moved, headers=FEED)
    assert desk.told == [edited[2]]
