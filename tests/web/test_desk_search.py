"""Search: what may be typed, what is found, and what is shown of it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digests.escape import plain
from monitor.schedule import open_desk, understand
from monitor.store import transaction
from monitor.store.search import catch_up
from monitor.views.search import MOST_TERMS, cut, read_query, search
from store.conftest import NOON
from triaged import AGES, SPAM

CHINESE = ("平台应当核实年龄。", "平台应当在直播前核实未成年人的年龄。")
LAW = ("Article 16 of Regulation (EU) 2022/2065 applies; see § 5 as well.", "Article 28(1), and §6a, apply.")
HOSTILE = ("<script>alert(1)</script> \u202egnihsihp", '"><img src=x onerror=alert(1)> javascript:alert(1)')


@pytest.fixture
def known(desk):
    """The desk with everything taken in: 1 on ages, 2 on spam, 3 in Chinese, 4 of a law."""
    desk.change(CHINESE, source="other")
    desk.change(LAW)
    catch_up(desk.db)
    return desk


def found(desk, text):
    results = search(desk.db, text, NOON)
    return sorted(hit.change.id for hit in results.changes), [hit.text.document_id for hit in results.texts]


@pytest.mark.parametrize(("text", "changes"), [
    ("livestream", [1]),
    ("LIVESTREAM", [1]),
    ("livestreaming", [1]),
    ("livestreams host", [1]),
    ('"livestreams"', []),
    ("ages -livestreams", []),
    ("livéstream", [1]),
    ("livestream passport", [1]),
    ("livestream followers", []),
    ('"hosts of a livestream"', [1]),
    ('"livestream of a host"', []),
    ('"hosts of a livestream', [1]),
    ("follow*", [2]),
    ("follow", []),
    ("stored -livestream", []),
    ("ban -livestream", [2]),
    ("核实", [3]),
    ("未成年人", [3]),
    ("年核", []),
    ("2022/2065", [4]),
    ("2065/2022", []),
    ("§ 5", [4]),
    ("§5", [4]),
    ("§ 16", []),
    ("28(1)", [4]),
    ("Example", [1, 2, 3, 4]),
])  # fmt: skip
def test_what_is_typed_finds(known, text, changes):
    assert found(known, text)[0] == changes


@pytest.mark.parametrize(("text", "changes", "texts"), [
    ("apply kind:text", [], ["rules"]),
    ("apply kind:change", [4], []),
    ("apply kind:SUBSTANTIVE", [4], []),
    ("apply kind:nonsense", [4], ["rules"]),
    ("核 source:other", [3], ["other"]),
    ("核 source:rules", [], []),
    ("核 jurisdiction:EU", [3], ["other"]),
    ('核 jurisdiction:"US-CA"', [], []),
    ("核 jurisdiction:eu SOURCE:Other", [3], ["other"]),
    ("核 -source:other", [3], ["other"]),
    ("livestream", [1], []),
])  # fmt: skip
def test_filters_and_sorts(known, text, changes, texts):
    assert found(known, text) == (changes, texts)


@pytest.mark.parametrize("text", ["", " ", '"', "***", "-", "§", "-livestream", "source:other", "\x00", "()", "\ud800"])
def test_where_there_is_no_word_nothing_is_found(known, text):
    assert found(known, text) in [([], []), ([4], ["rules"])]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text() | st.text(alphabet='ab"*-:§(){}^+ \n\x00NEAROTD源', max_size=60))
def test_anything_can_be_typed(known, text):
    results = search(known.db, text, NOON)
    assert results.asked.text == " ".join(results.asked.text.split())


def test_of_a_very_long_question_the_beginning_is_looked_at(known):
    assert len(read_query("word " * 10_000).terms) == MOST_TERMS
    assert found(known, "livestream " * 10_000)[0] == [1]


@pytest.mark.parametrize(("text", "typed", "shown"), [
    ("A host shows it.", "host", "A [host] shows it."),
    ("A HOST shows it.", "host", "A [HOST] shows it."),
    ("Âge vérifié", "age verifie", "[Âge] [vérifié]"),
    ("ghosts and hosts", "host", "ghosts and [hosts]"),
    ("ghosts and hosts", '"host"', "ghosts and hosts"),
    ("The policy applies, aged.", "policies applied age ag", "The [policy] [applies], [aged]."),
    ("ghosts and hosts", "host*", "ghosts and [hosts]"),
    ("Regulation (EU) 2022/2065.", "2022/2065", "Regulation (EU) [2022/2065]."),
    ("see § 5 and §6", "§5", "see [§ 5] and §6"),
    ("平台应当核实年龄。", "核实", "平台应当[核实]年龄。"),
    ("a_host", "host", "a_[host]"),
    ("nothing of it", "host", "nothing of it"),
    ("one two one", '"one two" one', "[one two] [one]"),
    ("", "host", ""),
])  # fmt: skip
def test_the_words_are_marked_where_they_stand(text, typed, shown):
    pieces = cut(text, read_query(typed).terms).pieces
    assert "".join(f"[{piece}]" if is_found else piece for piece, is_found in pieces) == shown


@pytest.mark.parametrize(("typed", "links"), [
    ("1", ["/changes/1"]),
    ("%231", ["/changes/1"]),
    ("Change 1", ["/changes/1"]),
    ("1000", []),
    ("999999999999999999", []),
    ("AGES", ["/procedures/ages"]),
    ("ages checking", ["/procedures/ages"]),
    ("ages -check", []),
    ("ages kind:text", []),
])  # fmt: skip
def test_a_number_and_the_words_of_a_procedure_lead_straight_there(known, visitor, typed, links):
    assert visitor.open(f"/search?q={typed.replace(' ', '+')}").links(".straight a") == links


@pytest.mark.parametrize(("typed", "shown", "gone"), [
    ("ten", "The limit was ten frogs a day.", ["ten"]),
    ("frogs", "The limit is two frogs a day.", []),
    ("newts", "All newts must leave.", ["All", "newts", "must leave."]),
])  # fmt: skip
def test_what_the_text_says_now_is_shown_and_what_was_removed_is_struck_through(desk, visitor, typed, shown, gone):
    desk.change(("The limit was ten frogs a day.", "The limit is two frogs a day."))
    desk.change(("All newts must leave.", ""))
    catch_up(desk.db)
    page = visitor.open(f"/search?q={typed}+kind:change")
    assert page.texts(".reading") == [shown]
    assert [each for each in page.texts(".reading del") if each != "was"] == gone


def test_of_a_long_text_only_what_is_around_the_first_word_is_shown():
    pieces = cut("before " * 100 + "host " + "after " * 100, read_query("host").terms).pieces
    assert [pieces[0], pieces[-1]] == [("…", False), ("…", False)]
    assert ("host", True) in pieces
    assert sum(len(text) for text, _ in pieces) < 300


def test_a_text_without_spaces_is_cut_too():
    assert sum(len(text) for text, _ in cut("x" * 10_000, read_query("host").terms).pieces) < 300


@given(st.text(st.characters(exclude_characters="…"), max_size=400), st.text(max_size=20))
def test_what_is_shown_is_one_stretch_of_the_text(text, typed):
    pieces = [piece for piece, _ in cut(text, read_query(typed).terms).pieces]
    assert "".join(piece for piece in pieces if piece != "…") in plain(text)


def test_the_page_shows_both_sorts_with_the_words_marked_and_ways_to_them(known, visitor):
    page = visitor.open("/search?q=apply")
    assert page.texts("h2") == ["Changes", "Current texts"]
    assert set(page.texts("mark")) == {"apply"}
    assert [each for each in page.links() if "search" not in each] == ["/changes/4", "/texts/rules"]


def test_the_page_leads_to_one_sort_and_back(known, visitor):
    page = visitor.open("/search?q=apply+kind%3Atext")
    assert page.texts("h2") == ["Current texts"]
    assert page.texts("[aria-current=page]") == ["Current texts 1"]
    assert page.links("main nav a") == [
        "/search?q=apply",
        "/search?q=apply+kind%3Achange",
        "/search?q=apply+kind%3Atext",
    ]


def test_one_sort_is_read_page_by_page(desk, visitor):
    for _ in range(25):
        desk.change(AGES)
    catch_up(desk.db)
    assert len(visitor.open("/search?q=stored").tree.css("li[data-entry]")) == 5 + 1
    first = visitor.open("/search?q=stored+kind%3Achange")
    assert len(first.tree.css("li[data-entry]")) == 20
    second = visitor.open(first.links("a[rel=next]")[0])
    assert len(second.tree.css("li[data-entry]")) == 6
    assert (second.links("a[rel=next]"), second.links("a[rel=prev]")) == ([], ["/search?q=stored+kind%3Achange"])


def test_the_newer_of_two_changes_that_are_as_good_comes_first(desk, visitor):
    desk.change(SPAM)
    with transaction(desk.db):
        desk.db.execute("UPDATE change SET detected_at = '2020-01-01T00:00:00Z' WHERE id = 3")
    catch_up(desk.db)
    assert visitor.open("/search?q=followers").links("h3 a[href^='/changes']") == ["/changes/2", "/changes/3"]


def test_what_is_history_or_was_seen_once_says_so(desk, visitor):
    with transaction(desk.db):
        desk.db.execute("UPDATE change SET status = 'history', confirmed_at = NULL WHERE id = 1")
        desk.db.execute("UPDATE change SET status = 'provisional', kind = 'date_tick' WHERE id = 2")
    catch_up(desk.db)
    assert "history, before it was watched" in visitor.open("/search?q=livestream").text
    assert "date tick seen once" in visitor.open("/search?q=followers").text


@pytest.mark.parametrize(("asked", "said"), [
    ("", "the quoted words next to one another"),
    ("%2A%2A%2A", "There is no word here to look for"),
    ("jurisdiction:EU", "Write a word as well"),
    ("zebra", "Nothing has this word."),
    ("zebra+crossing+source%3Arules", "Nothing has all of these words with these filters."),
])  # fmt: skip
def test_where_nothing_is_found_the_page_says_what_can_be_typed(known, visitor, asked, said):
    page = visitor.open(f"/search?q={asked}")
    assert said in page.text
    assert "every word that begins so" in page.text


def test_hostile_words_and_texts_are_only_ever_text(desk, visitor):
    desk.change(HOSTILE)
    catch_up(desk.db)
    page = visitor.open("/search?q=alert+%3Cscript%3Ealert(2)%3C/script%3E%22%3E%3Cimg+src=x%3E")
    assert page.status == 200
    assert page.tree.css("main script, main img") == []
    assert "\u202e" not in page.text
    page = visitor.open("/search?q=onerror")
    assert "<img src=x" in page.text
    assert page.tree.css("main script, main img") == []


@pytest.mark.parametrize("page", ["0", "-1", "x", "1e3", "99", "100000"])
def test_a_page_that_there_is_not_is_no_mistake(known, visitor, page):
    assert visitor.open(f"/search?q=apply+kind%3Achange&page={page}").status == 200


def test_after_each_run_what_is_new_is_found(desk, visitor):
    assert "Nothing has this word" in visitor.open("/search?q=livestream").text
    with open_desk(desk.config) as opened:
        understand(opened)
    assert visitor.open("/search?q=livestream").links("h3 a") == ["/changes/1"]
