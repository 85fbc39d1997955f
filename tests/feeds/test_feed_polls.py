"""What comes of a feed that is asked again and again: situations and their outcomes, on the real store and reader."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from feeds.written import SITE, item, items, rss
from monitor.answers import Answers
from monitor.store import changes, problems, sources, versions
from store.conftest import URL

HEADERS = {"content-type": "application/rss+xml"}
NEW = "substantive confirmed"
CUT = "boilerplate confirmed"
TEN = range(10, 0, -1)


def new_ids(entries, mark):
    return [each.but(guid=f"{mark}-{each.guid}") for each in entries]


def moved(entries, site="https://new.example/archive"):
    return [each.but(link=each.link.replace(f"{SITE}/news", site)) for each in entries]


EDITED = item(2).text.replace("within 22 hours", "within 12 hours")
BEGINNING = item(3).text.partition("</p>")[0] + " Providers must \u2026</p>"
ENDED = item(11, guid="end", link=f"{SITE}/feeds", title="This RSS feed has ended", text="Follow our new feed.")
ISSUE = [item(number, day=5, guid=f"of-5-{number}") for number in range(1, 13)]
NEXT_ISSUE = [item(number + 20, day=6, guid=f"of-6-{number}", link=f"{SITE}/of/6/{number}") for number in range(1, 10)]
PINNED = item(1, guid="pinned", link=f"{SITE}/welcome", title="How to use this feed")


@dataclass(frozen=True)
class Situation:
    """What the feed says, poll by poll, twelve hours apart."""

    name: str
    polls: list
    kinds: tuple = ()
    """Of every Change after the first look."""
    problem: str | None = None
    """What is open at the end."""
    documents: int = 3


SITUATIONS = [
    Situation("nothing-changes", [items(3, 2, 1)] * 3),
    Situation("a-new-entry", [items(3, 2, 1), items(4, 3, 2)], (NEW,), documents=4),
    Situation("an-entry-is-edited", [items(3, 2, 1), [item(3), item(2, text=EDITED), item(1)]], (NEW,)),
    Situation("an-entry-falls-out-and-comes-back", [items(3, 2, 1), items(3, 2), items(3, 2, 1)]),
    Situation("another-order", [items(3, 2, 1), items(1, 3, 2)]),
    Situation("empty-for-a-while", [items(3, 2, 1), [], items(3, 2, 1)]),
    Situation("dates-are-renewed", [items(3, 2, 1), items(3, 2, 1, day=20)]),
    Situation("dates-are-dropped", [items(3, 2, 1), items(3, 2, 1, day=0)]),
    # other ids
    Situation("all-ids-are-new", [items(3, 2, 1), new_ids(items(3, 2, 1), "x")]),
    Situation("ids-and-dates-are-new", [items(3, 2, 1), new_ids(items(3, 2, 1, day=20), "x")]),
    Situation("ids-at-every-poll", [items(3, 2, 1), *(new_ids(items(3, 2, 1), n) for n in range(3))]),
    Situation(
        "an-edit-under-a-new-id",
        [items(3, 2, 1), [item(3), item(2, guid="x", text=EDITED, title="Decision 2, corrected"), item(1)]],
        (NEW,),
    ),
    Situation("addresses-and-ids-are-new", [items(3, 2, 1), moved(new_ids(items(3, 2, 1), "x"))]),
    Situation(
        "an-edit-after-addresses-and-ids-were-new",
        [
            items(3, 2, 1),
            moved(new_ids(items(3, 2, 1), "x")),
            moved(new_ids([item(3), item(2, text=EDITED, title="Decision 2, corrected"), item(1)], "x")),
        ],
        (NEW,),
    ),
    Situation(
        "ids-are-addresses-and-become-https",
        [
            [each.but(guid=each.link.replace("https", "http"), link="") for each in items(3, 2, 1)],
            [each.but(guid=f"{each.link}/", link="") for each in items(3, 2, 1)],
        ],
    ),
    Situation("a-new-entry-among-new-ids", [items(3, 2, 1), new_ids(items(4, 3, 2), "x")], (NEW,), documents=4),
    Situation(
        "the-old-id-is-there-too", [items(3, 2, 1), [item(4, link=item(3).link), *items(3, 2, 1)]], (NEW,), documents=4
    ),
    Situation(
        "one-address-for-all-and-another-title",
        [items(1, link=f"{SITE}/news"), items(2, link=f"{SITE}/news")],
        (NEW,),
        documents=2,
    ),
    Situation(
        "one-address-for-all-and-new-ids",
        [items(3, 2, 1, link=f"{SITE}/news", text=""), new_ids(items(3, 2, 1, link=f"{SITE}/news", text=""), "x")],
    ),
    Situation(
        "short-texts-come-again",
        [[item(1, title="Minutes", text="Published.")], [item(2, title="Minutes", text="Published.")]],
        (NEW,),
        documents=2,
    ),
    # other lengths of the same texts
    Situation(
        "full-texts-become-excerpts-and-full-again",
        [items(3, 2, 1), [item(3, text=BEGINNING), *items(2, 1)], items(3, 2, 1)],
        (CUT, CUT),
    ),
    Situation(
        "an-excerpt-of-another-text",
        [items(3, 2, 1), [item(3, text=BEGINNING.replace("Decision 3", "Ruling 3")), *items(2, 1)]],
        (NEW,),
    ),
    # gaps
    Situation("a-window-rolls-on", [items(*TEN), items(*range(12, 2, -1))], (NEW, NEW), documents=12),
    Situation("a-window-rolls-too-far", [items(*TEN), items(*range(20, 10, -1))], (NEW,) * 10, "gap", 20),
    Situation(
        "a-gap-stands-when-the-next-poll-is-read",
        [items(*TEN), items(*range(20, 10, -1)), items(*range(21, 11, -1))],
        (NEW,) * 11,
        "gap",
        21,
    ),
    Situation(
        "a-gap-stands-when-the-same-is-said-again",
        [items(*TEN), items(*range(20, 10, -1)), items(*range(20, 10, -1))],
        (NEW,) * 10,
        "gap",
        20,
    ),
    Situation(
        "one-gap-after-the-other",
        [items(*TEN), items(*range(20, 10, -1)), items(*range(30, 20, -1))],
        (NEW,) * 20,
        "gap",
        30,
    ),
    Situation(
        "a-pinned-entry-hides-no-gap",
        [[PINNED, *items(*range(10, 1, -1))], [PINNED, *items(*range(20, 11, -1))]],
        (NEW,) * 9,
        "gap",
        19,
    ),
    Situation("a-gap-without-dates", [items(*TEN, day=0), items(*range(20, 10, -1), day=0)], (NEW,) * 10, "gap", 20),
    Situation("the-newest-are-taken-back", [items(*TEN), items(*range(8, 0, -1), 11, 12)], (NEW, NEW), documents=12),
    Situation("too-few-to-be-a-window", [items(4, 3, 2, 1), items(8, 7, 6, 5)], (NEW,) * 4, documents=8),
    Situation("another-filter", [items(*range(20, 10, -2)), items(*range(19, 10, -2))], (NEW,) * 5, documents=10),
    Situation("empty-and-all-new", [items(*TEN), [], items(*range(20, 10, -1))], (NEW,) * 10, documents=20),
    Situation("the-issue-of-each-day", [ISSUE, NEXT_ISSUE], (NEW,) * 9, documents=21),
    Situation("all-ids-of-a-window-are-new", [items(*TEN), new_ids(items(*TEN), "x")], documents=10),
    # the end
    Situation("only-a-notice-is-left", [items(3, 2, 1), [ENDED]], (NEW,), "retired", 4),
    Situation("a-notice-is-the-newest", [items(3, 2, 1), [ENDED, *items(4, 3, 2)]], (NEW, NEW), "retired", 5),
    Situation("a-notice-is-told-once", [items(3, 2, 1), *([[ENDED, *items(3, 2)]] * 3)], (NEW,), "retired", 4),
    Situation("a-notice-of-old", [items(3, 2, 1), [item(12), ENDED, *items(3, 2)]], (NEW, NEW), documents=5),
    Situation(
        "a-notice-is-taken-back", [items(3, 2, 1), [ENDED, *items(3, 2)], items(4, 3, 2)], (NEW, NEW), documents=5
    ),
    Situation(
        "a-policy-of-channels-is-replaced",
        [
            items(3, 2, 1),
            *([[item(4, title="Our channel monetization policy has been replaced"), *items(3, 2)]] * 3),
        ],
        (NEW,),
        documents=4,
    ),
    Situation(
        "news-about-a-feed",
        [items(3, 2, 1), [item(4, title="Chronological feed has been discontinued on Example"), *items(3, 2)]],
        (NEW,),
        documents=4,
    ),
    Situation("a-title-says-it", [items(3, 2, 1), rss(*items(3), title="This feed has moved")], problem="retired"),
    Situation("the-feed-is-gone", [items(3, 2, 1), None], problem="http-error"),
]


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda each: each.name)
def test_a_feed_that_is_asked_again(desk, situation):
    desk.declare(kind="rss")
    for number, said in enumerate(situation.polls):
        desk.see(rss(*said) if isinstance(said, list) else said, 12 * number, headers=HEADERS)
    assert tuple(desk.kinds) == situation.kinds
    assert list(desk.problems) == ([situation.problem] if situation.problem else [])
    assert desk.db.table("document").count == situation.documents


def test_what_is_said_of_a_gap_names_the_last_look_and_what_to_do(desk):
    desk.declare(kind="rss")
    desk.see(rss(*items(*TEN)), headers=HEADERS)
    desk.see(rss(*items(*range(20, 10, -1))), 12, headers=HEADERS)
    assert "of 2026-03-01 12:00 UTC is left in the feed" in desk.problems["gap"]


def test_a_gap_is_as_old_as_the_first_of_several(desk):
    desk.declare(kind="rss")
    for number in range(3):
        desk.see(rss(*items(*range(10 * number + 10, 10 * number, -1))), 12 * number, headers=HEADERS)
    (gap,) = problems.get_open(desk.db)
    assert (gap.opened_at.hour, gap.last_seen_at.day) == (0, 2)


@pytest.mark.parametrize(
    ("target", "problem"),
    [
        (f"{SITE}/newsroom", "retired"),
        (f"{SITE}/sign-in?next=/feed", "not-a-feed"),
        (f"{URL}/", "not-a-feed"),
        (URL.replace("https://", "http://www."), "not-a-feed"),
    ],
)
def test_a_feed_whose_address_leads_to_a_page(desk, target, problem):
    desk.declare(kind="rss")
    desk.see(rss(*items(3, 2, 1)), headers=HEADERS)
    desk.see("<html><title>News</title><p>All our news.</p></html>", 12, final_url=target)
    assert list(desk.problems) == [problem]
    assert desk.told == []


def test_a_feed_whose_address_leads_to_another_feed_is_read(desk):
    desk.declare(kind="rss")
    desk.see(rss(*items(3, 2, 1)), headers=HEADERS)
    desk.see(rss(*new_ids(items(4, 3, 2), "x")), 12, headers=HEADERS, final_url=f"{SITE}/rss.xml")
    assert desk.kinds == [NEW]
    assert desk.problems == {}


def test_people_are_sent_to_the_new_address_of_an_entry_whose_text_did_not_change(desk):
    desk.declare(kind="rss")
    desk.see(rss(*items(1)), headers=HEADERS)
    desk.see(rss(item(1, link=f"{SITE}/archive/1")), 12, headers=HEADERS)
    desk.see(rss(item(1, link="")), 24, headers=HEADERS)
    (document_id,) = (row["id"] for row in desk.db.query("SELECT id FROM document"))
    assert versions.get_document(desk.db, document_id).url == f"{SITE}/archive/1"


def test_a_date_of_days_counted_from_publication_is_not_counted_from_a_day_to_come(desk):
    desk.declare(kind="rss")
    desk.see(rss(*items(1)), headers=HEADERS)
    text = "<p>These rules take effect 30 days after publication.</p>"
    far = item(2, text=text).xml.replace("02 Mar 2026", "02 Mar 2999")
    near = item(3, text=text).xml.replace("03 Mar 2026", "01 Feb 2026")
    desk.see(rss(far, near, item(1)), 24, headers=HEADERS)
    found = {change.judgement.summary: change.judgement.dates for change in changes.iter_changes(desk.db)}
    assert [each.date for each in found["Decision 2 on appeals"]] == ["2026-04-01"]
    assert [each.date for each in found["Decision 3 on ad labels"]] == ["2026-03-03"]


def test_a_page_that_becomes_a_feed_has_no_gap(desk):
    desk.see("<main><h1>Rules</h1><p>Be kind to every host and to every viewer of a livestream.</p></main>")
    desk.declare(kind="rss")
    desk.see(rss(*items(*TEN)), 12, headers=HEADERS)
    assert desk.problems == {}


def test_an_entry_under_a_new_id_is_still_found_in_the_bytes(desk):
    desk.declare(kind="rss")
    desk.see(rss(*items(3, 2, 1)), headers=HEADERS)
    ids = {row["id"] for row in desk.db.query("SELECT id FROM document")}
    desk.see(rss(*new_ids(items(3, 2, 1), "x")), 12, headers=HEADERS)
    snapshot_id = sources.get_resource(desk.db, "rules", URL).snapshot_id
    answers = Answers(desk.db, desk.source, desk.reader)
    for document_id in ids:
        now, known = answers.read_document(document_id, [snapshot_id]), versions.find_current(desk.db, document_id)
        assert now.blocks == known.blocks
