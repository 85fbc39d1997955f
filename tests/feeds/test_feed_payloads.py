"""Real feeds, as publishers sent them: the right entries, known by the right ids, of the right days.

The folder of them is no part of this project; POLICY_MONITOR_PAYLOADS names it.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.feeds import parse_feed

FOLDER = os.environ.get("POLICY_MONITOR_PAYLOADS")
pytestmark = pytest.mark.skipif(not FOLDER, reason="POLICY_MONITOR_PAYLOADS names no folder of real payloads")

EDPB = "68f7c665-2a1c-412e-a75f-bdbc3d217920"
ESMA = "https://www.esma.europa.eu/press-news/esma-news/joint-board-appeal-dismisses-appeal-against-eba"
CIS = "59ce7edd-09af-411b-88c5-0f0cfa07763e"
PCI = "https://www.pcisecuritystandards.org/document_library/?category=p2pe&document=p2pe-technical-faq=3x&x=6"
FORUM = "http://rainmeter.net/forum/viewtopic.php?t=21984&p=116390#p116390"
EFFECT = "http://www.legislation.gov.uk/changes/affected/eur/2016/679/affecting/ukpga/2026/21/key-test-effect-01"
NIST = "https://csrc.nist.gov/pubs/sp/800/73/pt1/6/iwd"

FEEDS = [
    ("edpb_rss/oblag_edpb_news.rss", 10, EDPB, datetime(2026, 7, 17, 12, tzinfo=UTC), True),
    ("edpb_rss/oblag_esma_news.rss", 10, ESMA, datetime(2026, 7, 16, 11, 53, tzinfo=UTC), True),
    ("feeds_edge/oblag_cis_blog.rss", 50, CIS, datetime(2026, 7, 15, 18, 49, tzinfo=UTC), True),
    ("feeds_edge/oblag_pci_documents.xml", 67, PCI, datetime(2026, 7, 8, 7, tzinfo=UTC), True),
    ("feeds_edge/huginn_cdata_rss.atom", 10, FORUM, datetime(2015, 10, 11, 14, 52, 35, tzinfo=UTC), True),
    ("feeds_edge/oblag_nist_csrc_feed.json", 6, NIST, None, True),
    ("legislation_gov_uk/oblag_uk_gdpr_changes.xml", 5, EFFECT, datetime(2026, 7, 16, 13, 21, 19, tzinfo=UTC), True),
    (
        "legislation_gov_uk/excerpt_new_feed_entry.xml",
        1,
        "http://www.legislation.gov.uk/id/uksi/2026/412",
        datetime(2026, 4, 21, 16, 0, 34, tzinfo=UTC),
        True,
    ),
    (
        "misc/ftc_rss_mock_from_public_test.xml",
        1,
        "335907",
        datetime(2026, 8, 24, 12, tzinfo=UTC),
        True,
    ),
    (
        "feeds_edge/huginn_iso-8859-1.rss",
        1,
        "http://example.net/post/1",
        datetime(2016, 11, 21, 16, 0, 10, tzinfo=UTC),
        True,
    ),
    ("feeds_edge/reader_empty.rss", 1, "7bd204c6-1655-4c27-aeee-53f933c5395f", None, False),
    ("feeds_edge/reader_relative.rss", 1, "7bd204c6-1655-4c27-aeee-53f933c5395f", None, False),
    (
        "feeds_edge/reader_full.atom",
        5,
        "urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a",
        datetime(2003, 12, 13, 17, 17, 51, tzinfo=UTC),
        False,
    ),
]


@pytest.mark.parametrize(
    ("name", "size", "identity", "published_at", "is_whole"), FEEDS, ids=[each[0] for each in FEEDS]
)
def test_a_real_feed_is_read(name, size, identity, published_at, is_whole):
    entries = parse_feed((Path(FOLDER) / name).read_bytes(), None).entries
    assert (len(entries), entries[0].identity) == (size, identity)
    assert published_at is None or entries[0].published_at == published_at
    if is_whole:
        assert [each for each in entries if not (each.title and each.blocks and each.url and each.published_at)] == []


def iter_feeds():
    for path in sorted(Path(FOLDER or ".").rglob("*.*")) if FOLDER else ():
        if path.suffix in {".rss", ".atom"} or (path.suffix == ".xml" and b"<entry" in path.read_bytes()):
            yield str(path.relative_to(FOLDER))


def test_no_feed_of_the_folder_is_left_out():
    assert set(iter_feeds()) <= {name for name, *_ in FEEDS}


def test_letters_of_a_real_feed_in_another_encoding_are_right():
    (entry,) = parse_feed((Path(FOLDER) / "feeds_edge/huginn_iso-8859-1.rss").read_bytes(), None).entries
    assert entry.title == "M\u00ebkan\u00efk Za\u00efn"
