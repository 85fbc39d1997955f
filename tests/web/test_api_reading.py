"""What the API tells: the same as the pages show. It is Thursday, 5 March 2026, 16:00."""

from __future__ import annotations

import json

import pytest

from monitor.model import Citation, EvidenceKind, ProblemKind, Role
from monitor.store import transaction
from monitor.store.search import catch_up
from store.conftest import NOON
from told_texts import DATES, LONGER, QUOTED, STORED, Book, a_text, touch
from triaged import APPEALS, UPLOAD
from web.calling import Program
from web.conftest import Desk
from web.knocking import opened
from web.library import DAY, HOSTILE, NEW, OLD, TRICK, make_library


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Changes 1 (ages and fees) and 2 (no section) of rules, 3 and 4 of page, 5 and 6 of a text with everything."""
    desk = Desk(tmp_path_factory.mktemp("desk"))
    library = make_library(desk)
    library.blind("news", NOON + DAY)
    book = Book(desk, "book", "Book", source="other")
    book.add(a_text("Be kind.", STORED, "It ends.", "It stays.", "It moved to here."))
    cites = (Citation("Article 16 of the DSA", "eu:reg:2022/2065#art16"), Citation("our terms", "own:terms"))
    lines = ("It moved to here.", "Be kind.", LONGER, "It ends.", "It stays.")
    book.add(a_text(*lines), touched=[QUOTED, touch(APPEALS, 0.1)], dates=DATES, citations=cites)
    desk.assign(2, assignee="otto", due="2026-03-09")
    desk.confirm(6, UPLOAD, reason="our limit is stricter")
    catch_up(desk.db)
    with opened(desk) as door:
        yield door


@pytest.fixture(scope="module")
def program(site):
    return Program(site, Role.READER)


def ids(answer):
    return [each["change_id"] for each in answer["groups"]]


# The inbox


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, [4, 1]),
        ({"severity": "high"}, [4, 1]),
        ({"severity": "low"}, []),
        ({"jurisdiction": "EU"}, [4, 1]),
        ({"jurisdiction": "US"}, []),
        ({"topic": "privacy"}, [4]),
        ({"publisher": "Alpha"}, [4]),
        ({"source": "rules"}, [1]),
        ({"sop": "fees"}, [1]),
        ({"mine": "@BILLING"}, [1]),
        ({"mine": "nobody"}, []),
        ({"due": 30}, []),
        ({"shown": "in-hand"}, [2]),
        ({"shown": "in-hand", "mine": "otto"}, [2]),
        ({"shown": "put-off"}, []),
        ({"page": 2}, []),
    ],
)
def test_the_inbox_is_filtered_by_what_the_page_is_filtered_by(program, asked, found):
    assert ids(program.get("/changes", **asked)) == found


def test_a_group_says_what_where_how_grave_and_whom_it_touches(program):
    first, second = program.get("/changes")["groups"]
    assert (first["part"], first["name"], first["publisher"]) == ("3 Mar 2026", "Page", "Alpha")
    assert (first["severity"], first["since_at"]) == ("high", "2026-03-03T12:00:00Z")
    assert first["members"] == [{"change_id": 4, "document_id": "page", "source_id": "page", "name": "Page"}]
    (quote,) = first["quotes"]
    assert [(each["op"], each["text"]) for each in quote["segments"] if each["op"] != "same"] == [
        ("removed", "16"),
        ("added", "18"),
    ]
    assert [(each["name"], each["words"]) for each in second["sections"]] == [
        ("ages Age checks › Upload", "likely 80 %"),
        ("fees Fees › Refunds", "likely 70 %"),
    ]


def test_the_inbox_counts_what_each_further_filter_leaves(program):
    counts = program.get("/changes")["counts"]
    assert (counts["waiting"], counts["put_off"]) == (2, 0)
    assert counts["by"]["publisher"] == {"Alpha": 1, "Example": 1}
    assert counts["by"]["sop"] == {"ages": 1, "fees": 1}


def test_what_is_in_hand_says_in_whose_and_until_when(program):
    (group,) = program.get("/changes", shown="in-hand")["groups"]
    (item,) = group["items"]
    assert (group["part"], item["assignee"], item["due"]) == ("Due within a week", "otto", "2026-03-09")
    assert item["section_id"] is None


def test_what_is_put_off_says_until_when_and_why_nothing_waits_is_said(tmp_path):
    desk = Desk(tmp_path)
    for change_id in (1, 2):
        desk.snooze(change_id)
    with opened(desk) as door:
        program = Program(door, Role.READER)
        found = program.get("/changes", shown="put-off")
        empty = program.get("/changes")
    assert [(each["part"], each["put_off_until"]) for each in found["groups"]] == [
        ("Back on 9 Mar 2026", "2026-03-09")
    ] * 2
    assert (empty["groups"], empty["calm"]) == ([], {"sources": 1, "since_at": "2026-03-01T14:00:00Z", "quiet": {}})


def test_a_list_comes_in_pages(program, monkeypatch):
    monkeypatch.setattr("monitor.views.inbox.PAGE", 1)
    pages = [program.get("/changes", page=number) for number in (1, 2, 3)]
    assert [(ids(each), each["has_more"], each["page"]) for each in pages] == [
        ([4], True, 1),
        ([1], False, 2),
        ([], False, 3),
    ]


@pytest.mark.parametrize(
    ("change_id", "asked", "beside"),
    [
        (4, {}, (None, 1)),
        (1, {}, (4, None)),
        (1, {"source": "rules"}, (None, None)),
        (6, {}, (None, 4)),
    ],
)
def test_one_can_go_on_to_the_change_before_and_after(program, change_id, asked, beside):
    found = program.get(f"/changes/{change_id}/beside", **asked)
    assert (found["previous"], found["next"]) == beside


# One change


@pytest.fixture(scope="module")
def change(program):
    return program.get("/changes/6")


def old_and_new(stretch):
    """Both texts of a stretch, as the document says they are had."""
    segments = [each for line in stretch["lines"] for each in line["segments"]]
    sides = [{"removed", "same"}, {"added", "same"}]
    return ["".join(each["text"] for each in segments if each["op"] in side) for side in sides]


def test_what_changed_is_told_in_reading_order_with_its_words_marked(change):
    reworded = next(each for each in change["stretches"] if each["op"] == "reworded")
    assert old_and_new(reworded) == [STORED, LONGER]
    changed = [(each["op"], each["text"].strip()) for each in reworded["lines"][0]["segments"] if each["op"] != "same"]
    assert changed == [("removed", "30"), ("added", "60")]
    assert (reworded["heading"], reworded["left_out"]) == (["Rules"], 0)


def test_what_moved_is_told_as_a_move(change):
    moved = next(each for each in change["stretches"] if each["op"] == "moved")
    assert old_and_new(moved) == ["It moved to here."] * 2
    assert (moved["came_from"], moved["came_after"]) == (["Rules"], "It stays.")


def test_the_facts_of_a_change_are_those_that_were_judged(change):
    facts = change["change"]
    assert (facts["id"], facts["kind"], facts["status"], facts["document_id"]) == (
        6,
        "substantive",
        "confirmed",
        "book",
    )
    assert (facts["from_version_id"], facts["to_version_id"]) == (5, 6)
    assert facts["detected_at"].endswith("Z")
    assert change["source"] == {
        "id": "other", "name": "Other", "publisher": "Example", "jurisdiction": "EU", "topics": [],
    }  # fmt: skip


def test_each_deadline_has_its_sentence_and_where_it_was_before(change):
    assert change["deadlines"] == [
        {"kind": "compliance", "date": "2026-04-01", "sentence": "Comply by 1 April 2026.", "moved_from": "2026-03-20"},
        {"kind": "effective", "date": "2026-06", "sentence": "It applies from June 2026.", "moved_from": None},
    ]
    assert [each["kind"] for each in change["dates"]] == ["last_updated"]
    assert change["due"] == "2026-03-18"


def test_a_citation_leads_to_the_law_where_its_address_is_known(change):
    law, other = change["citations"]
    assert law["address"].startswith("https://eur-lex.europa.eu/")
    assert (other["norm"], other["address"]) == ("own:terms", None)


def test_a_section_stands_beside_with_its_probability_reasons_and_marks(change):
    likely, unlikely = change["sections"]
    assert (likely["section_id"], likely["probability"], likely["likelihood"]) == (UPLOAD, 0.72, "likely 72 %")
    assert (likely["sop_title"], likely["owner"], likely["name"]) == ("Age checks", "@minors", "Upload")
    assert likely["reasons"][0] == "still says “store it for 30 days | stored for 30 days”"
    assert [each["kind"] for each in likely["evidence"]] == ["quote", "words", "topic"]
    marked = [(each["mark"], each["text"]) for line in likely["lines"] for each in line["segments"] if each["mark"]]
    assert marked == [("word", "passport"), ("phrase", "store it for 30 days")]
    assert (unlikely["section_id"], unlikely["is_likely"], unlikely["is_in_view"]) == (APPEALS, False, False)


def test_the_evidence_of_one_section_alone_is_marked_in_the_text(program):
    def marks(**asked):
        found = program.get("/changes/6", **asked)["stretches"]
        return [part["text"] for each in found for line in each["lines"] for part in line["segments"] if part["mark"]]

    assert "passport" in marks()
    assert marks() == marks(section=1)
    assert marks(section=2) == []


def test_what_stands_and_who_decided_it_when_and_why_is_told(change):
    assert change["standing"]["words"] == ""
    section = change["sections"][0]["standing"]
    assert (section["verdict"], section["words"]) == ("confirmed", "Confirmed by mia: our limit is stricter")
    (decision,) = change["decisions"]
    assert (decision["id"], decision["by"], decision["why"]) == (section["decision_id"], "mia", "our limit is stricter")
    assert decision["at"].startswith("2026-03-01T")


def test_the_evidence_has_versions_hashes_and_the_attempts_around(change):
    proof = change["proof"]
    assert [each["id"] for each in proof["readings"]] == [5, 6]
    (snapshot,) = proof["readings"][1]["snapshots"]
    own = next(each for each in proof["fetches"] if each["id"] == proof["fetch_id"])
    assert own["sha256"] == snapshot["sha256"]
    assert len(snapshot["sha256"]) == 64
    assert (own["outcome"], own["state"], own["status"]) == ("ok", "good", 200)


def test_the_changes_around_it_are_told_quiet_ones_too(change, program):
    assert [(each["change_id"], each["is_quiet"]) for each in change["earlier"]] == [(5, True)]
    assert change["later"] == []
    assert [each["change_id"] for each in program.get("/changes/5")["later"]] == [6]
    assert change["together"] == [6]


def test_where_there_is_no_earlier_text_the_whole_of_it_is_told(program):
    found = program.get("/changes/3")
    assert found["change"]["from_version_id"] is None
    assert [each["op"] for each in found["stretches"]] == [None]
    assert found["stretches"][0]["lines"][0]["kind"] == "heading"


def test_of_a_long_text_the_rest_is_asked_for(desk):
    change_id = Book(desk).add(
        a_text(*(f"Word {number}, and nine more of them, which makes it long." for number in range(1_000)))
    )
    with opened(desk) as door:
        program = Program(door, Role.READER)
        short, whole = (program.get(f"/changes/{change_id}", whole=each) for each in ("false", "true"))
    assert short["left_out"] > 0
    assert whole["left_out"] == 0


# Procedures


def test_the_ledger_says_what_is_out_of_date_since_when_and_why(program):
    ledger = program.get("/procedures")
    (stale,) = ledger["stale"]
    assert (stale["section_id"], stale["sop_id"], stale["name"]) == (UPLOAD, "ages", "Upload")
    assert (stale["clauses"][0]["change_id"], stale["revised_at"]) == (6, None)
    assert "60 days" in stale["clauses"][0]["why"]
    assert (ledger["counts"]["all"], ledger["counts"]["sops"]) == (1, 1)
    assert [each["sop_id"] for each in ledger["waiting"]] == ["ages", "fees"]
    assert [each["sop_id"] for each in ledger["unlinked"]] == ["fees"]
    assert ledger["owners"] == {"@billing": 0, "@minors": 1}


@pytest.mark.parametrize("asked", [{"owner": "@billing"}, {"edited": "true"}, {"page": 2}])
def test_the_ledger_is_filtered_as_the_page_is(program, asked):
    assert program.get("/procedures", **asked)["stale"] == []


def test_a_procedure_says_what_it_rests_on_what_touches_it_and_what_was_decided(program):
    found = program.get("/procedures/ages")
    assert (found["title"], found["owner"], found["is_there"], found["waiting"]) == ("Age checks", "@minors", True, 1)
    (footing,) = found["footings"]
    assert (footing["document_id"], bool(footing["stale_since"])) == ("book", True)
    section = found["sections"][0]
    (clause,) = section["clauses"]
    assert (clause["text"], clause["known"], clause["stale_by"]) == (LONGER, STORED, 6)
    assert [(each["change_id"], each["likelihood"]) for each in section["waiting"]] == [(1, "likely 80 %")]
    assert [each["change_id"] for each in section["decisions"]] == [6]


# Sources and texts


def test_the_sources_say_how_far_each_can_be_trusted_and_what_must_be_mended(program):
    found = program.get("/sources")
    assert [(each["id"], each["state"]) for each in found["sources"]] == [
        ("page", "read"), ("news", "problem"), ("other", "read"), ("rules", "read"),
    ]  # fmt: skip
    (problem,) = found["problems"]
    assert (problem["source_id"], problem["kind"], problem["advice"]) == (
        "news",
        ProblemKind.BLOCKED,
        "Ask the publisher.",
    )
    assert found["counts"]["jurisdiction"] == {"EU": 3, "US": 1}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"state": "problem"}, ["news"]),
        ({"jurisdiction": "US"}, ["news"]),
        ({"topic": "privacy"}, ["page"]),
        ({"text": "ALPHA"}, ["page"]),
        ({"pack": "none"}, []),
        ({"page": 2}, []),
    ],
)
def test_the_sources_are_filtered_as_the_page_is(program, asked, found):
    assert [each["id"] for each in program.get("/sources", **asked)["sources"]] == found


def test_a_source_says_what_became_of_each_day_and_has_its_documents(program):
    found = program.get("/sources/page")
    days = {each["day"]: each["mark"] for each in found["days"]}
    assert len(days) == 90
    assert (days["2026-03-03"], days["2026-03-01"], days["2026-02-28"]) == ("changed", "answered", "nothing")
    assert [(each["id"], each["versions"]) for each in found["documents"]] == [("page", 2)]
    assert program.get("/sources/page", text="nothing")["documents"] == []
    assert [each["kind"] for each in program.get("/sources/news")["problems"]] == ["blocked"]


@pytest.mark.parametrize(
    ("at", "said"), [("", NEW), ("2026-03-02", OLD), ("2026-03-03T11:59:00Z", OLD), ("2026-03-03", NEW)]
)
def test_a_text_is_told_as_it_stood(program, at, said):
    found = program.get("/texts/page", at=at)
    assert [each["text"] for each in found["blocks"]] == ["Ages", said]
    assert found["blocks"][1]["heading"] == ["Ages"]
    assert (found["earlier_at"] is None) == (said == OLD)


def test_the_versions_of_a_text_are_told_the_newest_first(program):
    found = program.get("/timelines/page")
    assert [each["version_id"] for each in found["editions"]] == [4, 3]
    assert (found["total"], found["next_before"]) == (2, None)
    assert [each["version_id"] for each in program.get("/timelines/page", before=4)["editions"]] == [4, 3]


def test_any_two_versions_are_compared(program):
    found = program.get("/versions/3/4")
    assert old_and_new(next(each for each in found["stretches"] if each["op"])) == [OLD, NEW]
    assert (found["is_same"], found["before"]["version_id"], found["after"]["version_id"]) == (False, 3, 4)
    back = program.get("/versions/4/3", whole="true")
    assert old_and_new(next(each for each in back["stretches"] if each["op"])) == [NEW, OLD]


# Finding


def test_search_finds_changes_and_texts_with_the_words_marked(program):
    found = program.get("/search", q="livestream -nothing jurisdiction:EU")
    assert [each["id"] for each in found["changes"]] == [1]
    assert [each["text"] for each in found["changes"][0]["cut"] if each["is_found"]] == ["livestream"]
    assert found["filters"] == {"jurisdiction": "EU"}
    texts = program.get("/search", q="hosts kind:text")
    assert "page" in [each["document_id"] for each in texts["texts"]]
    assert texts["changes"] == []


def test_the_calendar_has_the_deadlines_and_what_is_due(program):
    agenda = program.get("/calendar")
    assert [(each["kind"], each["date"], each["change_id"]) for each in agenda["entries"]] == [
        ("due", "2026-03-09", 2), ("compliance", "2026-04-01", 6), ("effective", "2026-06", 6),
    ]  # fmt: skip
    assert agenda["entries"][0]["assignee"] == "otto"
    assert agenda["entries"][1]["moved_from"] == "2026-03-20"


@pytest.mark.parametrize(
    ("asked", "dates"),
    [
        ({"kind": "due"}, ["2026-03-09"]),
        ({"kind": "compliance"}, ["2026-04-01"]),
        ({"from": "2026-04-02"}, ["2026-06"]),
        ({"jurisdiction": "US"}, []),
        ({"mine": "otto"}, ["2026-03-09"]),
    ],
)
def test_the_calendar_is_filtered_as_the_page_is(program, asked, dates):
    assert [each["date"] for each in program.get("/calendar", **asked)["entries"]] == dates


def test_the_numbers_are_told_by_week_with_what_they_say(program):
    found = program.get("/numbers", weeks=4)
    assert [each["monday"] for each in found["weeks"]] == ["2026-02-09", "2026-02-16", "2026-02-23", "2026-03-02"]
    assert sum(each["substantive"] for each in found["weeks"]) == 4
    assert found["hands"] == [{"name": "otto", "open": 1, "overdue": 0}]
    assert found["outcomes"] == {"acted": 1, "dismissed": {}}
    assert (found["publishers"][0]["name"], found["others"]["number"]) == ("Example", 0)
    assert set(found["said"]) == {
        "found", "publishers", "decided", "outcomes", "hands", "alerted", "seen", "problems",
    }  # fmt: skip


# What was told


def test_all_told_changes_of_a_span_are_told_as_the_export_has_them(program):
    found = program.get("/told", since="2026-03-01", until="2026-03-01")
    assert [each["id"] for each in found] == [1, 2, 6]
    assert [each["state"] for each in found] == ["open", "open", "confirmed"]
    assert found == json.loads(
        program.door.ask("/exports/changes.json?until=2026-03-01", Authorization=f"Bearer {program.key}").text
    )
    assert [each["id"] for each in program.get("/told", topic="privacy")] == [4]


def test_every_decision_of_a_span_is_told(program):
    found = program.get("/decisions")
    assert [(each["decision"]["change_id"], each["section"]) for each in found] == [
        (2, []),
        (6, ["ages", "Upload"]),
    ]
    assert program.get("/decisions", since="2026-03-02") == []
    assert program.get("/decisions", until="9999-12-31") == found


# What comes from outside


def test_hostile_texts_stay_texts(desk):
    book = Book(desk, "book", HOSTILE)
    book.add(a_text(f"# {HOSTILE}", f"Old {HOSTILE} {TRICK} words for 30 days."))
    new = a_text(f"# {HOSTILE}", f"New {HOSTILE} {TRICK} words for 60 days.")
    change_id = book.add(new, touched=[touch(UPLOAD, 0.9, (EvidenceKind.QUOTE, HOSTILE))], summary=HOSTILE)
    with transaction(desk.db):
        desk.db.execute("UPDATE document SET url = 'javascript:alert(1)'")
        desk.db.execute("UPDATE section SET text = ?", [HOSTILE])
    desk.assign(change_id, assignee=HOSTILE, reason=HOSTILE)
    with opened(desk) as door:
        answer = Program(door, Role.READER).call("GET", f"/changes/{change_id}")
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    found = json.loads(answer.text)
    assert HOSTILE in "".join(old_and_new(next(each for each in found["stretches"] if each["op"])))
    assert found["change"]["summary"] == HOSTILE
    assert found["standing"]["assignee"] == HOSTILE
