"""The desk as people have it: a real Chromium at the season of `team.yaml`. Without one all is skipped (`lacking`).

    mia = visit()                    # signed in as lead, at the desk that only reads
    mia.open("/")
    mia = visit(own)                 # at a desk of this test alone, where she may decide

What a page must never do fails the test at its end (`Somebody.faults`).
"""

from __future__ import annotations

import logging
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest
import structlog

from desk_browser.browsing import Somebody, find_chromium, open_browser, serve_desk, sign_in
from desk_browser.season import LEAD, NOW, live, read_team
from lacking import give_up
from monitor.config import read_config
from monitor.model import Role
from monitor.store import open_store
from monitor.web.access.invitation import invite

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Served:
    """A desk that listens, and its database."""

    address: str
    folder: Path

    @property
    def config(self):
        names = {"db": "monitor.db", "sources": "sources.yaml", "sops": "sops"}
        paths = {name: str(self.folder / file) for name, file in names.items()}
        return read_config({"MONITOR_NOW": NOW.isoformat()}, **paths)

    @property
    def db(self):
        return open_store(self.folder / "monitor.db")

    def fill(self, address):
        """The address with the numbers of this desk: of changes, of two versions of a text, of an invitation."""
        db = self.db
        found = {name: db.execute(query).fetchone()[0] for name, query in _NUMBERS.items()}
        token = invite(db, "Tom Okafor", Role.SPECIALIST, self.config.now())
        db.close()
        return address.format(token=token, **found)


_LAST = "SELECT max({0}.id) FROM {0} JOIN document ON document.id = document_id WHERE source_id = '{1}'"
_NUMBERS = {
    "ages": _LAST.format("change", "chatterfen-livestreams"),
    "german": _LAST.format("change", "lms-jugendschutz"),
    "first": _LAST.format("version", "oso-age-assurance").replace("max", "min"),
    "last": _LAST.format("version", "oso-age-assurance"),
}


@pytest.fixture(scope="session")
def chromium():
    """This machine has a Chromium, and what drives it."""
    if not find_spec("playwright"):
        give_up('needs a browser: pip install "policy-monitor[browser]"')
    if not find_chromium():
        give_up("needs a browser: apt-get install chromium, or name one in MONITOR_CHROMIUM")


@pytest.fixture(scope="session")
def lived(chromium, tmp_path_factory):
    """The folder of a season that nobody writes to any more."""
    folder = tmp_path_factory.mktemp("season")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    live(folder, read_team(), daily=False).db.close()
    structlog.reset_defaults()
    return folder


@pytest.fixture(scope="module")
def browser(chromium):
    with open_browser() as opened:
        yield opened


@contextmanager
def serve(lived, folder):
    shutil.copytree(lived, folder)
    served = Served("", folder)
    with serve_desk(served.config) as address:
        yield replace(served, address=address)


@pytest.fixture(scope="module")
def shared(lived, tmp_path_factory):
    """A desk at which nobody decides anything."""
    with serve(lived, tmp_path_factory.mktemp("shared") / "desk") as served:
        yield served


@pytest.fixture
def own(lived, tmp_path):
    """A desk of one test alone."""
    with serve(lived, tmp_path / "desk") as served:
        yield served


@pytest.fixture
def visit(browser, shared):
    """Opens a browser for somebody: visit(own, who=..., role=...); None as who = nobody was let in."""
    opened = []

    def come(served=shared, who=LEAD, role=Role.LEAD, **facts):
        token = sign_in(served.config, who, role) if who else None
        opened.append(Somebody(browser, served.address, token, **facts))
        return opened[-1]

    yield come
    faults = [fault for each in opened for fault in each.faults]
    for each in opened:
        each.close()
    assert faults == []
