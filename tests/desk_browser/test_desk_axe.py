"""axe-core on every page of the desk: no rule of WCAG 2.0, 2.1 and 2.2 A and AA is broken, and no best practice.

Each in light, at 1280 pixels, and then in dark, at 390. axe.min.js is that of the npm package axe-core, under the
MPL-2.0 as its head says.
"""

from __future__ import annotations

import hashlib
import re
from http import HTTPStatus
from pathlib import Path

import pytest
from starlette.routing import Route

from desk_browser.browsing import PHONE, WIDE, Somebody, sign_in
from desk_browser.season import LEAD
from monitor.model import Role
from monitor.web.access.doors import ROUTES as DOORS
from monitor.web.desk import ROUTES

pytestmark = pytest.mark.slow

AXE = Path(__file__).with_name("axe.min.js")
AXE_VERSION, AXE_SHA256 = "4.14.1", "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SEEN = ["color-contrast", "target-size", "scrollable-region-focusable"]
"""Rules about what can be seen: all others find the same at every width and in every colour, and are asked once."""
RUN = """async ([tags, rules]) => {
  const runOnly = rules.length ? {type: "rule", values: rules} : {type: "tag", values: tags};
  const found = await axe.run({runOnly, resultTypes: ["violations"], preload: false});
  const say = (each) => each.nodes.map((node) => `${each.id}: ${node.html} ${node.failureSummary}`);
  return found.violations.flatMap(say);
}"""

UNDRAWN = {
    "/decide", "/changes/{change_id}/decide", "/changes/{change_id}/previous", "/changes/{change_id}/next",
    "/changes/{change_id}/draft.md", "/versions", "/calendar.ics", "/feed.atom", "/exports/changes.csv",
    "/exports/changes.json", "/exports/decisions.csv", "/sign-in/start", "/sign-in/back", "/leave",
    "/changes/{change_id}/evidence.zip", "/problems/{problem_id}/acknowledge",
}  # fmt: skip
"""Routes that draw no page: they take a form, send a file, or lead on."""


def press(*keys):
    def prepare(page):
        for key in keys:
            page.keyboard.press(key)

    return prepare


def confirm(page):
    press("j", "c")(page)
    page.locator("#said button").wait_for()


def fail_to_decide(page):
    page.locator("#whole-not-applicable").check(force=True)
    page.locator("#whole-decide").click()
    page.locator("#error-whole:not(:empty)").wait_for()


def decide_whole(page):
    page.locator("#whole-confirmed").check(force=True)
    page.locator("#whole-decide").click()
    page.locator("#decision .history").wait_for()


def open_all(page):
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")


def open_first(page):
    page.locator("main summary").first.click()


def fail_to_assign(page):
    press("j", "a")(page)
    page.evaluate("document.querySelectorAll('[required]').forEach((each) => { each.required = false })")
    page.locator(".entry[data-current] [name=assignee]:visible").press("Enter")
    page.locator(".entry .error:not(:empty)").wait_for()


CHANGE = "/changes/{change_id}"
FEW = "/?publisher=Chatterfen&severity=high"
PAGES = [
    # route, address, what is done there
    ("/", "/", None),
    ("/", "/?show=in-hand", None),
    ("/", "/?show=put-off", None),
    ("/", "/?jurisdiction=AU", None),
    ("/", FEW, press("j", "n")),
    ("/", FEW, press("j", "x")),
    ("/", FEW, press("?")),
    ("/", FEW, confirm),
    ("/", FEW, fail_to_assign),
    (CHANGE, "/changes/{ages}", open_all),
    (CHANGE, "/changes/{german}?view=sides", None),
    (CHANGE, "/changes/{ages}?section=1", None),
    (CHANGE, "/changes/{ages}?whole=1", fail_to_decide),
    (CHANGE, "/changes/{ages}", decide_whole),
    ("/procedures", "/procedures", open_all),
    ("/procedures/{sop_id}", "/procedures/SOP-016", open_all),
    ("/sources", "/sources", None),
    ("/sources/{source_id}", "/sources/cmc-register", None),
    ("/texts/{document_id}", "/texts/oso-age-assurance", None),
    ("/versions/{before}/{after}", "/versions/{first}/{last}", None),
    ("/versions/{before}/{after}", "/versions/{first}/{last}?view=sides", None),
    ("/calendar", "/calendar", open_all),
    ("/numbers", "/numbers", open_first),
    ("/search", "/search?q=age", None),
    ("/search", "/search?q=nowhere", None),
    ("/sign-in", "/sign-in", None),
    ("/enter", "/enter?token={token}", None),
    ("failure", "/nowhere", None),
]
WRITTEN = {confirm, decide_whole}


def test_the_script_is_the_one_of_the_package():
    assert hashlib.sha256(AXE.read_bytes()).hexdigest() == AXE_SHA256
    head = AXE.read_text(encoding="utf-8")[:700]
    assert f"axe v{AXE_VERSION}" in head
    assert "Mozilla Public" in head


def test_every_page_of_the_desk_is_looked_at():
    paths = {re.sub(r":\w+}", "}", each.path) for each in [*ROUTES, *DOORS] if isinstance(each, Route)}
    assert paths - UNDRAWN == {route for route, _, _ in PAGES} - {"failure"}


@pytest.fixture(scope="module")
def looking(browser, shared):
    """One tab for all that is only looked at: another one for each page costs as much as the page."""
    somebody = Somebody(browser, shared.address, sign_in(shared.config, LEAD, Role.LEAD))
    yield somebody
    somebody.close()
    assert somebody.faults == []


@pytest.mark.parametrize(("route", "address", "prepare"), PAGES)
def test_axe_finds_nothing(request, looking, shared, route, address, prepare):
    served, reader = shared, looking
    if prepare in WRITTEN or route == "/sign-in":
        served = request.getfixturevalue("own" if prepare else "shared")
        reader = request.getfixturevalue("visit")(served, who=LEAD if prepare else None)
    reader.page.emulate_media(color_scheme="light")
    reader.page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    page = reader.open(served.fill(address), HTTPStatus.NOT_FOUND if route == "failure" else HTTPStatus.OK)
    if prepare:
        reader.is_refused = True  # an error that is shown is meant
        prepare(page)
    page.evaluate("scrollTo(0, 0)")  # a link that is half under the head of the page is no smaller for that
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert page.evaluate(RUN, [TAGS, []]) == []
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    assert page.evaluate(RUN, [TAGS, SEEN]) == []
