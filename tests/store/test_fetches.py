from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.store import fetches, transaction
from monitor.store.fetches import MOST_PREDECESSORS, FetchState
from store.conftest import a_fetch


def add(db, rules, body):
    with transaction(db):
        return fetches.add_snapshot(db, rules.id, str(hash(body)), a_fetch(body), body)


def test_bytes_come_back_exactly_as_received_through_many_predecessors(db, rules):
    bodies = [b"<p>rule %d</p>" % number * 50 for number in range(MOST_PREDECESSORS * 2 + 5)]
    ids = [add(db, rules, body) for body in bodies]
    assert [fetches.read_body(db, each) for each in ids] == bodies


def test_no_snapshot_needs_more_than_the_allowed_predecessors(db, rules):
    for number in range(MOST_PREDECESSORS * 2 + 5):
        add(db, rules, b"text %d" % number)
    depths = [row["depth"] for row in db.table("snapshot").rows]
    assert max(depths) == MOST_PREDECESSORS
    assert depths.count(0) == 3


def test_a_near_copy_costs_a_fraction_of_the_first(db, rules):
    page = b"".join(b"<li>rule %d says that %d is not allowed</li>" % (n, n * n) for n in range(2000))
    add(db, rules, page)
    add(db, rules, page.replace(b"rule 77 ", b"rule 78 "))
    first, second = (len(row["body"]) for row in db.table("snapshot").rows)
    assert second < first / 20


def test_the_same_bytes_of_one_address_are_stored_once(db, rules):
    assert add(db, rules, b"same") == add(db, rules, b"same")
    assert db.table("snapshot").count == 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(st.lists(st.binary(max_size=200), min_size=1, max_size=6))
def test_any_bytes_come_back_exactly(db, rules, bodies):
    ids = [add(db, rules, body) for body in bodies]
    assert [fetches.read_body(db, each) for each in ids] == bodies


def test_a_pending_fetch_is_taken_by_one_process_only(db, rules):
    with transaction(db):
        snapshot_id = fetches.add_snapshot(db, rules.id, "sha", a_fetch(), b"<p>hello</p>")
        fetch_id = fetches.add_fetch(db, rules.id, a_fetch(), snapshot_id=snapshot_id, state=FetchState.PENDING)
    assert list(fetches.iter_pending_sources(db)) == ["rules"]
    with transaction(db):
        assert fetches.claim_fetch(db, fetch_id, FetchState.GOOD)
        assert not fetches.claim_fetch(db, fetch_id, FetchState.GOOD)
    assert list(fetches.iter_pending_sources(db)) == []
