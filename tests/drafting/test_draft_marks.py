"""Which lines of a procedure are marked for a changed clause, why, and what is put in their place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafting.invented import NEW, OLD, added, marks_in, removed, reworded
from monitor.drafting.patch import apply_edits
from monitor.drafting.rewording import read_rewording

RENAMED = (
    reworded("A trusted flagger reports in time.", "A priority flagger reports in time."),
    reworded("Tell each trusted flagger.", "Tell each priority flagger."),
)


def after_edits(text, *passages, heading=("Deciding",)):
    edits = [edit for _, mark in marks_in(text, *passages, heading=heading) for edit in mark.edits]
    source = f"## {heading[-1]}\n\n{text}\n"
    return apply_edits(source, edits).partition("\n\n")[2].removesuffix("\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Decide within 14 days of receiving the complaint.", "Decide within 30 days of receiving the complaint."),
        ("DECIDE WITHIN 14 DAYS OF RECEIVING IT.", "DECIDE WITHIN 30 DAYS OF RECEIVING IT."),
        ("Decide within 14\ndays of receiving the complaint.", "Decide within 30\ndays of receiving the complaint."),
        (
            "Decide, within 14 days of receiving — the complaint.",
            "Decide, within 30 days of receiving — the complaint.",
        ),
        (
            "- Decide within **14 days** of receiving the complaint",
            "- Decide within **30 days** of receiving the complaint",
        ),
        ("| decide within 14 days of receiving | x |", "| decide within 30 days of receiving | x |"),
    ],
)
def test_a_quote_of_the_old_wording_gets_the_new_words_and_nothing_else_moves(text, expected):
    if "|" in text:
        text, expected = (f"| a | b |\n|---|---|\n{each}" for each in (text, expected))
    assert after_edits(text, reworded()) == expected


def test_a_quote_says_what_is_quoted_and_how_it_reads_now():
    [(words, mark)] = marks_in("We decide within 14 days of receiving the complaint.", reworded())
    assert words == "decide within 14 days of receiving the complaint"
    assert mark.why == f"quotes “{words}”; now “decide within 30 days of receiving the complaint”"


def test_a_quote_may_differ_in_a_word_or_two():
    text = "Decide within 14 days of having received the complaint and inform the user."
    [(words, mark)] = marks_in(text, reworded())
    assert words == text.removesuffix(".")
    assert mark.why.startswith("quotes")


def test_a_quote_of_words_that_stand_as_they_did_is_not_stale():
    assert marks_in("Then inform the user of the decision.", reworded()) == []


def test_four_words_are_no_quote():
    assert marks_in("Keep it within the folder of receiving.", removed("Keep it within the house.")) == []


def test_what_was_put_in_is_put_in_where_the_words_around_it_are_quoted():
    passage = reworded(
        "Remove content within the hour of notice.", "Remove content, if illegal, within the hour of notice."
    )
    text = "You remove content within the hour."
    assert after_edits(text, passage) == "You remove content, if illegal, within the hour."


def test_an_exception_at_the_end_of_a_sentence_is_put_in_where_the_quote_ends_one():
    passage = reworded("Remove the content within the hour.", "Remove the content within the hour, unless it is art.")
    text = "We remove the content within the hour. Then we rest."
    assert after_edits(text, passage) == "We remove the content within the hour, unless it is art. Then we rest."


def test_what_was_taken_out_with_the_signs_around_it_is_taken_out_where_the_same_signs_stand():
    passage = reworded("Ask the user (politely) for a proof of age.", "Ask the user for a proof of age.")
    assert after_edits("We ask the user (politely) for a proof.", passage) == "We ask the user for a proof."
    assert after_edits("We ask the user, politely, for a proof.", passage) == "We ask the user, politely, for a proof."


def test_markup_inside_of_replaced_words_is_left_to_a_person():
    passage = reworded("Send it to the old office in May.", "Send it to the new bureau in May.")
    [(_, mark)] = marks_in("We send it to the *old* office in May.", passage)
    assert mark.edits == ()


def test_ideographs_are_quoted_sign_by_sign():
    passage = reworded("平台应当在十四日内处理投诉。", "平台应当在三十日内处理投诉。")
    assert after_edits("平台应当在十四日内处理投诉。", passage) == "平台应当在三十日内处理投诉。"


def test_what_was_put_in_at_the_end_of_a_quote_that_goes_on_is_for_a_person():
    passage = reworded("Remove the content within the hour.", "Remove the content within the hour, unless it is art.")
    [(_, mark)] = marks_in("Remove the content within the hour and rest.", passage)
    assert mark.edits == ()


def test_what_was_taken_out_is_taken_out_of_a_quote():
    passage = reworded("Ask the user politely for a proof of age.", "Ask the user for a proof of age.")
    assert after_edits("We ask the user politely for a proof.", passage) == "We ask the user for a proof."


def test_a_quote_of_a_clause_that_is_gone_is_for_a_person():
    [(_, mark)] = marks_in(
        "Users who post spam three times are suspended.", removed("Users who post spam three times pay.")
    )
    assert mark.why.endswith("; the clause is gone")
    assert mark.edits == ()


def test_a_quote_that_begins_in_the_changed_words_says_that_the_clause_reads_otherwise():
    passage = reworded("Send it to the national regulator every year in May.", "Send it to Brussels every year in May.")
    [(_, mark)] = marks_in("The national regulator every year in May gets it.", passage)
    assert "the clause reads otherwise now" in mark.why


@pytest.mark.parametrize("new", ["`30`", "<b>30</b>", "30 [days](x)", "30 | x", "30\u202e", "*30*", "30 <!-- "])
def test_words_that_could_be_markup_are_never_put_in(new):
    for text in (
        "Decide within 14 days of receiving the complaint.",
        "A complaint of a user is answered in two weeks.",
    ):
        marks = marks_in(text, reworded(OLD, OLD.replace("14", new)))
        assert all(is_harmless(edit.new) for _, mark in marks for edit in mark.edits)


def is_harmless(text):
    return not set(text) & set("`<>[]|*\u202e")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Answer the complaint of a user in 14 days.", "Answer the complaint of a user in 30 days."),
        ("Answer the complaint of a user in fourteen days.", "Answer the complaint of a user in 30 days."),
        ("Answer the complaint of a user in fourteen (14) days.", "Answer the complaint of a user in 30 days."),
        ("Answer the complaint of a user in two weeks.", "Answer the complaint of a user in 30 days."),
        ("A user has a 14-day wait for each complaint.", "A user has a 30-day wait for each complaint."),
        ("| complaint of a user | two weeks |", "| complaint of a user | 30 days |"),
    ],
)
def test_a_changed_amount_is_replaced_in_a_sentence_about_the_same(text, expected):
    if "|" in text:
        text, expected = (f"| a | b |\n|---|---|\n{each}" for each in (text, expected))
    assert after_edits(text, reworded()) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Keep the logs for 14 days.",
        "A complaint of a user is decided in 14 days and kept for 14 days.",
        "A user has a two-week wait for each complaint.",
    ],
)
def test_a_changed_amount_is_only_marked_where_it_may_be_of_something_else_or_would_not_fit(text):
    marks = marks_in(text, reworded())
    assert marks
    assert all(mark.edits == () for _, mark in marks)
    assert all("“14 days” is now “30 days”" in mark.why for _, mark in marks)


def test_an_amount_that_became_two_different_ones_is_for_a_person():
    passages = (reworded(), reworded(OLD, OLD.replace("14", "7")))
    [(_, mark)] = marks_in("Answer the complaint of a user in two weeks.", *passages)
    assert mark.edits == ()


HOSTS = ("Hosts who stream must be 16 years old.", "Hosts who stream must be 18 years old.")
FEE = ("The filing fee is EUR 500.", "The filing fee is EUR 750.")
REPORT = ("The annual report is due on 1 May 2026.", "The annual report is due on 1 June 2026.")
DATA = ("Delete the user data in 1 day.", "Delete the user data in 3 days.")
STRIKES = ("Accounts get three strikes a year.", "Accounts get two strikes a year.")
SOON = ("Delete the user data in 5 days.", "Delete the user data soon.")


@pytest.mark.parametrize(
    ("passage", "text", "expected"),
    [
        (HOSTS, "A host may stream aged 16 or over.", "A host may stream aged 18 or over."),
        (FEE, "Its filing fee: €500.", "Its filing fee: €750."),
        (REPORT, "Send the annual report by 1 May 2026.", "Send the annual report by 1 June 2026."),
        (REPORT, "Send the annual report by 2026-05-01.", "Send the annual report by 2026-05-01."),
        (DATA, "Delete data of the user in one day.", "Delete data of the user in 3 days."),
        (DATA, "A 1-day rule deletes user data.", "A 3-day rule deletes user data."),
        (STRIKES, "Count 3 strikes for accounts, each year.", "Count 2 strikes for accounts, each year."),
        (SOON, "Delete data of the user in five days.", "Delete data of the user in five days."),
    ],
)
def test_amounts_of_every_kind(passage, text, expected):
    assert marks_in(text, reworded(*passage))
    assert after_edits(text, reworded(*passage)) == expected


def test_an_amount_that_is_gone_says_so():
    [(_, mark)] = marks_in("Keep it for two weeks.", removed("Providers wait for 14 days."))
    assert mark.why == "says “two weeks”; “14 days” is gone from the clause"


def test_numbers_in_addresses_are_not_wording():
    assert marks_in("See [the rule](https://example.org/14-days) and <https://example.org/14-days>.", reworded()) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Write to the trusted flagger.", "Write to the priority flagger."),
        ("Trusted flaggers get a letter.", "Priority flaggers get a letter."),
    ],
)
def test_a_term_that_was_renamed_throughout_is_renamed(text, expected):
    assert after_edits(text, *RENAMED) == expected


def test_a_renamed_term_in_the_plural_is_for_a_person():
    passages = (
        reworded("A moderator decides in time.", "A reviewer decides in time."),
        reworded("Tell the moderator all.", "Tell the reviewer all."),
    )
    [(words, mark)] = marks_in("Our moderators are kind.", *passages)
    assert (words, mark.why, mark.edits) == ("moderators", "says “moderators”; now “reviewer”", ())


@pytest.mark.parametrize(
    "passages",
    [
        RENAMED[:1],
        (*RENAMED, added("Each trusted flagger is listed.")),
        (reworded("You shall go.", "You must go."), reworded("We shall stay.", "We must stay.")),
    ],
)
def test_a_word_that_was_replaced_once_or_is_still_used_or_tells_nothing_is_no_renamed_term(passages):
    assert marks_in("The trusted flagger shall rest.", *passages) == []


def test_a_sentence_with_most_telling_words_of_the_changed_clause_is_marked():
    text = "The user hears of our decision on the complaint. Coffee is free."
    passage = reworded(OLD, "Providers need not tell anybody of anything.")
    [(words, mark)] = marks_in(text, passage)
    assert words == "The user hears of our decision on the complaint."
    assert mark.why == "resembles the changed clause: has “user”, “decision”, “complaint”"


def test_a_sentence_about_what_is_new_is_marked():
    text = "Hosts of a livestream show proof of age. Coffee is free."
    [(words, mark)] = marks_in(text, added("Hosts of a livestream must show a proof of age."))
    assert words == "Hosts of a livestream show proof of age."
    assert mark.why == "resembles a new clause: has “Hosts”, “livestream”, “show”, “proof”, “age”"


def test_the_words_of_the_heading_tell_nothing_about_a_sentence():
    text = "Decisions on complaints go to users."
    assert marks_in(text, reworded(OLD, "Gone."), heading=("Decisions on complaints of users",)) == []


def test_a_passage_that_only_moved_marks_nothing():
    assert marks_in(OLD, reworded(OLD, OLD)) == []
    assert marks_in(NEW, reworded()) == []


SIGNS = ["user", "host", "stream", "gift", "age", "proof", "notice", "the", "of", "in,", "at.", "14", "(if)", "ask"]
WORDS = st.lists(st.sampled_from(SIGNS), min_size=6, max_size=20)
PUT_IN = st.lists(st.sampled_from([*SIGNS, "30", "new", "art;"]), max_size=3)


@given(WORDS, st.integers(0, 20), st.integers(0, 3), PUT_IN)
def test_a_clause_that_is_quoted_whole_becomes_the_new_clause_or_is_left_alone(words, at, length, put_in):
    old, new = " ".join(words), " ".join([*words[:at], *put_in, *words[at + length :]])
    passage = reworded(old, new)
    text = f"Ours is {old} Yours is this."
    quotes = [mark for _, mark in marks_in(text, passage) if mark.why.startswith("quotes")]
    source = f"## Deciding\n\n{text}\n"
    result = apply_edits(source, [edit for mark in quotes for edit in mark.edits])
    if len(read_rewording(passage).hunks) == 1:
        assert result in {source, source.replace(old, new)}
