"""A world of nasty publishers: what each does is a Problem of its own source and of nobody else's.

The cases are in `nasty.cases`, `benchmarks/hostile.py` plays them one by one and at full size. What only a time limit
ends is played with little patience; everything else with as much as ever, so that a busy machine makes no test fail.
"""

from __future__ import annotations

import socket
from dataclasses import replace

import pytest

from monitor.crawl.work import Patience
from monitor.model import ProblemKind
from monitor.reading import MEMORY, SECONDS
from nasty.cases import list_cases, list_good
from nasty.forged import forged
from nasty.memory import PROC
from nasty.world import World

pytestmark = pytest.mark.slow

NOWHERE = "http://127.0.0.1:1/"
NAMES = {each.name: each for each in list_cases(NOWHERE)}
STALLING = {name for name, each in NAMES.items() if each.becomes is ProblemKind.TIMEOUT}
SPINNING = {name for name, each in NAMES.items() if each.spins}
CRAWL_MB = 400
"""A crawl of hundreds of pages takes some 150; here a hundred attacks are under way at once."""
READING_MB = 500
"""A page takes some 100; the rest is what PDFs and DOCX unpack to before they are refused."""
HISTORY = ("chunk-cut", "206-unasked", "noise")
"""Attacks whose text would be a part of the one before, or nonsense."""


@pytest.fixture(scope="module")
def hasty(tmp_path_factory):
    """A visit with little patience to those who stall, and to those whose TLS is wrong."""
    folder = tmp_path_factory.mktemp("hasty")
    rules = {"patience": Patience(answer_s=6, retries=0), "reading_s": SECONDS}
    with forged(folder) as (forgers, anchor), World(folder, **rules) as world, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(anchor))
        listed = [each for each in list_cases(world.inside) if each.name in STALLING]
        yield world.see([*list_good(), *listed, *forgers]), forgers


@pytest.fixture(scope="module")
def patient(tmp_path_factory):
    """A visit to everybody else, with as much patience as ever, and the world in which it was made."""
    with World(tmp_path_factory.mktemp("patient"), patience=Patience(retries=0), reading_s=SECONDS) as world:
        listed = [each for each in list_cases(world.inside) if each.name not in STALLING | SPINNING]
        well = [replace(each, name=f"later-{each.name}") for each in listed if each.name in HISTORY]
        yield world.see([*list_good(), *listed, *(each.as_good() for each in well)]), world, well


@pytest.fixture(scope="module")
def again(patient):
    """The next visit to sources that were read before, and to those whose reading only time ends."""
    _, world, attacks = patient
    world.reading_s = 4
    return world.see([*attacks, *(each for each in list_cases(world.inside) if each.name in SPINNING)])


@pytest.fixture(scope="module")
def visits(hasty, patient, again):
    return hasty[0], patient[0], again


@pytest.fixture
def came_of(visits):
    """The Problem and the text of a case, None where there is none of them."""

    def find(name):
        visit = next(each for each in visits if name in each.fetches)
        return visit.problems.get(name), visit.texts.get(name)

    return find


@pytest.mark.parametrize("name", NAMES)
def test_each_attack_is_a_problem_of_its_own_source_or_is_read_as_the_text_that_it_is(came_of, name):
    case = NAMES[name]
    problem, text = came_of(name)
    assert (problem.kind if problem else None) == case.becomes, problem
    assert case.says in (problem.detail if problem else text)
    assert not [each for each in case.lacks if each in (text or "")]


@pytest.mark.parametrize("name", [each.name for each in NAMES.values() if each.becomes])
def test_no_text_is_made_of_what_is_none(came_of, name):
    assert came_of(name)[1] is None


def test_good_neighbours_are_read_whatever_the_others_do(hasty, patient):
    for visit in (hasty[0], patient[0]):
        assert not [each.name for each in list_good() if each.says not in visit.texts.get(each.name, "")]
        assert visit.failures == ()


def test_nobody_ever_came_where_nobody_may_come(visits):
    assert [visit.canaries for visit in visits] == [0, 0, 0]


@pytest.mark.skipif(not PROC.is_dir(), reason="looks for processes under /proc")
def test_memory_stays_below_what_was_set(hasty, patient, again):
    """A drawing that never ends takes the more, the later it is ended, and at most what the reader is given."""
    for visit in (hasty[0], patient[0], again):
        assert 0 < visit.peaks["crawl"] < CRAWL_MB
        assert 0 < visit.peaks["reading"] < (MEMORY / 1e6 if visit is again else READING_MB)


def test_a_canary_counts_who_comes(tmp_path):
    with World(tmp_path) as world:
        with socket.create_connection(("127.0.0.1", world.publisher.port)) as visitor:
            assert visitor.recv(1) == b""
        assert world.canary.visitors == 1


def test_tls_that_is_wrong_in_any_way_is_refused(hasty):
    visit, forgers = hasty
    found = {each.name: visit.problems[each.name].kind if each.name in visit.problems else None for each in forgers}
    assert found == {each.name: each.becomes for each in forgers}
    assert [name for name in visit.texts if name.startswith("tls-")] == ["tls-right"]


def test_an_attack_on_a_source_that_was_read_before_is_no_change_and_takes_nothing_away(patient, again):
    before, world, attacks = patient
    assert {each.name for each in attacks} <= again.problems.keys()
    assert again.texts == before.texts
    assert world.changes() == []
