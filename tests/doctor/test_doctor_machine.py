"""What the doctor says of the machine and the configuration: one spoilt thing at a time."""

from __future__ import annotations

import resource
import shutil
from zoneinfo import ZoneInfoNotFoundError

import pytest

from doctor.conftest import SOURCE
from monitor.doctor import CHECKS, machine
from monitor.doctor.findings import ok
from monitor.store.health import Library


@pytest.mark.parametrize(
    ("version", "fixed"),
    [
        ((3, 53, 4), True),
        ((3, 51, 3), True),
        ((3, 51, 2), False),
        ((3, 50, 7), True),
        ((3, 50, 6), False),
        ((3, 44, 6), True),
        ((3, 44, 5), False),
        ((3, 45, 9), False),
        ((3, 40, 1), False),
    ],
)
def test_an_sqlite_that_can_corrupt_the_database_is_refused(patient, monkeypatch, version, fixed):
    monkeypatch.setattr(machine, "get_library", lambda: Library(version, "sqlite3"))
    state, detail = patient.say("SQLite")
    assert state == ("ok" if fixed else "failed")
    assert detail.startswith(".".join(map(str, version)))


def test_an_sqlite_without_full_text_search_is_refused(patient, monkeypatch):
    monkeypatch.setattr(machine, "has_full_text_search", lambda _: False)
    assert patient.say("SQLite")[0] == "failed"


def test_certificates_that_are_named_must_be_there_and_hold_some(patient):
    named = patient.folder / "ca.pem"
    patient.environ["SSL_CERT_FILE"] = str(named)
    assert patient.say("certificates") == (
        "failed",
        f"SSL_CERT_FILE names {named}, which is not there: no https can be trusted",
    )
    named.write_text("-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----\n")
    state, detail = patient.say("certificates")
    assert (state, "cannot be loaded" in detail) == ("failed", True)


def test_a_machine_without_certificates_trusts_nobody(patient, monkeypatch):
    monkeypatch.setattr(machine, "_count_certificates", lambda _: 0)
    assert patient.say("certificates")[0] == "failed"


def test_time_zones_must_be_known(patient, monkeypatch):
    def find_none(name):
        raise ZoneInfoNotFoundError(f"No time zone found with key {name}")

    monkeypatch.setattr(machine, "ZoneInfo", find_none)
    assert patient.say("time zones")[0] == "failed"


@pytest.mark.parametrize(("limit", "state"), [("268435456", "warning"), ("1073741824", "ok"), ("max", "ok")])
def test_the_memory_that_a_container_may_use_counts(patient, monkeypatch, limit, state):
    (patient.folder / "memory.max").write_text(f"{limit}\n")
    monkeypatch.setattr(machine, "LIMITS", (patient.folder / "memory.max",))
    assert patient.say("memory")[0] == state


def test_a_browser_needs_more_memory(patient, monkeypatch):
    (patient.folder / "memory.max").write_text("1073741824")
    monkeypatch.setattr(machine, "LIMITS", (patient.folder / "memory.max",))
    patient.declared["sources"][0]["render"] = True
    assert patient.say("memory")[0] == "warning"


def test_the_limit_of_the_process_counts_as_well(monkeypatch):
    monkeypatch.setattr(machine.resource, "getrlimit", lambda _: (10**8, resource.RLIM_INFINITY))
    assert machine.find_memory_limit() == 10**8


def test_a_source_that_needs_a_browser_needs_one_that_is_there(patient, monkeypatch):
    assert patient.say("browser") == ("ok", "no source needs one")
    patient.declared["sources"][0]["render"] = True
    patient.environ |= {"MONITOR_CHROMIUM": shutil.which("true"), "PLAYWRIGHT_BROWSERS_PATH": str(patient.folder)}
    monkeypatch.setattr(machine, "find_spec", lambda _: True)
    assert patient.say("browser") == ("ok", shutil.which("true"))
    patient.environ["MONITOR_CHROMIUM"] = "/no/such/chromium"
    assert patient.say("browser")[0] == "failed"
    del patient.environ["MONITOR_CHROMIUM"]
    monkeypatch.setattr(machine, "BROWSERS", ())
    assert patient.say("browser")[0] == "failed"
    own = patient.folder / "chromium-1200" / "chrome-linux" / "chrome"
    own.parent.mkdir(parents=True)
    own.write_text("#!/bin/sh\n")
    own.chmod(0o755)
    assert patient.say("browser") == ("ok", str(own))


def test_an_extra_that_the_configuration_needs_must_be_installed(patient, monkeypatch):
    patient.declared["audiences"] = [{"id": "desk", "name": "Desk", "send_to": ["apprise:ops"]}]
    patient.environ |= {
        "MONITOR_OIDC_ISSUER": "https://id.example.org",
        "MONITOR_OIDC_CLIENT_ID": "desk",
        "MONITOR_OIDC_CLIENT_SECRET": "secret",
        "MONITOR_OIDC_ALLOW": "example.org",
        "MONITOR_WEB_URL": "https://desk.example.org",
    }
    assert patient.say("extras")[0] == "ok"
    monkeypatch.setattr(machine, "find_spec", lambda _: None)
    details = [detail for _, detail, _ in patient.ask()["extras"]]
    assert [each.partition("]")[0] for each in details] == ["the extra [notify", "the extra [oidc"]


def test_a_variable_that_nothing_reads_is_named_with_the_one_that_was_meant(patient):
    assert patient.say("variables")[0] == "ok"
    patient.environ["MONITOR_SORCES"] = "sources.yaml"
    ((state, detail, advice),) = patient.ask()["variables"]
    assert (state, detail) == ("warning", "MONITOR_SORCES is set, and nothing reads it")
    assert "MONITOR_SOURCES?" in advice


def test_sources_that_cannot_be_used_are_named_with_their_lines(patient):
    patient.declared["sources"][0]["kind"] = "htlm"
    state, detail = patient.say("sources")
    assert state == "failed"
    assert "sources.yaml:" in detail


def test_sources_that_are_all_off_watch_nothing(patient):
    patient.declared["sources"] = [SOURCE | {"enabled": False}]
    state, detail = patient.say("sources")
    assert (state, "0 of 1 source on: nothing is watched" in detail) == ("warning", True)


def test_procedures_that_cannot_be_used_are_named(patient):
    assert patient.say("procedures")[0] == "ok"
    (patient.folder / "sops" / "bad.md").write_text("no front matter")
    state, detail = patient.say("procedures")
    assert (state, "bad.md" in detail) == ("warning", True)


def test_a_file_where_the_folder_of_procedures_should_be_is_named(patient):
    shutil.rmtree(patient.folder / "sops")
    (patient.folder / "sops").write_text("oops")
    assert patient.say("procedures")[0] == "failed"


@pytest.mark.parametrize(
    ("send_to", "environ", "state", "said"),
    [
        ([], {}, "warning", "desk: told by files in"),
        (["email:a@example.org"], {}, "failed", "MONITOR_SMTP_URL is not set"),
        (["apprise:ops-room"], {}, "failed", "MONITOR_APPRISE_OPS_ROOM is not set"),
        (["apprise:ops-room"], {"MONITOR_APPRISE_OPS_ROOM": "json://h"}, "ok", "1 audience, each with a channel"),
        ([], {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_CHANNEL": "C0123456789"}, "ok", "1 audience, each with a channel"),
    ],
)
def test_each_audience_has_a_channel_that_is_set_up(patient, send_to, environ, state, said):
    patient.declared["audiences"] = [{"id": "desk", "name": "Desk", "send_to": send_to}]
    patient.environ |= environ
    found = patient.say("audiences")
    assert (found[0], said in found[1]) == (state, True)


@pytest.mark.parametrize(
    ("environ", "state", "said"),
    [
        ({}, "ok", "not set up"),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "warning", "nothing comes back"),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}, "ok", "the right form"),
        ({"SLACK_BOT_TOKEN": "xapp-1"}, "failed", "SLACK_BOT_TOKEN"),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xoxb-1"}, "failed", "SLACK_APP_TOKEN"),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "short"}, "failed", "SLACK_SIGNING_SECRET"),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_CHANNEL": "#policy"}, "failed", '"#policy" is no id of a channel'),
    ],
)
def test_what_is_set_for_slack_has_the_right_form(patient, environ, state, said):
    patient.environ |= environ
    found = patient.say("Slack")
    assert (found[0], said in found[1]) == (state, True)


def test_no_secret_is_shown(patient):
    patient.environ |= {
        "SLACK_BOT_TOKEN": "topsecret",
        "SLACK_APP_TOKEN": "topsecret",
        "MONITOR_SMTP_URL": "smtps://topsecret@h",
    }
    assert "topsecret" not in str(patient.ask())


def test_a_check_that_breaks_is_a_finding_and_the_others_go_on(patient):
    def break_down(_):
        yield ok("all is well so far")
        raise RuntimeError("no such luck")

    said = patient.ask(checks={"first": break_down, "second": CHECKS["Python"]})
    assert [detail for _, detail, _ in said["first"]] == [
        "all is well so far",
        "the check itself broke (RuntimeError: no such luck)",
    ]
    assert said["first"][-1][0] == "failed"
    assert said["second"][0][0] == "ok"
