"""Keys: what programs send in a header, and calendars in an address."""

from __future__ import annotations

import pytest
from starlette.requests import Request
from structlog.testing import capture_logs

from monitor.errors import ConfigurationError
from monitor.model import Role
from monitor.store import transaction
from monitor.store.passes import revoke_passes
from monitor.web.access.invitation import make_key
from monitor.web.access.visitors import FEEDS, Visitor, find_visitor, send_away
from web.conftest import Desk
from web.knocking import opened


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with opened(Desk(tmp_path_factory.mktemp("desk"))) as door:
        yield door


@pytest.fixture
def door(site):
    """Nobody has come in yet."""
    return site.forget()


@pytest.fixture
def key(door):
    return make_key(door.desk.db, "importer", Role.SPECIALIST, door.config.now())


def test_a_key_is_shown_in_a_header(door, key):
    for scheme in ("Bearer", "bearer"):
        assert "importer" in door.ask("/", Authorization=f"{scheme} {key}").text


@pytest.mark.parametrize("header", ["Bearer", "Bearer x", "BEARER x", "Bearer ' OR 1=1", "Bearer \xe9", "Bearer  "])
def test_a_wrong_key_is_told_so_even_beside_a_session(door, header):
    answer = door.ask("/", Cookie=door.enter("maria", Role.LEAD), Authorization=header)
    assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize("header", ["Basic bWFyaWE6aHVzaA==", "BearerX x", "Bearer\tx", ""])
def test_another_scheme_is_not_for_us(door, header):
    assert door.ask("/", Authorization=header).status == 303
    assert door.ask("/leave", "POST", b"", Authorization=header).status == 403


def test_a_revoked_key_is_good_no_longer(door, key):
    with transaction(door.desk.db):
        revoke_passes(door.desk.db, "importer", door.config.now())
    assert door.ask("/", Authorization=f"Bearer {key}").status == 401


def test_two_keys_cannot_have_one_name_at_once(door, key):
    with pytest.raises(ConfigurationError, match='monitor web revoke "Importer"'):
        make_key(door.desk.db, "Importer", Role.READER, door.config.now())
    with transaction(door.desk.db):
        revoke_passes(door.desk.db, "importer", door.config.now())
    assert make_key(door.desk.db, "Importer", Role.READER, door.config.now()) != key


def test_a_program_may_send_without_being_a_page_of_the_desk(door, key):
    assert door.post("/leave", Origin=None).status == 403
    assert door.post("/leave", Origin=None, Authorization=f"Bearer {key}").status == 303


def asked(method, path, query):
    return Request(
        {"type": "http", "method": method, "path": path, "query_string": query.encode(), "headers": [], "client": None}
    )


@pytest.mark.parametrize(
    ("method", "path", "is_good"),
    [
        *[(method, path, True) for path in sorted(FEEDS) for method in ("GET", "HEAD")],
        *[("POST", path, False) for path in sorted(FEEDS)],
        ("GET", "/", False),
        ("GET", "/changes/1", False),
        ("GET", "/api/changes", False),
        ("GET", "/calendar.ics/", False),
        ("GET", "/calendar", False),
    ],
)
def test_a_key_in_an_address_is_for_reading_feeds_alone(door, key, method, path, is_good):
    found = find_visitor(asked(method, path, f"key={key}"), door.config, door.desk.db, door.config.now())
    assert found == (Visitor("importer", Role.READER) if is_good else None)


@pytest.mark.parametrize("path", sorted(FEEDS))
@pytest.mark.parametrize("query", ["key=x", "key=", ""])
def test_a_calendar_program_without_a_key_is_told_that_it_needs_one(door, path, query):
    request = asked("GET", path, query)
    assert find_visitor(request, door.config, door.desk.db, door.config.now()) is None
    answer = send_away(request, door.config)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_no_token_reaches_the_log(door, key, capfd):
    with capture_logs() as logs:
        token = door.invite("maria", Role.READER)
        door.ask(f"/enter?token={token}")
        cookie = door.post("/enter", {"token": token}).kept
        door.ask(f"/calendar.ics?key={key}", Cookie=cookie)
        door.ask("/", Authorization=f"Bearer {key}")
    said = str(logs) + "".join(capfd.readouterr())
    assert "signed in" in said
    assert [each for each in (token, key, cookie.partition("=")[2]) if each in said] == []
