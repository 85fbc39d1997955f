"""What fails by itself is named and logged, and stops nothing else."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from structlog.testing import capture_logs

from monitor.errors import BusyError, NotFoundError, StoreError
from monitor.failing import AGAIN_S, attempt, gather, is_news, tolerate
from monitor.store import Database


def fail():
    raise ZeroDivisionError("by zero")


def test_what_is_raised_ends_the_block_and_nothing_else():
    done = []
    with capture_logs() as logs, gather({}) as failures:
        for number in (1, 0, 2):
            with tolerate("dividing failed", f"{number} cannot be used", number=number):
                done.append(1 // number)
    assert done == [1, 0]
    assert failures == ["0 cannot be used (ZeroDivisionError('integer division or modulo by zero'))"]
    (line,) = logs
    assert (line["event"], line["log_level"], line["number"]) == ("dividing failed", "error", 0)
    assert isinstance(line["exc_info"], ZeroDivisionError)


def test_a_message_that_is_made_for_people_is_a_warning_without_a_traceback():
    with capture_logs() as logs, gather({}) as failures, tolerate("asking failed", "it is not asked"):
        raise NotFoundError("there is none")
    assert failures == ["it is not asked (there is none)"]
    assert logs == [{"event": "asking failed", "error": "there is none", "log_level": "warning"}]


@pytest.mark.parametrize("error", [StoreError("the disk is full"), BusyError("held"), KeyboardInterrupt()])
def test_a_database_that_cannot_be_written_and_the_wish_to_end_go_through(error):
    with pytest.raises(type(error)), tolerate("x", "y"):
        raise error


@pytest.mark.parametrize(
    ("pragma", "statement", "said"),
    [
        ("query_only = 1", "DELETE FROM a", "readonly"),
        ("max_page_count = 2", "INSERT INTO a VALUES (zeroblob(99999))", "full"),
    ],
)
def test_what_the_disk_refuses_is_no_fault_of_one_row_and_goes_through(pragma, statement, said):
    db = Database(memory=True)
    db.execute("CREATE TABLE a (b)")
    db.execute(f"PRAGMA {pragma}")
    with pytest.raises(StoreError, match=said), tolerate("x", "y"):
        db.execute(statement)


def test_a_row_that_breaks_a_rule_of_the_database_is_passed_over():
    db = Database(memory=True)
    db.execute("CREATE TABLE a (b UNIQUE)")
    with gather({}) as failures:
        for _ in range(2):
            with tolerate("x", "y"):
                db.execute("INSERT INTO a VALUES (1)")
    assert len(failures) == 1


def test_outside_of_a_run_it_is_logged_each_time():
    with capture_logs() as logs:
        for _ in range(2):
            assert attempt("dividing failed", "none", fail, otherwise=5) == 5
    assert len(logs) == 2


def test_one_failure_is_one_line_of_a_run_and_is_logged_once():
    with capture_logs() as logs, gather({}) as failures:
        for _ in range(2):
            attempt("dividing failed", "none", fail, None)
    assert (len(failures), len(logs)) == (1, 1)


def test_what_was_said_is_news_again_after_an_hour(monkeypatch):
    clock, known = SimpleNamespace(now=0.0), {}
    monkeypatch.setattr("monitor.failing.time.monotonic", lambda: clock.now)
    heard = []
    for clock.now in (0, AGAIN_S - 1, AGAIN_S, AGAIN_S + 1):
        heard.append(is_news(known, "a"))
    assert heard == [True, False, True, False]
    assert len(known) == 1
