"""What watches the monitor from outside asks for what there is: probes, and rules for Prometheus."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from deploy.packed import DEPLOY, PORT, ROOT, read_yaml
from monitor.model import Outcome
from monitor.web.guard import READINESS
from monitor.web.readiness import DATABASE, DELIVERIES, FAILURES, FETCHES, TICKS
from web.measured import TOLD

PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
RULES = yaml.safe_load((DEPLOY / "alerts.yaml").read_text(encoding="utf-8"))["groups"][0]["rules"]
QUERIES = [each for each in re.findall(r"```promql\n(.*?)```", PAGE, re.DOTALL)[0].splitlines() if each[0] != "#"]


def find_probe(name):
    (pod,) = [each for each in read_yaml("kubernetes.yaml") if each["kind"] == "StatefulSet"]
    (container,) = pod["spec"]["template"]["spec"]["containers"]
    return container[name]


def test_kubernetes_sends_people_where_the_database_can_be_written_whatever_else_is_wrong():
    probe = find_probe("readinessProbe")
    asked = urlsplit(probe["httpGet"]["path"])
    assert (asked.path, parse_qs(asked.query)) == (READINESS, {"only": [DATABASE]})
    assert probe["timeoutSeconds"] > 5, "the database is waited for"


def test_kubernetes_starts_a_run_that_hangs_again_and_waits_for_what_passes_by_itself():
    probe = find_probe("livenessProbe")
    asked = urlsplit(probe["httpGet"]["path"])
    assert (asked.path, parse_qs(asked.query)) == (READINESS, {"only": [TICKS]})
    assert probe["timeoutSeconds"] > 5, "the database is waited for"
    assert probe["periodSeconds"] * probe["failureThreshold"] >= 15 * 60


def test_compose_shows_whether_the_work_gets_on():
    (file,) = read_yaml("compose.yaml")
    check = file["services"]["monitor"]["healthcheck"]
    (address,) = re.findall(r"http://[^']+", check["test"][-1])
    asked = urlsplit(address)
    assert (asked.port, asked.path, parse_qs(asked.query)) == (int(PORT), READINESS, {"only": [TICKS]})
    compile(check["test"][-1], "healthcheck", "exec")


def test_the_page_names_every_check():
    section = PAGE.partition("### What ready means")[2].partition("###")[0]
    assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == [DATABASE, TICKS, FAILURES, DELIVERIES, FETCHES]


@pytest.mark.parametrize("query", [*QUERIES, *(each["expr"] for each in RULES)])
def test_each_query_asks_for_numbers_that_are_there_as_their_sort_allows(query):
    asked = re.findall(r"((?:increase|rate|deriv)?)\(?(policy_monitor_\w+)", query)
    assert asked or query.startswith("up{")
    for function, name in asked:
        bare = re.sub(r"_(?:bucket|sum|count)$", "", name)
        assert bare in TOLD
        assert (function in {"increase", "rate"}) == (TOLD[bare] != "gauge"), "what only grows is asked how fast"
    for label, value in re.findall(r'(\w+)="([^"]+)"', query):
        assert (label, value) in {("job", "policy-monitor"), ("outcome", "answered")}
    assert query.count("(") == query.count(")")


def test_each_alert_says_what_to_do():
    assert len(RULES) > 5
    for each in RULES:
        assert each["alert"].startswith("PolicyMonitor")
        assert re.search(r"log|monitor (?:doctor|problems|deliver)", each["annotations"]["summary"])


def test_an_attempt_that_was_answered_is_no_outcome_of_a_fetch():
    assert "answered" not in set(Outcome)
