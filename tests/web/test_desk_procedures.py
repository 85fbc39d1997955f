"""The procedures at the desk: which are out of date and why, and how somebody says that one is current again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

import pytest

from monitor.links import note_revisions
from monitor.model import Anchor, Role, Section, Sop
from monitor.store import transaction
from monitor.store.links import Standing, add_link
from monitor.store.sops import declare_sops
from monitor.store.versions import declare_document
from monitor.views.procedures import PAGE, get_overview, get_procedure
from monitor.web.access.invitation import invite
from store.conftest import NOON
from triaged import MORE_AGES, REFUNDS, UPLOAD

BUTTON = "main form[method=post] button"
NEW_WORDS = "Hosts show one stored for 60 days."
TRICK = "\u202egpj.exe"
HOSTILE = "<script>alert(1)</script>"


def declare(desk, *sops):
    with transaction(desk.db):
        return declare_sops(desk.db, sops, desk.now)


def edit(desk, section_id, words="Store it for 60 days."):
    """The Section has other words from now on, and the next run notices."""
    sops = [
        replace(sop, sections=tuple(replace(s, text=words) if s.id == section_id else s for s in sop.sections))
        for sop in desk.sops
    ]
    declare(desk, *sops)
    note_revisions(desk.db, desk.now)


def make_stale(desk, section_id, *, since, change_id=1, why="a clause"):
    """A Link laid by the first Decision, stale since then."""
    standing = Standing(section_id, Anchor(("Rules",), "new"), "old", 1, stale_since=since, stale_by=change_id, why=why)
    with transaction(desk.db):
        add_link(desk.db, "rules", standing, 1, revised_at=None, now=NOON)


def enter_as(desk, visitor, role):
    visitor.open("/enter", {"token": invite(desk.db, "rita", role, desk.config.now())})
    return visitor


@pytest.fixture
def stale(desk):
    """Somebody confirmed that the first change touches the section about uploads."""
    desk.confirm(1, UPLOAD)
    return desk


@pytest.fixture
def edited(stale):
    edit(stale, UPLOAD)
    return stale


def test_where_nothing_was_confirmed_nothing_is_out_of_date(visitor):
    page = visitor.open("/procedures")
    assert "No section is out of date." in page.text
    assert page.texts(".outdated") == []


def test_procedures_without_links_are_named_as_such(visitor):
    assert "ages Age checks" in visitor.open("/procedures").texts("details.ledger li")


def test_what_changes_touch_that_nobody_decided_leads_to_them_in_the_inbox(visitor):
    page = visitor.open("/procedures")
    assert page.links("[aria-labelledby=undecided] a") == [
        "/procedures/ages", "/?sop=ages", "/procedures/fees", "/?sop=fees",
    ]  # fmt: skip


def test_the_ledger_says_what_is_out_of_date_since_when_by_what_and_why(stale, visitor):
    page = visitor.open("/procedures")
    (row,) = page.texts(".outdated")
    assert "1 section of 1 procedure is out of date, the longest for 4 days" in page.text
    assert "Upload ages Age checks · @minors" in row
    assert "4 days since 1 Mar 2026" in row
    assert "stored for 30 days" in row
    assert "stored for 60 days" in row
    assert "/changes/1" in page.links(".outdated a")
    assert "/procedures/ages#ages%23upload" in page.links(".outdated a")


def test_what_went_stale_today_says_so(stale, visitor):
    make_stale(stale, REFUNDS, since=stale.config.now())
    assert visitor.open("/procedures").texts(".outdated .age strong") == ["4 days", "today"]


def test_what_was_not_edited_yet_cannot_be_closed(stale, visitor):
    page = visitor.open("/procedures")
    assert "Not edited yet" in page.text
    assert page.texts(BUTTON) == []


def test_what_was_edited_since_is_proposed_for_closing(edited, visitor):
    page = visitor.open("/procedures")
    assert "1 of these was edited since and can be closed" in page.text
    assert page.texts(BUTTON) == ["Say that it is current again : ages Upload"]


@pytest.mark.parametrize("address", ["/procedures", "/procedures/ages"])
def test_who_says_that_it_is_current_again_is_told_so_where_they_said_it(edited, visitor, address):
    page = visitor.open(address, {"section": UPLOAD})
    assert page.url == f"{visitor.address}{address}?said=ages%23upload"
    assert page.texts("[role=status].done") == ["ages Upload is current again. Its clauses are followed from here on."]
    assert get_overview(edited.db, NOON.date()).counts["all"] == 0
    (clause,) = get_procedure(edited.db, "ages", NOON.date()).parts[0].clauses
    assert (clause.checked_by, clause.known) == ("desk", NEW_WORDS)


def test_then_it_stands_among_what_is_current(edited, visitor):
    visitor.open("/procedures", {"section": UPLOAD})
    assert "ages Age checks 1 clause" in visitor.open("/procedures").texts("details.ledger li")
    assert "current with everything" in visitor.open("/procedures/ages").text


@pytest.mark.parametrize("section", ["", "nowhere", UPLOAD])
def test_what_was_not_closed_by_the_visitor_is_not_said_to_be(stale, visitor, section):
    assert visitor.open(f"/procedures?said={quote(section)}").texts(".done") == []


def test_filters_stay_when_something_is_closed(edited, visitor):
    page = visitor.open("/procedures?owner=%40minors&stale=edited", {"section": UPLOAD})
    assert page.url.endswith("/procedures?owner=%40minors&stale=edited&said=ages%23upload")


@pytest.mark.parametrize("address", ["/procedures", "/procedures/ages"])
def test_what_cannot_be_closed_is_refused_with_the_reason(stale, visitor, address):
    page = visitor.open(address, {"section": UPLOAD})
    assert page.status == 422
    assert "not edited since. Edit the section first" in page.texts("[role=alert]")[0]


def test_who_may_only_read_is_offered_nothing_and_can_close_nothing(edited, visitor):
    reader = enter_as(edited, visitor, Role.READER)
    assert reader.open("/procedures").texts(BUTTON) == []
    assert reader.open("/procedures", {"section": UPLOAD}).status == 403
    assert get_overview(edited.db, NOON.date()).counts["all"] == 1


def test_the_longest_out_of_date_stands_first(stale, visitor):
    make_stale(stale, REFUNDS, since=NOON - timedelta(days=9))
    assert visitor.open("/procedures").texts(".outdated h3") == ["Refunds", "Upload"]


def test_several_clauses_of_one_change_are_told_together(stale, visitor):
    make_stale(stale, UPLOAD, since=NOON + timedelta(days=1), why="another clause")
    assert len(visitor.open("/procedures").texts(".outdated")) == 1
    assert visitor.open("/procedures").links(".why a") == ["/changes/1"]


def test_a_section_that_left_its_procedure_is_not_out_of_date(stale, visitor):
    ages, fees = stale.sops
    declare(stale, replace(ages, sections=ages.sections[1:]), fees)
    assert visitor.open("/procedures").texts(".outdated") == []


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Upload", "Refunds"]),
        ("owner=%40minors", ["Upload"]),
        ("owner=%40billing", ["Refunds"]),
        ("owner=nobody", []),
        ("stale=edited", ["Upload"]),
        ("owner=%40billing&stale=edited", []),
        ("page=2", []),
        ("page=none", ["Upload", "Refunds"]),
    ],
)
def test_the_ledger_is_filtered_in_the_address(edited, visitor, query, names):
    make_stale(edited, REFUNDS, since=NOON + timedelta(days=2))
    assert visitor.open(f"/procedures?{query}").texts(".outdated h3") == names


def test_what_is_filtered_by_stays_chosen(stale, visitor):
    page = visitor.open("/procedures?owner=%40minors&stale=edited")
    assert page.texts("option[selected]") == ["@minors (1)", "Edited since, to be closed"]


def test_many_are_shown_a_page_at_a_time(stale, visitor):
    sections = tuple(Section(f"long#s{each}", "long", (f"Part {each}",), "words") for each in range(PAGE))
    declare(stale, *stale.sops, Sop("long", "A long one", "", "long.md", sections=sections))
    for each in sections:
        make_stale(stale, each.id, since=NOON + timedelta(days=1))
    first, second = visitor.open("/procedures"), visitor.open("/procedures?page=2")
    assert (len(first.texts(".outdated")), len(second.texts(".outdated"))) == (PAGE, 1)
    assert first.links(".pager a") == ["/procedures?page=2"]
    assert second.links(".pager a") == ["/procedures?page=1"]


def test_more_procedures_than_a_glance_takes_are_folded(desk, visitor):
    many = [
        Sop(f"s{each:02}", f"Title {each}", "", f"{each}.md", sections=(Section(f"s{each:02}#a", "", ("A",), "words"),))
        for each in range(27)
    ]
    many = [replace(sop, sections=(replace(sop.sections[0], sop_id=sop.id),)) for sop in many]
    declare(desk, *many)
    desk.change(MORE_AGES, [f"s{each:02}#a" for each in range(27)])
    page = visitor.open("/procedures")
    assert len(page.texts(".tallies > li")) == 25
    assert "2 more procedures" in page.texts("[aria-labelledby=undecided] summary")


def test_one_procedure_says_whose_it_is_and_what_it_is_about(desk, visitor):
    declare(desk, replace(desk.sops[0], topics=("child-safety",), jurisdictions=("EU",), cites=("eu:reg:2022/2065",)))
    facts = visitor.open("/procedures/ages").texts("dl.known > div")
    assert facts == [
        "Owner @minors", "File ages.md", "Topics child-safety", "Jurisdictions EU", "Cites eu:reg:2022/2065",
    ]  # fmt: skip


def test_a_procedure_that_nothing_is_linked_to_says_that_nobody_can_tell(visitor):
    assert "nobody can tell whether it is current" in visitor.open("/procedures/ages").text


def test_each_section_shows_its_text_its_open_changes_and_how_likely_they_touch_it(visitor):
    page = visitor.open("/procedures/ages")
    assert page.texts(".part h2") == ["Upload", "Appeals"]
    assert "Ask for a passport or a licence" in page.texts(".part .says")[0]
    (touching,) = page.texts(".undecided li")
    assert "likely 80 %" in touching
    assert "1 change that nobody has decided touches it" in page.text


def test_a_stale_section_says_what_its_clause_said_and_says_and_who_decided(stale, visitor):
    page = visitor.open("/procedures/ages")
    upload = page.texts(".part")[0]
    assert "Out of date since 1 Mar 2026" in upload
    assert "It said Hosts of a livestream show a passport that is stored for 30 days." in upload
    assert f"It says {NEW_WORDS}" in upload
    assert "mia : Confirmed, change 1" in upload
    assert "Edit the section" in upload
    assert "1 section is out of date: Upload ." in page.text


def test_what_it_rests_on_says_as_of_when_it_is_current(edited, visitor):
    assert "not yet current, out of date since 1 Mar 2026" in visitor.open("/procedures/ages").text
    visitor.open("/procedures", {"section": UPLOAD})
    page = visitor.open("/procedures/ages")
    assert page.texts("#footings") == ["Current as of"]
    assert page.texts("[aria-labelledby=footings] li") == ["Rules 1 clause 1 Mar 2026"]


def test_of_many_documents_those_that_it_is_current_with_are_folded(stale, visitor):
    for number in range(9):
        with transaction(stale.db):
            document = f"other/{number}"
            declare_document(
                stale.db, document, source_id="other", identity=document, url="", title=f"No. {number}", now=NOON
            )
            standing = Standing(UPLOAD, Anchor((), "words"), "words", 1)
            add_link(stale.db, document, standing, 1, revised_at=None, now=NOON)
    page = visitor.open("/procedures/ages")
    assert len(page.texts("[aria-labelledby=footings] > .tallies > li")) == 1
    assert "9 documents with which it is current" in page.texts("summary")


def test_what_changed_since_it_was_current_can_be_compared(stale, visitor):
    desk = stale
    second = desk.change(MORE_AGES)
    with transaction(desk.db):
        desk.db.execute("UPDATE change SET from_version_id = 1 WHERE id = ?", [second])
    make_stale(desk, REFUNDS, since=NOON + timedelta(days=1), change_id=second)
    with transaction(desk.db):
        desk.db.execute("UPDATE link SET version_id = 3 WHERE section_id = ?", [REFUNDS])
    assert "/versions/1/3" in visitor.open("/procedures/fees").links(".clause a")


def test_what_was_decided_about_a_change_as_a_whole_stands_in_the_history_of_its_sections(desk, visitor):
    desk.reject(1, reason="covered: see 4.2")
    page = visitor.open("/procedures/fees")
    assert "Not applicable, change 1 as a whole: the section says so already: see 4.2" in page.text


def test_a_comment_stands_in_the_history_as_it_was_written(desk, visitor):
    desk.confirm(1, UPLOAD, reason="our limit is stricter")
    assert "Confirmed, change 1 : our limit is stricter" in visitor.open("/procedures/ages").text


def test_a_clause_that_is_gone_says_what_it_said_last(stale, visitor):
    with transaction(stale.db):
        stale.db.execute("UPDATE link SET is_gone = 1")
    assert f"It said last, and is gone {NEW_WORDS}" in visitor.open("/procedures/ages").text


def test_many_open_changes_of_one_section_lead_to_the_inbox(desk, visitor):
    for _ in range(9):
        desk.change(MORE_AGES, [UPLOAD])
    page = visitor.open("/procedures/ages")
    assert len(page.texts(".undecided li")) == 8
    assert "2 more open changes" in page.text


def test_a_procedure_that_left_the_folder_can_still_be_read(stale, visitor):
    declare(stale, stale.sops[1])
    page = visitor.open("/procedures/ages")
    assert "It left the folder of procedures" in page.text
    assert "Ask for a passport" in page.text


def test_an_unknown_procedure_is_said_to_be_unknown(visitor):
    page = visitor.open("/procedures/nowhere")
    assert page.status == 404
    assert "no procedure with this id" in page.text


def test_the_draft_of_an_edit_can_be_had_as_a_file(stale, visitor):
    answer = visitor.open("/changes/1/draft.md?section=ages%23upload")
    assert answer.headers["Content-Type"] == "text/markdown; charset=utf-8"
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''1-ages-upload.md"
    assert "60 days" in answer.body.decode()


@pytest.mark.parametrize("address", ["/changes/99/draft.md?section=ages%23upload", "/changes/1/draft.md?section=x"])
def test_there_is_no_draft_of_what_is_not_there(stale, visitor, address):
    assert visitor.open(address).status == 404


def test_hostile_procedures_show_as_harmless_text(stale, visitor):
    evil = "../a/..%2F?x=1&y#" + HOSTILE
    sections = (Section(f"{evil}#s", evil, (HOSTILE, TRICK), f"{HOSTILE}\njavascript:alert(1) {TRICK}"),)
    sop = Sop(evil, f"{HOSTILE}{TRICK}", HOSTILE, "../../etc/passwd", topics=(HOSTILE,), sections=sections)
    declare(stale, *stale.sops, sop)
    make_stale(stale, sections[0].id, since=NOON, why=f"{HOSTILE} → {TRICK}")
    for page in (visitor.open("/procedures"), visitor.open(f"/procedures/{quote(evil, safe='')}")):
        assert page.status == 200
        assert HOSTILE in page.text
        assert page.texts("main script") == []
        assert "\u202e" not in page.body.decode()
        assert not any(each.startswith("javascript:") for each in page.links())


def test_a_procedure_with_odd_signs_in_its_id_is_closed_on_its_own_page(desk, visitor):
    evil = "a b/100%#?"
    sop = Sop(evil, "Odd", "", "odd.md", sections=(Section(f"{evil}#s", evil, ("S",), "words"),))
    desk.confirm(1, UPLOAD)
    desk.sops = (sop,)
    declare(desk, sop)
    make_stale(desk, f"{evil}#s", since=NOON)
    edit(desk, f"{evil}#s")
    page = visitor.open(f"/procedures/{quote(evil, safe='')}", {"section": f"{evil}#s"})
    assert page.status == 200
    assert "is current again" in page.text
