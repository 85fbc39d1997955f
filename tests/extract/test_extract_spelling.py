import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extract.links import clean_link
from monitor.extract.normalise import find_invisible, fold

PERSIAN = "\u0645\u06cc\u200c\u062e\u0648"  # "I want", as far as the joiner matters
CODE = "2a" + "".join(f"{ord(letter) ^ 0x2A:02x}" for letter in "desk@example.org")
FAMILY = "\U0001f469\u200d\U0001f467"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  two\n\t words ", "two words"),
        ("a\u00a0b\u2009c\u3000d\u2028e", "a b c d e"),
        ("un\u00adfair", "unfair"),
        ("zero\u200bwidth\ufeff \u2060joined", "zerowidth joined"),
        ("a \u200b b", "a b"),
        ("left\u200e\u202aright\u202c", "leftright"),
        ("e\u0301", "é"),
        ("bell\x07", "bell"),
        ("x\u200cy z\u200d", "xy z"),
        (PERSIAN, PERSIAN),
        (FAMILY, FAMILY),
        (PERSIAN[:2] + "\u200c ab", PERSIAN[:2] + " ab"),
        ("“Quotes” – stay", "“Quotes” – stay"),
    ],
)
def test_what_nobody_sees_is_folded_away(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("target", "cleaned"),
    [
        ("https://example.org/a?b=1#c", "https://example.org/a?b=1#c"),
        ("/a?utm_source=x&b=1&UTM_Medium=y", "/a?b=1"),
        ("/a?gclid=1&fbclid=2&mc_cid=3&_ga=4#top", "/a#top"),
        ("/a;jsessionid=0A1B?b=1", "/a?b=1"),
        ("/a?PHPSESSID=1&sid=2&side=3", "/a?side=3"),
        ("/a?b=1&amp;utm_id=7&amp;c=2", "/a?b=1&c=2"),
        ("/a?flag&utm_id", "/a?flag"),
        ("?p=2", "?p=2"),
        (" /a\n/b ", "/a/b"),
        ("mailto:desk@example.org", "mailto:desk@example.org"),
        ("relative/path.html", "relative/path.html"),
        ("#section", ""),
        ("javascript:void(0)", ""),
        ("java\nscript:alert(1)", ""),
        ("DATA:text/html,x", ""),
        ("/a?", "/a"),
        ("?utm_source=x#top", ""),
        ("/rules#:~:text=minors", "/rules"),
        (f"/cdn-cgi/l/email-protection#{CODE}", "/cdn-cgi/l/email-protection#desk@example.org"),
        ("https://example.org/cdn-cgi/l/email-protection#a1b2c3", "https://example.org/cdn-cgi/l/email-protection#"),
        ("https://cdn.example/f.pdf?_nc_cat=1&oh=00_AfBxQ12345678901&oe=65ABCDEF&v=2", "https://cdn.example/f.pdf?v=2"),
        ("https://b.example/f.pdf?X-Amz-Date=2&X-Amz-Signature=f&versionId=3", "https://b.example/f.pdf?versionId=3"),
        ("https://c.example/f.pdf?Expires=1700000000&Signature=a&Key-Pair-Id=K&Policy=e", "https://c.example/f.pdf"),
        ("https://d.example/f.pdf?sv=2020&se=2024&sr=b&sp=r&sig=abc", "https://d.example/f.pdf"),
        ("/rules?policy=spam&sp=1&expires=never&oe=yes", "/rules?policy=spam&sp=1&expires=never&oe=yes"),
        ("/reset?token=abc&page=2&csrf_token=d&_=1700000000000", "/reset?page=2"),
        ("/logo.png?v=3&w=40", "/logo.png"),
        ("/rules.pdf?v=3", "/rules.pdf?v=3"),
        ("https://l.example/l.php?u=https%3A%2F%2Fexample.org%2Fa%3Fb%3D1&h=AT0", "https://example.org/a?b=1"),
        ("https://example.org/url?sa=D&amp;q=http://other.example/p&amp;ust=16", "http://other.example/p"),
        ("https://eu.safelinks.example/?url=https%3A%2F%2Fexample.org%2F%3Futm_id%3D1&data=05", "https://example.org/"),
        (
            "//out.example/redirect?url=https%3A%2F%2Fl.example%2Fl.php%3Fu%3Dhttps%253A%252F%252Fa.example",
            "https://a.example",
        ),
        ("/login?next=https://example.org/a", "/login?next=https://example.org/a"),
        ("/search?q=https://example.org/a", "/search?q=https://example.org/a"),
        ("/redirect?url=/local", "/redirect?url=/local"),
        ("", ""),
    ],
)
def test_links_lose_what_changes_from_visit_to_visit(target: str, cleaned: str) -> None:
    assert clean_link(target) == cleaned


PARTS = st.sampled_from(
    ["https://l.example/l.php?u=", "https%3A%2F%2Fa.example", "?", "&", "#", "sid=1", ";sid=2", "v=3", "/a.png", "%25"]
)


@given(st.text() | st.lists(PARTS, max_size=8).map("".join))
def test_cleaning_any_target_twice_is_cleaning_it_once(target: str) -> None:
    assert clean_link(clean_link(target)) == clean_link(target)


@pytest.mark.parametrize(
    ("text", "dropped"),
    [
        ("plain words", ""),
        ("café — “quoted”", ""),
        ("a\u00a0b", ""),
        ("co\u00adoperate \u2060here", "\u00ad\u2060"),
        ("é\x00\x07", ""),
        ("x\u200cy é", "\u200c"),
        (PERSIAN, ""),
    ],
)
def test_what_nobody_sees_is_named_apart_from_the_text(text, dropped):
    assert find_invisible(text) == dropped
