"""When the service begins its work, and how it ends."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from contextlib import closing, contextmanager
from itertools import count
from threading import Event
from time import sleep
from types import SimpleNamespace

import pytest
from structlog.testing import capture_logs

from monitor.config import read_config
from monitor.errors import NewerDatabaseError
from monitor.impact import build_index
from monitor.pulse import PartState, Pulse
from monitor.service import _its_turn, _watch, serve
from monitor.store import Database, fetches
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


@pytest.mark.parametrize("parts", [{"ticks", "slack"}, {"ticks"}])
def test_while_another_instance_works_it_stands_by_and_ends_when_told(tmp_path, parts):
    database, pulse = tmp_path / "m.db", Pulse()
    with (
        sole(database, "serving"),
        capture_logs() as logs,
        told(at_once=True) as end,
        _its_turn(database, end, pulse, parts) as its_turn,
    ):
        assert not its_turn
    assert [each["event"] for each in logs] == ["standing by: another instance works on this database"]
    assert pulse.life.parts == dict.fromkeys(parts, PartState.STANDING_BY)
    assert pulse.life.stands_by


def test_it_takes_over_when_the_other_one_is_gone(tmp_path):
    database, pulse = tmp_path / "m.db", Pulse()
    with told(at_once=False) as end:
        other = sole(database, "serving")
        other.__enter__()
        pulse.note_part = lambda *_: other.__exit__(None, None, None)  # just after it has seen the other one
        with capture_logs() as logs, _its_turn(database, end, pulse, ["ticks"]) as its_turn:
            assert its_turn
            with sole(database, "serving") as is_free:
                assert not is_free
    assert [each["event"].partition(":")[0] for each in logs] == ["standing by", "taking over"]


@pytest.fixture
def take_over(tmp_path, monkeypatch):
    """Serve beside another instance, which goes after `meanwhile`; told to end once it ticked. What is known then.

    There is a token for Socket Mode, and none to post with: nothing connects to Slack.
    """
    (tmp_path / "sources.yaml").write_text(
        "sources: [{id: a, name: A, publisher: A, jurisdiction: EU, kind: html, url: 'https://a.example/',"
        " enabled: false}]"
    )
    names = {"MONITOR_DB": "m.db", "MONITOR_SOURCES": "sources.yaml", "MONITOR_SOPS": "sops"}
    paths = {name: str(tmp_path / file) for name, file in names.items()}
    config, pulse, looks = read_config(paths | {"SLACK_APP_TOKEN": "xapp-1"}), Pulse(), count()
    monkeypatch.setattr("monitor.service.Pulse", lambda: pulse)
    monkeypatch.setattr("monitor.service._leave", lambda *_: None)

    def call(meanwhile, is_enough=lambda life: life.ticked_at):
        other = sole(config.db, "serving")
        other.__enter__()

        def is_told(_):
            look = next(looks)
            if not look:
                meanwhile(tmp_path)
                other.__exit__(None, None, None)
            sleep(0.01)
            return is_enough(pulse.life) or look > 6000

        monkeypatch.setattr("monitor.service._is_told", is_told)
        serve(config, "127.0.0.1", 0, "desk")
        return pulse.life

    return call


def test_once_it_has_taken_over_nothing_of_it_stands_by(take_over):
    life = take_over(lambda _: None)
    assert (life.stands_by, life.failure) == (False, "")


def test_what_it_read_before_it_took_over_is_good_enough_where_the_file_has_mistakes_now(take_over):
    life = take_over(lambda folder: (folder / "sources.yaml").write_text("sources: ["))
    assert "what it declared before is used" in life.failure


def let_a_newer_program_write(folder):
    with closing(Database(folder / "m.db")) as db:
        db.table("_sqlite_migrations").insert(
            {"migration_set": "policy-monitor", "name": "m9999_from_the_future", "applied_at": "2031-01-01"}
        )


def test_where_a_newer_program_has_written_the_database_it_makes_room_for_that_one(take_over, tmp_path):
    with pytest.raises(NewerDatabaseError, match="m9999_from_the_future"):
        take_over(let_a_newer_program_write, is_enough=lambda _: False)
    with sole(tmp_path / "m.db", "serving") as is_free:
        assert is_free


def test_where_the_database_cannot_be_used_its_status_says_that_it_is_to_be_started_again(world):
    world.watch(id="rules", url="http://127.0.0.1:9/", enabled=False)
    (world.folder / "var").mkdir()
    (world.folder / "var" / "monitor.db").write_text("no database")
    done = world.call("serve", "--port", "0")
    assert (done.status, "the database cannot be opened" in done.err) == (1, True)


def test_systemd_hears_nothing_while_a_run_hangs_and_it_is_logged_once(tmp_path, monkeypatch):
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as manager, told(at_once=False) as end:
        manager.bind(str(tmp_path / "notify"))
        manager.setblocking(False)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        looks, ends = iter([True, True, False, True]), iter([False] * 4 + [True])
        monkeypatch.setattr("monitor.service._is_told", lambda _: next(ends))
        with capture_logs() as logs:
            _watch(end, SimpleNamespace(is_stuck=lambda: next(looks), refusal=None))
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
        service._leave(None, 1)
    """
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "ended in the middle of work" in done.stdout + done.stderr


def test_told_to_end_no_further_source_is_read(desk):
    ended = Event()
    ended.set()
    desk.arrive(page(RULES))
    tagger = Tagger.load(desk.db, build_index(()))
    assert process(desk.db, {"rules": desk.source}, tagger, desk.reader, NOON + HOUR, ended=ended).kinds == ()
    assert fetches.has_any_pending(desk.db)
