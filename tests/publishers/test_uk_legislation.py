"""What the feeds of legislation.gov.uk say: identities, days, texts, and what is left out."""

from __future__ import annotations

from datetime import date

import pytest

from monitor.errors import ExtractionError
from publishers.british import (
    ACT,
    ACT_TITLE,
    effect,
    event,
    feed,
    law,
)
from publishers.conftest import dates, texts

CHANGES = f"https://www.legislation.gov.uk/changes/affected/{ACT}/data.feed"
LOG = "https://www.legislation.gov.uk/update/data.feed"
NEW = "https://www.legislation.gov.uk/new/data.feed"
NO_DAY = "in force on a day that is not set yet"


def read_pages(read, url, *pages):
    return read("legislation-gov-uk", *(each.encode() for each in pages), url=url)


def read_one(read, url, *pages):
    (entry,) = read_pages(read, url, *pages).values()
    return entry


# What legislation.gov.uk says: lists of laws


def test_a_new_law_is_known_by_its_path_and_dated_by_its_publication(read):
    entry = read_one(read, NEW, feed(law()))
    assert (entry.identity, entry.url) == ("uksi/2032/41", "https://www.legislation.gov.uk/uksi/2032/41")
    assert entry.published_at.isoformat() == "2032-03-02T00:00:00+00:00"
    assert texts(entry) == [
        "United Kingdom Statutory Instrument 2032 No. 41 (C. 3); enacted or made on 1 March 2032",
        "These Regulations set fees.",
        "Subjects: Online services",
    ]
    assert entry.dates == ()


@pytest.mark.parametrize(
    ("facts", "day"),
    [
        ({"published": "2032-07-01T23:30:00Z"}, "2032-07-02"),
        ({"published": "", "made": "2032-02-27"}, "2032-02-27"),
        ({"published": "", "made": "", "updated": "2032-02-20T10:00:00"}, "2032-02-20"),
    ],
    ids=["a summer night in London", "only made", "only updated, without a zone"],
)
def test_a_law_is_dated_by_the_first_day_that_it_has(read, facts, day):
    assert read_one(read, NEW, feed(law(**facts))).published_at.date().isoformat() == day


def test_that_an_editor_touched_a_law_says_nothing(read):
    once, again = (
        read_one(read, NEW, feed(law(updated=at))) for at in ("2032-03-02T18:00:00Z", "2032-06-01T08:00:00Z")
    )
    assert once == again


def test_a_title_in_two_languages_is_read_in_english(read):
    both = '<div><span xml:lang="cy">Rheoliadau</span> / <span xml:lang="en">Rules</span></div>'
    page = feed(law(title="TITLE").replace("<title>TITLE", f'<title type="xhtml">{both}'))
    assert read_one(read, NEW, page).title == "Rules"


def test_a_summary_in_two_languages_is_read_in_english(read):
    both = '<summary type="xhtml"><div><p xml:lang="en">Fees.</p><p xml:lang="cy">Ffioedd.</p></div></summary>'
    page = feed(law().replace("<summary>These Regulations set fees.</summary>", both))
    assert texts(read_one(read, NEW, page))[1] == "Fees."


def test_a_title_in_welsh_alone_is_read_as_it_is(read):
    page = feed(law().replace("<title>", '<title xml:lang="cy">'))
    assert read_one(read, NEW, page).title == "The Invented Platforms (Fees) Regulations 2032"


def test_what_stands_on_two_pages_of_a_list_that_grows_is_one_law_as_it_was_updated_last(read):
    older, newer = (
        law(title="Old", updated="2032-03-02T10:00:00Z"),
        law(title="New", updated="2032-03-02T11:00:00+00:00"),
    )
    assert read_one(read, NEW, feed(older, more=1), feed(newer, page=2)).title == "New"


def test_no_hits_are_no_fault(read):
    assert read_pages(read, NEW, feed()) == {}


# What legislation.gov.uk says: changes


def test_all_that_one_law_does_to_another_is_one_document(read):
    page = feed(
        effect("key-2", on="s. 100", by="reg. 3", starts='Prospective="true" Qualification=""'),
        effect("key-1", on="s. 12(3)", Comments="Contains power"),
        effect("key-3", on="s. 9", starts='Date="2032-06-01" Qualification="for some purposes"|Prospective="true"'),
        total=3,
    )
    entry = read_one(read, CHANGES, page)
    assert entry.identity == f"uksi/2032/41 on {ACT}"
    assert entry.url == f"https://www.legislation.gov.uk/changes/affected/{ACT}/affecting/uksi/2032/41"
    assert entry.title == f"The Invented Platforms (Amendment) Regulations 2032: changes to {ACT_TITLE}"
    assert texts(entry) == [
        "s. 9: words inserted by reg. 2(1); in force for some purposes on 1 June 2032",
        "s. 12(3): words inserted by reg. 2(1); wholly in force on 1 May 2032; Contains power",
        f"s. 100: words inserted by reg. 3; {NO_DAY}",
        "Effective on 1 May 2032 (legislation.gov.uk, InForce)",
        "Effective on 1 June 2032 (legislation.gov.uk, InForce)",
    ]
    assert dates(entry) == [("effective", "2032-05-01", None), ("effective", "2032-06-01", None)]
    assert entry.published_at.date() == date(2032, 3, 2)


COMMENCED = (
    'Date="2032-06-01" Qualification="for specified purposes" Comments="except s. 9(2)"'
    ' CommencingURI="http://www.legislation.gov.uk/id/uksi/2032/50"'
)


def test_an_effect_names_the_order_that_brings_it_into_force_and_for_what(read):
    page = feed(effect(starts=f'Prospective="true"|{COMMENCED}', Notes="See s. 3"), total=1)
    assert texts(read_one(read, CHANGES, page))[0] == (
        "s. 12(3): words inserted by reg. 2(1); "
        "in force for specified purposes on 1 June 2032 (by uksi/2032/50) except s. 9(2); See s. 3"
    )


@pytest.mark.parametrize("comment", ["Editor: there are two places", "NB: set to N if", "for the editors"])
def test_what_is_said_to_editors_is_left_out(read, comment):
    assert comment not in texts(read_one(read, CHANGES, feed(effect(Comments=comment), total=1)))[0]


def test_what_each_law_does_is_a_document_of_its_own(read):
    other = effect("key-2", AffectingURI="https://www.legislation.gov.uk/id/ukpga/2032/5")
    assert list(read_pages(read, CHANGES, feed(effect(), other, total=2))) == [
        f"uksi/2032/41 on {ACT}",
        f"ukpga/2032/5 on {ACT}",
    ]


def test_an_effect_that_the_editors_work_into_the_text_is_no_change(read):
    before = read_one(read, CHANGES, feed(effect(), total=1))
    applied = effect(
        Applied="true", Row="12", AppliedModified="2032-05-05T11:27:08.965185+01:00", RequiresApplied="true"
    )
    after = read_one(read, CHANGES, feed(applied, total=1))
    assert after == before


def test_an_effect_that_comes_twice_counts_once_and_as_it_was_modified_last(read):
    twice = feed(effect(Modified="2032-04-01T10:00:00Z", Type="substituted"), effect(), total=2)
    assert texts(read_one(read, CHANGES, twice))[0].startswith("s. 12(3): substituted by")


def test_an_effect_without_any_facts_is_told_as_a_change(read):
    bare = effect(on="", by="", starts="", Type="", AffectingURI="", AffectedURI="")
    assert texts(read_one(read, CHANGES, feed(bare, total=1))) == ["changed"]


@pytest.mark.parametrize(
    "pages",
    [
        [feed(effect(), total=2)],
        [feed(effect(), more=1)],
        [feed(effect(), more=1), feed(effect("key-2", Modified="2001-01-01T00:00:00Z"), page=2, more=1)],
    ],
    ids=["a total", "a page more", "a page more, of old ones"],
)
def test_changes_that_were_not_given_whole_are_a_problem(read, pages):
    with pytest.raises(ExtractionError, match=r"incomplete|legislation\.gov\.uk (?:says|has)") as raised:
        read_pages(read, CHANGES, *pages)
    assert raised.value.problem == "incomplete"
    assert "affecting/all/2025-2026" in raised.value.advice


def test_a_page_that_brings_nothing_new_was_the_last(read):
    assert len(read_pages(read, CHANGES, feed(effect(), more=1, total=1), feed(effect(), more=1))) == 1


def test_a_list_is_whole_as_far_as_a_month_back(read):
    recent = feed(law("uksi/2032/1"), more=8)
    old = feed(law("uksi/2031/900", published="2032-01-15T10:00:00Z"), page=2, more=7)
    assert len(read_pages(read, NEW, recent, old)) == 2
    with pytest.raises(ExtractionError, match="more than the 1 pages"):
        read_pages(read, NEW, recent)


# What legislation.gov.uk says: publication log


def test_a_new_point_in_time_is_known_by_its_file(read):
    entry = read_one(read, LOG, feed(event()))
    assert entry.identity == f"{ACT}/2032-05-01/data.xml of {ACT}"
    assert entry.title == f"{ACT_TITLE} (as of 1 May 2032)"
    assert entry.url == f"https://www.legislation.gov.uk/{ACT}/2032-05-01"
    assert texts(entry) == ["legislation; xml, en"]
    assert (entry.withdrawal, entry.published_at.date()) == ("", date(2032, 3, 2))


def test_a_file_that_is_put_up_again_says_nothing_and_is_as_old_as_it_was_first(read):
    first = read_one(read, LOG, feed(event()))
    again = read_one(read, LOG, feed(event(at="2032-06-09T10:00:00Z", published="2032-03-02T10:00:00+00:00")))
    assert again == first


def test_the_last_event_of_a_file_counts_in_whatever_order_and_zone(read):
    events = [event(at="2032-07-05T11:24:02+01:00"), event(at="2032-07-05T10:54:02Z", happened="withdrawn")]
    for page in (feed(*events), feed(*reversed(events))):
        entry = read_one(read, LOG, page)
        assert entry.withdrawal == "Withdrawn (legislation.gov.uk, pbl:Event): legislation; xml, en"
        assert entry.withdrawal in texts(entry)


def test_a_withdrawal_is_as_new_as_it_is(read):
    old = event(happened="withdrawn", published="2020-01-01T00:00:00Z", at="2032-07-05T10:54:02Z")
    assert read_one(read, LOG, feed(old)).published_at.date() == date(2032, 7, 5)


def test_a_correction_slip_is_told_with_its_number(read):
    slip = event("uksi/2032/41/pdfs/uksics_en.pdf", document="uksi/2032/41/pdfs/uksics_en.pdf", slip="2", format="pdf")
    assert texts(read_one(read, LOG, feed(slip)))[0].startswith("Correction slip 2;")


def test_an_event_of_changes_is_known_without_its_time(read):
    at = "2032-03-02T10:00:00.45768+00:00"
    row = event(f"changes/affecting/{ACT}", type="changes", at=at)
    row = row.replace(
        f"<pbl:Item_Published>http://www.legislation.gov.uk/changes/affecting/{ACT}</pbl:Item_Published>", ""
    )
    assert read_one(read, LOG, feed(row)).identity == f"changes/affecting/{ACT} of {ACT}"


def test_an_entry_that_names_nothing_is_left_out(read):
    assert read_pages(read, LOG, feed("<entry><title>?</title></entry>", "<entry><pbl:ContentType/></entry>")) == {}
