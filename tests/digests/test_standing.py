"""Where the triage of a change stands, in one line, and by which name people go."""

from datetime import UTC, datetime

import pytest

from digests.wording import UNDECIDED, find_person, person_name, standing
from monitor.model import Decision, Person, Verdict
from monitor.store.decisions import OPEN, get_standings, get_whole_standing
from monitor.triage import Judged, State

MARIA = Person("Maria Roth", "U0MARIA", "maria@example.org")
TOM = Person("Tom Berg", None, "tom@example.org")
CONFIRMED, REJECTED, ASSIGNED = Verdict.CONFIRMED, Verdict.NOT_APPLICABLE, Verdict.ASSIGNED


def say(*decisions, sections=("minors#age",), unlikely=()):
    """`decisions`: section or None, verdict, and what else is not as usual."""
    made = tuple(
        Decision(
            **{
                "id": number,
                "change_id": 1,
                "section_id": section,
                "verdict": verdict,
                "reason": "",
                "assignee": None,
                "due": None,
                "by": "Maria Roth",
                "at": datetime(2026, 11, 23, 10, number, tzinfo=UTC),
                **(facts[0] if facts else {}),
            }
        )
        for number, (section, verdict, *facts) in enumerate(decisions, start=1)
    )
    tagged = dict.fromkeys(sections, 0.8) | dict.fromkeys(unlikely, 0.1)
    stands = get_standings(made, tagged)
    judged = tuple(Judged(each, None, stands.get(each, OPEN), is_in_view=each in stands) for each in tagged)
    return standing(State(1, get_whole_standing(made), judged, made), (MARIA, TOM))


def test_where_nobody_decided_it_says_so():
    assert say() == UNDECIDED == "Nobody has decided yet"
    assert say(sections=()) == UNDECIDED


@pytest.mark.parametrize("sections", [(), ("a",), ("a", "b", "c")])
def test_a_decision_about_the_whole_change_is_said_once_with_who_and_when(sections):
    assert say((None, CONFIRMED), sections=sections) == "Confirmed by Maria Roth, 23 Nov 10:01 UTC"


@pytest.mark.parametrize("sections", [(), ("a",)])
def test_sections_that_nobody_was_shown_or_named_are_not_counted(sections):
    said = say((None, CONFIRMED), sections=sections, unlikely=("c", "d"))
    assert said == "Confirmed by Maria Roth, 23 Nov 10:01 UTC"
    said = say((None, CONFIRMED), ("c", REJECTED, {"reason": "covered"}), sections=("a",), unlikely=("c", "d"))
    assert said == "Of 2 sections 1 confirmed, 1 not applicable; last by Maria Roth, 23 Nov 10:02 UTC"


def test_a_reason_in_a_word_is_said_in_words():
    said = say((None, REJECTED, {"reason": "out-of-scope"}))
    assert said == "Not applicable by Maria Roth, 23 Nov 10:01 UTC: the rule does not bind us"


def test_a_reason_in_words_of_their_own_is_said_as_it_is():
    assert say((None, REJECTED, {"reason": "We sold it."})).endswith("UTC: We sold it.")


def test_different_reasons_are_not_told_apart_in_one_line():
    said = say(("a", REJECTED, {"reason": "unrelated"}), ("b", REJECTED, {"reason": "covered"}), sections=("a", "b"))
    assert said == "Not applicable by Maria Roth, 23 Nov 10:02 UTC"


def test_whose_it_is_and_until_when_follows():
    said = say((None, CONFIRMED), (None, ASSIGNED, {"assignee": "Tom Berg", "due": "2026-12-01"}))
    assert said == "Confirmed by Maria Roth, 23 Nov 10:01 UTC · in hand: Tom Berg, due 1 Dec 2026"


def test_what_is_in_hand_and_not_decided_is_both():
    said = say((None, ASSIGNED, {"assignee": "Tom Berg"}))
    assert said == "Nobody has decided yet · in hand: Tom Berg"


def test_what_is_put_off_says_until_when():
    said = say((None, Verdict.SNOOZED, {"due": "2026-12-03"}))
    assert said == "Nobody has decided yet · put off until 3 Dec 2026"


def test_sections_that_were_decided_differently_are_counted():
    said = say(("a", CONFIRMED), ("b", REJECTED, {"reason": "unrelated"}), sections=("a", "b", "c"))
    assert said == "Of 3 sections 1 confirmed, 1 not applicable, 1 open; last by Maria Roth, 23 Nov 10:02 UTC"


def test_sections_in_different_hands_name_each_once():
    said = say(
        (None, CONFIRMED),
        ("a", ASSIGNED, {"assignee": "Tom Berg"}),
        ("b", ASSIGNED, {"assignee": "maria@example.org"}),
        ("c", ASSIGNED, {"assignee": "Tom Berg"}),
        sections=("a", "b", "c"),
    )
    assert said.endswith("UTC · in hand: Tom Berg · in hand: Maria Roth")


def test_what_is_taken_back_is_open_again():
    assert say((None, CONFIRMED), (None, Verdict.UNDONE)) == UNDECIDED


@pytest.mark.parametrize(
    ("known_as", "name"),
    [
        ("Maria Roth", "Maria Roth"),
        ("maria roth ", "Maria Roth"),
        ("MARIA@example.org", "Maria Roth"),
        ("U0MARIA", "Maria Roth"),
        ("tom@example.org", "Tom Berg"),
        ("U0123456789", "U0123456789"),
        ("Maria", "Maria"),
        ("", ""),
    ],
)
def test_people_go_by_their_name_however_they_are_known(known_as, name):
    assert person_name(known_as, (MARIA, TOM)) == name


def test_nobody_is_found_by_what_he_has_not():
    assert find_person("None", (TOM,)) is None
