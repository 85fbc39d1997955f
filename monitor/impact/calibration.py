"""Bringing probabilities to what a customer's own decisions say, by the intercept alone.

How many of the tagged sections are confirmed differs from one library to the next far more than what speaks for a tag,
while a new slope or isotonic regression does no better until there are about 1,000 decisions.

The tags of one change are mostly right together or wrong together, so that 100 decisions about ten changes say little
more than ten would; and memory, which learns from the same decisions, has brought later tags nearer already. So the
library is expected near the weights that it has, and moved by what can hardly be chance. Measured by
`benchmarks/feedback.py`, the calibration error (ECE) after 100 decisions, as it was → recalibrated: .257 → .122 in a
library that the weights do not fit; .029 → .028 and .044 → .039 in two that they fit, with memory .021 → .023 and
.037 → .042. A `PRIOR_DEVIATION` of .7, as if each decision stood for itself, gives .101 in the first, and after 30
decisions .049 for .044 and, with memory, .061 for .034 in the last.

Does not do: reading decisions (`monitor.replaying`), changing the order of sections (`monitor.impact.memory` does).
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.impact.weights import Weights

PRIOR_DEVIATION = 0.25
"""How far, in log-odds, a library is expected to lie from the weights that it has: after 30 decisions a quarter of what
they say is believed, after 100 half, after 500 nearly all."""
LEAST_DECISIONS = 30
"""Of fewer, most that could be said would be chance: they come from a handful of changes."""
SITUATIONS = ("joined", "lexical", "foreign")
"""The `Weights` that have an intercept. All are moved alike: it is the library that differs, not how it is compared."""
MAX_SHIFT = 10.0
_HALVINGS = 50


def recalibrate(weights: Weights, shown: Sequence[tuple[float, bool]]) -> Weights:
    """`weights` with the intercepts that fit what was `shown`: the log-odds of each tag, and whether it was confirmed.

    The log-odds are those by `weights`. The shift is the most probable one (maximum a posteriori, normal prior).
    """
    shift = _find_shift(shown)
    coefficients = {name: getattr(weights, name) for name in SITUATIONS}
    return replace(weights, **{name: replace(each, bias=each.bias + shift) for name, each in coefficients.items()})


def _find_shift(shown: Sequence[tuple[float, bool]]) -> float:
    """Where the slope of the posterior is 0; it falls throughout, so that halving finds the place."""
    low, high = -MAX_SHIFT, MAX_SHIFT
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if _slope(middle, shown) > 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _slope(shift: float, shown: Sequence[tuple[float, bool]]) -> float:
    missing = sum(is_confirmed - to_probability(odds + shift) for odds, is_confirmed in shown)
    return missing - shift / PRIOR_DEVIATION**2


def to_probability(odds: float) -> float:
    """The probability of these log-odds."""
    return 1 / (1 + math.exp(-odds)) if odds > 0 else math.exp(odds) / (1 + math.exp(odds))


def to_odds(probability: float) -> float:
    """The log-odds of a probability between 0 and 1, both excluded."""
    return math.log(probability / (1 - probability))
