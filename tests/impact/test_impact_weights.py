from __future__ import annotations

import math

import pytest

from monitor.errors import ConfigurationError
from monitor.impact.weights import SHIPPED, Weights


def test_given_weights_take_the_place_of_the_shipped_ones_and_the_others_stay():
    weights = Weights.of({"floor": 0.1, "joined": {"bias": -5}})
    assert (weights.floor, weights.joined.bias) == (0.1, -5.0)
    assert (weights.link, weights.joined.meaning) == (SHIPPED.link, SHIPPED.joined.meaning)
    assert Weights.of({}) == SHIPPED


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"flor": 0.1}, "there is no flor. Known are joined,"),
        ({"joined": {"words": 1, "biass": 1}}, "there is no joined.biass"),
        ({"joined": 3}, "joined is 3. It must be a mapping"),
        ({"link": "much"}, "link is 'much'. It must be a number"),
        ({"link": True}, "link is True"),
        ({"lexical": {"bias": math.nan}}, "lexical.bias is nan"),
        ({"floor": 0}, "floor is 0.0. It must lie between 0 and 1"),
        ({"floor": 1.5}, "floor is 1.5. It must lie between 0 and 1"),
    ],
)
def test_a_weight_that_cannot_be_used_is_named(given, message):
    with pytest.raises(ConfigurationError) as error:
        Weights.of(given)
    assert message in str(error.value)
