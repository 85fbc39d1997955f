"""Which section is which after an edit: ids stay with what they were given to, and go to nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model import Section
from monitor.sops import identify
from monitor.sops.identity import fold_path
from monitor.sops.sections import free_id, slug

PAY = "Pay back within fourteen days of the request, by the means that the customer paid with."
READ = "A second reviewer reads the appeal and answers in the language in which it was written."
KEEP = "Keep the papers for two years in the locked folder of the desk, then destroy them."


def sections(*pairs, sop="S"):
    """Sections with the ids that a loader gives; a heading path is written `Part > Chapter`."""
    made, taken = [], set()
    for path, text in pairs:
        heading = tuple(path.split(" > "))
        section_id = free_id(f"{sop}#{slug(' '.join(heading))}", taken)
        taken.add(section_id)
        made.append(Section(section_id, sop, heading, text))
    return tuple(made)


KNOWN = sections(("3. Refunds", PAY), ("4. Appeals", READ), ("5. Papers > Keeping", KEEP))
FIRST, SECOND, THIRD = (each.id for each in KNOWN)

SITUATIONS = {
    "nothing changed": (
        [("3. Refunds", PAY), ("4. Appeals", READ), ("5. Papers > Keeping", KEEP)],
        [FIRST, SECOND, THIRD],
    ),
    "renumbered": ([("4. Refunds", PAY), ("5. Appeals", READ), ("6. Papers > Keeping", KEEP)], [FIRST, SECOND, THIRD]),
    "numbered another way": (
        [("§ 3 Refunds", PAY), ("IV. Appeals", READ), ("Part 5: Papers > a) Keeping", KEEP)],
        [FIRST, SECOND, THIRD],
    ),
    "another order": (
        [("5. Papers > Keeping", KEEP), ("4. Appeals", READ), ("3. Refunds", PAY)],
        [THIRD, SECOND, FIRST],
    ),
    "moved below another heading": ([("Refunds", PAY), ("Appeals > Keeping", KEEP)], [FIRST, THIRD]),
    "moved and edited": ([("Appeals > Keeping", KEEP.replace("two years", "five whole years"))], [THIRD]),
    "renamed": ([("Paying back", PAY), ("Second looks", READ)], [FIRST, SECOND]),
    "renamed and edited a little": ([("Money back", PAY.replace("fourteen", "thirty"))], [FIRST]),
    "another text under the same heading": ([("3. Refunds", "Ask the treasurer whom to pay.")], [FIRST]),
    "a new one took the heading of a renamed one": (
        [("3. Refunds", "Ask the treasurer."), ("4. Paying back", PAY)],
        ["S#3-refunds-2", FIRST],
    ),
    "two changed places by number alone": ([("3. Appeals", READ), ("4. Refunds", PAY)], [SECOND, FIRST]),
    "a new one among the old": (
        [("3. Refunds", PAY), ("4. Fees", "None."), ("5. Appeals", READ)],
        [FIRST, "S#4-fees", SECOND],
    ),
    "another text under another heading": ([("Contacts", "Ask Kim in the office next door.")], ["S#contacts"]),
}


@pytest.mark.parametrize(("loaded", "ids"), SITUATIONS.values(), ids=SITUATIONS)
def test_a_section_keeps_its_id_when(loaded, ids):
    assert [each.id for each in identify(KNOWN, sections(*loaded))] == ids


def test_a_short_text_under_another_heading_is_not_taken_for_the_same_section():
    known = sections(("Exceptions", "None."))
    assert [each.id for each in identify(known, sections(("Equipment", "None.")))] == ["S#equipment"]


def test_sections_without_a_heading_of_their_own_are_told_apart_by_their_text():
    known = sections(("Refunds", PAY), ("Refunds", READ))
    later = sections(("Refunds", READ.replace("second", "third")), ("Refunds", KEEP), ("Refunds", PAY))
    assert [each.id for each in identify(known, later)] == ["S#refunds-2", "S#refunds-2-2", "S#refunds"]


def test_a_section_that_went_to_another_sop_is_a_new_one_there():
    loaded = sections(("3. Refunds", PAY), sop="T")
    assert [each.id for each in identify(KNOWN, loaded)] == ["T#3-refunds"]


def test_the_id_of_a_removed_section_goes_to_no_other_text():
    gone = sections(("Refunds", PAY))
    assert [each.id for each in identify((), sections(("Refunds", READ)), gone)] == ["S#refunds-2"]


def test_a_removed_section_that_comes_back_word_for_word_has_its_id_again():
    gone = sections(("3. Refunds", PAY))
    assert [each.id for each in identify((), sections(("7. Refunds", PAY)), gone)] == ["S#3-refunds"]


def test_only_the_id_of_a_section_is_changed():
    loaded = sections(("9. Paying back", PAY))
    (section,) = identify(KNOWN, loaded)
    assert (section.heading, section.text, section.sop_id) == (("9. Paying back",), PAY, "S")


@pytest.mark.parametrize(
    ("heading", "folded"),
    [
        ("3. Refunds", "refunds"),
        ("3.1.2 Refunds", "refunds"),
        ("3) Refunds", "refunds"),
        ("Section 3: Refunds", "refunds"),
        ("Step 3 – Refunds", "refunds"),
        ("IV. Refunds", "refunds"),
        ("b) Refunds", "refunds"),
        ("§ 12 Erstattung", "erstattung"),
        ("Abschnitt 2 Erstattung", "erstattung"),
        ("Étape 2 : Rembourser", "rembourser"),
        ("A moderator reads", "a moderator reads"),
        ("Step 3", "step 3"),
        ("3.", "3."),
        ("  Second   Look ", "second look"),
        ("Civil matters", "civil matters"),
    ],
)
def test_a_heading_is_compared_without_its_number(heading, folded):
    assert fold_path([heading]) == (folded,)


WORDS = st.sampled_from(["pay", "read", "keep", "ask", "close", "send", "block", "label", "review", "report", "minor"])
TEXTS = st.lists(WORDS, min_size=1, max_size=12).map(" ".join)
HEADINGS = st.sampled_from(["Refunds", "Appeals", "Papers", "Papers > Keeping", "Refunds > Keeping", "Contacts"])
PAIRS = st.lists(st.tuples(HEADINGS, TEXTS), max_size=8)


@given(PAIRS, PAIRS, PAIRS)
def test_ids_are_unique_and_no_new_section_has_one_that_is_not_its_own(before, loaded, gone):
    known = sections(*before)
    old = tuple(Section(f"{each.id}-old", "S", each.heading, each.text) for each in sections(*gone))
    identified = identify(known, sections(*loaded), old)
    ids = [each.id for each in identified]
    assert len(set(ids)) == len(ids) == len(loaded)
    removed = {each.id: (fold_path(each.heading), each.text) for each in old}
    assert all(
        (fold_path(each.heading), each.text) == removed.get(each.id, (fold_path(each.heading), each.text))
        for each in identified
    )


@given(PAIRS)
def test_an_unchanged_library_keeps_every_id(pairs):
    known = sections(*pairs)
    assert identify(known, sections(*pairs)) == known


@given(st.lists(st.tuples(HEADINGS, TEXTS), max_size=8, unique=True), st.randoms())
def test_reordering_and_renumbering_keep_every_id(pairs, random):
    known = sections(*((f"{number}. {heading}", text) for number, (heading, text) in enumerate(pairs, 1)))
    ids = {(heading, text): each.id for (heading, text), each in zip(pairs, known, strict=True)}
    random.shuffle(pairs)
    later = sections(*((f"{number}. {heading}", text) for number, (heading, text) in enumerate(pairs, 1)))
    assert [each.id for each in identify(known, later)] == [ids[pair] for pair in pairs]
