"""Who may do what: every route of the desk, for everybody who may ask."""

from __future__ import annotations

from contextlib import closing

import pytest
from starlette.requests import Request

from monitor.model import Role
from monitor.web.access.invitation import make_key
from monitor.web.serving import open_database
from web.conftest import Desk
from web.knocking import iter_ways, opened

OPEN = {"/healthz", "/readyz", "/metrics", "/sign-in", "/sign-in/start", "/sign-in/back", "/enter", "/leave"}
"""What answers to everybody, or, as `/metrics`, to no person."""

WAYS = sorted(set(iter_ways()))
CLOSED = [way for way in WAYS if way[1] not in OPEN]
READING = [path for method, path in CLOSED if method == "GET"]
DECIDING = [way for way in CLOSED if way[0] != "GET"]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """One desk for all that change nothing."""
    with opened(Desk(tmp_path_factory.mktemp("site"))) as door:
        yield door


@pytest.fixture(scope="module")
def cookies(site):
    return {role: site.enter(role, role) for role in Role}


def test_there_is_something_to_keep(cookies):
    assert "/" in READING
    assert {path for _, path in WAYS} >= OPEN
    assert len(set(cookies.values())) == 3


@pytest.mark.parametrize(("method", "path"), CLOSED)
def test_nobody_is_shown_anything_who_was_not_let_in(site, method, path):
    answer = site.ask(path, method, Origin=site.address)
    assert answer.status in {303, 401}
    if answer.status == 303:
        assert answer.location.startswith("/sign-in")


@pytest.mark.parametrize("path", READING)
@pytest.mark.parametrize("role", Role)
def test_everybody_who_was_let_in_may_look(site, cookies, path, role):
    answer = site.ask(path, Cookie=cookies[role])
    assert answer.status not in {401, 403}
    assert answer.status < 500
    assert not (answer.location or "").startswith("/sign-in")


@pytest.mark.parametrize(("method", "path"), DECIDING)
def test_a_reader_decides_nothing(site, cookies, method, path):
    answer = site.ask(path, method, b"", Cookie=cookies[Role.READER], Origin=site.address)
    assert answer.status == 403
    key = make_key(site.desk.db, f"{method} {path}", Role.READER, site.config.now())
    assert site.ask(path, method, b"", Authorization=f"Bearer {key}").status == 403


def everything(db):
    """All rows of all tables that people's decisions and sessions are in."""
    return {table: list(db.table(table).rows) for table in ("change", "decision", "pass", "impact", "link")}


@pytest.mark.parametrize("path", sorted({path for _, path in WAYS}))
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_changes_nothing(site, cookies, method, path):
    token = site.invite("tom", Role.LEAD)
    before = everything(site.desk.db)
    form = f"token={token}&verdict=confirmed&state=x&code=x&next=/"
    site.ask(f"{path}?{form}", method, Cookie=cookies[Role.LEAD])
    assert everything(site.desk.db) == before


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_what_only_reads_has_a_database_that_cannot_be_written_to(site, method):
    request = Request({"type": "http", "method": method, "headers": []})
    with closing(open_database(request, site.config)) as db, pytest.raises(Exception, match="readonly"):
        db.execute("DELETE FROM pass")


@pytest.mark.parametrize("path", ["/changes/1/decide", "/api/changes/1/decisions"])
def test_asking_what_can_be_sent_wants_no_more_than_reading(site, cookies, path):
    assert site.ask(path, "OPTIONS", Cookie=cookies[Role.READER]).status == 405


LIES = dict.fromkeys(("by", "who", "name", "actor", "visitor", "user", "role"), "Otto Lind")


def test_each_decision_is_kept_under_the_name_of_who_came_in_and_no_form_says_otherwise(desk):
    with opened(desk) as door:
        cookie = door.enter("Maria Lopez", Role.SPECIALIST)
        key = make_key(desk.db, "importer", Role.SPECIALIST, door.config.now())
        form = {"verdict": "not-applicable", "reason": "unrelated", **LIES}
        door.post("/changes/1/decide?by=Otto&visitor=Otto", form, Cookie=cookie, X_Forwarded_User="Otto Lind")
        door.post("/changes/2/decide", form, Authorization=f"Bearer {key}", Origin=None)
    made = [(each["change_id"], each["by"]) for each in desk.db.table("decision").rows]
    assert made == [(1, "Maria Lopez"), (2, "importer")]
