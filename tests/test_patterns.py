"""Expressions that are compiled when they are first used."""

from __future__ import annotations

import re

import pytest

from monitor.patterns import LatePattern


def test_an_expression_is_compiled_by_its_first_use_and_not_before():
    late = LatePattern("(")
    with pytest.raises(re.error):
        late.search("")


@pytest.mark.parametrize(
    ("ask", "text"),
    [
        (lambda pattern, text: pattern.match(text).span(), "Ab ab"),
        (lambda pattern, text: pattern.fullmatch(text).span(), "AB"),
        (lambda pattern, text: pattern.search(text, 1).span(), "ab ab"),
        (lambda pattern, text: [each.span() for each in pattern.finditer(text)], "ab AB"),
        (lambda pattern, text: pattern.sub("-", text), "ab AB"),
    ],
)
def test_it_answers_as_one_that_is_compiled_at_once(ask, text):
    assert ask(LatePattern("ab", re.IGNORECASE), text) == ask(re.compile("ab", re.IGNORECASE), text)
