"""What stands around every route: names of the desk, forms of other sites, headers, sizes, and patience."""

from __future__ import annotations

from time import monotonic

import pytest

from monitor import __version__
from monitor.model import Role
from monitor.service import listen
from monitor.slack.app import build_app
from monitor.web import guard
from monitor.web.app import create_app
from monitor.web.slack import PATH as SLACK
from slack.server import LocalSlack
from slack_app.conftest import Desk as SlackDesk
from web.conftest import Desk
from web.knocking import Door, iter_ways, opened

URL = "https://desk.example.org"


@pytest.fixture(scope="module")
def door(tmp_path_factory):
    with opened(Desk(tmp_path_factory.mktemp("desk"))) as door:
        yield door


@pytest.fixture(scope="module")
def public(tmp_path_factory):
    """A desk behind a proxy that ends TLS."""
    with opened(Desk(tmp_path_factory.mktemp("public")), MONITOR_WEB_URL=URL) as door:
        yield door


# Names


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:1", "localhost", "LOCALHOST:8420", "[::1]:8420"])
def test_every_name_of_this_machine_is_ours(door, host):
    assert door.ask("/sign-in", Host=host).status == 200


REBOUND = [
    "evil.example", "evil.example:8420", "127.0.0.1.evil.example", "localhost.evil.example", "evil.example#127.0.0.1",
    "evil@127.0.0.1", "127.0.0.1:x", "127.0.0.2", "0.0.0.0", "desk.example.org", "", " ", "localhost:999999",
]  # fmt: skip


@pytest.mark.parametrize("host", REBOUND)
def test_a_name_that_was_made_to_lead_here_is_refused(door, host):
    answer = door.ask("/sign-in", Host=host)
    assert answer.status in {400, 421}
    assert "Sign in" not in answer.text


def test_two_names_or_none_are_refused(door):
    assert door.ask("/sign-in", Host=["127.0.0.1", "127.0.0.1"]).status in {400, 421}
    assert door.ask("/sign-in", Host=None).status in {400, 421}


@pytest.mark.parametrize(
    ("host", "status"),
    [("desk.example.org", 200), ("DESK.example.org", 200), ("desk.example.org:8420", 421), ("example.org", 421)],
)
def test_the_address_that_people_type_is_ours(public, host, status):
    assert public.ask("/sign-in", Host=host).status == status


def test_what_asks_whether_the_service_is_up_may_know_but_a_number(door):
    assert door.ask("/healthz", Host="10.1.2.3:8420").status == 200


# Forms of other sites

OWN = "http://{host}"
SENT = {
    "by a page of the desk": ({"Sec-Fetch-Site": "same-origin", "Origin": OWN}, 303),
    "by a page of the desk, older browser": ({"Origin": OWN}, 303),
    "by the person at the browser": ({"Sec-Fetch-Site": "none"}, 303),
    "by another site": ({"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, 403),
    "by another site that forges Origin": ({"Sec-Fetch-Site": "cross-site", "Origin": OWN}, 403),
    "by another host of the site": ({"Sec-Fetch-Site": "same-site", "Origin": OWN}, 403),
    "with a word of no meaning": ({"Sec-Fetch-Site": "Same-Origin", "Origin": OWN}, 403),
    "with an empty word": ({"Sec-Fetch-Site": "", "Origin": OWN}, 403),
    "by another site, older browser": ({"Origin": "https://evil.example"}, 403),
    "by another port": ({"Origin": "http://127.0.0.1:1"}, 403),
    "by another scheme": ({"Origin": "https://{host}"}, 403),
    "by another name of this machine": ({"Origin": "http://localhost"}, 403),
    "by a longer name": ({"Origin": OWN + ".evil.example"}, 403),
    "by a page without an origin": ({"Origin": "null"}, 403),
    "by nobody who says so": ({}, 403),
    "with a Referer alone": ({"Referer": OWN + "/"}, 403),
}


@pytest.mark.parametrize(("headers", "status"), SENT.values(), ids=SENT)
def test_only_a_page_of_the_desk_sends_forms(door, headers, status):
    headers = {name: value.format(host=door.host) for name, value in headers.items()}
    assert door.ask("/leave", "POST", b"", **headers).status == status


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "BREW"])
def test_what_is_not_known_to_be_safe_is_held_to_the_same(door, method):
    assert door.ask("/leave", method, Origin="https://evil.example").status == 403


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        ("desk.example.org", URL, 303),
        ("desk.example.org", "http://desk.example.org", 403),
        ("desk.example.org", "https://desk.example.org:8443", 403),
        ("127.0.0.1", URL, 303),
    ],
)
def test_over_tls_a_page_without_tls_is_another_site(public, host, origin, status):
    assert public.post("/leave", Host=host, Origin=origin).status == status


def test_no_other_site_is_ever_allowed_more(door):
    cookie = door.enter("maria", Role.LEAD)
    for method in ("GET", "OPTIONS"):
        answer = door.ask(
            "/", method, Cookie=cookie, Origin="https://evil.example", Access_Control_Request_Method="POST"
        )
        assert [name for name in answer.headers if name.lower().startswith("access-control-")] == []


# Headers

CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


def assert_guarded(answer):
    assert answer.headers["Content-Security-Policy"] == CSP
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert len(answer.headers.get_all("Content-Security-Policy")) == 1


@pytest.mark.parametrize("path", sorted({path for _, path in iter_ways()}))
def test_every_answer_of_every_route_carries_the_headers(door, path):
    for cookie in (None, door.enter("maria", Role.LEAD)):
        answer = door.ask(path, Cookie=cookie)
        assert_guarded(answer)
        assert answer.headers["Cache-Control"] == "no-store" or answer.headers["Cache-Control"].startswith("private")
        assert answer.headers["Strict-Transport-Security"] is None


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/static/desk.css", {}, 200),
        ("/static/none.css", {}, 404),
        ("/static/../app.py", {}, 404),
        ("/nowhere", {}, 404),
        ("/sign-in", {"Host": "evil.example"}, 421),
    ],
)
def test_what_no_route_answers_carries_the_headers_too(door, path, headers, status):
    answer = door.ask(path, **headers)
    assert answer.status == status
    assert_guarded(answer)


def test_over_tls_and_only_there_browsers_are_told_to_keep_to_it(public):
    assert public.ask("/sign-in", Host="desk.example.org").headers["Strict-Transport-Security"] == "max-age=31536000"
    assert public.ask("/sign-in").headers["Strict-Transport-Security"] is None


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        (f"/static/desk.css?{__version__}", "public, max-age=31536000, immutable"),
        ("/static/desk.css", "no-cache"),
        ("/static/desk.css?0.0.0", "no-cache"),
    ],
)
def test_styles_and_scripts_are_kept_for_good_under_their_version(door, address, kept):
    assert door.ask(address).headers["Cache-Control"] == kept


def test_what_breaks_is_a_page_with_the_headers_and_without_the_reason(door, monkeypatch):
    def break_down(*_, **__):
        raise RuntimeError("of a secret kind")

    monkeypatch.setattr("monitor.web.access.doors.draw", break_down)
    answer = door.ask("/sign-in")
    assert answer.status == 500
    assert "The desk met something it was not made for." in answer.text
    assert "secret" not in answer.text
    assert_guarded(answer)


def test_nothing_here_speaks_websocket(door):
    answer = door.ask(
        "/",
        Connection="Upgrade",
        Upgrade="websocket",
        Sec_WebSocket_Version="13",
        Sec_WebSocket_Key="AAAAAAAAAAAAAAAAAAAAAA==",
    )
    assert answer.status == 403


# Sizes and patience


def test_what_says_that_it_is_too_large_is_not_read(door):
    assert door.post("/enter", Content_Length=str(guard.MAX_BODY + 1)).status == 413


def test_what_does_not_say_how_large_it_is_is_read_up_to_the_limit(door):
    fields = [b"%d=" % number + b"x" * 90_000 + b"&" for number in range(12)]
    wire = b"".join(b"%x\r\n%s\r\n" % (len(each), each) for each in fields) + b"0\r\n\r\n"
    headers = {"Origin": door.address, "Content_Length": None, "Transfer_Encoding": "chunked"}
    assert door.ask("/enter", "POST", wire, **headers).status == 413


def test_a_field_that_is_too_large_is_refused(door):
    assert door.post("/enter", {"token": "x" * 100_001}).status == 400


def test_a_form_with_too_many_fields_is_refused_as_a_page(door):
    answer = door.post("/enter", {f"field{number}": "x" for number in range(101)})
    assert answer.status == 400
    assert "could not read" in answer.text


def test_who_is_wrong_again_and_again_waits_and_nobody_else_does(desk, monkeypatch):
    waits = []

    async def note(seconds):
        waits.append(seconds)

    monkeypatch.setattr("monitor.web.guard.sleep", note)
    monkeypatch.setattr("monitor.web.guard._WAIT_S", 1.0)
    with opened(desk) as door:
        for _ in range(12):
            assert door.post("/enter", {"token": "wrong"}).status == 403
        assert waits == [1.0, 1.0]
        assert door.post("/enter", {"token": door.invite("maria", Role.READER)}).status == 303
        assert waits == [1.0, 1.0]
        monkeypatch.setattr("monitor.web.guard.monotonic", lambda: monotonic() + 61)
        assert door.ask("/", Authorization="Bearer wrong").status == 401
        assert waits == [1.0, 1.0]


# Slack


def test_slack_is_no_page_of_the_desk_and_signs_instead(tmp_path):
    with LocalSlack() as slack:
        desk = SlackDesk(tmp_path, slack)
        app = build_app(desk.config)
        with listen(create_app(desk.config, app), "127.0.0.1", 0) as address:
            answer = Door(desk, desk.config, address).ask(SLACK, "POST", b"{}", Host="hooks.example")
        app.listener_runner.listener_executor.shutdown(wait=True)
        desk.db.close()
    assert answer.status == 401
    assert_guarded(answer)
