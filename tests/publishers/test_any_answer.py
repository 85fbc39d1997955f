"""Whatever an interface answers, it is read as Entries or is a Problem: no mistake of ours, and not without an end."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.envelope import Answer, pack
from monitor.errors import ExtractionError
from monitor.model import BlockKind
from monitor.publishers import READERS, read_envelope
from publishers import british, commonwealth, european
from publishers.holdings import ACTIONS, BILL, PACKAGES, STATE_BILL, SUMMARIES, document, found, version
from publishers.register import EXTENSION, PROPOSED, page
from spiders.congress import CongressSpider
from spiders.ecfr import EcfrSpider
from spiders.federal_register import FederalRegisterSpider
from spiders.govinfo import GovInfoSpider
from spiders.legiscan import LegiScanSpider
from spiders.regulations_gov import RegulationsGovSpider

URL = "https://www.ecfr.gov/api/versioner/v1/versions/title-16.json?part=999"
WHOLE = {
    "federal-register": [page(PROPOSED, EXTENSION, more=True)],
    "regulations-gov": [{"data": [document("OIR-1")], "meta": {"totalElements": 1, "hasNextPage": True}}],
    "ecfr": [
        {"titles": [{"number": 16, "up_to_date_as_of": "2026-01-01"}]},
        {"content_versions": [version("1", "2026-01-01", removed=True)]},
    ],
    "congress": [{"bill": BILL}, {"actions": ACTIONS}, {"summaries": SUMMARIES}, {"bills": [BILL]}],
    "govinfo": [{"count": 3, "packages": PACKAGES, "nextPage": "https://x.invalid/?offsetMark=AoE"}],
    "legiscan": [
        {"status": "OK", "searchresult": {"summary": {"count": 1, "page_current": 1, "page_total": 9}, "0": found(1)}},
        {"status": "OK", "bill": STATE_BILL},
    ],
}
SPIDERS = {
    FederalRegisterSpider: "https://www.federalregister.gov/api/v1/documents.json",
    RegulationsGovSpider: "https://api.regulations.gov/v4/documents",
    EcfrSpider: URL,
    CongressSpider: "https://api.congress.gov/v3/bill/119/s/9999",
    GovInfoSpider: "https://api.govinfo.gov/collections/FR/2026-01-01T00:00:00Z",
    LegiScanSpider: "https://api.legiscan.com/?op=getSearch",
}
WHOLE |= british.WHOLE | commonwealth.WHOLE | european.WHOLE
SPIDERS |= british.SPIDERS | commonwealth.SPIDERS | european.SPIDERS
URLS = dict.fromkeys(WHOLE, URL) | british.URLS
ODD = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=9)
    | st.lists(st.none() | st.text(max_size=3), max_size=2)
    | st.just({})
)


def paths_in(value, above=()):
    """Where each value stands, the whole included."""
    yield above
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inside:
        yield from paths_in(each, (*above, key))


def put(value, path, odd):
    """The value with `odd` at one place."""
    if not path:
        return odd
    kept = dict(value) if isinstance(value, dict) else list(value)
    kept[path[0]] = put(kept[path[0]], path[1:], odd)
    return kept


@st.composite
def spoilt(draw, kind):
    """The answers of an interface with something odd at a few places."""
    answers = WHOLE[kind]
    for _ in range(draw(st.integers(1, 3))):
        answers = put(answers, draw(st.sampled_from([each for each in paths_in(answers) if each])), draw(ODD))
    return [json.dumps(each).encode() for each in answers]


@pytest.mark.parametrize("kind", sorted(READERS))
@given(data=st.data())
def test_an_answer_with_odd_values_is_read_or_is_a_problem(kind, data):
    answers = [Answer(URLS[kind], 200, "", body) for body in data.draw(spoilt(kind))]
    with suppress(ExtractionError):
        entries = read_envelope(kind, pack(answers))
        assert len({each.identity for each in entries}) == len(entries)
        for entry in entries:
            texts = [block.text for block in entry.blocks]
            assert entry.title
            assert entry.blocks[0].kind is BlockKind.HEADING
            assert all(texts)
            assert {each.sentence for each in entry.dates} <= set(texts)
            assert not entry.withdrawal or entry.withdrawal in texts


@pytest.mark.parametrize("spider", SPIDERS)
@given(data=st.data())
def test_a_conversation_about_odd_answers_comes_to_an_end(spider, data):
    bodies = st.sampled_from(sorted(WHOLE)).flatmap(spoilt).flatmap(st.sampled_from)
    conversation = spider((), None).converse(SPIDERS[spider])
    host = SPIDERS[spider].split("/")[2]
    with suppress(StopIteration):
        asked = next(conversation)
        for _ in range(100):
            assert asked.split("/")[2] == host
            asked = conversation.send(Answer(asked, 200, "", data.draw(bodies)))
        raise AssertionError("it never ends")
