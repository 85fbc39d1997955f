"""What the log looks like: for people, and as JSON Lines for a log shipper."""

from __future__ import annotations

import json
import logging
import signal

import pytest
import structlog
from click.testing import CliRunner

from monitor.cli import cli
from monitor.cli.log import set_up_log
from monitor.config import read_config
from monitor.errors import ConfigurationError
from scenarios.world import World


@pytest.fixture(autouse=True)
def as_it_was():
    before = logging.lastResort
    yield
    logging.lastResort = before
    structlog.reset_defaults()


def read(printed):
    return [json.loads(line) for line in printed.splitlines()]


@pytest.fixture
def library():
    """A logger that nobody configures; pytest listens to those that are known by name."""
    return logging.getLoggerClass()("some.library")


def fail(token):
    raise RuntimeError(f"two\nlines, {len(token)}")


def log_failure(log):
    token = "xoxb-" + "geheim"
    try:
        fail(token)
    except RuntimeError:
        log.exception("delivery failed")


def test_each_line_is_one_json_object_with_time_level_event_and_fields(capsys):
    set_up_log(verbose=True, as_json=True)
    structlog.get_logger().info("fetch recorded", source="règles", bytes=12, path=read_config({}).db)
    (line,) = read(capsys.readouterr().err)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "level": "info", "event": "fetch recorded", "source": "règles", "bytes": 12, "path": "var/monitor.db",
    }  # fmt: skip


def test_a_traceback_is_one_field_without_local_variables(capsys):
    set_up_log(verbose=False, as_json=True)
    log_failure(structlog.get_logger())
    printed = capsys.readouterr().err
    (line,) = read(printed)
    assert (line["level"], line["event"]) == ("error", "delivery failed")
    assert "in fail" in line["exception"]
    assert "lines, 11" in line["exception"]
    assert "geheim" not in printed


def test_what_libraries_log_is_written_the_same_way(capsys, library):
    set_up_log(verbose=False, as_json=True)
    library.info("not this")
    library.warning("it is %s", "late", extra={"fd": 3})
    log_failure(library)
    late, failed = read(capsys.readouterr().err)
    assert (late["level"], late["event"], late["logger"]) == ("warning", "it is late", "some.library")
    assert "in fail" in failed["exception"]


def test_for_people_it_stays_text_with_what_libraries_say(capsys, library):
    set_up_log(verbose=False)
    structlog.get_logger().info("not this")
    structlog.get_logger().warning("run failed", error="why")
    library.warning("it is late")
    run_failed, late = capsys.readouterr().err.splitlines()
    assert "run failed" in run_failed
    assert "error=why" in run_failed
    assert "it is late" in late
    assert "[some.library]" in late


def test_whoever_configures_logging_is_left_alone(capsys, caplog):
    set_up_log(verbose=False, as_json=True)
    logging.getLogger("some.library").warning("it is late")
    assert [each.message for each in caplog.records] == ["it is late"]
    assert capsys.readouterr().err == ""


@pytest.mark.slow
def test_the_service_writes_nothing_but_json_lines(tmp_path):
    world = World(tmp_path)
    world.watch(id="rules", url="http://127.0.0.1:9/rules", hold="0")
    world.environment["MONITOR_LOG"] = "json"
    lines = []
    with world.start("--verbose", "serve", "--port", "0", day=1) as process:
        for line in process.stderr:
            lines.append(json.loads(line))
            if lines[-1]["event"] == "run finished":
                process.send_signal(signal.SIGTERM)
    assert process.returncode == 0
    assert {"service started", "fetch recorded", "run finished", "service stopped"} <= {each["event"] for each in lines}
    assert all(each.keys() >= {"timestamp", "level", "event"} for each in lines)


def test_another_word_is_refused_with_those_that_do(monkeypatch):
    monkeypatch.setenv("MONITOR_LOG", "xml")
    result = CliRunner().invoke(cli, ["problems"])
    assert isinstance(result.exception, ConfigurationError)
    assert str(result.exception) == 'MONITOR_LOG: "xml" is no way to write a log. Set it to text or json.'
