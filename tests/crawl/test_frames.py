"""What is said between the two processes: it comes out as it went in, and nothing else is believed."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.crawl.frames import BODY_BYTES, HEAD_BYTES, Verdict, iter_frames, write_fetch, write_verdict
from monitor.crawl.work import Patience, Work
from monitor.model import Fetch, Outcome, Request

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
texts = st.text(max_size=20)
fetches = st.builds(
    Fetch,
    source_id=texts,
    url=texts,
    at=st.just(NOW),
    outcome=st.sampled_from(Outcome),
    status=st.none() | st.integers(100, 999),
    final_url=st.none() | texts,
    headers=st.dictionaries(texts, texts, max_size=3),
    body=st.none() | st.binary(max_size=200),
    partial=st.booleans(),
    duration_ms=st.integers(0, 60_000),
    detail=texts,
)
VERDICT = Verdict({"page": "finished"}, ("page: RuntimeError: tripped",))


def written(frames: list[Fetch]) -> bytes:
    stream = BytesIO()
    for fetch in frames:
        write_fetch(stream, fetch)
    write_verdict(stream, VERDICT)
    return stream.getvalue()


@given(st.lists(fetches, max_size=4))
def test_frames_come_out_as_they_went_in(sent):
    assert list(iter_frames(BytesIO(written(sent)))) == [*sent, VERDICT]


@given(st.lists(fetches, min_size=1, max_size=3), st.data())
def test_a_stream_cut_anywhere_gives_the_whole_frames_before_the_cut(sent, data):
    stream = written(sent)
    cut = data.draw(st.integers(0, len(stream) - 1))
    received = list(iter_frames(BytesIO(stream[:cut])))
    assert received == [*sent, VERDICT][: len(received)]
    assert len(received) <= len(sent)


def test_a_body_that_is_cut_short_is_no_fetch():
    stream = BytesIO()
    write_fetch(stream, Fetch("source", "https://example.org/", NOW, Outcome.OK, body=b"x" * 100))
    assert list(iter_frames(BytesIO(stream.getvalue()[:-1]))) == []


@given(st.binary(max_size=200))
def test_bytes_that_are_no_frames_are_refused_or_give_nothing(noise):
    with contextlib.suppress(ValueError):
        assert list(iter_frames(BytesIO(noise))) == []


@pytest.mark.parametrize(
    "noise",
    [
        b"hello\n",
        b"{}\n",
        b"[]\n",
        b"[" * 100_000 + b"\n",
        b'{"kind": "fetch", "head": {}, "body_length": null}\n',
        b'{"kind": "fetch", "head": {}, "body_length": -1}\n',
        b'{"kind": "verdict", "head": [], "body_length": null}\n',
        b'{"kind": "fetch", "head": {}, "body_length": %d}\n' % (BODY_BYTES + 1),
        b"x" * HEAD_BYTES,
    ],
)
def test_something_else_than_a_frame_is_refused(noise):
    with pytest.raises(ValueError, match="no frame"):
        list(iter_frames(BytesIO(noise)))


def test_work_comes_out_as_it_went_in():
    work = Work(
        requests=(
            Request("a", "https://example.org/", "html", etag='"ü"'),
            Request("b", "x", "rss", last_modified="y"),
        ),
        now=NOW,
        parent_pid=7,
        allow_private=True,
        open_hosts=("localhost",),
        contact="desk@example.org",
        patience=Patience(retries=0),
    )
    assert Work.from_json(work.to_json()) == work
