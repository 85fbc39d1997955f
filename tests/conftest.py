"""Fixtures for every test: a publisher on loopback (local_site.py) and a desk that watches it (scenarios/world.py)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from local_site import Site
from scenarios.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def site() -> Iterator[Site]:
    """A fresh publisher: put pages up, crawl them, read what was asked."""
    with Site() as publisher:
        yield publisher


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A desk with one SOP and no sources yet, whose commands run in child processes."""
    return World(tmp_path)
