"""Situations, and what is said about each: how severe, about what, why, and in one line."""

import random
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compare.texts import SENTENCES, TEXTS
from monitor.compare.alignment.blocks import align, find_passages
from monitor.compare.severity.edits import MAX_EDITS, MAX_READ, find_edits
from monitor.compare.severity.explain import LENGTH, explain
from monitor.compare.severity.scale import SIZE, weigh
from monitor.compare.summary import summarise
from monitor.model import Aspect, Passage, PassageOp, Severity


def passage(heading, before, after):
    op = PassageOp.REWORDED if before and after else PassageOp.ADDED if after else PassageOp.REMOVED
    return Passage(op, tuple(heading.split(" › ")) if heading else (), before, after)


SITUATIONS = tomllib.loads((Path(__file__).parent / "severity_situations.toml").read_text("utf-8"))


@pytest.mark.parametrize("situation", SITUATIONS.values(), ids=SITUATIONS)
def test_situation(situation):
    passages = (passage(situation.get("heading", ""), situation.get("before", ""), situation.get("after", "")),)
    severity, aspects = weigh(passages)
    assert (severity, " ".join(aspects)) == (situation["severity"], situation["aspects"])
    assert explain(passages) == situation["why"]
    assert summarise(passages) == situation["summary"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("You may not be able to log in.", "You may not always be able to log in."),
        ("", "The service may not be available where you live."),
        ("", "We cannot guarantee an answer."),
        ("", "Example Ltd cannot verify every claim."),
        ("", "No later than noon we look at it."),
        ("", "This notice shall not be read as an offer."),
        ("", "Das ist keine Frage."),
        ("Posts of May 2026 are kept.", "Posts of 2026 are kept."),
    ],
)
def test_what_sounds_like_a_prohibition_and_is_none_is_not_high(before, after):
    severity, aspects = weigh([passage("", before, after)])
    assert severity is not Severity.HIGH
    assert Aspect.PROHIBITION not in aspects


@pytest.mark.parametrize(
    "text",
    [
        "Users must not resell access.",
        "You are not allowed to resell access.",
        "Reselling access is not permitted.",
        "We do not tolerate reselling.",
        "Never resell access.",
        "Please don't resell access.",
        "Der Weiterverkauf ist untersagt.",
        "Sie können Ihren Zugang nicht verkaufen.",
        "La revente est interdite.",
        "Il ne faut pas : vous ne devez pas revendre.",
        "Está prohibido revender.",
        "No se permite revender.",
        "É proibido revender.",
        "È vietato rivendere.",
        "Het is verboden door te verkopen.",
        "Plaats geen advertenties.",
    ],
)
def test_a_new_prohibition_is_high_in_every_language(text):
    severity, aspects = weigh([passage("", "", text)])
    assert (severity, aspects[0]) == (Severity.HIGH, Aspect.PROHIBITION)


def test_many_obligations_are_high_and_one_is_medium():
    duty = "Sellers must keep the receipt of every parcel that they hand over."
    many = " ".join(duty.replace("receipt", f"receipt number {number}") for number in range(SIZE // 4))
    assert weigh([passage("", "", duty)])[0] is Severity.MEDIUM
    assert weigh([passage("", "", many)])[0] is Severity.HIGH


def test_much_new_text_without_rules_stays_low():
    text = " ".join(f"Song number {number} is a song that people here love." for number in range(100))
    assert weigh([passage("Music", "", text)])[0] is Severity.LOW


def test_a_sentence_that_moved_to_another_passage_is_no_change_of_rules():
    rule = "You must not sell tickets."
    passages = [passage("Sales", f"Be fair. {rule}", "Be fair."), passage("Tickets", "", rule)]
    assert weigh(passages) == (Severity.LOW, (Aspect.WORDING,))


def test_what_was_removed_and_added_under_one_heading_is_read_as_reworded():
    passages = (passage("Top", "Effective: 1 May 2026", ""), passage("Top", "", "Effective – 1 June 2026"))
    assert explain(passages) == "the effective date moved from 1 May 2026 to 1 June 2026"


def test_paragraphs_in_another_order_are_low_and_need_no_explanation():
    moved = Passage(PassageOp.MOVED, (), "You must not spam.", "You must not spam.")
    assert (weigh([moved]), explain([moved])) == ((Severity.LOW, (Aspect.WORDING,)), "")


def test_aspects_stand_gravest_first():
    text = "Contact us by phone. The fee is $5. You must not spam. You must reply."
    aspects = weigh([passage("", "", text)])[1]
    assert aspects == (Aspect.PROHIBITION, Aspect.OBLIGATION, Aspect.FEE, Aspect.CONTACT)


def test_of_very_many_sentences_only_the_first_are_read():
    edits = find_edits([passage("", "No.\n" * 10_000, "Yes.\n" * 10_000)])
    assert len(edits) == MAX_EDITS


def test_of_a_very_large_change_only_the_first_part_is_read():
    text = "\n".join(f"Seller number {number} must reply to each and every letter." for number in range(10_000))
    edits = find_edits([passage("", "", text)])
    assert MAX_READ - 1000 < sum(len(edit.after) for edit in edits) < MAX_READ + 100


@given(TEXTS, TEXTS)
def test_any_change_has_a_severity_aspects_and_a_reason_that_fits_one_line(before, after):
    passages = find_passages(align(before, after))
    severity, aspects = weigh(passages)
    assert severity in Severity
    assert aspects == tuple(sorted(set(aspects), key=list(Aspect).index))
    assert len(explain(passages)) <= LENGTH
    assert "\n" not in explain(passages)


@given(st.text(max_size=300), st.text(max_size=300), st.lists(SENTENCES, max_size=3))
def test_any_text_at_all_is_weighed_and_always_in_the_same_way(before, after, heading):
    passages = [Passage(PassageOp.REWORDED, tuple(heading), before, after)]
    weighed, explained = weigh(passages), explain(passages)
    weigh([passage("", "Something", "else")])
    assert (weigh(passages), explain(passages)) == (weighed, explained)


@given(st.lists(SENTENCES, min_size=1, max_size=8, unique=True), st.randoms())
def test_sentences_in_another_order_are_no_edit(sentences, chance: random.Random):
    before = [f"{sentence.capitalize()}!" for sentence in sentences]
    after = chance.sample(before, len(before))
    assert find_edits([Passage(PassageOp.REWORDED, (), "\n".join(before), "\n".join(after))]) == []
