"""One-time links and the sessions they turn into: the way in where nothing else is set up."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.model import Role
from monitor.store import transaction
from monitor.store.passes import PassSort, add_pass, get_passes, revoke_passes
from monitor.web.access.doors import find_path
from monitor.web.access.invitation import AFTER_LINK, GOOD_FOR, accept_invitation, invite, open_session
from web.conftest import Desk
from web.knocking import opened

URL = "https://desk.example.org"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with opened(Desk(tmp_path_factory.mktemp("desk"))) as door:
        yield door


@pytest.fixture
def door(site):
    """Nobody has come in yet."""
    return site.forget()


def sorts(door):
    return [each.sort for each in get_passes(door.desk.db, door.config.now())]


def test_who_shows_nothing_is_sent_to_sign_in_and_back_afterwards(door):
    answer = door.ask("/?topic=a&mine=1")
    assert (answer.status, answer.location) == (303, "/sign-in?next=/%3Ftopic%3Da%26mine%3D1")
    assert "monitor web link" in door.ask(answer.location).text


def test_a_link_shows_whom_it_lets_in_and_a_button_does(door):
    token = door.invite("maria", Role.SPECIALIST)
    page = door.ask(f"/enter?token={token}")
    assert (page.status, "Come in as maria" in page.text, "specialist" in page.text) == (200, True, True)
    entered = door.post("/enter", {"token": token})
    assert (entered.status, entered.location) == (303, "/")
    assert "maria" in door.ask("/", Cookie=entered.kept).text


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_looks_at_a_link_ahead_does_not_spend_it(door, method):
    token = door.invite("maria", Role.READER)
    for _ in range(3):
        seen = door.ask(f"/enter?token={token}", method)
        assert (seen.status, seen.kept) == (200, "")
    assert door.post("/enter", {"token": token}).status == 303


def test_a_link_is_good_once(door):
    token = door.invite("maria", Role.READER)
    assert door.post("/enter", {"token": token}).status == 303
    for again in (door.post("/enter", {"token": token}), door.ask(f"/enter?token={token}")):
        assert (again.status, again.kept) == (403, "")
        assert "monitor web link" in again.text


def test_a_link_is_good_for_a_quarter_of_an_hour(door):
    made_at = door.config.now() - GOOD_FOR
    assert door.post("/enter", {"token": invite(door.desk.db, "maria", Role.READER, made_at)}).status == 403
    just = made_at + timedelta(seconds=1)
    assert door.post("/enter", {"token": invite(door.desk.db, "maria", Role.READER, just)}).status == 303


FORGED = ["", "x", "A" * 43, "' OR 1=1 --", "\x00", "ß" * 20, "x" * 50_000]


@pytest.mark.parametrize("token", FORGED, ids=range(len(FORGED)))
def test_a_forged_link_lets_nobody_in(door, token):
    answer = door.post("/enter", {"token": token})
    assert (answer.status, answer.kept) == (403, "")


@pytest.mark.parametrize("sort", [PassSort.SESSION, PassSort.KEY])
def test_no_other_token_is_a_link(door, sort):
    with transaction(door.desk.db):
        token = add_pass(
            door.desk.db, sort, who="maria", role=Role.LEAD, now=door.config.now(), lasts=timedelta(days=1)
        )
    assert door.post("/enter", {"token": token}).status == 403
    assert sorts(door) == [sort]


@pytest.mark.parametrize("sort", [PassSort.INVITATION, PassSort.KEY])
def test_no_other_token_is_a_session(door, sort):
    with transaction(door.desk.db):
        token = add_pass(
            door.desk.db, sort, who="maria", role=Role.LEAD, now=door.config.now(), lasts=timedelta(days=1)
        )
    name = door.enter("otto", Role.READER).partition("=")[0]
    assert door.ask("/", Cookie=f"{name}={token}").status == 303


def test_only_hashes_are_kept(door):
    token = door.invite("maria", Role.READER)
    cookie = door.enter("otto", Role.READER).partition("=")[2]
    kept = list(door.desk.db.table("pass").rows)
    assert len(kept) == 3
    assert token not in str(kept)
    assert cookie not in str(kept)


def test_the_cookie_of_a_session_is_for_this_desk_alone_and_not_for_scripts(door):
    answer = door.post("/enter", {"token": door.invite("maria", Role.READER)})
    ((name, cookie),) = answer.cookies.items()
    port = door.host.partition(":")[2]
    assert name == f"desk-{port}"
    facts = {key: cookie[key] for key in ("path", "httponly", "samesite", "secure", "domain", "max-age")}
    assert facts == {
        "path": "/", "httponly": True, "samesite": "lax", "secure": "", "domain": "", "max-age": "2592000",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("host", "name"),
    [("localhost:9000", "desk-9000"), ("[::1]:9000", "desk-9000"), ("[::1]", "desk-80"), ("127.0.0.1", "desk-80")],
)
def test_desks_on_other_ports_of_this_machine_have_cookies_of_their_own(door, host, name):
    answer = door.post("/enter", {"token": door.invite("maria", Role.READER)}, Host=host)
    assert list(answer.cookies) == [name]
    assert door.ask("/", Host=host, Cookie=answer.kept).status == 200


def test_over_tls_no_other_host_of_the_domain_can_set_the_cookie(desk):
    with opened(desk, MONITOR_WEB_URL=URL) as door:
        token = door.invite("maria", Role.READER)
        answer = door.post("/enter", {"token": token}, Host="desk.example.org", Origin=URL)
    ((name, cookie),) = answer.cookies.items()
    assert (name, cookie["secure"], cookie["path"], cookie["domain"]) == ("__Host-desk", True, "/", "")


def test_a_new_session_has_a_new_token_and_ends_the_one_before(door):
    before = door.enter("maria", Role.READER)
    after = door.post("/enter", {"token": door.invite("otto", Role.READER)}, Cookie=before).kept
    assert after != before
    assert door.ask("/", Cookie=before).status == 303
    assert "otto" in door.ask("/", Cookie=after).text


def test_a_token_that_a_browser_was_given_from_outside_is_never_signed_in(door):
    name = door.enter("otto", Role.READER).partition("=")[0]
    planted = f"{name}=planted"
    answer = door.post("/enter", {"token": door.invite("maria", Role.READER)}, Cookie=planted)
    assert answer.kept != planted
    assert door.ask("/", Cookie=planted).status == 303


def test_signing_out_ends_the_session_and_not_only_the_cookie(door):
    cookie = door.enter("maria", Role.READER)
    answer = door.post("/leave", Cookie=cookie)
    assert (answer.status, answer.location, answer.kept) == (303, "/sign-in", "")
    assert [each["max-age"] for each in answer.cookies.values()] == ["0"]
    assert door.ask("/", Cookie=cookie).status == 303


def test_signing_out_twice_harms_nobody(door):
    cookie = door.enter("maria", Role.READER)
    for _ in range(2):
        assert door.post("/leave", Cookie=cookie).status == 303
    assert door.post("/leave").status == 303


def test_a_session_that_was_revoked_ends_at_once(door):
    cookie = door.enter("maria", Role.READER)
    with transaction(door.desk.db):
        assert revoke_passes(door.desk.db, "MARIA", door.config.now()) == 1
    assert door.ask("/", Cookie=cookie).status == 303


def test_a_session_ends_after_its_time(door):
    name = door.enter("otto", Role.READER).partition("=")[0]
    late = door.config.now() - AFTER_LINK
    _, token = accept_invitation(door.desk.db, invite(door.desk.db, "maria", Role.READER, late), late)
    assert door.ask("/", Cookie=f"{name}={token}").status == 303
    token = open_session(door.desk.db, "maria", Role.READER, door.config.now() - timedelta(hours=11))
    assert door.ask("/", Cookie=f"{name}={token}").status == 200
    token = open_session(door.desk.db, "maria", Role.READER, door.config.now() - timedelta(hours=12))
    assert door.ask("/", Cookie=f"{name}={token}").status == 303


def test_what_has_ended_by_itself_is_forgotten(door):
    invite(door.desk.db, "maria", Role.READER, door.config.now() - GOOD_FOR)
    door.invite("otto", Role.READER)
    assert door.desk.db.table("pass").count == 1


def test_a_script_of_the_page_that_meets_an_ended_session_takes_people_to_sign_in(door):
    answer = door.ask("/", HX_Request="true")
    assert (answer.status, answer.headers["HX-Redirect"]) == (401, "/sign-in?next=/")


@pytest.mark.parametrize(
    ("wish", "path"),
    [
        ("/changes/1?a=b#c", "/changes/1?a=b#c"),
        ("", "/"),
        ("changes", "/"),
        ("//evil.example", "/"),
        ("///evil.example", "/"),
        ("/\\evil.example", "/"),
        ("\\\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("/\n/evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        (" //evil.example", "/"),
        ("/a\r\nSet-Cookie: x=y", "/"),
    ],
)
def test_where_people_wanted_to_go_is_a_path_of_the_desk(wish, path):
    assert find_path(wish) == path
