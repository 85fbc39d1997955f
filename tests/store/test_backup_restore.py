"""The drill of docs/backup.md by the real command line: backup, disaster, restore, the first run on what is there."""

from __future__ import annotations

import shutil

import pytest

from scenarios.test_situations import OLDER, RULES, page

pytestmark = [pytest.mark.drill, pytest.mark.timeout(600)]


def test_the_restored_database_is_in_order_and_goes_on_where_it_was(world, site, tmp_path):
    world.watch(id="rules", url=site.url("/rules"), select=["main"], every="1h")
    site.put("/rules", page(RULES))
    world.run(day=1, hour=7)
    site.put("/rules", page(OLDER))
    world.run(day=2, hour=7)
    made = world.call("backup", str(tmp_path / "monitor.db"), "--json", day=2, hour=7)
    assert made.json == {
        "file": str(tmp_path / "monitor.db"),
        "bytes": (tmp_path / "monitor.db").stat().st_size,
        "taken_at": "2026-03-02T07:00:00Z",
    }

    shutil.rmtree(tmp_path / "var")
    (tmp_path / "var").mkdir()
    shutil.copy(tmp_path / "monitor.db", tmp_path / "var" / "monitor.db")
    examined = world.call("doctor", "--full", "--json", day=2, hour=9)
    assert examined.status == 0, examined.out
    summary = world.run(day=2, hour=9)
    assert (summary["changes"], summary["confirmed"], summary["failures"]) == (0, 1, [])
    assert [(row["kind"], row["status"]) for row in world.changes()] == [
        ("first", "confirmed"),
        ("substantive", "confirmed"),
    ]
