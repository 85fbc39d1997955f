"""Two services on one database, and one that is told to end while a publisher hangs."""

from __future__ import annotations

import re
import signal
import socket
import time
from contextlib import closing
from urllib.request import urlopen

import pytest

from local_site import Answer
from monitor.store import Database
from scenarios.test_situations import OLDER, RULES, page
from scenarios.world import World
from slack.server import LocalSlack

pytestmark = pytest.mark.slow


def read_log(service, event):
    """The next line with this event."""
    return next(line for line in iter(service.stderr.readline, "") if event in line)


def end(service):
    """What is left of its log after SIGTERM."""
    service.send_signal(signal.SIGTERM)
    _, err = service.communicate(timeout=60)
    assert service.returncode == 0, err
    return err


def test_the_second_service_stands_by_and_takes_over_when_the_first_is_killed(tmp_path, site):
    with LocalSlack() as slack:
        world = World(tmp_path, slack)
        site.put("/rules", page(RULES))
        world.watch(id="rules", url=site.url("/rules"), every="1h", hold="0")
        first = world.start("-v", "serve", "--port", "0", hour=9)
        read_log(first, "run finished")
        site.put("/rules", page(OLDER))
        second = world.start("-v", "serve", "--port", "0", day=2, hour=9)
        line = read_log(second, "service started")
        read_log(second, "standing by")
        assert urlopen(re.search(r"http://127[^\s\"]+", line)[0] + "/healthz", timeout=10).status == 200
        assert len(slack.messages) == 1
        assert world.run(day=1, hour=9)["notes"] == []  # nothing is due, and a run beside a service goes on working
        first.kill()
        first.communicate()
        read_log(second, "taking over")
        read_log(second, "run finished")
        err = end(second)
        assert "Traceback" not in err
        told = world.call("run", "--json", day=2, hour=9).json
        assert (told["digests"], told["sent"]) == (0, 0)
        assert len(slack.messages) == 2
        assert "livestream" not in str(slack.messages[0])
        assert "livestream" in str(slack.messages[1])


def test_told_to_end_during_a_crawl_it_keeps_what_arrived_and_leaves_the_rest_due(world, site, monkeypatch):
    site.put("/rules", page(RULES))
    site.pages["/hangs"] = Answer(200, b"", {"Content-Type": "text/html"}, delay_s=50)
    world.watch(id="rules", url=site.url("/rules"), every="1h")
    world.watch(id="hangs", url=site.url("/hangs"), every="1h")
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as manager:
        manager.bind(str(world.folder / "notify"))
        world.environment["NOTIFY_SOCKET"] = str(world.folder / "notify")
        service = world.start("-v", "serve", "--port", "0")
        read_log(service, "fetch recorded")
        began = time.monotonic()
        err = end(service)
        took = time.monotonic() - began
        assert manager.recv(100) == b"READY=1"
        said = b""
        while said != b"STOPPING=1":
            said = manager.recv(100)
            assert said in {b"WATCHDOG=1", b"STOPPING=1"}
    assert "service stopped" in err
    assert "Traceback" not in err
    assert took < 30  # of the 50 s that the publisher takes; on an idle machine it is one second
    db = Database(world.folder / "var" / "monitor.db")
    assert [row["source_id"] for row in db.query("SELECT * FROM fetch JOIN resource ON resource.id = resource_id")] == [
        "rules"
    ]
    assert [row["id"] for row in db.query("SELECT id FROM source WHERE attempted_at IS NULL")] == ["hangs"]
    db.close()
