"""What is drawn in Python and not in a template."""

from __future__ import annotations

import pytest

from monitor.web.rendering import mark_up


@pytest.mark.parametrize(("pieces", "expected"), [
    ([], ""),
    ([("same", "Pay ", ""), ("removed", "14", ""), ("added", "30", ""), ("same", " days", "")],
     "Pay <del>14</del><ins>30</ins> days"),
    ([("same", "a", ""), ("added", " new word ", ""), ("same", "b", "")], "a <ins>new word</ins> b"),
    ([("added", "within ", ""), ("added", "14 days", "quote"), ("added", " of it", "")],
     '<ins>within <mark class="quote">14 days</mark> of it</ins>'),
    ([("removed", "a", ""), ("added", " ", ""), ("same", "b", "")], "<del>a</del> b"),
    ([("same", "a <script> & \u202eb\n c", "")], "a &lt;script&gt; &amp; b c"),
    ([("same", "a", ""), ("same", " \u2026 2 words \u2026 ", "gap"), ("removed", " b", "")],
     'a <span class="gap" lang="en">\u2026 2 words \u2026</span>  <del>b</del>'),
    ([("same", "x", '"><')], '<mark class="&#34;&gt;&lt;">x</mark>'),
])  # fmt: skip
def test_pieces_are_marked_with_the_spaces_between_them_outside_of_the_marks(pieces, expected):
    assert mark_up(pieces) == expected
