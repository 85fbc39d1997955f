"""One change at the desk: what is shown of it."""

from __future__ import annotations

import pytest

from monitor.compare.kinds import first, published
from monitor.model import Block, BlockKind, Citation, DateKind, DateMention, EvidenceKind
from monitor.store import changes, transaction
from monitor.views.change import WORDS
from told_texts import DATES, LONGER, QUOTED, STORED, Book, a_text, touch
from triaged import APPEALS, REFUNDS, UPLOAD


@pytest.fixture
def book(desk):
    return Book(desk)


@pytest.fixture
def told(book):
    """Change 4: one word of the rules became another; it touches uploads."""
    book.add(a_text("Be kind.", STORED))
    return book.add(a_text("Be kind.", LONGER), touched=[QUOTED, touch(APPEALS, 0.1)])


def test_it_says_what_it_is_whose_it_is_and_when_it_was_seen(visitor, told):
    page = visitor.open(f"/changes/{told}")
    assert page.status == 200
    assert page.texts("h1") == [
        'Rules: "… passport that is stored for 30 days." → "… passport that is stored for 60 days."'
    ]
    assert page.texts(".trail li") == ["Example", "Rules"]
    assert page.texts(".opening .severity") != []
    assert f"Change {told}, first seen 1 Mar 2026, 16:00 UTC , told 1 Mar 2026, 16:00 UTC ." in page.text
    assert page.links(".opening .button") == ["#decision"]
    assert "https://example.org/rules" in page.links(".opening a")
    assert visitor.open(page.links(".opening a[href^='/texts']")[0]).status == 200


def test_the_words_that_went_and_came_are_marked_in_one_text(visitor, told):
    page = visitor.open(f"/changes/{told}")
    assert page.texts(".changed.reworded .label") == ["Reworded"]
    assert (page.texts(".changed del"), page.texts(".changed ins")) == (["30"], ["60"])
    assert page.texts(".place") == ["Rules"]


def test_side_by_side_is_in_the_address_and_each_text_has_its_own_marks(visitor, told):
    page = visitor.open(f"/changes/{told}")
    (aside,) = [each for each in page.links(".views a") if "view=sides" in each]
    page = visitor.open(aside)
    assert page.texts(".changed.old p.is-paragraph") == [STORED.replace("days.", "days .")]
    assert page.texts(".changed.new p.is-paragraph") == [LONGER]
    assert (page.texts(".old ins"), page.texts(".new del")) == ([], [])
    assert page.texts(".views [aria-current]") == ["Side by side"]
    assert all("view=sides" in each for each in page.links(".views [aria-current]"))


def test_what_moved_is_shown_as_a_move_with_where_it_came_from(visitor, book):
    tools = "A parent can link their own account to the account of a child."
    rest = [f"Rule {each}: everybody behaves well in the place called {each}." for each in ("one", "two", "three")]
    book.add((*a_text(tools, under=("Rules", "Children")), *a_text(*rest)))
    moved = book.add((*a_text(*rest), *a_text(tools, under=("Rules", "Families"))))
    page = visitor.open(f"/changes/{moved}")
    assert page.texts(".changed.moved .label") == ["Moved here from Rules › Children"]
    assert page.texts("ins") == page.texts("del") == []


def test_unchanged_text_is_folded_and_can_be_opened(visitor, book):
    lines = [f"Rule {each} stands as it did." for each in "abcdefgh"]
    book.add(a_text(*lines, STORED))
    page = visitor.open(f"/changes/{book.add(a_text(*lines, LONGER))}")
    assert page.texts("details.fold summary") == ["42 words unchanged"]
    assert lines[0] in page.texts("details.fold p")
    assert lines[-1] in page.texts(".same p")


def test_a_new_text_is_shown_as_it_is_and_called_new(visitor, desk):
    entry = Book(desk, "rules/1", "Guidance on hosts")
    text = a_text("# Guidance on hosts", STORED)
    change_id = entry.add(text, judgement=published(text, "Guidance on hosts"))
    page = visitor.open(f"/changes/{change_id}")
    assert page.texts("h1") == ["Guidance on hosts"]
    assert page.texts(".trail li") == ["Example", "Rules", "Guidance on hosts"]
    assert STORED in page.texts(".same p")
    assert "New: there is no earlier text" in page.text
    assert page.texts("ins") == page.texts(".views a") == []
    look = entry.add(text, judgement=first(text))
    with transaction(desk.db):
        desk.db.execute("UPDATE change SET from_version_id = NULL WHERE id = ?", [look])
    assert "First look: the text as it was when we began" in visitor.open(f"/changes/{look}").text


def test_too_long_a_text_is_cut_with_a_way_to_the_whole(visitor, book):
    text = tuple(each for n in range(WORDS // 100 + 5) for each in a_text(f"Part {n} " + "word " * 98, under=(str(n),)))
    page = visitor.open(f"/changes/{book.add(text)}")
    assert "Part 5 word" in page.text
    assert f"Part {WORDS // 100 + 3}" not in page.text
    (whole,) = [each for each in page.links() if "whole=1" in each]
    assert f"Part {WORDS // 100 + 3}" in visitor.open(whole).text


def test_links_that_only_lead_elsewhere_are_listed(visitor, book):
    book.add((Block(BlockKind.PARAGRAPH, "See the form.", (), ("https://example.org/a",)),))
    page = visitor.open(
        f"/changes/{book.add((Block(BlockKind.PARAGRAPH, 'See the form.', (), ('https://example.org/b',)),))}"
    )
    assert page.texts(".links li") == ["https://example.org/a", "https://example.org/b"]


def test_deadlines_stand_with_their_sentence_and_what_they_moved_from(visitor, book):
    change_id = book.add(a_text(STORED), dates=DATES)
    page = visitor.open(f"/changes/{change_id}")
    assert page.texts(".deadlines dt") == [
        "comply by 1 Apr 2026 in 27 days moved from 20 Mar 2026",
        "effective Jun 2026",
    ]
    assert page.texts(".deadlines dd") == ["Comply by 1 April 2026.", "It applies from June 2026."]
    assert "last updated 1 Mar 2026: Updated on 1 March 2026." in page.text


def test_a_day_that_a_later_change_moved_or_withdrew_says_so_and_leads_there(desk, visitor, book):
    book.add(a_text("Be kind."))
    own = book.add(a_text("Be kind.", STORED), dates=DATES)
    mover = book.add(
        a_text("Be kind.", LONGER), dates=(DateMention(DateKind.COMPLIANCE, "2026-05-04", "By 4 May.", "2026-04-01"),)
    )
    page = visitor.open(f"/changes/{own}")
    assert page.texts(".deadlines dt") == [
        f"comply by 1 Apr 2026 moved from 20 Mar 2026 moved since to 4 May 2026: change {mover}",
        "effective Jun 2026",
    ]
    assert page.links(".deadlines a") == [f"/changes/{mover}"]
    end = book.add(a_text("Be kinder."), reason="withdrawn; text removed")
    said = visitor.open(f"/changes/{own}").texts(".deadlines dt")
    assert [each.partition(" withdrawn")[2] for each in said] == [f" since: change {end}"] * 2


def test_a_law_that_can_be_found_is_a_link_and_another_is_text(visitor, book):
    cited = (Citation("Article 16 of the DSA", "eu:reg:2022/2065#art16"), Citation("740 ILCS 14", "us-il:ilcs:740/14"))
    page = visitor.open(f"/changes/{book.add(a_text(STORED), citations=cited)}")
    assert page.texts(".laws li") == ["Article 16 of the DSA eu:reg:2022/2065#art16", "740 ILCS 14 us-il:ilcs:740/14"]
    assert [each.partition("?")[0] for each in page.links(".laws a")] == [
        "https://eur-lex.europa.eu/legal-content/EN/TXT/"
    ]


def test_the_sections_stand_beside_the_text_with_their_reasons_and_the_evidence_in_both(visitor, told):
    page = visitor.open(f"/changes/{told}")
    section = "#section-1"
    assert page.texts(f"{section} h3") == ["Upload"]
    assert "ages Age checks · @minors" in page.texts(section)[0]
    assert "likely 72 %" in page.texts(section)[0]
    assert page.texts(f"{section} .reasons li") == [
        "still says “store it for 30 days | stored for 30 days”",
        "words: passport",
        "topic ages",
    ]
    assert page.texts(f"{section} .says mark") == ["passport", "store it for 30 days"]
    assert page.texts(".compared mark") == ["passport", "stored for", "30", "days"]
    assert page.texts(f"{section} .stands") == ["Nobody has decided yet"]
    (draft,) = [each for each in page.links(f"{section} a") if "draft" in each]
    assert visitor.open(draft).status == 200


def test_the_evidence_of_one_section_alone_can_be_marked(visitor, book):
    change_id = book.add(a_text(STORED), touched=[QUOTED, touch(REFUNDS, 0.6, (EvidenceKind.WORDS, "hosts"))])
    assert "Hosts" in visitor.open(f"/changes/{change_id}").texts(".compared mark")
    page = visitor.open(f"/changes/{change_id}?section=2")
    assert page.texts(".compared mark") == ["Hosts"]


def test_a_text_that_is_not_english_says_in_which_language_it_is(visitor, book):
    german = "Der Anbieter muss jede Meldung prüfen und die Entscheidung begründen, wenn sie nicht eindeutig ist."
    change_id = book.add(a_text(german), judgement=published(a_text(german), "Regeln"))
    page = visitor.open(f"/changes/{change_id}")
    assert page.tree.css("main div[lang=de] .compared") != []
    assert [each.text() for each in page.tree.css("h1[lang=de]")] == page.texts("h1")
    assert page.tree.css(".reason[lang]") == []
    assert visitor.open(f"/changes/{book.add(a_text(STORED))}").tree.css("main div[lang] .compared") == []


def test_a_section_without_a_heading_of_its_own_is_called_like_its_procedure(desk, visitor):
    with transaction(desk.db):
        desk.db.execute("""UPDATE section SET heading = '["Age checks"]' WHERE id = ?""", [UPLOAD])
    assert visitor.open("/changes/1").texts("#section-1 h3") == ["Age checks"]


def test_less_likely_sections_are_folded_and_those_that_people_named_are_not(visitor, desk, told):
    page = visitor.open(f"/changes/{told}")
    assert page.texts(".unlikely summary")[0] == "1 less likely section"
    assert page.texts(".unlikely h3") == ["Appeals"]
    desk.confirm(told, APPEALS)
    desk.confirm(told, REFUNDS)
    page = visitor.open(f"/changes/{told}")
    assert page.texts(".unlikely h3") == []
    assert "added by a person" in page.texts("#section-3")[0]


def test_where_no_section_is_touched_that_is_said(visitor):
    assert "No section is likely touched." in visitor.open("/changes/2").text


def test_changes_before_and_after_are_one_click_away_quiet_ones_with_their_reason(visitor, book, told):
    quiet = book.add(a_text("Be  kind.", LONGER))
    page = visitor.open(f"/changes/{told}")
    assert f"/changes/{quiet}" in page.links(".around a")
    assert f"/changes/{told - 1}" in page.links(".around a")
    assert any("quiet: first look" in each for each in page.texts(".around li"))
    assert visitor.open(f"/changes/{quiet}").texts(".around a")[0] != ""


def test_what_is_held_or_was_replaced_says_so(visitor, book):
    held = book.add(a_text(STORED), is_held=True)
    assert "Seen once; it is told when it is seen again after" in visitor.open(f"/changes/{held}").text
    with transaction(book.desk.db):
        changes.supersede_provisional(book.desk.db, "rules")
    assert "It was replaced before it was seen twice" in visitor.open(f"/changes/{held}").text


def test_the_evidence_has_versions_hashes_and_the_attempts_around(visitor, told):
    page = visitor.open(f"/changes/{told}")
    proof = page.texts(".proof")[0]
    assert "The old text" in proof
    assert "The new text" in proof
    assert f"{4:064x}" in proof
    assert "html/9" in proof
    assert page.texts(".proof tr[aria-current] .chip") == ["found it"]
    assert len(page.texts(".proof tbody tr")) == 4


def test_a_change_that_is_not_there_is_said_to_be_none(visitor):
    page = visitor.open("/changes/99")
    assert page.status == 404
    assert "change 99: there is none with this id" in page.text


SCRIPT = "<script>alert(1)</script>"
TRICK = "gov\u202etxt.exe \u2066<b onclick=x>"


def test_hostile_texts_are_shown_as_harmless_text(desk, visitor, book):
    book.add(a_text(f"# {SCRIPT}", f"Old {SCRIPT} words stand here for 30 days {TRICK}."))
    dates = (DateMention(DateKind.COMPLIANCE, "2026-04-01", f"{SCRIPT} by April."),)
    cited = (Citation(SCRIPT, "javascript:alert(1)"), Citation(f'"{SCRIPT}', "eu:reg:2022/2065"))
    link = (Block(BlockKind.PARAGRAPH, "Form", (SCRIPT,), ("javascript:alert(1)",)),)
    change_id = book.add(
        (*a_text(f"# {SCRIPT}", f"New {SCRIPT} words stand here for 60 days {TRICK}."), *link),
        summary=f"{SCRIPT}{TRICK}",
        reason=SCRIPT,
        dates=dates,
        citations=cited,
        touched=[
            touch(UPLOAD, 0.9, (EvidenceKind.QUOTE, f"{SCRIPT} | {TRICK}"), (EvidenceKind.WORDS, f"{SCRIPT}, days"))
        ],
    )
    with transaction(desk.db):
        desk.db.execute("UPDATE section SET text = ?, heading = ? WHERE id = ?", [SCRIPT, f'["{SCRIPT}"]', UPLOAD])
        desk.db.execute("UPDATE sop SET title = ?, owner = ?", [SCRIPT, TRICK])
        desk.db.execute("UPDATE document SET url = 'javascript:alert(1)'")
    desk.assign(change_id, assignee=SCRIPT, by=TRICK, reason=SCRIPT)
    for address in (f"/changes/{change_id}", f"/changes/{change_id}?view=sides&q={SCRIPT}"):
        page = visitor.open(address)
        assert page.status == 200
        assert SCRIPT in page.text
        assert [each.attributes.get("src", "").partition("?")[0] for each in page.tree.css("script")] == [
            "/static/htmx.min.js",
            "/static/desk.js",
        ]
        assert page.tree.css("[onclick], b, [style]") == []
        assert not [each for each in page.links("a") if each and "javascript:" in each]
        assert not {"\u202e", "\u2066"} & set(page.body.decode())
