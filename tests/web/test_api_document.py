"""The OpenAPI document: complete, and the same as docs/api.md says."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from monitor.config import read_config
from monitor.model import Role
from monitor.store.inbox import DUE_WITHIN
from monitor.triage import REASONS
from monitor.web.api import create_api
from monitor.web.api.asking import Weeks, Within
from monitor.web.desk.calendar import KINDS
from monitor.web.desk.numbers import WEEKS
from web.calling import Program
from web.conftest import Desk
from web.knocking import opened

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
DOCUMENT = create_api(read_config({})).openapi()
OPERATIONS = {
    (method.upper(), f"/api{path}"): operation
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
}


def test_the_page_lists_each_operation_with_what_the_document_says_of_it():
    rows = re.findall(r"^\| `(GET|POST) (/api/\S+)` \| (.+?) \|$", PAGE, re.MULTILINE)
    assert {(method, path): said for method, path, said in rows} == {
        way: operation["summary"] for way, operation in OPERATIONS.items()
    }


def test_the_page_says_what_each_status_is():
    told = set(re.findall(r"^\| (\d{3}) \|", PAGE, re.MULTILINE))
    assert told == {status for each in OPERATIONS.values() for status in each["responses"]} | {"405"}


@pytest.mark.parametrize("way", OPERATIONS, ids=" ".join)
def test_each_operation_says_what_it_is_who_may_ask_and_how_it_fails(way):
    operation = OPERATIONS[way]
    assert operation["operationId"].isidentifier()
    assert operation["tags"]
    failing = {status: each for status, each in operation["responses"].items() if status not in {"200", "413"}}
    assert {"401", "421", "422", "500", "503"} <= set(failing)
    assert {"400", "403", "404", "413", "415"} <= set(operation["responses"]) or way[0] == "GET"
    for each in failing.values():
        (schema,) = [kind["schema"] for media_type, kind in each["content"].items() if "problem" in media_type]
        assert schema == {"$ref": "#/components/schemas/ProblemDetails"}


def test_each_name_of_an_operation_is_given_once():
    names = [each["operationId"] for each in OPERATIONS.values()]
    assert len(set(names)) == len(names)


def test_each_parameter_says_what_it_is():
    silent = [
        (way, each["name"])
        for way, operation in OPERATIONS.items()
        for each in operation.get("parameters", [])
        if not each.get("description")
    ]
    assert silent == []


def test_each_shape_says_what_it_is_and_every_reference_leads_somewhere():
    schemas = DOCUMENT["components"]["schemas"]
    assert [name for name, each in schemas.items() if each["type"] == "object" and not each.get("description")] == []
    named = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(DOCUMENT)))
    assert named <= set(schemas)
    assert [name for name in schemas if "__" in name] == []


def test_a_key_or_a_session_is_what_is_asked_for():
    assert DOCUMENT["security"] == [{"key": []}, {"session": []}]
    assert DOCUMENT["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    assert DOCUMENT["servers"] == [{"url": "/api"}]


def test_what_can_be_chosen_is_what_the_pages_offer():
    assert tuple(Within) == DUE_WITHIN
    assert tuple(Weeks) == WEEKS
    kind = next(each for each in OPERATIONS["GET", "/api/calendar"]["parameters"] if each["name"] == "kind")
    assert set(kind["schema"]["anyOf"][0]["enum"]) == set(KINDS)
    reason = DOCUMENT["components"]["schemas"]["NewDecision"]["properties"]["reason"]["description"]
    assert [word for word in REASONS if f"`{word}`" not in reason] == []
    assert [word for word in REASONS if f"`{word}`" not in PAGE] == []


def test_the_document_is_told_to_whom_is_let_in(tmp_path):
    with opened(Desk(tmp_path)) as door:
        assert Program(door, Role.READER).get("/openapi.json") == json.loads(json.dumps(DOCUMENT))


def test_no_other_command_waits_for_the_api():
    said = "import sys, monitor.service; print({'fastapi', 'monitor.web.api'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
