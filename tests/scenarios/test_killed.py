"""Killed at any moment and started again, the main job ends where an undisturbed one does: nothing lost or twice."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass

import pytest

from local_site import Answer, Site
from monitor.store import Database
from scenarios.test_situations import GUIDANCE, OLDER, OPINION, RULES, atom, page
from scenarios.world import World
from slack.server import LocalSlack

SEED = 20260301
MOMENTS = [(1, 7), (2, 7), (2, 9), (3, 7), (3, 9)]

PAGES = {
    "/rules": [page(RULES), page(OLDER)],
    "/terms": [page(["One.", "Two."]), page(["One.", "Two."]), page(["One.", "Two."]), page(["One.", "Three."])],
    "/part-one": [page(["Alpha."]), page(["Alpha, changed."])],
    "/part-two": [page(["Beta."]), page(["Beta, changed."])],
    "/wall": [page(RULES), "<html><body></body></html>", "<html><body></body></html>", page(RULES)],
    "/feed": [atom(OPINION), atom(GUIDANCE, OPINION)],
}


@dataclass
class Ending:
    """What is there at the end, apart from row numbers and from how often was asked."""

    versions: list
    changes: list
    passages: list
    impacts: list
    problems: list
    deliveries: list
    messages: list


def play(folder, kills):
    """The five runs, with `kills` of them killed at random moments and started again."""
    chance = random.Random(SEED)
    with Site() as site, LocalSlack() as slack:
        world = World(folder, slack)
        for name in ("rules", "terms", "wall"):
            world.watch(id=name, url=site.url(f"/{name}"), every="1h")
        world.watch(id="both", urls=[site.url("/part-one"), site.url("/part-two")], every="1h")
        world.watch(id="news", url=site.url("/feed"), kind="atom", every="1h")
        usual = 3.0
        for number, (day, hour) in enumerate(MOMENTS):
            put(site, number)
            for _ in range(kills // len(MOMENTS)):
                kill(world, day, hour, after=chance.uniform(0.2, usual))
            began = time.monotonic()
            world.run(day, hour)
            usual = time.monotonic() - began
        world.call("deliver", day=3, hour=10)
        return read_ending(world, slack)


def put(site, number):
    for path, answers in PAGES.items():
        answer = answers[min(number, len(answers) - 1)]
        if isinstance(answer, Answer):
            site.pages[path] = answer
        else:
            site.put(path, answer)


def kill(world, day, hour, after):
    process = world.start("run", "--json", day=day, hour=hour)
    time.sleep(after)
    process.kill()
    process.communicate()


def read_ending(world, slack):
    db = Database(world.folder / "var" / "monitor.db")

    def rows(sql):
        return [tuple(row.values()) for row in db.query(sql)]

    return Ending(
        versions=rows("SELECT document_id, text_sha256, title, observed_at FROM version ORDER BY document_id, id"),
        changes=rows(
            "SELECT document_id, kind, status, reason, summary, detected_at, confirmed_at FROM change "
            "ORDER BY document_id, id"
        ),
        passages=rows(
            "SELECT document_id, op, heading, before, after FROM passage JOIN change ON change.id = change_id "
            "ORDER BY document_id, passage.id"
        ),
        impacts=rows(
            "SELECT document_id, section_id, probability FROM impact JOIN change ON change.id = change_id "
            "ORDER BY document_id, change_id, section_id"
        ),
        problems=rows(
            "SELECT source_id, kind, opened_at, closed_at FROM problem JOIN resource ON resource.id = resource_id"
        ),
        deliveries=rows("SELECT digest_id, channel, part, state FROM delivery ORDER BY digest_id, channel, part"),
        messages=[message["text"] for message in slack.messages],
    )


@pytest.mark.slow
@pytest.mark.parametrize("kills", [2, pytest.param(20, marks=pytest.mark.drill)])
def test_kills_leave_what_an_undisturbed_run_leaves(tmp_path, kills):
    calm, disturbed = tmp_path / "calm", tmp_path / "disturbed"
    calm.mkdir()
    disturbed.mkdir()
    expected = play(calm, kills=0)
    assert len(expected.messages) == 3  # that of the first day was missed at nine, and is made up the next morning
    assert {row[-1] for row in expected.deliveries} == {"sent"}
    assert play(disturbed, kills) == expected
