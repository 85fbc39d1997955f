"""The image and what runs it: nobody's user, a root that cannot be written to, settings that exist, one at a time."""

from __future__ import annotations

import re
from urllib.request import urlopen

import yaml
from click.testing import CliRunner

from deploy.packed import DEPLOY, PORT, ROOT, UID, name_unknown, read_dockerfile, read_yaml, uncommented
from monitor.cli import cli
from monitor.config import read_config
from monitor.service import listen
from monitor.service.supervising import GRACE_S
from monitor.web.app import create_app

IMAGE = read_dockerfile()
COMPOSE = yaml.safe_load(uncommented("compose.yaml"))
KINDS = {each["kind"]: each for each in read_yaml("kubernetes.yaml")}
POD = KINDS["StatefulSet"]["spec"]["template"]["spec"]


def says(word):
    return [rest for each, rest in IMAGE if each == word]


def find_default(option):
    return next(each.default for each in cli.get_command(None, "serve").params if each.name == option)


def is_answered(path):
    with listen(create_app(read_config({})), "127.0.0.1", 0) as address, urlopen(address + path, timeout=10) as answer:
        return answer.status == 200


def test_the_image_is_built_in_two_stages_from_a_base_that_can_be_pinned_by_digest():
    assert says("FROM") == ["${BASE} AS packages", "${BASE}"]
    (base,) = says("ARG")
    assert re.fullmatch(r"BASE=python:3\.1[1-9]-slim", base)


def test_every_package_of_the_image_is_checked_against_its_hash_and_runs_nothing_when_installed():
    (installs,) = [each for each in says("RUN") if "pip" in each and " install " in each and "apt-get" not in each]
    assert "--require-hashes" in installs
    assert "--only-binary :all:" in installs


def test_the_image_runs_as_nobody_that_the_machine_knows():
    assert says("USER") == [f"{UID}:{UID}"]
    assert IMAGE.index(("USER", f"{UID}:{UID}")) > max(at for at, (word, _) in enumerate(IMAGE) if word == "RUN")


def test_the_image_keeps_its_data_in_a_volume_of_that_user():
    assert says("VOLUME") == ["/data"]
    assert any(f"--owner {UID}" in each and "/data" in each for each in says("RUN"))
    assert "MONITOR_DB=/data/monitor.db" in says("ENV")[-1].split()


def test_everything_that_is_copied_into_the_image_exists_and_is_let_through():
    copied = [word for each in says("COPY") if "--from" not in each for word in each.split()[:-1]]
    assert [each for each in copied if not (ROOT / each).exists()] == []
    allowed = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert [each for each in copied if f"!{each}" not in allowed] == []
    assert "*" in allowed, "else a database or a secret beside the Dockerfile would be sent along"


def test_the_image_asks_itself_at_an_address_that_exists_on_the_port_that_is_served():
    (check,) = says("HEALTHCHECK")
    (port, path) = re.search(r"http://127\.0\.0\.1:(\d+)(/\w+)", check).groups()
    assert int(port) == find_default("port") == PORT == int(*says("EXPOSE"))
    assert is_answered(path)
    assert "curl" not in check


def test_the_image_starts_a_command_that_exists():
    words = yaml.safe_load(says("CMD")[0])
    assert yaml.safe_load(says("ENTRYPOINT")[0])[-2:] == ["-m", "monitor"]
    assert CliRunner().invoke(cli, [*words, "--help"]).exit_code == 0


def test_every_setting_of_the_image_is_known():
    names = [pair.partition("=")[0] for each in says("ENV") for pair in each.split()]
    ours = {each for each in names if each.startswith(("MONITOR_", "SLACK_"))}
    assert len(ours) == 3
    assert not name_unknown(ours)


def test_compose_lets_the_service_do_little():
    service = COMPOSE["services"]["monitor"]
    assert service["user"] == f"{UID}:{UID}"
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["init"] is True
    assert service["mem_limit"]
    assert [each.partition(":")[0] for each in service["tmpfs"]] == ["/tmp"]


def test_compose_with_its_examples_in_force_names_settings_that_exist_and_secrets_as_files():
    service = COMPOSE["services"]["monitor"]
    assert not name_unknown(service["environment"])
    files = {path for name, path in service["environment"].items() if name.endswith("_FILE")}
    assert files == {f"/run/secrets/{name}" for name in service["secrets"]}
    assert set(service["secrets"]) == COMPOSE["secrets"].keys()
    assert service["ports"] == [f"127.0.0.1:{PORT}:{PORT}"]


def test_compose_as_it_is_shows_the_desk_to_nobody_else():
    (plain,) = read_yaml("compose.yaml")
    assert "ports" not in plain["services"]["monitor"]
    assert (DEPLOY / plain["services"]["monitor"]["build"]["context"] / "deploy" / "Dockerfile").exists()


def test_kubernetes_runs_one_at_a_time():
    spec = KINDS["StatefulSet"]["spec"]
    assert spec["replicas"] == 1
    (claim,) = spec["volumeClaimTemplates"]
    assert claim["spec"]["accessModes"] == ["ReadWriteOncePod"]


def test_kubernetes_lets_the_service_do_little():
    (container,) = POD["containers"]
    assert POD["securityContext"] | {"runAsUser": str(POD["securityContext"]["runAsUser"])} == {
        "runAsNonRoot": True,
        "runAsUser": UID,
        "runAsGroup": int(UID),
        "fsGroup": int(UID),
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert POD["automountServiceAccountToken"] is False


def test_kubernetes_gives_no_variables_of_services_which_could_be_taken_for_settings():
    assert POD["enableServiceLinks"] is False


def test_kubernetes_asks_at_an_address_that_exists_and_lets_a_large_database_be_brought_forward():
    (container,) = POD["containers"]
    probe = container["startupProbe"]
    asked = probe["httpGet"]
    assert {each["name"]: each["containerPort"] for each in container["ports"]} == {asked["port"]: PORT}
    assert is_answered(asked["path"])
    assert probe["periodSeconds"] * probe["failureThreshold"] == 30 * 60


def test_a_container_has_a_minute_to_end_as_the_unit_has():
    assert POD["terminationGracePeriodSeconds"] == 60
    assert COMPOSE["services"]["monitor"]["stop_grace_period"] == "1m"
    assert 2 * GRACE_S < 60


def test_kubernetes_names_settings_that_can_be_used(tmp_path):
    settings = KINDS["ConfigMap"]["data"]
    assert not name_unknown(settings)
    (container,) = POD["containers"]
    (folder,) = [each["mountPath"] for each in container["volumeMounts"] if each["name"] == "secrets"]
    files = {name: path for name, path in settings.items() if name.endswith("_FILE")}
    assert files == {name: f"{folder}/{name.removesuffix('_FILE')}" for name in files}
    (tmp_path / "secret").write_text("geheim")
    config = read_config(settings | dict.fromkeys(files, str(tmp_path / "secret")))
    assert config.web.is_open_to_all, "or the service would refuse to listen on 0.0.0.0"


def test_kubernetes_lets_nobody_in_but_the_ingress_and_nothing_out_to_neighbours():
    policy = KINDS["NetworkPolicy"]["spec"]
    assert policy["podSelector"]["matchLabels"] == KINDS["StatefulSet"]["spec"]["selector"]["matchLabels"]
    assert [port["port"] for rule in policy["ingress"] for port in rule["ports"]] == [PORT]
    blocked = {each for peer in policy["egress"][1]["to"] for each in peer["ipBlock"]["except"]}
    assert {"10.0.0.0/8", "169.254.0.0/16", "fc00::/7"} <= blocked
