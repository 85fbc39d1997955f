"""What the main job makes of what publishers do: one story of five runs, one Source for each situation.

The runs stand at 07:00 and 09:00 and so on: a change is held for an hour, so each day's second run confirms it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from local_site import Answer, Fault, Site
from monitor.store import open_to_read
from scenarios.world import World

pytestmark = pytest.mark.slow


MOMENTS = [(1, 7), (2, 7), (2, 9), (3, 7), (3, 9)]
"""(day, hour) of each run."""

RULES = ["Be kind.", "Hosts of a livestream must be 16 or older.", "We answer reports within 48 hours."]
OLDER = [RULES[0], "Hosts of a livestream must be 18 or older.", RULES[2]]


def page(rules, heading="Rules", tick=0, links="/help"):
    items = "".join(f"<li>{rule}</li>" for rule in rules)
    return (
        f"<html><head><title>Example rules</title></head><body><nav><a href='/'>Home</a></nav>"
        f"<main><h1>{heading}</h1><ul>{items}</ul><p>See our <a href='{links}'>help centre</a>.</p></main>"
        f"<footer>generated {tick}</footer></body></html>"
    )


WALL = (
    "<html><head><title>Just a moment...</title><script src='/cdn-cgi/challenge-platform/h/b/orchestrate'></script>"
    "</head><body><h1>Checking your browser</h1><p>Verify you are human.</p></body></html>"
)


def feed(*entries):
    items = "".join(
        f"<entry><id>urn:{key}</id><title>{title}</title><link href='https://example.org/{key}'/>"
        f"<updated>2026-02-01T00:00:00Z</updated><content type='html'>&lt;p&gt;{text}&lt;/p&gt;</content></entry>"
        for key, title, text in entries
    )
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><id>urn:feed</id><title>News</title>{items}</feed>"


def atom(*entries):
    return Answer(200, feed(*entries).encode(), {"Content-Type": "application/atom+xml"})


OPINION = ("opinion", "Opinion on age checks", "Hosts of a livestream are checked by age assurance.")
GUIDANCE = (
    "guidance",
    "Guidance on livestreams",
    "A host of a livestream must prove an age of 16 under Article 28 DSA.",
)


@dataclass(frozen=True)
class Situation:
    """What the publisher answers from run to run (the last answer stays) and what must come of it."""

    name: str
    answers: list
    kinds: list = field(default_factory=list)
    """`kind status` of every Change after the first."""
    problem: str | None = None
    """The Problem open at the end."""
    entry: dict = field(default_factory=dict)
    """What `sources.yaml` says besides the address."""

    def put(self, site, number):
        answer = self.answers[min(number, len(self.answers) - 1)]
        if isinstance(answer, Answer):
            site.pages[f"/{self.name}"] = answer
        else:
            site.put(f"/{self.name}", answer)


MAIN = {"select": ["main"]}
SUBSTANTIVE = "substantive confirmed"

SITUATIONS = [
    Situation("nothing-changes", [page(RULES)]),
    Situation("rule-is-reworded", [page(RULES), page(OLDER)], [SUBSTANTIVE]),
    Situation("rule-is-added", [page(RULES), page([*RULES, "Gifts are for adults."])], [SUBSTANTIVE]),
    Situation("rule-is-dropped", [page(RULES), page(RULES[1:])], [SUBSTANTIVE]),
    Situation("rule-moves", [page(RULES), page(RULES[1:] + RULES[:1])], ["moved confirmed"]),
    Situation("footer-ticks", [page(RULES, tick=n) for n in range(5)], entry=MAIN),
    Situation("footer-ticks-without-selectors", [page(RULES, tick=n) for n in range(5)]),
    Situation("link-changes", [page(RULES), page(RULES, links="/help-centre")], ["links confirmed"]),
    Situation("tracking-parameter-changes", [page(RULES), page(RULES, links="/help?utm_source=x")]),
    Situation("white-space-changes", [page(RULES), page([f" {RULES[0]}\n", "&nbsp;" + RULES[1], RULES[2]])]),
    Situation(
        "invisible-characters-change",
        [page(RULES), page([RULES[0], "Hosts\u2060 of a live&shy;stream must be 16 or older.", RULES[2]])],
        ["whitespace confirmed"],
    ),
    Situation("bot-wall-with-200", [page(RULES), WALL], problem="blocked", entry=MAIN),
    Situation("bot-wall-comes-and-goes", [page(RULES), WALL, WALL, page(RULES)], entry=MAIN),
    Situation("change-behind-a-bot-wall", [page(RULES), WALL, WALL, page(OLDER)], [SUBSTANTIVE], entry=MAIN),
    Situation("page-is-empty", [page(RULES), "<html><body></body></html>"], problem="empty"),
    Situation(
        "selector-is-lost",
        [page(RULES), page(RULES).replace("main>", "section>")],
        problem="selector-lost",
        entry=MAIN,
    ),
    Situation("server-fails", [*[page(RULES)] * 4, Answer(500, b"oops")], problem="http-error"),
    Situation("page-is-gone", [page(RULES), Answer(404, b"gone")], problem="http-error"),
    Situation("server-fails-and-recovers", [page(RULES), Answer(404, b"gone"), page(RULES)]),
    Situation("connection-is-reset", [*[page(RULES)] * 4, Answer(fault=Fault.RESET)], problem="unreachable"),
    Situation(
        "gone-before-it-was-seen-twice",
        [page(RULES), page(OLDER), page(RULES)],
        ["substantive superseded", "reverted confirmed"],
    ),
    Situation("told-and-taken-back", [page(RULES), page(OLDER), page(OLDER), page(RULES)], [SUBSTANTIVE, SUBSTANTIVE]),
    Situation(
        "changes-again-before-it-was-seen-twice",
        [page(RULES), page(OLDER), page([*OLDER, "Gifts are for adults."])],
        ["substantive superseded", SUBSTANTIVE],
    ),
    Situation(
        "never-the-same-twice",
        [page([*RULES, f"{n} people agree with this."]) for n in range(5)],
        ["substantive superseded", "substantive superseded", SUBSTANTIVE, "substantive provisional"],
    ),
    Situation(
        "cut-short-is-held-even-without-a-hold",
        [
            page(RULES),
            Answer(200, page(OLDER).encode(), {"Content-Type": "text/html"}, fault=Fault.NO_LENGTH),
            page(RULES),
        ],
        ["substantive superseded", "reverted confirmed"],
        entry={"hold": "0"},
    ),
    Situation("feed-is-unchanged", [atom(OPINION)], entry={"kind": "atom"}),
    Situation("feed-brings-an-entry", [atom(OPINION), atom(GUIDANCE, OPINION)], [SUBSTANTIVE], entry={"kind": "atom"}),
    Situation("entry-leaves-the-feed", [atom(OPINION, GUIDANCE), atom(GUIDANCE)], entry={"kind": "atom"}),
    Situation(
        "entry-is-edited",
        [atom(OPINION), atom((*OPINION[:2], "Hosts of a livestream are checked by a document."))],
        [SUBSTANTIVE],
        entry={"kind": "atom"},
    ),
    Situation("feed-is-a-page", [atom(OPINION), page(RULES)], problem="not-a-feed", entry={"kind": "atom"}),
    Situation("pdf-is-a-page", [page(RULES)], problem="wrong-type", entry={"kind": "pdf"}),
]


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """All situations, run through to the end: (World, summary of each run)."""
    world = World(tmp_path_factory.mktemp("story"))
    with Site() as site:
        for each in SITUATIONS:
            entry = {"id": each.name, "url": site.url(f"/{each.name}"), "every": "1h", **each.entry}
            world.watch(**entry)
        summaries = []
        for number, (day, hour) in enumerate(MOMENTS):
            for each in SITUATIONS:
                each.put(site, number)
            summaries.append(world.run(day, hour))
        yield world, summaries


@pytest.fixture(scope="module")
def found(story):
    return story[0].changes()


@pytest.fixture(scope="module")
def problems(story):
    return story[0].problems()


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda each: each.name)
def test_the_situation_is_judged(situation, found, problems):
    changes = [row for row in found if row["source"] == situation.name and row["kind"] != "first"]
    assert [f"{row['kind']} {row['status']}" for row in changes] == situation.kinds
    assert problems.get(situation.name) == situation.problem


def get_change(found, source):
    return next(row for row in found if row["source"] == source and row["kind"] != "first")


def test_a_reworded_rule_is_told_with_its_words_its_place_and_the_sop_section_it_touches(found):
    change = get_change(found, "rule-is-reworded")
    (passage,) = change["passages"]
    assert (passage["op"], passage["before"], passage["after"]) == ("reworded", RULES[1], OLDER[1])
    assert passage["heading"] == ["Rules"]
    best = change["impacts"][0]
    assert (best["sop"], best["section"]) == ("SOP-1", "SOP-1#livestream-hosts")
    assert "16" in best["evidence"][0]["text"]


def test_a_change_keeps_the_time_of_its_first_sight_when_it_is_confirmed(found):
    change = get_change(found, "rule-is-reworded")
    assert (change["detected_at"], change["confirmed_at"]) == ("2026-03-02T07:00:00Z", "2026-03-02T09:00:00Z")


def test_what_came_with_a_superseded_change_is_told_with_the_next_one(found):
    told = [row for row in found if row["source"] == "changes-again-before-it-was-seen-twice"][-1]
    assert {passage["after"] for passage in told["passages"]} == {OLDER[1], "Gifts are for adults."}


def test_a_return_to_a_told_text_says_so(found):
    told = [row for row in found if row["source"] == "told-and-taken-back"][-1]
    assert told["reason"].startswith("returns to the text of 2026-03-01")


def test_a_new_entry_is_found_by_its_citation_too(found):
    change = get_change(found, "feed-brings-an-entry")
    assert change["reason"].startswith("new entry published")
    assert "eu:reg:2022/2065#art28" in {each["id"] for each in change["citations"]}
    assert change["impacts"][0]["section"] == "SOP-1#livestream-hosts"


def test_a_problem_says_what_to_do(story):
    (row,) = [row for row in story[0].call("problems", "--json").json if row["source"] == "selector-is-lost"]
    assert "main" in row["detail"]
    assert row["advice"]
    assert (row["since"], row["last_seen"]) == ("2026-03-02T07:00:00Z", "2026-03-03T09:00:00Z")


def test_unchanged_pages_are_answered_with_304(story):
    last = story[1][-1]
    assert last["unchanged"] > last["fetched"] / 2


def test_each_day_had_one_digest(story):
    """That of the first day is made up in the morning after: nothing ran at nine."""
    world, summaries = story
    db = open_to_read(world.folder / "var" / "monitor.db")
    days = [row["local_date"] for row in db.query("SELECT local_date FROM digest WHERE period = 'daily' ORDER BY 1")]
    assert days == ["2026-03-01", "2026-03-02", "2026-03-03"]
    assert sum(each["digests"] for each in summaries) == db.table("digest").count
    db.close()


def test_no_change_stands_in_two_digests(story):
    world, _ = story
    days = [world.call("digest", "--format", "json", day=day, hour=12).json[0] for day in (2, 3)]
    told = [change["id"] for day in days for change in (*day["changes"], *day["alerted"])]
    assert told
    assert len(told) == len(set(told))


def test_the_path_of_a_document_can_be_traced(story):
    rows = story[0].call("trace", "rule-is-reworded", "--json").json
    assert len(rows["fetch"]) == len(MOMENTS)
    assert len(rows["version"]) == 2
    assert rows["delivery"][0]["state"] == "sent"
    shown = story[0].call("trace", "rule-is-reworded").out
    assert "substantive, confirmed, from version" in shown
    assert "SOP-1#livestream-hosts" in shown


def test_the_text_of_an_earlier_day_can_be_shown(story):
    assert RULES[1] in story[0].call("show", "rule-is-reworded", "--at", "2026-03-01").out
    assert OLDER[1] in story[0].call("show", "rule-is-reworded", "--at", "2026-03-02").out


def test_a_change_is_shown_with_its_words_marked(story, found):
    shown = story[0].call("show", str(get_change(found, "rule-is-reworded")["id"])).out
    assert "must be [-16-] {+18+} or older" in shown
    assert "SOP-1 Age checks › Livestream hosts" in shown
