"""Addresses of pages with numbers and days that nothing can have: they lead nowhere, and break nothing."""

from __future__ import annotations

import pytest

from monitor.model import Role
from web.conftest import Desk
from web.knocking import opened


@pytest.fixture(scope="module")
def ask(tmp_path_factory):
    with opened(Desk(tmp_path_factory.mktemp("desk"))) as door:
        cookie = door.enter("maria", Role.SPECIALIST)
        yield lambda path, method="GET": door.ask(path, method, Cookie=cookie, Origin=door.address)


@pytest.mark.parametrize("digits", [18, 19, 20, 4_300, 4_301, 20_000])
@pytest.mark.parametrize("rest", ["", "/previous", "/next", "/draft.md"])
def test_a_number_that_no_change_has_leads_nowhere(ask, digits, rest):
    assert ask(f"/changes/{'9' * digits}{rest}").status in {303, 404}


@pytest.mark.parametrize("digits", [18, 19, 20_000])
def test_nothing_is_decided_about_a_number_that_no_change_has(ask, digits):
    assert ask(f"/changes/{'9' * digits}/decide", "POST").status == 404


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "3000-01-01", "9999-12-31", "2026-02-30", "9" * 5_000])
def test_a_calendar_from_a_day_that_is_none_to_be_asked_for_begins_today(ask, day):
    answer = ask(f"/calendar?from={day}")
    assert answer.status == 200
    assert "Back to today" not in answer.text


@pytest.mark.parametrize("day", ["1900-01-01", "2999-12-31"])
def test_a_calendar_begins_on_any_other_day(ask, day):
    answer = ask(f"/calendar?from={day}")
    assert (answer.status, "Back to today" in answer.text) == (200, True)


@pytest.mark.parametrize("span", ["until=9999-12-31", "since=0001-01-01", "since=9999-12-31&until=0001-01-01"])
def test_an_export_of_any_span_is_one(ask, span):
    assert ask(f"/exports/changes.csv?{span}").status == 200
