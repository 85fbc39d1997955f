import html
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
        (b'{"version": "https://jsonfeed.org/version/1.1"}', "JSON of another kind"),
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


@pytest.mark.parametrize(
    "body",
    [
        "<?xml version='1.0'?><rss version='2.0'><channel><title>News of the po",
        "<rss version='2.0'><channel><title>News</title>",
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>News</title>",
        "<rss version='2.0'><channel><title>News</title></wrong></rss>",
    ],
)
def test_a_feed_that_is_damaged_before_its_first_entry_is_no_feed_without_entries(body):
    with pytest.raises(ExtractionError, match="cut off or damaged before its first entry") as caught:
        parse_feed(body.encode(), "application/rss+xml")
    assert caught.value.problem is ProblemKind.BROKEN


def test_a_feed_that_is_cut_off_after_an_entry_is_read_as_far_as_it_goes():
    body = rss(item("1", "T", "")).rpartition(b"</channel>")[0]
    assert [entry.title for entry in parse_feed(body, None).entries] == ["T"]


@pytest.mark.parametrize("title", ["News&nbsp;of ponds", "", "Größe"])
def test_a_feed_that_is_whole_may_hold_no_entry(title):
    body = f"<rss version='2.0'><channel><title>{title}</title></channel></rss>"
    assert parse_feed(body.encode(), None).entries == ()


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


@pytest.mark.parametrize(
    ("declared", "content_type", "encoding"),
    [
        ('encoding="utf-8"', "text/xml; charset=ISO-8859-1", "utf-8"),
        ('encoding="ISO-8859-1"', "text/xml", "utf-8"),
        ('encoding="utf-8"', "application/rss+xml; charset=utf-8", "windows-1252"),
        ('encoding="utf-16"', "application/xml", "utf-8"),
        ("encoding='no-such-thing'", "application/xml", "utf-8"),
        ('encoding="utf-8"', "application/xml", "utf-16"),
    ],
)
def test_a_wrong_declaration_does_not_spoil_letters(declared: str, content_type: str, encoding: str) -> None:
    items = "".join(f"<item><guid>{number}</guid><title>Größe, naïve</title></item>" for number in range(5))
    body = (
        f'<?xml version="1.0" {declared}?><rss version="2.0"><channel><title>Maß – Größe</title>{items}</channel></rss>'
    )
    assert parse_feed(body.encode(encoding), content_type).title == "Maß – Größe"


@pytest.mark.parametrize("declared", ["Shift_JIS", "utf-8", "x-sjis"])
def test_japanese_is_read_whatever_is_declared(declared: str) -> None:
    body = (
        f'<?xml version="1.0" encoding="{declared}"?><rdf:RDF xmlns="http://purl.org/rss/1.0/" '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<channel><title>新着情報のお知らせ</title></channel>"
        '<item rdf:about="https://soumu.example/1"><title>利用規約の改正について意見を募集します</title>'
        "<link>https://soumu.example/1</link><dc:date>2026-07-17T10:00:00+09:00</dc:date></item></rdf:RDF>"
    )
    charset = "" if declared == "utf-8" else "; charset=Shift_JIS"
    entry = only_entry(body.encode("shift_jis"), f"text/xml{charset}")
    assert (entry.identity, entry.title) == ("https://soumu.example/1", "利用規約の改正について意見を募集します")
    assert entry.published_at == datetime(2026, 7, 17, 1, tzinfo=UTC)
    assert entry.published_at.day == 17  # in the zone of the publisher


@pytest.mark.parametrize("dirt", ["\x00", "\x0b", "\x1f", "\uffff"])
def test_characters_that_xml_forbids_are_left_out(dirt: str) -> None:
    assert only_entry(rss(f"<item><guid>1</guid><title>A{dirt}B</title></item>")).title == "AB"


def test_a_blank_line_before_the_declaration_is_forgiven() -> None:
    assert parse_feed(b"\n \n" + rss(""), None).title == "News"


BASED = '<rss version="2.0" xml:base="https://base.example/en/"><channel><title>N</title>{}</channel></rss>'
LINKED = '<rss version="2.0"><channel><title>N</title><link>https://chan.example/en/news</link>{}</channel></rss>'
SELF = (
    '<rss version="2.0" xmlns:a="http://www.w3.org/2005/Atom"><channel><title>N</title>'
    '<a:link rel="self" href="https://self.example/feeds/all"/>{}</channel></rss>'
)
BARE = '<rss version="2.0"><channel><title>N</title><link>news.html</link>{}</channel></rss>'


@pytest.mark.parametrize(
    ("feed", "link", "url"),
    [
        (BASED, "blog/1", "https://base.example/en/blog/1"),
        (BASED, "/blog/1", "https://base.example/blog/1"),
        (LINKED, "blog/1", "https://chan.example/en/blog/1"),
        (LINKED, "//other.example/1", "https://other.example/1"),
        (LINKED, "?id=7", "https://chan.example/en/news?id=7"),
        (LINKED, "http://other.example/1", "http://other.example/1"),
        (LINKED, "javascript:alert(1)", ""),
        (LINKED, " java\nscript:alert(1)", ""),
        (LINKED, "data:text/html,x", ""),
        (LINKED, "mailto:a@b.example", ""),
        (LINKED, "http://[", ""),
        (SELF, "blog/1", "https://self.example/feeds/blog/1"),
        (BARE, "blog/1", "https://asked.example/blog/1"),
    ],
)
def test_a_relative_link_begins_where_the_feed_says_else_where_it_was_fetched(feed: str, link: str, url: str) -> None:
    body = feed.format(f"<item><guid isPermaLink='false'>1</guid><link>{link}</link></item>")
    (entry,) = parse_feed(body.encode(), None, "https://asked.example/rss").entries
    assert entry.url == url


@pytest.mark.parametrize(
    ("item", "url"),
    [
        ("<guid>https://reg.example/1</guid>", "https://reg.example/1"),
        ("<guid>reg-1</guid>", ""),
        ("<guid>reg-1</guid><enclosure url='https://reg.example/1.pdf'/>", "https://reg.example/1.pdf"),
    ],
)
def test_an_entry_without_a_link_is_at_its_permanent_id_or_its_attachment(item: str, url: str) -> None:
    feed = rss(f"<item>{item}</item>").replace(b"<title>", b"<link>https://reg.example/</link><title>", 1)
    assert only_entry(feed).url == url


def test_scripts_and_programs_in_texts_leave_no_link() -> None:
    entry = only_entry(
        rss(
            "<item><guid>1</guid><description><![CDATA[<p>See <a href='javascript:x()'>one</a> and "
            "<a href='data:text/html,x'>two</a> and <a href='/three'>three</a>.</p>]]></description></item>"
        )
    )
    assert [(block.text, block.links) for block in entry.blocks] == [("See one and two and three.", ("/three",))]


@pytest.mark.parametrize(
    "written",
    [
        "&lt;p&gt;Hosts &amp;amp; guests&lt;/p&gt;&lt;p&gt;must be &lt;b&gt;16&lt;/b&gt;.&lt;/p&gt;",
        "<![CDATA[<p>Hosts &amp; guests</p><p>must be <b>16</b>.</p>]]>",
        "<![CDATA[<p>Hosts &amp; guests</p><p>must be <b>16</b>.</p>]]>".replace("<p>", "<p >"),
        html.escape(html.escape("<p>Hosts &amp; guests</p><p>must be <b>16</b>.</p>")),
        "<![CDATA[&lt;p&gt;Hosts &amp;amp; guests&lt;/p&gt;&lt;p&gt;must be &lt;b&gt;16&lt;/b&gt;.&lt;/p&gt;]]>",
    ],
)
def test_html_is_read_however_often_it_was_escaped(written: str) -> None:
    entry = only_entry(rss(f"<item><guid>1</guid><description>{written}</description></item>"))
    assert [block.text for block in entry.blocks] == ["Hosts & guests", "must be 16."]


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Terms &amp;amp; conditions", "Terms & conditions"),
        ("Users\u2019 rights", "Users\u2019 rights"),
        ("Users&amp;rsquo; rights", "Users\u2019 rights"),
        ("Users&amp;amp;rsquo; rights", "Users\u2019 rights"),
        ("Fines &lt; 5 % &amp; more", "Fines < 5 % & more"),
        ("AT&amp;amp;T; others", "AT&T; others"),
        ("&amp;amp;nosuchname; stays", "&nosuchname; stays"),
        ("<![CDATA[New &lt;b&gt;duties&lt;/b&gt;]]>", "New duties"),
    ],
)
def test_a_title_is_read_however_often_it_was_escaped(written: str, title: str) -> None:
    assert only_entry(rss(f"<item><guid>1</guid><title>{written}</title></item>")).title == title


def test_what_atom_calls_plain_text_may_be_html() -> None:
    entry = only_entry(
        atom('<entry><id>1</id><summary type="text">&lt;p&gt;One&lt;br/&gt;two&lt;/p&gt;</summary></entry>')
    )
    assert [block.text for block in entry.blocks] == ["One two"]


def test_a_summary_that_says_more_than_the_content_is_read_with_it() -> None:
    entry = only_entry(
        atom("<entry><id>1</id><content>Due 13 July 2026</content><summary>A long description.</summary></entry>")
    )
    assert [block.text for block in entry.blocks] == ["Due 13 July 2026", "A long description."]


@pytest.mark.parametrize(
    "footer",
    [
        "The post Duties appeared first on Reg Watch.",
        "Der Beitrag Pflichten erschien zuerst auf Reg Watch.",
        "L\u2019article Devoirs est apparu en premier sur Reg Watch.",
        "La entrada Deberes se publicó primero en Reg Watch.",
        "L'articolo Doveri proviene da Reg Watch.",
    ],
)
def test_the_line_that_a_blog_puts_below_each_entry_is_left_out(footer: str) -> None:
    text = f"&lt;p&gt;The duties apply.&lt;/p&gt;&lt;p&gt;{footer}&lt;/p&gt;"
    entry = only_entry(rss(f"<item><guid>1</guid><description>{text}</description></item>"))
    assert [block.text for block in entry.blocks] == ["The duties apply."]


def identities(*entries: str) -> list[str]:
    return [entry.identity for entry in parse_feed(rss("".join(entries)), None).entries]


def entry_of(guid: str, number: int, title: str = "") -> str:
    link = f"<link>https://reg.example/{number}</link>"
    return f"<item><guid isPermaLink='false'>{guid}</guid>{link}<title>{title or number}</title></item>"


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        # an id that all share is none
        ([entry_of("0", 1), entry_of("0", 2)], ["https://reg.example/1", "https://reg.example/2"]),
        ([entry_of("0", 1, "A"), entry_of("0", 1, "B"), entry_of("0", 1, "C")], ["A", "B", "C"]),
        # an entry before and after an edit
        ([entry_of("a", 1, "New"), entry_of("a", 1, "Old")], ["a"]),
        ([entry_of("a", 1, "Same"), entry_of("a", 2, "Same")], ["a"]),
        # one text under two ids
        ([entry_of("a", 1), entry_of("b", 1)], ["a"]),
        ([entry_of("a", 1, "One"), entry_of("b", 1, "Two")], ["a", "b"]),
        # the moment of an edit in the id
        ([entry_of("https://leg.example/effect/7/modified/2026-07-16T13:21:19Z", 7)], ["https://leg.example/effect/7"]),
        ([entry_of("https://leg.example/modified/rules", 7)], ["https://leg.example/modified/rules"]),
    ],
)
def test_entries_of_one_feed_are_told_apart(entries: list[str], expected: list[str]) -> None:
    assert identities(*entries) == expected


def test_a_json_feed_is_read() -> None:
    feed = """\ufeff{"version": "https://jsonfeed.org/version/1.1", "title": "News", "home_page_url": "https://reg.example/",
        "items": [{"id": 7, "url": "/news/7", "title": "New duties", "content_html": "<p>They <b>must</b> act.</p>",
                   "date_published": "2026-07-17T10:00:00-04:00", "date_modified": "2026-07-18T10:00:00Z"},
                  {"id": "8", "content_text": "Ages < 13 & up", "summary": ""}]}"""
    first, second = parse_feed(feed.encode(), "application/feed+json").entries
    assert (first.identity, first.url, first.title) == ("7", "https://reg.example/news/7", "New duties")
    assert first.published_at == datetime(2026, 7, 17, 14, tzinfo=UTC)
    assert [block.text for block in (*first.blocks, *second.blocks)] == [
        "New duties",
        "They must act.",
        "Ages < 13 & up",
    ]
    assert (second.url, second.published_at) == ("", None)


def test_atom_written_as_json_is_read() -> None:
    feed = """{"title": "Drafts", "entries": [{"id": "https://lab.example/d1", "link": {"href": "x"}, "title": "Draft",
        "content": "Comments due 07/31/2026", "summary": "<p>A draft for public comment, with many pages.</p>",
        "updated": "2026-06-12T00:00:00.1234567-04:00"}]}"""
    entry = only_entry(feed.encode(), "application/json")
    assert [block.text for block in entry.blocks[1:]] == [
        "Comments due 07/31/2026",
        "A draft for public comment, with many pages.",
    ]
    assert entry.published_at == datetime(2026, 6, 12, 4, tzinfo=UTC)


def test_an_empty_json_feed_is_a_feed() -> None:
    feed = b'{"version": "https://jsonfeed.org/version/1", "title": "News", "items": []}'
    assert parse_feed(feed, None) == Feed("News", ())


@pytest.mark.parametrize(
    "body",
    [b'{"items": []}', b'{"items": [1]}', b'{"items": [{"id": 1}]}', b'{"errors": "x"}', b"[1]", b"{", b"[" * 100_000],
)
def test_other_json_is_no_feed(body: bytes) -> None:
    with pytest.raises(ExtractionError, match="is JSON of another kind"):
        parse_feed(body, "application/json")


@pytest.mark.parametrize(
    "body",
    [
        rss("", title="This feed has moved"),
        rss("<item><guid>1</guid></item>", title="Dieser RSS-Feed wird nicht mehr aktualisiert"),
        b'<?xml version="1.0"?><redirect><newLocation>https://reg.example/new</newLocation></redirect>',
    ],
)
def test_a_feed_that_says_that_it_is_no_more_is_retired(body: bytes) -> None:
    with pytest.raises(ExtractionError) as caught:
        parse_feed(body, None)
    assert caught.value.problem is ProblemKind.RETIRED
