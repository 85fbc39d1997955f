"""What would be tagged otherwise with other weights, and making them live."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from monitor.cli.log import set_up_log
from monitor.cli.replay import replay
from monitor.errors import ConfigurationError, NotFoundError, SopsError, StoreError
from monitor.impact import MATCHER
from monitor.impact.calibration import LEAST_DECISIONS
from monitor.impact.weights import SHIPPED, Weights
from monitor.model import Verdict
from monitor.replaying import Tag, iter_replayed, recalibrate_live, sum_up
from monitor.store import transaction
from monitor.store.decisions import get_decisions
from monitor.store.impacts import get_impacts
from monitor.store.matchers import add_weights, find_live
from store.conftest import NOON
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


@pytest.mark.parametrize("decision", ["confirm", "reject"])
def test_a_decision_about_the_whole_is_no_verdict_on_a_tag_that_nobody_was_shown(bench, decision):
    change_id = bench.change(AGES, [UPLOAD], [APPEALS])
    getattr(bench, decision)(change_id)
    lost = {each.section_id: each.verdict for each in replayed(bench, SHY)[change_id]}
    assert (lost[UPLOAD] is None, lost[APPEALS]) == (False, None)
    added = {each.section_id: each.verdict for each in replayed(bench, EAGER)[change_id] if each.before is None}
    assert added == {REFUNDS: None}


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
    assert find_live(bench.db).weights == SHIPPED


def test_weights_are_adopted_with_a_note_and_what_the_replay_said(bench, call):
    assert "live from now on" in call("--adopt", "--note", "fewer tags", weights=SHY)
    assert find_live(bench.db).weights.floor == SHY["floor"]
    (row,) = bench.db.query("SELECT * FROM matcher")
    assert (row["by"], row["adopted_at"]) == ("mia", "2026-03-05T16:00:00Z")
    assert row["note"] == "fewer tags; 2 changes replayed: would have added 0 tags and lost 2"
    assert "lost 2" in call()
    call("--adopt", weights={})
    assert find_live(bench.db).weights == SHIPPED


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


# What people decided, as weights


def tag(bench, count, matcher=MATCHER):
    """As many changes as that, each tagged with two sections: 80% and 70%. Their ids."""
    tagged = [bench.change(AGES, [UPLOAD, REFUNDS]) for _ in range(count)]
    with transaction(bench.db):
        bench.db.execute(f"UPDATE change SET matcher = ? WHERE id >= {tagged[0]}", [matcher])
    return tagged


@pytest.fixture
def decided(bench):
    """Of 40 tags that were shown as 75% on average, half were right."""
    for change in tag(bench, LEAST_DECISIONS // 2 + 5):
        bench.confirm(change, UPLOAD)
        bench.reject(change, REFUNDS)
    return bench


def test_the_live_weights_are_moved_to_what_people_decided(decided):
    found = recalibrate_live(decided.db)
    assert (found.decisions, found.right, found.shown) == (40, 0.5, pytest.approx(0.75))
    assert 0.5 < found.now < 0.73
    moved = Weights.of(found.named)
    shifts = [getattr(moved, each).bias - getattr(SHIPPED, each).bias for each in ("joined", "lexical", "foreign")]
    assert shifts == pytest.approx([shifts[0]] * 3, abs=0.002)
    assert -0.5 < shifts[0] < -0.1


def test_recalibrated_weights_are_replayed_and_adopted_only_when_that_is_said(decided, call):
    line = "From 40 decisions: tags shown as 75% on average were right 50% of the time; they would be shown as "
    said = call("--recalibrate")
    assert line in said
    assert "22 changes replayed" in said
    assert find_live(decided.db).weights == SHIPPED
    assert "live from now on" in call("--recalibrate", "--adopt", "--note", "first quarter")
    assert find_live(decided.db).weights.joined.bias < SHIPPED.joined.bias
    (row,) = decided.db.query("SELECT note FROM matcher")
    assert row["note"].startswith(f"first quarter; {line}")


def test_what_was_adopted_before_is_kept_when_it_is_recalibrated(decided):
    with transaction(decided.db):
        add_weights(decided.db, {"floor": 0.1, "joined": {"words": 2.0}}, by="mia", note="", at=NOON)
    found = recalibrate_live(decided.db)
    assert (found.named["floor"], found.named["joined"]["words"]) == (0.1, 2.0)


def test_recalibrating_says_in_json_what_it_found(decided, call):
    found = json.loads(call("--recalibrate", "--json"))["recalibrated"]
    assert (found["decisions"], found["right"]) == (40, 0.5)
    assert set(found["named"]) == {"joined", "lexical", "foreign"}
    assert json.loads(call("--json"))["recalibrated"] is None


@pytest.mark.parametrize("reason", ["covered", "no-effect", "duplicate"])
def test_a_section_that_needs_no_edit_was_tagged_rightly(decided, reason):
    for change in tag(decided, 20):
        decided.reject(change, reason=reason)
    found = recalibrate_live(decided.db)
    assert (found.decisions, found.right) == (80, 0.75)


def test_what_is_open_or_taken_back_or_was_added_by_a_person_does_not_count(decided):
    first, second, *_ = tag(decided, 3)
    decided.assign(first, UPLOAD)
    decided.confirm(second, UPLOAD)
    decided.undo(second, UPLOAD)
    decided.confirm(second, APPEALS)
    assert recalibrate_live(decided.db).decisions == 40


def test_a_decision_about_the_whole_says_nothing_of_tags_that_nobody_was_shown(decided):
    for _ in range(3):
        change = decided.change(AGES, [UPLOAD], [APPEALS])
        decided.db.execute("UPDATE change SET matcher = ? WHERE id = ?", [MATCHER, change])
        decided.confirm(change)
    assert recalibrate_live(decided.db).decisions == 43


def test_too_few_decisions_are_refused_with_their_number(bench, call):
    for change in tag(bench, 3):
        bench.confirm(change)
    with pytest.raises(NotFoundError, match="There are 6 decisions"):
        call("--recalibrate")


def test_only_tags_of_the_live_weights_and_of_this_matcher_count(decided, call):
    for change in tag(decided, 20, matcher="1"):
        decided.confirm(change)
    assert recalibrate_live(decided.db).decisions == 40
    with transaction(decided.db):
        add_weights(decided.db, {}, by="mia", note="", at=decided.now)
    with pytest.raises(NotFoundError, match="There are 0 decisions"):
        call("--recalibrate")
    for change in tag(decided, 20):
        decided.confirm(change)
    assert recalibrate_live(decided.db).right == 1


def test_either_a_file_or_the_decisions_say_which_weights(call):
    assert "leave --weights out" in call("--recalibrate", weights={}, status=2)


def test_without_a_database_or_sops_there_is_nothing_to_replay(bench, call):
    (bench.folder / "sops").rename(bench.folder / "gone")
    with pytest.raises(SopsError, match="there is no such folder"):
        call()
    (bench.folder / "monitor.db").rename(bench.folder / "gone.db")
    with pytest.raises(StoreError, match="no database here yet"):
        call()
