"""A desk in good order, and what the doctor says of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import yaml

from monitor.config import read_config
from monitor.doctor import examine, open_case
from monitor.store import open_store
from new_store import new_store
from scenarios.world import SOP

SOURCE = {
    "id": "rules",
    "name": "Rules",
    "publisher": "Example",
    "jurisdiction": "EU",
    "kind": "html",
    "url": "https://example.org/rules",
}
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Patient:
    """A folder with everything in it; a test spoils one thing and asks what is said."""

    def __init__(self, folder):
        self.folder = folder
        self.environ = {"MONITOR_NOW": NOW.isoformat(), "SSL_CERT_DIR": "/etc/ssl/certs"}
        self.declared = {"sources": [SOURCE | {"enabled": True}]}
        self.path = folder / "var" / "monitor.db"
        self.now = None
        self.path.parent.mkdir(mode=0o700)
        (folder / "sops").mkdir()
        (folder / "sops" / "ages.md").write_text(SOP)

    def run_at(self, now):
        """As if it were that time, by the machine's own clock and not by MONITOR_NOW."""
        del self.environ["MONITOR_NOW"]
        self.now = now

    def open(self):
        return open_store(self.path)

    def ask(self, *, full=False, **checks):
        """What was said, by the name of the check: [(state, detail, advice)]."""
        (self.folder / "sources.yaml").write_text(yaml.safe_dump(self.declared))
        config = read_config(
            self.environ,
            db=str(self.path),
            sources=str(self.folder / "sources.yaml"),
            sops=str(self.folder / "sops"),
        )
        said = defaultdict(list)
        with open_case(config, self.environ, full=full) as case:
            for each in examine(replace(case, now=self.now or case.now), **checks):
                said[each.check].append((each.state, each.detail, each.advice))
        return said

    def say(self, check, **options):
        """The gravest thing that this check says: (state, detail)."""
        order = ["ok", "warning", "failed"]
        found = max(self.ask(**options)[check], key=lambda each: order.index(each[0]))
        return str(found[0]), found[1]


@pytest.fixture
def patient(tmp_path):
    return Patient(tmp_path)


@pytest.fixture
def db(patient):
    store = new_store(patient.path)
    yield store
    store.close()
