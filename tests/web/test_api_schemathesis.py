"""What the OpenAPI document promises, held against what comes back, whatever is sent."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from monitor.model import Role
from monitor.web.access.invitation import make_key
from monitor.web.api import ROUTES
from monitor.web.app import create_app
from told_texts import DATES, LONGER, QUOTED, STORED, Book, a_text
from web.conftest import Desk
from web.library import make_library

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 6
"""For each operation, of each sort: the same in every run."""
MANY = 200
"""In a drill, others in every run. What fails is printed with how to see it again."""
THERE = {
    "change_id": 6,
    "sop_id": "ages",
    "source_id": "page",
    "document_id": "page",
    "before": 3,
    "after": 4,
    "problem_id": 1,
}
"""What an address names that is to lead to something."""


def iter_attacks():
    """(path, method, mode, what the path names): what fits the document, what is there as well, what does not fit."""
    for route in ROUTES:
        named = {each.name: THERE[each.name] for each in route.dependant.path_params}
        asks = bool(route.dependant.query_params or route.dependant.body_params)
        for method in route.methods:
            way = (route.path_format, method.lower())
            yield (*way, GenerationMode.POSITIVE, {})
            yield from [(*way, GenerationMode.POSITIVE, named)] if named else []
            yield from [(*way, GenerationMode.NEGATIVE, {})] if asks else []


@pytest.fixture(scope="module")
def schema(tmp_path_factory):
    desk = Desk(tmp_path_factory.mktemp("desk"))
    make_library(desk)
    book = Book(desk)
    book.add(a_text("Be kind.", STORED))
    book.add(a_text("Be kind.", LONGER), touched=[QUOTED], dates=DATES)
    desk.confirm(1)
    key = make_key(desk.db, "campaign", Role.LEAD, desk.config.now())
    headers = {"Host": "localhost", "Authorization": f"Bearer {key}"}
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", create_app(desk.config), headers=headers)
    schema.config.update(headers=headers)
    yield schema
    desk.db.close()


def attack(operation, mode, named, number, **rules):
    """What came back to so many cases: statuses. Raises at the first answer that is not as promised."""
    statuses = set()

    @settings(max_examples=number, database=None, suppress_health_check=list(HealthCheck), **rules)
    @given(case=operation.as_strategy(mode, path_parameters=named or None))
    def call(case):
        statuses.add(case.call_and_validate(checks=CHECKS).status_code)

    call()
    return statuses


@pytest.mark.parametrize(("path", "method", "mode", "named"), list(iter_attacks()))
def test_every_answer_is_one_that_the_document_promises(schema, path, method, mode, named):
    statuses = attack(schema[path][method], mode, named, EXAMPLES, derandomize=True, phases=[Phase.generate])
    if named and method == "get" and not path.endswith(("draft", "evidence")):  # invented texts came from no bytes
        assert 200 in statuses


@pytest.mark.drill
@pytest.mark.parametrize(("path", "method", "mode", "named"), list(iter_attacks()))
def test_so_is_every_answer_to_cases_that_nobody_has_seen_before(schema, path, method, mode, named):
    assert attack(schema[path][method], mode, named, MANY, derandomize=False, deadline=None, print_blob=True)
