"""OPML: what feed readers export, hostile and broken lists, and that what is written comes back the same."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import ConfigurationError
from monitor.exchange.opml import read_opml, write_opml
from monitor.exchange.taking import take
from monitor.model import Pack, Source
from monitor.sources import Declared

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NOTHING = Declared((), ())
KNOWN = Declared(
    (
        Source(
            "gb-hub",
            "Hub",
            "The Regulator",
            "GB",
            "html",
            ("https://www.regulator.example/",),
            topics=("child-safety",),
        ),
        Source("two-a", "A", "One", "US", "rss", ("https://shared.example/a",)),
        Source("two-b", "B", "Two", "US", "rss", ("https://shared.example/b",)),
    ),
    (),
)
FEED = '<outline type="rss" text="Online duties" xmlUrl="https://regulator.example/feed"/>'


def write(body, head=""):
    return f'<?xml version="1.0" encoding="UTF-8"?><opml version="2.0">{head}<body>{body}</body></opml>'


@pytest.fixture
def read(tmp_path):
    """The candidates in a list with this text."""

    def read(text, declared=NOTHING):
        path = tmp_path / "feeds.opml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_opml(path, declared).candidates

    return read


def test_what_a_list_does_not_say_of_a_feed_is_guessed_from_its_address(read):
    (found,) = read(write(FEED))
    assert (found.where, found.pack) == ("Online duties", None)
    assert found.entry == {
        "id": "regulator-online-duties",
        "name": "Online duties",
        "publisher": "Regulator",
        "jurisdiction": "global",
        "kind": "rss",
        "url": "https://regulator.example/feed",
        "topics": [],
    }


@pytest.mark.parametrize(
    ("url", "publisher", "jurisdiction"),
    [
        ("https://regulator.example/feed", "The Regulator", "GB"),
        ("https://shared.example/c", "Shared", "US"),
        ("https://unknown.gov.au/feed", "Unknown", "AU"),
    ],
)
def test_publisher_and_jurisdiction_are_those_of_the_same_host_where_its_sources_agree(
    read, url, publisher, jurisdiction
):
    (found,) = read(write(f'<outline text="News" xmlUrl="{url}"/>'), KNOWN)
    assert (found.entry["publisher"], found.entry["jurisdiction"]) == (publisher, jurisdiction)


def test_a_feed_that_is_in_no_folder_is_about_what_its_name_says(read):
    assert read(write(FEED.replace("Online duties", "Child safety news")), KNOWN)[0].entry["topics"] == ["child-safety"]


@pytest.mark.parametrize(
    ("folders", "topics", "pack"),
    [
        ([], [], None),
        (["Press"], [], Pack("press", "Press")),
        (["Child safety"], ["child-safety"], None),
        (["Regulators", "United Kingdom"], [], Pack("united-kingdom", "United Kingdom")),
        (["Child Safety", "Press"], ["child-safety"], Pack("press", "Press")),
        (["Press", "Child Safety"], ["child-safety"], Pack("press", "Press")),
    ],
)
def test_a_folder_is_a_topic_that_is_in_use_or_else_a_pack(read, folders, topics, pack):
    body = "".join(f'<outline text="{each}">' for each in folders) + FEED + "</outline>" * len(folders)
    (found,) = read(write(body), KNOWN)
    assert (found.entry["topics"], found.pack) == (topics, pack)


def test_a_folder_ends_where_it_ends(read):
    found = read(write(f'<outline text="Press">{FEED}</outline>{FEED}'))
    assert [each.pack for each in found] == [Pack("press", "Press"), None]


def test_categories_are_topics(read):
    (found,) = read(write(FEED.replace("/>", ' category="Privacy,/Child Safety, ,privacy"/>')))
    assert found.entry["topics"] == ["privacy", "child-safety"]


@pytest.mark.parametrize(
    ("attributes", "kind"),
    [('type="atom"', "atom"), ('type="rss" version="ATOM"', "atom"), ('type="rss"', "rss"), ("", "rss")],
)
def test_the_kind_is_what_the_list_says_or_else_rss(read, attributes, kind):
    assert read(write(f'<outline {attributes} text="A" xmlUrl="https://a.example/"/>'))[0].entry["kind"] == kind


@pytest.mark.parametrize(
    ("attributes", "name"),
    [
        ('text="A &amp; B" title="C"', "A & B"),
        ('title="C"', "C"),
        ('text=" A\n  long one "', "A long one"),
        ("", "a.example"),
        ('TEXT="A"', "A"),
    ],
)
def test_the_name_is_the_text_else_the_title_else_the_host(read, attributes, name):
    assert read(write(f'<outline {attributes} xmlUrl="https://a.example/"/>'))[0].entry["name"] == name


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("feed://a.example/x", "https://a.example/x"),
        ("feed:https://a.example/x", "https://a.example/x"),
        ("feed://http://a.example/x", "http://a.example/x"),
        ("https://a.example/feed:https://b.example", "https://a.example/feed:https://b.example"),
        ("https://a.example/?a=1&amp;b=2", "https://a.example/?a=1&b=2"),
        ("https://a.example/?a=1&b=2", "https://a.example/?a=1&b=2"),
        ("https://a.example/?q=one two", "https://a.example/?q=one%20two"),
    ],
)
def test_addresses_are_read_as_readers_write_them(read, written, url):
    assert read(write(f'<outline text="A" xmlUrl="{written}"/>'))[0].entry["url"] == url


def test_an_address_that_is_none_is_left_to_be_refused(read):
    (found,) = read(write('<outline text="A" xmlUrl="https://[a.example"/>'))
    assert (found.where, found.entry["url"]) == ("A", "https://[a.example")


def test_outlines_without_a_feed_are_no_sources(read):
    body = '<outline text="Notes"/><outline text="A" type="link" url="https://a.example/"/><outline xmlUrl=""/>'
    assert read(write(body + FEED))[0].entry["name"] == "Online duties"
    assert len(read(write(body + FEED))) == 1


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(
            b"\xef\xbb\xbf" + write(FEED).replace("duties", "Pflichten für alle").encode(), id="a byte-order mark"
        ),
        pytest.param(
            write(FEED).replace("UTF-8", "ISO-8859-1").replace("duties", "Pflichten für alle").encode("latin-1"),
            id="Latin-1",
        ),
        pytest.param(write(FEED).replace("duties", "Pflichten für alle").encode("utf-16"), id="UTF-16"),
        pytest.param(write(FEED).replace("duties", "Pflichten f&uuml;r alle").encode(), id="a name of HTML"),
        pytest.param(b"\n  " + write(FEED).replace("duties", "Pflichten für alle").encode(), id="an empty line before"),
    ],
)
def test_encodings_and_small_faults_are_forgiven(read, raw):
    assert read(raw)[0].entry["name"] == "Online Pflichten für alle"


def test_japanese_encodings_are_read(read):
    raw = write(FEED).replace("UTF-8", "Shift_JIS").replace("Online duties", "総務省の新着情報").encode("shift_jis")
    assert read(raw)[0].entry["name"] == "総務省の新着情報"
    assert read(raw)[0].entry["id"] == "regulator"


BOMB = "".join(f'<!ENTITY a{number} "{f"&a{number - 1};" * 10}">' for number in range(1, 30))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            f'<!DOCTYPE opml [<!ENTITY a0 "ha">{BOMB}]>' + write(FEED.replace("duties", "&a29;"))[38:],
            "it declares entities",
        ),
        ('<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/hostname">]><opml>&x;</opml>', "it declares entities"),
        ("<html><body>Log in</body></html>", "it begins with <html>"),
        ("<opml><body><outline", "unclosed token"),
        ("", "no element found"),
        ("feeds: none", "syntax error"),
        ("\x00\x01\x02", "no element found"),
    ],
)
def test_what_is_no_opml_is_refused_with_what_to_do(read, text, said):
    with pytest.raises(ConfigurationError, match=rf"feeds\.opml: this is no OPML: {said}.*Export it anew"):
        read(text)


def test_a_reference_to_an_entity_that_nobody_declares_is_text(read):
    assert read(write(FEED.replace("duties", "&other; &")))[0].entry["name"] == "Online &other; &"


def test_a_document_type_without_entities_is_no_harm(read):
    assert read('<!DOCTYPE opml SYSTEM "http://example.org/opml.dtd">' + write(FEED)[38:])


def test_ten_thousand_folders_within_each_other_are_read(read):
    (found,) = read(write('<outline text="a">' * 10_000 + FEED + "</outline>" * 10_000))
    assert found.pack == Pack("a", "a")


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(ConfigurationError, match=r"the file cannot be read \(Is a directory\)"):
        read_opml(tmp_path, NOTHING)


PACKS = (Pack("gb", "United Kingdom & co"), Pack("press", 'The "press"', enabled=False))


def feed(number, **changes):
    facts = {"kind": "rss", "pack": None, "topics": (), "name": f"Feed {number}"} | changes
    return Source(
        id=f"feed-{number}",
        publisher="Example",
        jurisdiction="GB",
        urls=(f"https://example.org/{number}?a=1&b=2",),
        **facts,
    )


def test_written_lists_are_opml_of_feeds_grouped_by_pack():
    sources = [
        feed(1, pack="press"),
        feed(2),
        feed(3, pack="gb", kind="atom", topics=("privacy", "ads")),
        feed(4, pack="gb", name='<b>"Bold"</b>'),
        feed(5, kind="html"),
        feed(6, kind="federal-register"),
        feed(7, pack="undeclared"),
    ]
    root = ET.fromstring(write_opml(sources, PACKS, NOW))
    assert (root.tag, root.get("version"), root.findtext("head/dateCreated")) == (
        "opml",
        "2.0",
        "Mon, 23 Nov 2026 09:00:00 +0000",
    )
    names = [each.get("text") for each in root.findall("body/outline")]
    assert names == ["Feed 2", "United Kingdom & co", 'The "press"', "undeclared"]
    assert root.find("body/outline[2]/outline[1]").attrib == {
        "type": "rss",
        "version": "ATOM",
        "text": "Feed 3",
        "title": "Feed 3",
        "xmlUrl": "https://example.org/3?a=1&b=2",
        "category": "privacy,ads",
    }
    assert root.find("body/outline[2]/outline[2]").get("title") == '<b>"Bold"</b>'


WORDS = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=12)
FEEDS = st.lists(
    st.builds(
        feed,
        st.integers(0, 99),
        kind=st.sampled_from(["rss", "atom"]),
        pack=st.sampled_from([None, "gb", "press"]),
        topics=st.lists(st.sampled_from(["privacy", "ads", "child-safety"]), unique=True).map(tuple),
        name=WORDS,
    ),
    unique_by=lambda each: each.urls,
    max_size=8,
)


@given(FEEDS)
def test_what_is_written_comes_back_the_same(tmp_path_factory, feeds):
    path = tmp_path_factory.getbasetemp() / "round.opml"
    path.write_text(write_opml(feeds, PACKS, NOW), encoding="utf-8")
    declared = Declared((), (), packs=PACKS)
    taken = take(read_opml(path, declared), declared)

    def facts(each):
        return each["name"], each["kind"], each["url"], each.get("pack"), tuple(each["topics"])

    written = {(each.name, each.kind, each.urls[0], each.pack, each.topics) for each in feeds}
    assert {facts(each) for each in taken.entries} == written
    assert (taken.packs, taken.refused) == ((), ())
