"""Bad input ends in a message that says what, which, why and what to do; the other sources are unharmed."""

from __future__ import annotations

import gzip

import pytest

from local_site import Answer, Fault
from scenarios.test_situations import RULES, page
from scenarios.world import World

pytestmark = pytest.mark.slow


HTML = {"Content-Type": "text/html; charset=utf-8"}
HEALTHY = page(RULES)


def a_gzip_bomb():
    return gzip.compress(b"<p>" + b"all work and no play " * 5_000_000)


@pytest.fixture(scope="module")
def bad_world(tmp_path_factory, module_site):
    """One run over a healthy source and everything that goes wrong at a publisher."""
    site = module_site
    site.put("/healthy", HEALTHY)
    site.pages["/fails"] = Answer(500, b"oops")
    site.pages["/huge"] = Answer(200, b"<p>" + b"x" * 30_000_000, HTML)
    site.pages["/bomb"] = Answer(200, a_gzip_bomb(), {**HTML, "Content-Encoding": "gzip"})
    site.pages["/cut-short"] = Answer(200, HEALTHY.encode(), HTML, fault=Fault.CUT_SHORT)
    site.pages["/latin"] = Answer(
        200, page(["Café owners must be 18."]).encode(), {"Content-Type": "text/html; charset=iso-8859-1"}
    )
    site.put("/feed", HEALTHY)
    site.robots = "User-agent: *\nDisallow: /private"
    site.put("/private", HEALTHY)
    world = World(tmp_path_factory.mktemp("bad"))
    for name in ("healthy", "fails", "huge", "bomb", "cut-short", "latin", "private"):
        world.watch(id=name, url=site.url(f"/{name}"))
    world.watch(id="feed", url=site.url("/feed"), kind="rss")
    world.watch(id="unreachable", url="http://127.0.0.1:9/")
    world.watch(id="no-such-host", url="http://no-such-host.invalid/")
    return world, world.call("run")


@pytest.fixture(scope="module")
def module_site():
    from local_site import Site

    with Site() as site:
        yield site


@pytest.mark.parametrize(
    ("source", "problem", "said"),
    [
        ("fails", "http-error", "500"),
        ("huge", "too-large", "16"),
        ("bomb", "too-large", "decompress"),
        ("cut-short", "broken", "cut short"),
        ("private", "robots", "robots.txt"),
        ("feed", "not-a-feed", "HTML"),
        ("unreachable", "unreachable", "127.0.0.1"),
        ("no-such-host", "unreachable", "no-such-host.invalid"),
    ],
)
def test_what_goes_wrong_at_a_publisher_is_a_problem_named_in_the_output(bad_world, source, problem, said):
    world, done = bad_world
    (row,) = [row for row in world.call("problems", "--json").json if row["source"] == source]
    assert row["problem"] == problem
    assert said in f"{row['detail']} {row['url']} {row['advice']}"
    assert row["advice"]
    assert f"{source}: {problem}: {row['detail']}" in done.out


def test_a_run_with_failures_ends_with_status_one(bad_world):
    assert bad_world[1].status == 1


def test_the_others_are_unharmed(bad_world):
    world, _ = bad_world
    assert {row["source"] for row in world.changes(kind="first")} == {"healthy", "latin"}


def test_a_wrong_charset_gives_no_mojibake(bad_world):
    assert "Café owners must be 18." in bad_world[0].call("show", "latin").out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sources: [", ["sources.yaml:2", "no YAML"]),
        ("sources:\n  - id: x\n    select: ['p[[[']\n", ["sources.yaml:3", "p[[[", "CSS selector"]),
        ("sources:\n  - id: a\n    kind: telepathy\n    every: often\n", ["telepathy", "often", "name"]),
    ],
)
def test_a_broken_sources_file_lists_every_mistake_and_nothing_is_crawled(tmp_path, text, said):
    world = World(tmp_path)
    (tmp_path / "sources.yaml").write_text(text)
    done = world.call("run")
    assert done.status == 2
    for words in said:
        assert words in done.err
    assert not (tmp_path / "var").exists()


def test_a_missing_sources_file_says_how_to_get_one(tmp_path):
    done = World(tmp_path).call("run")
    assert done.status == 2
    assert "sources.yaml: there is no such file" in done.err


def test_an_sop_without_front_matter_is_named_and_the_others_load(world, site):
    site.put("/rules", HEALTHY)
    world.watch(id="rules", url=site.url("/rules"))
    (world.sops / "bare.md").write_text("# Nothing above me\n\nText.\n")
    done = world.call("run")
    assert done.status == 1
    assert "bare.md" in done.out
    assert "SOP-1" in world.call("sops", "list").out
    assert world.call("sops", "check").status == 1


def test_a_source_that_does_not_exist_is_answered_with_the_nearest(world, site):
    world.watch(id="rules", url=site.url("/rules"))
    done = world.call("crawl", "ruls")
    assert done.status == 2
    assert "Did you mean rules?" in done.err


def test_a_source_that_is_switched_off_says_so(world, site):
    world.watch(id="rules", url=site.url("/rules"))
    world.watch(id="off", url=site.url("/off"), enabled=False)
    done = world.call("crawl", "off")
    assert done.status == 2
    assert "enabled: true" in done.err


def test_a_database_that_is_none_is_named_and_left_alone(world, site):
    world.watch(id="rules", url=site.url("/rules"))
    (world.folder / "var").mkdir()
    (world.folder / "var" / "monitor.db").write_text("no database")
    done = world.call("run")
    assert done.status == 2
    assert "monitor.db: the database cannot be opened" in done.err
    assert (world.folder / "var" / "monitor.db").read_text() == "no database"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("MONITOR_NOW", "yesterday", "MONITOR_NOW"),
        ("MONITOR_ALLOW_PRIVATE", "perhaps", "MONITOR_ALLOW_PRIVATE"),
        ("SLACK_API_URL", "slack", "SLACK_API_URL"),
    ],
)
def test_an_environment_variable_that_cannot_be_used_is_named(tmp_path, name, value, said):
    world = World(tmp_path, **{name: value})
    done = world.call("problems")
    assert done.status == 2
    assert said in done.err


def test_a_private_address_is_refused_unless_it_is_allowed(world, site):
    site.put("/rules", HEALTHY)
    world.watch(id="rules", url=site.url("/rules"))
    del world.environment["MONITOR_ALLOW_PRIVATE"]
    done = world.call("run")
    assert done.status == 1
    assert world.problems() == {"rules": "refused-address"}
    assert site.requests == []
