from __future__ import annotations

import pytest

from monitor.impact.facts import (
    OTHER_JURISDICTION,
    RELATED_CITATION,
    RELATED_JURISDICTION,
    SAME_CITATION,
    SAME_JURISDICTION,
    SHARED_TOPIC,
    compare_citations,
    compare_jurisdictions,
    compare_topics,
)


@pytest.mark.parametrize(
    ("cited", "declared", "odds", "shown"),
    [
        ("eu:reg:2022/2065#art16", "eu:reg:2022/2065#art16", SAME_CITATION, "eu:reg:2022/2065#art16"),
        ("EU:REG:2022/2065#Art16", "eu:reg:2022/2065#art16", SAME_CITATION, "EU:REG:2022/2065#Art16"),
        ("eu:reg:2022/2065#art16", "eu:reg:2022/2065", RELATED_CITATION, "eu:reg:2022/2065"),
        ("eu:reg:2022/2065", "eu:reg:2022/2065#art16", RELATED_CITATION, "eu:reg:2022/2065"),
        ("eu:reg:2022/2065#art28(1)", "eu:reg:2022/2065#art28", RELATED_CITATION, "eu:reg:2022/2065#art28"),
        ("us:cfr:16/312.4", "us:cfr:16/312", RELATED_CITATION, "us:cfr:16/312"),
        ("eu:reg:2022/2065#art1", "eu:reg:2022/2065#art16", 0.0, None),
        ("us:usc:18/2258A", "us:usc:18/2258", 0.0, None),
        ("eu:reg:2022/2065#art16", "eu:reg:2016/679#art16", 0.0, None),
    ],
)
def test_a_law_covers_its_articles_and_no_longer_number(cited, declared, odds, shown):
    finding = compare_citations([cited], [declared])
    assert finding.odds == odds
    assert [each.text for each in finding.evidence] == ([shown] if shown else [])


def test_the_closest_pair_of_citations_counts_and_each_shared_one_is_shown_once():
    finding = compare_citations(
        ["eu:reg:2022/2065#art16", "eu:reg:2022/2065#art17", "eu:reg:2022/2065"],
        ["eu:reg:2022/2065#art16", "eu:dir:2006/42"],
    )
    assert finding.odds == SAME_CITATION
    assert [each.text for each in finding.evidence] == ["eu:reg:2022/2065", "eu:reg:2022/2065#art16"]


def test_several_shared_topics_count_as_one_and_are_all_shown():
    finding = compare_topics(["Spam", "child-safety", "ads"], ["child-safety", "spam"])
    assert finding.odds == SHARED_TOPIC
    assert [each.text for each in finding.evidence] == ["child-safety", "spam"]
    assert compare_topics(["ads"], ["spam"]).odds == 0


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
    finding = compare_jurisdictions(source, sop)
    assert finding.odds == odds
    assert bool(finding.evidence) == (odds > 0)
