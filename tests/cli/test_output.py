"""How facts are shown to people: marks that survive without colour."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.cli.output import passage_text
from monitor.model import Passage, PassageOp


def shown(op, before, after, heading=()):
    return passage_text(Passage(op, heading, before, after)).plain


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("must be 16 or older", "must be 18 or older", "~ must be [-16-] {+18+} or older"),
        ("kind", "civil", "~ [-kind-]{+civil+}"),
        ("now", "now then", "~ now {+then+}"),
    ],
)
def test_changed_words_are_marked_and_spaces_are_not(before, after, expected):
    assert shown(PassageOp.REWORDED, before, after) == expected


@pytest.mark.parametrize(
    ("op", "before", "after", "expected"),
    [
        (PassageOp.ADDED, "", "New.", "Rules › Ages\n+ New."),
        (PassageOp.REMOVED, "Old.", "", "Rules › Ages\n- Old."),
        (PassageOp.MOVED, "Same.", "Same.", "Rules › Ages\n↕ Same."),
    ],
)
def test_a_passage_stands_under_its_heading_path(op, before, after, expected):
    assert shown(op, before, after, ("Rules", "Ages")) == expected


@given(st.text(), st.text())
def test_any_two_texts_can_be_shown(before, after):
    assert shown(PassageOp.REWORDED, before, after).startswith("~ ")
