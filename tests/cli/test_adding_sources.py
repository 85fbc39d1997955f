"""`monitor sources add` and `try`, as a person runs them on a real site."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime

import pytest
import yaml
from click.testing import CliRunner

from discovery import invented_pages as pages
from lacking import give_up
from local_site import Answer
from monitor.cli import add, cli, seeing, trying
from monitor.cli.worker import Worker
from monitor.discovery import publishers
from monitor.discovery.looks import Trouble
from monitor.errors import ConfigurationError, ExtractionError, NotFoundError, SourcesError
from monitor.extract import quality
from monitor.model import Fetch, Outcome, ProblemKind, Source
from monitor.sources import load_sources

NOW = datetime(2026, 3, 1, 7, tzinfo=UTC)
FILE = """\
# What is watched

packs:
  - id: shops
    name: Shops
  - id: ponds
    name: Ponds
    enabled: false

sources:
  - id: pond-terms
    name: Pond terms
    pack: ponds
    publisher: Pond
    jurisdiction: GB
    kind: html
    url: https://pond.example/terms   # the whole of it
    topics: [terms, privacy]
    enabled: false
# The end
"""
SCRIPTED = """<html lang="en"><head><title>Rules</title></head><body><div id="root"></div><script>
document.getElementById("root").innerHTML = '<main><h1>Rules</h1>'
+ '<p>Nobody may sell a thing that they do not own.</p>'.repeat(20) + '</main>'</script></body></html>"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run `monitor sources …` on FILE; gives exit status and output."""
    monkeypatch.setenv("MONITOR_ALLOW_PRIVATE", "1")
    monkeypatch.setenv("MONITOR_NOW", "2026-03-01T07:00:00Z")
    monkeypatch.setenv("MONITOR_CHROMIUM", "/nowhere/chromium")
    path = tmp_path / "sources.yaml"
    path.write_text(FILE)

    def run(*args):
        result = CliRunner().invoke(cli, ["--sources", str(path), "sources", *args])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.stdout

    return run


@pytest.fixture
def written(tmp_path):
    return (tmp_path / "sources.yaml").read_text


def entry_in(output):
    lines = [line for line in output.splitlines() if line.startswith(("  - id:", "    ")) and ": " in line]
    return yaml.load("\n".join(lines[next(at for at, each in enumerate(lines) if "- id:" in each) :]), yaml.BaseLoader)[
        0
    ]


@pytest.mark.slow
def test_a_page_is_looked_at_and_its_entry_printed(run, site, written):
    site.put("/terms-of-service", pages.HELP_CENTRE)
    status, output = run("add", site.url("/terms-of-service"))
    lines = output.splitlines()
    assert status == 0
    assert lines[1] == "  Selling rules – Marketfen Help: 21 blocks, 282 words would be kept"
    assert "    related links       6 words  Related · Buying rules Fees of sellers" in lines
    assert "  article matches 1 element" in lines
    assert entry_in(output) == {
        "id": "marketfen-selling-rules",
        "name": "Marketfen: Selling rules",
        "publisher": "Marketfen",
        "jurisdiction": "global",
        "kind": "html",
        "url": site.url("/terms-of-service"),
        "select": ["article"],
        "remove": [".article-votes"],
        "topics": ["terms"],
        "every": "12h",
        "checked": "2026-03-01",
    }
    assert lines[-1].startswith("Nothing was written.")
    assert written() == FILE
    assert len(site.visits("/terms-of-service")) == 2


@pytest.mark.slow
def test_written_it_stands_below_the_last_of_its_pack_and_can_be_tried(run, site, written, tmp_path):
    site.put("/rules", pages.MINISTRY)
    status, output = run(
        "add", site.url("/rules"), "--pack", "ponds", "--topic", "terms", "--id", "my-codes", "--write"
    )
    assert status == 0
    assert output.splitlines()[-1].startswith(f"Written to {tmp_path / 'sources.yaml'}.")
    before, after = FILE.split("# The end")
    assert written().startswith(f"{before}  - id: my-codes\n")
    assert written().endswith(f"# The end{after}")
    added = load_sources(tmp_path / "sources.yaml").sources[1]
    assert (added.id, added.pack, added.topics, added.enabled) == ("my-codes", "ponds", ("terms",), True)
    assert "The pack ponds is switched off" in output
    status, output = run("try", "my-codes", "--full")
    assert status == 0
    lines = output.splitlines()
    assert lines.count("    Codes of practice") == 1
    assert "      Rule 11 says that nobody may sell a thing that they do not own." in lines


@pytest.mark.drill
def test_a_list_of_news_is_watched_by_its_feed(run, site):
    site.put("/news", pages.NEWS)
    site.put("/news/feed.xml", pages.FEED.format(base=site.url("")), "application/rss+xml")
    _, output = run("add", site.url("/news"))
    entry = entry_in(output)
    assert (entry["kind"], entry["url"]) == ("rss", site.url("/news/feed.xml"))
    assert "3 entries" in output
    assert "the feed would be watched" in output


@pytest.mark.slow
def test_a_browser_shows_what_scripts_fill_in(run, site, monkeypatch):
    if not shutil.which("chromium"):
        give_up("needs a browser: apt-get install chromium")
    monkeypatch.delenv("MONITOR_CHROMIUM")
    site.put("/rules", SCRIPTED)
    status, output = run("add", site.url("/rules"))
    assert status == 0
    assert (entry_in(output)["render"], entry_in(output)["select"]) == ("true", ["main"])
    assert "21 blocks" in output


@pytest.fixture
def interface(site, monkeypatch):
    """The site has an interface of the Federal Register for all its pages."""
    url = site.url("/api/v1/documents.json?conditions[term]=ponds")
    found = publishers.Interface("federal-register", url, "Ponds", "The Register", "US")
    monkeypatch.setattr("monitor.cli.seeing.find_interface", lambda _: found)
    return site


@pytest.mark.drill
def test_a_page_with_an_interface_is_watched_by_it(run, interface, monkeypatch):
    monkeypatch.setattr("local_site.Site._find", lambda *_: Answer(200, b'{"count": 0, "results": []}'))
    status, output = run("add", interface.url("/ponds"))
    entry = entry_in(output)
    assert status == 0
    assert (entry["kind"], entry["publisher"], entry["jurisdiction"]) == ("federal-register", "The Register", "US")


@pytest.mark.parametrize("url", ["https://www.pond.example/terms/", "pond.example/terms"])
def test_what_is_watched_already_is_refused_with_the_source(run, url):
    with pytest.raises(ConfigurationError, match=r"watched already, by pond-terms \(Pond terms\)\. It is switched off"):
        run("add", url)


def test_an_id_that_is_taken_and_a_pack_that_is_none_are_refused_before_anything_is_asked(run):
    with pytest.raises(ConfigurationError, match="a source has this id already"):
        run("add", "https://fen.example", "--id", "pond-terms")
    with pytest.raises(NotFoundError, match=r"no pack has this id\. Did you mean shops\?"):
        run("add", "https://fen.example", "--pack", "shop")


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("", "it names no host"),
        ("http://", "it names no host"),
        ("javascript:alert(1)", "neither https:// nor http://"),
        ("mailto:", "neither https:// nor http://"),
        ("ftp://fen.example/rules", "neither https:// nor http://"),
        ("file:///etc/passwd", "neither https:// nor http://"),
        ("http://[::1", "Invalid IPv6"),
        ("fen.example:port/rules", "neither https:// nor http://"),
        ("https://fen.example/my rules", "it holds a space"),
    ],
)
def test_what_is_no_address_is_refused_before_anything_is_asked(run, url, fault):
    with pytest.raises(ConfigurationError, match=rf'"\S*.*" is no address: .*{fault}.*Write it whole'):
        run("add", url)


@pytest.mark.parametrize(
    "url",
    ["http://user:secret@fen.example/", "user:secret@fen.example", "https:secret@fen.example", "secret@fen.example"],
)
def test_an_address_that_names_a_user_is_refused_and_not_repeated(run, url):
    with pytest.raises(ConfigurationError, match="holds a user name or a password") as refused:
        run("add", url)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("given", "whole"),
    [
        ("fen.example/@pond", "https://fen.example/@pond"),
        ("fen.example:8080/x", "https://fen.example:8080/x"),
        ("HTTP://fen.example/", "HTTP://fen.example/"),
    ],
)
def test_an_address_is_completed_where_its_scheme_is_left_out(given, whole):
    assert add._complete_address(given) == whole


@pytest.mark.parametrize("option", ["--id", "--pack", "--topic", "--audience"])
def test_ids_of_the_wrong_form_are_refused_before_anything_is_asked(run, option):
    with pytest.raises(ConfigurationError, match=rf'^{option}: "Bad ID" may hold only .* Nothing was written\.$'):
        run("add", "https://fen.example", option, "Bad ID", "--write")


def test_an_audience_that_the_file_has_not_is_refused_before_anything_is_asked(run, tmp_path):
    with pytest.raises(NotFoundError, match=r"nobody: no audience has this id\. Known: everyone\."):
        run("add", "https://fen.example", "--audience", "nobody")
    (tmp_path / "sources.yaml").write_text(f"audiences:\n  - id: uk-desk\n    name: UK\n{FILE}")
    with pytest.raises(NotFoundError, match=r"uk-disk: no audience has this id\. Did you mean uk-desk\?"):
        run("add", "https://fen.example", "--audience", "uk-disk")
    (tmp_path / "sources.yaml").unlink()
    with pytest.raises(NotFoundError, match="Known: everyone"):
        run("add", "https://fen.example", "--audience", "nobody")


def test_a_file_that_cannot_be_written_is_told_before_anything_is_asked(run, monkeypatch):
    def refuse(path):
        raise ConfigurationError(f"{path}: it is read-only")

    monkeypatch.setattr("monitor.sources.edit.check_writable", refuse)
    with pytest.raises(ConfigurationError, match="read-only"):
        run("add", "https://fen.example", "--write")


def test_where_there_is_nothing_to_do_only_the_problem_is_said(capsys):
    with pytest.raises(SystemExit, match="1"):
        add._give_up("https://fen.example/", Trouble(ProblemKind.GAP, "nothing", ""), as_json=False)
    assert capsys.readouterr().out == "https://fen.example/\n  gap: nothing\n"


@pytest.mark.parametrize(
    ("advice", "said"),
    [
        ("If this is the page, run: monitor sources accept ID", "If this is the page, run: monitor sources accept fen"),
        ("Watch a feed; `monitor sources try ID` shows what is kept.", "Watch a feed."),
        ("A script fills it in. `monitor sources try ID` shows what is kept.", "A script fills it in."),
        ("Look for the new selector with `monitor sources try ID`.", "Look for the new selector."),
        (quality._EXPLANATIONS[ProblemKind.EMPTY].advice, "Watch a feed or a plain page of the publisher."),
    ],
)
def test_try_advises_with_the_id_and_not_to_try(advice, said):
    assert trying._advise(Source("fen", "Fen", "Fen", "GB", "html", ("https://fen.example",)), advice) == said


def test_try_prints_the_command_that_accepts_what_is_rejected():
    source = Source("fen", "Fen", "Fen", "GB", "html", ("https://fen.example",))
    gone = b"<html><title>Page not found</title><body><h1>Page not found</h1></body></html>"
    part = trying.read_part(source, Fetch("fen", source.urls[0], NOW, Outcome.OK, 200, body=gone))
    assert "monitor sources accept fen" in "\n".join(trying.iter_lines(part, full=False))


def test_an_id_that_is_nearly_one_is_asked_back(run):
    with pytest.raises(NotFoundError, match=r"ponds-terms: no source in .* Did you mean pond-terms\?"):
        run("try", "ponds-terms")
    with pytest.raises(NotFoundError, match=r"`monitor sources list` shows them"):
        run("try", "zzz")


def test_whatever_a_parser_raises_is_a_problem_of_the_answer():
    with Worker() as worker, pytest.raises(ExtractionError, match=r"reading it failed \(ValueError\)") as raised:
        worker.call(int, "no number")
    assert raised.value.problem is ProblemKind.UNREADABLE


@pytest.mark.slow
def test_where_the_interface_has_nothing_the_page_is_watched(run, interface, monkeypatch):
    def find(site, path):
        return Answer(200, b"{}") if "documents.json" in path else site.pages.get(path, Answer(404))

    monkeypatch.setattr("local_site.Site._find", find)
    interface.put("/ponds", pages.HELP_CENTRE)
    _, output = run("add", interface.url("/ponds"))
    assert (entry_in(output)["kind"], entry_in(output)["select"]) == ("html", ["article"])


@pytest.mark.parametrize(
    ("outcome", "answers"), [(Outcome.NO_KEY, True), (Outcome.HTTP_ERROR, False), (Outcome.TIMEOUT, False)]
)
def test_an_interface_that_wants_a_key_counts_as_one_that_answers(outcome, answers):
    found = publishers.find_interface("https://www.congress.gov/bill/119th-congress/senate-bill/1748")
    assert seeing._is_answer(None, found, Fetch("interface", found.url, NOW, outcome)) is answers


@pytest.mark.slow
def test_what_cannot_be_watched_is_told_and_nothing_is_written(run, site, written):
    site.put("/gone", "<html><title>Page not found</title><body><h1>Page not found</h1></body></html>")
    status, output = run("add", site.url("/gone"), "--write")
    assert status == 1
    assert output.splitlines()[0] == site.url("/gone")
    assert output.splitlines()[1].startswith("  soft-404: ")
    assert written() == FILE


def test_as_json_what_cannot_be_watched_is_no_entry(capsys):
    with pytest.raises(SystemExit, match="1"):
        add._give_up("https://fen.example/", Trouble(ProblemKind.EMPTY, "nothing", "look"), as_json=True)
    said = json.loads(capsys.readouterr().out)
    assert said == {
        "entry": None,
        "url": "https://fen.example/",
        "problem": "empty",
        "detail": "nothing",
        "advice": "look",
    }


@pytest.mark.slow
def test_what_refuses_us_is_marked_for_a_browser_where_there_is_none(run, site):
    site.pages["/community-rules"] = Answer(403, b"Forbidden")
    status, output = run("add", site.url("/community-rules"))
    assert status == 0
    assert (entry_in(output)["render"], entry_in(output)["name"]) == ("true", "127.0.0.1: Community rules")
    assert "checked" not in entry_in(output)
    assert "Perhaps it needs a browser (http-error: HTTP 403 Forbidden)" in output


def test_an_entry_that_would_break_the_file_leaves_it_as_it_was(tmp_path):
    path = tmp_path / "sources.yaml"
    path.write_text(FILE)
    with pytest.raises(SourcesError, match="is missing"):
        add._write(path, {"id": "fen"})
    assert path.read_text() == FILE


def test_a_file_in_another_form_is_not_written(tmp_path):
    path = tmp_path / "sources.yaml"
    path.write_text(json.dumps(yaml.safe_load(FILE)))
    with pytest.raises(ConfigurationError, match="nothing was written: below `sources:`"):
        add._write(path, {"id": "fen"})


@pytest.mark.drill
def test_as_a_program_it_makes_the_file_and_says_everything_as_json(world, site):
    site.put("/rules", pages.HELP_CENTRE)
    done = world.call("sources", "add", site.url("/rules"), "--write", "--json")
    found = done.json
    assert (done.status, found["written"], found["entry"]["select"]) == (0, True, ["article"])
    assert (world.folder / "sources.yaml").read_text() == f"sources:\n{found['yaml']}"
    assert (found["language"], found["kept"]["count"], found["kept"]["unit"]) == ("en-GB", 21, "block")
    assert found["matches"] == {"article": 1, ".article-votes": 1}
    assert {"what": "footer", "places": 1, "words": 2, "sample": "Imprint Jobs"} in found["dropped"]


@pytest.mark.slow
def test_try_says_what_is_dropped_and_where_a_selector_is_lost_what_would_do(run, site, tmp_path):
    site.put("/rules", pages.HELP_CENTRE)
    site.put("/app", pages.APP)
    urls = f"urls: [{site.url('/rules')}, {site.url('/app')}]\n    select: [article, .nothing]"
    declared = FILE.replace("url: https://pond.example/terms   # the whole of it", urls)
    (tmp_path / "sources.yaml").write_text(declared)
    status, output = run("try", "pond-terms")
    first, second = (part.splitlines() for part in output.split("\n\n"))
    assert status == 1
    assert "  language: en" in first
    assert "    footer              2 words  Imprint Jobs" in first
    assert first[-2:] == ["  article matches 1 element", "  .nothing matches nothing"]
    assert second[1].startswith("  selector-lost:")
    assert '  what would select the text now: select: ["[class*=\\"TermsText_root__\\"]"]' in second
