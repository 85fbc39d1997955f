"""Each part of the service starts again alone, and ends when it is told to."""

from __future__ import annotations

import socket
import time
from contextlib import closing
from threading import Event
from urllib.request import urlopen

import pytest
import uvicorn
from structlog.testing import capture_logs

from monitor.config import read_config
from monitor.desk import Kept
from monitor.pulse import PartState, Pulse
from monitor.service import systemd
from monitor.service.connecting import stay_connected
from monitor.service.listening import listen
from monitor.service.supervising import supervised
from monitor.service.ticking import STUCK_S, Ticks, keep_ticking
from monitor.slack.app import build_app
from monitor.web.app import create_app
from slack.people import wait_until
from slack.server import LocalSlack
from slack_app.conftest import Desk


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch):
    monkeypatch.setattr("monitor.service.supervising.FIRST_PAUSE_S", 0.01)
    monkeypatch.setattr("monitor.service.supervising.LONGEST_PAUSE_S", 0.04)


class Part:
    """Does what it is given, one after the other, and then works until it is stopped."""

    name = "part"

    def __init__(self, *acts):
        self.acts = list(acts)
        self.ended = Event()

    def run(self):
        if self.acts:
            self.acts.pop(0)()
        else:
            self.ended.wait()

    def stop(self):
        self.ended.set()


def fail():
    raise ZeroDivisionError


def end_silently():
    return None


def events(logs, name):
    return [each for each in logs if each["event"] == name]


@pytest.mark.parametrize("act", [fail, end_silently, lambda: exec("raise SystemExit(1)")])
def test_a_part_that_ends_is_logged_and_starts_again(act):
    pulse, part = Pulse(), Part(act)
    with capture_logs() as logs, supervised(part, pulse):
        wait_until(lambda: not part.acts and pulse.life.parts == {"part": PartState.RUNNING})
    assert pulse.life.restarts == {"part": 1}
    (failed,) = events(logs, "part failed")
    assert (failed["part"], failed["log_level"]) == ("part", "error")
    assert failed.get("exc_info") or failed["error"]


def test_the_pauses_grow_to_a_longest_one_and_are_short_again_after_it_ran_well(monkeypatch):
    part = Part(*[fail] * 4)
    with capture_logs() as logs, supervised(part, Pulse()):
        wait_until(lambda: not part.acts)
    assert [each["after_s"] for each in events(logs, "part starts again")] == [0.01, 0.02, 0.04, 0.04]
    monkeypatch.setattr("monitor.service.supervising.WELL_S", 0)
    part = Part(*[fail] * 2)
    with capture_logs() as logs, supervised(part, Pulse()):
        wait_until(lambda: not part.acts)
    assert [each["after_s"] for each in events(logs, "part starts again")] == [0.01, 0.01]


def test_a_part_that_is_stopped_does_not_start_again():
    pulse = Pulse()
    with capture_logs() as logs, supervised(Part(), pulse):
        wait_until(lambda: pulse.life.parts)
    assert logs == []
    assert pulse.life.restarts == {}


def test_a_part_that_does_not_end_is_left_behind(monkeypatch):
    monkeypatch.setattr("monitor.service.supervising.GRACE_S", 0.05)
    let_go = Event()
    with capture_logs() as logs, supervised(Part(let_go.wait), Pulse()):
        pass
    let_go.set()
    assert [each["part"] for each in events(logs, "part does not end")] == ["part"]


def test_a_web_server_that_dies_is_started_again_on_the_same_socket(monkeypatch):
    servers, run = [], uvicorn.Server.run
    monkeypatch.setattr(uvicorn.Server, "run", lambda server, sockets: servers.append(server) or run(server, sockets))
    pulse = Pulse()
    with listen(create_app(read_config({})), "127.0.0.1", 0, pulse) as address:
        assert answers(address)
        servers[0].should_exit = True
        wait_until(lambda: pulse.life.restarts == {"web": 1})
        wait_until(lambda: answers(address))
    assert not answers(address)


def answers(address):
    try:
        with urlopen(f"{address}/healthz", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def test_where_a_thread_of_slack_ends_the_connection_is_made_anew(tmp_path, monkeypatch):
    monkeypatch.setattr("monitor.service.connecting.LOOK_SECONDS", 0.05)
    pulse, broken = Pulse(), Event()

    def break_once(client):
        if not broken.is_set():
            broken.set()
            client.current_session_runner.shutdown()

    with LocalSlack() as slack, capture_logs() as logs:
        desk = Desk(tmp_path, slack)
        monkeypatch.setattr("monitor.service.connecting._find_trouble", break_once)
        with stay_connected(build_app(desk.config), slack.app_token, pulse):
            wait_until(lambda: pulse.life.restarts == {"slack": 1})
            wait_until(lambda: pulse.life.parts == {"slack": PartState.RUNNING})
        desk.db.close()
    assert [each["part"] for each in events(logs, "part failed")] == ["slack"]


@pytest.fixture
def idle(tmp_path):
    """The configuration of a service with nothing that is due."""
    (tmp_path / "sources.yaml").write_text(
        "sources: [{id: a, name: A, publisher: A, jurisdiction: EU, kind: html, url: 'https://a.example/',"
        " enabled: false}]"
    )
    return read_config({"MONITOR_DB": str(tmp_path / "m.db"), "MONITOR_SOURCES": str(tmp_path / "sources.yaml")})


def test_a_tick_says_when_it_ended_how_long_it_took_and_whether_it_did_its_work(idle):
    pulse = Pulse()
    with keep_ticking(idle, Kept(), pulse):
        wait_until(lambda: pulse.life.ticked_at)
    assert pulse.life.failure == ""
    assert pulse.life.tick_s > 0
    idle.sources.write_text("sources: [")
    with capture_logs() as logs, keep_ticking(idle, Kept(), failing := Pulse()):
        wait_until(lambda: failing.life.ticked_at)
    assert "sources.yaml" in failing.life.failure
    assert [each["log_level"] for each in events(logs, "run failed")] == ["warning"]


def test_where_the_scheduler_ticks_no_more_it_is_started_again(idle, monkeypatch):
    monkeypatch.setattr("monitor.service.ticking.TICK_SECONDS", 0.1)
    monkeypatch.setattr("apscheduler.schedulers.background.BackgroundScheduler._process_jobs", lambda _: 1000)
    pulse = Pulse()
    with capture_logs() as logs, keep_ticking(idle, Kept(), pulse):
        wait_until(lambda: pulse.life.restarts)
    assert events(logs, "part failed")


def test_a_run_hangs_when_it_gives_no_sign_of_life_for_half_an_hour(idle, monkeypatch):
    ticks, now = Ticks(idle, Kept(), Pulse()), time.monotonic()
    assert not ticks.is_stuck()
    monkeypatch.setattr("monitor.service.ticking.time.monotonic", lambda: now + STUCK_S + 60)
    assert ticks.is_stuck()
    ticks._note_sign()
    assert not ticks.is_stuck()


@pytest.mark.parametrize("is_abstract", [False, True])
def test_systemd_is_told_by_datagram(tmp_path, monkeypatch, is_abstract):
    name = f"@{tmp_path}" if is_abstract else str(tmp_path / "notify")
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as manager:
        manager.bind("\0" + name[1:] if is_abstract else name)
        monkeypatch.setenv("NOTIFY_SOCKET", name)
        systemd.notify("READY=1")
        assert manager.recv(100) == b"READY=1"


@pytest.mark.parametrize("address", ["", "/nowhere/notify"])
def test_without_systemd_nobody_is_told_and_nothing_fails(monkeypatch, address):
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    systemd.notify("READY=1")
