"""The benchmarks of faults as modules, for as long as these tests run: others have names that tests have too."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from digests.send import send_pending
from monitor import schedule
from monitor.impact import meaning

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="package")
def benchmark():
    """Import one of them by its name."""
    path = list(sys.path)
    sys.path.append(str(BENCHMARKS))
    yield importlib.import_module
    sys.path[:] = path


@pytest.fixture
def replaceable(monkeypatch):
    """What a benchmark replaces in its process comes back afterwards."""
    monkeypatch.setattr(schedule, "crawl", schedule.crawl)
    monkeypatch.setattr(schedule, "Reader", schedule.Reader)
    monkeypatch.setattr(meaning, "find_english", lambda _: None)  # to load it takes longer than five days
    monkeypatch.setitem(send_pending.__kwdefaults__, "patience", send_pending.__kwdefaults__["patience"])
