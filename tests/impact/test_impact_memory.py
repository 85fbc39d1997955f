"""What past decisions say for a section: for this source, for similar changes, for its SOP, and never too much."""

from __future__ import annotations

import random
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.impact.memory import MOST_ODDS, MOST_RECALLED, NO_MEMORY, Decided, Memory
from monitor.model import EvidenceKind

COOKIES = {"cooki": 3.0, "consent": 2.0, "banner": 1.0}
CONSENT = {"consent": 2.0, "cooki": 1.0, "withdraw": 1.0}
SCHOOLS = {"consent": 1.0, "parent": 2.0, "school": 2.0}
PARCELS = {"parcel": 3.0, "courier": 1.0}


def decided(section, verdict, stems, source="rules", times=1):
    """So many decisions, each about a change of its own."""
    sop_id = section.partition("#")[0]
    return [Decided(source, section, verdict, dict(stems), sop_id) for _ in range(times)]


def weigh(past, section="privacy#cookies", stems=COOKIES, source="rules"):
    return Memory(past).weigh(section, section.partition("#")[0], source, stems)


def reasons(finding):
    return [each.text for each in finding.evidence]


def test_without_decisions_nothing_is_said():
    assert not NO_MEMORY.weigh("privacy#cookies", "privacy", "rules", COOKIES).evidence
    assert NO_MEMORY.recall(COOKIES, "rules") == frozenset()
    assert weigh(decided("logistics#returns", True, COOKIES)).odds == 0


@pytest.mark.parametrize(
    ("past", "said"),
    [
        (decided("privacy#cookies", True, PARCELS, times=3), ["confirmed 3 times for this source"]),
        (decided("privacy#cookies", False, PARCELS, times=4), ["rejected 4 times for this source"]),
        (decided("privacy#cookies", True, COOKIES, source="other"), ["confirmed for a similar change"]),
        (decided("privacy#cookies", False, CONSENT, source="other", times=2), ["rejected for 2 similar changes"]),
        (
            decided("privacy#cookies", True, CONSENT),
            ["confirmed once for this source", "confirmed for a similar change"],
        ),
        (
            decided("privacy#cookies", True, PARCELS, times=9) + decided("privacy#cookies", False, PARCELS, times=2),
            ["confirmed 9 times, rejected twice for this source"],
        ),
        (decided("privacy#cookies", False, PARCELS, source="other"), ["rejected once for other sources"]),
        (decided("privacy#rights", True, CONSENT), ["another section of its SOP was confirmed for a similar change"]),
        (decided("privacy#rights", False, PARCELS), ["another section of its SOP was rejected before"]),
    ],
)
def test_the_reason_says_what_was_decided_where(past, said):
    finding = weigh(past)
    assert reasons(finding) == said
    assert {each.kind for each in finding.evidence} == {EvidenceKind.HISTORY}
    assert (finding.odds > 0) is said[0].replace("another section of its SOP was ", "").startswith("confirmed")


def test_a_similar_change_counts_more_than_an_unlike_one_and_the_section_more_than_its_sop():
    similar = weigh(decided("privacy#cookies", True, CONSENT)).odds
    somewhat = weigh(decided("privacy#cookies", True, SCHOOLS)).odds
    unlike = weigh(decided("privacy#cookies", True, PARCELS)).odds
    sibling = weigh(decided("privacy#rights", True, CONSENT)).odds
    assert similar > somewhat > unlike > 0
    assert similar > sibling > unlike


def test_decisions_for_this_source_count_more_than_those_for_others():
    here = weigh(decided("privacy#cookies", False, PARCELS, times=4)).odds
    elsewhere = weigh(decided("privacy#cookies", False, PARCELS, source="other", times=4)).odds
    assert here < elsewhere < 0


def test_each_further_decision_moves_less_than_the_one_before():
    odds = [weigh(decided("privacy#cookies", False, CONSENT, times=times)).odds for times in range(4)]
    steps = [before - after for before, after in pairwise(odds)]
    assert steps == sorted(steps, reverse=True)
    assert min(steps) > 0


def test_confirmations_and_rejections_for_similar_changes_are_set_against_each_other():
    both = decided("privacy#cookies", True, COOKIES) + decided("privacy#cookies", False, COOKIES, times=3)
    assert abs(weigh(both).odds) < abs(weigh(both[1:]).odds)


def test_a_section_confirmed_for_a_similar_change_comes_to_mind_though_it_shares_no_word():
    memory = Memory(decided("privacy#cookies", True, COOKIES, source="other"))
    assert memory.recall(CONSENT, "rules") == {"privacy#cookies"}
    assert memory.recall(PARCELS, "rules") == frozenset()


def test_a_section_rejected_as_often_as_confirmed_does_not_come_to_mind():
    past = decided("privacy#cookies", True, COOKIES) + decided("privacy#cookies", False, COOKIES)
    assert Memory(past).recall(COOKIES, "rules") == frozenset()


def test_less_likeness_is_enough_within_one_source():
    past = decided("privacy#cookies", True, {"consent": 1.0, "parent": 2.0, "school": 2.0, "age": 2.0, "child": 2.0})
    assert Memory(past).recall(CONSENT, "rules") == {"privacy#cookies"}
    assert Memory(past).recall(CONSENT, "other") == frozenset()


def test_only_the_most_alike_come_to_mind():
    alike = [decided(f"s#{n}", True, {"cooki": 1.0, "other": n / 30}) for n in range(30)]
    found = Memory([each for past in alike for each in past]).recall({"cooki": 1.0}, "rules")
    assert found == {f"s#{n}" for n in range(MOST_RECALLED)}


def test_counts_are_of_one_source():
    past = decided("privacy#cookies", True, COOKIES, times=2) + decided("privacy#cookies", False, COOKIES, "other")
    assert Memory(past).count("privacy#cookies", "rules") == (2, 0)
    assert Memory(past).count("privacy#cookies", "other") == (0, 1)


def test_a_section_whose_sop_is_not_known_says_nothing_for_others():
    past = [Decided("rules", "privacy#cookies", True, COOKIES)]
    assert Memory(past).weigh("privacy#rights", "privacy", "rules", COOKIES).odds == 0
    assert Memory(past).weigh("privacy#cookies", "privacy", "rules", COOKIES).odds > 0


STEMS = st.dictionaries(st.sampled_from("abcdefgh"), st.floats(0.1, 50), min_size=1)
PAST = st.lists(
    st.builds(
        Decided,
        st.sampled_from(["rules", "other"]),
        st.sampled_from(["s#1", "s#2", "t#1"]),
        st.booleans(),
        STEMS,
        st.sampled_from(["s", "t", ""]),
    ),
    max_size=60,
)


@given(past=PAST, query=STEMS)
def test_history_is_bounded_and_never_without_a_reason(past, query):
    memory = Memory(past)
    for section_id, sop_id in (("s#1", "s"), ("s#2", "s"), ("t#1", "t")):
        finding = memory.weigh(section_id, sop_id, "rules", query)
        assert abs(finding.odds) <= MOST_ODDS
        assert finding.evidence or abs(finding.odds) < 1e-9 or not any(each.sop_id == sop_id for each in past)


@given(past=PAST, query=STEMS)
def test_the_order_of_decisions_changes_nothing(past, query):
    one, other = Memory(past), Memory(past[::-1])
    assert one.recall(query, "rules") == other.recall(query, "rules")
    assert one.weigh("s#1", "s", "rules", query).odds == pytest.approx(other.weigh("s#1", "s", "rules", query).odds)


def test_five_thousand_decisions_are_weighed_in_time():
    rng = random.Random(1)
    changes = [{f"stem{int(6000 * rng.random() ** 2)}": 1 + rng.random() for _ in range(64)} for _ in range(1000)]
    past = [
        Decided(f"source{n % 50}", f"sop{rng.randrange(500)}#{n % 20}", rng.random() < 0.3, stems, f"sop{n % 500}")
        for n, stems in enumerate(changes * 5)
    ]
    memory = Memory(past)
    began = time.process_time()
    memory.recall(changes[0], "source1")
    for number in range(200):
        memory.weigh(f"sop{number}#1", f"sop{number}", "source1", changes[0])
    assert time.process_time() - began < 0.05
