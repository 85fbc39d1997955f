"""When a Source is due next, and the service that ticks."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest

from monitor.schedule import keep_rhythm
from monitor.store import Database
from scenarios.test_situations import RULES, page
from scenarios.world import World
from slack.server import LocalSlack

pytestmark = pytest.mark.slow


SIX = datetime(2026, 3, 2, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("situation", "every", "now", "expected"),
    [
        ("asked on time", "12h", SIX, SIX + 12 * HOUR),
        ("asked by a tick that was late", "12h", SIX + HOUR / 60, SIX + 12 * HOUR),
        ("the crawl took three hours", "1h", SIX + 3.5 * HOUR, SIX + 4 * HOUR),
        ("down for days", "12h", SIX + 60 * HOUR + HOUR, SIX + 72 * HOUR),
        ("asked on demand before it was due", "12h", SIX - HOUR, SIX),
        ("a cron line, asked on time", "0 6 * * mon-fri", SIX, SIX + 24 * HOUR),
        ("a cron line on a Friday", "0 6 * * 1-5", SIX + 4 * 24 * HOUR, SIX + 7 * 24 * HOUR),
    ],
)
def test_the_rhythm_of_a_source_is_kept(situation, every, now, expected):
    assert keep_rhythm(every, SIX, now) == expected, situation


def wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)


def test_the_service_does_what_is_due_and_ends_when_it_is_told_to(world, site):
    site.put("/rules", page(RULES))
    world.watch(id="rules", url=site.url("/rules"))
    path = world.folder / "var" / "monitor.db"
    service = world.start("-v", "serve")

    def versions():
        return path.exists() and "version" in Database(path).table_names() and Database(path).table("version").count

    wait_for(versions)
    service.send_signal(signal.SIGTERM)
    _, err = service.communicate(timeout=60)
    assert service.returncode == 0
    assert "run finished" in err
    assert "service stopped" in err
    assert "Traceback" not in err


def test_the_service_outlives_a_sources_file_that_cannot_be_used(world):
    (world.folder / "sources.yaml").write_text("sources: [")
    service = world.start("serve")
    time.sleep(3)
    assert service.poll() is None
    service.send_signal(signal.SIGTERM)
    _, err = service.communicate(timeout=60)
    assert service.returncode == 0
    assert "run failed" in err
    assert "no YAML" in err


def test_a_second_run_with_nothing_changed_sends_nothing_and_is_answered_with_304(tmp_path, site):
    with LocalSlack() as slack:
        world = World(tmp_path, slack)
        for name in ("a", "b", "c"):
            site.put(f"/{name}", page([*RULES, name]))
            world.watch(id=name, url=site.url(f"/{name}"), every="1h")
        assert world.run(day=1, hour=9)["sent"] == 2  # to the file and to Slack
        again = world.run(day=1, hour=10)
        assert (again["unchanged"], again["digests"], again["sent"]) == (3, 0, 0)
        assert [visit.status for visit in site.requests if visit.path != "/robots.txt"][-3:] == [304, 304, 304]
        assert len(slack.messages) == 1


def test_a_channel_that_refuses_is_named_and_gets_the_digest_when_it_is_mended(tmp_path, site):
    with LocalSlack() as slack:
        world = World(tmp_path, slack)
        site.put("/rules", page(RULES))
        world.watch(id="rules", url=site.url("/rules"))
        slack.channels[slack.channel].member = False
        done = world.call("run", day=1, hour=9)
        assert done.status == 1
        assert "not_in_channel" in done.out
        slack.channels[slack.channel].member = True
        assert world.call("deliver", day=1, hour=9).status == 0
        assert len(slack.messages) == 1


def test_crawling_on_demand_stores_and_tells_nobody(world, site):
    for name in ("a", "b"):
        site.put(f"/{name}", page([*RULES, name]))
        world.watch(id=name, url=site.url(f"/{name}"))
    summary = world.call("crawl", "a", "--json", hour=10).json
    assert (summary["sources"], summary["first"], summary["digests"], summary["sent"]) == (1, 1, 0, 0)
    assert site.visits("/b") == []
    assert "1 sources" in world.call("crawl", "--due", hour=10).out
    assert "2 sources" in world.call("crawl", "--all", hour=10).out
    assert world.call("crawl", "a", "--all").status == 2


def test_a_progress_bar_is_shown_to_people_only(world, site):
    site.put("/rules", page(RULES))
    world.watch(id="rules", url=site.url("/rules"))
    assert world.call("crawl").err == ""
    shown = subprocess.run(
        ["script", "-qec", f"{sys.executable} -m monitor crawl --all", "/dev/null"],
        env=world.env("2026-03-01T09:00:00Z"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "crawling" in shown.stdout
