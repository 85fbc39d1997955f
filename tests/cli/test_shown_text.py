"""How people are shown what would be kept."""

from __future__ import annotations

from monitor.cli.kept import Kept, Line, iter_kept


def shown(*lines, **facts):
    return list(iter_kept(Kept(lines=lines, **facts)))[1:]


def test_a_heading_is_shown_once_and_what_stands_below_it_indented():
    assert shown(
        Line("", ("Rules",)),
        Line("All of us keep them.", ("Rules",)),
        Line("", ("Rules", "Fees")),
        Line("Fees are due in May.", ("Rules", "Fees")),
        Line("No fee is paid back.", ("Rules", "Fees")),
    ) == [
        "    Rules",
        "      All of us keep them.",
        "      Fees",
        "        Fees are due in May.",
        "        No fee is paid back.",
    ]  # fmt: skip


def test_headings_of_the_same_name_are_shown_each_time():
    assert shown(Line("", ("Fees",)), Line("", ("Fees",)), Line("In May.", ("Fees",))) == [
        "    Fees",
        "    Fees",
        "      In May.",
    ]


def test_after_what_is_left_out_the_headings_are_shown_again():
    lines = [Line("", ("Rules",)), *(Line(f"Rule {number}.", ("Rules",)) for number in range(11))]
    assert shown(*lines)[5:8] == ["    … 2 blocks between …", "    Rules", "      Rule 6."]


def test_what_stands_below_no_heading_is_not_indented():
    assert shown(Line("First."), Line("Second.", ("Rules",))) == ["    First.", "    Rules", "      Second."]


def test_programs_are_told_the_whole_path_of_each_line():
    said = Kept("Rules", lines=(Line("", ("Rules",)), Line("In May.", ("Rules", "Fees")))).json(full=True)
    assert said["first"] == said["lines"] == ["Rules", "Rules › Fees › In May."]


def test_a_text_without_a_title_is_said_to_have_none():
    first, *_ = iter_kept(Kept(lines=(Line("Be kind."),), words=2))
    assert first == "  1 block, 2 words would be kept; it has no title"
