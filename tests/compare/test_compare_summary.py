"""A change in one line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compare.texts import TEXTS
from monitor.compare.alignment.blocks import align, find_passages
from monitor.compare.quoting import clean, cut_around, shorten
from monitor.compare.summary import HEADING, LENGTH, summarise
from monitor.model import Passage, PassageOp


def passage(before, after, *heading):
    op = PassageOp.REWORDED if before and after else PassageOp.ADDED if after else PassageOp.REMOVED
    return Passage(op, heading, before, after)


FILLER = "where people meet and talk and sing and walk and stay for as long as they like to"


@pytest.mark.parametrize(
    ("passages", "summary"),
    [
        pytest.param(
            [passage("", "Minimum age\nWe are careful.\nYou must be 16 years old to join.", "Rules", "Minimum age")],
            'Rules › Minimum age: new section "You must be 16 years old to join."',
            id="new_section",
        ),
        pytest.param(
            [passage("Appeals\nWe are careful.\nSay so within ten days.", "", "Rules", "Appeals")],
            'Rules › Appeals: section removed "Say so within ten days."',
            id="section_removed",
        ),
        pytest.param(
            [passage("Appeals", "Appeals and complaints", "Rules", "Appeals and complaints")],
            'Rules: "Appeals" → "Appeals and complaints"',
            id="a_heading_is_not_repeated_in_its_own_quote",
        ),
        pytest.param(
            [
                passage("People are safe here.", "People are well here.", "Rules"),
                passage("A person looks at it.", "A person must look at it.", "Reports"),
                passage("It is free.", "It costs nothing.", "Fees"),
            ],
            'Reports: "A person looks at it." → "A person must look at it." (+ 2 more passages)',
            id="the_gravest_of_several",
        ),
        pytest.param(
            [passage("We like it.", "We love it.", "One"), passage("He likes it.", "He loves it.", "Two")],
            'One: "We like it." → "We love it." (+ 1 more passage)',
            id="the_first_of_equals",
        ),
        pytest.param(
            [Passage(PassageOp.MOVED, ("Rules",), "Be fair to all.", "Be fair to all.")],
            'Rules: moved "Be fair to all."',
            id="moved",
        ),
        pytest.param(
            [passage("", "Be nice. You must not spam. Sing along.", "Rules")],
            'Rules: added "You must not spam."',
            id="the_sentence_that_counts",
        ),
        pytest.param(
            [passage(f"A house {FILLER}.", f"A house {FILLER}, except for those who are banned.", "House")],
            'House: added "except for those who are banned"',
            id="of_a_long_sentence_the_words_put_into_it",
        ),
        pytest.param(
            [passage(f"A house, free for all of us, {FILLER}.", f"A house, {FILLER}.", "House")],
            'House: removed "free for all of us"',
            id="of_a_long_sentence_the_words_left_out",
        ),
        pytest.param(
            [passage(f"You can post {FILLER}.", f"You must post {FILLER}.", "House")],
            'House: "You can post where people meet and talk and sing and walk and stay for…" → '
            '"You must post where people meet and talk and sing and walk and stay for…"',
            id="of_a_long_sentence_the_words_around_the_change",
        ),
        pytest.param(
            [passage("", f"In the house {FILLER}, nobody may be photographed or filmed without being asked, ever.")],
            'added "In the house where people meet and talk and sing and walk and stay for as long as they like to, '
            'nobody may be photographed or filmed without being…"',
            id="the_beginning_of_a_long_sentence",
        ),
        pytest.param(
            [passage("", f"In the house {FILLER}, {FILLER}, photographs are prohibited unless you ask.")],
            'added "… walk and stay for as long as they like to, photographs are prohibited unless you ask."',
            id="the_end_of_a_long_sentence_where_the_words_that_count_stand_there",
        ),
        pytest.param(
            [passage("", "**You** must `not` [spam](https://a.example/x)<br>", "**Rules**:", "—")],
            'Rules: added "You must not spam"',
            id="without_mark_up",
        ),
        pytest.param(
            [passage("", 'A "seller" must reply.', "Words")],
            "Words: added \"A 'seller' must reply.\"",
            id="quotation_marks_in_a_quote",
        ),
        pytest.param([], "", id="no_passages"),
    ],
)
def test_the_summary_quotes_the_decisive_words(passages, summary):
    assert summarise(passages) == summary


def test_a_long_heading_leaves_room_for_long_words():
    heading = "Conditions of carriage " * 8
    summary = summarise([passage("", "Donaudampfschifffahrtsgesellschaft must " * 20, heading)])
    assert summary.startswith("Conditions of carriage")
    assert summary.index("…: ") < HEADING
    assert "Donaudampfschifffahrtsgesellschaft must" in summary


def test_of_long_headings_the_last_is_named():
    assert summarise([passage("", "We sing.", "A" * 30, "B" * 30)]) == f'{"B" * 30}: added "We sing."'


@given(TEXTS, TEXTS)
def test_every_change_has_a_summary_of_one_line(before, after):
    passages = find_passages(align(before, after))
    summary = summarise(passages)
    assert bool(summary) == bool(passages)
    assert len(summary) <= LENGTH
    assert "\n" not in summary


@given(st.text(max_size=400), st.text(max_size=400), st.lists(st.text(max_size=80), max_size=3))
def test_any_text_at_all_has_a_summary_that_fits(before, after, heading):
    assert len(summarise([Passage(PassageOp.REWORDED, tuple(heading), before, after)])) <= LENGTH


WORDS = st.lists(st.sampled_from(["rule", "users", "must", "a", "prohibited", "of"]), min_size=1, max_size=60)


@given(WORDS, st.integers(20, 120))
def test_a_cut_text_ends_between_words_and_says_so(words, length):
    text = " ".join(words)
    cut = shorten(text, length)
    assert len(cut) <= length
    assert cut == text or (cut.endswith("…") and text.startswith(cut[:-1]) and text[len(cut) - 1] == " ")


@given(WORDS, WORDS, st.integers(30, 120))
def test_the_key_survives_every_cut(ahead, behind, length):
    cut = cut_around(" ".join([*ahead, "Biometric,", *behind]), "biometric", length)
    assert len(cut) <= length
    assert "Biometric" in cut


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("**Bold** and `code`", "Bold and code"),
        ("a<br>b", "a b"),
        ("[here](https://a.example/)", "here"),
        ("● first", "first"),
        ("{% data variables.name %} now", "now"),
        ("one\n two", "one two"),
        ("5 * 3 < 20 and 4 > 3", "5 3 < 20 and 4 > 3"),
    ],
)
def test_a_quote_has_no_mark_up(text, plain):
    assert clean(text) == plain


def test_a_passage_of_which_only_a_space_before_a_sign_went_says_nothing_beside_one_that_rules():
    spaced = Passage(PassageOp.REWORDED, (), "Write to the desk , please .", "Write to the desk, please.")
    rule = Passage(PassageOp.ADDED, (), "", "You must not post it.")
    assert summarise([spaced]) == 'reworded "Write to the desk, please."'
    assert summarise([spaced, rule]) == 'added "You must not post it." (+ 1 more passage)'
