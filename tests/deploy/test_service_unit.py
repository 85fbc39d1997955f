"""The unit for systemd: hardened, with its settings known and its secrets in files that only it can read."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from click.testing import CliRunner

from deploy.packed import DEPLOY, name_unknown, read_unit
from monitor.cli import cli
from monitor.service import LOOK_S
from monitor.service.supervising import GRACE_S

UNIT = "policy-monitor.service"
SERVICE = read_unit(UNIT)["Service"]


def test_it_starts_a_command_that_exists():
    (line,) = SERVICE["ExecStart"]
    program, *words = line.split()
    assert program.endswith("/bin/monitor")
    assert CliRunner().invoke(cli, [*words, "--help"]).exit_code == 0


def test_it_says_itself_when_it_is_ready_and_that_it_is_well():
    assert (SERVICE["Type"], SERVICE["WatchdogSec"]) == (["notify"], ["2min"])
    assert LOOK_S < 60  # systemd's advice: at half the time at the latest


def test_there_is_time_to_end():
    assert SERVICE["TimeoutStopSec"] == ["1min"]
    assert 2 * GRACE_S < 60


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("DynamicUser", "yes"),
        ("StateDirectory", "policy-monitor"),
        ("ProtectSystem", "strict"),
        ("ProtectHome", "yes"),
        ("PrivateTmp", "yes"),
        ("NoNewPrivileges", "yes"),
        ("CapabilityBoundingSet", ""),
        ("RestrictNamespaces", "yes"),
        ("UMask", "0077"),
        ("MemoryMax", "5G"),
        ("RestrictAddressFamilies", "AF_INET AF_INET6 AF_UNIX AF_NETLINK"),
    ],
)
def test_it_has_few_rights(key, value):
    assert SERVICE[key] == [value]


def test_system_calls_are_those_of_a_service_without_privileges():
    assert SERVICE["SystemCallFilter"] == ["@system-service", "~@privileged"]


def test_whatever_ended_it_systemd_starts_it_again_once_a_minute_for_ever():
    assert (SERVICE["Restart"], SERVICE["RestartSec"]) == (["on-failure"], ["1min"])
    assert "RestartPreventExitStatus" not in SERVICE, "else what passes by itself could end it for good"


def test_a_large_database_may_be_brought_forward_for_as_long_as_it_takes():
    assert SERVICE["TimeoutStartSec"] == ["infinity"]


def test_what_it_writes_lies_in_its_own_folder():
    settings = dict(each.split("=", 1) for each in SERVICE["Environment"])
    assert settings["MONITOR_DB"] == f"/var/lib/{SERVICE['StateDirectory'][0]}/monitor.db"
    assert not name_unknown(settings)


def test_each_setting_of_the_example_is_known_and_each_secret_comes_by_the_credentials_of_the_unit():
    lines = (DEPLOY / "environment").read_text(encoding="utf-8").splitlines()
    settings = dict(line.lstrip("#").split("=", 1) for line in lines if line.lstrip("#")[:1].isupper() and "=" in line)
    assert len(settings) > 10
    assert not name_unknown(settings)
    (credentials,) = SERVICE["LoadCredential"]
    folder = f"/run/credentials/{UNIT}/{credentials.partition(':')[0]}"
    files = {name: path for name, path in settings.items() if name.endswith("_FILE")}
    assert files == {name: f"{folder}_{name.removesuffix('_FILE')}" for name in files}


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_reads_it_and_finds_little_exposed():
    words = ["systemd-analyze", "security", "--offline=yes", "--threshold=20", str(DEPLOY / UNIT)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-300:] + done.stderr
    assert "Unknown" not in done.stderr
