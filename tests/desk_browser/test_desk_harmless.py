"""What comes from outside, or from a colleague with a sense of humour, is only ever text.

Scripts, links that run something, signs that reverse the reading direction, and words without an end stand in every
field that anybody can fill: titles, headings, feed entries, links, names of sources and publishers, procedures,
comments of decisions, names of people.
"""

from __future__ import annotations

from datetime import date

import pytest

from desk_browser.browsing import NARROW
from desk_browser.conftest import serve
from desk_browser.season import NOW, live

pytestmark = pytest.mark.slow

SCRIPT = "<script>hacked=1</script><img src=//evil.example/x onerror=hacked=1>"
TRICK = "\u202egnp.exe\u202c\u2066\u200b"
CLOSING = "'\"></title></textarea></option><svg onload=hacked=1>{{7*7}}"
LONG = "Donaudampfschiff" * 20
WORST = f"{SCRIPT} {TRICK} {CLOSING} {LONG}"
LINKS = """\
<p><a href="javascript:hacked=1">one</a> <a href="data:text/html,hacked">two</a> <a href="//evil.example">3</a></p>
"""
PROCEDURE = f"""---
id: SOP-666
title: {SCRIPT.replace('"', "")}
owner: "{SCRIPT} {LONG}"
topics: [child-safety]
---
## {SCRIPT} {LONG}

A host of a livestream must be at least 16 years old. {WORST}
"""
PAGE = f"# {WORST}\n## {WORST}\nA host of a livestream must be at least 16 years old. {WORST}\n{LINKS}"
ENTRY = """\
<entry>
<id>urn:{0}</id><title>{1}</title><link href="javascript:hacked=1"/><updated>2026-09-0{0}T09:00:00Z</updated>
<summary>{1} {2} from 1 December 2026</summary>
</entry>
"""
FEED = """\
<feed xmlns="http://www.w3.org/2005/Atom">
<id>urn:feed</id><title>Feed</title><updated>2026-09-01T09:00:00Z</updated>{}
</feed>
"""


def escape(text):
    return text.replace("&", "&amp;").replace("<", "&lt;")


def write_entries(*numbers):
    entries = (ENTRY.format(each, escape(SCRIPT), escape(f"{TRICK} {CLOSING} {LONG}")) for each in numbers)
    return FEED.format("".join(entries))


def a_source(name, text, edits=(), **facts):
    usual = {"name": WORST, "publisher": WORST, "jurisdiction": "EU", "topics": ["child-safety"]}
    return usual | {"id": name, "text": text, "edits": list(edits)} | facts


def an_edit(day, was, now, *then):
    return {"day": date(2026, 11, day), "was": was, "is": now, "then": list(then)}


def a_decision(verdict, **facts):
    return {"by": "worst", "verdict": verdict, "hours": 2} | facts


TOLD = {
    "people": {"worst": WORST[:180]},
    "sources": [
        a_source("page", PAGE, [
            an_edit(1, "16 years", "17 years", a_decision("not-applicable", reason=WORST)),
            an_edit(2, "17 years", "18 years", a_decision("assigned", assignee=WORST[:180], due="2026-11-20")),
            an_edit(3, "18 years old.", f"19 years old. {SCRIPT} It is effective from 1 December 2026."),
        ]),
        a_source("feed", write_entries(1), [an_edit(2, write_entries(1), write_entries(1, 2))], kind="atom"),
        a_source("gone", PAGE),
    ],
    "edited": [],
    "unread": [{"source": "gone", "since": date(2026, 10, 20), "status": 503}],
}  # fmt: skip


@pytest.fixture(scope="module")
def hostile(chromium, tmp_path_factory):
    """A desk at which everything that can be written is."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "procedures").mkdir()
    (folder / "procedures" / "worst.md").write_text(PROCEDURE)
    (folder / "lived").mkdir()
    live(folder / "lived", TOLD, folder / "procedures", daily=False).db.close()
    with serve(folder / "lived", folder / "served") as served:
        yield served


def list_pages(served):
    db = served.db
    changes = [f"/changes/{each}" for (each,) in db.execute("SELECT id FROM change")]
    documents = [f"/texts/{each}" for (each,) in db.execute("SELECT id FROM document")]
    first, last = db.execute("SELECT min(id), max(id) FROM version WHERE document_id LIKE '%page%'").fetchone()
    db.close()
    return [
        "/", "/?show=in-hand", "/?q=%3Cscript%3Ehacked=1%3C/script%3E", *changes, f"{changes[-1]}?view=sides",
        "/procedures", "/procedures/SOP-666", "/sources", "/sources/page", "/sources/feed", "/sources/gone", *documents,
        f"/versions/{first}/{last}", f"/versions/{first}/{last}?view=sides", "/calendar", "/numbers",
        "/search?q=hacked", "/search?q=%3Csvg/onload=hacked=1%3E",
    ]  # fmt: skip


FOUND = """() => ({
  hacked: typeof hacked !== "undefined",
  made: document.querySelectorAll("main :is(script, img, iframe, object), [onload], [onerror]").length,
  links: [...document.querySelectorAll("[href], [src], [action]")]
    .flatMap((each) => ["href", "src", "action"].map((name) => each.getAttribute(name)))
    .filter((each) => each && !/^(\\/(?!\\/)|#|\\?|https:\\/\\/[a-z]+\\.example\\/)/.test(each)),
  tricks: /[\\u202a-\\u202e\\u2066-\\u2069\\u200b]/.test(document.documentElement.textContent),
})"""
HARMLESS = {"hacked": False, "made": 0, "links": [], "tricks": False}


def test_hostile_words_are_text_on_every_page_and_break_none(visit, hostile):
    """Each fault of the browser itself, such as a dialog or a request elsewhere, fails this at its end."""
    reader = visit(hostile, size=NARROW, who=WORST[:180])
    for path in list_pages(hostile):
        page = reader.open(path)
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
        assert page.evaluate(FOUND) == HARMLESS, path
        assert reader.count_wide() == [], path


@pytest.mark.parametrize("path", ["/", "/procedures/SOP-666", "/sources/page", "/calendar"])
def test_hostile_words_can_be_read(visit, hostile, path):
    assert "<script>hacked=1</script>" in visit(hostile).open(path).locator("main").inner_text()


def test_hostile_words_can_be_decided_about(visit, hostile):
    page = visit(hostile, who=WORST[:180]).open("/")
    (number,) = {each.get_attribute("id") for each in page.locator(".entry").all()[:1]}
    for key in "jn":
        page.keyboard.press(key)
    page.locator(f"#{number} [name=comment]").fill(WORST)
    page.keyboard.press("Enter")
    page.locator(f"#{number}").wait_for(state="detached")
    assert page.evaluate(FOUND) == HARMLESS


def test_the_day_of_the_desk_is_the_one_that_these_tests_mean():
    assert NOW.date() > max(edit["day"] for each in TOLD["sources"] for edit in each["edits"])
