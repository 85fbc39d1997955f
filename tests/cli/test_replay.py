"""What would be tagged otherwise with other weights, and making them live."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from monitor.cli.log import set_up_log
from monitor.cli.replay import replay
from monitor.errors import ConfigurationError, SopsError, StoreError
from monitor.impact.weights import SHIPPED, Weights
from monitor.model import Verdict
from monitor.replaying import Tag, iter_replayed, sum_up
from monitor.store.decisions import get_decisions
from monitor.store.impacts import get_impacts
from monitor.store.matchers import find_live_weights
from triaged import AGES, APPEALS, PRICES, REFUNDS, SPAM, UPLOAD, Bench

EAGER, SHY = {"floor": 0.0001}, {"floor": 0.9999}


@pytest.fixture
def bench(tmp_path):
    """Change 1 was tagged with uploads, as it should be, and change 2, about prices, with uploads as well."""
    bench = Bench(tmp_path)
    bench.change(AGES, [UPLOAD])
    bench.change(PRICES, [UPLOAD], source="other")
    yield bench
    bench.db.close()


@pytest.fixture
def call(bench, tmp_path):
    set_up_log(verbose=False)

    def run(*words, weights=None, status=0):
        if weights is not None:
            (tmp_path / "weights.json").write_text(weights if isinstance(weights, str) else json.dumps(weights))
            words = ("--weights", str(tmp_path / "weights.json"), *words)
        done = CliRunner().invoke(replay, words, obj=bench.config, env={"MONITOR_USER": "mia"})
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == status, done.output
        return done.output

    return run


def replayed(bench, weights, sources=None):
    found = iter_replayed(bench.db, sources or bench.sources, bench.sops, None, Weights.of(weights))
    return {each.change.id: each.tags for each in found}


def test_tags_that_would_be_lost_are_listed_with_what_people_said_of_them(bench):
    bench.confirm(1, UPLOAD)
    bench.reject(2, UPLOAD)
    assert replayed(bench, SHY) == {
        1: (Tag(UPLOAD, 0.8, None, Verdict.CONFIRMED),),
        2: (Tag(UPLOAD, 0.8, None, Verdict.NOT_APPLICABLE),),
    }


def test_tags_that_would_be_added_are_listed_with_their_probability(bench):
    added = [each for each in replayed(bench, EAGER)[2] if each.before is None]
    assert REFUNDS in [each.section_id for each in added]
    assert all(0 < each.after < 1 and each.verdict is None for each in added)


def test_a_decision_and_a_link_do_not_bring_back_the_tag_of_their_own_change(bench):
    bench.change(SPAM, [APPEALS])
    bench.confirm(3, APPEALS)
    assert [each.section_id for each in replayed(bench, {})[3] if each.after is None] == [APPEALS]


def test_decisions_about_other_changes_count(bench):
    bench.confirm(1, APPEALS)
    bench.change(AGES, [UPLOAD])
    assert APPEALS in [each.section_id for each in replayed(bench, {})[3]]


def test_only_changes_of_sources_that_are_declared_are_matched_again(bench):
    assert list(replayed(bench, {}, {"rules": bench.sources["rules"]})) == [1]


def test_a_section_that_left_the_folder_is_not_lost_by_the_matcher(bench):
    kept = [each for each in bench.sops if each.id != "ages"]
    (found, _) = iter_replayed(bench.db, bench.sources, kept, None, Weights.of(SHY))
    assert found.tags == ()


def test_warnings_are_for_what_people_had_decided_otherwise(bench):
    bench.confirm(1)
    bench.confirm(2, REFUNDS)
    lost = sum_up(list(iter_replayed(bench.db, bench.sources, bench.sops, None, Weights.of(SHY))))
    assert (lost.changes, lost.added, lost.lost, lost.lost_confirmed) == (2, 0, 2, 1)
    found = sum_up(list(iter_replayed(bench.db, bench.sources, bench.sops, None, Weights.of(EAGER))))
    assert found.added_confirmed == 1


def test_the_command_says_how_many_tags_would_be_added_and_lost(bench, call):
    bench.confirm(1, UPLOAD)
    said = call(weights=SHY)
    assert f"  - {UPLOAD} 80% before, confirmed by a person" in said.splitlines()
    assert "2 changes replayed: would have added 0 tags and lost 2. Warning: lost 1 that a person confirmed" in said
    assert f"+ {REFUNDS}" in call(weights=EAGER)


def test_a_replay_writes_nothing_of_what_it_finds(bench, call):
    before = [get_impacts(bench.db, change) for change in (1, 2)]
    call(weights=SHY)
    assert [get_impacts(bench.db, change) for change in (1, 2)] == before
    assert get_decisions(bench.db, 1) == ()
    assert find_live_weights(bench.db) == SHIPPED


def test_weights_are_adopted_with_a_note_and_what_the_replay_said(bench, call):
    assert "live from now on" in call("--adopt", "--note", "fewer tags", weights=SHY)
    assert find_live_weights(bench.db).floor == SHY["floor"]
    (row,) = bench.db.query("SELECT * FROM matcher")
    assert (row["by"], row["adopted_at"]) == ("mia", "2026-03-05T16:00:00Z")
    assert row["note"] == "fewer tags; 2 changes replayed: would have added 0 tags and lost 2"
    assert "lost 2" in call()
    call("--adopt", weights={})
    assert find_live_weights(bench.db) == SHIPPED


def test_a_replay_is_one_json_document(bench, call):
    said = json.loads(call("--json", weights=SHY))
    assert (said["changes"], said["lost"], said["adopted"]) == (2, 2, False)
    assert said["tags"][1] == {
        "change": 2,
        "source": "other",
        "document": "other",
        "section": UPLOAD,
        "before": 0.8,
        "after": None,
        "verdict": None,
    }


@pytest.mark.parametrize(
    ("weights", "message"),
    [("{", "this is no JSON"), ("[1]", "write the weights as one object"), ({"speed": 1}, "there is no speed")],
)
def test_weights_that_cannot_be_read_are_refused(call, weights, message):
    with pytest.raises(ConfigurationError, match=message):
        call("--adopt", weights=weights)


def test_adopting_needs_weights(call):
    assert "--adopt goes with --weights" in call("--adopt", status=2)


def test_without_a_database_or_sops_there_is_nothing_to_replay(bench, call):
    (bench.folder / "sops").rename(bench.folder / "gone")
    with pytest.raises(SopsError, match="there is no such folder"):
        call()
    (bench.folder / "monitor.db").rename(bench.folder / "gone.db")
    with pytest.raises(StoreError, match="no database here yet"):
        call()
