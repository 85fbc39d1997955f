"""A conversation without a network: a spider's questions, answered by a table of what each address says."""

from __future__ import annotations

import json

import pytest

from monitor.envelope import Answer, pack
from monitor.publishers import READERS, read_envelope


@pytest.fixture
def read():
    """The Entries that these JSON answers of one interface say, by identity."""

    def entries(kind, *contents, url="https://api.example.gov/"):
        answers = [
            Answer(url, 200, "application/json", each if isinstance(each, bytes) else json.dumps(each).encode())
            for each in contents
        ]
        assert kind in READERS
        return {each.identity: each for each in read_envelope(kind, pack(answers))}

    return entries


@pytest.fixture
def converse():
    """What a spider asks for a URL, in order, when `answer(url)` says what each address answers."""

    def asked(spider, url, answer):
        conversation, urls = spider((), None).converse(url), []
        try:
            question = next(conversation)
            while len(urls) < 100:
                urls.append(question)
                said = answer(question)
                body = said if isinstance(said, bytes) else json.dumps(said).encode()
                question = conversation.send(Answer(question, 200, "application/json", body))
        except StopIteration:
            return urls
        raise AssertionError("it never ends")

    return asked


def texts(entry):
    """What an Entry says under its title."""
    return [block.text for block in entry.blocks[1:]]


def dates(entry):
    return [(str(each.kind), each.date, each.moved_from) for each in entry.dates]
