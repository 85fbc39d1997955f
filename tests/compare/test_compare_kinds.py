"""The judgement of two texts: kind, reason, severity, summary."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compare.texts import BLOCKS, TEXTS, paragraphs, policy
from monitor.compare.kinds import LENGTH, MAX_ENTRY_PASSAGES, compare, first, published, quiet
from monitor.model import Block, BlockKind, ChangeKind, PassageOp, Severity

POLICY = """
# Harassment
People must be safe here.
## Reporting
Answer each report within 24 hours of receipt.
- Tell the person what you decided.
## Appeals
A second person looks at it.
"""


def judged(before, after):
    return compare(policy(before), policy(after))


@given(TEXTS)
def test_a_text_compared_with_itself_is_no_change(text):
    assert compare(text, list(text)) is None


@given(TEXTS, TEXTS)
def test_any_two_texts_get_a_judgement_that_fits_one_line(before, after):
    judgement = compare(before, after)
    if judgement is None:
        assert before == after
    else:
        assert judgement.reason
        assert len(judgement.summary) <= LENGTH
        assert "\n" not in judgement.summary


TYPOGRAPHY = {"'": "\u2019", " ": "\u00a0", "-": "\u2013", '"': "\u201d"}


@given(TEXTS, st.data())
def test_other_white_space_signs_kinds_and_links_are_a_quiet_change(text, data):
    text = [block for block in text if block.text.strip()]
    after = [
        replace(
            block,
            text=data.draw(st.sampled_from(["", " ", "\u200b"]))
            + "".join(TYPOGRAPHY.get(sign, sign) for sign in block.text),
            kind=data.draw(st.sampled_from(BlockKind)),
            links=data.draw(st.sampled_from([block.links, (), ("https://b.example/",)])),
        )
        for block in text
    ]
    judgement = compare(text, after)
    assert judgement is None or judgement.kind in (ChangeKind.LINKS, ChangeKind.WHITESPACE)


@given(st.lists(BLOCKS, unique_by=lambda block: "".join(block.text.split()), min_size=2, max_size=10), st.randoms())
def test_shuffled_blocks_have_only_moved(text, chance: random.Random):
    text = [replace(block, text=f"Rule {chr(97 + number) * 4} {block.text}") for number, block in enumerate(text)]
    after = chance.sample(text, len(text))
    judgement = compare(text, after)
    assert judgement is None if after == text else judgement.kind is ChangeKind.MOVED


def test_other_link_targets_are_counted():
    before = [Block(BlockKind.ITEM, f"Form {number}", (), (f"https://a.example/{number}",)) for number in range(80)]
    after = [replace(block, links=("https://b.example/",)) if at < 14 else block for at, block in enumerate(before)]
    judgement = compare(before, after)
    assert (judgement.kind, judgement.reason) == (ChangeKind.LINKS, "only link targets differ (14 of 80)")
    assert (judgement.passages, judgement.severity) == ((), Severity.LOW)


@pytest.mark.parametrize(
    "after",
    [
        paragraphs("Be kind.", "It\u2019s free \u2013 really."),
        paragraphs("Be kind. It's free - really."),
        paragraphs("Be kind.", "It's free -", "really."),
        [
            Block(BlockKind.HEADING, "Be kind.", ("Be kind.",)),
            Block(BlockKind.ITEM, "It's free - really.", ("Be kind.",)),
        ],
    ],
    ids=["typographic_signs", "paragraphs_joined", "paragraph_split", "became_heading_and_item"],
)
def test_the_same_words_set_in_another_way_are_white_space(after):
    judgement = compare(paragraphs("Be kind.", "It's free - really."), after)
    assert (judgement.kind, judgement.passages) == (ChangeKind.WHITESPACE, ())


def test_a_moved_section_is_named_and_kept_quiet():
    head, reporting, appeals = POLICY.split("## ")
    judgement = judged(POLICY, f"{head}\n## {appeals}\n## {reporting}")
    assert judgement.kind is ChangeKind.MOVED
    assert judgement.reason == "nothing but 1 \u00d7 moved passage"
    assert judgement.summary.startswith("Harassment \u203a Appeals: moved")


def test_what_happened_is_counted_the_most_frequent_first():
    after = POLICY.replace("24", "12").replace("safe here", "very safe here") + "## Words\nA desk is a team."
    assert judged(POLICY, after).reason.endswith("; 2 passages reworded, 1 added")


def test_laws_are_cited_from_changed_passages_only():
    before = paragraphs("The GDPR applies to us.", "Reports go to the desk under the old rules.", "Read the AI Act.")
    after = [before[2], before[0], *paragraphs("Reports go to the desk under Article 16 of the DSA.")]
    assert [citation.id for citation in compare(before, after).citations] == ["eu:reg:2022/2065#art16"]


def test_the_first_look_is_no_news():
    judgement = first(policy(POLICY))
    assert (judgement.kind, judgement.reason, judgement.passages) == (ChangeKind.FIRST, "first look", ())
    assert judgement.summary == "first look at 28 words"


def test_a_new_entry_is_told_paragraph_by_paragraph_under_its_title():
    judgement = published(policy(POLICY), "A new rule on harassment")
    assert (judgement.kind, judgement.reason) == (ChangeKind.SUBSTANTIVE, "new entry published")
    assert judgement.summary == "A new rule on harassment"
    assert judgement.severity is Severity.MEDIUM
    assert [passage.after for passage in judgement.passages] == [
        "People must be safe here.",
        "Answer each report within 24 hours of receipt.",
        "Tell the person what you decided.",
        "A second person looks at it.",
    ]
    assert {passage.op for passage in judgement.passages} == {PassageOp.ADDED}
    assert judgement.passages[1].heading == ("Harassment", "Reporting")


def test_of_a_very_long_entry_the_rest_is_one_passage_and_nothing_is_lost():
    texts = [f"Paragraph {number}" for number in range(MAX_ENTRY_PASSAGES + 5)]
    judgement = published(paragraphs(*texts), "Long")
    assert len(judgement.passages) == MAX_ENTRY_PASSAGES + 1
    assert "\n".join(passage.after for passage in judgement.passages) == "\n".join(texts)


def test_a_new_entry_without_text_is_told_by_its_title():
    judgement = published([], "Only a title")
    assert (judgement.summary, judgement.passages, judgement.severity) == ("Only a title", (), Severity.LOW)


def test_a_quiet_judgement_carries_its_reason():
    judgement = quiet(ChangeKind.REVERTED, "back to the text of 3 March")
    assert (judgement.kind, judgement.reason, judgement.passages) == (
        ChangeKind.REVERTED,
        "back to the text of 3 March",
        (),
    )
