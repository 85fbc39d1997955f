"""What people are told of the United Kingdom day by day: commencements, consultations, withdrawals, and no noise."""

from __future__ import annotations

import json

import pytest

from monitor.envelope import MEDIA_TYPE, Answer, pack
from monitor.store import changes
from publishers.british import ACT, SECTION, clml, document, effect, feed, finder, gone, law, moved

SITE = "https://www.legislation.gov.uk"
CHANGES = f"{SITE}/changes/affected/{ACT}/data.feed"
PAGE = "/government/consultations/invented-fees"
CONTENT = f"https://www.gov.uk/api/content{PAGE}"
COMING = {
    "Type": "coming into force",
    "AffectingURI": "http://www.legislation.gov.uk/id/uksi/2032/77",
    "Modified": "2026-03-02T10:00:00Z",
}


@pytest.fixture
def follow(desk):
    """The Changes that are told after each answer, one a day; each is a list of (address, text or JSON)."""

    def days(kind, *answers):
        desk.declare(kind=kind, jurisdiction="GB", hold=None)
        seen, told = 0, []
        for at, answer in enumerate(answers):
            body = pack([Answer(url, 200, "", said.encode()) for url, said in answer])
            desk.see(body.decode(), at * 24, headers={"content-type": MEDIA_TYPE})
            assert desk.failures == []
            found = sorted(changes.iter_changes(desk.db), key=lambda change: change.id)
            told.append([change for change in found if change.id > seen])
            seen = max((change.id for change in found), default=seen)
        return [[each for each in day if each.judgement.kind != "first"] for day in told]

    return days


def changed(*effects):
    return [(CHANGES, feed(*effects, total=len(effects)))]


def declared(*contents):
    return [(CONTENT, json.dumps(each)) for each in contents]


def listed(*contents):
    host = "https://www.gov.uk"
    rows = [(f"{host}/api/content{each['base_path']}", json.dumps(each)) for each in contents]
    return [(f"{host}/search/all.atom", finder(*(each["base_path"] for each in contents))), *rows]


def deadlines(change):
    return [(str(each.kind), each.date, each.moved_from) for each in change.judgement.dates]


def test_an_order_that_brings_much_into_force_is_told_once_with_its_dates(follow):
    sections = [effect(f"key-c{at}", on=f"s. {at}", by="reg. 2", **COMING) for at in range(9)]
    first, (news,), after = follow(
        "legislation-gov-uk", changed(effect()), changed(effect(), *sections), changed(*reversed(sections), effect())
    )
    assert (first, after) == ([], [])
    assert news.url == f"{SITE}/changes/affected/{ACT}/affecting/uksi/2032/77"
    assert deadlines(news) == [("effective", "2032-05-01", None)]
    assert news.judgement.kind == "substantive"


def test_a_prospective_change_that_gets_a_day_is_told_with_it(follow):
    prospective = effect(starts='Prospective="true" Qualification=""')
    _, (told,) = follow("legislation-gov-uk", changed(prospective), changed(effect()))
    assert deadlines(told) == [("effective", "2032-05-01", None)]
    assert told.judgement.kind == "substantive"


def test_an_effect_that_the_editors_work_into_the_text_is_not_told(follow):
    applied = effect(Applied="true", Modified="2032-06-01T10:00:00Z")
    assert follow("legislation-gov-uk", changed(effect()), changed(applied)) == [[], []]


def test_a_law_whose_title_says_repealed_is_told_and_one_that_was_only_touched_is_not(follow):
    days = [
        law(),
        law(updated="2032-06-01T00:00:00Z"),
        law(title="The Invented Platforms (Fees) Regulations 2032 (revoked)"),
    ]
    _, touched, (told,) = follow("legislation-gov-uk", *([(f"{SITE}/new/data.feed", feed(each))] for each in days))
    assert touched == []
    assert told.title.endswith("(revoked)")


def test_an_amended_section_is_told_with_its_words(follow):
    url = f"{SITE}/{ACT}/section/12/data.xml"
    _, (told,) = follow("legislation-gov-uk", *([(url, clml(SECTION % days))] for days in (14, 30)))
    assert "30 days" in told.judgement.passages[0].after
    assert told.title == "Invented Platforms Act 2031, section 12"


def test_a_section_that_comes_into_force_is_told(follow):
    url = f"{SITE}/{ACT}/section/12/data.xml"
    before = clml((SECTION % 14).replace("<P1group>", '<P1group Status="Prospective">'))
    _, (told,) = follow("legislation-gov-uk", [(url, before)], [(url, clml(SECTION % 14))])
    assert [(each.op, each.before) for each in told.judgement.passages] == [
        ("removed", "Prospective: not in force yet")
    ]


def test_a_new_consultation_is_told_with_its_deadline_and_an_extension_with_the_day_it_moved_from(follow):
    fresh = document(public_updated_at="2026-03-02T09:30:00Z")
    later = document(public_updated_at="2026-03-02T09:30:00Z", details={"closing_date": "2032-06-30T22:45:00Z"})
    first, (news,), (moved_on,) = follow("govuk", listed(), listed(fresh), listed(later))
    assert first == []
    assert deadlines(news) == [("comments_close", "2032-05-26", None)]
    assert deadlines(moved_on) == [("comments_close", "2032-06-30", "2032-05-26")]


def test_a_document_that_is_renamed_in_a_finder_is_the_same_one(follow):
    renamed = document("/government/consultations/fees", content_id="id-of-invented-fees")
    assert follow("govuk", listed(document()), listed(renamed)) == [[], []]


def test_a_document_that_left_the_finder_is_not_gone(follow):
    assert follow("govuk", listed(document()), listed()) == [[], []]


def test_a_withdrawal_is_told_as_one_and_leaves_no_deadline(follow):
    notice = {"explanation": "<p>Superseded.</p>", "withdrawn_at": "2032-04-01T09:52:00Z"}
    _, (told,) = follow("govuk", listed(document()), listed(document(withdrawn_notice=notice)))
    assert told.judgement.summary == "Withdrawn: Fees of invented platforms"
    assert deadlines(told) == []


def test_a_declared_document_that_is_gone_is_told_as_withdrawn_and_one_that_was_only_moved_is_not_told(follow):
    elsewhere = document("/government/fees")
    days = [declared(document()), declared(moved(PAGE, "/government/fees"), elsewhere), declared(gone(PAGE))]
    _, renamed, (told,) = follow("govuk", *days)
    assert renamed == []
    assert told.judgement.reason.startswith("withdrawn; ")


def test_a_document_that_makes_way_for_another_is_told(follow):
    other = document("/government/fees", title="Other fees", details={"body": "<p>All platforms must pay now.</p>"})
    _, (told,) = follow("govuk", declared(document()), declared(moved(PAGE, "/government/fees"), other))
    assert "All platforms must pay now." in [each.after for each in told.judgement.passages]


def test_a_change_without_a_note_is_told_and_a_republication_is_not(follow):
    touched = document(updated_at="2032-06-01T00:00:00Z", document_type="closed_consultation")
    edited = document(details={"body": "<p>We ask who must pay <strong>fees</strong>.</p>"})
    _, republished, (told,) = follow("govuk", listed(document()), listed(touched), listed(edited))
    assert republished == []
    assert "We ask who must pay fees." in [each.after for each in told.judgement.passages]
