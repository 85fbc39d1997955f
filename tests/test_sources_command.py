"""`monitor sources list`, `check` and `try`, as a person runs them."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from click.testing import CliRunner

from monitor.cli import cli
from monitor.errors import ConfigurationError, NotFoundError

PAGE = """<html><head><title>Invented rules</title></head><body><nav>Menu</nav><main><h1>Rules</h1>
<h2>People</h2><p>Be kind to people who are new here.</p><h2>Goods</h2>{rules}</main></body></html>"""
RULES = "".join(f"<p>Rule {number} says that nobody may sell a thing they do not own.</p>" for number in range(1, 31))
FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Invented news</title>
<item><guid>1</guid><title>A duty begins</title><link>https://regulator.example/1</link>
<pubDate>Mon, 16 Nov 2026 09:00:00 GMT</pubDate><description>Providers must act by March.</description></item>
</channel></rss>"""
ANSWERS = {
    "/rules": (200, "text/html; charset=utf-8", PAGE.format(rules=RULES)),
    "/feed": (200, "application/rss+xml", FEED),
    "/gone": (404, "text/html", "<p>Not here</p>"),
}


PACKS = [{"id": "gb", "name": "United Kingdom"}, {"id": "ca", "name": "Canada", "enabled": False}]


class Publisher(BaseHTTPRequestHandler):
    def do_GET(self):
        status, media_type, text = ANSWERS.get(self.path, ANSWERS["/gone"])
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def publisher():
    with ThreadingHTTPServer(("127.0.0.1", 0), Publisher) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run `monitor sources …` on a file with these entries; gives exit status and output."""
    monkeypatch.setenv("MONITOR_ALLOW_PRIVATE", "1")

    def run(entries, *args, **sections):
        common = {"name": "Rules", "publisher": "Example", "jurisdiction": "global", "kind": "html"}
        path = tmp_path / "sources.yaml"
        path.write_text(json.dumps({"sources": [common | each for each in entries]} | sections), encoding="utf-8")
        arguments = ["--db", str(tmp_path / "monitor.db"), "--sources", str(path), "sources", *args]
        result = CliRunner().invoke(cli, arguments)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.stdout

    return run


def test_list_shows_every_source_in_the_order_of_the_file_and_why_it_is_off(run):
    entries = [
        {"id": "rules", "url": "https://example.org/"},
        {"id": "app", "url": "https://example.org/app", "render": True, "every": "1d", "pack": "gb"},
        {"id": "old", "url": "https://example.org/old", "enabled": False},
        {"id": "front", "url": "https://example.org/front", "enabled": False, "note": "Noisy", "pack": "gb"},
        {"id": "gazette", "url": "https://example.org/gazette", "pack": "ca", "note": "Issues only"},
        {"id": "bills", "url": "https://example.org/bills", "pack": "ca", "enabled": True},
    ]
    status, output = run(entries, "list", packs=PACKS)
    assert status == 0
    assert [line.split() for line in output.splitlines()] == [
        ["id", "publisher", "jurisdiction", "kind", "every", "pack", "enabled"],
        ["rules", "Example", "global", "html", "12h", "yes"],
        ["app", "Example", "global", "html", "1d", "gb", "yes,", "in", "a", "browser"],
        ["old", "Example", "global", "html", "12h", "no"],
        ["front", "Example", "global", "html", "12h", "gb", "no:", "Noisy"],
        ["gazette", "Example", "global", "html", "12h", "ca", "no:", "pack", "ca", "is", "off"],
        ["bills", "Example", "global", "html", "12h", "ca", "yes"],
    ]


def test_list_shows_the_sources_of_one_pack(run):
    entries = [{"id": f"rules-{pack}", "url": f"https://example.org/{pack}", "pack": pack} for pack in ("gb", "ca")]
    status, output = run(entries, "list", "--pack", "ca", "--json", packs=PACKS)
    assert status == 0
    assert [each["id"] for each in json.loads(output)] == ["rules-ca"]


def test_list_of_an_unknown_pack_names_a_near_one(run):
    with pytest.raises(NotFoundError, match=r"gbr: no source is in a pack of this name. Did you mean gb\?"):
        run([{"id": "rules", "url": "https://example.org/", "pack": "gb"}], "list", "--pack", "gbr", packs=PACKS)


def test_list_shows_long_ids_whole_in_a_narrow_terminal(run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    long_id = "a-rather-long-id-of-a-source-that-somebody-has-to-type"
    assert long_id in run([{"id": long_id, "url": "https://example.org/"}], "list")[1]


def test_list_as_json_has_every_key(run):
    entry = {"id": "rules", "url": "https://example.org/", "hold": "1h", "checked": "2026-07-02"}
    status, output = run([entry], "list", "--json")
    assert status == 0
    (source,) = json.loads(output)
    assert (source["id"], source["urls"], source["hold"]) == ("rules", ["https://example.org/"], 3600)
    assert source["checked"] == "2026-07-02"


def test_check_counts_what_is_there(run):
    assert run([{"id": "rules", "url": "https://example.org/"}], "check") == (0, "1 source, 1 audience: no mistakes\n")


def test_check_tells_every_mistake(run):
    with pytest.raises(ConfigurationError) as caught:
        run([{"id": "rules", "every": "often"}], "check")
    assert len(caught.value.mistakes) == 2


@pytest.mark.slow
def test_try_shows_what_would_be_kept_of_a_page(run, publisher):
    entry = {"id": "rules", "url": f"{publisher}/rules", "select": ["main"], "remove": ["h1"]}
    status, output = run([entry], "try", "rules")
    assert status == 0
    lines = output.splitlines()
    assert lines[0] == f"{publisher}/rules"
    assert lines[1].startswith("  Invented rules: 33 blocks, ")
    assert lines[2:4] == ["    People", "      Be kind to people who are new here."]
    assert lines[7] == "    … 23 blocks between …"
    assert lines[8] == "    Goods"
    assert lines[13] == "      Rule 30 says that nobody may sell a thing they do not own."
    assert lines[14:] == [
        "  language: en",
        "  2 words would be dropped",
        "    navigation       1 word  Menu",
        "    other text       1 word  Rules",
        "  main matches 1 element",
        "  h1 matches 1 element",
    ]


@pytest.mark.slow
def test_try_shows_the_entries_of_a_feed(run, publisher):
    status, output = run([{"id": "news", "kind": "rss", "url": f"{publisher}/feed"}], "try", "news")
    assert status == 0
    assert output.splitlines()[1] == "  Invented news: 1 entry, 8 words would be kept"
    assert output.splitlines()[2] == "    2026-11-16 A duty begins"


@pytest.mark.slow
def test_try_tells_for_each_address_what_is_wrong_and_stores_nothing(run, publisher, tmp_path):
    entry = {"id": "rules", "urls": [f"{publisher}/rules", f"{publisher}/gone"], "select": [".lost"]}
    status, output = run([entry], "try", "rules", "--json")
    assert status == 1
    found = json.loads(output)
    assert [each["problem"] for each in found["parts"]] == ["selector-lost", "http-error"]
    assert found["parts"][1]["detail"].startswith("HTTP 404")
    assert all(each["advice"] for each in found["parts"])
    assert not (tmp_path / "monitor.db").exists()


@pytest.mark.slow
def test_try_of_a_page_that_is_gone_gives_advice(run, publisher):
    status, output = run([{"id": "rules", "url": f"{publisher}/gone"}], "try", "rules")
    assert status == 1
    assert output.splitlines()[1].startswith("  http-error: HTTP 404")
    assert "sources.yaml" in output.splitlines()[2]


def test_try_of_an_unknown_source_names_the_one_that_is_near(run):
    with pytest.raises(NotFoundError, match=r"Did you mean rules\?"):
        run([{"id": "rules", "url": "https://example.org/"}], "try", "rulez")
