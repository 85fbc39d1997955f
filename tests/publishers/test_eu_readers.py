"""What CELLAR and Have Your Say say: acts with all their days, corrigenda, newest texts, stages, days in Brussels."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from monitor.envelope import Answer, pack
from monitor.errors import ExtractionError
from monitor.publishers import read_envelope
from publishers.conftest import dates, texts
from publishers.european import (
    CELEX,
    CONSOLIDATED,
    FACTS,
    ONE,
    PLANNED,
    PUBLISHED,
    SEARCH,
    act,
    initiative,
    item,
    page,
    results,
    stage,
    text,
    window,
)
from publishers.european import texts as listing
from spiders.cellar import CellarSpider
from spiders.have_your_say import HaveYourSaySpider

ENDPOINT = "https://publications.europa.eu/webapi/rdf/sparql"
ACT = f"https://publications.europa.eu{CELEX}"
PORTAL = f"https://ec.europa.eu{SEARCH}"


def read_one(read, raw):
    (entry,) = read("cellar", *window(raw)).values()
    return entry


# CELLAR: a window


def test_an_act_has_every_day_that_is_stated_and_no_day_that_stands_for_none(read):
    entry = read_one(
        read, act(forces="2092-02-02,2090-08-01", deadlines="2095-01-01,1001-01-01", ends="9999-12-31,1003-03-03")
    )
    assert dates(entry) == [
        ("effective", "2090-08-01", None),
        ("effective", "2092-02-02", None),
        ("compliance", "2095-01-01", None),
    ]
    assert texts(entry) == [
        "CELEX 32090R0901, of 13 June 2090",
        "Effective on 1 August 2090 (CELLAR, entry into force or application)",
        "Effective on 2 February 2092 (CELLAR, entry into force or application)",
        "A deadline in the act is 1 January 2095 (CELLAR, deadline)",
    ]


def test_an_act_is_known_by_its_number_and_dated_in_brussels(read):
    entry = read_one(read, act())
    assert entry.identity == "32090R0901"
    assert entry.url == "https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:32090R0901"
    assert entry.title.startswith("Regulation (EU) 2090/901 of 13 June 2090 on trial accounts")
    assert entry.published_at.isoformat() == "2090-06-13T00:00:00+02:00"


def test_a_directive_has_its_transposition_once_and_an_act_that_ends_has_its_end(read):
    entry = read_one(
        read, act("32090L0902", deadlines="2092-01-01", transpositions="2092-01-01", ends="2099-12-31", forces="")
    )
    assert [each.sentence for each in entry.dates] == [
        "To be transposed by 1 January 2092 (CELLAR, transposition)",
        "Ends on 31 December 2099 (CELLAR, end of validity)",
    ]
    assert dates(entry)[1] == ("sunset", "2099-12-31", None)


def test_the_rows_of_one_number_are_one_act_with_the_days_of_all(read):
    rows = [act(forces="2090-08-01"), act(forces="2091-08-01", title=None)]
    entries = read("cellar", results(["total"], {"total": "1"}), results(FACTS, *rows))
    assert [day for _, day, _ in dates(entries["32090R0901"])] == ["2090-08-01", "2091-08-01"]


@pytest.mark.parametrize(
    ("stated", "shown"),
    [
        (None, "Corrigendum to 32090R0901"),
        ("Corrigendum to Regulation (EU) 2090/901", "Corrigendum to Regulation (EU) 2090/901"),
        ("Regulation (EU) 2090/901", "Corrigendum to Regulation (EU) 2090/901"),
    ],
)
def test_a_corrigendum_is_an_act_of_its_own_that_sets_no_date(read, stated, shown):
    entry = read_one(read, act("32090R0901R(04)", title=stated))
    assert (entry.identity, entry.title, entry.dates) == ("32090R0901R(04)", shown, ())
    assert texts(entry)[-1] == "Corrects 32090R0901"


def test_a_number_in_parentheses_alone_is_no_corrigendum(read):
    assert len(read_one(read, act("32012D0243(01)")).dates) == 2


@pytest.mark.parametrize(
    ("celex", "facts", "words"),
    [
        (
            "32090R0901",
            {"in_force": "0", "repealers": "32095R0001"},
            "No longer in force, repealed by 32095R0001 (CELLAR)",
        ),
        (
            "32090R0901",
            {"in_force": "false", "repealers": "32096R0002,32095R0001"},
            "No longer in force, repealed by 32095R0001, 32096R0002 (CELLAR)",
        ),
        ("52090PC0901", {"withdrawn": "1"}, "Withdrawn (CELLAR)"),
        ("52090PC0901", {"withdrawn": "0,true"}, "Withdrawn (CELLAR)"),
    ],
)
def test_what_is_repealed_or_withdrawn_says_so_and_has_no_dates(read, celex, facts, words):
    entry = read_one(read, act(celex, **facts))
    assert (entry.withdrawal, entry.dates) == (words, ())
    assert texts(entry)[0] == words


@pytest.mark.parametrize(
    ("celex", "facts"),
    [
        ("32090R0901", {"in_force": "0"}),
        ("32090R0901", {"in_force": "0", "ends": "2091-12-31"}),
        ("32090R0901", {"in_force": "1", "repealers": "32095R0001"}),
        ("32090R0901", {"in_force": "", "repealers": "32095R0001"}),
        ("32090R0901", {"in_force": "0,1", "repealers": "32095R0001"}),
        ("52090PC0901", {"withdrawn": "0"}),
        ("52090SC0901", {"withdrawn": "1"}),
    ],
    ids=[
        "not yet in force",
        "expires",
        "repealed later",
        "unknown",
        "doubtful",
        "pending",
        "no proposal, of a withdrawn procedure",
    ],
)
def test_what_is_not_said_to_be_gone_stands(read, celex, facts):
    entry = read_one(read, act(celex, **facts))
    assert entry.withdrawal == ""
    assert entry.dates


def test_no_hits_are_no_fault(read):
    assert read("cellar", *window()) == {}


def test_fewer_acts_than_are_counted_are_a_problem(read):
    with pytest.raises(ExtractionError, match=r"has 12,000 results, and gave 1.*since=\{since:90d\}") as raised:
        read("cellar", *window(act(), total=12_000))
    assert raised.value.problem == "incomplete"


@pytest.mark.parametrize(
    "answers",
    [
        [b"<html><title>Virtuoso SPARQL Query Editor</title></html>"],
        [b"<html>The site is being maintained</html>", results(FACTS, act())],
        [results(["total"], {"total": "1"}), b"Virtuoso S1T00 Error SR171: Transaction timed out"],
        [{"message": "Forbidden"}],
    ],
    ids=["the form of the endpoint", "a page in place of the count", "an error in place of the rows", "another answer"],
)
def test_what_is_no_table_is_a_problem(read, answers):
    with pytest.raises(ExtractionError, match="answered without `head`") as raised:
        read("cellar", *answers)
    assert raised.value.problem == "unreadable"


# CELLAR: one act


def read_act(facts, listed, *documents):
    """The only Entry that the answers about an act say; documents are bodies."""
    bodies = [json.dumps(each).encode() for each in (facts, listed)]
    bodies += [each if isinstance(each, bytes) else each.encode() for each in documents]
    answers = [Answer(ACT, 200, "", body) for body in bodies]
    (entry,) = read_envelope("cellar", pack(answers))
    return entry


def test_an_act_has_its_dates_and_its_text_under_its_headings():
    entry = read_act(results(FACTS, act()), listing(text("32090R0901", item(1))), PUBLISHED)
    assert len(entry.dates) == 2
    assert texts(entry)[3:6] == [
        "Text as published (32090R0901)",
        "CHAPTER I: GENERAL PROVISIONS",
        "Article 1: Trial accounts",
    ]
    assert entry.blocks[-1].heading == (entry.title, "ANNEX: Accounts")


def test_a_consolidated_text_is_a_revision_of_the_same_act():
    row = results(FACTS, act())
    before = read_act(row, listing(text("32090R0901", item(1))), PUBLISHED)
    after = read_act(row, listing(text("32090R0901", item(1)), text("02090R0901-20910727", item(2))), CONSOLIDATED % 30)
    assert before.identity == after.identity
    changed = [each for each in texts(after) if each not in texts(before)]
    assert changed == ["Text consolidated as of 27 July 2091 (02090R0901-20910727)", "(a) 30 days;"]


def test_a_proposal_keeps_what_stands_before_its_first_article():
    entry = read_act(results(FACTS, act("52090PC0901")), listing(text("52090PC0901", item(1))), PUBLISHED)
    assert "(1) Minors need care." in texts(entry)


def test_a_text_in_several_documents_is_read_in_their_order_without_its_pictures():
    documents = ("<p>Article 1</p><p>First.</p>", b"\x89PNG\r\n", "<p>Article 2</p><p>Second.</p>")
    listed = listing(*(text("32090R0901", item(1, f"DOC_{at}")) for at in (1, 2, 3)))
    assert texts(read_act(results(FACTS, act()), listed, *documents))[-4:] == [
        "Article 1",
        "First.",
        "Article 2",
        "Second.",
    ]


def test_a_text_of_which_documents_are_missing_is_a_problem():
    listed = listing(*(text("32090R0901", item(1, f"DOC_{at}")) for at in (1, 2)))
    with pytest.raises(ExtractionError, match="lists 2 documents of 32090R0901, and 1 were asked for") as raised:
        read_act(results(FACTS, act()), listed, PUBLISHED)
    assert raised.value.problem == "incomplete"


@pytest.mark.parametrize(
    ("facts", "listed", "documents"),
    [
        (results(FACTS), listing(), []),
        (results(FACTS, act()), listing(), []),
        (results(FACTS, act()), listing(text("32090R0901", item(1))), [b"II*\x00"]),
        (results(FACTS, act()), listing(text("32090R0901", item(1))), ["<html><body></body></html>"]),
    ],
    ids=["no such act", "no English text", "a scanned picture", "an empty page"],
)
def test_an_act_without_its_text_is_a_problem(facts, listed, documents):
    with pytest.raises(ExtractionError, match="CELLAR answered without") as raised:
        read_act(facts, listed, *documents)
    assert raised.value.problem == "unreadable"


# what CELLAR is asked


def queries(urls):
    return [parse_qs(urlsplit(url).query)["query"][0] for url in urls]


def test_a_window_is_asked_for_by_its_parameters(converse):
    url = f"{ENDPOINT}?types=REG,DIR_DEL&since=2090-01-01&about=32090R0901&words=Minors,online%20platforms"
    count, facts = queries(converse(CellarSpider, url, lambda _: {}))
    conditions = count[count.index("WHERE {") + 7 : count.rindex("}")].strip()
    assert "SELECT (COUNT(DISTINCT ?celex) AS ?total)" in count
    assert conditions in facts
    assert re.findall(r"resource-type/(\w+)>", conditions) == ["REG", "DIR_DEL"]
    assert 'FILTER(?date >= "2090-01-01"^^xsd:date)' in conditions
    assert '?act cdm:resource_legal_id_celex "32090R0901"^^xsd:string' in conditions
    assert '"minors") || CONTAINS(LCASE(STR(?words)), "online platforms")' in conditions


def test_a_window_without_parameters_is_of_all_acts_and_proposals(converse):
    count, _ = queries(converse(CellarSpider, ENDPOINT, lambda _: {}))
    assert {"REG", "DIR_IMPL", "PROP_REG"} <= set(re.findall(r"resource-type/(\w+)>", count))
    assert "xsd:date)" not in count


def test_a_parameter_cannot_end_the_literal_that_it_stands_in(converse):
    url = f"{ENDPOINT}?types=REG%3E&since=2%22%7D&words=a%22)%20%7D"
    (count, _) = queries(converse(CellarSpider, url, lambda _: {}))
    assert "resource-type/REG%3E>" in count
    assert '"2\\"}"^^xsd:date' in count
    assert '"a\\") }"' in count


def test_an_act_is_asked_for_what_is_known_for_its_texts_and_for_the_newest_of_them(converse):
    listed = listing(
        text("02090R0901-20910727", item(2, "DOC_1")),
        text("02090R0901-20910727", item(2, "DOC_10")),
        text("02090R0901-20910727", item(2, "DOC_2")),
        text("02090R0901-20910727", item(2, "DOC_1", "02"), "html"),
        text("32090R0901", item(1)),
    )
    asked = converse(CellarSpider, ACT, lambda url: listed if "%3Fitem" in url else {})
    assert '"32090R0901"^^xsd:string' in queries(asked[:1])[0]
    assert 'FILTER(STRSTARTS(STR(?celex), "02090R0901-"))' in queries(asked[1:2])[0]
    assert [url.rpartition("/")[2] for url in asked[2:]] == ["DOC_1", "DOC_2", "DOC_10"]
    assert all(url.startswith("https://publications.europa.eu/resource/cellar/") for url in asked[2:])


def test_an_address_of_another_form_is_asked_alone(converse):
    for url in (f"{ENDPOINT}?query=SELECT%20*", "https://publications.europa.eu/resource/oj/JOL_2090"):
        assert converse(CellarSpider, url, lambda _: {}) == [url]


# Have Your Say


def test_an_initiative_is_known_by_its_id_and_has_its_closing_day(read):
    entry = read("have-your-say", page(initiative()))["90901"]
    assert entry.title == "Trial Accounts Act"
    assert entry.url == "https://ec.europa.eu/info/law/better-regulation/have-your-say/initiatives/90901"
    assert entry.published_at.isoformat() == "2090-07-02T00:00:00+02:00"
    assert dates(entry) == [("comments_close", "2090-09-07", None)]
    assert texts(entry) == [
        "Trial accounts – new act",
        "Public consultation, feedback from 2 July 2090",
        "Comments close on 7 September 2090 (Have Your Say, feedback period)",
        "Proposal for a regulation; Ares(2090)901; Digital economy and society",
    ]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2090/09/07 23:59:59", "2090-09-07"),
        ("2090/01/15 00:00:00", "2090-01-15"),
        ("2090-09-07T22:30:00Z", "2090-09-08"),
        ("2090/10/29 02:30:00", "2090-10-29"),
    ],
    ids=["last second", "first second", "in UTC", "an hour that comes twice"],
)
def test_feedback_closes_on_a_day_in_brussels(read, written, day):
    entry = read("have-your-say", page(initiative(1.0, stage(begin=None, end=written))))["1"]
    assert dates(entry) == [("comments_close", day, None)]


@pytest.mark.parametrize(
    "planned",
    [
        PLANNED,
        stage(status="DISABLED"),
        stage(status="UPCOMING"),
        stage(begin="2090/12/18 00:00:00", end="2090/04/02 23:59:59"),
        stage(end=None),
        stage(end="soon"),
    ],
    ids=["a plan", "no feedback", "not yet open", "ends before it begins", "no end", "no day"],
)
def test_a_stage_without_a_time_for_feedback_that_is_to_be_believed_sets_no_date(read, planned):
    assert dates(read("have-your-say", page(initiative(1.0, planned)))["1"]) == []


def test_that_a_time_for_feedback_is_over_changes_nothing_and_that_one_opens_does(read):
    def said(status):
        return read("have-your-say", page(initiative(1.0, stage(status=status))))["1"]

    assert said("OPEN") == said("CLOSED")
    assert "feedback planned from 2 July 2090 until 7 September 2090" in texts(said("UPCOMING"))[1]
    assert texts(said("OPEN"))[1] == "Public consultation, feedback from 2 July 2090"


def test_several_stages_are_one_initiative_with_the_closing_day_of_each(read):
    stages = [PLANNED, stage("PLANNING_WORKFLOW", "CLOSED", "2090/02/01 10:00:00", "2090/03/01 23:59:59"), stage()]
    entry = read("have-your-say", page(initiative(1.0, *stages)))["1"]
    assert [day for _, day, _ in dates(entry)] == ["2090-03-01", "2090-09-07"]
    assert texts(entry)[1:4] == [
        "Planned initiative",
        "Call for evidence, feedback from 1 February 2090",
        "Public consultation, feedback from 2 July 2090",
    ]


def test_one_initiative_has_its_summary_and_its_publications(read):
    entry = read("have-your-say", ONE)["90901"]
    assert texts(entry)[:3] == [
        "Minors open trial accounts.",
        "Call for evidence, feedback from 1 February 2090",
        "prop reg, feedback planned from 10 January 2091 until 10 March 2091",
    ]
    assert dates(entry) == [("comments_close", "2090-03-01", None)]


def test_an_abandoned_initiative_is_withdrawn_and_has_no_dates(read):
    entry = read("have-your-say", page(initiative(initiativeStatus="ABANDONED")))["90901"]
    assert (entry.withdrawal, entry.dates) == ("Initiative abandoned (Have Your Say)", ())
    assert texts(entry)[0] == entry.withdrawal


def test_a_suspended_initiative_says_so_and_is_not_withdrawn(read):
    entry = read("have-your-say", page(initiative(initiativeStatus="SUSPENDED")))["90901"]
    assert (texts(entry)[0], entry.withdrawal) == ("suspended", "")


@pytest.mark.parametrize(
    ("facts", "title"),
    [({"shortTitle": ""}, "Trial accounts – new act"), ({"shortTitle": None, "initiativeTranslations": None}, "90901")],
)
def test_an_initiative_without_a_name_has_its_title_or_its_number(read, facts, title):
    assert read("have-your-say", page(initiative(**facts)))["90901"].title == title


def test_a_search_without_hits_is_no_fault(read):
    assert read("have-your-say", page()) == {}


def test_an_initiative_that_moved_from_one_page_to_the_next_is_read_once(read):
    entries = read(
        "have-your-say", page(initiative(1.0), initiative(2.0), total=3), page(initiative(2.0), initiative(3.0))
    )
    assert list(entries) == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (page(initiative(), total=4101), "4,101 results, and gave 1"),
        (b"<!doctype html><title>EU</title><p>Have your say</p>", "without `initiativeResultDtoPage`: Have your say"),
        ({"status_code": 500, "message": "general_error"}, "without `initiativeResultDtoPage`"),
    ],
    ids=["incomplete", "the portal's own page", "an error"],
)
def test_what_is_no_whole_list_is_a_problem(read, answer, words):
    with pytest.raises(ExtractionError, match=words):
        read("have-your-say", answer)


def test_pages_are_asked_for_until_one_is_the_last(converse):
    def answer(url):
        number = int(parse_qs(urlsplit(url).query)["page"][0])
        return page(initiative(float(number + 1)), number=number, last=number == 2)

    asked = converse(HaveYourSaySpider, f"{PORTAL}?topic=DIGITAL&size=10&page=7", answer)
    assert asked == [f"{PORTAL}?topic=DIGITAL&language=EN&size=100&page={number}" for number in (0, 1, 2)]


def test_pages_that_begin_again_from_the_first_come_to_an_end(converse):
    assert len(converse(HaveYourSaySpider, PORTAL, lambda _: page(initiative(), last=False))) == 2


def test_one_initiative_is_asked_for_alone(converse):
    url = "https://ec.europa.eu/info/law/better-regulation/brpapi/groupInitiatives/90901"
    assert converse(HaveYourSaySpider, url, lambda _: ONE) == [f"{url}?language=EN"]


@pytest.mark.parametrize("spider", [CellarSpider, HaveYourSaySpider])
def test_days_in_a_query_are_those_of_brussels(spider):
    just_before_midnight_in_utc = datetime(2090, 7, 1, 22, 30, tzinfo=UTC)
    assert just_before_midnight_in_utc.astimezone(spider.zone).date().isoformat() == "2090-07-02"
