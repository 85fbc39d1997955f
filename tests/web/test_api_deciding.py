"""Deciding by the API: what is sent, what comes of it, and that the pages show the same."""

from __future__ import annotations

import pytest

from monitor.compare.kinds import published
from monitor.model import Role
from monitor.triage import REASONS, get_state
from monitor.web.access.invitation import invite
from monitor.web.desk.deciding import MOST_NAME, MOST_TOGETHER, MOST_WORDS
from store.conftest import NOON
from told_texts import STORED, Book, a_text
from triaged import APPEALS, REFUNDS, UPLOAD
from web.calling import Program, read_problem
from web.conftest import Visitor
from web.knocking import opened
from web.test_desk_procedures import edit, make_stale

SNOOZED = f"change 1, section {UPLOAD}: no section is put off by itself. Put off change 1 as a whole."


@pytest.fixture
def program(desk):
    with opened(desk) as door:
        yield Program(door, Role.SPECIALIST)


def history(desk, change_id=1):
    return [
        (each.section_id, str(each.verdict), each.reason, each.assignee, each.due, each.by)
        for each in get_state(desk.db, change_id).history
    ]


@pytest.mark.parametrize(
    "sent",
    [
        {"verdict": "confirmed"},
        {"verdict": "confirmed", "reason": "our limit is stricter"},
        {"verdict": "not-applicable", "reason": "covered: see 4.2"},
        {"verdict": "not-applicable", "reason": "duplicate of 2"},
        {"verdict": "assigned", "assignee": "otto", "due": "2026-03-09"},
        {"verdict": "assigned", "assignee": "otto"},
        {"verdict": "snoozed", "due": "2026-03-09"},
        {"verdict": "confirmed", "sections": [UPLOAD]},
        {"verdict": "confirmed", "sections": [APPEALS]},
        {"verdict": "not-applicable", "reason": "unrelated", "sections": [UPLOAD, REFUNDS]},
    ],
)
def test_what_is_sent_is_decided_under_the_name_of_the_key(desk, program, sent):
    answer = program.post("/changes/1/decisions", sent)
    facts = (sent["verdict"], sent.get("reason", ""), sent.get("assignee"), sent.get("due"), "importer")
    sections = sent.get("sections", [None])
    assert history(desk) == [(each, *facts) for each in sections]
    assert [each["section_id"] for each in answer["decisions"]] == sections
    assert {each["at"] for each in answer["decisions"]} == {"2026-03-05T16:00:00Z"}
    assert answer["is_new"]


def test_it_is_told_what_was_decided_in_words_and_what_matching_learned(program):
    answer = program.post(
        "/changes/1/decisions", {"verdict": "not-applicable", "reason": "unrelated", "sections": [UPLOAD]}
    )
    assert answer["words"] == "Not applicable for ages Upload"
    assert answer["effects"] == [
        {"section": "ages Upload", "words": "rejected once for this source: it is tagged less for it"}
    ]
    assert answer["can_take_back"]
    (decision,) = answer["decisions"]
    assert (decision["id"], decision["change_id"], decision["by"]) == (1, 1, "importer")
    assert (decision["reason"], decision["why"]) == ("unrelated", REASONS["unrelated"])


def test_the_same_decision_shows_on_the_page(desk, program):
    program.post(
        "/changes/1/decisions", {"verdict": "confirmed", "reason": "our limit is stricter", "sections": [UPLOAD]}
    )
    guest = Visitor(program.door.address)
    guest.open("/enter", {"token": invite(desk.db, "rea", Role.READER, desk.config.now())})
    page = guest.open("/changes/1")
    assert page.texts("#section-1 .stands") == ["Confirmed by importer: our limit is stricter"]
    (section, _) = program.get("/changes/1")["sections"]
    assert section["standing"]["words"] == "Confirmed by importer: our limit is stricter"


def test_what_is_decided_on_the_page_shows_here(desk, program):
    desk.assign(1, UPLOAD, due="2026-03-20")
    found = program.get("/changes/1")
    assert found["sections"][0]["standing"] == {
        "verdict": None,
        "decision_id": None,
        "assignee": "otto",
        "due": "2026-03-20",
        "snoozed_until": None,
        "words": "in hand: otto, due 20 Mar 2026",
    }
    assert [(each["by"], each["words"]) for each in found["decisions"]] == [
        ("mia", "Assigned to otto, due 20 Mar 2026")
    ]


def test_nothing_is_decided_twice(desk, program):
    sent = {"verdict": "confirmed", "reason": "yes"}
    first, again = (program.post("/changes/1/decisions", sent) for _ in range(2))
    assert (first["is_new"], again["is_new"]) == (True, False)
    assert again["decisions"] == first["decisions"]
    assert len(history(desk)) == 1


def test_what_is_named_is_taken_back_once(desk, program):
    sent = {"verdict": "confirmed", "sections": [UPLOAD, REFUNDS]}
    made = [each["id"] for each in program.post("/changes/1/decisions", sent)["decisions"]]
    undone = {"verdict": "undone", "decision_ids": made, "reason": "a mistake"}
    answer = program.post("/changes/1/decisions", undone)
    assert [(each["section_id"], each["verdict"], each["reason"]) for each in answer["decisions"]] == [
        (REFUNDS, "undone", "a mistake"),
        (UPLOAD, "undone", "a mistake"),
    ]
    assert not answer["can_take_back"]
    assert program.get("/changes/1")["standing"]["verdict"] is None
    again = program.post("/changes/1/decisions", undone)
    assert (again["is_new"], again["words"]) == (False, "Taken back already for 2 sections")
    assert len(history(desk)) == 4


def test_what_holds_for_the_whole_is_taken_back_for_one_section(program):
    program.post("/changes/1/decisions", {"verdict": "confirmed"})
    program.post("/changes/1/decisions", {"verdict": "undone", "decision_ids": [1], "sections": [UPLOAD]})
    assert [each["standing"]["verdict"] for each in program.get("/changes/1")["sections"]] == [None, "confirmed"]


def test_what_somebody_else_decided_since_is_not_taken_back(desk, program):
    program.post("/decisions", {"verdict": "confirmed", "change_ids": [1, 2]})
    desk.reject(1, by="bob")
    sent = {"verdict": "undone", "decision_ids": [1, 2], "change_ids": [1, 2]}
    answer = program.call("POST", "/decisions", sent)
    assert (answer.status, "bob has decided about it since" in read_problem(answer)["detail"]) == (422, True)
    assert [[each[1] for each in history(desk, number)] for number in (1, 2)] == [
        ["confirmed", "not-applicable"],
        ["confirmed"],
    ]


def test_where_one_of_several_cannot_be_decided_so_none_is(desk, program):
    sent = {"verdict": "not-applicable", "reason": "duplicate of 2", "change_ids": [1, 2]}
    assert program.call("POST", "/decisions", sent).status == 422
    assert history(desk) == []


def test_people_who_are_listed_are_known_by_whichever_name_is_sent(desk, program):
    path = desk.folder / "sources.yaml"
    path.write_text(path.read_text() + "people:\n  - {name: Otto Lang, email: otto@example.org}\n")
    assert program.get("/people") == [{"name": "Otto Lang"}]
    program.post("/changes/1/decisions", {"verdict": "assigned", "assignee": "OTTO@example.org"})
    assert [each[3] for each in history(desk)] == ["Otto Lang"]
    (group,) = program.get("/changes", shown="in-hand", mine="otto@example.org")["groups"]
    assert [each["assignee"] for each in group["items"]] == ["Otto Lang"]


def test_several_changes_are_decided_together(desk, program):
    twins = [Book(desk, f"rules/{each}", f"Entry {each}") for each in "ab"]
    ids = [each.add(a_text(STORED), judgement=published(a_text(STORED), "Hosts")) for each in twins]
    assert sorted(program.get(f"/changes/{ids[0]}")["together"]) == ids
    group = next(each for each in program.get("/changes")["groups"] if len(each["members"]) > 1)
    assert sorted(each["change_id"] for each in group["members"]) == ids
    answer = program.post("/decisions", {"verdict": "confirmed", "change_ids": ids})
    assert answer["words"] == "Confirmed in 2 documents"
    assert [each["change_id"] for each in answer["decisions"]] == ids


def test_where_one_of_several_is_not_there_nothing_is_decided(desk, program):
    answer = program.call("POST", "/decisions", {"verdict": "confirmed", "change_ids": [1, 2, 99]})
    assert answer.status == 404
    assert history(desk) == []


def test_words_are_kept_on_one_line_and_a_section_that_is_named_twice_once(desk, program):
    program.post("/changes/1/decisions", {"verdict": "confirmed", "reason": " a\n\u202eb ", "sections": [UPLOAD] * 2})
    assert [each[:3] for each in history(desk)] == [(UPLOAD, "confirmed", "a b")]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"verdict": "not-applicable"}, "not applicable: say why"),
        ({"verdict": "not-applicable", "reason": "\u202e"}, "not applicable: say why"),
        ({"verdict": "not-applicable", "reason": "duplicate of 1"}, "that is this change itself"),
        ({"verdict": "assigned"}, "assigned: say to whom"),
        ({"verdict": "assigned", "assignee": "\x00"}, "assigned: say to whom"),
        ({"verdict": "confirmed", "assignee": "otto"}, "name nobody for any other decision"),
        ({"verdict": "assigned", "assignee": "otto", "due": "2026-03-04"}, "that day is over"),
        ({"verdict": "undone"}, "body"),
        ({"verdict": "undone", "decision_ids": [1], "assignee": "otto"}, "body"),
        ({"verdict": "undone", "decision_ids": ["1"]}, "body.decision_ids.0"),
        ({"verdict": "confirmed", "decision_ids": [1]}, "body"),
        ({"verdict": "snoozed", "due": "2026-03-09", "sections": [UPLOAD]}, SNOOZED),
        ({"verdict": "assigned", "assignee": "otto", "due": "2026-02-30"}, "body.due"),
        ({"verdict": "assigned", "assignee": "otto", "due": 1775000000}, "body.due"),
        ({"verdict": "snoozed"}, "snoozed: say until which day"),
        ({"verdict": "confirmed", "due": "2026-03-09"}, "the day goes with whoever has it in hand"),
        ({}, "body.verdict"),
        ({"verdict": "perhaps"}, "body.verdict"),
        ({"verdict": "confirmed", "by": "Otto"}, "body.by"),
        ({"verdict": "confirmed", "reason": "x" * (MOST_WORDS + 1)}, "body.reason"),
        ({"verdict": "assigned", "assignee": "x" * (MOST_NAME + 1)}, "body.assignee"),
        ({"verdict": "assigned", "assignee": "otto", "due": "tomorrow"}, "body.due"),
        ({"verdict": "confirmed", "sections": [""]}, "body.sections.0"),
        ({"verdict": "confirmed", "sections": ["\ud800"]}, "body.sections.0"),
        ({"verdict": "confirmed", "sections": ["\u202e\x00"]}, "body.sections.0"),
        ({"verdict": "confirmed", "sections": UPLOAD}, "body.sections"),
    ],
)
def test_what_cannot_be_decided_so_is_told(desk, program, sent, said):
    answer = program.call("POST", "/changes/1/decisions", sent)
    problem = read_problem(answer)
    assert answer.status == 422
    assert said in problem["detail"] or said in [each["where"] for each in problem["mistakes"]]
    assert history(desk) == []


@pytest.mark.parametrize(
    "change_ids",
    [[], [0], [-1], [2**63], ["1"], [1.5], [True], 1, list(range(1, MOST_TOGETHER + 2))],
    ids=lambda each: str(each)[:20],
)
def test_what_is_no_list_of_changes_is_told_so(desk, program, change_ids):
    answer = program.call("POST", "/decisions", {"verdict": "confirmed", "change_ids": change_ids})
    (mistake, *_) = read_problem(answer)["mistakes"]
    assert mistake["where"].startswith("body.change_ids")
    assert history(desk) == []


@pytest.mark.parametrize(
    ("change_id", "sent"),
    [
        (99, {"verdict": "confirmed"}),
        (1, {"verdict": "confirmed", "sections": ["nothing#here"]}),
        (2, {"verdict": "not-applicable", "reason": "covered", "sections": [UPLOAD]}),
        (1, {"verdict": "not-applicable", "reason": "duplicate of 99"}),
        (1, {"verdict": "undone", "decision_ids": [1]}),
    ],
)
def test_nothing_is_decided_about_what_is_not_there(desk, program, change_id, sent):
    answer = program.call("POST", f"/changes/{change_id}/decisions", sent)
    assert answer.status == 404
    assert read_problem(answer)["detail"]
    assert desk.db.table("decision").count == 0


def test_a_section_that_was_edited_is_said_to_be_current_again(desk, program):
    desk.confirm(1, UPLOAD)
    make_stale(desk, UPLOAD, since=NOON)
    edit(desk, UPLOAD)
    (stale,) = program.get("/procedures", edited=True)["stale"]
    assert (stale["section_id"], bool(stale["revised_at"])) == (UPLOAD, True)
    assert program.post("/sections/current", {"section_id": UPLOAD}) == {"section_id": UPLOAD, "clauses": 2}
    assert program.get("/procedures")["counts"] == {"all": 0, "edited": 0, "sops": 0, "oldest": 0}
    clauses = program.get("/procedures/ages")["sections"][0]["clauses"]
    assert "importer" in [each["checked_by"] for each in clauses]


def test_where_nothing_is_proposed_for_closing_it_is_said_why(desk, program):
    answer = program.call("POST", "/sections/current", {"section_id": UPLOAD})
    assert answer.status == 404
    assert "no clause is linked to a section with this id" in read_problem(answer)["detail"]
