"""What people are told of CELLAR and Have Your Say day by day: new texts, moved deadlines, ends, and no noise."""

from __future__ import annotations

import json

import pytest

from monitor.envelope import MEDIA_TYPE, Answer, pack
from monitor.store import changes
from publishers.european import (
    CELEX,
    CONSOLIDATED,
    FACTS,
    PLANNED,
    PUBLISHED,
    act,
    initiative,
    item,
    page,
    results,
    stage,
    text,
    texts,
    window,
)

DAY = 24


@pytest.fixture
def follow(desk):
    """The Changes that are told after each day's answers; what was told before is left out."""

    def days(kind, *answers):
        desk.declare(kind=kind, jurisdiction="EU", hold=None)
        seen, told = 0, []
        for at, bodies in enumerate(answers):
            raw = [each.encode() if isinstance(each, str) else json.dumps(each).encode() for each in bodies]
            envelope = pack([Answer(f"https://publications.europa.eu{CELEX}", 200, "", body) for body in raw])
            desk.see(envelope.decode(), at * DAY, headers={"content-type": MEDIA_TYPE})
            assert desk.failures == []
            found = sorted(changes.iter_changes(desk.db), key=lambda change: change.id)
            told.append([change for change in found if change.id > seen])
            seen = max((change.id for change in found), default=seen)
        return told

    return days


def deadlines(change):
    return [(str(each.kind), each.date, each.moved_from) for each in change.judgement.dates]


AS_PUBLISHED = [results(FACTS, act()), texts(text("32090R0901", item(1))), PUBLISHED]
LISTED = texts(text("32090R0901", item(1)), text("02090R0901-20910727", item(2)))


def test_an_amendment_is_told_by_the_passage_that_it_changes(follow):
    amended = [results(FACTS, act()), LISTED, CONSOLIDATED % 30]
    _, (told,), after = follow("cellar", AS_PUBLISHED, amended, amended)
    assert (told.judgement.kind, after) == ("substantive", [])
    passages = {passage.heading[-1]: passage.after for passage in told.judgement.passages}
    assert "30 days" in passages["Article 1: Trial accounts"]
    assert "02090R0901-20910727" in " ".join(passages.values())
    assert len(passages) == 2


def test_a_new_act_is_told_with_all_its_days_and_its_corrigendum_without(follow):
    corrigendum = act("32090R0901R(01)", title=None)
    _, first, second = follow("cellar", window(), window(act()), window(act(), corrigendum))
    assert deadlines(first[0]) == [("effective", "2090-08-01", None), ("effective", "2092-02-02", None)]
    assert [change.title for change in second] == ["Corrigendum to 32090R0901"]
    assert deadlines(second[0]) == []


def test_a_proposal_that_is_withdrawn_is_told_as_one(follow):
    proposal = {"celex": "52090PC0901", "title": "Proposal for a regulation on trial accounts", "forces": ""}
    _, (told,) = follow("cellar", window(act(**proposal)), window(act(**proposal, withdrawn="1")))
    assert told.judgement.summary == "Withdrawn: Proposal for a regulation on trial accounts"
    assert told.judgement.kind == "substantive"


def test_an_act_that_is_repealed_is_told_as_withdrawn_and_has_no_deadline_left(follow):
    repealed = act(in_force="0", repealers="32095R0001")
    _, (told,) = follow("cellar", window(act()), window(repealed))
    assert told.judgement.reason.startswith("withdrawn; ")
    assert deadlines(told) == []


def test_an_act_that_fell_out_of_the_window_is_not_gone(follow, desk):
    assert follow("cellar", window(act()), window(), window(act())) == [[], [], []]
    assert desk.problems == {}


def test_a_time_for_feedback_that_is_longer_moves_its_deadline(follow):
    longer = initiative(90901.0, stage(end="2090/10/01 23:59:59"))
    _, (told,) = follow("have-your-say", [page(initiative())], [page(longer)])
    assert deadlines(told) == [("comments_close", "2090-10-01", "2090-09-07")]
    assert told.judgement.kind == "substantive"


def test_a_plan_is_news_when_its_time_for_feedback_opens_and_not_when_it_is_over(follow):
    over = initiative(90901.0, stage(status="CLOSED"))
    days = [[page(initiative(90901.0, PLANNED))], [page(initiative())], [page(over)]]
    _, (opened,), after = follow("have-your-say", *days)
    assert deadlines(opened) == [("comments_close", "2090-09-07", None)]
    assert after == []


def test_an_initiative_that_is_abandoned_is_told_as_withdrawn(follow):
    _, (told,) = follow("have-your-say", [page(initiative())], [page(initiative(initiativeStatus="ABANDONED"))])
    assert told.judgement.summary == "Withdrawn: Trial Accounts Act"
    assert deadlines(told) == []
