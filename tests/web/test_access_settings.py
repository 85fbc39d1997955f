"""The settings of the way in, the service that refuses to stand open, and `monitor web`."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
from click.testing import CliRunner

from monitor.cli import cli
from monitor.config import is_loopback, read_config
from monitor.errors import ConfigurationError
from monitor.model import Role
from monitor.service import serve
from monitor.sources import load_sources
from triaged import SOURCES
from web.knocking import NOW, opened, settle

URL = {"MONITOR_WEB_URL": "https://desk.example.org"}
PROXY = {"MONITOR_WEB_PROXY_HEADER": "X-Forwarded-Email", "MONITOR_WEB_PROXY_FROM": "10.0.0.7"}
OIDC = {
    "MONITOR_OIDC_ISSUER": "https://accounts.example.org",
    "MONITOR_OIDC_CLIENT_ID": "desk",
    "MONITOR_OIDC_CLIENT_SECRET": "hush",
    "MONITOR_OIDC_ALLOW": "example.org",
}


def without(settings, name):
    return {key: value for key, value in settings.items() if key != name}


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"MONITOR_WEB_URL": "desk.example.org"}, "MONITOR_WEB_URL: .* Begin it with https://"),
        ({"MONITOR_WEB_URL": "http://desk.example.org"}, "MONITOR_WEB_URL: .* this machine alone"),
        ({"MONITOR_WEB_URL": "https://desk.example.org/desk"}, "stands at the root"),
        ({"MONITOR_WEB_URL": "https://maria:hush@desk.example.org"}, "stands at the root"),
        ({"MONITOR_WEB_URL": "https://desk.example.org:port"}, "MONITOR_WEB_URL: .* is no address"),
        ({"MONITOR_WEB_URL": "https://"}, "MONITOR_WEB_URL"),
        ({"MONITOR_WEB_ROLE": "king"}, "MONITOR_WEB_ROLE: .* reader, specialist, lead"),
        (URL | without(PROXY, "MONITOR_WEB_PROXY_FROM"), "go together"),
        (URL | without(PROXY, "MONITOR_WEB_PROXY_HEADER"), "go together"),
        (URL | PROXY | {"MONITOR_WEB_PROXY_FROM": "proxy.example.org"}, '"proxy.example.org" is no network'),
        (URL | PROXY | {"MONITOR_WEB_PROXY_FROM": "10.0.0.7/8"}, "is no network"),
        (PROXY, "MONITOR_WEB_URL"),
        (OIDC, "MONITOR_WEB_URL"),
        (URL | PROXY | OIDC, "one way"),
        *[(URL | without(OIDC, name), f"{name}: not set") for name in OIDC],
        (URL | OIDC | {"MONITOR_OIDC_ISSUER": "http://accounts.example.org"}, "MONITOR_OIDC_ISSUER: .* https://"),
    ],
)
def test_settings_that_do_not_hold_are_named_with_what_to_set(environ, said):
    with pytest.raises(ConfigurationError, match=said):
        read_config(environ)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://Desk.Example.org/", "https://desk.example.org"),
        ("https://desk.example.org:443", "https://desk.example.org"),
        ("https://desk.example.org:8443", "https://desk.example.org:8443"),
        ("http://localhost:80", "http://localhost"),
        ("http://[::1]:8420", "http://[::1]:8420"),
        ("", None),
    ],
)
def test_the_address_is_kept_as_browsers_write_it(given, kept):
    assert read_config({"MONITOR_WEB_URL": given}).web.url == kept


def test_the_secret_is_in_no_text_of_the_settings():
    config = read_config(URL | OIDC)
    assert "hush" not in repr(config) + repr(config.web)


@pytest.mark.parametrize(
    ("host", "is_own"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False),
     ("10.0.0.7", False), ("desk.example.org", False), ("", False)],
)  # fmt: skip
def test_which_address_is_this_machines_own(host, is_own):
    assert is_loopback(host) is is_own


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.7"])
def test_the_service_does_not_stand_open_to_others(desk, host):
    with pytest.raises(ConfigurationError, match=r"MONITOR_WEB_PROXY_HEADER .* MONITOR_OIDC_ISSUER"):
        serve(settle(desk, **URL), host, 0, "maria")


def test_a_person_has_the_role_that_the_file_gives_them(desk):
    path = desk.folder / "sources.yaml"
    path.write_text("people:\n  - {name: Maria, role: lead}\n  - {name: Otto}\n" + SOURCES)
    assert [each.role for each in load_sources(path).people] == [Role.LEAD, Role.SPECIALIST]


# monitor web


@pytest.fixture
def run(desk, monkeypatch):
    """`run("web", "keys")` → what it prints, all of it, and its exit status."""
    (desk.folder / "sources.yaml").write_text(
        "people:\n  - {name: Maria Lopez, email: maria@example.org, role: reader}\n" + SOURCES
    )
    monkeypatch.setenv("MONITOR_NOW", NOW)
    monkeypatch.setenv("MONITOR_USER", "root")
    paths = ["--db", str(desk.folder / "monitor.db"), "--sources", str(desk.folder / "sources.yaml")]

    def run(*words):
        done = CliRunner().invoke(cli, [*paths, *words])
        return done.output if done.exception is None else str(done.exception)

    return run


def test_a_link_from_the_command_line_lets_in_whoever_ran_it(run, desk):
    link, said = run("web", "link").splitlines()
    assert link.startswith("http://127.0.0.1:8420/enter?token=")
    assert said == "Good once, for 15 minutes, for root as lead."
    with opened(desk) as door:
        assert "Come in as root" in door.ask(link.removeprefix("http://127.0.0.1:8420")).text


@pytest.mark.parametrize(
    ("words", "who", "role"),
    [
        (["--by", "maria@example.org"], "Maria Lopez", "reader"),
        (["--by", "maria lopez", "--role", "lead"], "Maria Lopez", "lead"),
        (["--by", "tom", "--role", "specialist"], "tom", "specialist"),
    ],
)
def test_a_link_can_be_for_somebody_else(run, words, who, role):
    assert f"for {who} as {role}." in run("web", "link", *words)


def test_a_link_leads_to_where_people_find_the_desk(run, monkeypatch):
    assert run("web", "link", "--port", "9000").startswith("http://127.0.0.1:9000/enter?")
    monkeypatch.setenv("MONITOR_WEB_URL", "https://desk.example.org")
    assert run("web", "link").startswith("https://desk.example.org/enter?")
    assert run("web", "link", "--port", "9000").startswith("http://127.0.0.1:9000/enter?")


def test_a_key_is_printed_once_and_lets_a_program_in_until_it_is_revoked(run, desk):
    key = run("web", "key", "importer").splitlines()[0]
    assert key not in run("web", "keys")
    with opened(desk) as door:
        assert door.ask("/", Authorization=f"Bearer {key}").status == 200
        assert "importer: 1 session, key or link ended." in run("web", "revoke", "importer")
        assert door.ask("/", Authorization=f"Bearer {key}").status == 401


def test_who_is_let_in_can_be_seen(run):
    assert "Nobody is let in now." in run("web", "keys")
    run("web", "key", "importer", "--role", "specialist")
    run("web", "link")
    rows = [line.split() for line in run("web", "keys").splitlines()[1:]]
    assert [row[:3] for row in rows] == [["importer", "specialist", "key"], ["root", "lead", "link"]]
    assert json.loads(run("web", "keys", "--json")) == [
        {"who": "importer", "role": "specialist", "sort": "key", "made_at": NOW, "expires_at": None},
        {"who": "root", "role": "lead", "sort": "invitation", "made_at": NOW, "expires_at": "2026-03-05T16:15:00Z"},
    ]


def test_who_is_not_let_in_cannot_be_revoked(run):
    assert "tom: nobody of this name is let in" in run("web", "revoke", "tom")


# The whole process


@pytest.mark.slow
@pytest.mark.parametrize("environ", [{}, URL | PROXY], ids=["a link", "a proxy"])
def test_the_service_says_how_to_come_in_and_logs_no_token(desk, environ):
    off = SOURCES.replace("kind: html", "enabled: false, kind: html")
    (desk.folder / "sources.yaml").write_text(off)
    paths = ["--db", str(desk.folder / "monitor.db"), "--sources", str(desk.folder / "sources.yaml")]
    service = subprocess.Popen(
        [sys.executable, "-m", "monitor", "-v", *paths, "serve", "--port", "0", "--by", "maria"],
        env={"MONITOR_NOW": NOW, **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        said = service.stdout.readline()
    finally:
        service.terminate()
        rest, log = service.communicate(timeout=30)
    if environ:
        assert said == "The desk: https://desk.example.org\n"
    else:
        token = re.fullmatch(r"The desk, .*: http://127\.0\.0\.1:[0-9]+/enter\?token=(\S+)\n", said)[1]
        assert token not in log
    assert "token" not in rest + log
