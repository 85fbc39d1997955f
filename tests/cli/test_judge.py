"""`compare` and `inspect` on files and on streams, as people and other programs call them."""

import io
import json

import pytest
from click.testing import CliRunner

from monitor.cli import cli

RULE = "# Livestreams\n\nA host of a livestream must be at least {} years old, and is asked for proof beforehand.\n"
PAGE = (
    "<title>Ages</title><main><h1>Ages</h1><p>A host must be at least {} years old, whatever the topic is.</p></main>"
)
EMPTY = "# Livestreams\n"


def call(*words, stdin=None):
    return CliRunner().invoke(cli, list(words), input=stdin, catch_exceptions=False)


def lines(rows):
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def batch(command, *rows):
    done = call(command, "--batch", "-", stdin=lines(rows))
    return [json.loads(line) for line in done.stdout.splitlines()], done


@pytest.fixture
def write(tmp_path):
    def write(name, text):
        path = tmp_path / name
        path.write_text(text)
        return str(path)

    return write


def test_two_files_that_differ_in_an_age_are_a_substantive_change_with_its_passage(write):
    done = call("compare", write("old.md", RULE.format(16)), write("new.md", RULE.format(18)), "--json")
    found = json.loads(done.stdout)
    assert (done.exit_code, found["kind"], found["severity"]) == (0, "substantive", "high")
    assert [(each["op"], each["heading"]) for each in found["passages"]] == [("reworded", ["Livestreams"])]


def test_for_people_the_changed_words_are_printed(write):
    done = call("compare", write("old.html", PAGE.format(16)), write("new.html", PAGE.format(18)))
    assert "substantive, high" in done.output
    assert "16" in done.output
    assert "18" in done.output


def test_equal_texts_say_so(write):
    old = write("old.md", RULE.format(16))
    assert call("compare", old, old).output == "The texts are equal.\n"
    assert json.loads(call("compare", old, old, "--json").stdout)["kind"] == "none"


def test_other_mark_up_around_the_same_text_is_a_quiet_change():
    row = {"id": 1, "before": RULE.format(16), "after": RULE.format("**16**"), "media_type": "text/markdown"}
    [found], _ = batch("compare", row)
    assert (found["kind"], found["passages"]) == ("whitespace", [])


@pytest.mark.parametrize(("before", "after", "which"), [(RULE, EMPTY, "AFTER"), (EMPTY, RULE, "BEFORE")])
def test_a_text_that_is_no_page_makes_the_pair_unavailable_and_says_which_and_why(before, after, which):
    row = {"id": 1, "before": before.format(16), "after": after.format(18), "media_type": "text/markdown"}
    [found], done = batch("compare", row)
    assert (found["id"], found["kind"], done.exit_code) == (1, "unavailable", 0)
    assert found["reason"].startswith(f"empty: {which} is no real page")


def test_a_text_that_is_no_page_is_named_to_people_with_advice(write):
    done = call("compare", write("old.md", RULE.format(16)), write("new.md", EMPTY))
    assert done.output.startswith("unavailable: empty: AFTER is no real page")


def test_a_stream_is_answered_line_by_line_in_its_order():
    rows = [{"id": name, "before": RULE.format(16), "after": RULE.format(age)} for name, age in (("a", 16), ("b", 18))]
    found, done = batch("compare", *rows)
    assert [(each["id"], each["kind"]) for each in found] == [("a", "none"), ("b", "substantive")]
    assert done.exit_code == 0


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"{not json\n", "line 2: it is no JSON"),
        (b"[1, 2]\n", "line 2: it is no JSON object"),
        (b'{"id": "x", "before": "a"}\n', 'line 2: "after" must be a text'),
        (b'{"id": "x", "before": 7, "after": "b"}\n', 'line 2: "before" must be a text'),
    ],
)
def test_a_line_that_cannot_be_judged_is_named_and_the_others_are_answered(line, message):
    good = lines([{"id": "good", "before": RULE.format(16), "after": RULE.format(18)}])
    done = CliRunner().invoke(cli, ["compare", "--batch", "-"], input=io.BytesIO(good + line + good).read())
    answers = [json.loads(each) for each in done.stdout.splitlines()]
    assert [each.get("kind") for each in answers] == ["substantive", None, "substantive"]
    assert message in answers[1]["error"]
    assert done.exit_code == 1
    assert "1 of 3 lines could not be answered" in done.stderr


@pytest.mark.parametrize("words", [["compare"], ["inspect"], ["compare", "--batch", "-", __file__, __file__]])
def test_neither_files_nor_a_stream_or_both_is_wrong_usage(words):
    assert call(*words, stdin=b"").exit_code == 2


def test_a_text_is_inspected_for_its_title_dates_and_laws():
    text = (
        "# Reports\n\nEffective 1 May 2026, reports follow Article 16 of Regulation (EU) 2022/2065 and are answered.\n"
    )
    [found], _ = batch("inspect", {"id": 7, "text": text, "media_type": "text/markdown"})
    assert (found["id"], found["problem"], found["title"]) == (7, None, "Reports")
    assert [(each["kind"], each["date"]) for each in found["dates"]] == [("effective", "2026-05-01")]
    assert [each["id"] for each in found["citations"]] == ["eu:reg:2022/2065#art16"]


def test_relative_dates_count_from_the_day_of_publication():
    [found], _ = batch("inspect", {"id": 1, "text": "Last updated: 2 days ago", "published": "2026-03-03"})
    assert [(each["kind"], each["date"]) for each in found["dates"]] == [("last_updated", "2026-03-01")]


def test_a_day_of_publication_that_is_no_date_is_named():
    [found], done = batch("inspect", {"id": 1, "text": "Last updated: 2 days ago", "published": "soon"})
    assert "\"published\" must be an ISO date, not 'soon'" in found["error"]
    assert done.exit_code == 1


def test_a_page_without_text_is_inspected_as_a_problem(write):
    done = call("inspect", write("page.html", "<title>Loading</title><div id=app></div>"))
    assert done.output.splitlines()[0] == "Loading"
    assert done.output.splitlines()[1].startswith("empty: ")


def test_what_cannot_be_read_at_all_is_a_problem_too(write):
    found = json.loads(call("inspect", write("page.pdf", "%PDF-1.7 nothing"), "--json").stdout)
    assert (found["problem"], found["title"], found["dates"]) == ("unreadable", "", [])


def test_a_real_page_is_printed_with_its_dates_and_laws(write):
    text = "# Reports\n\nLast updated: 3 May 2026. Reports follow Article 16 of Regulation (EU) 2022/2065, as ever.\n"
    said = call("inspect", write("page.md", text)).output
    assert said.startswith("Reports\nA real page")
    assert "2026-05-03  last_updated" in said
    assert "eu:reg:2022/2065#art16" in said
