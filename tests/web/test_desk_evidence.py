"""All that proves a change, loaded from the desk and by a program."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from evidence.witnessed import CHANGE, make_database
from monitor.cli.evidence import verify
from monitor.model import Role
from monitor.store import open_store
from monitor.web.access.invitation import make_key
from web.conftest import Visitor
from web.knocking import opened

WAYS = (f"/changes/{CHANGE}/evidence.zip", f"/api/changes/{CHANGE}/evidence")


@pytest.fixture
def door(tmp_path):
    make_database(tmp_path / "monitor.db")
    db = open_store(tmp_path / "monitor.db")
    with opened(SimpleNamespace(folder=tmp_path, db=db)) as opened_door:
        yield opened_door
    db.close()


@pytest.fixture
def load(door):
    """What a reader gets at an address."""
    shown = {"Authorization": f"Bearer {make_key(door.desk.db, 'auditor', Role.READER, door.config.now())}"}
    return lambda path: Visitor(door.address).open(path, headers=shown)


@pytest.mark.parametrize("way", WAYS)
def test_whoever_may_read_a_change_loads_its_evidence_and_verify_finds_it_in_order(door, load, way, tmp_path):
    answer = load(way)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/zip")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="change-{CHANGE}.zip"'
    (tmp_path / "loaded.zip").write_bytes(answer.body)
    done = CliRunner().invoke(verify, [str(tmp_path / "loaded.zip"), "--json"], obj=door.config)
    assert (done.exit_code, json.loads(done.output)["findings"]) == (0, [])


def test_the_page_of_a_change_leads_to_it(load):
    assert WAYS[0] in load(f"/changes/{CHANGE}").links(".proof a")


@pytest.mark.parametrize("way", WAYS)
def test_what_is_not_as_it_was_sealed_is_not_handed_out(door, load, way):
    door.desk.db.execute("UPDATE decision SET reason = 'another one'")
    answer = load(way)
    assert answer.status == 409
    assert "decision 1 is not as it was sealed, so it is no evidence. What else is not says: monitor verify" in (
        json.loads(answer.body)["detail"] if way.startswith("/api") else answer.text
    )


@pytest.mark.parametrize("way", [each.replace(f"/{CHANGE}/", "/99/") for each in WAYS])
def test_a_change_that_is_not_there_has_no_evidence(load, way):
    assert load(way).status == 404


@pytest.mark.parametrize("way", WAYS)
def test_nobody_else_loads_it(door, way):
    assert door.ask(way).status in {303, 401}
