"""From the page of a publisher to its text: what scripts make is watched like every other page."""

from __future__ import annotations

import pytest

SHELL = """<!doctype html><title>Rules</title><main></main><script>
    fetch("/text").then(answer => answer.text()).then(text => document.querySelector("main").innerHTML = text);
</script>"""


@pytest.mark.drill
def test_a_source_that_needs_a_browser_is_read_in_one(chromium, world, site):
    site.put("/rules", SHELL)
    site.put("/text", "<h1>Rules</h1>" + "<p>Hosts must be at least 16 years old, and so must their guests.</p>" * 20)
    world.watch(id="rules", url=site.url("/rules"), select=["main"], render=True)
    done = world.call("run", "--json")
    assert (done.status, done.json["first"], done.json["problems"]) == (0, 1, 0)
    assert "Hosts must be at least 16 years old" in world.call("show", "rules", "--at", "2026-03-02").out
