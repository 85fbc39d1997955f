"""Fixtures for every test.

A publisher on loopback (local_site.py), the command line that watches it in child processes (scenarios/world.py), and
one Source whose answers a test hands over itself (scenarios/desk.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import structlog
from hypothesis import settings

from linked import AGE, AGE_18, FEES, Office
from local_site import Site
from monitor.reading import Reader
from new_store import new_store
from scenarios.desk import Desk
from scenarios.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

settings.register_profile("any machine", deadline=None, max_examples=30)  # a busy machine makes no test fail
settings.load_profile("any machine")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests first: of two workers neither is left alone with a long one at the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(autouse=True)
def usual_log() -> Iterator[None]:
    """A command line called in this process sets the log up for itself: no test finds it as another one left it."""
    yield
    structlog.reset_defaults()


@pytest.fixture
def site() -> Iterator[Site]:
    """A fresh publisher: put pages up, crawl them, read what was asked."""
    with Site() as publisher:
        yield publisher


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A desk with one SOP and no sources yet, whose commands run in child processes."""
    return World(tmp_path)


@pytest.fixture(scope="session")
def reader() -> Iterator[Reader]:
    """One worker process for all tests that read."""
    with Reader() as shared:
        yield shared


@pytest.fixture
def desk(tmp_path: Path, reader: Reader) -> Iterator[Desk]:
    """One Source `rules`; time is counted in hours from noon."""
    db = new_store(tmp_path / "monitor.db")
    yield Desk(db, reader)
    db.close()


@pytest.fixture
def office(desk: Desk, tmp_path: Path) -> Office:
    """The desk with an SOP, and a person who confirms what touches it."""
    return Office(desk, tmp_path / "sops")


@pytest.fixture
def linked(office: Office) -> Office:
    """The age of hosts was raised on the first day, and confirmed for the section that asks for it on the second."""
    office.publish([AGE, FEES])
    office.publish([AGE_18, FEES], 1)
    office.confirm("hosts#ages")
    return office
