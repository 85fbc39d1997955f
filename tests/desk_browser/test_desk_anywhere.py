"""The desk on every screen: dark, on a phone, at 400 %, in forced colours, on paper, and without JavaScript."""

from __future__ import annotations

import re

import pytest

from desk_browser.browsing import NARROW, PHONE
from desk_browser.season import LEAD

pytestmark = pytest.mark.slow

PATHS = [
    "/", "/?show=in-hand", "/?show=put-off", "/changes/{ages}", "/changes/{ages}?view=sides", "/procedures",
    "/procedures/SOP-016", "/sources", "/sources/chatterfen-community", "/texts/oso-age-assurance",
    "/versions/{first}/{last}",
    "/calendar", "/numbers", "/search?q=age", "/sign-in", "/nowhere",
]  # fmt: skip
SMALL = """() => {
  const shown = (each) => each.checkVisibility({opacityProperty: false, visibilityProperty: true});
  const box = (each) => (each.labels?.length && each.matches("[type=radio], [type=checkbox]") ? each.labels[0] : each);
  const inText = (each) => each.localName === "a" && getComputedStyle(each).display === "inline";
  return [...document.querySelectorAll("a, button, input:not([type=hidden]), select, textarea, summary")]
    .filter((each) => shown(each) && !inText(each) && !each.closest(".skip"))
    .map((each) => [each, box(each).getBoundingClientRect()])
    .filter(([each, {width, height}]) => Math.min(width, height) < 23.9)
    .map(([each, {width, height}]) => `${each.outerHTML.slice(0, 90)} ${width} × ${height}`);
}"""
COLOURS = """() => ["body", "h1, h2", ".brand svg", ".places a[aria-current]"].map((each) => {
  const found = document.querySelector(each);
  return found && [getComputedStyle(found).color, getComputedStyle(found).backgroundColor];
})"""
DARK, LIGHT = 40, 220
LUMINANCE = """() => {
  const [red, green, blue] = getComputedStyle(document.body).backgroundColor.match(/[\\d.]+/g).map(Number);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}"""


def open_any(reader, served, path):
    return reader.open(served.fill(path), 404 if path == "/nowhere" else 200)


@pytest.mark.drill
def test_no_page_is_wider_than_a_phone_and_no_target_too_small_for_a_finger(visit, shared):
    """At 390 pixels, and at 320, which is 400 % of 1280."""
    reader = visit()
    for path in PATHS:
        page = open_any(reader, shared, path)
        for width, height in (PHONE, NARROW):
            page.set_viewport_size({"width": width, "height": height})
            assert reader.count_wide() == [], (path, width)
            assert page.evaluate(SMALL) == [], (path, width)


def test_dark_is_dark_and_light_is_light(visit, shared):
    reader = visit(color_scheme="light")
    for path in ("/", "/changes/{ages}", "/numbers"):
        page = open_any(reader, shared, path)
        light, bright = page.evaluate(COLOURS), page.evaluate(LUMINANCE)
        page.emulate_media(color_scheme="dark")
        dark, dim = page.evaluate(COLOURS), page.evaluate(LUMINANCE)
        page.emulate_media(color_scheme="light")
        assert all(one != other for one, other in zip(dark, light, strict=True) if one), path
        assert dim < DARK
        assert bright > LIGHT


def test_marks_differ_by_more_than_their_colour(visit, shared):
    page = visit().open(shared.fill("/changes/{ages}"))
    lines = "(each) => getComputedStyle(each).textDecorationLine"
    assert {page.locator(name).first.evaluate(lines) for name in ("ins", "del")} == {"underline", "line-through"}
    page = visit().open("/")
    shape = "(each) => JSON.stringify([getComputedStyle(each).borderRadius, getComputedStyle(each).backgroundImage])"
    assert (
        len({page.locator(f".severity.{each} .shape").first.evaluate(shape) for each in ("high", "medium", "low")}) == 3
    )


def test_in_forced_colours_what_is_chosen_and_what_changed_can_still_be_told(visit, shared):
    page = visit(forced_colors="active").open(shared.fill("/changes/{ages}"))
    assert page.locator("ins").first.evaluate("(each) => getComputedStyle(each).textDecorationLine") == "underline"
    page.keyboard.press("c")
    checked = page.locator("#whole-confirmed + span")
    assert checked.evaluate("(each) => getComputedStyle(each, '::before').content") == '"✓"'


def test_nothing_moves_for_those_who_want_no_motion(visit):
    page = visit(reduced_motion="reduce").open("/")
    moving = "(found) => found.filter((each) => getComputedStyle(each).transitionDuration !== '0s').length"
    assert page.locator("*").evaluate_all(moving) == 0


def test_the_numbers_on_paper_have_their_pictures_and_the_tables_that_are_open(visit):
    page = visit().open("/numbers")
    page.evaluate("document.querySelectorAll('.figure details').forEach((each) => { each.open = true })")
    drawn = page.locator(".figure:has(details)").count()
    assert drawn >= 6
    page.emulate_media(media="print")
    assert page.locator(".figure table:visible").count() == drawn
    assert page.locator(".top:visible, .take:visible").count() == 0
    assert page.locator(".plot > svg.chart:visible").count() == drawn
    assert page.pdf().startswith(b"%PDF")


@pytest.fixture
def plain(visit, own):
    """Somebody whose browser runs no script, at a desk of their own."""
    return visit(own, java_script_enabled=False)


def names(reader):
    return [each.inner_text() for each in reader.page.locator(".entry h4").all()]


def test_pages_are_read_without_javascript(visit, shared):
    reader = visit(java_script_enabled=False)
    for path in ("/changes/{ages}", "/procedures/SOP-016", "/sources/chatterfen-community", "/calendar", "/numbers"):
        assert open_any(reader, shared, path).locator("h1").first.inner_text(), path


def test_without_javascript_the_list_is_filtered_and_searched(plain):
    page = plain.open("/")
    page.locator(".facets").get_by_role("link", name=re.compile("^Marlow")).click()
    assert set(names(plain)) == {"Advertising rules", "Synthetic media policy"}
    page.locator("#q").fill("livestream hosts")
    page.locator("#q").press("Enter")
    assert "Enforcement bulletin" in page.locator("main").inner_text()


def test_without_javascript_a_change_is_decided_in_the_list_and_taken_back(plain):
    page = plain.open("/")
    before = names(plain)
    with page.expect_navigation():
        page.locator(".entry").first.get_by_role("button", name="Confirm").click()
    assert names(plain) == before[1:]
    assert page.locator("#said").inner_text().startswith(f"Confirmed: {before[0]}")
    with page.expect_navigation():
        page.locator("#said").get_by_role("button", name="Undo").click()
    assert names(plain) == before


def test_without_javascript_a_change_is_assigned_where_it_is_read(plain):
    page = plain.open("/")
    page.locator(".entry h4 a").first.click()
    page.locator("#decision .choice", has_text="Assign").click()
    page.locator("#whole-assignee").fill("Tom Okafor")
    page.locator("#whole-due").fill("2026-11-20")
    page.locator("#whole-decide").click()
    assert page.locator("main [role=status]").inner_text().startswith("Assigned to Tom Okafor, due 20 Nov 2026")
    assert f"{LEAD}: Assigned to Tom Okafor" in page.locator(".history").inner_text()


def test_without_javascript_what_is_wrong_is_said_beside_what_was_typed(plain, own):
    page = plain.open(own.fill("/changes/{ages}"))
    page.locator("#decision .choice", has_text="Not applicable").click()
    plain.is_refused = True
    page.locator("#whole-decide").click()
    assert page.locator("#error-whole").inner_text()
    assert page.locator("#whole-not-applicable").is_checked()
