from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.impact.facts import (
    NOTHING,
    compare_citations,
    compare_declared,
    compare_jurisdictions,
    compare_links,
    compare_topics,
)
from monitor.impact.weights import SHIPPED
from monitor.model import Anchor, Link, Passage, PassageOp, Section

SAME_CITATION, RELATED_CITATION = SHIPPED.same_citation, SHIPPED.related_citation
SAME_JURISDICTION, RELATED_JURISDICTION = SHIPPED.same_jurisdiction, SHIPPED.related_jurisdiction
OTHER_JURISDICTION = SHIPPED.other_jurisdiction


@pytest.mark.parametrize(
    ("cited", "declared", "odds", "shown"),
    [
        ("eu:reg:2022/2065#art16", "eu:reg:2022/2065#art16", SAME_CITATION, "eu:reg:2022/2065#art16"),
        ("EU:REG:2022/2065#Art16", "eu:reg:2022/2065#art16", SAME_CITATION, "EU:REG:2022/2065#Art16"),
        ("eu:reg:2022/2065#art16", "eu:reg:2022/2065", RELATED_CITATION, "eu:reg:2022/2065"),
        ("eu:reg:2022/2065", "eu:reg:2022/2065", RELATED_CITATION, "eu:reg:2022/2065"),
        ("us:usc:18/2258A", "us:usc:18/2258A", SAME_CITATION, "us:usc:18/2258A"),
        ("eu:reg:2022/2065", "eu:reg:2022/2065#art16", RELATED_CITATION, "eu:reg:2022/2065"),
        ("eu:reg:2022/2065#art28(1)", "eu:reg:2022/2065#art28", RELATED_CITATION, "eu:reg:2022/2065#art28"),
        ("us:cfr:16/312.4", "us:cfr:16/312", RELATED_CITATION, "us:cfr:16/312"),
        ("eu:reg:2022/2065#art1", "eu:reg:2022/2065#art16", 0.0, None),
        ("us:usc:18/2258A", "us:usc:18/2258", 0.0, None),
        ("eu:reg:2022/2065#art16", "eu:reg:2016/679#art16", 0.0, None),
    ],
)
def test_a_law_covers_its_articles_and_no_longer_number(cited, declared, odds, shown):
    finding = compare_citations([cited], [declared], SHIPPED)
    assert finding.odds == odds
    assert [each.text for each in finding.evidence] == ([shown] if shown else [])


def test_the_closest_pair_of_citations_counts_and_each_shared_one_is_shown_once():
    finding = compare_citations(
        ["eu:reg:2022/2065#art16", "eu:reg:2022/2065#art17", "eu:reg:2022/2065"],
        ["eu:reg:2022/2065#art16", "eu:dir:2006/42"],
        SHIPPED,
    )
    assert finding.odds == SAME_CITATION
    assert [each.text for each in finding.evidence] == ["eu:reg:2022/2065", "eu:reg:2022/2065#art16"]


def test_several_shared_topics_count_as_one_and_are_all_shown():
    finding = compare_topics(["Spam", "child-safety", "ads"], ["child-safety", "spam"], SHIPPED)
    assert finding.odds == SHIPPED.shared_topic
    assert [each.text for each in finding.evidence] == ["child-safety", "spam"]
    assert compare_topics(["ads"], ["spam"], SHIPPED).odds == 0


@pytest.mark.parametrize(
    ("source", "sop", "odds"),
    [
        ("EU", ["EU"], SAME_JURISDICTION),
        ("uk", ["GB"], SAME_JURISDICTION),
        ("EU", ["US", "EU"], SAME_JURISDICTION),
        ("DE", ["EU"], RELATED_JURISDICTION),
        ("EU", ["FR"], RELATED_JURISDICTION),
        ("US-CA", ["US"], RELATED_JURISDICTION),
        ("US", ["US-TX"], RELATED_JURISDICTION),
        ("US-CA", ["US-TX"], OTHER_JURISDICTION),
        ("DE", ["FR"], OTHER_JURISDICTION),
        ("GB", ["EU"], OTHER_JURISDICTION),
        ("US", ["EU", "AU"], OTHER_JURISDICTION),
        ("EU", [], 0.0),
        ("global", ["EU"], 0.0),
        ("", ["EU"], 0.0),
        ("AU", ["global"], 0.0),
    ],
)
def test_places_are_the_same_related_or_others(source, sop, odds):
    finding = compare_jurisdictions(source, sop, SHIPPED)
    assert finding.odds == odds
    assert bool(finding.evidence) == (odds > 0)


CLAUSE = "Providers keep the records of every check for two years."
SECTION = Section("s#a", "s", ("Records",), "Keep records.")


def link(text, section_id="s#a"):
    return Link(1, "doc", Anchor((), text), section_id, datetime(2026, 3, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("passage", "is_linked"),
    [
        (Passage(PassageOp.REMOVED, (), CLAUSE, ""), True),
        (Passage(PassageOp.REWORDED, (), CLAUSE, CLAUSE.replace("two", "five")), True),
        (Passage(PassageOp.REWORDED, (), f"Be brief. {CLAUSE} Sign it.", "Be brief. Sign it."), True),
        (Passage(PassageOp.ADDED, (), "", CLAUSE.replace("two", "five")), True),
        (Passage(PassageOp.MOVED, (), CLAUSE, CLAUSE), False),
        (Passage(PassageOp.ADDED, (), "", "Providers publish a report."), False),
    ],
)
def test_a_link_speaks_when_its_clause_is_among_what_changed(passage, is_linked):
    finding = compare_links(SECTION, [link(CLAUSE)], [passage], SHIPPED.link)
    assert [each.text for each in finding.evidence] == ([CLAUSE] if is_linked else [])
    assert finding.odds == (SHIPPED.link if is_linked else 0)


def test_the_link_of_another_section_says_nothing():
    passage = Passage(PassageOp.REMOVED, (), CLAUSE, "")
    assert compare_links(SECTION, [link(CLAUSE, "s#b"), link("")], [passage], SHIPPED.link) == NOTHING


def test_a_long_clause_is_shown_by_its_beginning():
    long = " ".join(f"word{n}" for n in range(100))
    finding = compare_links(SECTION, [link(long)], [Passage(PassageOp.REMOVED, (), long, "")], SHIPPED.link)
    shown = finding.evidence[0].text
    assert long.startswith(shown + " ")


def test_what_is_implemented_is_a_source_or_a_citation():
    assert compare_declared(["EU-DSA", "x"], "eu-dsa", [], 2.0).evidence[0].text == "EU-DSA"
    assert compare_declared(["eu:reg:2022/2065#art16"], "", ["eu:reg:2022/2065#art16"], 2.0).odds == 2.0
    assert compare_declared(["eu:reg:2022/2065"], "other", ["eu:reg:2022/2065#art16"], 2.0) == NOTHING
