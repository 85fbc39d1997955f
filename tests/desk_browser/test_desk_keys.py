"""A morning at the desk with a real keyboard: what is decided, compared and shared."""

from __future__ import annotations

import re

import pytest

from desk_browser.season import LEAD

pytestmark = pytest.mark.slow

CURRENT = ".entry[data-current]"
LIST = "[...document.querySelectorAll('.entry')].map((each) => Number(each.id.slice(6)))"
FOCUS = "document.activeElement.id"


def list_ids(page):
    """The Changes that an entry is about, by the number in its id."""
    groups = page.locator(".entry .quick-acts > form:first-child [name=together]")
    values = [each.get_attribute("value") for each in groups.all()]
    return [[int(number) for number in value.split()] for value in values]


def list_all(page):
    return [number for ids in list_ids(page) for number in ids]


def leave(page, number):
    page.locator(f"#entry-{number}").wait_for(state="detached")


def get_made(served, after):
    db = served.db
    columns = "change_id, verdict, reason, assignee, due, by"
    rows = db.execute(f"SELECT {columns} FROM decision WHERE id > ? ORDER BY id", [after]).fetchall()
    db.close()
    return rows


def count_decisions(served):
    db = served.db
    (number,) = db.execute("SELECT max(id) FROM decision").fetchone()
    db.close()
    return number


def confirm(keys):
    keys.press("c")


def say_why_by_a_button(keys):
    keys.press("n")
    keys.press("Tab")
    keys.press("Enter")


def say_why_in_words(keys):
    keys.press("n")
    for _ in range(5):
        keys.press("Tab")
    keys.type("our limit is stricter/already")  # no key of this does anything but write
    keys.press("Enter")


def assign(keys):
    keys.press("a")
    keys.type("Tom Okafor")
    keys.press("Tab")
    keys.type("11112026")  # read the same in every country
    keys.press("Enter")


TEN = [
    (confirm, "confirmed", "", None, None),
    (say_why_by_a_button, "not-applicable", "elsewhere", None, None),
    (say_why_in_words, "not-applicable", "our limit is stricter/already", None, None),
    (assign, "assigned", "", "Tom Okafor", "2026-11-11"),
] * 3


def test_ten_changes_are_decided_by_keys_alone(visit, own):
    ines, before = visit(own), count_decisions(own)
    page = ines.open("/")
    keys, groups = page.keyboard, list_ids(page)
    expected = []
    keys.press("j")
    for ids, (decide, *said) in zip(groups[:10], TEN, strict=False):
        assert page.evaluate(FOCUS) == f"entry-{ids[0]}"
        decide(keys)
        leave(page, ids[0])
        expected += [(change_id, *said, LEAD) for change_id in ids]
    assert get_made(own, before) == expected
    left = [ids[0] for ids in groups[10:]]
    assert page.evaluate(LIST) == left
    assert page.evaluate(FOCUS) == f"entry-{left[0]}"
    assert page.locator(".lists .number").first.inner_text() == str(sum(map(len, groups[10:])))
    ines.open("/")
    assert page.evaluate(LIST) == left


def test_what_was_decided_last_is_taken_back_by_a_key(visit, own):
    ines, before = visit(own), count_decisions(own)
    page = ines.open("/")
    first, second = list_ids(page)[:2]
    page.keyboard.press("j")
    page.keyboard.press("c")
    leave(page, first[0])
    assert page.locator("#said").inner_text().startswith("Confirmed: ")
    page.keyboard.press("u")
    page.wait_for_url(re.compile("#entry-"))
    assert page.evaluate(LIST)[:2] == [first[0], second[0]]
    assert [row[:2] for row in get_made(own, before)] == [(first[0], "confirmed"), (first[0], "undone")]


def test_the_line_at_the_foot_leaves_by_itself_and_can_still_be_reached(visit, own):
    page = visit(own).page
    page.clock.install()
    page.goto(own.address)
    page.keyboard.press("j")
    page.keyboard.press("c")
    undo = page.locator("#said button")
    undo.wait_for()
    page.clock.fast_forward(19_000)
    assert not page.locator("#said[data-left]").count()
    page.mouse.move(*centre(page, "#said"))
    page.clock.fast_forward(60_000)
    assert not page.locator("#said[data-left]").count(), "somebody is at it"
    page.mouse.move(5, 5)
    page.clock.fast_forward(25_000)
    page.locator("#said[data-left]").wait_for(state="attached")
    undo.focus()
    assert not page.locator("#said[data-left]").count(), "it is in the order of Tab, and shows itself there"


def centre(page, selector):
    box = page.locator(selector).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_change_is_opened_and_decided_and_the_next_one_is_there(visit, own):
    ines, before = visit(own), count_decisions(own)
    page = ines.open("/")
    first, second = list_ids(page)[:2]
    for key in "jo":
        page.keyboard.press(key)
    page.wait_for_url(re.compile(f"/changes/{first[0]}"))
    page.keyboard.press("n")
    assert page.evaluate(FOCUS) == "whole-not-applicable"
    page.keyboard.press("Tab")
    page.keyboard.type("Nothing")  # a list is chosen from by the first letters
    page.keyboard.press("Tab")
    page.keyboard.type("for now")
    page.locator("#decision").get_by_text("Decide, then the next").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(f"/changes/{second[0]}"))
    assert get_made(own, before) == [(first[0], "not-applicable", "no-effect: for now", None, None, LEAD)]


def test_keys_search_and_come_back(visit):
    ines = visit()
    page = ines.open("/")
    page.keyboard.press("j")
    current = page.evaluate(FOCUS)
    page.keyboard.press("/")
    assert page.evaluate(FOCUS) == "q"
    page.keyboard.type("cj")  # letters in a field are letters
    page.keyboard.press("Escape")
    assert page.evaluate(FOCUS) == current
    page.keyboard.press("n")
    assert page.locator(f"{CURRENT} details[open]").count() == 1
    page.keyboard.press("Escape")
    assert page.locator(f"{CURRENT} details[open]").count() == 0
    page.keyboard.press("g")
    page.keyboard.press("s")
    page.wait_for_url(re.compile("/sources$"))


def test_without_a_chosen_entry_or_long_after_g_a_key_only_chooses_one(visit, own):
    ines, before = visit(own), count_decisions(own)
    page = ines.open("/")
    (first, *_), *_ = list_ids(page)
    page.keyboard.press("n")
    assert page.evaluate(FOCUS) == f"entry-{first}"
    page.keyboard.press("g")
    page.wait_for_timeout(1600)
    page.keyboard.press("c")
    assert page.locator("details[open]").count() == 0
    page.keyboard.press("u")
    page.wait_for_url(re.compile("said=last"))
    assert get_made(own, before) == []


def test_the_line_at_the_foot_leaves_where_a_form_opens_and_all_numbers_are_those_of_now(visit, own):
    page = visit(own).open("/")
    number = int(page.locator(".lists .number").first.inner_text())
    (first, *others), *_ = list_ids(page)
    page.keyboard.press("j")
    page.keyboard.press("c")
    leave(page, first)
    page.wait_for_function(f"document.title.startsWith('{number - 1 - len(others)} to decide')")
    page.keyboard.press("n")
    page.locator("#said[data-left]").wait_for(state="attached")


def test_keys_can_be_switched_off_and_on(visit):
    page = visit().open("/")
    for is_on in (False, True):
        page.keyboard.press("?")
        page.locator("dialog input").press("Space")
        page.keyboard.press("Escape")
        page.locator("dialog").wait_for(state="detached")
        page.keyboard.press("j")
        assert bool(page.locator(CURRENT).count()) == is_on


def test_two_versions_are_compared_by_keys(visit):
    page = visit().open("/sources/chatterfen-livestreams")
    page.locator(".timeline [name=from]").last.focus()
    page.keyboard.press("Space")
    page.locator(".timeline [name=to]").nth(1).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/versions/\d+/\d+"))
    assert "90" in page.locator("del").all_inner_texts()
    assert "60" in page.locator("ins").all_inner_texts()
    page.get_by_text("Side by side").click()
    page.wait_for_url(re.compile("view=sides"))
    assert page.locator(".side").all_inner_texts() == ["Before", "Now"]


def test_a_list_with_filters_is_the_same_for_whoever_is_sent_its_address(visit):
    ines, tom = visit(), visit(who="Tom Okafor")
    page = ines.open("/")
    everything = list_all(page)
    for facet, name in (("Jurisdiction", "EU"), ("Severity", "medium")):
        page.locator(".facets section", has_text=facet).get_by_role("link", name=re.compile(f"^{name}")).click()
        page.locator(".held").get_by_text(name).wait_for()
    assert ines.place == "/?severity=medium&jurisdiction=EU"
    shown = list_all(page)
    assert shown
    assert set(shown) < set(everything)
    theirs = tom.open(ines.place)
    assert list_all(theirs) == shown
    assert theirs.locator(".held").inner_text() == page.locator(".held").inner_text()
