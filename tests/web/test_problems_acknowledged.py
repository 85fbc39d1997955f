"""Acknowledging a problem at the desk and by the API, each as the other shows it."""

from __future__ import annotations

import pytest

from monitor.model import Acknowledgement, Role
from monitor.store import problems, read_time
from store.conftest import NOON
from web.calling import Program, read_problem
from web.knocking import NOW, opened
from web.library import DAY, make_library


@pytest.fixture
def library(desk):
    library = make_library(desk)
    library.blind("news", NOON + DAY)
    return library


def acknowledged(library):
    (problem,) = problems.get_open(library.db)
    return problem.acknowledged


def test_a_specialist_says_so_on_the_page_of_the_source_and_it_shows_who_has(library, visitor):
    page = visitor.open("/sources/news")
    assert page.texts("form button")[-1] == "Acknowledge"
    back = visitor.open("/problems/1/acknowledge", {"note": "They  mend it."})
    assert back.url.endswith("/sources/news#mend")
    assert acknowledged(library).note == "They mend it."
    assert f"Acknowledged by {acknowledged(library).by}" in back.text
    assert "Acknowledge" not in back.texts("form button")
    assert f"seen by {acknowledged(library).by}" in visitor.open("/sources").text


def test_a_reader_is_not_asked_and_may_not(library, desk):
    with opened(desk) as door:
        cookie = door.enter("rea", Role.READER)
        assert "/acknowledge" not in door.ask("/sources/news", Cookie=cookie).text
        assert door.post("/problems/1/acknowledge", Cookie=cookie).status == 403
        assert Program(door, Role.READER).call("POST", "/problems/1/acknowledgement", {}).status == 403
    assert acknowledged(library) is None


def test_a_program_says_so_too_and_is_answered_with_the_problem(library, desk):
    with opened(desk) as door:
        program = Program(door, Role.SPECIALIST)
        problem = program.post("/problems/1/acknowledgement", {"note": "They mend it."})
        assert program.get("/sources/news")["problems"] == [problem]
    assert acknowledged(library) == Acknowledgement("importer", read_time(NOW), "They mend it.")
    assert (problem["acknowledged"]["by"], problem["acknowledged"]["note"]) == ("importer", "They mend it.")


def test_what_is_not_open_cannot_be_acknowledged(library, desk, visitor):
    assert visitor.open("/problems/9/acknowledge", {}).status == 404
    with opened(desk) as door:
        answer = Program(door, Role.SPECIALIST).call("POST", "/problems/9/acknowledgement", {})
    assert "9: no problem with this number is open" in read_problem(answer)["detail"]
