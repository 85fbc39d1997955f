"""`changes`, `problems`, `show` and `trace` as people call them: on no database, an empty one, and a small history."""

import re

import pytest
from click.testing import CliRunner

from local_site import Site
from monitor.cli import cli
from monitor.errors import NotFoundError, StoreError
from monitor.store import open_store
from scenarios.world import World

FEED = """<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>
<entry><id>tag:1</id><title>Decision: Age checks</title><updated>2026-02-27T00:00:00Z</updated>
<link href="http://news.example/1"/><content type="html">&lt;p&gt;Livestream hosts must be at least 18 years old from
May 2026 on, and platforms keep a note of each check for two years.&lt;/p&gt;</content></entry></feed>
"""
RULE = "A host of a livestream must be at least {} years old, and is asked for proof before the first livestream."


def call(db, *words):
    """What the command prints, in this process; what it raises is raised."""
    return CliRunner().invoke(cli, ["--db", str(db), *words], catch_exceptions=False)


@pytest.mark.parametrize("words", [["changes"], ["problems"], ["show", "rules"], ["trace", "rules"]])
def test_looking_where_there_is_no_database_says_what_to_do_and_makes_none(tmp_path, words):
    with pytest.raises(StoreError, match='Run "monitor run" first'):
        call(tmp_path / "var" / "monitor.db", *words)
    assert not (tmp_path / "var").exists()


def test_where_nothing_was_asked_yet_no_source_is_called_readable(tmp_path):
    open_store(tmp_path / "monitor.db").close()
    said = call(tmp_path / "monitor.db", "problems").output
    assert said == "Nothing has been asked yet. Start with: monitor run\n"


def test_a_weekly_digest_since_a_time_is_two_wishes_at_once(tmp_path):
    done = call(tmp_path / "monitor.db", "digest", "--period", "weekly", "--since", "2026-01-01")
    assert done.exit_code == 2
    assert "leave out --period weekly" in done.output


def test_sop_files_that_cannot_be_used_are_counted_below_the_list(tmp_path):
    (tmp_path / "good.md").write_text("---\nid: SOP-1\ntitle: Ages\nowner: desk\n---\n# Ages\n\nAsk for proof.\n")
    (tmp_path / "bad.md").write_text("---\nid: [\n---\n")
    done = CliRunner().invoke(cli, ["--sops", str(tmp_path), "sops", "list"])
    assert done.output.endswith("1 file cannot be used: monitor sops check\n")


@pytest.fixture(scope="module")
def history(tmp_path_factory):
    """A rule that said 17 for an hour between two looks, then 18; and a feed of one entry. The path of its database."""
    world = World(tmp_path_factory.mktemp("history"))
    with Site() as site:
        site.put("/news", FEED, media_type="application/atom+xml")
        world.watch(id="rules", url=site.url("/rules"))
        world.watch(id="news", url=site.url("/news"), kind="atom")
        for day, age in enumerate((16, 17, 18), start=1):
            site.put("/rules", f"<main><h1>Rules</h1><p>{RULE.format(age)}</p></main>")
            world.run(day=day)
    return world.folder / "var" / "monitor.db"


@pytest.mark.slow
def test_a_change_that_was_replaced_says_that_nobody_was_told(history):
    lines = call(history, "changes", "--all").output.splitlines()
    (replaced,) = [line for line in lines if "(superseded)" in line]
    shown = call(history, "show", replaced.split()[0]).output
    assert "Replaced before it was seen twice; nobody was told of this one." in shown


@pytest.mark.slow
def test_an_entry_of_a_feed_is_found_by_its_own_id_by_its_change_and_by_its_feed(history):
    lines = call(history, "changes", "--all", "--source", "news").output.splitlines()
    (number, entry) = re.fullmatch(r" +(\d+) .*first +(news/\w+)  .*", lines[0]).groups()
    assert call(history, "trace", number).output == call(history, "trace", entry).output
    assert f"{entry} as observed 2026-03-01 07:00 UTC" in call(history, "show", entry, "--at", "2026-03-03").output
    with pytest.raises(NotFoundError, match=re.escape(f'Did you mean {entry} ("Decision: Age checks")?')):
        call(history, "trace", "news")


@pytest.mark.slow
def test_a_source_that_is_not_known_is_no_source_without_changes(history):
    with pytest.raises(NotFoundError, match=r"rulse: the database knows no source .* Did you mean rules\?"):
        call(history, "changes", "--source", "rulse")
