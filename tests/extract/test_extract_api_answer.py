"""Answers of publishers' APIs, in the shapes that such APIs have."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import ExtractionError
from monitor.extract.api_answer import MAX_DEPTH, read_json
from monitor.model import ProblemKind


def lines(answer: object) -> list[str]:
    """Each block as `heading / heading: kind text`."""
    return [
        f"{' / '.join(block.heading)}: {block.kind.value} {block.text}"
        for block in read_json(json.dumps(answer)).blocks
    ]


def test_a_publication_with_its_text_as_html() -> None:
    answer = {
        "base_path": "/guidance/duties",
        "content_id": "5f1a0e4e-9f9a-4a4e-8f0e-2b1b1f1f1f1f",
        "document_type": "guide",
        "locale": "en",
        "public_updated_at": "2026-01-02T03:04:05.000+00:00",
        "title": "Duties of services",
        "description": "What services must do.",
        "details": {
            "body": '<h2 id="who">Who</h2><p>You must be 13.</p><h3>More</h3><ul><li>Ask&nbsp;us</li></ul>',
            "headers": [{"text": "Who", "level": 2}],
            "change_history": [{"note": "First published.", "public_timestamp": "2026-01-02T03:04:05Z"}],
        },
        "links": {"organisations": [{"title": "A ministry"}]},
    }
    found = read_json(json.dumps(answer))
    assert (found.title, found.language) == ("Duties of services", "en")
    assert lines(answer) == [
        "Duties of services: heading Duties of services",
        "Duties of services: paragraph What services must do.",
        "Duties of services / Who: heading Who",
        "Duties of services / Who: paragraph You must be 13.",
        "Duties of services / Who / More: heading More",
        "Duties of services / Who / More: item Ask us",
        "Duties of services / change history: heading change history",
        "Duties of services / change history: paragraph First published.",
    ]


def test_a_rule_with_fields() -> None:
    answer = {
        "title": "Rule on forged papers",
        "action": "Final rule.",
        "agencies": [{"name": "An agency", "raw_name": "AN AGENCY", "id": 192, "url": "https://agency.example"}],
        "effectiveOn": "2026-04-01",
        "comments_close_on": None,
        "topics": ["Minors", "Privacy"],
        "page_views": 1204,
    }
    assert lines(answer) == [
        "Rule on forged papers: heading Rule on forged papers",
        "Rule on forged papers: item action: Final rule.",
        "Rule on forged papers / agencies: heading agencies",
        "Rule on forged papers / agencies / An agency: heading An agency",
        "Rule on forged papers / agencies / An agency: item raw name: AN AGENCY",
        "Rule on forged papers: item effective on: 2026-04-01",
        "Rule on forged papers / topics: heading topics",
        "Rule on forged papers / topics: item Minors",
        "Rule on forged papers / topics: item Privacy",
    ]


def test_a_wrapped_title_and_text() -> None:
    answer = {
        "id": 3,
        "guid": {"rendered": "https://example.org/?p=3"},
        "title": {"rendered": "Privacy &#038; <i>you</i>"},
        "content": {"rendered": "<p>We collect.</p>", "protected": False},
        "_links": {"self": [{"href": "https://example.org"}]},
    }
    assert lines(answer) == ["Privacy & you: heading Privacy & you", "Privacy & you: paragraph We collect."]


def test_text_in_several_lines_is_plain_text() -> None:
    assert lines({"notice": "One\nline.\n\n- An item"}) == [": paragraph One line.", ": item An item"]


def test_a_title_as_long_as_a_paragraph_heads_nothing() -> None:
    answer = {"title": "word " * 60, "text": "Short."}
    assert [line[:11] for line in lines(answer)] == [": paragraph", ": paragraph"]


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ("Only a string", [": item Only a string"]),
        (["a", ["b"]], [": item a", ": item b"]),
        (3, []),
        (None, []),
        ({}, []),
    ],
)
def test_an_answer_need_not_be_an_object(answer: object, found: list[str]) -> None:
    assert lines(answer) == found


@pytest.mark.parametrize(
    "value",
    [
        "https://example.org/a",
        "//cdn.example/a.png",
        "/guidance/duties",
        "5f1a0e4e-9f9a-4a4e-8f0e-2b1b1f1f1f1f",
        "d41d8cd98f00b204e9800998ecf8427e",
        "2026-01-02T03:04:05Z",
        "2026-01-02 03:04",
        "1768900000",
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9eyJzdWIi",
        " ",
    ],
)
def test_values_for_programs_are_no_text(value: str) -> None:
    assert lines({"something": value, "list": [value]}) == []


@pytest.mark.parametrize(
    "key", ["updated_at", "contentId", "slug", "schema_name", "yoast_head", "related items", "type"]
)
def test_keys_for_programs_hold_no_text(key: str) -> None:
    assert lines({key: "some words", "also": {key: ["some words"]}}) == []


@pytest.mark.parametrize("key", ["effective_on", "updated terms", "status", "Published rules", "ageLimits"])
def test_other_keys_say_what_their_values_are(key: str) -> None:
    (line,) = lines({key: "some words"})
    assert line.endswith(": some words")


@pytest.mark.parametrize(
    "text", ["", "{", "<p>", '{"a": 1} b', "[" * 100_000, json.dumps(json.loads("[" * 90 + "]" * 90))]
)
def test_what_is_no_json_or_nests_too_deep_is_unreadable(text: str) -> None:
    with pytest.raises(ExtractionError) as caught:
        read_json(text)
    assert caught.value.problem is ProblemKind.UNREADABLE


def test_the_deepest_text_that_is_read() -> None:
    assert read_json("[" * (MAX_DEPTH - 1) + '"deep down"' + "]" * (MAX_DEPTH - 1)).blocks[0].text == "deep down"


KEYS = st.sampled_from(["title", "body", "name", "id", "details", "rules", "updated_at", "language"]) | st.text(
    max_size=5
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.sampled_from(["<p>One<p>Two", "a\nb", "en_gb", "\ud800"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=20,
)


@given(VALUES)
def test_any_answer_is_read_the_same_way_twice_into_single_lines(answer: object) -> None:
    text = json.dumps(answer)
    found = read_json(text)
    assert found == read_json(text)
    for block in found.blocks:
        assert block.text == " ".join(block.text.split())
        assert block.text.encode()
