"""Whatever transactions do, in whatever order, some of them failing: the chain is whole and each row is as sealed."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model import ChangeKind, Judgement, Passage, PassageOp, Severity
from monitor.store import changes, fetches, sources, transaction, versions
from monitor.store.fetches import FetchState
from new_store import new_store
from store.conftest import NOON, URL, a_block, a_fetch, a_source
from store.test_seals import is_unbroken, wrong

STEPS = ("fetch", "read", "requeue", "text", "confirm", "retitle", "drop")


DROP = """
DELETE FROM fetch WHERE id = (SELECT min(id) FROM fetch WHERE state = 'none' AND id < (SELECT max(id) FROM fetch))
"""
"""Never the last one, as retention does not either: SQLite would give its id to another."""


def add_text(db, number):
    versions.declare_document(db, "rules", source_id="rules", identity=URL, url=URL, title="Rules", now=NOON)
    fetch_id = fetches.add_fetch(db, 1, a_fetch(), snapshot_id=None, state=FetchState.GOOD)
    version = versions.add_version(
        db, "rules", title="Rules", blocks=[a_block(str(number))], recipe="1", observed_at=NOON, snapshot_ids=[]
    )
    changes.add_change(
        db,
        document_id="rules",
        from_version_id=None,
        to_version_id=version,
        judgement=Judgement(
            ChangeKind.SUBSTANTIVE, "", Severity.LOW, "", (Passage(PassageOp.ADDED, (), "", str(number)),) * 3
        ),
        fetch_id=fetch_id,
        detected_at=NOON,
        hold_until=NOON,
        rules="1",
        now=NOON,
    )


def take(db, step, number):
    match step:
        case "fetch":
            fetches.add_fetch(db, 1, a_fetch(), snapshot_id=None, state=list(FetchState)[number % 5])
        case "read":
            db.execute("UPDATE fetch SET state = 'good' WHERE state = 'pending'")
        case "requeue":
            db.execute("UPDATE fetch SET state = 'pending' WHERE state = 'rejected'")
        case "text":
            add_text(db, number)
        case "confirm":
            db.execute(
                "UPDATE change SET status = 'confirmed', matcher = ? WHERE id % 2 = ?", [str(number), number % 2]
            )
        case "retitle":
            db.execute("UPDATE document SET title = ?", [str(number)])
        case "fail":
            raise InterruptedError
        case "drop":
            db.execute(DROP)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("sealed")


@settings(max_examples=25, deadline=None)
@given(
    runs=st.lists(
        st.tuples(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 9)), max_size=5), st.booleans()),
        max_size=8,
    )
)
def test_after_any_transactions_the_chain_is_whole_and_each_row_is_as_sealed(folder, runs):
    db = new_store(folder / "m.db")
    with transaction(db):
        sources.declare_sources(db, [a_source()], NOON)
    for steps, fails in runs:
        with suppress(InterruptedError), transaction(db):
            for step in [*steps, *([("fail", 0)] if fails else [])]:
                take(db, *step)
    assert db.table("unsealed").count == 0
    assert (wrong(db), is_unbroken(db)) == ([], True)
    db.close()
