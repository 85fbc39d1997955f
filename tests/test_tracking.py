"""What is recorded of an answer, before anybody reads it."""

from __future__ import annotations

import pytest

from monitor.model import Outcome, ProblemKind
from monitor.store import fetches, problems, sources, transaction
from monitor.store.fetches import FetchState
from monitor.tracking import name_problem, record, split_rounds
from new_store import new_store
from store.conftest import HOUR, NOON, URL, a_fetch, a_source


@pytest.fixture
def db(tmp_path):
    database = new_store(tmp_path / "monitor.db")
    with transaction(database):
        sources.declare_sources(database, [a_source()], NOON)
    yield database
    database.close()


def unanswered(outcome, **changed):
    return a_fetch(body=None, outcome=outcome, status=None, **changed)


def mark_read(db):
    """As a successful reading does."""
    (pending,) = fetches.get_pending(db, "rules")
    with transaction(db):
        fetches.claim_fetch(db, pending.id, FetchState.GOOD)
        sources.save_good_snapshot(
            db, pending.resource_id, pending.snapshot_id, read_as="html", etag=None, last_modified=None
        )
        problems.close_problem(db, pending.resource_id, fetch_id=pending.id, at=pending.at)


def test_new_bytes_wait_to_be_read(db):
    assert record(db, a_fetch()) is FetchState.PENDING
    assert [each.url for each in fetches.get_pending(db, "rules")] == [URL]


def test_bytes_that_were_read_before_are_unchanged(db):
    record(db, a_fetch())
    mark_read(db)
    assert record(db, a_fetch(at=NOON + HOUR)) is FetchState.UNCHANGED


def test_bytes_that_nobody_has_read_yet_are_not_unchanged(db):
    record(db, a_fetch())
    assert record(db, a_fetch(at=NOON + HOUR)) is FetchState.PENDING


def test_known_bytes_are_read_again_while_a_problem_is_open(db):
    record(db, a_fetch())
    mark_read(db)
    record(db, unanswered(Outcome.TIMEOUT))
    assert record(db, a_fetch(at=NOON + HOUR)) is FetchState.PENDING


def test_an_attempt_without_an_answer_is_stored_and_opens_a_problem(db):
    assert record(db, unanswered(Outcome.TIMEOUT, detail="no answer in 60 s")) is FetchState.NONE
    (problem,) = problems.get_open(db)
    assert (problem.kind, problem.detail) == (ProblemKind.TIMEOUT, "no answer in 60 s")
    assert db.table("fetch").count == 1


def test_unchanged_is_an_answer_only_to_a_conditional_question(db):
    assert record(db, unanswered(Outcome.UNCHANGED)) is FetchState.NONE
    (problem,) = problems.get_open(db)
    assert problem.kind is ProblemKind.BROKEN
    assert "304" in problem.detail


@pytest.mark.parametrize(
    ("status", "said"),
    [(202, "still making"), (404, "the document moved"), (403, "refuses us"), (503, "in trouble")],
)
def test_the_advice_fits_the_status(status, said):
    kind, detail, advice = name_problem(
        a_fetch(body=None, outcome=Outcome.HTTP_ERROR, status=status, detail=f"{status} Words")
    )
    assert (kind, detail) == (ProblemKind.HTTP_ERROR, f"HTTP {status} Words")
    assert said in advice


def test_a_page_that_is_gone_for_good_is_retired():
    kind, detail, advice = name_problem(a_fetch(body=None, outcome=Outcome.HTTP_ERROR, status=410, detail="410 Gone"))
    assert (kind, detail) == (ProblemKind.RETIRED, "HTTP 410 Gone")
    assert "successor" in advice


@pytest.mark.parametrize("outcome", [each for each in Outcome if each not in {Outcome.OK, Outcome.UNCHANGED}])
def test_every_way_to_fail_has_a_problem_and_advice(outcome):
    _, detail, advice = name_problem(unanswered(outcome, detail="why"))
    assert "why" in detail
    assert advice


def test_the_bytes_read_last_are_read_again_while_others_wait(db):
    record(db, a_fetch())
    mark_read(db)
    record(db, a_fetch(body=b"<p>other</p>"))
    assert record(db, a_fetch(at=NOON + HOUR)) is FetchState.PENDING


def rounds_of(db):
    return [[same[0].url for same in group.values()] for group in split_rounds(fetches.get_pending(db, "rules"))]


MORE = "https://example.org/more"


@pytest.mark.parametrize(
    ("situation", "arrived", "expected"),
    [
        ("two crawls that brought other bytes", [(URL, b"1"), (MORE, b"1"), (URL, b"2")], [[URL, MORE], [URL]]),
        ("a crawl that was interrupted and begun again", [(URL, b"1"), (URL, b"1"), (MORE, b"1")], [[URL, MORE]]),
        ("three texts in a row", [(URL, b"1"), (URL, b"2"), (URL, b"1")], [[URL], [URL], [URL]]),
    ],
)
def test_fetches_of_one_crawl_are_one_round_and_no_text_is_skipped(db, situation, arrived, expected):
    with transaction(db):
        sources.declare_sources(db, [a_source(urls=(URL, MORE))], NOON)
    for url, body in arrived:
        record(db, a_fetch(body=body, url=url))
    assert rounds_of(db) == expected, situation
