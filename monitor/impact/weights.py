"""Every number that weighs one reason against another, in log-odds: the shipped ones and those of a customer.

What is alike (words, meaning) is weighed by `Coefficients`, once for each situation: with a sentence model, without
one, and for a change in another language than the library's. Those numbers are fitted: `benchmarks/fit_matcher.py`
prints them. What is known for a fact (links, quotes, citations, topics, places) is judged: no labelled set has it.

Does not do: measuring what it weighs, learning (`monitor.impact.calibration`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from monitor.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Measures:
    """How alike a section is to a change; `Coefficients` says what each measure counts."""

    words: float
    level: float
    """Of the section that is most alike, the same for all: its cosine, or without a sentence model the logarithm of its
    score in words against the best possible one."""
    phrases: float
    feedback: float
    support: float
    meaning: float
    heading: float


@dataclass(frozen=True, slots=True)
class Coefficients:
    """Log-odds that a section is touched, by how alike it is to the change: `bias`, and what each measure counts."""

    bias: float
    words: float
    """Its score in words as a share of the best score in the library."""
    level: float
    """How near the best section is (see `Measures`). Negative: what is merely as near as everything says little."""
    phrases: float
    """The logarithm of 1 + the pairs of neighbouring words that it shares."""
    feedback: float
    """How alike it is in words to the sections that are most alike to the change, as a share of the best."""
    support: float
    """The mean share in words of the sections of its SOP."""
    meaning: float
    """The cosine, -1 to 1."""
    heading: float
    """The cosine of its headings alone, -1 to 1. Where this counts 0, it is not measured."""
    least_level: float
    """Below this `level` the library is not about the change at all, and no likeness tags anything."""

    def odds(self, measures: Measures) -> float:
        """The log-odds."""
        return (
            self.bias
            + self.words * measures.words
            + self.level * max(measures.level, self.least_level)
            + self.phrases * measures.phrases
            + self.feedback * measures.feedback
            + self.support * measures.support
            + self.meaning * measures.meaning
            + self.heading * measures.heading
        )


@dataclass(frozen=True, slots=True)
class Weights:
    """All that decides on a probability. Change one with `dataclasses.replace`, or many with `Weights.of`."""

    joined: Coefficients
    """Words and meaning."""
    lexical: Coefficients
    """Words alone, where no sentence model is installed."""
    foreign: Coefficients
    """Meaning alone: between two languages words only mislead."""
    link: float
    """A person confirmed this clause for the section, or the section declares that it implements it."""
    quote: float
    """The section has words of the old text that are no longer there."""
    same_citation: float
    related_citation: float
    """Both cite the same law, at least one of them as a whole."""
    shared_topic: float
    same_jurisdiction: float
    related_jurisdiction: float
    """A member state and the EU, a state and its country."""
    other_jurisdiction: float
    floor: float
    """The least probability that is tagged."""

    def __post_init__(self) -> None:
        if not 0 < self.floor < 1:
            raise ConfigurationError(f"weights: floor is {self.floor}. It must lie between 0 and 1.")

    @staticmethod
    def of(given: Mapping[str, Any]) -> Weights:
        """The shipped weights with those `given`: `{"floor": 0.1, "joined": {"bias": -5}}`.

        Raises ConfigurationError for a name that there is not, a value that is no number, a probability out of range.
        """
        return replace(SHIPPED, **_read(SHIPPED, given, ""))


def _read(shipped: Weights | Coefficients, given: Mapping[str, Any], within: str) -> dict[str, Any]:
    """The values given, each as the field of `shipped` wants it."""
    known = [each.name for each in fields(shipped)]
    unknown = sorted(given.keys() - set(known))
    if unknown:
        raise ConfigurationError(f"weights: there is no {within}{unknown[0]}. Known are {', '.join(known)}.")
    return {name: _read_value(getattr(shipped, name), value, within + name) for name, value in given.items()}


def _read_value(shipped: float | Coefficients, given: object, name: str) -> float | Coefficients:
    if isinstance(shipped, Coefficients):
        if not isinstance(given, Mapping):
            raise ConfigurationError(f"weights: {name} is {given!r}. It must be a mapping of names to numbers.")
        return replace(shipped, **_read(shipped, given, f"{name}."))
    if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given):
        raise ConfigurationError(f"weights: {name} is {given!r}. It must be a number.")
    return float(given)


SHIPPED = Weights(
    joined=Coefficients(
        bias=-2.57,
        words=1.19,
        level=-6.57,
        phrases=0.48,
        feedback=0.71,
        support=0.59,
        meaning=5.35,
        heading=1.78,
        least_level=0.295,
    ),
    lexical=Coefficients(
        bias=-3.94,
        words=2.08,
        level=0.0,
        phrases=0.42,
        feedback=1.04,
        support=0.62,
        meaning=0.0,
        heading=0.0,
        least_level=-1.02,
    ),
    foreign=Coefficients(
        bias=-2.74,
        words=0.0,
        level=-7.1,
        phrases=0.0,
        feedback=0.0,
        support=0.0,
        meaning=10.5,
        heading=0.0,
        least_level=0.25,
    ),
    link=4.0,
    quote=2.0,
    same_citation=2.5,
    related_citation=1.2,
    shared_topic=0.4,
    same_jurisdiction=0.4,
    related_jurisdiction=0.2,
    other_jurisdiction=-1.5,
    floor=0.02,
)
