"""One source, feed, procedure or row that fails is named; all others are crawled, judged and told all the same."""

from __future__ import annotations

import os
import signal
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from structlog.testing import capture_logs

from linked import AGE_18, FEES
from monitor.config import read_config
from monitor.desk import Kept, open_desk
from monitor.errors import CrawlError
from monitor.failing import gather
from monitor.impact import NO_MEMORY, SHIPPED, build_index
from monitor.links import follow_links
from monitor.model import Fetch, Outcome
from monitor.pulse import Pulse
from monitor.reading import Reader, read_bytes
from monitor.schedule import AFTER_LOST, run
from monitor.service.ticking import tick
from monitor.sops import load_sops
from monitor.store import links, sources, transaction, versions, write_time
from monitor.store.locks import sole
from monitor.store.search import catch_up, find_changes, find_texts
from monitor.store.sops import declare_sops
from monitor.tagging import Tagger
from monitor.tracking import process, record
from scenarios.test_situations import RULES, page
from scenarios.world import SOP, run_command
from store.conftest import HOUR, NOON, a_fetch, a_source

NAMES = ("good", "bytes", "held", "told", "due", "gone")


def poison(world, sql):
    with closing(sqlite3.connect(world.folder / "var" / "monitor.db")) as db:
        assert db.execute(sql).rowcount == 1
        db.commit()


@pytest.mark.slow
def test_rows_that_hold_garbage_are_named_and_all_the_others_are_crawled_confirmed_and_told(world, site):
    def publish(word):
        for name in NAMES:
            site.put(f"/{name}", page([*RULES, f"Be {word} to the team of {name} in whatever you write to them."]))

    def run_at(day, hour):
        return run_command(["run", "--json"], world.env(f"2026-03-{day:02}T{hour:02}:00:00Z"))

    publish("kind")
    for name in NAMES:
        world.watch(id=name, url=site.url(f"/{name}"), every="1h")
    assert run_at(1, 9).status == 0
    publish("polite")
    site.pages.pop("/gone")
    assert run_at(2, 7).json["changes"] == len(NAMES) - 1
    site.put("/bytes", page([*RULES, "Another text."]))
    of_bytes = "SELECT id FROM resource WHERE source_id = 'bytes'"
    poison(
        world,
        f"UPDATE snapshot SET body = x'00' WHERE id = (SELECT max(id) FROM snapshot WHERE resource_id = ({of_bytes}))",
    )
    poison(world, "UPDATE change SET detected_at = 'some day' WHERE document_id = 'held' AND status = 'provisional'")
    poison(world, "UPDATE source SET due_at = '' WHERE id = 'due'")
    poison(world, "UPDATE problem SET opened_at = 'long ago'")
    poison(world, "UPDATE delivery SET state = 'pending', payload = '{'")
    again = run_at(2, 8)
    assert (again.status, again.json["confirmed"]) == (1, 3)
    poison(
        world,
        "UPDATE passage SET heading = '{' WHERE change_id = (SELECT max(id) FROM change WHERE document_id = 'told')",
    )
    done = run_at(2, 9)
    named = [each.partition(":")[0] for each in (*again.json["failures"], *done.json["failures"])]
    for wrong in ("bytes", "due", "problem 1"):
        assert wrong in named, named
    assert sum(each.startswith("delivery ") for each in named) == 2
    assert sum(each.startswith("change ") for each in named) >= 2
    (digest,) = (world.folder / "var" / "digests").glob("2026-03-02-daily-*.md")
    told = digest.read_text()
    assert [name for name in NAMES if f"Be polite to the team of {name}" in told] == ["good", "due"]
    assert run_at(2, 10).json["digests"] == 0


# The files of the customer


@pytest.fixture
def idle(tmp_path):
    """A service with one Source that is switched off."""
    (tmp_path / "sources.yaml").write_text(
        "sources: [{id: a, name: A, publisher: A, jurisdiction: EU, kind: html, url: 'https://a.example/',"
        " enabled: false}]"
    )
    (tmp_path / "sops").mkdir()
    (tmp_path / "sops" / "ages.md").write_text(SOP)
    names = {"MONITOR_DB": "m.db", "MONITOR_SOURCES": "sources.yaml", "MONITOR_SOPS": "sops"}
    paths = {name: str(tmp_path / file) for name, file in names.items()}
    return read_config(paths | {"MONITOR_NOW": "2026-03-01T09:30:00Z"})


def events(logs, name):
    return [each for each in logs if each["event"] == name]


@pytest.mark.parametrize("text", ["sources: [", "sources: [{id: b}]", None], ids=["broken", "mistaken", "gone"])
def test_a_service_goes_on_with_the_last_good_sources_and_says_so_once(idle, text):
    kept, pulse = Kept(), Pulse()
    tick(idle, kept, pulse)
    idle.sources.unlink()
    if text:
        idle.sources.write_text(text)
    with capture_logs() as logs:
        tick(idle, kept, pulse)
        tick(idle, kept, pulse)
    assert str(idle.sources) in pulse.life.failure, "so that who watches the service hears of it"
    (warning,) = events(logs, "declaration not used")
    assert warning["log_level"] == "warning"
    for finished in events(logs, "run finished"):
        assert [str(idle.sources) in each for each in finished["failures"]] == [True]
    with closing(sqlite3.connect(idle.db)) as db:
        assert db.execute("SELECT id FROM source").fetchall() == [("a",)]


def test_a_service_goes_on_with_the_last_good_procedures_where_their_folder_cannot_be_read(idle):
    kept, pulse = Kept(), Pulse()
    tick(idle, kept, pulse)
    idle.sops.rename(idle.sops.with_name("away"))
    idle.sops.write_text("a file")
    with capture_logs() as logs:
        tick(idle, kept, pulse)
    assert [each["log_level"] for each in events(logs, "declaration not used")] == ["warning"]
    assert [each.id for each in kept.library.sops] == ["SOP-1"]


def test_procedures_whose_folder_is_away_are_not_removed_and_the_run_says_so(idle):
    kept = Kept()
    for known in (Kept(), kept, kept, Kept()):
        if known is not kept or kept.library is None:
            with open_desk(idle, known) as desk:
                assert desk.failures == []
        away = idle.sops.rename(idle.sops.with_name("away"))
        with open_desk(idle, known) as desk:
            (failure,) = desk.failures
        away.rename(idle.sops)
        assert "the folder of the procedures is gone" in failure
    with closing(sqlite3.connect(idle.db)) as db:
        assert db.execute("SELECT id, removed_at FROM sop").fetchall() == [("SOP-1", None)]
    assert [each.id for each in kept.library.sops] == ["SOP-1"]


def test_a_command_refuses_sources_with_a_mistake(idle):
    idle.sources.write_text("sources: [{id: b}]")
    done = run_command(["--db", str(idle.db), "--sources", str(idle.sources), "run"], os.environ)
    assert (done.status, "mistake" in done.err) == (2, True)


def test_a_procedure_that_is_a_pipe_is_not_waited_for(tmp_path):
    (tmp_path / "good.md").write_text(SOP)
    os.mkfifo(tmp_path / "pipe.md")
    library = load_sops(tmp_path)
    assert [each.id for each in library.sops] == ["SOP-1"]
    assert ["no regular file" in each for each in library.mistakes] == [True]


def test_a_procedure_that_breaks_its_reader_stays_as_it_was_and_the_others_are_read(tmp_path, monkeypatch):
    from monitor.sops.library import read_file

    def read(name, *rest):
        return 1 / 0 if name == "bad.md" else read_file(name, *rest)

    for name in ("bad.md", "good.md"):
        (tmp_path / name).write_text(SOP.replace("SOP-1", name))
    monkeypatch.setattr("monitor.sops.folder.read_file", read)
    with gather({}) as failures:
        library = load_sops(tmp_path)
    assert ([each.id for each in library.sops], library.unread) == (["good.md"], ("bad.md",))
    assert ["bad.md" in each for each in failures] == [True]


def test_a_procedure_of_which_what_is_stored_cannot_be_read_is_left_out_and_the_others_are_declared(desk, tmp_path):
    db, folder = desk.db, tmp_path / "sops"
    folder.mkdir()

    def declare(more):
        for name in ("bad", "good"):
            (folder / f"{name}.md").write_text(SOP.replace("SOP-1", name) + more)
        with transaction(db):
            return [each.id for each in declare_sops(db, load_sops(folder).sops, NOON)]

    assert declare("") == ["bad", "good"]
    db.execute("UPDATE section SET heading = '{' WHERE sop_id = 'bad'")
    with gather({}) as failures:
        assert declare("\nMore.\n") == ["good"]
    assert ["bad.md" in each for each in failures] == [True]
    assert [row["id"] for row in db.query("SELECT id FROM sop WHERE removed_at IS NULL ORDER BY id")] == ["bad", "good"]


def test_a_procedure_whose_sections_were_not_all_stored_is_taken_in_again(desk, tmp_path):
    (tmp_path / "one.md").write_text(SOP)
    library = load_sops(tmp_path)

    def declare():
        with transaction(desk.db):
            return [len(each.sections) for each in declare_sops(desk.db, library.sops, NOON)]

    before = declare()
    desk.db.execute("DELETE FROM section WHERE rowid = (SELECT max(rowid) FROM section)")
    with gather({}) as failures:
        assert declare() == declare() == before
    assert failures == []


# Reading, understanding, following


def two_sources(desk, body=None):
    """The Source `rules` and another one, each with an answer that waits; `body`: what `rules` answered."""
    other = a_source(id="other", urls=("https://example.org/other",))
    with transaction(desk.db):
        sources.declare_sources(desk.db, [desk.source, other], NOON)
    record(desk.db, a_fetch(body=body or page(RULES).encode()))
    record(desk.db, a_fetch(body=page(RULES).encode(), url=other.urls[0], source_id="other"))
    return {"rules": desk.source, "other": other}


def understand(desk, watched, reader):
    with gather({}) as failures:
        process(desk.db, watched, Tagger.load(desk.db, build_index(())), reader, NOON + HOUR)
    assert versions.find_current(desk.db, "other") is not None
    return failures


def test_a_source_whose_reading_raises_what_nobody_expected_stops_no_other(desk, reader):
    def read(source, *rest):
        return 1 / 0 if source.id == "rules" else reader.read(source, *rest)

    assert [each.partition(":")[0] for each in understand(desk, two_sources(desk), SimpleNamespace(read=read))] == [
        "rules"
    ]


def die_of_rules(source, *rest):
    if source.id == "rules":
        os.kill(os.getpid(), signal.SIGKILL)
    return read_bytes(source, *rest)


def test_a_feed_that_kills_the_reader_stops_no_other_source(desk, monkeypatch):
    monkeypatch.setattr("monitor.reading.read_bytes", die_of_rules)
    desk.declare(kind="atom")
    with Reader() as reader:
        assert understand(desk, two_sources(desk), reader) == []
    assert desk.problems.keys() == {"unreadable"}


def test_a_link_that_cannot_be_read_stops_no_other_document(linked):
    db = linked.db
    (document,), (link,) = db.query("SELECT * FROM document"), db.query("SELECT * FROM link")
    with transaction(db):
        db.table("document").insert({**document, "id": "bad", "identity": "bad"})
        db.table("link").insert({**link, "id": 99, "document_id": "bad", "heading": "{", "version_id": 1})
        db.execute("UPDATE change SET document_id = 'bad' WHERE id = 2")
    linked.publish([AGE_18.replace("18", "21"), FEES], 3)
    with gather({}) as failures:
        follow_links(db)
    assert [each.partition(":")[0] for each in failures] == ["bad"]
    assert links.get_behind(db) == ("bad",)


def test_what_people_decided_and_the_weights_are_done_without_where_they_cannot_be_read(linked):
    db = linked.db
    db.execute("UPDATE decision SET at = 'some day'")
    db.execute("INSERT INTO matcher (weights, adopted_at, by, note) VALUES ('{', '2026-01-01T00:00:00Z', 'x', '')")
    with gather({}) as failures:
        tagger = Tagger.load(db, build_index(()))
    assert (tagger.memory, tagger.weights) == (NO_MEMORY, SHIPPED)
    assert len(failures) == 2


def test_words_that_cannot_be_read_are_found_by_nothing_and_later_ones_are_taken_in(desk):
    desk.see(page(RULES))
    desk.db.execute("UPDATE version SET blocks = x'00'")
    with gather({}) as failures:
        assert catch_up(desk.db) == 2
        assert catch_up(desk.db) == 0
    assert ["rules: its text cannot be read" in each for each in failures] == [True]
    assert find_texts(desk.db, "livestream", {}) == ()
    assert len(find_changes(desk.db, "example", {"kind": "first"})) == 1


# Crawling and telling


@pytest.fixture
def awake(idle):
    """Its Source is switched on."""
    idle.sources.write_text(idle.sources.read_text().replace(", enabled: false", ""))
    return idle


def test_an_answer_that_could_not_be_recorded_is_asked_for_again_soon(awake, monkeypatch):
    def refuse(*_):
        raise MemoryError

    now = awake.now()
    arriving = [Fetch("a", "https://a.example/", now, Outcome.OK, 200, {}, b"Rules")]
    monkeypatch.setattr("monitor.schedule.record", refuse)
    monkeypatch.setattr("monitor.schedule.crawl", lambda *_, **__: iter(arriving))
    with open_desk(awake) as desk:
        summary = run(desk)
        (row,) = desk.db.query("SELECT due_at FROM source")
    assert any("cannot be recorded" in each for each in summary.failures)
    assert row["due_at"] == write_time(now + AFTER_LOST)


@pytest.mark.parametrize(("hours", "named"), [(1, "notes"), (3, "failures")])
def test_a_process_that_crawls_for_hours_is_a_failure_and_one_that_has_just_begun_is_not(awake, hours, named):
    with open_desk(awake):
        pass  # the Source is due from now on
    with sole(awake.db, "crawling"), open_desk(replace(awake, fixed_now=awake.now() + timedelta(hours=hours))) as desk:
        summary = run(desk)
    assert ["Another process" in each for each in getattr(summary, named)] == [True]


def test_where_no_crawl_can_be_started_what_waits_is_understood_and_told(idle, monkeypatch):
    def refuse(*_, **__):
        raise CrawlError("the crawl process cannot be started")

    monkeypatch.setattr("monitor.schedule.crawl", refuse)
    with capture_logs() as logs, open_desk(idle) as desk:
        summary = run(desk)
    assert summary.digests == 1
    assert any("cannot be started" in each for each in summary.failures)
    assert [each["log_level"] for each in events(logs, "crawl failed")] == ["warning"]


def test_a_failure_that_lasts_is_named_in_each_run_and_logged_once_an_hour(idle, monkeypatch):
    monkeypatch.setattr("monitor.schedule.catch_up", lambda _: 1 / 0)
    kept, clock = Kept(), SimpleNamespace(now=1000.0)
    monkeypatch.setattr("monitor.failing.time.monotonic", lambda: clock.now)
    with capture_logs() as logs:
        for clock.now in (1000.0, 1030.0, 4599.0, 4600.0):
            tick(idle, kept, Pulse())
    assert [len(each["failures"]) for each in events(logs, "run finished")] == [1, 1, 1, 1]
    assert len(events(logs, "searching failed")) == 2
