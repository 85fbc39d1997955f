"""What is old and proves nothing is dropped when asked for; whatever a Change, Problem or Digest rests on stays."""

from __future__ import annotations

import hashlib
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.evidence.database import check_database
from monitor.model import ChangeKind, Judgement, Outcome, ProblemKind, Severity
from monitor.store import changes, fetches, history, problems, retention, sources, transaction, versions
from monitor.store.evidence import get_attempts, get_readings
from monitor.store.fetches import COMMIT, FetchState
from monitor.store.health import count_foreign_writes, count_free_bytes, find_faults, find_lost_references
from monitor.store.retention import Pruned, prune
from monitor.store.seals import GONE, iter_seals
from monitor.views.change import AROUND
from new_store import new_store
from store.conftest import HOUR, NOON, URL, a_block, a_fetch, a_source

DAY = 24 * HOUR
YEAR = 365 * DAY
LATER = NOON + 10 * YEAR
JUDGEMENT = Judgement(ChangeKind.SUBSTANTIVE, "a rule changed", Severity.LOW, "", ())


class Watched:
    """One Resource whose attempts a test writes down, each with what became of it."""

    def __init__(self, db):
        self.db, self.now, self.texts, self.bodies = db, NOON, 0, 0
        with transaction(db):
            sources.declare_sources(db, [a_source()], NOON)
        self.resource = sources.get_resource(db, "rules", URL)

    def pass_time(self, hours):
        self.now += hours * HOUR

    def same(self):
        """The bytes of before, if any."""
        with transaction(self.db):
            current = sources.get_resource(self.db, "rules", URL).snapshot_id
            state = FetchState.UNCHANGED if current else FetchState.NONE
            fetches.add_fetch(self.db, self.resource.id, self.fetch(None), snapshot_id=current, state=state)

    def other_bytes(self):
        """The text of before in other bytes."""
        with transaction(self.db):
            self.mark_good(*self.arrive(FetchState.GOOD))

    def other_text(self):
        with transaction(self.db):
            fetch_id, snapshot_id = self.arrive(FetchState.GOOD)
            self.mark_good(fetch_id, snapshot_id)
            self.texts += 1
            if self.texts == 1:
                versions.declare_document(
                    self.db, "rules", source_id="rules", identity="rules", url=URL, title="Rules", now=self.now
                )
            version_id = versions.add_version(
                self.db,
                "rules",
                title="Rules",
                blocks=[a_block(f"Rule {self.texts}")],
                recipe="html/1",
                observed_at=self.now,
                snapshot_ids=[snapshot_id],
            )
            self.add_change(version_id, fetch_id)

    def add_change(self, version_id, fetch_id):
        changes.add_change(
            self.db,
            document_id="rules",
            from_version_id=version_id - 1 or None,
            to_version_id=version_id,
            judgement=JUDGEMENT,
            fetch_id=fetch_id,
            detected_at=self.now,
            hold_until=None,
            rules="1",
            now=self.now,
        )

    def wall(self):
        """Bytes that are not the document."""
        with transaction(self.db):
            self.arrive(FetchState.REJECTED)
            self.open_problem(ProblemKind.BLOCKED)

    def fail(self):
        with transaction(self.db):
            fetches.add_fetch(
                self.db, self.resource.id, self.fetch(None, Outcome.TIMEOUT), snapshot_id=None, state=FetchState.NONE
            )
            self.open_problem(ProblemKind.TIMEOUT)

    def open_problem(self, kind):
        problems.open_problem(self.db, self.resource.id, kind, detail="why", advice="look", at=self.now)

    def arrive(self, state):
        self.bodies += 1
        body = "".join(f"<p>Line {line} of the page.</p>" for line in range(40)) + f"<i>{self.bodies}</i>"
        fetch = self.fetch(body.encode(), Outcome.OK)
        sha256 = hashlib.sha256(fetch.body).hexdigest()
        snapshot_id = fetches.add_snapshot(self.db, self.resource.id, sha256, fetch, fetch.body)
        fetch_id = fetches.add_fetch(self.db, self.resource.id, fetch, snapshot_id=snapshot_id, state=state)
        return fetch_id, snapshot_id

    def mark_good(self, fetch_id, snapshot_id):
        problems.close_problem(self.db, self.resource.id, fetch_id=fetch_id, at=self.now)
        sources.save_good_snapshot(
            self.db, self.resource.id, snapshot_id, read_as="html", etag=None, last_modified=None
        )

    def fetch(self, body, outcome=Outcome.UNCHANGED):
        return a_fetch(body=body, at=self.now, outcome=outcome)

    @property
    def states(self):
        rows = self.db.query("SELECT state FROM fetch ORDER BY id")
        return [row["state"] for row in rows]

    @property
    def evidence(self):
        """All that proves each Change: its texts, their bytes, the attempts around it and what each brought."""
        found = {}
        for change in changes.iter_changes(self.db, everything=True):
            attempts = get_attempts(self.db, changes.get_fetch_id(self.db, change.to_version_id), AROUND)
            readings = get_readings(self.db, [change.to_version_id])
            kept = [each.id for reading in readings for each in reading.snapshots]
            found[change.id] = (
                change,
                versions.get_version(self.db, change.to_version_id),
                readings,
                [fetches.read_body(self.db, each) for each in kept],
                attempts,
            )
        return found

    @property
    def bodies_by_hash(self):
        rows = self.db.query("SELECT id, sha256 FROM snapshot")
        return [(row["sha256"], hashlib.sha256(fetches.read_body(self.db, row["id"])).hexdigest()) for row in rows]


@pytest.fixture
def watched(db):
    return Watched(db)


@contextmanager
def another():
    with tempfile.TemporaryDirectory() as folder:
        db = new_store(Path(folder) / "monitor.db")
        yield Watched(db)
        db.close()


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["same", "same", "same", "other_bytes", "other_text", "wall", "fail"]),
        st.sampled_from([0, 1, 12, 12, 12, 100, 700]),
        st.sampled_from([1, 1, 5, 30]),
    ),
    min_size=1,
    max_size=20,
)
"""What an attempt meets, the hours between two of them, and how often it is so."""


@settings(max_examples=25)
@given(steps=STEPS, age=st.integers(0, 200))
def test_whatever_happened_the_evidence_of_each_change_reads_as_before(steps, age):
    with another() as watched:
        for what, hours, often in steps:
            for _ in range(often):
                watched.pass_time(hours)
                getattr(watched, what)()
        before = watched.evidence
        past = list(watched.db.query("SELECT * FROM problem"))
        names = [row["id"] for row in watched.db.query("SELECT id FROM fetch WHERE state IN ('none', 'pending')")]
        dry = prune(watched.db, watched.now - age * DAY, dry=True)
        assert prune(watched.db, watched.now - age * DAY) == dry
        assert watched.evidence == before
        assert list(watched.db.query("SELECT * FROM problem")) == past
        assert {row["id"] for row in watched.db.query("SELECT id FROM fetch")} >= set(names)
        assert all(said == is_ for said, is_ in watched.bodies_by_hash)
        assert (find_faults(watched.db, full=True), find_lost_references(watched.db)) == ((), ())
        assert count_foreign_writes(watched.db) == 0
        assert prune(watched.db, watched.now - age * DAY) == Pruned()


def test_a_page_that_stands_still_is_thinned_to_one_attempt_a_week(watched):
    watched.other_text()
    for _ in range(2 * 7 * 20):
        watched.pass_time(12)
        watched.same()
    done = prune(watched.db, LATER)
    left = len(watched.states)
    assert (done.fetches + left, done.snapshots) == (281, 0)
    assert 20 <= left <= 20 + retention.NEAR + 2
    times = [row["at"] for row in watched.db.query("SELECT at FROM fetch ORDER BY id")]
    assert times[0] == "2026-03-01T12:00:00Z"
    assert times[-1] == "2026-07-19T12:00:00Z"


def test_bytes_that_nobody_read_a_text_from_go_and_those_after_them_are_still_read(watched):
    watched.other_text()
    for _ in range(60):
        watched.pass_time(30)
        watched.other_bytes()
    watched.other_text()
    done = prune(watched.db, LATER)
    assert done.snapshots == done.fetches > 20
    assert all(said == is_ for said, is_ in watched.bodies_by_hash)
    assert watched.db.execute("SELECT max(depth) FROM snapshot").fetchone()[0] <= fetches.MOST_PREDECESSORS


def test_walls_go_but_for_those_with_which_a_problem_began_and_ended(watched):
    watched.other_text()
    for _ in range(40):
        watched.pass_time(60)
        watched.same()
    for _ in range(90):
        watched.pass_time(12)
        watched.wall()
    for _ in range(40):
        watched.pass_time(60)
        watched.other_bytes()
    prune(watched.db, LATER)
    assert 2 <= watched.states.count("rejected") <= 2 * (retention.NEAR + 1)
    (problem,) = watched.db.query("SELECT * FROM problem")
    times = {row["at"] for row in watched.db.query("SELECT at FROM fetch")}
    assert {problem["opened_at"], problem["last_seen_at"], problem["closed_at"]} <= times


def test_nothing_goes_since_a_problem_that_is_open(watched):
    watched.other_text()
    for _ in range(200):
        watched.pass_time(12)
        watched.wall()
    assert prune(watched.db, LATER) == Pruned()


def test_what_is_younger_stays(watched):
    watched.other_text()
    for _ in range(200):
        watched.pass_time(12)
        watched.same()
    middle = NOON + 50 * DAY
    prune(watched.db, middle)
    times = [row["at"] for row in watched.db.query("SELECT at FROM fetch ORDER BY id")]
    young = [each for each in times if each >= "2026-04-20T12:00:00Z"]
    assert len(young) == 101
    assert len(times) < 130


def test_what_a_backfill_brought_stays(watched):
    with transaction(watched.db):
        resource_id = history.declare_resource(watched.db, "rules", "terms/Privacy Policy.md")
        for number in range(100):
            fetch = a_fetch(at=NOON - YEAR + number * DAY, headers={COMMIT: f"{number:040}"})
            fetches.add_fetch(watched.db, resource_id, fetch, snapshot_id=None, state=FetchState.UNCHANGED)
    assert prune(watched.db, LATER) == Pruned()


def test_the_monitor_seals_what_it_dropped(watched):
    watched.other_text()
    for _ in range(100):
        watched.pass_time(12)
        watched.other_bytes()
    done = prune(watched.db, LATER)
    last = {(seal.noun, seal.key): seal.row_sha256 for seal in iter_seals(watched.db)}
    gone = {
        noun: sum(each == noun for (each, _), sha256 in last.items() if sha256 == GONE)
        for noun in ("fetch", "snapshot")
    }
    assert gone == {"fetch": done.fetches, "snapshot": done.snapshots}
    assert done.fetches > 0
    assert list(check_database(watched.db)) == []


def test_what_is_named_is_not_dropped_even_if_it_was_chosen(watched, monkeypatch):
    """The queries that drop ask for themselves what a Change or Problem names."""
    for _ in range(5):
        watched.fail()
        watched.pass_time(1)
        watched.other_text()
    monkeypatch.setattr(retention, "choose", lambda attempts, *_: list(attempts))
    before = watched.evidence.keys()
    assert prune(watched.db, LATER).snapshots == 0
    assert watched.evidence.keys() == before
    assert find_lost_references(watched.db) == ()


def test_foreign_keys_are_looked_after_again_when_it_is_done(watched):
    prune(watched.db, LATER)
    assert watched.db.execute("PRAGMA foreign_keys").fetchone()[0] == 1


def test_compacting_makes_the_file_smaller(watched, tmp_path):
    watched.other_text()
    for _ in range(300):
        watched.pass_time(12)
        watched.other_bytes()
    prune(watched.db, LATER)
    free = count_free_bytes(watched.db)
    watched.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    before = (tmp_path / "monitor.db").stat().st_size
    retention.compact(watched.db)
    assert count_free_bytes(watched.db) == 0
    assert (tmp_path / "monitor.db").stat().st_size <= before - free
    assert free > 0
    assert (tmp_path / "monitor.db-wal").stat().st_size == 0


def test_more_is_kept_around_a_change_than_anything_shows():
    assert retention.NEAR > AROUND


def test_killed_between_attempts_and_bytes_the_next_call_goes_on(watched, monkeypatch):
    watched.other_text()
    for _ in range(100):
        watched.pass_time(12)
        watched.other_bytes()
    due = prune(watched.db, LATER, dry=True)
    monkeypatch.setattr(retention, "DROPPED_AT_ONCE", 7)
    with monkeypatch.context() as patched:
        patched.setattr(retention, "drop_snapshot", lambda *_: next(iter(())))
        with pytest.raises(StopIteration):
            prune(watched.db, LATER)
    assert prune(watched.db, LATER) == Pruned(0, due.snapshots)
    assert all(said == is_ for said, is_ in watched.bodies_by_hash)
