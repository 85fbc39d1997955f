"""Aligning two texts block by block, and the passages that people read."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compare.texts import TEXTS, paragraphs, policy
from monitor.compare import blocks
from monitor.compare.blocks import affordable_share, align, find_passages
from monitor.compare.words import fold
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


def apply_steps(steps):
    """What the alignment says the new wordings are: its own words only where it says that there are new ones."""
    for step in steps:
        for block in step.after if step.op in (ADDED, REWORDED) else step.before:
            if step.op is not REMOVED and fold(block.text):
                yield fold(block.text)


def wordings(text):
    return [fold(block.text) for block in text if fold(block.text)]


@given(TEXTS, TEXTS)
def test_the_old_text_with_the_alignment_applied_is_the_new_text(before, after):
    steps = align(before, after)
    assert " ".join(apply_steps(steps)) == " ".join(wordings(after))
    assert [fold(block.text) for step in steps for block in step.after if fold(block.text)] == wordings(after)


@given(TEXTS, TEXTS)
def test_every_old_block_is_accounted_for_once_and_in_order_unless_it_moved(before, after):
    steps = align(before, after)
    accounted = [fold(block.text) for step in steps for block in step.before if fold(block.text)]
    assert Counter(accounted) == Counter(wordings(before))
    if not any(step.op is MOVED for step in steps):
        assert accounted == wordings(before)


@given(
    st.lists(st.integers(), unique=True, min_size=2, max_size=12).flatmap(
        lambda n: st.tuples(st.just(n), st.permutations(n))
    )
)
def test_blocks_in_another_order_have_moved_and_nothing_else_happened(orders):
    before, after = (paragraphs(*(f"rule{number} applies" for number in order)) for order in orders)
    assert {step.op for step in align(before, after)} <= {None, MOVED}


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


@pytest.mark.parametrize("number", ["{}.", "({})", "{})", "2.{}"])
def test_a_clause_that_got_another_number_is_the_same_clause(number):
    three, four = number.format(3), number.format(4)
    before = f"{three} Scope\nThis applies to everybody."
    after = f"{three} Words\nA desk is a team.\n{four} Scope\nThis applies to everybody."
    added, renumbered = passages_between(before, after)
    assert (added.op, added.after) == (ADDED, f"{three} Words\nA desk is a team.")
    assert (renumbered.op, renumbered.before, renumbered.after) == (REWORDED, f"{three} Scope", f"{four} Scope")


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


def test_rows_that_all_changed_are_paired_with_their_neighbours_under_the_ceiling(monkeypatch):
    compared = []
    extract = blocks.process.extract_iter

    def counting(wording, near, **options):
        compared.append(len(near))
        return extract(wording, near, **options)

    monkeypatch.setattr(blocks.process, "extract_iter", counting)
    before = paragraphs(*(f"row {number} costs nothing at all" for number in range(1000)))
    after = paragraphs(*(f"row {number} costs something at all" for number in range(1000)))
    found = find_passages(align(before, after))
    assert [passage.op for passage in found] == [REWORDED] * 1000
    assert all(passage.before.split()[1] == passage.after.split()[1] for passage in found)
    assert sum(compared) <= 3 * blocks.MAX_PAIRS < 1000 * 1000


@pytest.mark.parametrize(
    ("sizes", "share"),
    [
        ([], 1.0),
        ([(10, 10, 20)], 1.0),
        ([(1000, 1000, 5)], blocks.MAX_PAIRS / 1_000_000),
        ([(250, 250, 5)] * 16, blocks.MAX_PAIRS / 1_000_000),
        ([(20, 20, 5000)], blocks.MAX_WORD_CELLS / 100_000**2),
    ],
)
def test_the_ceilings_of_work_hold_for_all_places_together(sizes, share):
    places = [
        (dict.fromkeys(range(old), "w" * words), dict.fromkeys(range(new), "w" * words)) for old, new, words in sizes
    ]
    assert affordable_share(places) == pytest.approx(share)
