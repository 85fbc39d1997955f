from datetime import timedelta

import pytest

from monitor.errors import NotFoundError
from monitor.model import ProblemKind
from monitor.store import fetches, problems, sources, transaction
from monitor.store.fetches import FetchState
from store.conftest import HOUR, NOON, URL, a_fetch, a_source


def declare(db, *declared, now=NOON):
    with transaction(db):
        sources.declare_sources(db, declared, now)


def test_a_new_source_is_due_at_once(db):
    declare(db, a_source())
    assert sources.get_due_ids(db, NOON) == {"rules"}


def test_an_attempted_source_is_due_again_at_its_time_and_not_before(db, rules):
    with transaction(db):
        sources.mark_attempted(db, "rules", at=NOON, due_at=NOON + 12 * HOUR)
    assert sources.get_due_ids(db, NOON + 11 * HOUR) == frozenset()
    assert sources.get_due_ids(db, NOON + 12 * HOUR) == {"rules"}


def test_a_source_that_leaves_the_file_is_switched_off_and_keeps_its_history(db, rules):
    declare(db, a_source(id="other"))
    assert sources.get_due_ids(db, NOON) == {"other"}
    assert {row["id"] for row in db.table("source").rows} == {"rules", "other"}


def test_a_source_with_a_new_address_is_due_at_once_and_asks_only_for_that(db, rules):
    with transaction(db):
        sources.mark_attempted(db, "rules", at=NOON, due_at=NOON + 12 * HOUR)
    moved = a_source(urls=("https://example.org/new-rules",))
    declare(db, moved)
    assert sources.get_due_ids(db, NOON) == {"rules"}
    assert [each.url for each in sources.get_requests(db, moved)] == ["https://example.org/new-rules"]


def test_the_order_of_addresses_follows_the_file(db):
    declare(db, a_source(urls=("https://example.org/a", "https://example.org/b")))
    turned = a_source(urls=("https://example.org/b", "https://example.org/a"))
    declare(db, turned)
    assert [each.url[-1] for each in sources.get_requests(db, turned)] == ["b", "a"]


def test_validators_go_out_only_after_a_text_was_read_and_never_while_a_problem_is_open(db, rules):
    source = a_source()
    assert sources.get_requests(db, source)[0].etag is None
    with transaction(db):
        snapshot_id = fetches.add_snapshot(db, rules.id, "sha", a_fetch(), b"<p>hello</p>")
        sources.save_good_snapshot(db, rules.id, snapshot_id, read_as="html", etag='"v1"', last_modified=None)
    assert sources.get_requests(db, source)[0].etag == '"v1"'
    with transaction(db):
        waiting = fetches.add_fetch(db, rules.id, a_fetch(), snapshot_id=snapshot_id, state=FetchState.PENDING)
    assert sources.get_requests(db, source)[0].etag is None
    with transaction(db):
        assert fetches.claim_fetch(db, waiting, FetchState.GOOD)
        problems.open_problem(db, rules.id, ProblemKind.TIMEOUT, detail="60 s", advice="wait", at=NOON)
    assert sources.get_requests(db, source)[0].etag is None


def test_an_address_that_is_none_of_the_sources_is_an_error_that_names_it(db, rules):
    with pytest.raises(NotFoundError, match=r"https://else\.example"):
        sources.get_resource(db, "rules", "https://else.example")


def test_a_problem_keeps_its_age_while_its_kind_changes(db, rules):
    with transaction(db):
        problems.open_problem(db, rules.id, ProblemKind.TIMEOUT, detail="60 s", advice="wait", at=NOON)
        problems.open_problem(db, rules.id, ProblemKind.HTTP_ERROR, detail="HTTP 503", advice="look", at=NOON + HOUR)
    (only,) = problems.get_open(db)
    assert (only.kind, only.opened_at, only.last_seen_at) == (ProblemKind.HTTP_ERROR, NOON, NOON + HOUR)


def test_a_closed_problem_that_comes_back_is_a_new_one(db, rules):
    with transaction(db):
        fetch_id = fetches.add_fetch(db, rules.id, a_fetch(), snapshot_id=None, state=FetchState.GOOD)
        problems.open_problem(db, rules.id, ProblemKind.EMPTY, detail="0 words", advice="look", at=NOON)
        assert problems.close_problem(db, rules.id, fetch_id=fetch_id, at=NOON + HOUR)
        assert not problems.close_problem(db, rules.id, fetch_id=fetch_id, at=NOON + HOUR)
        problems.open_problem(db, rules.id, ProblemKind.EMPTY, detail="0 words", advice="look", at=NOON + 2 * HOUR)
    assert [each.opened_at for each in problems.get_open(db)] == [NOON + timedelta(hours=2)]
    assert db.table("problem").count == 2


def test_problems_of_a_source_that_was_switched_off_are_not_shown(db, rules):
    with transaction(db):
        problems.open_problem(db, rules.id, ProblemKind.EMPTY, detail="0 words", advice="look", at=NOON)
    declare(db, a_source(enabled=False))
    assert problems.get_open(db) == ()


def test_a_problem_is_not_closed_by_a_reading_from_before_it(db, rules):
    with transaction(db):
        early = fetches.add_fetch(db, rules.id, a_fetch(), snapshot_id=None, state=FetchState.GOOD)
        problems.open_problem(db, rules.id, ProblemKind.TIMEOUT, detail="60 s", advice="wait", at=NOON + HOUR)
        assert not problems.close_problem(db, rules.id, fetch_id=early, at=NOON)
    assert len(problems.get_open(db)) == 1


def test_an_edited_rhythm_holds_at_once(db, rules):
    with transaction(db):
        sources.mark_attempted(db, "rules", at=NOON, due_at=NOON + 700 * HOUR)
    declare(db, a_source(every="1h"), now=NOON + HOUR)
    assert sources.get_due_ids(db, NOON + HOUR) == {"rules"}


def test_a_source_asked_by_a_clock_that_was_ahead_is_due_again(db, rules):
    with transaction(db):
        sources.mark_attempted(db, "rules", at=NOON + 9000 * HOUR, due_at=NOON + 9012 * HOUR)
    assert sources.get_due_ids(db, NOON) == {"rules"}


def test_an_address_that_comes_back_is_read_again(db, rules):
    with transaction(db):
        snapshot_id = fetches.add_snapshot(db, rules.id, "sha", a_fetch(), b"<p>hello</p>")
        sources.save_good_snapshot(db, rules.id, snapshot_id, read_as="html", etag='"v1"', last_modified=None)
    declare(db, a_source(urls=("https://example.org/new-rules",)))
    declare(db, a_source())
    assert sources.get_resource(db, "rules", URL).snapshot_id is None
    assert sources.get_requests(db, a_source())[0].etag is None
