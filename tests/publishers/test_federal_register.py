"""The Federal Register: what its documents are known by, when they bind, and what its interface does wrong."""

from __future__ import annotations

import json

import pytest

from monitor.envelope import Answer
from monitor.errors import ExtractionError
from monitor.publishers.federal_register import read_federal_register_history
from publishers.conftest import dates, texts
from publishers.register import CORRECTION, DELAY, EXTENSION, FINAL, PROPOSED, WITHDRAWAL, page
from spiders.federal_register import FIELDS, FederalRegisterSpider

KIND = "federal-register"
URL = "https://www.federalregister.gov/api/v1/documents.json?conditions[agencies][]=invented-rules-office"


def test_a_document_is_known_by_its_number_and_has_its_day_text_and_dates(read):
    entry = read(KIND, page(PROPOSED))["2026-04001"]
    assert (entry.title, entry.url) == (PROPOSED["title"], PROPOSED["html_url"])
    assert entry.published_at.isoformat() == "2026-03-02T00:00:00-05:00"
    assert dates(entry) == [("comments_close", "2026-05-01", None)]
    assert texts(entry) == [
        "Proposed rule.",
        PROPOSED["abstract"],
        PROPOSED["dates"],
        "Comments close on 1 May 2026 (Federal Register, comments_close_on)",
        "Invented Rules Office; Docket OIR-2026-0007; RIN 9999-AA01; 16 CFR part 999",
    ]


def test_an_extension_moves_the_deadline_of_the_document_before_it_in_its_docket(read):
    entries = read(KIND, page(EXTENSION, PROPOSED))
    assert dates(entries["2026-06002"]) == [("comments_close", "2026-06-01", "2026-05-01")]
    assert dates(entries["2026-04001"]) == [("comments_close", "2026-06-01", None)]
    assert "comments_close_on moved by document 2026-06002" in texts(entries["2026-04001"])


def test_a_second_extension_moves_it_on_from_where_the_first_left_it(read):
    again = EXTENSION | {"document_number": "2026-07009", "publication_date": "2026-05-28"}
    entries = read(KIND, page(again | {"comments_close_on": "2026-07-01"}, EXTENSION, PROPOSED))
    assert dates(entries["2026-07009"]) == [("comments_close", "2026-07-01", "2026-06-01")]
    assert dates(entries["2026-04001"]) == [("comments_close", "2026-07-01", None)]
    assert dates(entries["2026-06002"]) == [("comments_close", "2026-07-01", None)]
    assert "comments_close_on moved by document 2026-07009" in texts(entries["2026-06002"])


P, R, N = "Proposed Rule", "Rule", "Notice"
COMMENTS, EFFECTIVE = ["comments_close"], ["effective"]


@pytest.mark.parametrize(
    ("type_", "action", "moved"),
    [
        (P, "Proposed rule; correction and extension of comment period.", COMMENTS),
        (N, "Notice; extension of comment period; correction.", COMMENTS),
        (P, "Proposed rule; partial withdrawal and reopening of comment period.", COMMENTS),
        (P, "Notice of proposed rulemaking; extension of the 60-day public comment period.", COMMENTS),
        (P, "Proposed rule; reopening and extension of comment period.", COMMENTS),
        (P, "Proposed rule; limited re-opening of the comment period.", COMMENTS),
        (P, "Proposed rule; comment period extension.", COMMENTS),
        (P, "Proposed rule; comment period reopened.", COMMENTS),
        (P, "Proposed rule; deadline for comments is further extended.", COMMENTS),
        (N, "Notice of extension of time to submit comments.", COMMENTS),
        (N, "Request for information; extension of response deadline.", COMMENTS),
        (P, "Proposed rule; extension of comment and reply comment deadlines.", COMMENTS),
        (P, "Proposed rule; notice of public hearing and extension of comment period.", COMMENTS),
        (P, "Reopening of the rulemaking record.", COMMENTS),
        (P, "Proposed rule; extension.", COMMENTS),
        (P, "Proposed rule; extension of deadline.", COMMENTS),
        (R, "Interim final rule; extension of comment period and delay of effective date.", COMMENTS + EFFECTIVE),
        (R, "Final rule; correction; delay of effective date.", EFFECTIVE),
        (R, "Final rule; partial withdrawal and delayed effective date.", EFFECTIVE),
        (R, "Final rule; further delay in effective date.", EFFECTIVE),
        (R, "Final rule; stay of effective date.", EFFECTIVE),
        (R, "Final rule; temporary stay of effectiveness.", EFFECTIVE),
        (R, "Final rule; postponement of effectiveness.", EFFECTIVE),
        (R, "Final rule; extension of effective date.", EFFECTIVE),
        (R, "Final rule; effective date is delayed.", EFFECTIVE),
        (R, "Final rule; delay of effective and compliance dates.", EFFECTIVE),
        (R, "Final rule; extension of compliance date and delayed effective date.", EFFECTIVE),
        (R, "Final rule; deferral of effective date.", EFFECTIVE),
        (R, "Final rule; delay.", EFFECTIVE),
        (R, "Final rule; extension of compliance date.", []),
        (R, "Final rule; delay of compliance date.", []),
        (P, "Proposed rule; extension of compliance date and request for comments.", []),
        (R, "Temporary final rule; extension of effective period.", []),
        (R, "Temporary final rule; extension of expiration date; request for comments.", []),
        (R, "Final rule; confirmation of effective date.", []),
        (N, "Notice of request for extension of a currently approved information collection; comment request.", []),
        (N, "Notice of extension of time limit for preliminary results.", []),
    ],
)
def test_an_action_moves_the_dates_that_it_names_and_no_others(read, type_, action, moved):
    facts = {"type": type_, "effective_on": "2026-09-01"}
    mover = EXTENSION | facts | {"action": action, "effective_on": "2026-12-01"}
    entry = read(KIND, page(mover, PROPOSED | facts))["2026-06002"]
    assert [str(each.kind) for each in entry.dates if each.moved_from] == moved
    assert entry.withdrawal == ""
    assert EXTENSION["dates"] in texts(entry)


def test_a_delay_moves_the_effective_date(read):
    entries = read(KIND, page(DELAY, FINAL))
    assert dates(entries["2026-08990"]) == [("effective", "2026-12-01", "2026-09-01")]
    assert dates(entries["2026-08005"]) == [("effective", "2026-12-01", None)]


@pytest.mark.parametrize(
    "what",
    [
        {"docket_ids": ["Docket No. OIR-2026-0008"]},
        {"docket_ids": []},
        {"type": "Notice"},
        {"publication_date": "2026-05-01"},
        {"comments_close_on": "2026-06-30"},
        {"comments_close_on": None},
    ],
    ids=["another docket", "no docket", "another type", "published later", "closes later anyway", "sets no date"],
)
def test_an_extension_moves_nothing_that_it_is_not_about(read, what):
    other = PROPOSED | what
    entries = read(KIND, page(EXTENSION, other))
    assert dates(entries["2026-06002"]) == [("comments_close", "2026-06-01", None)]
    assert [each.date for each in entries["2026-04001"].dates] == [other["comments_close_on"]] * bool(
        other["comments_close_on"]
    )


@pytest.mark.parametrize(
    "what",
    [
        {},
        {"correction_of": None},
        {"action": "Proposed rule.", "correction_of": None, "document_number": "C1-2026-04001"},
    ],
    ids=["by its link and its action", "by its action", "by its number"],
)
def test_a_correction_has_no_dates_and_moves_none(read, what):
    correction = CORRECTION | {"comments_close_on": "2026-08-01"} | what
    entries = read(KIND, page(correction, PROPOSED))
    corrected = entries[correction["document_number"]]
    assert (corrected.dates, corrected.withdrawal) == ((), "")
    assert dates(entries["2026-04001"]) == [("comments_close", "2026-05-01", None)]
    assert "March 2, 2026." not in texts(corrected)


def test_a_correction_names_what_it_corrects(read):
    assert texts(read(KIND, page(CORRECTION))["2026-05003"])[-1].endswith("corrects document 2026-04001")


def test_comments_that_close_before_the_document_was_published_are_junk(read):
    assert read(KIND, page(PROPOSED | {"comments_close_on": "2026-03-01"}))["2026-04001"].dates == ()


def test_a_withdrawal_says_so_and_has_no_dates(read):
    entry = read(KIND, page(WITHDRAWAL | {"effective_on": "2026-07-06"}))["2026-09004"]
    assert (entry.withdrawal, entry.dates) == ("Proposed rule; withdrawal.", ())
    assert entry.withdrawal in texts(entry)


@pytest.mark.parametrize(
    ("action", "withdraws"),
    [
        ("Proposed rule; withdrawal.", True),
        ("Withdrawal of proposed rule.", True),
        ("Notice of withdrawal of guidance.", True),
        ("Withdrawal of supplemental notice of proposed rulemaking.", True),
        ("Proposed rule; withdrawal of proposed rule; termination of rulemaking.", True),
        ("Supplemental notice of proposed rulemaking; withdrawal.", True),
        ("Request for information; withdrawal.", True),
        ("Withdrawal of request for comments.", True),
        ("Proposed rule; partial withdrawal.", False),
        ("Proposed rule; withdrawal in part.", False),
        ("Proposed rule; partially withdrawn.", False),
        ("Withdrawal of portions of proposed rule.", False),
        ("Proposed rule; withdrawal of proposed rule; new proposed rule; request for comments.", False),
        ("Withdrawal of notice of proposed rulemaking and supplemental notice of proposed rulemaking.", False),
        ("Supplemental notice of proposed rulemaking; withdrawal of proposed rule.", False),
        ("Proposed rule; withdrawal and reproposal.", False),
        ("Notice of withdrawal and request for comment.", False),
        ("Proposed rule and withdrawal of interim final rule.", False),
        ("Withdrawn.", True),
        ("Notice of application for withdrawal.", False),
        ("Notice of proposed withdrawal.", False),
        ("Notice; withdrawal of approval.", False),
        ("Public land order; withdrawal of public lands.", False),
        ("Final rule.", False),
        (None, False),
    ],
)
def test_what_withdraws_a_document_is_told_apart_from_what_withdraws_land_or_an_approval(read, action, withdraws):
    assert bool(read(KIND, page(PROPOSED | {"action": action}))["2026-04001"].withdrawal) == withdraws


def test_a_rule_that_withdraws_a_proposal_stands_itself(read):
    entry = read(KIND, page(FINAL | {"action": "Interim final rule; withdrawal of proposed rule."}))["2026-08005"]
    assert (entry.withdrawal, dates(entry)) == ("", [("effective", "2026-09-01", None)])


def test_a_withdrawal_leaves_no_date_to_come_to_the_document_before_it_and_to_what_moved_it(read):
    early = WITHDRAWAL | {"publication_date": "2026-05-04"}
    entries = read(KIND, page(early, EXTENSION, PROPOSED))
    for number in ("2026-04001", "2026-06002"):
        assert (entries[number].dates, entries[number].withdrawal) == ((), "Withdrawn by document 2026-09004")
        assert entries[number].withdrawal in texts(entries[number])


@pytest.mark.parametrize(
    "what",
    [{"publication_date": "2026-05-02"}, {"docket_ids": ["OIR-8"]}, {"type": "Rule"}],
    ids=lambda what: next(iter(what)),
)
def test_a_withdrawal_leaves_alone_what_is_over_and_what_is_another_matter(read, what):
    withdrawal = WITHDRAWAL | {"publication_date": "2026-04-20"} | what
    proposal = read(KIND, page(withdrawal, PROPOSED))["2026-04001"]
    assert (dates(proposal), proposal.withdrawal) == ([("comments_close", "2026-05-01", None)], "")


def test_in_looking_back_a_proposal_is_withdrawn_on_the_day_of_the_withdrawal():
    body = json.dumps(page(WITHDRAWAL | {"publication_date": "2026-04-20"}, PROPOSED)).encode()
    entries = read_federal_register_history([Answer(URL, 200, "application/json", body)])
    found = [(each.published_at.date().isoformat(), len(each.dates), each.withdrawal) for each in entries]
    assert found == [
        ("2026-03-02", 1, ""),
        ("2026-04-20", 0, "Withdrawn by document 2026-09004"),
        ("2026-04-20", 0, "Proposed rule; withdrawal."),
    ]


def test_no_hits_are_no_fault(read):
    assert read(KIND, page()) == {}


def test_a_document_on_two_pages_is_one(read):
    assert list(read(KIND, page(EXTENSION, count=2), page(EXTENSION, PROPOSED))) == ["2026-06002", "2026-04001"]


@pytest.mark.parametrize(
    ("answer", "problem", "words"),
    [
        (page(PROPOSED, count=120), "incomplete", "has 120 results, and gave 1"),
        ({"errors": {"fields": "unknown"}}, "unreadable", "Federal Register answered without `count`"),
        (b"<html><body>Sorry</body></html>", "unreadable", "Sorry"),
        (b"[1, 2]", "unreadable", "[1, 2]"),
    ],
    ids=["fewer than it says", "an error", "a page", "a list"],
)
def test_half_an_answer_is_none(read, answer, problem, words):
    with pytest.raises(ExtractionError) as raised:
        read(KIND, answer)
    assert raised.value.problem == problem
    assert words in raised.value.detail


@pytest.mark.parametrize(
    "raw",
    [{"document_number": "1"}, dict.fromkeys(PROPOSED) | {"document_number": "1"}, dict.fromkeys(PROPOSED, 7)],
    ids=["nothing else", "everything null", "everything a number"],
)
def test_a_document_that_lacks_what_others_have_is_read_all_the_same(read, raw):
    (entry,) = read(KIND, page(raw)).values()
    assert (entry.title, entry.dates) == (str(raw.get("title") or raw["document_number"]), ())


def test_all_pages_are_asked_for_with_the_fields_that_are_read(converse):
    asked = converse(
        FederalRegisterSpider,
        f"{URL}&fields[]=title&per_page=5",
        lambda url: page(PROPOSED | {"document_number": url}, more="page=3" not in url),
    )
    assert [url.rpartition("&")[2] for url in asked] == ["page=1", "page=2", "page=3"]
    assert all(url.startswith(URL) for url in asked)
    assert asked[0].count("fields[]=") == len(FIELDS)
    assert asked[0].endswith("&order=newest&per_page=200&page=1")


def test_an_interface_that_gives_its_first_page_again_is_asked_no_further(converse):
    asked = converse(FederalRegisterSpider, URL, lambda url: page(PROPOSED, count=900, more=True))
    assert len(asked) == 2


def test_a_query_of_very_many_pages_is_not_asked_to_its_end(converse):
    asked = converse(FederalRegisterSpider, URL, lambda url: page(PROPOSED | {"document_number": url}, more=True))
    assert len(asked) == 20


@pytest.mark.parametrize("answer", [b"no JSON", b"[]", b'{"results": 7, "next_page_url": true}', b'{"results": [7]}'])
def test_an_answer_of_another_form_ends_the_conversation(converse, answer):
    assert len(converse(FederalRegisterSpider, URL, lambda _: answer)) == 1
