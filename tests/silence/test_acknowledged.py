"""A problem is repeated in each digest until somebody has acknowledged it, and listed until it is over."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner

from digests.compose import compose
from monitor.acknowledging import acknowledge
from monitor.cli import cli
from monitor.errors import NotFoundError
from monitor.model import Acknowledgement, Audience, ProblemKind
from monitor.store import problems, seals
from store.conftest import NOON

DAY = timedelta(days=1)
DESK = Audience("everyone", "Everyone")


@pytest.fixture
def blind(desk):
    desk.see(None)
    return desk


def told(desk, at=NOON):
    return [each.kind for each in compose(desk.db, DESK, at).problems]


def seen(desk, at=NOON, by="mia", note="They mend it."):
    (problem,) = problems.get_open(desk.db)
    return acknowledge(desk.db, problem.id, by=by, note=note, now=at)


def test_each_digest_repeats_it_until_somebody_has_seen_it(blind):
    assert told(blind) == told(blind, NOON + DAY) == [ProblemKind.HTTP_ERROR]
    seen(blind)
    assert told(blind, NOON + 2 * DAY) == []


def test_it_stays_open_with_who_has_seen_it_when_and_what_they_said(blind):
    problem = seen(blind)
    assert problems.get_open(blind.db) == (problem,)
    assert problem.acknowledged == Acknowledgement("mia", NOON, "They mend it.")


def test_who_was_first_holds(blind):
    seen(blind)
    assert seen(blind, by="tom", note="Me too.").acknowledged.by == "mia"


def test_met_again_it_is_still_seen_and_as_another_kind_it_is_told_again(blind):
    seen(blind)
    blind.see(None, 12)
    assert told(blind) == []
    blind.see("<html><body></body></html>", 24)
    assert told(blind) == [ProblemKind.EMPTY]
    seen(blind, by="tom")
    assert told(blind) == []


def test_over_and_back_it_is_another_problem(blind):
    seen(blind)
    blind.see("<p>Hosts of a livestream must be 16 or older.</p>", 12)
    blind.see(None, 24)
    assert told(blind) == [ProblemKind.HTTP_ERROR]


def test_what_is_not_open_cannot_be_acknowledged(blind):
    with pytest.raises(NotFoundError, match="7: no problem with this number is open"):
        acknowledge(blind.db, 7, by="mia", note="", now=NOON)


def test_it_is_sealed_as_decisions_are(blind):
    seen(blind)
    last = list(seals.iter_seals(blind.db))[-1]
    assert (last.noun, last.key) == ("acknowledgement", "1")


def call(desk, *words):
    """What the command prints, in this process."""
    database = next(row["file"] for row in desk.db.query("PRAGMA database_list") if row["name"] == "main")
    done = CliRunner().invoke(cli, ["--db", database, "problems", *words])
    assert done.exit_code == 0, done.output
    return done.output


def test_the_command_says_what_it_did_and_the_list_has_the_number_and_who_has_seen_it(blind):
    assert call(blind).startswith("1  rules  http-error  since ")
    said = call(blind, "--acknowledge", "1", "--by", "mia", "--note", "They mend it.")
    assert said.startswith("rules: http-error: acknowledged by mia on ")
    assert said.endswith(": They mend it. Digests do not repeat it; `monitor problems` lists it until it is over.\n")
    assert "    acknowledged by mia on " in call(blind)


def test_who_is_second_is_told_that_theirs_is_not_kept(blind):
    call(blind, "--acknowledge", "1", "--by", "mia", "--note", "They mend it.")
    said = call(blind, "--acknowledge", "1", "--by", "tom", "--note", "Me too.")
    assert said.endswith(": They mend it. Already acknowledged; yours is not kept.\n")


def test_programs_are_told_the_same(blind):
    assert json.loads(call(blind, "--json"))[0]["acknowledged"] is None
    problem = json.loads(call(blind, "--acknowledge", "1", "--by", "mia", "--json"))
    assert json.loads(call(blind, "--json")) == [problem]
    assert (problem["id"], problem["acknowledged"]["by"], problem["acknowledged"]["note"]) == (1, "mia", "")


def test_a_note_alone_is_a_mistake(tmp_path):
    done = CliRunner().invoke(cli, ["--db", str(tmp_path / "none.db"), "problems", "--note", "I know."])
    assert (done.exit_code, "--note goes with --acknowledge" in done.output) == (2, True)
