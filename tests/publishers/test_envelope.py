"""Several answers as one body: nothing lost, nothing added, and nothing taken for an envelope that is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.envelope import Answer, pack, part, rows, unpack
from monitor.errors import ExtractionError
from monitor.publishers import read_envelope

ANSWER = st.builds(
    Answer, st.text(st.characters(exclude_categories=["Cs"])), st.integers(0, 999), st.text("a/;="), st.binary()
)
ANSWERS = st.lists(ANSWER, min_size=1)


@given(ANSWERS)
def test_what_is_packed_comes_out_again(answers):
    assert unpack(pack(answers)) == tuple(answers)


def test_an_envelope_can_be_read_by_people():
    assert pack([Answer("https://a.example/?q=ö", 200, "application/json", b'{"count": 0}')]).decode() == (
        '{"url": "https://a.example/?q=ö", "status": 200, "type": "application/json", "length": 12}\n{"count": 0}\n'
    )


@given(ANSWERS, st.integers(1, 50))
def test_an_envelope_that_was_cut_short_is_none(answers, missing):
    whole = pack(answers)
    cut = whole[: max(1, len(whole) - missing)]
    try:
        found = unpack(cut)
    except ValueError:
        return
    assert found == tuple(answers[: len(found)])  # cut exactly between two answers


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html></html>",
        b"{}\n",
        b"[]\n",
        b"7\n",
        b"\xff\n",
        b'{"length": "x"}\n',
        b'{"length": null}\n',
        b'{"length": 1e3}\n',
        b'{"length": 0, "more": 1}\n\n',
        b'{"length": -3, "url": "", "status": 1, "type": ""}\n',
    ],
)
def test_other_bytes_are_a_problem(body):
    with pytest.raises(ExtractionError) as raised:
        read_envelope("govinfo", body)
    assert raised.value.problem == "unreadable"


@pytest.mark.parametrize("body", [b"", b"no JSON", b"[1]", b"7", b"null", b"[" * 100_000, b"\xff"])
def test_an_answer_that_is_no_object_has_no_content(body):
    assert Answer("", 200, "", body).content == {}


@pytest.mark.parametrize("value", [None, 7, "text", {"a": 1}, [], [None, 7, "text"]])
def test_what_is_no_list_of_objects_has_no_rows(value):
    assert rows({"key": value}, "key") == []
    assert part({"key": [value]}, "key") == {}
