"""A week and a day of the main job: doubtful answers, texts that alternate, groups, dates.

Each Source is one story. The runs stand at 09:00 of each day, when the digest is due, and at 11:00 of the days on which
something is held for an hour.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import pytest

from local_site import Answer, Site
from scenarios.world import World

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]  # the whole story is told before its first test

HTML = {"Content-Type": "text/html; charset=utf-8"}
DAYS = 8
SECOND_LOOKS = {2, 3, 6}

RULES = [
    "Be kind to everybody you meet here, and do not pretend to be somebody else.",
    "Hosts of a livestream must be 16 or older, and show a proof of their age when we ask for it.",
    "We answer reports within 48 hours, and we tell you what we decided and why.",
    "You may appeal against a decision within six months after you were told of it.",
    "We remove threats, and we call the police where somebody's life is in danger.",
    "Advertisements must say that they are advertisements, and who has paid for them.",
    "We keep a record of each decision for two years, and then we delete it for good.",
    "Parents can ask us what their children have published, and can have it removed.",
]
OLDER = [RULES[0], RULES[1].replace("16", "18"), *RULES[2:]]
LONG = [f"{rule} This is rule number {number} of our long book of rules." for number in range(12) for rule in RULES]
GERMAN = [
    "Seien Sie freundlich zu allen, die Sie hier treffen, und geben Sie sich nicht für jemand anderen aus.",
    "Wer live überträgt, muss 16 Jahre oder älter sein und auf Verlangen sein Alter nachweisen.",
    "Wir beantworten Meldungen innerhalb von 48 Stunden und sagen Ihnen, was wir entschieden haben und warum.",
    "Gegen eine Entscheidung können Sie innerhalb von sechs Monaten Beschwerde einlegen, nachdem Sie davon erfuhren.",
    "Wir entfernen Drohungen und rufen die Polizei, wenn das Leben eines Menschen in Gefahr ist.",
    "Werbung muss als Werbung erkennbar sein, und es muss dabei stehen, wer für sie bezahlt hat.",
    "Wir bewahren jede Entscheidung zwei Jahre lang auf und löschen sie danach endgültig.",
    "Eltern können uns fragen, was ihre Kinder veröffentlicht haben, und es entfernen lassen.",
]
HOME = ["Find your friends.", "See what is new today.", "Sign up or log in.", "Get the app for your telephone."]


def page(rules, title="Rules of the house", lang="en"):
    items = "".join(f"<p>{rule}</p>" for rule in rules)
    head = f"<html lang='{lang}'><head><title>{title}</title></head>"
    return f"{head}<body><main><h1>{title}</h1>{items}</main></body></html>"


ONE, TWO = page(RULES), page(OLDER)


def renamed(number, name):
    own = f"These are the terms of service number {number}, which hold beside all other terms."
    return page([own, *RULES[number:], f"The words in these terms mean what the glossary of {name} Limited says."])


def dated(day):
    return page([*RULES, f"These rules apply from {day} 2026 to everybody who has an account."])


@dataclass(frozen=True)
class Story:
    """What the publisher answers from day to day (the last answer stays), and what must come of it."""

    name: str
    answers: list
    told: list = field(default_factory=list)
    """What each told Change says now, in the words that it brought."""
    problem: str | None = None
    """The Problem open at the end."""
    entry: dict = field(default_factory=dict)
    """What `sources.yaml` says besides the address."""

    @property
    def id(self):
        return self.name.replace("/", "-")


STORIES = [
    Story("comes-back-once", [ONE, TWO, ONE], ["18", "16"]),
    Story("alternates-and-settles-on-the-other", [ONE, TWO, ONE, TWO], ["18", "16", "18"]),
    Story("alternates-and-settles-on-the-told", [ONE, TWO, ONE, TWO, ONE], ["18", "16"]),
    Story("alternates-for-ever", [ONE, TWO] * 4, ["18", "16"], "unstable"),
    Story(
        "alternates-and-brings-news",
        [ONE, TWO, ONE, TWO, ONE, page([*RULES, "Gifts are for adults only, whoever sends them."])],
        ["18", "16", "Gifts"],
    ),
    Story("is-cut-to-a-piece", [page(LONG), page(LONG[:3])], problem="shrunk"),
    Story("is-cut-and-accepted", [page(LONG), page(LONG[:3])], problem="shrunk"),
    Story("speaks-another-language", [ONE, page(GERMAN, lang="de")], problem="wrong-language"),
    Story("deep/leads-home", [ONE, Answer(302, headers={"Location": "/"})], problem="soft-404"),
    Story("is-blocked", [ONE, "<html><body></body></html>"], problem="empty"),
    Story("is-gone", [ONE, Answer(404, b"gone")], problem="http-error"),
    Story("moves-its-date", [dated("1 April"), dated("1 May")], ["1 May"]),
    *(Story(f"terms-{n}", [renamed(n, "Chirper"), renamed(n, "Quillfeather")], ["Quillfeather"]) for n in range(4)),
    Story("never-blinks", [ONE, TWO], ["18"], entry={"hold": 0}),
]


@pytest.fixture(scope="module")
def week(tmp_path_factory):
    """All stories, told to the end: (World, what each run printed, by day and hour)."""
    world = World(tmp_path_factory.mktemp("week"))
    with Site() as site:
        site.put("/", page(HOME, "Chirper"))
        for each in STORIES:
            world.watch(id=each.id, url=site.url(f"/{each.name}"), every="1h", **each.entry)
        summaries = {}
        for day in range(1, DAYS + 1):
            for each in STORIES:
                answer = each.answers[min(day, len(each.answers)) - 1]
                if isinstance(answer, Answer):
                    site.pages[f"/{each.name}"] = answer
                else:
                    site.put(f"/{each.name}", answer)
            for hour in (9, 11) if day in SECOND_LOOKS else (9,):
                summaries[day, hour] = world.run(day, hour)
        yield world, summaries


@pytest.fixture(scope="module")
def found(week):
    return week[0].changes()


def told_of(found, name):
    return [
        row
        for row in found
        if row["source"] == name
        and (row["kind"], row["status"]) in {("substantive", "confirmed"), ("editorial", "confirmed")}
    ]


@pytest.mark.parametrize("story", STORIES, ids=lambda each: each.name)
def test_people_are_told_exactly_what_happened(story, found, week):
    told = told_of(found, story.id)
    words = [" ".join(passage["after"] for passage in row["passages"]) for row in told]
    assert len(words) == len(story.told), words
    assert all(expected in said for expected, said in zip(story.told, words, strict=True)), words
    assert week[0].problems().get(story.id) == story.problem


def test_a_doubtful_answer_is_no_change_and_is_kept_as_evidence(week, found):
    assert [row["kind"] for row in found if row["source"] == "is-cut-to-a-piece"] == ["first"]
    states = [row["state"] for row in week[0].call("trace", "is-cut-to-a-piece", "--json").json["fetch"]]
    assert states == ["good", *["rejected"] * (DAYS - 1 + len(SECOND_LOOKS))]


def test_the_note_of_an_unstable_text_names_the_texts_and_how_often(week):
    (row,) = [row for row in week[0].call("problems", "--json").json if row["source"] == "alternates-for-ever"]
    assert "alternates between the texts of 2026-03-01 and 2026-03-02, 6 times in 6 days" in row["detail"]
    assert row["since"] == "2026-03-04T09:00:00Z"


def test_a_text_that_alternates_is_a_note_and_no_failure_of_the_run(week):
    last = week[1][DAYS, 9]
    assert not [line for line in last["failures"] if line.startswith("alternates-for-ever")]


def test_a_return_says_so_and_when_the_text_was_seen(found):
    back = told_of(found, "comes-back-once")[-1]
    assert back["reason"].startswith("returns to the text of 2026-03-01")
    settled = told_of(found, "alternates-and-settles-on-the-other")[-1]
    assert settled["reason"].startswith("returns to the text of 2026-03-02")
    assert (settled["detected_at"], settled["confirmed_at"]) == ("2026-03-04T09:00:00Z", "2026-03-07T09:00:00Z")


def test_how_long_a_change_was_held_is_recorded_and_reported(week, found):
    world, summaries = week
    (change,) = told_of(found, "moves-its-date")
    assert change["held_seconds"] == 7_200
    assert told_of(found, "never-blinks")[0]["held_seconds"] == 0
    assert summaries[2, 11]["held_hours_median"] == 2.0
    assert "held 2 hours until it was seen again" in world.call("show", str(change["id"])).out
    assert " · held 2 hours" in world.call("changes", "--source", "moves-its-date").out


def test_a_date_is_stored_and_shown_with_the_date_that_it_moved_from(week, found):
    (change,) = told_of(found, "moves-its-date")
    assert {"kind": "effective", "date": "2026-05-01", "moved_from": "2026-04-01"}.items() <= change["dates"][0].items()
    assert "effective 1 May 2026 (was 1 Apr 2026)" in week[0].call("show", str(change["id"])).out
    digest = week[0].call("digest", "--format", "markdown", "--since", "2026-03-01", day=DAYS, hour=12).out
    assert "**effective 1 May 2026 (was 1 Apr 2026)**" in digest


def test_the_same_change_in_several_documents_is_one_item_of_the_digest(week, found):
    groups = {row["group"] for row in found if row["source"].startswith("terms-") and row["kind"] != "first"}
    assert len(groups) == 1
    assert groups != {None}
    digest = week[0].call("digest", "--format", "markdown", day=3, hour=12).out
    assert "Example \u203a same change in 4 documents" in digest
    assert all(f"Terms-{n}" in digest for n in range(4))
    assert digest.count("Quillfeather") == len(["the reason", "the quote"])


def test_no_change_stands_in_two_digests_and_none_is_left_out(week, found):
    world, _ = week
    days = range(1, DAYS + 1)
    digests = [world.call("digest", "--format", "json", day=day, hour=12).json[0] for day in days]
    told = [change["id"] for digest in digests for change in (*digest["changes"], *digest["alerted"])]
    assert sorted(told) == sorted(row["id"] for story in STORIES for row in told_of(found, story.id))


# What if, after the week


def sha256(world):
    return hashlib.sha256((world.folder / "var" / "monitor.db").read_bytes()).hexdigest()


def test_with_the_same_rules_nothing_would_be_judged_otherwise(week):
    done = week[0].call("process", "--what-if", day=DAYS, hour=11)
    assert done.status == 0
    assert done.out.endswith(" judged again, 0 otherwise: would have told 0 more and kept 0 quiet\n")


def test_what_if_lists_what_other_selectors_would_have_kept_quiet_and_writes_nothing(week):
    world, _ = week
    entry = next(each for each in world.declared["sources"] if each["id"] == "moves-its-date")
    before = sha256(world)
    entry["remove"] = ["p:last-child"]
    world.write()
    done = world.call("process", "--what-if", "--json", day=DAYS, hour=11)
    del entry["remove"]
    world.write()
    (row,) = done.lines
    assert (row["source"], row["was"]["kind"], row["was"]["told"]) == ("moves-its-date", "substantive", True)
    assert (row["would_be"]["kind"], row["would_be"]["told"]) == ("none", False)
    assert "1 otherwise: would have told 0 more and kept 1 quiet" in done.err
    assert sha256(world) == before


def test_what_if_names_answers_that_would_be_problems_now(week):
    world, _ = week
    entry = next(each for each in world.declared["sources"] if each["id"] == "moves-its-date")
    entry["select"] = ["article"]
    world.write()
    done = world.call("process", "--what-if", day=DAYS, hour=11)
    del entry["select"]
    world.write()
    assert "→ selector-lost, quiet" in done.out


# Overruling, after the week


def test_nothing_can_be_accepted_where_nothing_is_doubted(week):
    done = week[0].call("sources", "accept", "comes-back-once", day=DAYS, hour=10)
    assert done.status == 2
    assert "nothing to accept" in done.err


def test_a_problem_that_is_beyond_doubt_cannot_be_accepted(week):
    done = week[0].call("sources", "accept", "is-gone", day=DAYS, hour=10)
    assert done.status == 2
    assert "http-error is beyond doubt" in done.err


def test_an_unknown_source_is_named(week):
    assert week[0].call("sources", "accept", "no-such-source").status == 2


def test_an_accepted_answer_becomes_the_text_and_is_never_doubted_again(week):
    world, _ = week
    name = "is-cut-and-accepted"
    done = world.call("sources", "accept", name, "--note", "they cut it", day=DAYS, hour=10)
    assert done.status == 0, done.out + done.err
    assert "accepted for good" in done.out
    assert name not in world.problems()
    told = told_of(world.changes(), name)
    assert [row["detected_at"] for row in told] == ["2026-03-02T09:00:00Z"]
    assert "they cut it" in world.call("trace", name).out
    assert f"{name}: forgotten: " in world.call("sources", "accept", name, "--undo").out
    assert f"{name}: nothing was accepted" in world.call("sources", "accept", name, "--undo").out
