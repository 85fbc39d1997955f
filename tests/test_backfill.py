"""History from day one: what an archive saw becomes Versions with their dates, and nobody is told of any of it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import yaml

from archived import RULES, VersionsRepository, january, text
from digests.compose import compose
from monitor.backfill import Place, backfill
from monitor.backfill.archive import open_archive
from monitor.cli.output import is_change_id
from monitor.errors import ConfigurationError
from monitor.links import follow_links
from monitor.model import Audience, Period
from monitor.store import changes, problems, read_time, sources, transaction, versions
from monitor.store.coverage import get_readings
from monitor.store.digests import ensure_audiences
from monitor.store.links import get_behind
from monitor.store.trace import trace_document
from scenarios.test_situations import OLDER, page
from scenarios.test_situations import RULES as OWN
from store.conftest import HOUR, NOON, URL

KIND = "Be kind to everybody who watches, whatever they say about you or about the people you like."
AGE = "Hosts of a livestream must be at least 16 years old and prove it before their first livestream."
AGE_18 = "From 1 March 2026 hosts of a livestream must be at least 18 years old under Regulation (EU) 2022/2065."
FEES = "Hosts pay a fee of 5 euros for each livestream, which is paid back when the livestream is cancelled."
ONE, TWO, THREE = text(KIND, AGE), text(KIND, AGE_18), text(KIND, AGE_18, FEES)
UPGRADE = "Apply technical or declaration upgrade on House Rules"
EMPTY = "\n"
DESK = Audience("desk", "Desk")
GONE = "# Page not found\n\nSorry, the page you are looking for could not be found.\n"


@pytest.fixture
def archive(tmp_path):
    return VersionsRepository(tmp_path / "house-versions")


@pytest.fixture
def three(archive):
    archive.see(ONE, 1, message="First record of House Rules")
    archive.see(TWO, 10)
    archive.see(THREE, 20)
    return archive


def bring_in(desk, archive, file=RULES, *, reader=None, now=NOON, since=None):
    with open_archive(archive.path) as opened:
        return backfill(desk.db, desk.source, opened, file, reader or desk.reader, now=now, since=since)


def found(desk):
    return list(changes.iter_changes(desk.db, everything=True))


def kinds(desk):
    return [str(each.judgement.kind) for each in found(desk)]


def rows(desk, noun):
    return trace_document(desk.db, "rules")[noun]


def says(desk, at):
    version = versions.find_version_at(desk.db, "rules", at)
    return version and [block.text for block in version.blocks][1:]


def test_every_version_has_the_date_on_which_the_archive_saw_it(desk, three):
    done = bring_in(desk, three)
    assert done.seen_at == [january(1), january(10), january(20)]
    assert [read_time(each["observed_at"]) for each in rows(desk, "version")] == done.seen_at


@pytest.mark.parametrize(
    ("day", "expected"), [(1, [KIND, AGE]), (9, [KIND, AGE]), (10, [KIND, AGE_18]), (31, [KIND, AGE_18, FEES])]
)
def test_the_text_of_any_day_can_be_read(desk, three, day, expected):
    bring_in(desk, three)
    assert says(desk, january(day, 12)) == expected


def test_before_the_first_look_of_the_archive_nothing_is_known(desk, three):
    bring_in(desk, three)
    assert says(desk, january(1, 8)) is None


def test_changes_are_judged_as_ever_with_passages_dates_and_citations(desk, three):
    bring_in(desk, three)
    first, raised, fee = found(desk)
    assert (first.judgement.kind, first.detected_at) == ("first", january(1))
    assert (raised.judgement.kind, raised.detected_at) == ("substantive", january(10))
    (passage,) = raised.judgement.passages
    assert (passage.op, passage.before, passage.after) == ("reworded", AGE, AGE_18)
    assert [(each.kind, each.date) for each in raised.judgement.dates] == [("effective", "2026-03-01")]
    assert [each.id for each in raised.judgement.citations] == ["eu:reg:2022/2065"]
    assert [each.after for each in fee.judgement.passages] == [FEES]
    assert (raised.from_version_id, fee.from_version_id) == (first.to_version_id, raised.to_version_id)


def test_a_change_of_history_is_named_by_a_number_that_people_can_type(desk, three):
    bring_in(desk, three)
    assert all(is_change_id(str(each.id)) for each in found(desk))


def test_repository_file_and_commit_can_be_looked_up(desk, archive):
    commit = archive.see(ONE, 1, path="House/Terms.md", message="Start tracking House Terms")
    archive.git("remote", "add", "origin", "https://example.org/house-versions")
    bring_in(desk, archive, "House/Terms.md")
    (fetch,) = rows(desk, "fetch")
    assert fetch["detail"] == f'commit {commit[:10]}: "Start tracking House Terms"'
    assert fetch["url"] == "https://example.org/house-versions#House/Terms.md"
    (row,) = desk.db.query("SELECT headers FROM fetch")
    assert json.loads(row["headers"]) == {
        "content-type": "text/markdown",
        "x-archive-repository": "https://example.org/house-versions",
        "x-archive-path": "House/Terms.md",
        "x-archive-commit": commit,
    }


def test_what_the_archive_read_in_another_way_is_a_change_of_theirs_and_not_of_the_publishers(desk, archive):
    archive.see(ONE, 1)
    archive.see(text("Skip to content", KIND, AGE), 2, message=UPGRADE)
    archive.see(text("Skip to content", KIND, AGE_18), 3)
    bring_in(desk, archive)
    assert kinds(desk) == ["first", "re-extracted", "substantive"]
    assert found(desk)[1].judgement.reason == f'the archive read it in another way: "{UPGRADE}"'
    assert [each.after for each in found(desk)[2].judgement.passages] == [AGE_18]


def test_the_same_text_in_other_bytes_is_evidence_and_no_version(desk, archive):
    archive.see(ONE, 1)
    archive.see(ONE.replace("\n\n", "\n\n\n"), 2)
    archive.see(TWO, 3)
    done = bring_in(desk, archive)
    assert (done.unchanged, len(done.seen_at), len(rows(desk, "fetch"))) == (1, 2, 3)


@pytest.mark.parametrize(("body", "problem"), [(EMPTY, "empty"), ("", "empty"), (GONE, "soft-404")])
def test_a_look_that_did_not_bring_the_document_is_kept_as_evidence_alone(desk, archive, body, problem):
    archive.see(ONE, 1)
    commit = archive.see(body, 2)
    archive.see(TWO, 3)
    done = bring_in(desk, archive)
    assert [(each.commit, each.at, each.problem) for each in done.rejected] == [(commit, january(2), problem)]
    assert kinds(desk) == ["first", "substantive"]
    assert [each["state"] for each in rows(desk, "fetch")] == ["good", "rejected", "good"]
    assert problems.get_open(desk.db) == ()


def test_bytes_in_an_old_encoding_are_read_as_what_they_mean(desk, archive):
    archive.see(text(KIND, AGE, "Café owners must be at least 18 years old.").encode("latin-1"), 1)
    bring_in(desk, archive)
    assert says(desk, january(2)) == [KIND, AGE, "Café owners must be at least 18 years old."]


def test_a_text_that_comes_back_stands_again_on_its_day(desk, archive):
    for day, body in enumerate([ONE, TWO, ONE], start=1):
        archive.see(body, day)
    bring_in(desk, archive)
    assert says(desk, january(3, 12)) == [KIND, AGE]
    assert len(rows(desk, "snapshot")) == 2


def test_several_looks_in_one_second_keep_their_order(desk, archive):
    for body in (ONE, TWO, THREE):
        archive.see(body, 1)
    bring_in(desk, archive)
    assert len(rows(desk, "version")) == 3
    assert says(desk, january(1)) == [KIND, AGE_18, FEES]


def test_brought_in_twice_it_is_there_once(desk, three):
    bring_in(desk, three)
    before = trace_document(desk.db, "rules")
    done = bring_in(desk, three)
    assert (done.places, done.seen_at) == ({Place.KNOWN: 3}, [])
    assert trace_document(desk.db, "rules") == before


def test_from_another_copy_of_the_archive_it_is_there_once_as_well(desk, three, tmp_path):
    bring_in(desk, three)
    three.git("bundle", "create", "--quiet", str(tmp_path / "house.bundle"), "HEAD", "main")
    with open_archive(tmp_path / "house.bundle") as opened:
        done = backfill(desk.db, desk.source, opened, RULES, desk.reader, now=NOON)
    assert (done.places, len(rows(desk, "version"))) == ({Place.KNOWN: 3}, 3)


def test_newer_commits_go_on_from_the_last_text(desk, archive):
    archive.see(ONE, 1)
    bring_in(desk, archive)
    archive.see(TWO, 10)
    assert bring_in(desk, archive).seen_at == [january(10)]
    first, raised = found(desk)
    assert (raised.from_version_id, raised.judgement.kind) == (first.to_version_id, "substantive")


class KilledError(BaseException):
    """The process is gone."""


class Killing:
    """A reader whose process is killed at the `fails_at`-th reading."""

    def __init__(self, reader, fails_at):
        self.reader, self.left = reader, fails_at

    def read(self, *asked):
        self.left -= 1
        if self.left == 0:
            raise KilledError
        return self.reader.read(*asked)


@pytest.mark.parametrize("fails_at", [1, 2, 3, 4])
def test_killed_at_any_reading_the_next_run_goes_on_with_nothing_twice(desk, archive, monkeypatch, fails_at):
    monkeypatch.setattr("monitor.backfill.BATCH", 2)
    for day, body in enumerate([ONE, TWO, ONE, THREE], start=1):
        archive.see(body, day)
    with pytest.raises(KilledError):
        bring_in(desk, archive, reader=Killing(desk.reader, fails_at))
    stored = fails_at - 1 - (fails_at - 1) % 2
    assert bring_in(desk, archive).places[Place.KNOWN] == stored
    assert [read_time(each["observed_at"]) for each in rows(desk, "version")] == [january(day) for day in (1, 2, 3, 4)]
    assert kinds(desk) == ["first", *["substantive"] * 3]


def test_from_a_date_on_what_is_older_is_not_brought_in_and_not_added_later(desk, three):
    assert bring_in(desk, three, since=january(5)).seen_at == [january(10), january(20)]
    assert kinds(desk) == ["first", "substantive"]
    assert bring_in(desk, three).places == {Place.OLDER: 1, Place.KNOWN: 2}


def test_a_document_has_one_history(desk, three):
    three.see("# Other\n", 3, path="House/Other.md")
    bring_in(desk, three)
    with pytest.raises(ConfigurationError, match=r'none of "House/Other.md" in house-versions'):
        bring_in(desk, three, "House/Other.md")


def test_the_entries_of_a_feed_have_no_history(desk, three):
    desk.declare(kind="atom")
    with pytest.raises(ConfigurationError, match="a feed has many documents"):
        bring_in(desk, three)


def test_a_commit_that_is_dated_after_today_is_left_out(desk, archive):
    archive.see(ONE, 1)
    archive.see(TWO, 30)
    assert bring_in(desk, archive, now=january(20)).places == {Place.NEXT: 1, Place.NEWER: 1}


# Nobody is told


@pytest.mark.parametrize("period", list(Period))
def test_no_digest_tells_history_nor_counts_it(desk, three, period):
    bring_in(desk, three)
    with transaction(desk.db):
        ensure_audiences(desk.db, [DESK], january(1))
    for since in (None, january(1) - timedelta(days=1)):
        digest = compose(desk.db, DESK, january(21), period=period, since=since)
        assert (digest.changes, digest.quiet, digest.held, digest.read) == ((), {}, 0, 0)


def test_history_alone_does_not_make_a_source_one_that_was_read(desk, three):
    bring_in(desk, three)
    assert get_readings(desk.db) == {}


def test_only_everything_shows_history(desk, three):
    bring_in(desk, three)
    assert list(changes.iter_changes(desk.db)) == []
    assert {each.status for each in found(desk)} == {"history"}


# Beside our own looks


def test_our_first_look_after_history_is_a_first_look_and_tells_nothing(desk, three):
    bring_in(desk, three)
    desk.see(page(OWN))
    assert kinds(desk) == ["first", "substantive", "substantive", "first"]
    assert desk.told == []


def test_the_change_after_our_first_look_is_told_as_ever(desk, three):
    bring_in(desk, three)
    desk.see(page(OWN))
    desk.see(page(OLDER), 24)
    desk.see(page(OLDER), 26)
    (told,) = changes.iter_changes(desk.db)
    assert (told.judgement.kind, told.detected_at) == ("substantive", NOON + 24 * HOUR)


def test_history_goes_before_looks_that_were_there_already(desk, three):
    desk.see(page(OWN))
    current = versions.find_current(desk.db, "rules")
    bring_in(desk, three, now=NOON + 48 * HOUR)
    assert versions.find_current(desk.db, "rules") == current
    assert says(desk, january(15)) == [KIND, AGE_18]
    assert says(desk, NOON) == [block.text for block in current.blocks][1:]
    observed = [each["observed_at"] for each in rows(desk, "version")]
    assert observed == sorted(observed)
    assert desk.told == []


def test_history_ends_where_our_own_looks_begin(desk, archive):
    desk.see(page(OWN), -24 * 45)  # on 15 January
    for day, body in ((1, ONE), (10, TWO), (20, THREE)):
        archive.see(body, day)
    done = bring_in(desk, archive)
    assert done.places == {Place.NEXT: 2, Place.NEWER: 1}
    assert len(rows(desk, "version")) == 3


def test_newer_commits_are_added_between_history_and_our_first_look(desk, archive):
    archive.see(ONE, 1)
    bring_in(desk, archive)
    desk.see(page(OWN))
    archive.see(TWO, 10)
    bring_in(desk, archive, now=NOON + HOUR)
    assert kinds(desk).count("first") == 2
    assert says(desk, january(12)) == [KIND, AGE_18]
    assert versions.find_current(desk.db, "rules").observed_at == NOON


def test_a_change_that_is_held_meanwhile_stays_held_and_is_told(desk, three):
    desk.see(page(OWN))
    desk.see(page(OLDER), 24)
    bring_in(desk, three, now=NOON + 25 * HOUR)
    assert changes.find_held(desk.db, "rules")
    desk.see(page(OLDER), 26)
    assert [each.detected_at for each in changes.iter_changes(desk.db)] == [NOON + 24 * HOUR]


def test_title_and_address_of_a_document_are_those_of_our_own_look(desk, three):
    desk.see(page(OWN))
    before = versions.get_document(desk.db, "rules")
    bring_in(desk, three, now=NOON + HOUR)
    assert versions.get_document(desk.db, "rules") == before


def test_a_document_that_only_the_archive_saw_has_the_address_of_its_source(desk, three):
    bring_in(desk, three)
    document = versions.get_document(desk.db, "rules")
    assert (document.url, document.title) == (URL, "Rules of the house")


def test_links_between_clauses_and_sections_are_not_followed_into_history(linked, tmp_path):
    archive = VersionsRepository(tmp_path / "house-versions")
    archive.see(ONE, 1)
    archive.see(THREE, 2)
    before = (linked.link, linked.currency())
    bring_in(linked.desk, archive, now=NOON + 72 * HOUR)
    assert get_behind(linked.db) == ()
    follow_links(linked.db)
    assert (linked.link, linked.currency()) == before


def test_the_archive_itself_is_never_asked(desk, three):
    bring_in(desk, three)
    assert [each.url for each in sources.get_requests(desk.db, desk.source)] == [URL]


def test_a_text_that_is_the_archives_own_is_a_first_look_all_the_same(desk, archive):
    archive.see(ONE, 1)
    bring_in(desk, archive)
    desk.see(ONE, headers={"content-type": "text/markdown"})
    assert kinds(desk) == ["first", "first"]
    desk.see(THREE, 24, headers={"content-type": "text/markdown"})
    desk.see(THREE, 26, headers={"content-type": "text/markdown"})
    assert desk.told == [AGE_18, FEES]


def test_ids_of_our_own_versions_count_from_one_whatever_history_there_is(desk, archive):
    archive.see(ONE, 1)
    bring_in(desk, archive)
    desk.see(page(OWN))
    assert [each["id"] > 0 for each in rows(desk, "version")] == [False, True]


# The command


def call(world, *words):
    return world.call("backfill", "ota", *words, "--source", "rules", day=20)


def test_the_command_says_what_came_in_and_where_to_look(world, three):
    world.watch(id="rules", url=URL, render=True)
    three.see(GONE, 25)
    three.see(THREE + "\n", 26)
    done = call(world, str(three.path), RULES)
    assert done.status == 0
    first, rejected, same, *see = done.out.splitlines()
    assert first == "rules: 3 versions of history, 2026-01-01 to 2026-01-20 (2 substantive, 1 first)"
    assert rejected.startswith("  not the document: 2026-01-25 09:00 UTC, commit ")
    assert same == "  1 commit: the text of the one before"
    assert see == ["See: monitor changes --all --source rules", "     monitor show rules --at DATE"]
    shown = world.call("show", "rules", "--at", "2026-01-10").out
    assert AGE_18 in shown
    assert FEES not in shown
    again = call(world, str(three.path), RULES).out.splitlines()
    assert again[:2] == ["rules: no version of history that is not stored already", "  5 commits: stored before"]


def test_as_json_it_prints_one_document(world, three):
    world.watch(id="rules", url=URL)
    done = call(world, str(three.path), RULES, "--since", "2026-01-05", "--json")
    assert done.json == {
        "source": "rules",
        "versions": ["2026-01-10T09:00:00Z", "2026-01-20T09:00:00Z"],
        "kinds": {"first": 1, "substantive": 1},
        "rejected": [],
        "unchanged": 0,
        "known": 0,
        "older": 0,
        "newer": 0,
    }
    changes_ = world.changes()
    assert [(each["status"], each["confirmed_at"]) for each in changes_] == [("history", None)] * 2
    assert world.call("changes").out.startswith("Nothing to be told.")
    assert "(history)" in world.call("changes", "--all").out
    assert "nobody was told" in world.call("show", str(changes_[1]["id"])).out


def test_a_source_that_nobody_declares_is_answered_with_what_to_write(world, three):
    world.watch(id="house-rule", url=URL)
    done = world.call("backfill", "ota", str(three.path), RULES, "--source", "house-rules")
    assert done.status == 2
    assert "Did you mean house-rule?" in done.err
    (entry,) = yaml.safe_load(done.err[done.err.index("  - id:") :])
    assert (entry["id"], entry["name"], entry["publisher"]) == ("house-rules", "House Rules", "House")


def test_bringing_in_history_is_no_look_of_ours(desk, three):
    assert changes.find_last_seen_at(desk.db, "rules") is None
    bring_in(desk, three)
    assert changes.find_last_seen_at(desk.db, "rules") is None
    desk.see(page(OWN))
    assert changes.find_last_seen_at(desk.db, "rules") == NOON
