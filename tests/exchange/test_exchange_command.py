"""`monitor sources import` and `export`, as a person runs them, each in a process of its own."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys

import pytest

from monitor.sources import load_sources
from scenarios.world import run_command

FILE = """\
# What we watch
packs:
  - id: gb
    name: United Kingdom

sources:
  - id: gb-hub
    name: Hub
    pack: gb
    publisher: Regulator
    jurisdiction: GB
    kind: html
    url: https://regulator.example/hub
    topics: [privacy]
  # the feed of the hub
  - id: gb-news
    name: Regulator news
    pack: gb
    publisher: Regulator
    jurisdiction: GB
    kind: atom
    url: https://regulator.example/news
    enabled: false
"""
OPML = """<opml version="2.0"><body>
<outline text="Press"><outline text="Safety &amp; law" xmlUrl="https://press.example/feed"/></outline>
<outline text="News" xmlUrl="https://regulator.example/news"/>{more}</body></opml>"""
TERMS = {
    "Privacy Policy": {"fetch": "https://example.org/privacy", "select": {"startBefore": "h1", "endBefore": "footer"}},
    "Terms of Service": {"fetch": "https://example.org/terms", "select": "main", "filter": ["tidy"]},
}


@pytest.fixture
def run(tmp_path):
    """Run `monitor sources …` in a folder with the file; gives exit status, output and errors."""
    (tmp_path / "sources.yaml").write_text(FILE, encoding="utf-8")
    (tmp_path / "feeds.opml").write_text(OPML.format(more=""), encoding="utf-8")
    home = tmp_path / "invented-declarations" / "declarations"
    home.mkdir(parents=True)
    (home / "Example.json").write_text(json.dumps({"name": "Example", "terms": TERMS}), encoding="utf-8")

    def run(*args):
        done = run_command(["sources", *args], os.environ, tmp_path)
        return done.status, done.out, done.err

    return run


def test_without_write_a_file_of_its_own_is_printed_and_nothing_is_touched(run, tmp_path):
    status, output, errors = run("import", "opml", "feeds.opml")
    assert (status, (tmp_path / "sources.yaml").read_text(encoding="utf-8")) == (0, FILE)
    assert output == (
        "packs:\n  - id: press\n    name: Press\n"
        "sources:\n  - id: press-safety-law\n    name: Safety & law\n    pack: press\n    publisher: Press\n"
        "    jurisdiction: global\n    kind: rss\n    url: https://press.example/feed\n"
    )
    assert errors.splitlines() == [
        "1 source to add, 1 watched already",
        "  new pack press",
        "With --write it goes into the file.",
    ]
    (tmp_path / "more.yaml").write_text(output, encoding="utf-8")
    assert [each.id for each in load_sources(tmp_path / "more.yaml").sources] == ["press-safety-law"]


def test_with_write_it_goes_into_the_file_and_everything_else_stays(run, tmp_path):
    status, output, _ = run("import", "ota", "invented-declarations", "--off", "--write")
    assert status == 0
    assert output.splitlines() == [
        "2 sources written to sources.yaml",
        "  Example, Terms of Service: taken without its filters: tidy",
        "  new pack ota-invented, switched off",
        "`monitor sources try ID` shows what would be kept of one.",
    ]
    text = (tmp_path / "sources.yaml").read_text(encoding="utf-8")
    pack = "  - id: ota-invented\n    name: invented (Open Terms Archive)\n    enabled: false\n"
    before, _, after = text.partition(pack)
    assert FILE.startswith(before)
    assert (before + after).startswith(FILE)
    declared = load_sources(tmp_path / "sources.yaml")
    assert [each.id for each in declared.get_pack("ota-invented")] == [
        "example-privacy-policy",
        "example-terms-of-service",
    ]
    assert not any(each.enabled for each in declared.get_pack("ota-invented"))
    assert run("import", "ota", "invented-declarations", "--write")[1].splitlines() == [
        "0 sources written to sources.yaml, 2 watched already"
    ]


def test_what_cannot_be_used_is_named_with_exit_status_1_and_the_rest_is_written(run, tmp_path):
    (tmp_path / "feeds.opml").write_text(OPML.format(more='<outline text="C" xmlUrl="gopher://c.example"/>'), "utf-8")
    status, output, _ = run("import", "opml", "feeds.opml", "--pack", "gb", "--write")
    assert status == 1
    first, second, *_ = output.splitlines()
    assert first == "1 source written to sources.yaml, 1 watched already, 1 not taken"
    assert second.startswith('  not taken: C: url: "gopher://c.example" is no address: it begins with neither')
    assert [each.id for each in load_sources(tmp_path / "sources.yaml").get_pack("gb")] == [
        "gb-hub",
        "gb-news",
        "press-safety-law",
    ]


def test_a_declaration_that_is_broken_is_not_taken(run, tmp_path):
    (tmp_path / "invented-declarations" / "declarations" / "Broken.json").write_text("{", encoding="utf-8")
    status, output, _ = run("import", "ota", "invented-declarations", "--write")
    assert (status, output.splitlines()[0]) == (1, "2 sources written to sources.yaml, 1 not taken")
    assert output.splitlines()[1].startswith("  not taken: Broken.json: no declaration of a service (")


@pytest.mark.parametrize("written", [None, "", "sources: []\n"])
def test_a_new_user_begins_with_what_a_reader_has(run, tmp_path, written):
    (tmp_path / "sources.yaml").unlink()
    if written is not None:
        (tmp_path / "sources.yaml").write_text(written, encoding="utf-8")
    status, output, _ = run("import", "opml", "feeds.opml", "--write")
    assert (status, output.splitlines()[0]) == (0, "2 sources written to sources.yaml (begun)")
    assert [each.id for each in load_sources(tmp_path / "sources.yaml").sources] == [
        "press-safety-law",
        "regulator-news",
    ]


def test_where_no_file_can_be_written_the_list_is_not_even_read(run, monkeypatch):
    monkeypatch.setenv("MONITOR_SOURCES", "nowhere/s.yaml")
    status, output, errors = run("import", "opml", "sources.yaml", "--write")
    assert (status, output) == (2, "")
    assert errors == "monitor: nowhere/s.yaml: cannot be written (no such folder). Nothing was written.\n"


def test_a_file_that_cannot_be_added_to_is_left_as_it_is(run, tmp_path):
    written = json.dumps({"sources": [{"id": "x", "name": "X", "publisher": "X", "jurisdiction": "GB", "kind": "rss",
                                       "url": "https://x.example/"}]})  # fmt: skip
    (tmp_path / "sources.yaml").write_text(written, encoding="utf-8")
    status, _, errors = run("import", "opml", "feeds.opml", "--write")
    assert (status, (tmp_path / "sources.yaml").read_text(encoding="utf-8")) == (2, written)
    assert "nothing was written" in errors
    assert "Without --write it is printed" in errors


def test_what_is_no_list_ends_with_status_2(run):
    status, _, errors = run("import", "opml", "sources.yaml")
    assert (status, errors.startswith("monitor: sources.yaml: this is no OPML: ")) == (2, True)


def test_feeds_are_exported_as_opml_and_come_back(run, tmp_path):
    status, output, errors = run("export")
    assert (status, errors) == (0, "1 feed; left out: 1 source of other kinds (--format json or csv)\n")
    (tmp_path / "out.opml").write_text(output, encoding="utf-8")
    assert run("import", "opml", "out.opml")[2].startswith("0 sources to add, 1 watched already\n")


def test_everything_is_exported_as_json_and_csv(run):
    assert [each["id"] for each in json.loads(run("export", "--format", "json")[1])] == ["gb-hub", "gb-news"]
    rows = csv.DictReader(io.StringIO(run("export", "--format", "csv", "--pack", "gb", "--on")[1]))
    assert [each["id"] for each in rows] == ["gb-hub"]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--on",), "none of these sources is a feed, and OPML holds feeds only. Use --format json or csv."),
        (("--pack", "g"), "g: no source is in a pack of this name."),
    ],
)
def test_what_cannot_be_exported_is_said(run, args, said):
    status, output, errors = run("export", *args)
    assert (status, output) == (2, "")
    assert said in errors


@pytest.mark.parametrize(
    "args",
    [
        ("export",),
        ("export", "--format", "json"),
        ("coverage",),
        ("coverage", "--json"),
        ("import", "opml", "feeds.opml"),
    ],
)
@pytest.mark.usefixtures("run")
def test_who_stops_reading_what_is_printed_ends_it_without_a_failure(tmp_path, args):
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "monitor", "sources", *args]
    done = subprocess.run(command, cwd=tmp_path, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert done.returncode == 0
    assert b"Broken" not in done.stderr
    assert b"Traceback" not in done.stderr
