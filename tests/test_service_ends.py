"""When the service begins its work, and how it ends."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from contextlib import closing, contextmanager
from threading import Event
from types import SimpleNamespace

import pytest
from structlog.testing import capture_logs

from monitor.config import read_config
from monitor.impact import build_index
from monitor.pulse import PartState, Pulse
from monitor.service import _its_turn, _watch
from monitor.store import fetches
from monitor.store.locks import sole
from monitor.tagging import Tagger
from monitor.tracking import process
from scenarios.test_situations import RULES, page
from store.conftest import HOUR, NOON


@contextmanager
def told(*, at_once):
    """What the service reads the wish to end from."""
    reading, writing = os.pipe()
    if at_once:
        os.write(writing, b".")
    yield reading
    os.close(reading)
    os.close(writing)


@pytest.fixture(autouse=True)
def quick_looks(monkeypatch):
    monkeypatch.setattr("monitor.service.LOOK_S", 0.01)


@pytest.mark.parametrize(("token", "parts"), [("xapp-1", {"ticks", "slack"}), ("", {"ticks"})])
def test_while_another_instance_works_it_stands_by_and_ends_when_told(tmp_path, token, parts):
    config, pulse = read_config({"MONITOR_DB": str(tmp_path / "m.db"), "SLACK_APP_TOKEN": token}), Pulse()
    with (
        sole(config.db, "serving"),
        capture_logs() as logs,
        told(at_once=True) as end,
        _its_turn(config, end, pulse) as its_turn,
    ):
        assert not its_turn
    assert [each["event"] for each in logs] == ["standing by: another instance works on this database"]
    assert pulse.life.parts == dict.fromkeys(parts, PartState.STANDING_BY)
    assert pulse.life.stands_by


def test_it_takes_over_when_the_other_one_is_gone(tmp_path):
    config, pulse = read_config({"MONITOR_DB": str(tmp_path / "m.db")}), Pulse()
    with told(at_once=False) as end:
        other = sole(config.db, "serving")
        other.__enter__()
        pulse.note_part = lambda *_: other.__exit__(None, None, None)  # just after it has seen the other one
        with capture_logs() as logs, _its_turn(config, end, pulse) as its_turn:
            assert its_turn
            with sole(config.db, "serving") as is_free:
                assert not is_free
    assert [each["event"].partition(":")[0] for each in logs] == ["standing by", "taking over"]


def test_systemd_hears_nothing_while_a_run_hangs_and_it_is_logged_once(tmp_path, monkeypatch):
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as manager, told(at_once=False) as end:
        manager.bind(str(tmp_path / "notify"))
        manager.setblocking(False)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        looks, ends = iter([True, True, False, True]), iter([False] * 4 + [True])
        monkeypatch.setattr("monitor.service._is_told", lambda _: next(ends))
        with capture_logs() as logs:
            _watch(end, SimpleNamespace(is_stuck=lambda: next(looks)))
        assert manager.recv(100) == b"WATCHDOG=1"
        with pytest.raises(BlockingIOError):
            manager.recv(100)
    assert [each["event"] for each in logs] == ["a run does not end"] * 2  # of the second time, which was another one


def test_a_thread_that_hangs_does_not_hold_up_the_end():
    program = """if True:
        import threading
        from monitor import service
        service.GRACE_S = 0.1
        threading.Thread(target=threading.Event().wait, name="hangs").start()
        service._leave(None)
    """
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0
    assert "ended in the middle of work" in done.stdout + done.stderr


def test_told_to_end_no_further_source_is_read(desk):
    ended = Event()
    ended.set()
    desk.arrive(page(RULES))
    tagger = Tagger.load(desk.db, build_index(()))
    assert process(desk.db, {"rules": desk.source}, tagger, desk.reader, NOON + HOUR, ended=ended).kinds == ()
    assert fetches.has_any_pending(desk.db)
