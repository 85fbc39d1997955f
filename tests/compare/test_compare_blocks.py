"""Aligning two texts block by block, and the passages that people read."""

import pytest

from compare.texts import paragraphs, policy
from monitor.compare.alignment.blocks import align, find_passages, find_renumbered
from monitor.model import Passage, PassageOp

ADDED, REMOVED, REWORDED, MOVED = PassageOp.ADDED, PassageOp.REMOVED, PassageOp.REWORDED, PassageOp.MOVED

RULES = """
# Rules
## Reporting
Report harassment to the desk within 24 hours.
- Attach a screenshot of what you saw.
- Name the account that wrote it.
## Appeals
You can appeal a decision once, and a second person will look at it.
"""


def passages_between(before, after):
    return find_passages(align(policy(before), policy(after)))


def test_a_reworded_rule_is_one_passage_under_its_heading():
    found = passages_between(RULES, RULES.replace("24 hours", "12 hours"))
    assert found == (
        Passage(
            REWORDED,
            ("Rules", "Reporting"),
            "Report harassment to the desk within 24 hours.",
            "Report harassment to the desk within 12 hours.",
        ),
    )


def test_a_new_section_is_one_passage_with_a_line_for_each_block():
    section = "## Evidence\nKeep what you saw for a year.\n- Originals.\n- Copies.\n"
    found = passages_between(RULES, RULES.replace("## Appeals", section + "## Appeals"))
    assert found == (
        Passage(ADDED, ("Rules", "Evidence"), "", "Evidence\nKeep what you saw for a year.\nOriginals.\nCopies."),
    )


def test_two_new_sections_are_two_passages_also_under_the_same_name():
    found = passages_between("# Rules", "# Rules\n## Example\nWave politely.\n## Example\nSing along.")
    assert [passage.after for passage in found] == ["Example\nWave politely.", "Example\nSing along."]


def test_removed_blocks_are_told_where_they_stood_with_their_old_heading():
    after = RULES.replace("- Attach a screenshot of what you saw.\n- Name the account that wrote it.\n", "")
    after = after.replace("appeal a decision once", "appeal a decision twice")
    removed, reworded = passages_between(RULES, after)
    assert (removed.op, removed.heading) == (REMOVED, ("Rules", "Reporting"))
    assert removed.before == "Attach a screenshot of what you saw.\nName the account that wrote it."
    assert reworded.op is REWORDED


def test_a_moved_section_is_one_passage_told_at_its_new_place():
    _, reporting, appeals = RULES.strip().split("## ")
    found = passages_between(RULES, f"# Rules\n## {appeals}\n## {reporting}")
    moved = "Appeals\nYou can appeal a decision once, and a second person will look at it."
    assert found == (Passage(MOVED, ("Rules", "Appeals"), moved, moved),)


def test_a_renamed_heading_is_the_only_passage_though_every_path_below_it_differs():
    found = passages_between(RULES, RULES.replace("## Reporting", "## Reporting abuse"))
    assert found == (Passage(REWORDED, ("Rules", "Reporting abuse"), "Reporting", "Reporting abuse"),)


@pytest.mark.parametrize(
    "number", ["{}.", "({})", "{})", "2.{}", "2.{}.", "\u00a7 {}:", "Section {} \u2013", "Artikel {}."]
)
def test_clauses_that_only_got_another_number_are_no_passages_and_can_be_named(number):
    three, four, five = (number.format(n) for n in (3, 4, 5))
    before = policy(f"{three} Scope\nThis applies to everybody.\n{four} Fees\nThere are none.")
    after = policy(
        f"{three} Words\nA desk is a team.\n{four} Scope\nThis applies to everybody.\n{five} Fees\nThere are none."
    )
    steps = align(before, after)
    assert [(passage.op, passage.after) for passage in find_passages(steps)] == [
        (ADDED, f"{three} Words\nA desk is a team.")
    ]
    assert [(old.text, new.text) for old, new in find_renumbered(steps)] == [
        (f"{three} Scope", f"{four} Scope"),
        (f"{four} Fees", f"{five} Fees"),
    ]


def test_a_clause_that_got_another_number_and_other_words_is_reworded():
    found = passages_between("3. You may post once a day.", "4. You may post twice a day.")
    assert [passage.op for passage in found] == [REWORDED]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("1. Januar 2024", "15. Januar 2024"),
        ("2.5 million users or more", "3.5 million users or more"),
        ("14. Tag nach Zugang", "30. Tag nach Zugang"),
        ("Article 16 of the Act applies", "Article 17 of the Act applies"),
        ("12 hours", "24 hours"),
    ],
)
def test_a_number_that_says_something_is_no_clause_number(before, after):
    steps = align(policy(before), policy(after))
    assert [passage.op for passage in find_passages(steps)] == [REWORDED]
    assert find_renumbered(steps) == ()


def test_unchanged_clauses_are_not_renumbered():
    steps = align(policy(RULES), policy(RULES.replace("24", "12")))
    assert find_renumbered(steps) == ()


def test_each_old_rule_is_paired_with_the_new_one_that_is_most_like_it():
    before = "Do not post spam links in any group.\nDo not sell weapons to anybody here."
    after = "Do not sell weapons or ammunition to anybody here.\nDo not gamble with real money."
    pairs = [(passage.op, passage.before[:11], passage.after[:11]) for passage in passages_between(before, after)]
    assert pairs == [(REMOVED, "Do not post", ""), (REWORDED, "Do not sell", "Do not sell"), (ADDED, "", "Do not gamb")]


def test_an_unlike_text_in_the_same_place_is_removed_and_added():
    found = passages_between("We store nothing about you.", "Photographs may show faces when everybody agreed.")
    assert [passage.op for passage in found] == [REMOVED, ADDED]


def test_a_paragraph_that_was_split_is_no_passage_beside_one_that_was_reworded():
    before = "First do this. Then do that.\nAsk the desk before noon.\nThe end of it."
    after = "First do this.\nThen do that.\nAsk the desk before noon.\nThe end of it all."
    assert [passage.op for passage in passages_between(before, after)] == [REWORDED]


def test_blocks_without_words_are_no_passage():
    assert find_passages(align(paragraphs("One.", "\u200b", "Two."), paragraphs("\u00ad", "One.", "Two."))) == ()
