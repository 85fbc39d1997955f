"""The whole service, as who watches it from outside sees it: pings, readiness, numbers."""

from __future__ import annotations

import json
import signal
from time import monotonic, sleep

import pytest

from scenarios.world import World
from test_pinging import Listener
from web.knocking import Door

pytestmark = pytest.mark.slow


def start(world):
    """The service, and where its desk is."""
    process = world.start("--verbose", "serve", "--port", "0", hour=12)
    for line in process.stderr:
        if "service started" in line:
            return process, line.split("web=")[1].split()[0]
    raise AssertionError(process.stdout.read())


def wait_for_a_tick(door):
    """What /readyz says when one has ended."""
    until = monotonic() + 200
    while monotonic() < until:
        answer = door.ask("/readyz")
        if "the last one ended" in answer.text:
            return answer
        sleep(0.5)
    raise TimeoutError(answer.text)


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    """(/readyz, /metrics, paths that were pinged) of a service whose only source cannot be reached."""
    with Listener() as listener:
        world = World(tmp_path_factory.mktemp("watched"), MONITOR_PING_RUN=listener.url)
        world.environment["MONITOR_PING_DIGEST"] = listener.url.replace("/ping/", "/day/")
        world.declared["audiences"] = [{"id": "desk", "name": "Desk", "timezone": "UTC", "digest_at": "08:00"}]
        world.watch(id="rules", url="http://127.0.0.1:9/rules", audience=["desk"])
        world.run(hour=7)
        process, address = start(world)
        with process:
            door = Door(None, None, address)
            try:
                readiness, numbers = wait_for_a_tick(door), door.ask("/metrics").text
            finally:
                process.send_signal(signal.SIGTERM)
        return readiness, numbers, listener.paths


def test_it_is_ready_once_a_tick_has_ended(seen):
    readiness, _, _ = seen
    said = json.loads(readiness.text)
    assert (readiness.status, said["status"]) == (200, "ready")
    assert [each["name"] for each in said["checks"] if each["ok"]] == [
        "database",
        "ticks",
        "failures",
        "deliveries",
        "fetches",
    ]


def test_its_numbers_tell_of_the_run_before_it_and_of_its_own(seen):
    _, numbers, _ = seen
    for line in (
        'policy_monitor_fetches_total{outcome="unreachable"} 1.0',
        'policy_monitor_problems_open{kind="unreachable"} 1.0',
        'policy_monitor_deliveries_sent_total{channel="file"} 1.0',
        "policy_monitor_last_tick_success 1.0",
        "policy_monitor_sources_enabled 1.0",
    ):
        assert line in numbers.splitlines()


def test_it_says_outside_that_a_run_began_and_was_done_and_that_the_day_was_told(seen):
    _, _, paths = seen
    begun, *rest = [each for each in paths if each.startswith("/ping/")]
    assert begun.endswith("/start")
    assert begun.removesuffix("/start") in rest
    assert [each for each in paths if each.startswith("/day/")] == [begun.removesuffix("/start").replace("ping", "day")]
