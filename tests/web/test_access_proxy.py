"""A proxy signs people in and names them in a header: it is believed, and nobody else."""

from __future__ import annotations

import pytest
from starlette.requests import Request

from monitor.model import Role
from monitor.web.access import Visitor, find_visitor
from monitor.web.access.invitation import make_key
from triaged import SOURCES
from web.conftest import Desk
from web.knocking import opened

URL = "https://desk.example.org"
HEADER = "X-Forwarded-Email"
PEOPLE = """\
people:
  - {name: Maria Lopez, email: maria@example.org, role: lead}
  - {name: Otto Lind, email: otto@example.org}
  - {name: Rita Read, email: rita@example.org, role: reader}
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    desk = Desk(tmp_path_factory.mktemp("desk"))
    (desk.folder / "sources.yaml").write_text(PEOPLE + SOURCES)
    return desk


def behind(desk, proxies, **environ):
    return opened(desk, MONITOR_WEB_URL=URL, MONITOR_WEB_PROXY_HEADER=HEADER, MONITOR_WEB_PROXY_FROM=proxies, **environ)


@pytest.fixture(scope="module")
def door(house):
    """The proxy is this machine."""
    with behind(house, "10.0.0.0/8, 127.0.0.1/32") as door:
        yield door


@pytest.fixture(scope="module")
def stranger(house):
    """The proxy is elsewhere, and this machine is nobody."""
    with behind(house, "10.0.0.0/8, fd00::/64") as door:
        yield door


@pytest.mark.parametrize(
    ("header", "name", "role"),
    [
        ("maria@example.org", "Maria Lopez", "lead"),
        ("MARIA@Example.org", "Maria Lopez", "lead"),
        ("Maria Lopez", "Maria Lopez", "lead"),
        ("otto@example.org", "Otto Lind", "specialist"),
        ("rita@example.org", "Rita Read", "reader"),
        ("tom@example.org", "tom@example.org", "reader"),
    ],
)
def test_who_is_listed_has_their_name_and_role_and_who_is_not_is_a_reader(door, header, name, role):
    page = door.ask("/", X_Forwarded_Email=header)
    assert page.status == 200
    assert f"<summary>{name}</summary>" in page.text
    assert f"<p>{role}</p>" in page.text


def test_whom_the_proxy_names_has_no_session_to_end(door):
    assert "Sign out" not in door.ask("/", X_Forwarded_Email="maria@example.org").text


def test_the_role_of_who_is_not_listed_can_be_set(house):
    with behind(house, "127.0.0.1", MONITOR_WEB_ROLE="specialist") as door:
        assert "<p>specialist</p>" in door.ask("/", X_Forwarded_Email="tom@example.org").text


def test_the_header_of_a_stranger_lets_in_nobody(stranger):
    answer = stranger.ask("/", X_Forwarded_Email="maria@example.org")
    assert answer.status == 401
    assert URL in answer.text


def test_not_even_with_a_session_does_a_stranger_show_the_header(stranger):
    cookie = stranger.enter("maria", Role.LEAD)
    assert stranger.ask("/", Cookie=cookie).status == 200
    assert stranger.ask("/", Cookie=cookie, X_Forwarded_Email="maria@example.org").status == 401


def test_no_header_about_the_peer_makes_a_stranger_the_proxy(stranger):
    for name in ("X-Forwarded-For", "X-Real-IP", "Forwarded"):
        answer = stranger.ask("/", X_Forwarded_Email="maria@example.org", **{name: "10.0.0.1"})
        assert answer.status == 401, name


@pytest.mark.parametrize(
    ("peer", "is_believed"),
    [
        (("127.0.0.1", 1), True),
        (("::ffff:127.0.0.1", 1), True),
        (("10.1.2.3", 1), True),
        (("11.0.0.1", 1), False),
        (("::1", 1), False),
        (("localhost", 1), False),
        (None, False),
    ],
)
def test_only_the_other_end_of_the_connection_counts(door, peer, is_believed):
    headers = [(b"x-forwarded-email", b"maria@example.org"), (b"x-forwarded-for", b"127.0.0.1")]
    asked = Request({"type": "http", "method": "GET", "path": "/", "headers": headers, "client": peer})
    found = find_visitor(asked, door.config, door.desk.db, door.config.now())
    assert found == (Visitor("Maria Lopez", Role.LEAD) if is_believed else None)


FORGED = {
    "none": [],
    "empty": [""],
    "blank": ["   "],
    "two headers": ["maria@example.org", "tom@example.org"],
    "the same twice": ["tom@example.org", "tom@example.org"],
    "two in one": ["maria@example.org, tom@example.org"],
    "too long": ["x" * 201],
    "control signs": ["maria\x85@example.org"],
}


@pytest.mark.parametrize("values", FORGED.values(), ids=FORGED)
def test_a_header_that_does_not_name_one_person_lets_in_nobody(door, values):
    assert door.ask("/", X_Forwarded_Email=values).status == 401


def test_a_key_is_good_where_the_proxy_lets_programs_through(door):
    key = make_key(door.desk.db, "importer", Role.READER, door.config.now())
    assert "importer" in door.ask("/", Authorization=f"Bearer {key}").text


def test_a_wrong_key_behind_a_proxy_is_told_so(door):
    assert "needs a key" in door.ask("/", Authorization="Bearer wrong").text


def test_on_a_day_on_which_the_proxy_is_down_a_link_lets_people_in(door):
    assert door.ask("/", Cookie=door.enter("root", Role.LEAD)).status == 200


def test_a_form_of_another_site_is_refused_though_the_proxy_adds_a_name_and_a_token(door):
    answer = door.post(
        "/leave",
        X_Forwarded_Email="maria@example.org",
        Authorization="Bearer of-the-proxy",
        Origin="https://evil.example",
    )
    assert answer.status == 403


def test_a_page_of_the_address_that_people_typed_may_send_though_the_proxy_names_this_machine(door):
    assert door.post("/leave", X_Forwarded_Email="maria@example.org", Origin=URL).status == 303


def test_the_page_to_sign_in_leads_to_the_proxy(door):
    assert f'href="{URL}"' in door.ask("/sign-in").text


def test_mistakes_in_the_list_of_people_let_in_nobody_and_are_named(desk):
    (desk.folder / "sources.yaml").write_text(PEOPLE.replace("lead", "king") + SOURCES)
    with behind(desk, "127.0.0.1") as door:
        answer = door.ask("/", X_Forwarded_Email="maria@example.org")
    assert answer.status == 400
    assert "role" in answer.text
