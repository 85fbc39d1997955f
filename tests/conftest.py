"""Fixtures for every test: a publisher on loopback (see local_site.py)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from local_site import Site

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def site() -> Iterator[Site]:
    """A fresh publisher: put pages up, crawl them, read what was asked."""
    with Site() as publisher:
        yield publisher
