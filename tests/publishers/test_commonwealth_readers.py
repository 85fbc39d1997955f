"""What the interfaces of Australia, Canada and Ireland say: identities, days, texts, and what is left out."""

from __future__ import annotations

from datetime import date

import pytest

from monitor.errors import ExtractionError
from monitor.publishers import reading
from monitor.publishers.legisinfo import OTTAWA
from publishers.commonwealth import (
    AMENDED,
    REPEALED,
    SIGNED,
    SPENT,
    SUNSET,
    detailed_bill,
    ended,
    irish_bill,
    listed_bill,
    stage,
    title,
    version,
)
from publishers.conftest import dates, texts

ACT = "C2021A00901"
AMENDMENT = "sch 1 (item 7) of the Invented Accounts Amendment Act 2026 (No. 1)"


def australian(read, *rows, count=None):
    total = {} if count is None else {"@odata.count": count}
    return read("legislation-gov-au", total | {"value": list(rows)})


def canadian(read, *rows):
    return read("legisinfo", list(rows))


def irish(read, *results):
    return read("oireachtas", {"head": {"counts": {"billCount": len(results)}}, "results": list(results)})


# Australia


def test_a_version_is_a_state_of_its_title(read):
    entry = australian(read, version())[ACT]
    assert (entry.title, entry.withdrawal) == ("Invented Accounts Act 2021", "")
    assert entry.url == "https://www.legislation.gov.au/C2021A00901/latest/text"
    assert texts(entry) == [
        "In force",
        f"From 1 July 2026: compilation 4 (C2026C00904), by {AMENDMENT}",
        "Effective on 1 July 2026 (Federal Register of Legislation, start of compilation 4)",
        "C2021A00901",
    ]
    assert dates(entry) == [("effective", "2026-07-01", None)]
    assert entry.published_at.isoformat() == "2026-07-02T00:00:00+10:00"


def test_a_title_that_is_asked_for_alone_says_what_it_is(read):
    single = title(subCollection="Rules", versions=[version("0", "2022-01-23", reasons=[])])
    entry = read("legislation-gov-au", single)[ACT]
    assert texts(entry) == [
        "In force from 23 January 2022",
        "From 23 January 2022: the version as made (C2026C00900)",
        "Effective on 23 January 2022 (Federal Register of Legislation, start of the version as made)",
        "Act; Rules; No. 901 of 2021; made on 23 July 2021; C2021A00901",
    ]


def test_a_title_of_a_list_has_no_versions_and_the_day_it_was_registered_first(read):
    instrument = title(name=None, collection="LegislativeInstrument", number=None, optionalSeriesNumber="No. 9 of 2021")
    entry = australian(read, instrument)[ACT]
    assert (entry.title, entry.dates) == (ACT, ())
    assert texts(entry)[-1] == "Legislative instrument; No. 9 of 2021; made on 23 July 2021; C2021A00901"
    assert entry.published_at.isoformat() == "2021-07-26T00:00:00+10:00"


def test_a_new_compilation_is_a_revision_of_the_same_document(read):
    before, after = version(), version("5", "2026-10-01")
    told = australian(read, before | {"isLatest": False}, after)
    assert list(told) == list(australian(read, before)) == [ACT]
    assert dates(told[ACT]) == [("effective", "2026-10-01", None)]
    assert told[ACT].blocks == australian(read, after)[ACT].blocks


def test_what_starts_after_the_latest_compilation_is_known_before_it_is_compiled(read):
    rows = [
        version(None, "2027-01-01"),
        version(),
        version(None, "2025-01-01"),
        version("3", "2026-01-01", isLatest=False),
    ]
    entry = read("legislation-gov-au", title(versions=rows))[ACT]
    assert dates(entry) == [("effective", "2026-07-01", None), ("effective", "2027-01-01", None)]
    assert texts(entry)[1:4] == [
        f"From 1 July 2026: compilation 4 (C2026C00904), by {AMENDMENT}",
        f"From 1 January 2027: a version that is not compiled yet, by {AMENDMENT}",
        "Amendments have commenced that no compilation shows yet.",
    ]


def test_a_title_of_which_nothing_is_compiled_yet_has_the_starts_that_are_known(read):
    rows = [version(None, "2027-01-01"), version(None, "2026-12-01")]
    assert [day for _, day, _ in dates(australian(read, *rows)[ACT])] == ["2026-12-01", "2027-01-01"]


def test_an_old_text_that_is_compiled_in_hindsight_is_nothing_new(read):
    assert australian(read, version("2", "1999-01-01", isLatest=False), count=1) == {}


def test_the_end_of_a_version_is_the_day_on_which_something_else_takes_effect(read):
    entry = australian(read, version(end="2027-07-01T00:00:00"))[ACT]
    assert dates(entry) == [("effective", "2026-07-01", None), ("effective", "2027-07-01", None)]
    assert "Effective on 1 July 2027 (Federal Register of Legislation, end of compilation 4)" in texts(entry)


def test_a_law_ends_on_the_day_before_it_is_repealed(read):
    future = [
        {"status": "Repealed", "start": "2036-04-01T00:00:00", "reasons": [SUNSET]},
        {"status": "Repealed", "start": "2027-01-02T00:00:00", "reasons": [SPENT]},
        {"status": "Ceased", "start": None, "reasons": []},
        {"status": "InForce", "start": "2027-01-01T00:00:00", "reasons": []},
    ]
    entry = australian(read, title(statusPossibleFuture=future))[ACT]
    assert dates(entry) == [("sunset", "2036-03-31", None)]
    assert "Ends on 31 March 2036 (Federal Register of Legislation, repealed from 1 April 2036)" in texts(entry)


@pytest.mark.parametrize(
    ("over", "words"),
    [
        (ended("Repealed", REPEALED), "Repealed from 1 September 2026: s 3 of the Invented Repeals Act 2026"),
        (
            ended("Repealed", SUNSET, start="2036-04-01"),
            "Repealed from 1 April 2036: Division 1 of Part 4 of Chapter 3 of the Legislation Act 2003",
        ),
        (ended("Ceased", {"markdown": "Self Ceasing"}), "Ceased from 1 September 2026: Self Ceasing"),
        (ended("NeverEffective"), "Never effective from 1 September 2026"),
        (title(status="Repealed", statusHistory=None), "Repealed"),
        (
            version(status="Repealed", reasons=[REPEALED]),
            "Repealed from 1 July 2026: s 3 of the Invented Repeals Act 2026",
        ),
    ],
    ids=["repealed", "sunset", "spent by itself", "disallowed", "without its history", "as a version"],
)
def test_a_law_that_is_over_is_withdrawn_and_has_no_dates(read, over, words):
    entry = australian(read, over)[ACT]
    assert entry.withdrawal == f"{words} (Federal Register of Legislation)"
    assert texts(entry)[0] == entry.withdrawal
    assert entry.dates == ()


def test_an_instrument_that_only_amended_and_is_cleared_away_is_not_withdrawn(read):
    entry = australian(read, ended("Repealed", SPENT))[ACT]
    assert (entry.withdrawal, entry.dates) == ("", ())
    assert texts(entry)[0].startswith("Repealed from 1 September 2026: Division 1 of Part 3 of Chapter 3")


@pytest.mark.parametrize(
    ("facts", "published"),
    [
        ({"start": "0001-01-01T00:00:00", "registeredAt": "0001-01-01T00:00:00"}, None),
        ({"start": None, "registeredAt": None}, None),
        ({"start": "9999-12-31T00:00:00", "registeredAt": "2026-07-01T15:30:00Z"}, "2026-07-02"),
        ({"start": "soon", "registeredAt": "2026-12-31T23:00:00.7089337"}, "2026-12-31"),
    ],
    ids=["no day of .NET", "nothing", "the end of time, and a moment in UTC", "words, and an evening in Canberra"],
)
def test_a_day_of_the_register_is_one_in_canberra_or_none(read, facts, published):
    entry = australian(read, version(**facts))[ACT]
    assert entry.dates == ()
    assert (entry.published_at and entry.published_at.date().isoformat()) == published


def test_what_ticks_over_by_itself_is_not_in_the_text_of_a_title(read):
    ticked = version(isCurrent=True, registeredAt="2026-07-02T17:00:00", publishComments="x")
    assert australian(read, ticked)[ACT].blocks == australian(read, version())[ACT].blocks


def test_versions_that_differ_in_hindsight_only_are_all_counted(read):
    rows = [version(), version(retrospectiveStart="2026-01-01T00:00:00"), version(), {"name": "nameless"}]
    assert list(australian(read, *rows, count=2)) == [ACT]
    with pytest.raises(ExtractionError, match="has 3 results, and gave 2"):
        australian(read, *rows, count=3)


@pytest.mark.parametrize("count", [-9223372036854775808, None, "x"])
def test_a_count_that_is_none_is_not_believed(read, count):
    assert len(read("legislation-gov-au", {"@odata.count": count, "value": [version()]})) == 1


# Canada


def test_a_bill_of_a_session_has_its_status_and_its_stages_in_words(read):
    second = {"PassedHouseSecondReadingDateTime": "2026-03-12T15:00:00-04:00", "PassedSenateFirstReadingDateTime": ""}
    entry = canadian(read, listed_bill(**second))["45-1/C-901"]
    assert entry.title == "C-901: Invented Accounts Act"
    assert entry.url == "https://www.parl.ca/legisinfo/en/bill/45-1/c-901"
    assert entry.published_at.isoformat() == "2026-02-03T00:00:00-05:00"
    assert texts(entry) == [
        "An Act respecting invented accounts of minors",
        "Status: At second reading in the House of Commons",
        "Latest activity: Debate at second reading in the House of Commons",
        "First reading in the House of Commons, 3 February 2026",
        "Second reading in the House of Commons, 12 March 2026",
        "House Government Bill; Sponsor: Hon. Ann Nobody",
    ]


def test_a_bill_that_is_asked_for_alone_is_the_same_document_with_its_events(read):
    (listed,), (entry,) = canadian(read, listed_bill()), canadian(read, detailed_bill()).values()
    assert entry.identity == listed
    assert texts(entry) == [
        "An Act respecting invented accounts of minors",
        "This enactment limits trial accounts.",
        "Status: At report stage in the House of Commons",
        "Latest activity: Committee report presented with amendments in the House of Commons",
        "First reading in the House of Commons, 3 February 2026",
        "Introduction and first reading in the House of Commons, 3 February 2026",
        "Second reading in the House of Commons, 12 March 2026",
        "Committee report presented with amendments in the House of Commons, 11 May 2026",
        "House Government Bill; Sponsor: Ann Nobody",
    ]


def test_the_same_number_in_another_session_is_another_bill(read):
    earlier = listed_bill("c-901", ParlSessionCode="44-1", ParliamentNumber=44.0)
    assert list(canadian(read, listed_bill(), earlier, {"BillId": 7})) == ["45-1/C-901", "44-1/C-901"]


def test_a_bill_that_starts_in_the_senate_begins_with_its_stages_there(read):
    bill = listed_bill(
        "S-902",
        ParliamentNumber=None,
        ShortTitleEn="",
        LatestActivityEn=None,
        PassedSenateFirstReadingDateTime="2026-01-20T14:00:00-05:00",
    )
    entry = canadian(read, bill)["45-1/S-902"]
    assert entry.title == "S-902: An Act respecting invented accounts of minors"
    assert texts(entry)[1] == "First reading in the Senate, 20 January 2026"
    assert entry.published_at.date() == date(2026, 1, 20)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-06-18T00:00:00", "2026-06-18"),
        ("2026-06-18T23:30:00.9-04:00", "2026-06-18"),
        ("2026-06-19T03:30:00Z", "2026-06-18"),
    ],
    ids=["midnight without a zone", "an evening in Ottawa", "the same evening in UTC"],
)
def test_royal_assent_sets_the_day_in_ottawa_unless_the_act_says_otherwise(read, moment, day):
    law = listed_bill(
        ReceivedRoyalAssentDateTime=moment, CurrentStatusEn="Royal assent received", IsFromCurrentSession=False
    )
    entry = canadian(read, law)["45-1/C-901"]
    assert (dates(entry), entry.withdrawal) == ([("effective", day, None)], "")
    assert texts(entry)[-3:-1] == [
        "Royal assent, 18 June 2026",
        "Effective on 18 June 2026 (LEGISinfo, royal assent, unless the Act sets another day)",
    ]


@pytest.mark.parametrize(
    ("bill", "words"),
    [
        (listed_bill(CurrentStatusEn="Bill defeated"), "Bill defeated"),
        (listed_bill(CurrentStatusEn="Bill not proceeded with"), "Bill not proceeded with"),
        (listed_bill(CurrentStatusEn="Withdrawn"), "Withdrawn"),
        (listed_bill(IsFromCurrentSession=False), "Died when its session ended"),
        (detailed_bill(IsSessionOngoing=False), "Died when its session ended"),
    ],
)
def test_a_bill_that_will_be_no_law_is_withdrawn(read, bill, words):
    entry = canadian(read, bill)["45-1/C-901"]
    assert entry.withdrawal == f"{words} (LEGISinfo)"
    assert entry.withdrawal in texts(entry)


@pytest.mark.parametrize(
    "bill",
    [
        listed_bill(CurrentStatusEn="Outside the Order of Precedence"),
        listed_bill(CurrentStatusEn="At consideration in the House of Commons of amendments made by the Senate"),
        detailed_bill(IsSessionOngoing=False, DidReinstateInNextSession=True),
        detailed_bill(IsSessionOngoing=False, ReceivedRoyalAssent=True),
        detailed_bill(IsSessionOngoing=None, StatusNameEn=None),
    ],
    ids=["waits", "amended by the Senate", "reinstated", "law without its day", "nobody knows"],
)
def test_a_bill_that_may_be_law_is_not_withdrawn(read, bill):
    entry = canadian(read, bill)["45-1/C-901"]
    assert (entry.withdrawal, entry.dates) == ("", ())


def test_what_moves_with_every_sitting_or_search_is_not_in_the_text_of_a_bill(read):
    ticked = listed_bill(LatestActivityDateTime="2026-03-11T12:00:00-04:00", SearchScore=3.5, Highlight="accounts")
    assert canadian(read, ticked) == canadian(read, listed_bill())


# Ireland


def test_an_irish_bill_is_known_by_year_and_number(read):
    entry = irish(read, irish_bill())["2026/75"]
    assert entry.title == "Invented Accounts Bill 2026"
    assert entry.url == "https://www.oireachtas.ie/en/bills/bill/2026/75/"
    assert entry.published_at.isoformat() == "2026-02-03T00:00:00+00:00"
    assert texts(entry) == [
        "Bill entitled an Act to limit invented accounts of minors.",
        "Status: Current",
        "First Stage in Dáil Éireann, 3 February 2026",
        "Second Stage in Dáil Éireann, 10 March 2026",
        "Published in Dáil Éireann, 3 February 2026",
        "Text: As Initiated, 3 February 2026",
        "Sponsor: Minister for Invention; Sponsor: Ann Nobody",
    ]
    assert entry.dates == ()


def test_the_last_stage_is_told_also_where_it_does_not_stand_among_the_others(read):
    last = stage("Committee Stage", "2026-04-02", "2026-04-01", "2026-04-02", chamber=None)
    entry = irish(read, irish_bill(mostRecentStage=last, shortTitleEn=None, billNo=75, status=None))["2026/75"]
    assert entry.title == "Bill 75 of 2026"
    assert "Committee Stage, 1 April 2026, 2 April 2026" in texts(entry)
    assert not any(words.startswith("Status") for words in texts(entry))


def test_a_bill_that_was_signed_is_an_act_from_that_day_unless_it_says_otherwise(read):
    lapsed_once = [stage("Bill Lapsed", "2026-05-08"), stage("Enacted", "2026-07-21", chamber=None)]
    entry = irish(read, irish_bill(act=SIGNED, status="Enacted", events=lapsed_once))["2026/75"]
    assert (dates(entry), entry.withdrawal) == ([("effective", "2026-07-21", None)], "")
    assert {
        "Status: Enacted",
        "Act 9 of 2026: Invented Accounts Act 2026",
        "Enacted, 21 July 2026",
        "Effective on 21 July 2026 (Oireachtas, signed, unless the Act sets another day)",
    } <= set(texts(entry))


@pytest.mark.parametrize("status", ["Withdrawn", "Lapsed", "Defeated", "Rejected"])
def test_an_irish_bill_that_will_be_no_law_is_withdrawn(read, status):
    entry = irish(read, irish_bill(status=status))["2026/75"]
    assert entry.withdrawal == f"{status} (Oireachtas)"
    assert entry.withdrawal in texts(entry)


def test_when_its_data_was_touched_is_not_in_the_text_of_an_irish_bill(read):
    ticked = irish_bill(
        lastUpdated="2026-03-12T00:00:00+00:00", debates=[{"date": "2026-03-10", "showAs": "Second Stage"}]
    )
    ticked["bill"]["stages"][0]["event"]["stageCompleted"] = True
    assert irish(read, ticked) == irish(read, irish_bill())


@pytest.mark.parametrize("count", [0, 1, None, "x"])
def test_bills_are_read_where_no_more_are_counted(read, count):
    answer = {
        "head": {"counts": {"billCount": count}},
        "results": [irish_bill(), {"bill": None}, {"bill": {"billNo": "1"}}],
    }
    assert list(read("oireachtas", answer)) == ["2026/75"]


# what they share


@pytest.mark.parametrize("value", ["0001-01-01T00:00:00", "9999-12-31T23:59:59", "0001-01-01"])
def test_the_first_and_the_last_day_of_time_are_none(value):
    assert reading.parse_day(value) is None
    assert reading.parse_local_day(value, OTTAWA) is None
    assert reading.parse_local_day(value, OTTAWA, OTTAWA) is None


def test_reasons_name_laws_and_not_their_addresses(read):
    both = [AMENDED, REPEALED, {"markdown": None}]
    (words,) = (each for each in texts(australian(read, version(reasons=both))[ACT]) if each.startswith("From"))
    assert words.endswith(f", by {AMENDMENT}; s 3 of the Invented Repeals Act 2026")
