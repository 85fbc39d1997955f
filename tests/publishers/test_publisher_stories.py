"""What people are told of an interface day by day: news, moved deadlines, corrections, withdrawals, and no noise."""

from __future__ import annotations

import json
from datetime import date

import pytest

from monitor.envelope import MEDIA_TYPE, Answer, pack
from monitor.store import changes
from monitor.store.agenda import get_deadlines
from publishers.holdings import PART, document, version
from publishers.register import CORRECTION, EXTENSION, PROPOSED, WITHDRAWAL, page

DAY = 24


@pytest.fixture
def follow(desk):
    """The Changes that are told after each answer of an interface, one a day; what was told before is left out."""

    def days(kind, *answers):
        desk.declare(kind=kind, jurisdiction="US", hold=None)
        seen, told = 0, []
        for at, answer in enumerate(answers):
            each = answer if isinstance(answer, list) else [answer]
            body = pack([_answer(content) for content in each])
            desk.see(body.decode(), at * DAY, headers={"content-type": MEDIA_TYPE})
            assert desk.failures == []
            found = sorted(changes.iter_changes(desk.db), key=lambda change: change.id)
            told.append([change for change in found if change.id > seen])
            seen = max((change.id for change in found), default=seen)
        return told

    return days


def _answer(content):
    url = "https://www.ecfr.gov/api/versioner/v1/versions/title-16.json?part=999"
    return Answer(url, 200, "", content.encode() if isinstance(content, str) else json.dumps(content).encode())


def deadlines(change):
    return [(str(each.kind), each.date, each.moved_from) for each in change.judgement.dates]


@pytest.fixture
def standing(follow, desk):
    """The days of 2026 that people must still act by after these answers, and by which Document."""

    def days(kind, *answers):
        follow(kind, *answers)
        found = get_deadlines(desk.db, date(2026, 1, 1), date(2026, 12, 31))
        return [(str(each.kind), each.date, each.source_name) for each in found]

    return days


def listed(*documents):
    return {"data": list(documents), "meta": {"totalElements": len(documents)}}


def part_of_cfr(days, *versions):
    return [{"titles": []}, {"content_versions": list(versions)}, PART % days]


def test_what_is_there_at_the_first_look_is_no_news_and_what_comes_later_is_with_its_deadline(follow):
    first, second, third = follow("federal-register", page(), page(PROPOSED), page(PROPOSED))
    assert (first, third) == ([], [])
    (news,) = second
    assert (news.judgement.kind, news.judgement.reason) == ("substantive", "new entry published")
    assert (news.judgement.summary, news.url) == (PROPOSED["title"], PROPOSED["html_url"])
    assert deadlines(news) == [("comments_close", "2026-05-01", None)]
    assert news.judgement.dates[0].sentence == "Comments close on 1 May 2026 (Federal Register, comments_close_on)"
    assert "us:cfr:16/999" in [citation.id for citation in news.judgement.citations]


def test_an_extension_is_news_and_moves_the_deadline_of_its_proposal(follow):
    _, told = follow("federal-register", page(PROPOSED), page(EXTENSION, PROPOSED))
    by_title = {change.title: change for change in told}
    assert ("comments_close", "2026-06-01", "2026-05-01") in deadlines(by_title[EXTENSION["title"]])
    assert deadlines(by_title[PROPOSED["title"]]) == [("comments_close", "2026-06-01", "2026-05-01")]
    assert {change.judgement.kind for change in told} == {"substantive"}


def test_a_correction_is_news_and_moves_no_deadline(follow):
    _, told = follow("federal-register", page(PROPOSED), page(CORRECTION, PROPOSED))
    assert [change.title for change in told] == [CORRECTION["title"]]
    assert deadlines(told[0]) == []


def test_a_withdrawal_is_told_as_one(follow):
    _, (told,) = follow("federal-register", page(PROPOSED), page(WITHDRAWAL, PROPOSED))
    assert told.judgement.reason == "withdrawn; new entry published"
    assert told.judgement.summary == f"Withdrawn: {WITHDRAWAL['title']}"
    assert (told.judgement.kind, told.judgement.severity) == ("substantive", "medium")


def test_a_document_that_fell_out_of_the_window_is_not_gone(follow, desk):
    assert follow("federal-register", page(PROPOSED), page(), page(PROPOSED)) == [[], [], []]
    assert desk.problems == {}


def test_an_interface_that_gives_less_than_it_has_is_a_problem_until_it_gives_all(follow, desk):
    follow("federal-register", page(PROPOSED), page(PROPOSED, count=900))
    assert list(desk.problems) == ["incomplete"]
    desk.see(pack([_answer(page(PROPOSED))]).decode(), 3 * DAY, headers={"content-type": MEDIA_TYPE})
    assert desk.problems == {}


def test_a_moved_deadline_is_told_with_the_day_it_moved_from(follow):
    later = document("OIR-1", commentEndDate="2026-06-02T03:59:59Z", lastModifiedDate="2026-04-20T12:00:00Z")
    _, (told,) = follow("regulations-gov", listed(document("OIR-1")), listed(later))
    assert deadlines(told) == [("comments_close", "2026-06-01", "2026-05-01")]
    assert told.judgement.kind == "substantive"


def test_a_document_that_is_withdrawn_is_a_change_of_its_own_and_has_no_deadline_left(follow):
    gone = document("OIR-1", withdrawn=True, reasonWithdrawn="Published in error")
    _, (told,), after = follow("regulations-gov", listed(document("OIR-1")), listed(gone), listed(gone))
    assert told.judgement.summary == "Withdrawn: Trial Accounts of Minors"
    assert told.judgement.reason.startswith("withdrawn; ")
    assert (told.judgement.kind, deadlines(told), after) == ("substantive", [], [])


def test_a_document_that_is_withdrawn_or_loses_its_date_has_no_deadline_any_more_until_it_has_one_again(standing):
    has = listed(document("OIR-1"))
    gone = listed(document("OIR-1", withdrawn=True, reasonWithdrawn="Published in error"))
    deadline = ("comments_close", "2026-05-01", "Trial Accounts of Minors")
    assert standing("regulations-gov", listed(), has) == [deadline]
    assert standing("regulations-gov", has, gone) == []
    assert standing("regulations-gov", gone, has) == [deadline]
    assert standing("regulations-gov", has, listed(document("OIR-1", commentEndDate=None))) == []


def test_a_deadline_that_only_the_words_state_goes_with_a_withdrawal(standing):
    words = {"commentEndDate": None, "docAbstract": "Platforms must comply with these rules by July 1, 2026."}
    before, gone = document("OIR-1", **words), document("OIR-1", **words, withdrawn=True)
    reworded = document("OIR-1", **words, title="Trial Accounts of Children")
    assert [day for _, day, _ in standing("regulations-gov", listed(), listed(before), listed(reworded))] == [
        "2026-07-01"
    ]
    assert standing("regulations-gov", listed(reworded), listed(gone)) == []


def test_after_a_second_extension_no_document_of_the_docket_states_another_day(standing):
    again = EXTENSION | {"document_number": "2026-07002", "publication_date": "2026-05-20", "title": "Once More"}
    again |= {"comments_close_on": "2026-07-15", "dates": "Comments are due on July 15, 2026."}
    found = standing(
        "federal-register", page(), page(PROPOSED), page(EXTENSION, PROPOSED), page(again, EXTENSION, PROPOSED)
    )
    assert sorted(found) == sorted(
        ("comments_close", "2026-07-15", each["title"]) for each in (again, EXTENSION, PROPOSED)
    )


def test_a_withdrawal_ends_the_deadlines_of_its_proposal_and_sets_none_by_its_words(standing):
    early = WITHDRAWAL | {"publication_date": "2026-04-10", "dates": "The proposal is withdrawn as of July 6, 2026."}
    assert standing("federal-register", page(), page(PROPOSED), page(early, PROPOSED)) == []


def test_what_ticks_in_an_answer_by_itself_is_no_change(follow):
    ticked = document("OIR-1", openForComment=False, withinCommentPeriod=False, lastModifiedDate="2026-05-02T04:00:00Z")
    meta = {"totalElements": 1, "aggregations": {"postedDate": [{"label": "Last 90 Days", "docCount": 4}]}}
    assert follow("regulations-gov", listed(document("OIR-1")), {"data": [ticked], "meta": meta}) == [[], []]


def test_an_amended_section_is_told_with_its_text_and_the_day_it_took_effect(follow):
    before = version("999.2", "2026-01-01")
    _, (told,) = follow(
        "ecfr", part_of_cfr(14, before), part_of_cfr(30, before, version("999.2", "2026-06-15", name="Trial accounts"))
    )
    assert told.title == "16 CFR § 999.2 Trial accounts."
    assert deadlines(told) == [("effective", "2026-06-15", "2026-01-01")]
    assert "30 days" in told.judgement.passages[0].after


def test_an_editorial_version_of_a_section_sets_no_date(follow):
    before = version("999.2", "2026-01-01")
    editorial = version("999.2", "2026-06-15", substantive=False)
    _, told = follow("ecfr", part_of_cfr(14, before), part_of_cfr(14, before, editorial))
    assert told == []


def test_a_removed_section_is_told_as_withdrawn(follow):
    before = version("999.2", "2026-01-01")
    gone = [{"titles": []}, {"content_versions": [before, version("999.2", "2026-07-01", removed=True)]}]
    _, (told,) = follow("ecfr", part_of_cfr(14, before), gone)
    assert told.judgement.reason.startswith("withdrawn; ")
    assert "Removed on 1 July 2026 (eCFR)" in [passage.after for passage in told.judgement.passages]


def test_after_an_empty_first_look_only_what_is_published_since_then_is_news(follow):
    old = PROPOSED | {"document_number": "2025-00001", "publication_date": "2025-06-02", "comments_close_on": None}
    assert follow("federal-register", page(), page(old)) == [[], []]


def test_more_of_a_text_at_an_interface_is_a_change_with_its_deadline(follow):
    cut = "The office proposes that platforms ask for the age of each host of a livestream and of others"
    facts = {"docketId": None, "agencyId": None, "frDocNum": None}
    short = document("OIR-1", docAbstract=f"{cut}…", commentEndDate=None, **facts)
    whole = document("OIR-1", docAbstract=f"{cut} too.", **facts)
    _, (change,) = follow("regulations-gov", listed(short), listed(whole))
    assert [kind for kind, *_ in deadlines(change)] == ["comments_close"]
