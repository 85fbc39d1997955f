"""What each interface says, beyond the Federal Register: identities, days, texts, and what is left out."""

from __future__ import annotations

from datetime import date
from typing import get_args

import pytest
from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader

from monitor.errors import ExtractionError
from monitor.model import PUBLISHER_KINDS
from monitor.publishers import READERS, reading
from monitor.sources.keys import Kind
from publishers.conftest import dates, texts
from publishers.holdings import (
    ACTIONS,
    BILL,
    PACKAGES,
    PART,
    STATE_BILL,
    SUMMARIES,
    TEXTS,
    document,
    found,
    version,
)
from spiders.congress import CongressSpider
from spiders.ecfr import EcfrSpider
from spiders.govinfo import GovInfoSpider
from spiders.legiscan import LegiScanSpider
from spiders.regulations_gov import RegulationsGovSpider

CFR = "https://www.ecfr.gov/api/versioner/v1/versions/title-16.json?part=999"


def test_each_kind_of_publisher_has_a_reader_a_spider_and_a_word_in_sources_yaml():
    loader = SpiderLoader(Settings({"SPIDER_MODULES": ["spiders"]}))
    collected = {kind for name in loader.list() for kind in loader.load(name).kinds}
    assert set(READERS) == PUBLISHER_KINDS
    assert collected >= PUBLISHER_KINDS
    assert set(get_args(Kind)) >= PUBLISHER_KINDS


# regulations.gov


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2026-05-02T03:59:59Z", "2026-05-01"),
        ("2023-01-17T04:59:59Z", "2023-01-16"),
        ("2026-05-02T04:00:00Z", "2026-05-02"),
    ],
    ids=["summer time", "winter time", "a second later"],
)
def test_the_end_of_comments_is_a_day_in_washington(read, instant, day):
    entry = read("regulations-gov", {"data": [document("OIR-1", commentEndDate=instant)]})["OIR-1"]
    assert dates(entry) == [("comments_close", day, None)]


def test_one_document_may_have_an_effective_date_and_an_abstract(read):
    detail = document(
        "OIR-1", effectiveDate="2026-09-01T04:00:00Z", docAbstract="<p>In short.</p>", cfrPart="16 CFR Part 999"
    )
    entry = read("regulations-gov", {"data": detail})["OIR-1"]
    assert dates(entry)[1] == ("effective", "2026-09-01", None)
    assert texts(entry)[:2] == ["Proposed Rule", "In short."]
    assert texts(entry)[-1] == "Agency OIR; Docket OIR-2026-0007; Federal Register document 2026-04001; 16 CFR Part 999"
    assert entry.url == "https://www.regulations.gov/document/OIR-1"


def test_a_docket_is_read_and_a_rin_that_is_not_assigned_is_none(read):
    docket = {
        "id": "OIR-2026-0007",
        "type": "dockets",
        "attributes": {"title": "Ages", "rin": "Not Assigned", "agencyId": "OIR"},
    }
    entry = read("regulations-gov", {"data": docket})["OIR-2026-0007"]
    assert entry.url == "https://www.regulations.gov/docket/OIR-2026-0007"
    assert texts(entry) == ["Agency OIR"]
    assert entry.published_at is None


def test_a_document_that_joins_no_federal_register_document_is_read(read):
    assert "null" not in " ".join(texts(read("regulations-gov", {"data": [document("A", frDocNum=None)]})["A"]))


# eCFR


def ecfr(read, versions, text=None):
    content = {"content_versions": versions}
    return read("ecfr", {"titles": []}, content, *([text.encode()] if text else []), url=CFR)


def test_each_section_and_appendix_is_a_document(read):
    entries = ecfr(read, [version("999.1", "2025-01-01")], PART % 14)
    assert list(entries) == ["16 CFR 999.1", "16 CFR 999.2", "16 CFR Appendix A to Part 999"]
    scope, trial, appendix = entries.values()
    assert (scope.title, scope.url) == ("16 CFR § 999.1 Scope.", "https://www.ecfr.gov/current/title-16/section-999.1")
    assert texts(scope) == [
        "This part is about accounts of minors.",
        "Effective on 1 January 2025 (eCFR, last substantive amendment)",
    ]
    assert texts(trial) == [
        "(a) A minor may have one trial account for 14 days.",
        "Days are counted in Washington.",
        "Table of fees",
        "Age | Fee",
        "13 | None",
    ]
    assert trial.dates == ()
    assert texts(appendix) == ["Form 1."]


def test_the_last_substantive_version_sets_the_date(read):
    versions = [
        version("999.1", "2026-03-01", substantive=False),
        version("999.1", "2026-02-01"),
        version("999.1", "2025-01-01"),
    ]
    assert dates(ecfr(read, versions, PART % 14)["16 CFR 999.1"]) == [("effective", "2026-02-01", None)]


def test_a_section_that_came_back_after_it_was_removed_stands(read):
    versions = [version("999.1", "2025-01-01", removed=True), version("999.1", "2026-01-01")]
    assert ecfr(read, versions, PART % 14)["16 CFR 999.1"].withdrawal == ""


def test_a_section_that_was_removed_says_so_after_those_that_stand(read):
    versions = [version("999.1", "2025-01-01"), version("999.9", "2026-01-01", removed=True)]
    *_, (identity, gone) = ecfr(read, versions, PART % 14).items()
    assert (identity, gone.withdrawal) == ("16 CFR 999.9", "Removed on 1 January 2026 (eCFR)")
    assert texts(gone) == [gone.withdrawal]


@pytest.mark.parametrize(
    ("versions", "text"),
    [
        ([version("999.1", "2025-01-01")], "<html><body>Request Access</body></html>"),
        ([version("999.1", "2025-01-01")], None),
        (None, None),
    ],
    ids=["a page in place of the text", "no text", "no versions"],
)
def test_a_part_without_its_text_is_a_problem(read, versions, text):
    with pytest.raises(ExtractionError) as raised:
        ecfr(read, versions, text) if versions else read("ecfr", {"error": "none"}, url=CFR)
    assert raised.value.problem == "unreadable"


def test_a_part_that_never_was_has_nothing(read):
    assert ecfr(read, []) == {}


def test_the_text_is_asked_for_as_of_the_last_day_that_the_title_is_up_to_date(converse):
    def answer(url):
        if url.endswith("titles.json"):
            return {
                "titles": [
                    {"number": 15, "up_to_date_as_of": "2026-01-01"},
                    {"number": 16, "up_to_date_as_of": "2026-02-27"},
                ]
            }
        return {"content_versions": [version("999.1", "2025-01-01")]} if "versions" in url else b"<DIV5/>"

    assert converse(EcfrSpider, CFR, answer) == [
        "https://www.ecfr.gov/api/versioner/v1/titles.json",
        CFR,
        "https://www.ecfr.gov/api/versioner/v1/full/2026-02-27/title-16.xml?part=999",
    ]


def test_an_ecfr_address_that_names_no_versions_is_asked_alone(converse):
    assert converse(EcfrSpider, "https://www.ecfr.gov/recent-changes", lambda _: b"") == [
        "https://www.ecfr.gov/recent-changes"
    ]


# Congress.gov


def test_a_bill_has_its_summary_its_versions_and_its_actions(read):
    bill = BILL | {"laws": [{"number": "119-9", "type": "Public Law"}]}
    lists = {"summaries": SUMMARIES, "textVersions": TEXTS, "actions": ACTIONS}
    below = [{key: rows, "pagination": {"count": len(rows)}} for key, rows in lists.items()]
    entry = read("congress", {"bill": bill}, *below)["119/s/9999"]
    assert entry.title == "S 9999: Invented Accounts Act"
    assert entry.url == "https://www.congress.gov/bill/119th-congress/senate-bill/9999"
    assert texts(entry) == [
        "Became law: Public Law 119-9",
        "Sponsor: Sen. Nobody, Ann [I-ZZ]",
        "Science, Technology, Communications",
        "Invented Accounts Act This bill limits trial accounts.",
        "Text of 14 January 2026: Introduced in Senate",
        "10 February 2026: Referred to the Committee on Invention.",
        "14 January 2026: Introduced in Senate",
    ]
    assert entry.published_at.date() == date(2026, 1, 14)


def test_a_bill_of_a_list_has_its_last_action(read):
    entry = read("congress", {"bills": [BILL | {"title": ""}], "pagination": {"count": 1}})["119/s/9999"]
    assert entry.title == "S 9999"
    assert texts(entry)[-1] == "10 February 2026: Referred to the Committee on Invention."


@pytest.mark.parametrize(
    "answers",
    [
        [{"bills": [BILL], "pagination": {"count": 9000}}],
        [{"bill": BILL}, {"actions": ACTIONS, "pagination": {"count": 3}}],
    ],
)
def test_a_list_that_is_not_whole_is_a_problem(read, answers):
    with pytest.raises(ExtractionError, match="incomplete"):
        read("congress", *answers)


def test_an_answer_in_xml_is_a_problem(read):
    with pytest.raises(ExtractionError, match="without `bill` and `bills`"):
        read("congress", b"<?xml version='1.0'?><api-root/>")


def test_lists_are_asked_for_in_json_by_offset(converse):
    url = "https://api.congress.gov/v3/bill/119/hr?fromDateTime=2026-02-01T00:00:00Z"
    asked = converse(
        CongressSpider,
        url,
        lambda url: {"bills": [BILL | {"number": url}], "pagination": {"next": "x"} if "offset=0" in url else {}},
    )
    assert [url.partition("00Z&")[2] for url in asked] == [
        "format=json&limit=250&offset=0",
        "format=json&limit=250&offset=250",
    ]


# GovInfo


def test_a_package_is_known_by_its_id_and_dated_by_its_issue(read):
    entry = read("govinfo", {"count": 1, "packages": PACKAGES[:1]})["FR-2026-03-02"]
    assert entry.title == "Federal Register Volume 91 Issue 2"
    assert entry.published_at.date() == date(2026, 3, 2)
    assert texts(entry) == ["FR-2026-03-02; FR; issued on 2 March 2026"]
    assert entry.url == "https://www.govinfo.gov/app/details/FR-2026-03-02"


def test_a_package_without_a_title_is_named_by_its_id(read):
    (entry,) = read(
        "govinfo", {"packages": [{"packageId": "BILLS-119s1is", "lastModified": "2026-03-01T00:00:00Z"}]}
    ).values()
    assert (entry.title, entry.published_at) == ("BILLS-119s1is", None)


def test_a_granule_stands_below_its_package(read):
    link = "https://api.govinfo.gov/packages/FR-2026-03-02/granules/2026-04001/summary"
    listed = {"granuleId": "2026-04001", "title": "Trial Accounts", "granuleLink": link}
    single = {
        "granuleId": "2026-04001",
        "packageId": "FR-2026-03-02",
        "title": "Trial Accounts",
        "granuleClass": "RULE",
    }
    for answer, words in (({"count": 1, "granules": [listed]}, "2026-04001"), (single, "2026-04001; RULE")):
        entry = read("govinfo", answer)["2026-04001"]
        assert entry.url == "https://www.govinfo.gov/app/details/FR-2026-03-02/2026-04001"
        assert texts(entry) == [words]


@pytest.mark.parametrize("answer", [{"message": "no"}, {"packages": [], "count": 5}])
def test_no_packages_where_some_are_counted_are_a_problem(read, answer):
    with pytest.raises(ExtractionError):
        read("govinfo", answer)


@pytest.mark.parametrize(
    "following", [None, "http://[", "https://x.invalid/?page=2", 7], ids=["none", "broken", "no mark", "number"]
)
def test_a_list_ends_where_no_cursor_follows(converse, following):
    asked = converse(
        GovInfoSpider, "https://api.govinfo.gov/collections/FR/2026-03-01T00:00:00Z", lambda _: {"nextPage": following}
    )
    assert asked == ["https://api.govinfo.gov/collections/FR/2026-03-01T00:00:00Z?offsetMark=*&pageSize=1000"]


def test_a_cursor_that_stands_still_ends_the_list_and_no_other_host_is_asked(converse):
    asked = converse(
        GovInfoSpider,
        "https://api.govinfo.gov/collections/FR/2026-03-01T00:00:00Z",
        lambda _: {"nextPage": "https://evil.invalid/?offsetMark=AoE"},
    )
    assert [url.partition("?")[2] for url in asked] == ["offsetMark=*&pageSize=1000", "offsetMark=AoE&pageSize=1000"]
    assert all(url.startswith("https://api.govinfo.gov/") for url in asked)


# LegiScan


def test_a_bill_of_a_state_has_its_status_calendar_and_history(read):
    entry = read("legiscan", {"status": "OK", "bill": STATE_BILL | {"bill_id": 1999001.0}})["1999001"]
    assert entry.title == "ZZ H7: Invented Accounts Act"
    assert texts(entry) == [
        "Limits trial accounts of minors.",
        "8 January 2026: Introduced",
        "2 April 2026: Hearing, Room 1",
        "8 January 2026: Introduced",
    ]


def test_a_result_of_a_search_has_its_last_action(read):
    search = {"status": "OK", "searchresult": {"summary": {"count": 1}, "0": found(3)}}
    assert texts(read("legiscan", search)["1999003"]) == ["3 February 2026: To the floor"]


def test_a_search_without_results_is_no_fault(read):
    assert read("legiscan", {"status": "OK", "searchresult": {"summary": {"count": 0}}}) == {}


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"status": "ERROR", "alert": {"message": "Invalid API Key"}}, "Invalid API Key"),
        ({"status": "ERROR"}, "without a word"),
        ({"status": "OK"}, "without `searchresult`"),
        ({"searchresult": {"summary": {}, "results": [{"bill_id": 1}]}}, "ask with op=getSearch"),
        ({"searchresult": {"summary": {"count": 60}, "0": found(1)}}, "60 results, and gave 1"),
    ],
)
def test_an_error_that_comes_as_an_answer_is_a_problem(read, answer, words):
    with pytest.raises(ExtractionError, match=words):
        read("legiscan", answer)


@pytest.mark.parametrize("summary", [None, {}, {"page_current": "x"}, {"page_current": 1, "page_total": None}])
def test_a_search_that_names_no_further_page_ends(converse, summary):
    asked = converse(
        LegiScanSpider,
        "https://api.legiscan.com/?op=getSearch&query=a",
        lambda _: {"searchresult": {"summary": summary, "0": found(1)}},
    )
    assert len(asked) == 1


def test_documents_are_asked_by_their_last_change(converse):
    url = "https://api.regulations.gov/v4/documents?filter[agencyId]=OIR&filter[lastModifiedDate][ge]=2026-01-31%2000:00:00"
    (asked,) = converse(RegulationsGovSpider, url, lambda _: {})
    assert asked == f"{url}&sort=lastModifiedDate,documentId&page[size]=250&page[number]=1"


# what all share


@pytest.mark.parametrize(
    ("value", "number"),
    [(14628.0, 14628), ("14628", 14628), (True, None), (None, None), ("x", None), (float("inf"), None), ([], None)],
)
def test_ids_may_be_written_as_decimals(value, number):
    assert reading.number(value) == number


@pytest.mark.parametrize("value", [None, "", "soon", 7, "2026-13-01", []])
def test_what_is_no_day_is_none(value):
    assert reading.parse_day(value) is None
    assert reading.parse_local_day(value, reading.WASHINGTON) is None


def test_a_moment_without_a_zone_is_in_utc():
    assert reading.parse_local_day("2026-05-02T03:59:59", reading.WASHINGTON) == date(2026, 5, 1)
