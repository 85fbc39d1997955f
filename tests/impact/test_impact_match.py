from __future__ import annotations

import math
import random
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.impact import NO_MEMORY, SHIPPED, Asked, Decided, Memory, build_index, match
from monitor.impact.evidence import MAX_WORDS
from monitor.impact.match import MAX_IMPACTS
from monitor.impact.words import stems
from monitor.model import (
    Anchor,
    ChangeKind,
    Citation,
    Judgement,
    Link,
    Passage,
    PassageOp,
    Section,
    Severity,
    Sop,
)

OLD_AGE = "You must be at least 13 years old to have a profile. We may ask you to verify your age."
NEW_AGE = "You must be at least 16 years old to have a profile. We may ask you to verify your age."
NEW_NOTICE_RULE = (
    "Providers shall acknowledge notices of illegal content within one hour and name a person to complain to."
)


def judgement(*passages, cites=()):
    citations = tuple(Citation(each, each) for each in cites)
    return Judgement(ChangeKind.SUBSTANTIVE, "words changed", Severity.HIGH, "", passages, citations)


def added(text, *heading):
    return Passage(PassageOp.ADDED, heading, "", text)


def removed(text, *heading):
    return Passage(PassageOp.REMOVED, heading, text, "")


def reworded(before, after, *heading):
    return Passage(PassageOp.REWORDED, heading, before, after)


def ask(index, *passages, cites=(), memory=NO_MEMORY, weights=SHIPPED, **known):
    return match(Asked(judgement(*passages, cites=cites), **known), index, memory=memory, weights=weights)


def tagged(impacts):
    return [impact.section_id for impact in impacts]


def probability(impacts, section_id):
    return {impact.section_id: impact.probability for impact in impacts}[section_id]


def evidence(impact, kind):
    return [each.text for each in impact.evidence if each.kind == kind]


def words_of(impact):
    return [word for text in evidence(impact, "words") for word in text.split(", ")]


def test_a_reworded_age_threshold_finds_the_age_procedure_by_the_old_number_and_its_clause(index):
    best, *_ = ask(index, reworded(OLD_AGE, NEW_AGE))
    assert best.sop_id == "age-assurance"
    assert words_of(best)[0] == "13"
    assert "16" not in words_of(best)


def test_a_new_rule_about_verification_finds_the_section_about_verifying_age_first(index):
    best, *_ = ask(index, added("Platforms shall verify the age of every minor by a document or facial estimate."))
    assert best.section_id == "age-assurance#verifying-age"
    assert (best.sop_title, best.heading, best.owner) == (
        "Age assurance",
        ("Verifying age",),
        "@age-assurance-team",
    )
    assert {"facial", "document", "minor"} <= set(words_of(best))


def test_a_removed_rule_touches_the_section_that_restates_it(index):
    best, *others = ask(index, removed("Accounts that sell followers or likes will be removed."))
    assert best.section_id == "spam#bought-followers"
    assert all(other.probability < best.probability / 5 for other in others)


@pytest.mark.parametrize(
    "text",
    [
        "We set cookies to remember your language. Choose Accept all or Manage preferences in the banner.",
        "Vessels shall treat ballast water before they enter a harbour of the northern sea.",
        "Related articles: ten tips for better portrait photos, how to tune a guitar.",
        "The and of to it.",
        "!!! ??? ---",
        "",
    ],
)
def test_a_change_about_something_else_touches_nothing(index, text):
    assert ask(index, added(text), topics=("child-safety",), jurisdiction="EU") == ()


def test_a_moved_passage_touches_nothing(index):
    text = "Ask for age verification of the minor: a document or a facial age estimate."
    assert ask(index, Passage(PassageOp.MOVED, ("Safety",), text, text)) == ()


def test_an_empty_library_is_touched_by_nothing():
    assert ask(build_index([]), added(NEW_NOTICE_RULE), cites=["eu:reg:2022/2065#art16"]) == ()


def test_an_sop_without_sections_is_no_obstacle(index, library):
    bare = Sop("bare", "Notices of illegal content", "@x", "bare.md", cites=("eu:reg:2022/2065#art16",))
    assert tagged(ask(build_index([*library, bare]), added(NEW_NOTICE_RULE))) == tagged(
        ask(index, added(NEW_NOTICE_RULE))
    )


def test_only_the_changed_clause_counts_not_the_rest_of_its_passage(index):
    lead = "Threats of violence and bullying are reported to reviewers. "
    impacts = ask(index, reworded(lead + "Selling followers is discouraged.", lead + "Selling followers is forbidden."))
    assert tagged(impacts) == ["spam#bought-followers"]


def test_each_heading_asks_for_itself_so_a_long_change_finds_all_it_touches(index):
    filler = [
        added(f"Paragraph {n} about gardens, flower beds number {n} and watering cans.", f"G{n}") for n in range(30)
    ]
    impacts = ask(index, *filler, added("Selling followers or likes is forbidden.", "Integrity"))
    assert tagged(impacts) == ["spam#bought-followers"]


def test_a_shared_citation_lifts_a_section_above_one_that_is_merely_more_similar(index):
    rule = "Notices of illegal content by trusted flaggers are handled with priority."
    without = ask(index, added(rule))
    assert tagged(without)[0] == "trusted-flaggers#priority"
    with_citation = ask(index, added(rule), cites=["eu:reg:2022/2065#art16"])
    assert tagged(with_citation)[0] == "notices#intake"
    assert evidence(with_citation[0], "citation") == ["eu:reg:2022/2065#art16"]


def test_a_citation_speaks_most_for_the_section_of_its_sop_that_the_words_point_to(index):
    impacts = ask(index, added(NEW_NOTICE_RULE), cites=["eu:reg:2022/2065#art16"])
    ranked = [each for each in tagged(impacts) if each.startswith("notices#")]
    assert ranked[0] == "notices#intake"


def test_a_citation_of_the_whole_law_counts_less_than_one_of_the_same_article(index):
    exact = ask(index, added(NEW_NOTICE_RULE), cites=["eu:reg:2022/2065#art16"])
    whole = ask(index, added(NEW_NOTICE_RULE), cites=["eu:reg:2022/2065"])
    other = ask(index, added(NEW_NOTICE_RULE), cites=["eu:reg:2022/2065#art40"])
    ranked = [probability(impacts, "notices#intake") for impacts in (exact, whole, other)]
    assert ranked == sorted(ranked, reverse=True)
    assert len(set(ranked)) == 3


def test_a_shared_citation_tags_one_section_even_where_no_word_is_shared(index):
    impacts = ask(index, added("Les fournisseurs accusent réception sans délai."), cites=["eu:reg:2022/2065#art28"])
    assert tagged(impacts) == ["age-assurance#sign-up"]
    assert evidence(impacts[0], "words") == []
    assert evidence(impacts[0], "citation") == ["eu:reg:2022/2065#art28"]


def test_a_shared_topic_and_the_same_jurisdiction_raise_the_probability_and_are_shown(index):
    plain = ask(index, added(NEW_NOTICE_RULE))
    fitting = ask(index, added(NEW_NOTICE_RULE), topics=("Illegal-Content",), jurisdiction="EU")
    assert probability(fitting, "notices#intake") > probability(plain, "notices#intake")
    assert evidence(fitting[0], "topic") == ["illegal-content"]
    assert evidence(fitting[0], "jurisdiction") == ["EU"]


def test_a_rule_of_another_place_is_less_likely_to_touch(index):
    rule = added("Notices of illegal content are acknowledged within a day.")
    here = ask(index, rule, jurisdiction="EU")
    elsewhere = ask(index, rule, jurisdiction="AU")
    assert probability(elsewhere, "notices#intake") < probability(here, "notices#intake") / 2


def test_a_weak_likeness_in_another_place_loses_its_tag(index):
    weak = added("Subscriber data of passengers is disclosed to the port authority at once.")
    careful = replace(SHIPPED, floor=0.3)
    assert "law-enforcement#emergencies" in tagged(ask(index, weak, jurisdiction="US", weights=careful))
    assert "law-enforcement#emergencies" not in tagged(ask(index, weak, jurisdiction="AU", weights=careful))


def test_topic_and_jurisdiction_alone_never_tag(index):
    impacts = ask(index, added("Gardens shall be watered."), topics=("child-safety",), jurisdiction="GB")
    assert impacts == ()


def test_a_section_that_only_its_sops_title_speaks_for_is_not_tagged():
    silent = Sop(
        "s", "Ballast water treatment", "@x", "s.md", sections=(Section("s#a", "s", ("Contacts",), "Ring Kim."),)
    )
    assert ask(build_index([silent]), added("Ballast water treatment")) == ()


def test_the_order_of_the_library_changes_nothing(library):
    shuffled = list(library)
    random.Random(7).shuffle(shuffled)
    change = (reworded(OLD_AGE, NEW_AGE, "Who can join"), added(NEW_NOTICE_RULE, "Notices"))
    assert ask(build_index(shuffled), *change) == ask(build_index(library), *change)


def test_sections_that_are_equally_likely_stand_by_sop_and_in_their_order():
    def twin(sop_id):
        sections = tuple(Section(f"{sop_id}#{n}", sop_id, ("Steps",), "Block bought followers.") for n in "zya")
        return Sop(sop_id, "Spam", "@x", f"{sop_id}.md", sections=sections)

    impacts = ask(build_index([twin("b"), twin("a")]), added("Bought followers are blocked."))
    assert tagged(impacts) == ["a#z", "a#y", "a#a", "b#z", "b#y", "b#a"]


def test_at_most_ten_sections_are_tagged():
    sections = tuple(Section(f"s#{n:02}", "s", (f"Part {n}",), "Bought followers are blocked.") for n in range(40))
    impacts = ask(
        build_index([Sop("s", "Spam", "@x", "s.md", sections=sections)]), added("Bought followers are blocked.")
    )
    assert len(impacts) == MAX_IMPACTS == 10


def with_section(library, section, **declared):
    return build_index([*library, Sop(section.sop_id, "Own", "@own", "own.md", sections=(section,), **declared)])


def test_a_link_that_a_person_confirmed_tags_its_section_when_that_clause_changes(index):
    clause = Anchor(("Streaming",), "Hosts of a live stream are grown up.")
    link = Link(1, "rules", clause, "spam#bought-followers", datetime(2026, 3, 1, tzinfo=UTC))
    change = reworded(clause.text, "Hosts of a live stream are 21 or older.", "Streaming")
    best, *_ = ask(index, change, links=(link,))
    assert best.section_id == "spam#bought-followers"
    assert evidence(best, "link") == [clause.text]
    assert ask(index, added("Gardens shall be watered.", "Gardens"), links=(link,)) == ()


@pytest.mark.parametrize("declared", ["harbour-rules", "eu:reg:2030/1#art4"])
def test_a_section_that_declares_what_it_implements_is_tagged_whatever_its_words(library, declared):
    own = Section("own#a", "own", ("Berths",), "Ring the pilot.", implements=(declared,))
    change = added("Vessels shall treat ballast water.")
    best, *_ = ask(with_section(library, own), change, cites=["eu:reg:2030/1#art4"], source_id="harbour-rules")
    assert (best.section_id, evidence(best, "link")) == ("own#a", [declared])
    assert best.probability > 0.5 or declared != "harbour-rules"


def test_an_sop_that_declares_to_implement_a_source_lends_that_to_the_section_that_is_most_alike(library):
    sections = (
        Section("own#a", "own", ("Contacts",), "Ring the pilot."),
        Section("own#b", "own", ("Ballast",), "Ballast water of vessels is sampled."),
    )
    own = Sop("own", "Harbour", "@own", "own.md", implements=("harbour-rules",), sections=sections)
    change = added("Vessels shall treat ballast water before they enter a harbour.")
    impacts = ask(build_index([*library, own]), change, source_id="harbour-rules")
    assert tagged(impacts)[0] == "own#b"
    assert evidence(impacts[0], "link") == ["harbour-rules"]
    assert "link" not in {each.kind for each in ask(build_index([*library, own]), change)[0].evidence}


def test_a_section_that_quotes_the_old_wording_comes_before_one_that_is_as_alike(library):
    old = "Complaints are answered within 14 days by a person who did not take the decision."
    stale = Section("own#stale", "own", ("Complaints",), f"Remember: {old}")
    words = "A decision to take a person on: who did the complaints, answered days within 14 not by."
    index = build_index(
        [*library, Sop("own", "Own", "@x", "o", sections=(stale, replace(stale, id="own#z", text=words)))]
    )
    best, second, *_ = ask(index, reworded(old, old.replace("14", "7")))
    assert best.section_id == "own#stale"
    assert evidence(best, "quote") == [old[:-1]]
    assert evidence(second, "quote") == []


def test_a_section_that_names_the_article_in_its_text_is_lifted(library):
    named = Section("own#a", "own", ("Duties",), "Handle what Article 35 of Regulation (EU) 2022/2065 asks for.")
    silent = replace(named, id="own#b", text="Handle what the article of the regulation asks for.")
    index = build_index([*library, Sop("own", "Own", "@x", "o", sections=(named, silent))])
    best, *_ = ask(index, added("The regulation asks what its article says."), cites=["eu:reg:2022/2065#art35"])
    assert best.section_id == "own#a"
    assert evidence(best, "citation") == ["eu:reg:2022/2065#art35"]


def test_what_people_decided_before_is_joined_and_shown(index):
    rule = added(NEW_NOTICE_RULE)
    plain = ask(index, rule)
    decided = Decided("eu", "notices#intake", False, {"notic": 3.0, "illeg": 1.0}, "notices")
    taught = ask(index, rule, memory=Memory([replace(decided) for _ in range(4)]), source_id="eu")
    assert probability(taught, "notices#intake") < probability(plain, "notices#intake")
    shown = next(impact for impact in taught if impact.section_id == "notices#intake")
    assert evidence(shown, "history")


def test_a_section_that_was_confirmed_for_such_changes_is_tagged_though_it_shares_no_word(index):
    rule = added("Vessels shall treat ballast water before they enter a harbour.")
    past = {"vessel": 1.0, "ballast": 1.0, "water": 1.0, "harbour": 1.0}
    memory = Memory([Decided("sea", "spam#bought-followers", True, past, "spam") for _ in range(5)])
    assert tagged(ask(index, rule, memory=memory, source_id="sea")) == ["spam#bought-followers"]


def test_the_evidence_stands_with_the_strongest_kind_first(index):
    impacts = ask(index, added(NEW_NOTICE_RULE), cites=["eu:reg:2022/2065#art16"], topics=("illegal-content",))
    assert [each.kind for each in impacts[0].evidence] == ["citation", "words", "topic"]


WORDS = """
verify verified age ages minor minors 13 16 profile Notice notices illegal content court order data disclose bullying
threats followers selling harbour ballast the must not parent's parents\u2019 1,500 café
"""
SENTENCES = st.lists(st.sampled_from(WORDS.split()), max_size=25).map(" ".join)
PASSAGES = st.one_of(
    st.builds(added, SENTENCES, SENTENCES),
    st.builds(removed, SENTENCES),
    st.builds(reworded, SENTENCES, SENTENCES, SENTENCES),
)
CITES = st.lists(st.sampled_from(["eu:reg:2022/2065", "eu:reg:2022/2065#art16", "us:usc:18/2702", "x:y"]), max_size=2)


@given(st.lists(PASSAGES, max_size=4), CITES, st.sampled_from(["EU", "DE", "US", "global"]))
def test_every_word_and_citation_shown_is_in_both_texts(library, index, passages, cites, jurisdiction):
    sops = {sop.id: sop for sop in library}
    sections = {section.id: section for sop in library for section in sop.sections}
    change = set(stems(" ".join(part for each in passages for part in (*each.heading, each.before, each.after))))
    for impact in ask(index, *passages, cites=cites, topics=("child-safety",), jurisdiction=jurisdiction):
        section = sections[impact.section_id]
        text = " ".join((*section.heading, section.text))
        assert impact.evidence
        assert len(words_of(impact)) <= MAX_WORDS
        for word in words_of(impact):
            assert word in text
            assert set(stems(word)) <= change
        for quote in evidence(impact, "quote"):
            assert quote.split(" | ")[0] in section.text
            assert any(quote.split(" | ")[-1].casefold() in each.before.casefold() for each in passages)
        for citation in evidence(impact, "citation"):
            assert any(each.startswith(citation) for each in cites)
            assert any(each.startswith(citation) for each in sops[impact.sop_id].cites)


@given(st.lists(PASSAGES, max_size=4), CITES)
def test_impacts_are_ordered_by_a_probability_between_0_and_1(index, passages, cites):
    probabilities = [impact.probability for impact in ask(index, *passages, cites=cites)]
    assert all(0 < each < 1 and math.isfinite(each) for each in probabilities)
    assert all(one >= other for one, other in pairwise(probabilities))


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_can_be_asked(index, before, after):
    assert len(ask(index, reworded(before, after, before))) <= MAX_IMPACTS


def test_the_only_sop_of_a_library_is_found_by_the_rule_it_restates():
    rule = "We answer an appeal within 14 days."
    sections = (
        Section("SOP-1#time-limits", "SOP-1", ("Time limits",), rule),
        Section("SOP-1#tone", "SOP-1", ("Tone",), "Be friendly and brief when you write to people."),
    )
    only = Sop("SOP-1", "Appeals", "@appeals", "appeals.md", sections=sections)
    best, *_ = ask(build_index([only]), reworded(rule, rule.replace("14", "7"), "Appeals"))
    assert best.section_id == "SOP-1#time-limits"
    assert best.probability > 0.5
