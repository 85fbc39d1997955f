"""What to do where nothing at an address can be watched, in words for somebody who has no entry yet."""

from __future__ import annotations

import re

import pytest

from monitor.discovery.advice import advise
from monitor.model import ProblemKind

OF_THE_FILE = re.compile(r"sources\.yaml|due time|`url`|`kind`|\bID\b|enabled|overrule", re.IGNORECASE)


@pytest.mark.parametrize("problem", ProblemKind)
def test_no_advice_is_meant_for_a_source_of_the_file(problem):
    assert not OF_THE_FILE.search(advise(problem))


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (202, "try again in some minutes"),
        (401, "public address"),
        (403, "refuses automated readers"),
        (404, "stands somewhere else now"),
        (429, "asked too often"),
        (451, "not shown where this machine stands"),
        (503, "server is in trouble"),
        (None, "stands somewhere else now"),
    ],
)
def test_an_answer_without_a_text_is_explained_by_its_status(status, said):
    assert said in advise(ProblemKind.HTTP_ERROR, status)


def test_the_status_counts_for_nothing_else():
    assert advise(ProblemKind.SOFT_404, 503) == advise(ProblemKind.SOFT_404)


def test_where_nothing_can_be_done_nothing_is_said():
    assert advise(ProblemKind.GAP) == ""
