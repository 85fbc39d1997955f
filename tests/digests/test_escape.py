"""Text from outside is harmless wherever it is shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.escape import find_link, markdown, markdown_with_code, mrkdwn, plain


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("two\nlines\tand  a tab", "two lines and a tab"),
        ("safe\u202egpj.exe", "safegpj.exe"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("bell\x07 and null\x00", "bell and null"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("hidden\U000e0041\U000e0042 tags", "hidden tags"),
        ("", ""),
    ],
)
def test_plain_text_is_one_line_without_invisible_tricks(text, shown):
    assert plain(text) == shown


def test_plain_text_is_cut_with_an_ellipsis_within_the_limit():
    assert plain("a long heading", 7) == "a long…"
    assert plain("exactly", 7) == "exactly"


@given(st.text(), st.integers(1, 20))
def test_plain_text_never_exceeds_its_limit_and_stays_as_it_is_when_cleaned_again(text, limit):
    assert len(plain(text, limit)) <= limit
    assert plain(plain(text)) == plain(text)


def test_mentions_and_links_are_dead_in_mrkdwn():
    assert mrkdwn("<!channel> & <@U1> <https://a|b>") == "&lt;!channel&gt; &amp; &lt;@U1&gt; &lt;https://a|b&gt;"


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("*bold* _it_ `code`", r"\*bold\* \_it\_ \`code\`"),
        ("[click](https://evil.example)", r"\[click\](https://evil.example)"),
        ("<script>", r"\<script>"),
        ("~~gone~~", r"\~\~gone\~\~"),
        ("# heading", r"\# heading"),
        ("1. item", r"1\. item"),
        ("- item", r"\- item"),
        ("> quote", r"\> quote"),
        ("&lt;b&gt; and R&D", r"\&lt;b\&gt; and R&D"),
        ("Article 28 applies.", "Article 28 applies."),
    ],
)
def test_nothing_is_markup_in_markdown_and_plain_sentences_stay_readable(text, escaped):
    assert markdown(text) == escaped


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("Run `monitor run` again.", "Run `monitor run` again."),
        ("`a_b` and a_b", r"`a_b` and a\_b"),
        ("`x`. Then 1. <b>", r"`x`. Then 1. \<b>"),
        ("# one ` alone", r"\# one \` alone"),
        ("an empty `` pair", r"an empty \`\` pair"),
        ("", ""),
    ],
)
def test_only_words_in_backticks_are_markup_where_code_is_meant(text, escaped):
    assert markdown_with_code(text) == escaped


@pytest.mark.parametrize("url", ["https://a.example/x?y=1#z", "http://a.example"])
def test_http_addresses_are_links(url):
    assert find_link(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://a.example",
        "https://",
        "/rules",
        "https://[::1",
        "https://a\u202eb",
    ],
)
def test_other_addresses_are_no_links(url):
    assert find_link(url) is None


def test_characters_that_end_a_link_are_encoded():
    assert find_link("https://a.example/a(b)<c>|d e") == "https://a.example/a%28b%29%3Cc%3E%7Cd%20e"
