"""An open database with one Source of one URL, and short ways to put rows into it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.model import Block, BlockKind, Fetch, Outcome, Source
from monitor.store import sources, transaction
from new_store import new_store

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
URL = "https://example.org/rules"


@pytest.fixture
def db(tmp_path):
    database = new_store(tmp_path / "monitor.db")
    yield database
    database.close()


def a_source(**changed):
    facts = {
        "id": "rules",
        "name": "Rules",
        "publisher": "Example",
        "jurisdiction": "EU",
        "kind": "html",
        "urls": (URL,),
    }
    return Source(**(facts | changed))


def a_fetch(body=b"<p>hello</p>", at=NOON, **changed):
    facts = {
        "source_id": "rules",
        "url": URL,
        "at": at,
        "outcome": Outcome.OK,
        "status": 200,
        "final_url": URL,
        "headers": {"content-type": "text/html"},
        "body": body,
    }
    return Fetch(**(facts | changed))


def a_block(text, kind=BlockKind.PARAGRAPH):
    return Block(kind, text)


@pytest.fixture
def rules(db):
    """The database with the Source `rules` declared; gives its Resource."""
    with transaction(db):
        sources.declare_sources(db, [a_source()], NOON)
    return sources.get_resource(db, "rules", URL)
