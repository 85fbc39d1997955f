from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import ExtractionError
from monitor.feeds import MAX_BYTES, Feed, parse_feed
from monitor.model import ProblemKind


def rss(items: str, title: str = "News") -> bytes:
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title>{items}</channel></rss>'.encode()


def atom(entries: str) -> bytes:
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>{entries}</feed>'.encode()


def only_entry(body: bytes, content_type: str | None = "application/rss+xml"):
    (entry,) = parse_feed(body, content_type).entries
    return entry


def test_an_rss_item_becomes_an_entry() -> None:
    entry = only_entry(
        rss(
            "<item><guid>g-1</guid><title>New &lt;b&gt;duties&lt;/b&gt;</title>"
            "<link>https://reg.example/1?utm_source=rss</link>"
            "<pubDate>Fri, 17 Jul 2026 12:00:00 +0200</pubDate>"
            "<description><![CDATA[<p>They <b>must</b> act.</p><h2>Dates</h2><ul><li>1 May</ul>]]></description></item>"
        )
    )
    assert (entry.identity, entry.url, entry.title) == ("g-1", "https://reg.example/1", "New duties")
    assert entry.published_at == datetime(2026, 7, 17, 10, tzinfo=UTC)
    assert [(block.kind.value, block.text, block.heading) for block in entry.blocks] == [
        ("heading", "New duties", ("New duties",)),
        ("paragraph", "They must act.", ("New duties",)),
        ("heading", "Dates", ("New duties", "Dates")),
        ("item", "1 May", ("New duties", "Dates")),
    ]


def test_an_atom_entry_prefers_its_content_to_its_summary() -> None:
    entry = only_entry(
        atom(
            "<entry><id>urn:x:1</id><title>T</title><updated>2026-05-01T10:00:00Z</updated><summary>Short.</summary>"
            '<content type="text">Ages &lt; 13 &amp; up</content></entry>'
        )
    )
    assert [block.text for block in entry.blocks] == ["T", "Ages < 13 & up"]
    assert entry.published_at == datetime(2026, 5, 1, 10, tzinfo=UTC)


def test_an_empty_content_leaves_the_summary() -> None:
    entry = only_entry(atom('<entry><id>1</id><content type="html"></content><summary>Short.</summary></entry>'))
    assert [(block.text, block.heading) for block in entry.blocks] == [("Short.", ())]


@pytest.mark.parametrize(
    ("item", "identity"),
    [
        ("<guid>tag:x,2026:1</guid><link>https://a.example/1</link><title>T</title>", "tag:x,2026:1"),
        ("<link>https://a.example/1?gclid=7&amp;id=2</link><title>T</title>", "https://a.example/1?id=2"),
        ("<title>T &amp; more</title>", "T & more"),
    ],
)
def test_identity_is_the_id_else_the_link_else_the_title(item: str, identity: str) -> None:
    assert only_entry(rss(f"<item>{item}</item>")).identity == identity


def test_an_entry_without_any_of_them_is_left_out() -> None:
    assert parse_feed(rss("<item><description>Who am I?</description></item>"), None).entries == ()


def item(identity: str, title: str, date: str) -> str:
    return f"<item><guid>{identity}</guid><title>{title}</title>{date}</item>"


@pytest.mark.parametrize(
    ("dates", "kept"),
    [
        (
            ("<pubDate>Fri, 01 May 2026 00:00:00 GMT</pubDate>", "<pubDate>Sat, 02 May 2026 00:00:00 GMT</pubDate>"),
            "later",
        ),
        (
            ("<pubDate>Sat, 02 May 2026 00:00:00 GMT</pubDate>", "<pubDate>Fri, 01 May 2026 00:00:00 GMT</pubDate>"),
            "first",
        ),
        (("", "<pubDate>Fri, 01 May 2026 00:00:00 GMT</pubDate>"), "later"),
        (("", ""), "first"),
        (("<pubDate>soon</pubDate>", "<pubDate>later</pubDate>"), "first"),
    ],
)
def test_of_one_identity_the_newest_counts(dates: tuple[str, str], kept: str) -> None:
    feed = parse_feed(rss(item("1", "first", dates[0]) + item("2", "other", "") + item("1", "later", dates[1])), None)
    assert [entry.title for entry in feed.entries] == [kept, "other"]


@pytest.mark.parametrize("date", ["soon", "Fri, 99 Foo 2026", "", "0000-00-00T00:00:00Z"])
def test_a_date_that_cannot_be_read_is_none(date: str) -> None:
    assert only_entry(rss(item("1", "T", f"<pubDate>{date}</pubDate>"))).published_at is None


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,x", "ftp://a.example/f", "blog/1", "//a.example", ""]
)
def test_only_web_addresses_become_an_entrys_address(link: str) -> None:
    assert only_entry(rss(f"<item><guid isPermaLink='false'>1</guid><link>{link}</link></item>")).url == ""


def test_scripts_in_entries_are_not_text() -> None:
    entry = only_entry(
        rss("<item><guid>1</guid><description>&lt;script&gt;evil()&lt;/script&gt;Fine.</description></item>")
    )
    assert [block.text for block in entry.blocks] == ["Fine."]


@pytest.mark.parametrize(
    ("encoding", "declared", "content_type"),
    [
        ("iso-8859-1", 'encoding="iso-8859-1"', "application/rss+xml"),
        ("utf-8", "", "text/xml"),
        ("utf-8-sig", "", "application/xml"),
        ("utf-8", "", None),
        ("windows-1252", "", "application/xml; charset=windows-1252"),
        ("utf-8", "", "text/html"),
    ],
)
def test_letters_are_read_in_the_encoding_of_the_feed(encoding: str, declared: str, content_type: str | None) -> None:
    body = f'<?xml version="1.0" {declared}?><rss version="2.0"><channel><title>Größe, naïve</title></channel></rss>'
    assert parse_feed(body.encode(encoding), content_type).title == "Größe, naïve"


def test_shift_jis_is_read() -> None:
    body = (
        '<?xml version="1.0" encoding="Shift_JIS"?><rss version="2.0"><channel><title>利用規約</title></channel></rss>'
    )
    assert parse_feed(body.encode("shift_jis"), None).title == "利用規約"


@pytest.mark.parametrize(
    "body",
    [
        rss(""),
        atom(""),
        (
            b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
            b"<channel><title>News</title></channel></rdf:RDF>"
        ),
    ],
)
def test_a_feed_without_entries_is_a_feed(body: bytes) -> None:
    assert parse_feed(body, "application/xml") == Feed("News", ())


def test_a_feed_with_broken_markup_is_read_as_far_as_it_goes() -> None:
    body = b"<rss version='2.0'><channel><title>News</title><item><guid>1</guid><title>A & B</title></item>"
    assert only_entry(body).title == "A & B"


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"<!DOCTYPE html><html><body><p>News moved.</p>", "an HTML page"),
        (b"\xef\xbb\xbf<html><body>News", "an HTML page"),
        (b'{"version": "https://jsonfeed.org/version/1.1"}', "JSON"),
        (b'<?xml version="1.0"?><sitemap/>', "XML of another kind"),
        (b"Service unavailable", "text of some kind"),
    ],
)
def test_what_is_no_feed_is_named(body: bytes, what: str) -> None:
    with pytest.raises(ExtractionError, match=f"is {what}, neither RSS nor Atom") as caught:
        parse_feed(body, "application/rss+xml")
    assert caught.value.problem is ProblemKind.NOT_A_FEED


def test_a_bot_wall_in_place_of_a_feed_is_blocked() -> None:
    with pytest.raises(ExtractionError) as caught:
        parse_feed(b"<html><title>Just a moment...</title><script>_cf_chl_opt</script></html>", "text/html")
    assert caught.value.problem is ProblemKind.BLOCKED


def test_a_feed_above_five_megabytes_is_refused_unread() -> None:
    with pytest.raises(ExtractionError, match="the feed has 5000 kB, more than") as caught:
        parse_feed(rss("") + b" " * MAX_BYTES, None)
    assert caught.value.problem is ProblemKind.UNREADABLE


def test_bytes_that_look_like_an_address_are_never_opened(tmp_path) -> None:
    path = tmp_path / "feed.xml"
    path.write_bytes(rss(item("1", "T", "")))
    with pytest.raises(ExtractionError, match="text of some kind"):
        parse_feed(str(path).encode(), None)


@pytest.mark.parametrize("broken", ["<title>&#1114112;</title><", "<title>&#xD800;</title><"])
def test_markup_that_breaks_the_parser_is_unreadable(broken: str) -> None:
    with pytest.raises(ExtractionError, match="cannot be parsed") as caught:
        parse_feed(b"<rss version='2.0'><channel>" + broken.encode(), None)
    assert caught.value.problem is ProblemKind.UNREADABLE


def test_a_page_that_breaks_the_parser_is_still_a_page() -> None:
    with pytest.raises(ExtractionError, match="is an HTML page"):
        parse_feed(b"<html><title>&#1114112;</title><p>", "text/html")


@given(st.one_of(st.binary(), st.binary().map(lambda body: rss("<item><guid>1</guid>") + body)))
def test_any_bytes_give_a_feed_or_a_problem(body: bytes) -> None:
    try:
        feed = parse_feed(body, "application/xml")
    except ExtractionError:
        return
    assert len({entry.identity for entry in feed.entries}) == len(feed.entries)


@pytest.mark.parametrize("written", ["&#55357;&#56832;", "&#xD83D;&#xDE00;", "&#xd83d;&#56832;", "&#128512;"])
def test_an_emoji_in_two_halves_does_not_spoil_the_feed(written):
    feed = f"<rss version='2.0'><channel><title>News</title><item><title>Hi {written}</title></item></channel></rss>"
    assert [entry.title for entry in parse_feed(feed.encode(), "text/xml").entries] == ["Hi \U0001f600"]
