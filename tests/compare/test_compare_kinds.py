"""The judgement of two texts: kind, reason, severity, summary."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compare.texts import BLOCKS, TEXTS, paragraphs, policy
from monitor.compare import compare, first, published, quiet
from monitor.compare.kinds import MAX_ENTRY_PASSAGES, LENGTH
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
    text = [replace(block, text=f"{number} {block.text}") for number, block in enumerate(text)]
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
    assert judgement.reason == "paragraphs in another order (1 passage moved)"
    assert judgement.summary == 'Harassment \u203a Appeals: moved "Appeals"'


def test_a_changed_number_is_high_and_the_summary_quotes_it():
    judgement = judged(POLICY, POLICY.replace("24", "12"))
    assert (judgement.kind, judgement.severity) == (ChangeKind.SUBSTANTIVE, Severity.HIGH)
    assert judgement.reason == "1 passage reworded"
    assert judgement.summary == 'Harassment \u203a Reporting: "report within 24 hours of" → "report within 12 hours of"'


def test_what_happened_is_counted_the_most_frequent_first():
    after = POLICY.replace("24", "12").replace("safe here", "very safe here") + "## Words\nA desk is a team."
    assert judged(POLICY, after).reason == "2 passages reworded, 1 added"


@pytest.mark.parametrize(
    ("before", "after", "severity"),
    [
        ("You can post here.", "You must post here.", Severity.HIGH),
        ("You may post here.", "You may not post here.", Severity.HIGH),
        ("You may post here today.", "You can post here today.", Severity.HIGH),
        ("For ages 13 and over.", "For ages 16 and over.", Severity.HIGH),
        ("Selling is fine for us.", "Selling is prohibited for us.", Severity.HIGH),
        ("You can post here, friend.", "You can\u2019t post here, friend.", Severity.HIGH),
        ("You must post nice pictures.", "You must post good pictures.", Severity.LOW),
        ("We like it.", "We like it. " + "Come and see how we work together every day here.", Severity.MEDIUM),
    ],
)
def test_severity_comes_from_the_changed_words_only(before, after, severity):
    assert compare(paragraphs(before), paragraphs(after)).severity is severity


def test_the_summary_quotes_the_first_words_with_weight():
    after = POLICY.replace("safe here", "well here").replace("A second person looks", "A second person must look")
    assert (
        judged(POLICY, after).summary
        == 'Harassment \u203a Appeals: "second person looks at it." → "second person must look at it."'
    )


@pytest.mark.parametrize(
    ("before", "after", "summary"),
    [
        ("# Rules", "# Rules\nBe nice.\nYou must not spam.", 'Rules: added "You must not spam."'),
        ("# Rules\nBe nice. You must not spam.", "# Rules", 'Rules: removed "You must not spam."'),
        ("Be nice.", "Be nice.\nSing along.", 'added "Sing along."'),
        ("You will ask", "You must ask", '"You will ask" → "You must ask"'),
        ("ask them", "ask them nicely", '"ask them" → "ask them nicely"'),
        ("ask them", "always ask them", '"ask them" → "always ask them"'),
    ],
)
def test_the_summary_says_what_was_added_or_removed(before, after, summary):
    assert judged(before, after).summary == summary


def test_a_summary_with_long_heading_and_long_words_still_fits_and_names_both():
    heading = "# " + "Conditions of carriage " * 8
    summary = judged(heading, heading + "\n" + "Donaudampfschifffahrtsgesellschaft must " * 20).summary
    assert len(summary) <= LENGTH
    assert summary.startswith("Conditions of carriage")
    assert "Donaudampfschifffahrtsgesellschaft must" in summary


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


@pytest.mark.parametrize(
    ("added", "severity"),
    [
        ("You must not sell tickets here.", Severity.HIGH),
        ("Do not copy a voice without consent.", Severity.HIGH),
        ("Our 3 offices are open until 5, and nobody is there at night, not even on Mondays.", Severity.MEDIUM),
        ("Find us in room 12.", Severity.LOW),
    ],
)
def test_a_whole_passage_is_grave_only_where_it_obliges_or_forbids(added, severity):
    assert compare(paragraphs("One."), paragraphs("One.", added)).severity is severity
