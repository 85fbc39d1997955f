"""`monitor demo` as a stranger starts it: the whole story, and the files it promises."""

import os
import re
import shlex
import subprocess
from http import HTTPStatus
from pathlib import Path
from urllib.request import urlopen

import pytest

from monitor.cli.demo import _set_stage
from monitor.errors import ConfigurationError
from monitor.store import Database
from scenarios.world import run_command


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / "play"
    done = run_command(["demo", "--folder", str(folder)], os.environ, seconds=180)
    assert done.status == 0, done.err
    return folder, done.out


@pytest.mark.slow
@pytest.mark.parametrize(
    "told",
    [
        "You must be 18 or older to host a livestream.",
        "Livestream monitoring › Age checks",
        "Do not use a synthetic copy of a real person's voice",
        "Statutory guidance: minors and livestreaming",
        "note of each age check for 24 months",
    ],
)
def test_the_story_is_told(demo, told):
    assert told in demo[1]


@pytest.mark.slow
def test_what_is_no_news_is_kept_quiet_with_its_reason(demo):
    quiet = demo[1].split("Kept quiet, with the reason")[1]
    assert "links       chatterfen-terms: only link targets differ" in quiet
    assert "moved       chatterfen-minor-safety: nothing but 1 × moved passage" in quiet


def ask(folder, sql):
    return Database(folder / "monitor.db").execute(sql).fetchall()


@pytest.mark.slow
def test_a_bot_wall_is_a_problem_and_no_change(demo):
    folder, told = demo
    assert "chatterfen-privacy · unreadable since 3 Nov 2026 · blocked" in told
    assert ask(folder, "SELECT kind FROM change WHERE document_id = 'chatterfen-privacy'") == [("first",)]
    assert ask(folder, "SELECT closed_at FROM problem WHERE kind = 'blocked'") == [("2026-11-04T07:00:00Z",)]


@pytest.mark.slow
def test_a_ticking_footer_brings_new_bytes_and_no_change(demo):
    of_privacy = "JOIN resource ON resource.id = resource_id WHERE source_id = 'chatterfen-privacy'"
    assert len(ask(demo[0], f"SELECT snapshot.id FROM snapshot {of_privacy}")) == 3
    assert len(ask(demo[0], "SELECT id FROM version WHERE document_id = 'chatterfen-privacy'")) == 1
    assert re.search(r"same text +\d+ answers had other bytes only", demo[1])


@pytest.mark.slow
def test_the_command_that_it_ends_on_works_as_printed(demo):
    last = shlex.split(demo[1].splitlines()[-1])
    done = subprocess.run(last, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("source   chatterfen-guidelines")


@pytest.mark.slow
def test_the_desk_of_that_day_is_served_as_printed_and_asks_nobody(demo):
    folder, told = demo
    (line,) = [line for line in told.splitlines() if line.endswith(" serve")]
    fetches = ask(folder, "SELECT count(*) FROM fetch")
    with subprocess.Popen(["env", *shlex.split(line), "--port", "0"], stdout=subprocess.PIPE, text=True) as served:
        link = re.search(r"http://\S+", served.stdout.readline())
        with urlopen(link[0], timeout=10) as page:
            assert page.status == HTTPStatus.OK
        served.terminate()
        assert served.wait(timeout=60) == 0
    assert ask(folder, "SELECT count(*) FROM fetch") == fetches


@pytest.mark.slow
def test_each_run_is_told_in_words_that_count(demo):
    assert "9 sources asked: 3 changes found, 1 kept quiet, 1 problem\n" in demo[1]
    assert "10:00 UTC  nothing is due: 2 digests composed" in demo[1]


@pytest.mark.slow
def test_the_digest_can_be_seen_as_slack_shows_it(demo):
    paths = re.findall(r"^\s+(/\S+\.html)$", demo[1], re.MULTILINE)
    assert len(paths) == 2
    assert all("Procedures touched" in Path(path).read_text(encoding="utf-8") for path in paths)


@pytest.mark.slow
def test_a_folder_that_no_demo_made_is_left_alone(tmp_path):
    for name in ("thesis.txt", "sources.yaml", "monitor.db"):
        (tmp_path / name).write_text("years of work")
    done = run_command(["demo", "--folder", str(tmp_path)], os.environ)
    assert done.status == 2
    assert "not empty, and not made by an earlier demo; nothing was deleted. Name a new folder" in done.err
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == dict.fromkeys(
        ("thesis.txt", "sources.yaml", "monitor.db"), "years of work"
    )


def test_in_the_folder_of_an_earlier_demo_only_what_it_made_is_deleted(tmp_path):
    _set_stage(tmp_path / "play")
    (tmp_path / "play" / "digests").mkdir()
    for name in ("monitor.db", "monitor.db-wal", "sources.yaml", "digests/day.html", "notes.txt"):
        (tmp_path / "play" / name).write_text("x")
    _set_stage(tmp_path / "play")
    assert sorted(path.name for path in (tmp_path / "play").iterdir()) == [".policy-monitor-demo", "notes.txt"]


def test_a_file_where_the_folder_should_be_is_named_with_the_reason(tmp_path):
    (tmp_path / "play").write_text("a file")
    with pytest.raises(ConfigurationError, match=r"play: the demo cannot play there \(File exists\)\. Name a folder"):
        _set_stage(tmp_path / "play")
    assert (tmp_path / "play").read_text() == "a file"
