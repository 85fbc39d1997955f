"""History judged again, on paper: as it was told, where nothing is read or judged in another way."""

from __future__ import annotations

from monitor.whatif import iter_rejudged
from scenarios.test_situations import GUIDANCE, OLDER, OPINION, RULES, feed, page

FEED = {"content-type": "application/atom+xml"}
ELSEWHERE = "https://other.example.net/legal/rules"
FRESH = [
    f"Sellers who were asked for the refund number {number} pay it within {number + 20} days." for number in range(9)
]


def rejudged(desk):
    return list(iter_rejudged(desk.db, {"rules": desk.source}, desk.reader))


def with_fee(rules, euros):
    return page(rules).replace("<main>", f"<main><div class='fee'><p>Hosts must pay {euros} euros a stream.</p></div>")


def told(desk, before, after, **facts):
    desk.see(before)
    desk.see(after, 24, **facts)
    desk.see(after, 26, **facts)


def test_what_is_read_and_judged_as_ever_differs_in_nothing(desk):
    told(desk, page(RULES), page(OLDER))
    (each,) = rejudged(desk)
    assert (each.was, each.differs) == (each.would_be, False)


def test_a_change_that_would_tell_other_passages_is_judged_otherwise(desk):
    told(desk, with_fee(RULES, 5), with_fee(OLDER, 9))
    desk.declare(remove=(".fee",))
    (each,) = rejudged(desk)
    assert (each.was.kind, each.was.severity) == (each.would_be.kind, each.would_be.severity)
    assert each.differs
    assert [passage.after for passage in each.would_be.passages] == [OLDER[1]]


def test_an_address_of_today_is_not_held_against_the_answers_of_another(desk):
    told(desk, page(RULES), page(FRESH))
    desk.declare(urls=(ELSEWHERE,))
    desk.see(page(FRESH[:-1]), 48, url=ELSEWHERE, final_url=ELSEWHERE)
    desk.see(page(FRESH[:-1]), 50, url=ELSEWHERE, final_url=ELSEWHERE)
    assert [each.differs for each in rejudged(desk) if each.change.to_version_id == 2] == [False]


def test_a_new_entry_of_a_feed_is_judged_again_as_one(desk):
    desk.declare(kind="atom")
    desk.see(feed(OPINION), headers=FEED)
    desk.see(feed(GUIDANCE, OPINION), 24, headers=FEED)
    (each,) = rejudged(desk)
    assert (each.was, each.differs) == (each.would_be, False)
