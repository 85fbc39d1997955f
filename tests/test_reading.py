"""Readings that spin, crash or break cost one worker and one Problem, and the next reading goes on."""

from __future__ import annotations

import pytest

from monitor.errors import ExtractionError
from monitor.model import ProblemKind, Source
from monitor.reading import Reader, read_bytes

PAGE = b"<html><title>Rules</title><main><p>Be kind to each other, always.</p></main></html>"
HTML = {"content-type": "text/html; charset=utf-8"}


def a_source(kind="html"):
    return Source("rules", "Rules", "Example", "EU", kind, ("https://example.org/rules",))


def read_after_a_failure(reader):
    return reader.read(a_source(), PAGE, HTML).blocks[0].text == "Be kind to each other, always."


def test_a_page_is_read_in_another_process():
    with Reader() as reader:
        assert reader.read(a_source(), PAGE, HTML) == read_bytes(a_source(), PAGE, HTML)


def test_an_answer_that_is_no_page_says_why_across_the_processes():
    with Reader() as reader, pytest.raises(ExtractionError) as caught:
        reader.read(a_source(), b"<html></html>", HTML)
    assert caught.value.problem is ProblemKind.EMPTY
    assert caught.value.advice


@pytest.mark.slow
def test_a_reading_that_spins_is_ended_and_the_next_one_goes_on():
    nested = b"<div>" * 200_000  # the parser needs time in the square of the depth: minutes
    with Reader(seconds=3) as reader:
        with pytest.raises(ExtractionError, match="longer than 3 s") as caught:
            reader.read(a_source(), nested, HTML)
        assert caught.value.problem is ProblemKind.UNREADABLE
        assert read_after_a_failure(reader)


def test_a_worker_that_dies_is_replaced(monkeypatch):
    with Reader() as reader:
        monkeypatch.setattr("monitor.reading.read_bytes", die)
        with pytest.raises(ExtractionError, match="failed") as caught:
            reader.read(a_source(), PAGE, HTML)
        assert caught.value.problem is ProblemKind.UNREADABLE
        monkeypatch.undo()
        assert read_after_a_failure(reader)


def die(*_):
    import os
    import signal

    os.kill(os.getpid(), signal.SIGKILL)


def test_relative_links_of_a_feed_begin_at_its_address():
    feed = b"<rss version='2.0'><channel><title>N</title><item><link>/a</link><title>A</title></item></channel></rss>"
    read = read_bytes(a_source("rss"), feed, {"content-type": "application/rss+xml"})
    assert read.entries[0].url == "https://example.org/a"


def test_a_feed_is_read_by_its_kind():
    feed = b"<rss version='2.0'><channel><title>News</title></channel></rss>"
    assert read_bytes(a_source("rss"), feed, {"content-type": "text/xml"}).title == "News"
