"""What becomes of a clause from one text to the next."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.impact.anchors import Fate, follow, is_same_wording
from monitor.model import Anchor, Block, BlockKind

AGE = "Hosts of a livestream must be at least 16 years old."
PROOF = "They prove it before their first livestream, with a document or a facial estimate."
FEES = "Hosts pay a fee of 5 euros for each livestream, which is paid back when it is cancelled."
GIFTS = "Viewers can send gifts to hosts, and hosts can turn the gifts of a month into money once."
KIND = "Be kind to everybody who watches, whatever they say about your livestream."
TEXT = [AGE, PROOF, FEES, GIFTS, KIND]


def blocks(*texts, heading=("Rules",), kind=BlockKind.PARAGRAPH):
    return [Block(kind, text, heading) for text in texts]


def follow_one(text, before, after, heading=("Rules",)):
    (found,) = follow([Anchor(heading, text)], before, after)
    return found


def fate_of(text, before, after):
    """Of a clause in texts below one heading."""
    return follow_one(text, blocks(*before), blocks(*after)).fate


@pytest.mark.parametrize(
    ("after", "fate"),
    [
        pytest.param(TEXT, Fate.KEPT, id="nothing_changed"),
        pytest.param([PROOF, FEES, GIFTS, KIND, AGE], Fate.MOVED, id="it_stands_elsewhere"),
        pytest.param([AGE, FEES, KIND], Fate.KEPT, id="others_went"),
        pytest.param(["New: be safe at home.", *TEXT], Fate.KEPT, id="others_came"),
        pytest.param([f"1. {AGE}", *TEXT[1:]], Fate.MOVED, id="it_got_a_number"),
        pytest.param([AGE.replace("16", "18"), *TEXT[1:]], Fate.REWORDED, id="its_age_changed"),
        pytest.param([AGE.replace("must", "should"), *TEXT[1:]], Fate.REWORDED, id="its_force_changed"),
        pytest.param([f"{AGE} Parents can agree to less.", *TEXT[1:]], Fate.REWORDED, id="an_exception_was_added"),
        pytest.param(TEXT[1:], Fate.GONE, id="it_went"),
        pytest.param([AGE.replace(" must", "  must"), *TEXT[1:]], Fate.KEPT, id="white_space"),
        pytest.param([f"{AGE} {PROOF}", *TEXT[2:]], Fate.KEPT, id="it_was_joined_with_the_next_one"),
        pytest.param([f"{AGE} {PROOF}", FEES.replace("5", "6"), *TEXT[3:]], Fate.KEPT, id="joined_beside_a_rewording"),
        pytest.param([], Fate.GONE, id="nothing_is_left"),
    ],
)
def test_what_becomes_of_the_first_clause(after, fate):
    assert fate_of(AGE, TEXT, after) is fate


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('He said "no" \u2013 and left the room at once.', "He said \u201cno\u201d - and left the room at once."),
        ("4.2 Hosts keep a note of each case.", "4.3 Hosts keep a note of each case."),
        ("(b) hosts keep a note of each case;", "(c) hosts keep a note of each case;"),
        ("Last updated: 3 May 2025", "Last updated: 1 June 2026"),
        ("1,204 people found this helpful", "1,311 people found this helpful"),
    ],
)
def test_what_a_person_need_not_read_is_no_rewording(before, after):
    found = follow_one(before, blocks(before, *TEXT), blocks(after, *TEXT))
    assert found.fate in {Fate.KEPT, Fate.MOVED}
    assert found.anchor.text == after


def test_other_link_targets_are_no_rewording():
    old = [Block(BlockKind.PARAGRAPH, AGE, ("Rules",), ("https://a.example/1",))]
    new = [Block(BlockKind.PARAGRAPH, AGE, ("Rules",), ("https://a.example/2",))]
    assert follow_one(AGE, old, new).fate is Fate.KEPT


@pytest.mark.parametrize("heading", [("3. Rules",), ("Rules for hosts",), ("Terms", "Rules")])
def test_a_clause_below_a_heading_that_was_renamed_has_moved_there(heading):
    found = follow_one(AGE, blocks(*TEXT), blocks(*TEXT, heading=heading))
    assert (found.fate, found.anchor) == (Fate.MOVED, Anchor(heading, AGE))


def test_a_clause_that_was_split_is_followed_with_both_parts():
    before, after = blocks(f"{AGE} {PROOF}", FEES), blocks(AGE, PROOF, FEES)
    found = follow_one(f"{AGE} {PROOF}", before, after)
    assert (found.fate, found.anchor.text) == (Fate.KEPT, f"{AGE}\n{PROOF}")
    reworded = follow([found.anchor], after, blocks(AGE, PROOF.replace("before", "after"), FEES))[0]
    assert reworded.fate is Fate.REWORDED
    assert reworded.anchor.text == f"{AGE}\n{PROOF.replace('before', 'after')}"
    assert follow([found.anchor], after, blocks(AGE, FEES))[0].fate is Fate.REWORDED
    joined = follow([found.anchor], after, before)[0]
    assert (joined.fate, joined.anchor.text) == (Fate.KEPT, f"{AGE} {PROOF}")


def test_a_question_that_was_split_off_is_no_rewording():
    question = "What do hosts do when somebody talks about hurting themselves? They read the list of help lines."
    parts = [f"{question.partition('?')[0]}?", "They read the list of help lines."]
    assert fate_of(question, [question, *TEXT], [*parts, *TEXT]) is Fate.KEPT


def test_a_clause_that_was_joined_points_at_the_block_in_which_it_stands():
    found = follow_one(PROOF, blocks(*TEXT), blocks(f"{AGE} {PROOF} {FEES.replace('5', '6')}", GIFTS, KIND))
    assert found.fate is Fate.MOVED
    assert PROOF in found.anchor.text


def test_words_that_only_a_longer_sentence_has_are_not_the_clause():
    before = [KIND, "hate speech", FEES]
    assert fate_of("hate speech", before, [KIND, "We remove hate speech and insults at once.", FEES]) in {
        Fate.REWORDED,
        Fate.GONE,
    }


def test_of_words_that_stand_twice_those_below_the_heading_are_meant():
    before = [*blocks(AGE, FEES, heading=("Hosts",)), *blocks(AGE, GIFTS, heading=("Guests",))]
    after = [*blocks(AGE, FEES, heading=("Hosts",)), *blocks(AGE.replace("16", "13"), GIFTS, heading=("Guests",))]
    fates = [follow_one(AGE, before, after, heading).fate for heading in (("Hosts",), ("Guests",))]
    assert fates == [Fate.KEPT, Fate.REWORDED]


def test_where_one_of_two_copies_goes_the_other_one_is_the_clause():
    before = [*blocks(AGE, FEES, heading=("In short",)), *blocks(AGE, GIFTS, heading=("Rules",))]
    after = blocks(AGE, GIFTS, heading=("Rules",))
    assert follow_one(AGE, before, after, ("In short",)).anchor == Anchor(("Rules",), AGE)


def test_a_clause_that_is_in_neither_text_is_gone_and_one_that_is_back_has_moved_there():
    assert follow_one(AGE, blocks(FEES), blocks(FEES, GIFTS)).fate is Fate.GONE
    back = follow_one(AGE, blocks(FEES), blocks(FEES, f"7. {AGE}"))
    assert (back.fate, back.anchor.text) == (Fate.MOVED, f"7. {AGE}")


def test_of_reworded_rows_only_those_are_reworded_that_changed():
    rows = [f"Fee {number} | {number} euros | since 2020" for number in range(1, 6)]
    later = [rows[0], rows[1].replace("2 euros", "9 euros"), rows[2].replace(" | ", " |  "), *rows[3:]]
    later[3] = rows[3].replace("4 euros", "8 euros")
    before, after = (blocks(*side, kind=BlockKind.ROW) for side in (rows, later))
    fates = [found.fate for found in follow([Anchor(("Rules",), row) for row in rows], before, after)]
    assert fates == [Fate.KEPT, Fate.REWORDED, Fate.KEPT, Fate.REWORDED, Fate.KEPT]


def test_neighbouring_rows_of_which_one_only_got_a_new_stamp():
    rows = ["Fee for hosts | 2 euros", "Last updated | 3 May 2025"]
    later = ["Fee for hosts | 9 euros", "Last updated | 1 June 2026"]
    before, after = (blocks(*side, kind=BlockKind.ROW) for side in (rows, later))
    fates = [found.fate for found in follow([Anchor(("Rules",), row) for row in rows], before, after)]
    assert fates[0] is Fate.REWORDED


def test_nobody_to_follow_is_nobody_followed():
    assert follow([], blocks(*TEXT), blocks(*TEXT)) == ()


def test_the_same_wording_may_have_another_number_and_other_signs():
    assert is_same_wording("3. Say \u201cno\u201d", '4.  Say "no"')
    assert not is_same_wording("Say no", "Say No")


WORDS = st.lists(
    st.sampled_from(["host", "fee", "age", "gift", "must", "may", "never", "16", "18", "report", "proof"]), min_size=5
)
TEXTS = st.lists(WORDS.map(" ".join), min_size=1, max_size=12, unique=True)


@given(TEXTS)
def test_in_an_equal_text_every_clause_is_kept(texts):
    before = blocks(*texts)
    anchors = [Anchor(block.heading, block.text) for block in before]
    assert {found.fate for found in follow(anchors, before, list(before))} == {Fate.KEPT}


@given(TEXTS.flatmap(lambda texts: st.tuples(st.just(texts), st.permutations(texts))))
def test_in_another_order_every_clause_is_found_as_it_was(orders):
    before, after = (blocks(*texts) for texts in orders)
    anchors = [Anchor(block.heading, block.text) for block in before]
    found = follow(anchors, before, after)
    assert [each.anchor for each in found] == anchors
    assert {each.fate for each in found} <= {Fate.KEPT, Fate.MOVED}


@given(st.lists(TEXTS, min_size=2, max_size=3))
def test_a_clause_that_is_called_kept_stands_in_the_text_and_no_clause_is_lost_that_does(texts):
    for before, after in pairwise([blocks(*side) for side in texts]):
        standing = {block.text for block in after}
        for each in follow([Anchor(block.heading, block.text) for block in before], before, after):
            if each.fate is not Fate.GONE:
                assert set(each.anchor.text.split("\n")) <= standing
            if each.fate is Fate.GONE:
                assert each.anchor.text not in standing
