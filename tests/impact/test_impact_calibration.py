from __future__ import annotations

import random
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.impact.calibration import recalibrate, to_odds, to_probability
from monitor.impact.weights import SHIPPED

ODDS = [-3.0, -2.0, -1.0, 0.0, 1.0]


def shift(shown):
    return recalibrate(SHIPPED, shown).joined.bias - SHIPPED.joined.bias


def decisions(count, true_shift, seed=1):
    """Tags shown with these log-odds, confirmed as if the true ones were so much higher."""
    chance = random.Random(seed)
    return [(odds, chance.random() < to_probability(odds + true_shift)) for odds in chance.choices(ODDS, k=count)]


def test_without_decisions_nothing_changes():
    assert shift([]) == pytest.approx(0)


@pytest.mark.parametrize("is_confirmed", [True, False])
def test_a_few_decisions_change_little(is_confirmed):
    assert abs(shift([(-1.0, is_confirmed)] * 2)) < 0.6


@pytest.mark.parametrize("true_shift", [-1.0, 1.0])
def test_many_decisions_find_the_shift_and_a_hundred_a_part_of_it(true_shift):
    assert shift(decisions(5000, true_shift)) == pytest.approx(true_shift, abs=0.2)
    assert 0.3 < shift(decisions(100, true_shift)) / true_shift < 0.8


def test_tags_that_are_right_or_wrong_together_hardly_spoil_weights_that_are_right():
    chance = random.Random(1)
    shifts = []
    for _ in range(30):
        luck = [chance.random() for _ in range(10)]
        shifts.append(shift([(odds, each < to_probability(odds)) for each in luck for odds in ODDS * 2]))
    assert fmean(map(abs, shifts)) < 0.25


def test_only_the_intercepts_move_and_all_alike():
    changed = recalibrate(SHIPPED, [(0.0, False)] * 20)
    moved = {
        name: getattr(changed, name).bias - getattr(SHIPPED, name).bias for name in ("joined", "lexical", "foreign")
    }
    assert len({round(each, 9) for each in moved.values()}) == 1
    assert changed.joined.meaning == SHIPPED.joined.meaning
    assert changed.floor == SHIPPED.floor


@given(st.lists(st.tuples(st.floats(-500, 500), st.booleans()), max_size=20))
def test_any_decisions_can_be_learned_from(shown):
    assert abs(shift(shown)) < 10


@given(st.floats(0.001, 0.999))
def test_odds_and_probabilities_turn_into_each_other(probability):
    assert to_probability(to_odds(probability)) == pytest.approx(probability)
