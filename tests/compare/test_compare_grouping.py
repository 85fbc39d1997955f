"""Which changes of several documents are one change of their publisher."""

import pytest

from compare.texts import policy
from monitor.compare.alignment.blocks import align, find_passages
from monitor.compare.grouping import fingerprint
from monitor.model import Passage, PassageOp

TERMS = "# Terms\nBirdsite is a service.\nYou can leave Birdsite at any time.\nWrite to the desk.\nFees are low."
PRIVACY = (
    "# Privacy\nOn Birdsite we keep little.\nBirdsite's desk answers.\nAsk (via Birdsite) for a copy, says Birdsite."
)


def change(before, after):
    return fingerprint(find_passages(align(policy(before), policy(after))))


def renamed(text):
    return change(text, text.replace("Birdsite", "Roost"))


def test_a_renamed_product_is_one_change_in_however_many_places():
    assert renamed(TERMS) == renamed(PRIVACY) != ""


@pytest.mark.parametrize("old", ["Last updated: 3 May 2024", "Last updated: 30 November 2019"])
def test_documents_that_got_the_same_stamp_are_one_change_whatever_date_they_had(old):
    new = "Last updated: 1 June 2025"
    assert change(f"{TERMS}\n{old}", f"{TERMS}\n{new}") == change(
        f"{PRIVACY}\nLast updated: 2 July 2022", f"{PRIVACY}\n{new}"
    )


@pytest.mark.parametrize(
    ("one", "another", "old", "new"),
    [
        ("We delete your data within {} days.", "You must appeal a ban within {} days.", "30", "60"),
        ("You may{} post.", "Guests may{} sell their seat.", "", " not"),
        ("You {} post.", "Guests {} sell their seat.", "must", "may"),
        ("Effective {}.", "We keep your data until {}.", "1 May 2026", "1 June 2026"),
    ],
)
def test_the_same_number_date_or_ruling_word_in_another_rule_is_another_change(one, another, old, new):
    assert change(one.format(old), one.format(new)) != change(another.format(old), another.format(new))
    assert change(one.format(old), one.format(new)) == change(
        f"{TERMS}\n{one.format(old)}", f"{TERMS}\n{one.format(new)}"
    )


def test_a_sign_beside_a_number_is_no_punctuation():
    renamed_too = change("Birdsite is for ages 13.", "Roost is for ages 13+.")
    assert renamed_too != change("Birdsite is for ages 13.", "Roost is for ages 13.")


def test_documents_that_got_another_date_are_two_changes():
    assert change("Effective 1 May 2024", "Effective 1 June 2025") != change(
        "Effective 1 May 2024", "Effective 2 June 2025"
    )


def test_a_footer_line_that_is_new_in_all_documents_is_one_change():
    footer = "Questions? Visit the help desk."
    assert change(TERMS, f"{TERMS}\n{footer}") == change(PRIVACY, f"{PRIVACY}\n{footer.upper()}") != ""


def test_a_line_that_came_and_the_same_line_that_went_are_two_changes():
    footer = "Questions? Visit the help desk."
    assert change(TERMS, f"{TERMS}\n{footer}") != change(f"{TERMS}\n{footer}", TERMS)


def test_a_new_address_is_one_change_in_sentences_that_differ():
    before, after = "1 Nest Road, Cork", "22 Perch Lane, Cork"
    assert change(f"Write to {before}, please.", f"Write to {after}, please.") == change(
        f"We sit in {before}.", f"We sit in {after}."
    )


def test_a_change_with_differences_of_its_own_is_not_grouped():
    assert change(TERMS, TERMS.replace("Birdsite", "Roost").replace("low", "high")) != renamed(TERMS)


def test_words_that_were_only_added_are_not_those_that_were_only_removed():
    assert change("You may post.", "You may not post.") != change("You may not post.", "You may post.")


@pytest.mark.parametrize(
    "passages",
    [
        (),
        (Passage(PassageOp.MOVED, (), "Fees are low.", "Fees are low."),),
        (Passage(PassageOp.REWORDED, (), "Ask us, please", "Ask us please"),),
    ],
    ids=["nothing", "only_moved", "only_a_comma"],
)
def test_where_no_words_changed_there_is_nothing_to_group_by(passages):
    assert fingerprint(passages) == ""
