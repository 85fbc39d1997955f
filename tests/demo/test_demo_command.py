"""`monitor demo` as a stranger starts it: the whole story, and the files it promises."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from monitor.store import Database

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / "play"
    command = [sys.executable, "-m", "monitor", "demo", "--folder", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


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


def test_what_is_no_news_is_kept_quiet_with_its_reason(demo):
    quiet = demo[1].split("Kept quiet, with the reason")[1]
    assert "links       chatterfen-terms: only link targets differ" in quiet
    assert "moved       chatterfen-minor-safety: paragraphs in another order" in quiet


def ask(folder, sql):
    return Database(folder / "monitor.db").execute(sql).fetchall()


def test_a_bot_wall_is_a_problem_and_no_change(demo):
    folder, told = demo
    assert "chatterfen-privacy · blocked since 3 Nov 2026" in told
    assert ask(folder, "SELECT kind FROM change WHERE document_id = 'chatterfen-privacy'") == [("first",)]
    assert ask(folder, "SELECT closed_at FROM problem WHERE kind = 'blocked'") == [("2026-11-04T07:00:00Z",)]


def test_a_ticking_footer_brings_new_bytes_and_no_change(demo):
    of_privacy = "JOIN resource ON resource.id = resource_id WHERE source_id = 'chatterfen-privacy'"
    assert len(ask(demo[0], f"SELECT snapshot.id FROM snapshot {of_privacy}")) == 3
    assert len(ask(demo[0], "SELECT id FROM version WHERE document_id = 'chatterfen-privacy'")) == 1


def test_the_digest_can_be_seen_as_slack_shows_it(demo):
    paths = re.findall(r"^\s+(/\S+\.html)$", demo[1], re.MULTILINE)
    assert len(paths) == 2
    assert all("Procedures touched" in Path(path).read_text(encoding="utf-8") for path in paths)


def test_a_folder_that_holds_other_files_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    command = [sys.executable, "-m", "monitor", "demo", "--folder", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "holds files that are no demo's" in done.stderr
    assert (tmp_path / "thesis.txt").read_text() == "years of work"
