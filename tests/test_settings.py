"""Settings are declared once: what is read is declared, the reference says the same, and secrets can stand in files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from monitor.cli import cli
from monitor.config import read_config
from monitor.errors import ConfigurationError
from monitor.settings import (
    LARGEST_SECRET,
    SETTINGS,
    find_setting,
    find_unknown,
    read_settings,
    to_reference,
    without_secrets,
    write_reference,
)

ROOT = Path(__file__).parent.parent
SECRETS = [each.name + "OPS_ROOM" * each.is_family for each in SETTINGS if each.is_secret]
VALUE = "smtps://me:geheim-0123456789@mail.example.org"


def test_what_is_not_set_has_its_default():
    assert read_settings({}) == {each.name: each.default for each in SETTINGS if each.default}
    assert str(read_config({}).db) == "var/monitor.db"


@pytest.mark.parametrize("name", [each.name for each in SETTINGS])
def test_what_is_set_to_nothing_is_not_set(name):
    assert read_settings({name: "", f"{name}_FILE": ""}) == read_settings({})


def test_what_is_set_goes_before_the_default_and_other_variables_are_left_alone():
    values = read_settings({"MONITOR_DB": "/data/m.db", "MONITOR_APPRISE_X": "json://h", "HOME": "/root"})
    assert values == read_settings({}) | {"MONITOR_DB": "/data/m.db", "MONITOR_APPRISE_X": "json://h"}


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_each_secret_can_stand_in_a_file_of_its_own(tmp_path, name, end):
    (tmp_path / "secret").write_text(VALUE + end, newline="")
    environ = {f"{name}_FILE": str(tmp_path / "secret")}
    assert read_settings(environ) == read_settings({name: VALUE}) == read_settings({}) | {name: VALUE}


def test_what_is_no_secret_stands_in_no_file(tmp_path):
    (tmp_path / "db").write_text("other.db")
    assert read_settings({"MONITOR_DB_FILE": str(tmp_path / "db")}) == read_settings({})


def test_a_secret_that_is_set_twice_is_refused_with_both_names(tmp_path):
    (tmp_path / "secret").write_text(VALUE)
    with pytest.raises(ConfigurationError, match=r"^SLACK_BOT_TOKEN and SLACK_BOT_TOKEN_FILE: both are set") as caught:
        read_settings({"SLACK_BOT_TOKEN": VALUE, "SLACK_BOT_TOKEN_FILE": str(tmp_path / "secret")})
    assert VALUE not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"geheim\xff", "not plain text"),
        (b"geheim\n# the old one\n", "line break"),
        (b"geheim\0", "no secret has"),
        (b"geheim" * LARGEST_SECRET, "16,384 bytes"),
    ],
)
def test_a_file_that_holds_no_secret_is_refused_without_a_word_of_it(tmp_path, content, why):
    (tmp_path / "secret").write_bytes(content)
    with pytest.raises(ConfigurationError, match=f"^SLACK_BOT_TOKEN_FILE: .*{why}") as caught:
        read_settings({"SLACK_BOT_TOKEN_FILE": str(tmp_path / "secret")})
    assert "geheim" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("path", ["geheim", "/geheim\0", "/tmp", "/proc/self/mem"])
def test_a_file_that_cannot_be_read_is_not_named_since_it_may_be_the_secret_itself(path):
    with pytest.raises(ConfigurationError, match=r"^SLACK_BOT_TOKEN_FILE: the file that it names cannot") as caught:
        read_settings({"SLACK_BOT_TOKEN_FILE": path})
    assert path not in str(caught.value)


@pytest.mark.parametrize("secret", ["geheim\nX-Other: 1", "geheim\x7f", "geheim\u200b"])
def test_signs_that_http_refuses_by_repeating_the_secret_are_refused_before(secret):
    with pytest.raises(ConfigurationError, match=r"^SLACK_BOT_TOKEN: ") as caught:
        read_settings({"SLACK_BOT_TOKEN": secret})
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize("address", ["me:geheim@host", "smtps://me:geheim℀@host", "smtps://me:geheim@[host"])
def test_an_address_of_a_mail_server_that_cannot_be_read_is_refused_without_its_password(address):
    with pytest.raises(ConfigurationError, match=r"^MONITOR_SMTP_URL: this is no address") as caught:
        read_config({"MONITOR_SMTP_URL": address})
    assert "geheim" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_command_ends_with_2_where_a_secret_cannot_be_read(tmp_path, monkeypatch):
    monkeypatch.setenv("SLACK_APP_TOKEN_FILE", str(tmp_path / "none"))
    result = CliRunner().invoke(cli, ["--db", str(tmp_path / "m.db"), "problems"])
    assert isinstance(result.exception, ConfigurationError)
    assert not list(tmp_path.iterdir())


def test_a_process_that_meets_texts_from_outside_is_given_no_secret_and_no_way_to_one():
    environ = dict.fromkeys([*SECRETS, *(f"{name}_FILE" for name in SECRETS)], "x")
    assert without_secrets(environ | {"MONITOR_DB": "m.db", "PATH": "/bin"}) == {"MONITOR_DB": "m.db", "PATH": "/bin"}


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("MONITOR_CONTAKT", "MONITOR_CONTACT"),
        ("MONITOR_SMTP_URI", "MONITOR_SMTP_URL"),
        ("monitor_db", "MONITOR_DB"),
        ("MONITOR_SOURCES_FILE", "MONITOR_SOURCES"),
        ("SLACK_BOT_TOKN_FILE", "SLACK_BOT_TOKEN_FILE"),
        ("SLACK_BOTTOKEN", "SLACK_BOT_TOKEN"),
        ("MONITOR_SOMETHING_ELSE", None),
        ("MONITOR_APPRISE_", None),
    ],
)
def test_a_name_that_is_nearly_ours_is_found_with_the_one_that_was_meant(name, near):
    assert find_unknown({name: "x"}) == {name: near}


def test_names_of_ours_and_of_others_are_not_mentioned():
    known = [*SECRETS, *(f"{name}_FILE" for name in SECRETS), *(each.name for each in SETTINGS if not each.is_family)]
    assert find_unknown([*known, "PATH", "SLACK_WEBHOOK_URL", "LANG", "API_KEY", "POLICY_MONITOR_PORT"]) == {}


def test_every_variable_that_the_code_reads_is_declared():
    files = [path for part in ("monitor", "spiders", "digests") for path in (ROOT / part).rglob("*.py")]
    named = {
        name
        for path in files
        for name in re.findall(r'"((?:MONITOR|SLACK)_[A-Z_]+|[A-Z_]+[A-Z]_API_KEY)"', path.read_text("utf-8"))
        if path.name != "settings.py"
    }
    families = {each.name for each in SETTINGS if each.is_family}
    assert len(named) > 20
    assert {name for name in named - families if not find_setting(name)} == set()


def test_the_reference_holds_the_tables_as_the_code_makes_them(tmp_path):
    page = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
    assert to_reference() in page, "Run: make reference"
    old = tmp_path / "reference.md"
    old.write_text(page.replace(to_reference(), "<!-- made by `make reference` -->\nold\n<!-- end -->"), "utf-8")
    write_reference(old)
    assert old.read_text("utf-8") == page


def test_the_tables_say_of_each_setting_what_it_is_and_which_are_secret():
    plain, secret = to_reference().split("| Secret |")
    for each in SETTINGS:
        [row] = [line for line in (secret if each.is_secret else plain).splitlines() if f"`{each.name}`" in line[:40]]
        assert each.meaning in row
        assert each.default in row
