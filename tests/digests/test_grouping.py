"""The same change in many documents is read once, told of each, and counted as many."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from digests import wording
from digests.blocks import MAX_BLOCKS, MAX_CHARACTERS, messages, size
from digests.grouping import SPAN, group_changes
from digests.jsonform import digest_json
from digests.text import to_markdown, to_text
from monitor.model import DateKind, DateMention, Severity
from slack.limits import find_refusal

DAY = timedelta(days=1)


@pytest.fixture
def alike(make):
    """As many Changes of the same words as are wanted, each of a document of its own."""

    def build(number, **facts):
        return [
            make.told(
                each,
                source_name=f"Terms {each}",
                source_id=f"terms-{each}",
                document_id=f"terms-{each}",
                url=f"https://borealis.example/terms/{each}",
                **{"fingerprint": "f1", **facts},
            )
            for each in range(1, number + 1)
        ]

    return build


def ids(item):
    return [each.change.id for each in item.members]


def test_changes_of_the_same_words_are_one_item_where_the_first_of_them_stood(make, alike):
    one, two = alike(2)
    other = make.told(7)
    assert [ids(item) for item in group_changes([one, other, two])] == [[1, 2], [7]]


@pytest.mark.parametrize(
    ("situation", "facts"),
    [
        ("another publisher", {"publisher": "Tidepool"}),
        ("other words", {"fingerprint": "f2"}),
        ("words that are in no group", {"fingerprint": ""}),
    ],
)
def test_what_only_looks_alike_stays_apart(make, alike, situation, facts):
    (first,) = alike(1, **({"fingerprint": ""} if facts.get("fingerprint") == "" else {}))
    second = make.told(2, **{"fingerprint": "f1", **facts})
    assert [ids(item) for item in group_changes([first, second])] == [[1], [2]], situation


def test_the_same_words_weeks_later_are_another_item(make, alike, now):
    (first,) = alike(1)
    at = first.change.detected_at
    inside, outside = (make.told(n, fingerprint="f1", detected_at=at + SPAN + (n - 2) * DAY) for n in (2, 3))
    assert [ids(item) for item in group_changes([first, inside, outside])] == [[1, 2], [3]]


def test_a_group_touches_what_any_of_its_documents_touches_each_section_once(make, alike):
    one, two = alike(2)
    weak, strong, other = (
        make.impact(probability=0.4),
        make.impact(probability=0.9),
        make.impact(section_id="minors#gifts", probability=0.6),
    )
    one, two = (make.told(n, fingerprint="f1", impacts=found) for n, found in ((1, [weak]), (2, [strong, other])))
    (item,) = group_changes([one, two])
    assert item.told.impacts == (strong, other)


def test_the_headline_counts_changes_and_items(make, alike):
    assert wording.headline(make.digest([*alike(7), make.told(9)])).startswith("8 changes in 2 items, 8 high")
    assert wording.headline(make.digest([make.told(9)])).startswith("1 change, 1 high")


def test_markdown_shows_the_words_once_and_lists_the_documents(make, alike):
    text = to_markdown(make.digest(alike(7)))
    assert "## 🔴 Borealis Regulator \u203a same change in 7 documents\n" in text
    assert "- [Terms 3](<https://borealis.example/terms/3>) · change 3\n" in text
    assert text.count("Providers ~~may~~ **must** verify the age.") == 1
    assert re.findall(r"· change (\d+)", text) == [str(each) for each in range(1, 8)]


def test_plain_text_shows_the_words_once_and_lists_the_documents(make, alike):
    text = to_text(make.digest(alike(7)))
    assert "Borealis Regulator \u203a same change in 7 documents" in text
    assert "   - Terms 3 · change 3\n     https://borealis.example/terms/3\n" in text
    assert text.count("+ Providers must verify the age.") == 1


def test_json_tells_every_change_and_names_the_groups(make, alike):
    digest = digest_json(make.digest([*alike(2), make.told(9)]))
    assert [each["id"] for each in digest["changes"]] == [1, 2, 9]
    assert [each["group"] for each in digest["changes"]] == ["f1", "f1", None]
    assert digest["groups"] == [{"group": "f1", "changes": [1, 2]}]


@pytest.mark.parametrize("number", [2, 40, 300])
def test_slack_takes_a_group_of_any_size_and_no_document_is_left_out(make, alike, number):
    changes = alike(number)
    parts = messages(make.digest(changes))
    for part in parts:
        assert find_refusal({"text": part.text, "blocks": list(part.blocks)}) is None
        assert len(part.blocks) <= MAX_BLOCKS
        assert size(part.blocks) <= MAX_CHARACTERS
    told = re.findall(r"· change (\d+)'", str([part.blocks for part in parts]))
    assert [int(each) for each in told] == [each.change.id for each in changes]


def test_slack_takes_a_group_of_the_longest_addresses(make):
    changes = [
        make.told(n, fingerprint="f1", source_name="x" * 300, url=f"https://borealis.example/{'y' * 960}{n}")
        for n in range(12)
    ]
    for part in messages(make.digest(changes)):
        assert find_refusal({"text": part.text, "blocks": list(part.blocks)}) is None
        assert size(part.blocks) <= MAX_CHARACTERS


# Deadlines


def mention(kind, date, moved_from=None):
    return DateMention(kind, date, "It says so.", moved_from)


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ([mention(DateKind.EFFECTIVE, "2026-05-01", "2026-04-01")], ["effective 1 May 2026 (was 1 Apr 2026)"]),
        ([mention(DateKind.COMPLIANCE, "2026-07")], ["comply by Jul 2026"]),
        ([mention(DateKind.SUNSET, "2027")], ["ends 2027"]),
        ([mention(DateKind.COMMENTS_CLOSE, "2026-06-03")] * 2, ["comments close 3 Jun 2026"]),
        ([mention(DateKind.LAST_UPDATED, "2026-05-01")], []),
        (
            [mention(DateKind.EFFECTIVE, f"202{n}-01-01") for n in range(1, 8)],
            [*(f"effective 1 Jan 202{n}" for n in range(1, 5)), "… and 3 more dates"],
        ),
    ],
)
def test_a_deadline_is_said_as_precisely_as_it_is_written(dates, expected):
    assert wording.deadlines(dates) == expected


def test_every_form_shows_what_people_must_act_by(make):
    dates = [mention(DateKind.EFFECTIVE, "2026-05-01", "2026-04-01"), mention(DateKind.COMMENTS_CLOSE, "2026-03-09")]
    digest = make.digest([make.told(1, dates=dates, severity=Severity.MEDIUM)])
    line = "effective 1 May 2026 (was 1 Apr 2026) · comments close 9 Mar 2026"
    assert f"**{line}**" in to_markdown(digest)
    assert f"   {line}\n" in to_text(digest)
    assert line in str(messages(digest)[0].blocks)
