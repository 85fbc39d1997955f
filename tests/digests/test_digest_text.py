"""A digest as Markdown and as plain text."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from digests import lists, wording, words
from digests.blocks import messages
from digests.grouping import group_changes
from digests.text import COLUMNS, to_markdown, to_text
from monitor.model import ChangeKind, Citation, Evidence, EvidenceKind, PassageOp, Period, ProblemKind, Severity


def about(told):
    (item,) = group_changes([told])
    return wording.about(item)


def test_markdown_of_a_whole_digest(make):
    told = make.told(17, impacts=[make.impact()])
    digest = make.digest([told], [make.problem(detail="a bot wall", advice="Wait.")], quiet={"date_tick": 2})
    assert to_markdown(digest) == (
        "# EU desk, Mon 23 Nov 2026\n\n"
        "**1 change, 1 high, 1 touches procedures** · 30 of 30 sources read, 1 problem\n\n"
        "## 🔴 Borealis Regulator \u203a [Safety code](<https://borealis.example/code>)\n\n"
        "High · a duty became stricter · seen 22 Nov 2026 · change 17\n\n"
        "Reworded · *Duties \u203a Age assurance*\n\n"
        "> Providers ~~may~~ **must** verify the age.\n\n"
        "**Procedures touched**\n\n"
        "- **likely 72 %** · minors Handling reports about minors \u203a Age checks · owner Dana Lind  \n"
        "  *words: age, verify; cites eu:reg:2022/2065#art28*\n\n"
        "## ⚠️ What we cannot see\n\n"
        "- [forum-rules](<https://forum.example/rules>) · **unreadable since 20 Nov 2026** · blocked: a bot wall  \n"
        "  *Wait.*\n\n"
        "Kept quiet: 2 dates or counters that ticked.\n"
    )


def test_text_of_a_whole_digest(make):
    told = make.told(17, impacts=[make.impact()])
    digest = make.digest([told], [make.problem(detail="a bot wall", advice="Wait.")], quiet={"date_tick": 2})
    assert to_text(digest).splitlines() == [
        "EU desk, Mon 23 Nov 2026",
        "1 change, 1 high, 1 touches procedures · 30 of 30 sources read, 1 problem",
        "",
        "─" * COLUMNS,
        "🔴 Borealis Regulator \u203a Safety code",
        "   High · a duty became stricter · seen 22 Nov 2026 · change 17",
        "   https://borealis.example/code",
        "",
        "   Reworded · Duties \u203a Age assurance",
        "     - Providers may verify the age.",
        "     + Providers must verify the age.",
        "",
        "   Procedures touched",
        "     • likely 72 % · minors Handling reports about minors \u203a Age checks · owner Dana Lind",
        "       words: age, verify; cites eu:reg:2022/2065#art28",
        "",
        "─" * COLUMNS,
        "What we cannot see",
        "",
        "⚠ forum-rules · unreadable since 20 Nov 2026 · blocked: a bot wall",
        "  Wait.",
        "",
        "Kept quiet: 2 dates or counters that ticked.",
    ]


def test_a_quiet_day_is_two_lines_of_text(make):
    assert to_text(make.digest()) == "EU desk, Mon 23 Nov 2026\nNo changes · 30 of 30 sources read\n"
    assert to_markdown(make.digest()) == ("# EU desk, Mon 23 Nov 2026\n\n**No changes** · 30 of 30 sources read\n")


def test_text_fits_a_terminal_however_long_the_passages_are(make):
    told = make.told(
        passages=[make.passage("word " * 500, "other " * 500, heading=("A heading of some length",) * 9)] * 5,
        impacts=[make.impact(evidence=tuple(Evidence(EvidenceKind.WORDS, f"term{number}") for number in range(60)))]
        * 7,
        reason="because of a reason " * 20,
    )
    problems = [make.problem(detail="it is broken " * 30, advice="try again " * 30)]
    quiet = dict.fromkeys(["links", "whitespace", "moved", "renumbered", "date_tick", "boilerplate", "translation"], 12)
    text = to_text(make.digest([told], problems, quiet=quiet))
    assert max(map(len, text.splitlines())) <= COLUMNS
    assert "… and 2 more passages" in text
    assert "… and 3 less likely sections (monitor show 1)" in text


def test_new_removed_and_moved_passages_are_told_apart(make):
    moved = make.passage("The same.", "The same.", op=PassageOp.MOVED, heading=())
    told = make.told(passages=[make.passage("", "Added."), make.passage("Gone.", ""), moved])
    assert to_text(make.digest([told])).splitlines()[-8:] == [
        "   New · Duties \u203a Age assurance",
        "     + Added.",
        "",
        "   Removed · Duties \u203a Age assurance",
        "     - Gone.",
        "",
        "   Moved",
        "     = The same.",
    ]
    markdown = to_markdown(make.digest([told]))
    assert "\n> Added.\n" in markdown
    assert "\n> ~~Gone.~~\n" in markdown


def test_a_passage_without_room_for_its_words_has_its_label_and_no_empty_quote(make):
    moved = make.passage("The same.", "The same.", op=PassageOp.MOVED, heading=("Rights",))
    digest = make.digest([make.told(passages=[make.passage("", "word " * 90), moved])])
    assert to_markdown(digest).endswith("Moved · *Rights*\n")
    assert to_text(digest).endswith("Moved · Rights\n")


def test_markup_in_pages_stays_text_in_markdown(make):
    hostile = "[win](javascript:alert(1)) <img src=x> **now**"
    told = make.told(
        source_name=hostile,
        url="javascript:alert(1)",
        passages=[make.passage("", hostile)] * 4,
        impacts=[make.impact()] * 6,
    )
    text = to_markdown(make.digest([told]))
    assert "[win](" not in text
    assert "](<javascript" not in text
    assert " <img" not in text
    assert "*… and 1 more passage*" in text
    assert "*… and 2 less likely sections (monitor show 1)*" in text


def test_a_weekly_digest_says_so(make):
    assert wording.title(make.digest(period=Period.WEEKLY)) == "EU desk, week to Mon 23 Nov 2026"


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        (1.0, "very likely 99 %"),
        (0.85, "very likely 85 %"),
        (0.72, "likely 72 %"),
        (0.41, "possible 41 %"),
        (0.2, "unlikely 20 %"),
        (0.0, "unlikely 1 %"),
    ],
)
def test_a_probability_is_said_in_a_word_and_a_number(probability, words):
    assert wording.likelihood(probability) == words


def test_a_reason_or_owner_that_is_missing_leaves_no_trace(make):
    assert about(make.told(3, reason="", severity=Severity.LOW)) == "Low · seen 22 Nov 2026 · change 3"
    assert wording.owner(make.impact(owner="")) == ""


def test_only_an_unusual_kind_is_named(make):
    words = about(make.told(3, kind=ChangeKind.EDITORIAL, reason="1 passage reworded"))
    assert words == "High · editorial: 1 passage reworded · seen 22 Nov 2026 · change 3"


def test_the_title_of_a_procedure_is_not_said_twice(make):
    assert (
        wording.section_name(make.impact(sop_title="Appeals", heading=("Appeals", "Dates")))
        == "minors Appeals \u203a Dates"
    )


def test_a_day_is_written_without_doubt_about_day_and_month(make):
    assert words.day(date(2027, 3, 4)) == "4 Mar 2027"


def test_the_headline_counts_only_what_there_is(make):
    low = make.told(severity=Severity.LOW)
    assert wording.headline(make.digest([low, low])) == "2 changes"
    touching = replace(low, impacts=(make.impact(),))
    assert wording.headline(make.digest([touching, touching])) == "2 changes, 2 touch procedures"
    hardly = replace(low, impacts=(make.impact(probability=0.29),))
    assert wording.headline(make.digest([touching, hardly])) == "2 changes, 1 touches procedures"


@pytest.mark.parametrize(
    ("facts", "line"),
    [
        ({"watched": 9, "read": 9}, "No changes · 9 of 9 sources read"),
        ({"watched": 9, "read": 4}, "No changes · 4 of 9 sources read"),
        ({"watched": 1, "read": 1}, "No changes · 1 of 1 source read"),
        (
            {"watched": 9, "read": 0, "last_read_at": datetime(2026, 11, 4, 9, tzinfo=UTC)},
            "Nothing was read since 4 Nov 2026: this says nothing about changes · 0 of 9 sources read",
        ),
        (
            {"watched": 9, "read": 0, "last_read_at": None},
            "Nothing was read yet: this says nothing about changes · 9 sources watched, none read yet",
        ),
    ],
)
def test_no_changes_is_said_only_of_what_was_read(make, facts, line):
    digest = make.digest(**facts)
    assert to_text(digest).splitlines()[1] == line
    assert to_markdown(digest).splitlines()[2].replace("**", "") == line


@pytest.mark.parametrize(
    ("facts", "closing"),
    [
        ({}, ""),
        ({"held": 1}, "1 change was seen once and waits for a second look."),
        ({"held": 2}, "2 changes were seen once and wait for a second look."),
        (
            {"held": 1, "quiet": {"links": 1}},
            "Kept quiet: 1 change of links only. 1 change was seen once and waits for a second look.",
        ),
        ({"has_sops": False}, ""),
    ],
)
def test_a_digest_ends_with_what_is_not_told(make, facts, closing):
    digest = make.digest(**facts)
    assert to_text(digest).partition("sources read\n")[2].strip() == closing
    assert to_markdown(digest).partition("sources read\n")[2].strip() == closing


def test_without_sops_a_digest_with_changes_says_once_that_nothing_could_be_matched(make):
    digest = make.digest([make.told(1), make.told(2)], has_sops=False)
    for text in (to_text(digest), to_markdown(digest)):
        assert text.count("No SOPs are loaded, so no change could be matched to a procedure.\n") == 1


def test_weak_matches_are_counted_and_not_shown_where_there_is_a_better_one(make):
    told = make.told(impacts=[make.impact(probability=each) for each in (0.7, 0.2, 0.1)])
    text = to_text(make.digest([told]))
    assert "likely 70 %" in text
    assert "20 %" not in text
    assert "… and 2 less likely sections" in text


def test_the_only_match_is_shown_however_weak_it_is(make):
    told = make.told(impacts=[make.impact(probability=0.2)])
    for text in (to_text(make.digest([told])), to_markdown(make.digest([told]))):
        assert "unlikely 20 %" in text
        assert "No procedure is likely touched; closest:" in text
        assert "Procedures touched" not in text


def test_a_citation_is_shown_as_the_change_writes_it_and_else_by_its_id(make):
    cited = Citation("Article 28 of Regulation (EU) 2022/2065", "eu:reg:2022/2065#art28")
    impact = make.impact(
        evidence=(Evidence(EvidenceKind.CITATION, cited.id), Evidence(EvidenceKind.CITATION, "uk:act:2023/50"))
    )
    told = make.told(impacts=[impact], citations=[cited, Citation("Art 28 DSA", cited.id)])
    for text in (to_text(make.digest([told])), to_markdown(make.digest([told]))):
        assert "cites Article 28 of Regulation (EU) 2022/2065, uk:act:2023/50" in text


@pytest.mark.parametrize(
    ("shared", "cited", "words"),
    [
        (["eu:reg:2022/2065#art28"], {"eu:reg:2022/2065#art28(1)": "Article 28(1)"}, "cites Article 28(1)"),
        (["eu:reg:2022/2065"], {"eu:reg:2022/2065#art28": "Article 28"}, "cites Article 28"),
        (["eu:x#art1"], {"eu:x#art1(2)": "Article 1(2)", "eu:x#art1": "Article 1"}, "cites Article 1"),
        (["eu:x#art1"], {"eu:x#art16": "Article 16"}, "cites eu:x#art1"),
        (["eu:x#art1"], {"eu:x": "Regulation X"}, "cites eu:x#art1"),
        (["eu:x", "eu:x#art1"], {"eu:x#art1": "Article 1"}, "cites Article 1"),
    ],
)
def test_a_wider_shared_citation_is_shown_by_what_the_change_cites_of_it(shared, cited, words):
    reasons = [Evidence(EvidenceKind.CITATION, each) for each in shared]
    assert wording.evidence(reasons, [Citation(text, norm) for norm, text in cited.items()]) == words


def test_a_problem_is_as_old_as_the_blindness_and_may_have_no_detail(make):
    text = to_text(make.digest(problems=[make.problem(kind=ProblemKind.TIMEOUT, detail="", advice="")]))
    assert "⚠ forum-rules · unreadable since 20 Nov 2026 · timeout\n" in text


def test_what_advice_has_in_backticks_is_code_in_markdown(make):
    advice = "Try `monitor sources try a_b`, or mend *select* in `sources.yaml`."
    assert r"*Try `monitor sources try a_b`, or mend \*select\* in `sources.yaml`.*" in to_markdown(
        make.digest(problems=[make.problem(advice=advice)])
    )


def test_what_was_added_in_one_place_is_labelled_once(make):
    told = make.told(passages=[make.passage("", "One."), make.passage("", "Two."), make.passage("Three.", "")])
    text = to_text(make.digest([told]))
    assert [text.count(label) for label in ("New", "Removed")] == [1, 1]
    assert all(words in text for words in ("One.", "Two.", "Three."))


def test_what_does_not_stand_still_is_no_blindness(make):
    unstable = make.problem(2, kind=ProblemKind.UNSTABLE, detail="Rules: alternates", advice="Look at it.")
    digest = make.digest([], [make.problem(1), unstable])
    assert wording.coverage(digest) == "30 of 30 sources read, 1 problem, 1 unstable text"
    assert [(heading, [each.id for each in found]) for heading, found in lists.troubles(digest)] == [
        ("What we cannot see", [1]),
        ("What does not stand still", [2]),
    ]
    assert "**unstable since 20 Nov 2026** · unstable: Rules: alternates" in to_markdown(digest)
    assert "What does not stand still\n\n⚠ forum-rules · unstable since 20 Nov 2026" in to_text(digest)


def test_where_entries_may_have_been_missed_is_no_blindness_either(make):
    gap = make.problem(3, kind=ProblemKind.GAP, detail="none is left", advice="Ask more often.")
    digest = make.digest([], [gap])
    assert wording.coverage(digest) == "30 of 30 sources read, 1 gap"
    assert [heading for heading, _ in lists.troubles(digest)] == ["Where entries may have been missed"]
    assert "in doubt since 20 Nov 2026" in to_text(digest)


@pytest.mark.parametrize(
    ("kind", "counted", "heading"),
    [
        (ProblemKind.NO_ENTRIES, "1 silent feed", "Feeds that have fallen silent"),
        (ProblemKind.DRIFTING, "1 drifting text", "Texts that have become another size, step by step"),
        (ProblemKind.KEEPS_LESS, "1 failing selection", "Pages of which less and less is kept"),
    ],
)
def test_nor_is_a_rhythm_that_is_broken(make, kind, counted, heading):
    digest = make.digest([], [make.problem(3, kind=kind)])
    assert wording.coverage(digest) == f"30 of 30 sources read, {counted}"
    assert [heading for heading, _ in lists.troubles(digest)] == [heading]
    assert "in doubt since 20 Nov 2026" in to_text(digest)


def test_what_many_sources_lack_on_this_machine_is_said_once(make):
    lacking = [
        make.problem(each, kind=ProblemKind.NO_BROWSER, detail="none starts", advice="Install one.")
        for each in (1, 2, 3)
    ]
    other = make.problem(4, kind=ProblemKind.NO_KEY, detail="A_KEY is not set", advice="Set it.")
    ((_, found),) = lists.troubles(make.digest([], [*lacking, make.problem(5), other]))
    assert [each.source_id for each in found] == ["forum-rules and 2 more sources", "forum-rules", "forum-rules"]


def test_an_alert_of_many_says_how_many(make):
    high, low = make.told(1), make.told(2, severity=Severity.LOW)
    alert = make.digest([high, high, low], period=Period.ALERT)
    assert wording.headline(alert) == "Told at once: 3 changes, 2 high severity"
    assert messages(alert)[0].text.startswith(
        "Alert for EU desk, Mon 23 Nov 2026, Safety code and 2 more: Told at once"
    )
    assert wording.headline(replace(alert, changes=(high,))) == "Told at once: high severity"
