"""When we read differently: other selectors give another text, which is ours to know and nobody's to be told."""

from __future__ import annotations

import pytest

from scenarios.test_situations import OLDER, RULES, page

pytestmark = pytest.mark.slow


def with_intro(rules, **options):
    return page(rules, **options).replace(
        "<main>", "<main><div class='intro'><p>These rules hold for everybody.</p></div>"
    )


def select(world, **entry):
    world.declared["sources"][0] |= entry
    world.write()


def kinds(world):
    return [f"{row['kind']} {row['status']}" for row in world.changes()]


def test_an_edited_selector_tells_nobody(world, site):
    site.put("/rules", with_intro(RULES))
    world.watch(id="rules", url=site.url("/rules"), every="1h", select=["main"])
    world.run(day=1)
    select(world, remove=[".intro"])
    site.put("/rules", with_intro(RULES, tick=1))
    world.run(day=2)
    assert kinds(world) == ["first confirmed", "re-extracted confirmed"]


def test_edited_selectors_are_applied_to_what_is_stored_without_asking_the_publisher(world, site):
    site.put("/rules", with_intro(RULES))
    world.watch(id="rules", url=site.url("/rules"), every="1h", select=["main"])
    world.run(day=1)
    select(world, remove=[".intro"])
    asked = len(site.requests)
    done = world.call("process", "--json", day=1, hour=8)
    assert (done.status, done.json["quiet"], done.json["changes"]) == (0, 1, 0)
    assert world.call("process", day=1, hour=8).out == "Changes  0 found, 0 confirmed, 0 kept quiet, 0 first looks\n"
    assert kinds(world) == ["first confirmed", "re-extracted confirmed"]
    assert "hold for everybody" not in world.call("show", "rules", day=1, hour=8).out
    assert len(site.requests) == asked


def test_what_the_publisher_changed_at_the_same_time_is_told(world, site):
    site.put("/rules", with_intro(RULES))
    world.watch(id="rules", url=site.url("/rules"), every="1h", select=["main"])
    world.run(day=1)
    select(world, remove=[".intro"])
    site.put("/rules", with_intro(OLDER))
    world.run(day=2)
    world.run(day=2, hour=9)
    assert kinds(world) == ["first confirmed", "re-extracted confirmed", "substantive confirmed"]
    (passage,) = world.changes(kind="substantive")[0]["passages"]
    assert (passage["before"], passage["after"]) == (RULES[1], OLDER[1])


def test_a_mended_selector_closes_the_problem_although_the_page_is_the_same(world, site):
    site.put("/rules", page(RULES))
    world.watch(id="rules", url=site.url("/rules"), every="1h", select=["article"])
    world.run(day=1)
    assert world.problems() == {"rules": "selector-lost"}
    select(world, select=["main"])
    world.run(day=1, hour=9)
    assert world.problems() == {}
    assert kinds(world) == ["first confirmed"]


def test_several_addresses_are_one_text_in_their_order(world, site):
    site.put("/one", page(["Alpha comes first here."]))
    site.put("/two", page(["Beta comes second here."]))
    world.watch(id="both", urls=[site.url("/one"), site.url("/two")], every="1h")
    world.run(day=1)
    site.put("/two", page(["Gamma comes second here."]))
    world.run(day=2)
    assert kinds(world) == ["first confirmed", "substantive provisional"]
    text = world.call("show", "both", day=3).out
    assert text.index("Alpha") < text.index("Gamma")


def test_a_source_that_leaves_the_file_while_its_answers_wait_stops_nobody(world, site):
    site.put("/rules", page(RULES))
    world.watch(id="rules", url=site.url("/rules"), every="1h")
    world.run(day=1)
    world.declared["sources"][0]["id"] = "other"
    world.write()
    assert world.run(day=2)["first"] == 1
