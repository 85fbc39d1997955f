"""The demo's publisher answers as a real one would, and its plain PDFs can be read."""

from collections import Counter
from urllib.robotparser import RobotFileParser

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.cli.demo_publisher import date_of, write_pdf
from monitor.model import BlockKind

GUIDELINES = "chatterfen/community-guidelines.html"
PRIVACY = "chatterfen/privacy.html"


def test_an_unchanged_answer_is_304_without_a_body(get):
    first = get(PRIVACY)
    assert get(PRIVACY, etag=first.etag) == (304, first.media_type, first.etag, b"")


def test_an_answer_that_changed_since_is_sent_whole(get):
    first = get(GUIDELINES, day=1)
    again = get(GUIDELINES, day=2, etag=first.etag)
    assert again.status == 200
    assert again.body != first.body


def test_no_two_answers_of_a_page_with_a_counter_are_alike(get):
    first, second = get(GUIDELINES), get(GUIDELINES)
    assert first.body != second.body
    assert first.etag != second.etag


def test_what_a_day_does_not_carry_is_answered_as_before(get, site):
    name = "chatterfen/appeals.html"
    assert not (site / "day-3" / name).exists()
    body = get(name, day=1).body
    assert get(name, day=3).body == body.replace(b"2 November 2026", b"4 November 2026")


def test_an_incident_lasts_one_day(get):
    assert [get("oso/age-assurance-guidance.html", day).status for day in (2, 3, 4)] == [200, 503, 200]


def test_an_incident_offers_no_validator(get):
    assert get(PRIVACY, day=2).etag is None


@pytest.mark.parametrize(
    "name",
    ["", "nowhere.html", "chatterfen", "../sources.yaml", "chatterfen/../../day-1/robots.txt", f"{PRIVACY}.incident"],
)
def test_an_unknown_name_is_not_found(get, name):
    assert get(name, day=2).status == 404


def test_a_query_is_ignored(get):
    assert get(f"{PRIVACY}?utm_source=mail").status == 200


def test_robots_may_read_everything_that_is_watched_and_not_accounts(names, get):
    robots = RobotFileParser()
    robots.parse(get("robots.txt").body.decode().splitlines())
    assert all(robots.can_fetch("policy-monitor", f"/{name}") for each in names.values() for name in each)
    assert not robots.can_fetch("policy-monitor", "/chatterfen/account/settings")


def test_nothing_is_printed(capfd, get):
    get("nowhere.html")
    assert capfd.readouterr() == ("", "")


def test_day_1_is_a_monday():
    assert f"{date_of(1):%A}" == "Monday"
    assert (date_of(3) - date_of(1)).days == 2


def pdf_texts(body):
    with pypdfium2.PdfDocument(body) as document:
        return [sheet.get_textpage().get_text_bounded() for sheet in document]


def test_a_pdf_has_its_title_above_and_its_number_below_each_of_its_pages(get):
    texts = pdf_texts(get("oso/code-of-practice.pdf").body)
    assert len(texts) == 3
    for number, text in enumerate(texts, start=1):
        lines = text.splitlines()
        assert lines[0] == "Code of Practice on the Protection of Children Online"
        assert lines[-1] == f"Page {number} of 3"


def test_the_text_of_a_pdf_is_the_text_of_its_file(read, site):
    blocks = read("oso-code-of-practice", day=1)
    written = [line.removeprefix("# ") for line in (site / "day-1/oso/code-of-practice.txt").read_text().splitlines()]
    assert [block.text for block in blocks] == [line for line in written if line]
    assert [block.text for block in blocks if block.kind is BlockKind.HEADING][2] == "2. Governance"


@given(st.lists(st.text("abc XYZ 09 äöüß €–“” ()\\%<>/", max_size=200), max_size=60))
@settings(max_examples=30)
def test_every_letter_written_to_a_pdf_can_be_read_back(paragraphs):
    written = "\n".join(["Title", *paragraphs])
    texts = [text.splitlines()[1:-1] for text in pdf_texts(write_pdf(written))]
    found = Counter("".join("".join(lines) for lines in texts))
    wanted = Counter("".join(written.split()))
    assert {letter: found[letter] for letter in wanted} == wanted


def test_letters_that_the_font_does_not_have_become_question_marks():
    assert "from ?? on" in pdf_texts(write_pdf("from 今日 on"))[0]


def test_an_empty_text_is_a_pdf_of_one_page():
    assert pdf_texts(write_pdf("")) == ["Page 1 of 1"]
