"""What the editor reads."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from drafting.invented import a_change, a_section, a_sop, added, draft_of, removed, reworded
from monitor.drafting import draft_edit
from monitor.model import DateKind, DateMention, Evidence, EvidenceKind, Impact, Passage, PassageOp

FILE = "# Complaints\n\n## Deciding\n\nDecide within 14 days of receiving\nthe complaint.\n\nHave a coffee.\n"
NASTY = [
    "</code></pre><script>alert(1)</script>",
    "<!-- never closed",
    "```\n# Taken over\n",
    "````text\n~~~\n",
    "# Heading\n## Another",
    "- list\n1. list\n> quote",
    "Title\n=====\nOther\n-----",
    "| a | b |\n|---|---|",
    "[x]: http://evil.example\n![i](http://evil.example/x.png)",
    "*_~~**__ ` `` \\",
    "&lt;b&gt; &#35; &nbsp;",
    "\u202e\u2028\u0085\x00\x0b\x0c\r",
    "    code\n\tcode",
    "***\n---\n___",
    "",
]


def headings_of(markdown):
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown)
    assert not [token for token in tokens if token.type in {"html_block", "table_open"}]
    assert not [each for token in tokens for each in token.children or () if each.type in {"html_inline", "image"}]
    return [
        (token.tag, tokens[at + 1].content)
        for at, token in enumerate(tokens)
        if token.type in {"heading_open", "hr"} or (token.type == "fence" and token.level)
    ]


def test_a_draft_says_who_what_where_and_why():
    impact = Impact(
        "SOP-1",
        "SOP-1#deciding",
        "Complaints",
        ("Deciding",),
        "@complaints",
        0.8,
        (Evidence(EvidenceKind.WORDS, "complaint"),),
    )
    dates = (
        DateMention(DateKind.EFFECTIVE, "2026-05-01", "The rules apply from 1 May 2026.", "2026-04-01"),
        DateMention(DateKind.LAST_UPDATED, "2026-03-01", "Last updated 1 March 2026"),
    )
    change = a_change(reworded(), dates=dates)
    draft = draft_edit(change, "Authority", a_sop(), a_section("Text."), impact=impact, source_text=None)
    assert draft.name == "12-sop-1-deciding"
    for line in (
        "# Complaints › Deciding",
        "- **Owner:** @complaints",
        "- **SOP:** SOP-1, complaints.md",
        "- **Change 12:** 30 days instead of 14",
        "- **Severity:** high",
        "- **Publisher:** Authority › Rules for complaints",
        "- **Address:** <https://publisher.example/rules>",
        "- **Detected:** 2026-03-02 07:00 UTC",
        "- **Tagged:** likely 80 %; words: complaint",
        "- effective 1 May 2026 (was 1 Apr 2026): “The rules apply from 1 May 2026.”",
    ):
        assert line in draft.markdown.splitlines()
    assert "Last updated" not in draft.markdown


def test_both_wordings_stand_there_with_the_words_marked():
    passage = reworded("Wait 14 days.\nThen go (at once).", "Wait 30 days.\nThen go.")
    markdown = draft_of(FILE, passage).markdown
    assert "> Wait ~~14~~ **30** days.\n>\n> Then go ~~(at once)~~.\n" in markdown
    assert "New wording:\n\n> Wait 30 days.\n>\n> Then go.\n" in markdown


def test_what_was_replaced_at_the_very_beginning_has_marks_of_its_own():
    assert (
        "> ~~Moderators~~ **Reviewers** decide."
        in draft_of(FILE, reworded("Moderators decide.", "Reviewers decide.")).markdown
    )


def test_the_section_shows_each_marked_line_why_and_how_it_would_read():
    listing = draft_of(FILE, reworded()).markdown.partition("```text\n")[2].partition("\n```")[0]
    quoted = "Decide within 14 days of receiving the complaint"
    assert listing.splitlines() == [
        "      3 | ## Deciding",
        "      4 |",
        ">>    5 | Decide within 14 days of receiving",
        "++    5 | Decide within 30 days of receiving",
        ">>    6 | the complaint.",
        f"           ^ quotes “{quoted}”; now “decide within 30 days of receiving the complaint”",
        "      7 |",
        "      8 | Have a coffee.",
    ]


def test_a_section_of_another_format_is_shown_as_it_was_read_and_gets_no_patch():
    section = a_section("Wait for two weeks.\nHave a coffee.")
    draft = draft_edit(a_change(), "Authority", a_sop("complaints.docx"), section, impact=None, source_text=None)
    assert ">>    1 | Wait for two weeks." in draft.markdown
    assert "      2 | Have a coffee." in draft.markdown
    assert draft.patch is None


def test_where_nothing_is_marked_the_draft_says_so():
    assert "read the section as a whole" in draft_of("## Deciding\n\nHave a coffee.\n", reworded()).markdown


def test_only_passages_that_concern_the_section_are_shown_and_the_others_counted():
    other = added("Boats need a licence.")
    moved = Passage(PassageOp.MOVED, (), "Boats.", "Boats.")
    alike = removed("A complaint that was received is decided in the office.")
    markdown = draft_of(FILE, reworded(), other, moved, alike).markdown
    assert "### 1. Reworded: Terms › Complaints" in markdown
    assert "### 2. Removed: Terms" in markdown
    assert "Boats" not in markdown
    assert "2 more passages of this change: `monitor show 12`." in markdown


def test_where_no_passage_concerns_the_section_all_are_shown():
    assert "Boats need a licence" in draft_of(FILE, added("Boats need a licence.")).markdown


def expected_headings(passages, title):
    middle = [("h3", f"{number}.") for number in range(1, passages + 1)]
    return [("h1", title), ("h2", "What changed"), *middle, ("h2", "The section as it stands"), ("h2", "Notes")]


def assert_own_headings(markdown, passages):
    found = headings_of(markdown)
    wanted = expected_headings(passages, found[0][1])
    assert [(tag, text.split(" ")[0] if tag == "h3" else text) for tag, text in found] == wanted


@pytest.mark.parametrize("text", NASTY)
def test_hostile_text_stays_text_wherever_it_stands(text):
    check_everywhere(text)


@given(st.text(st.sampled_from("`~#-=*_<>!|[]()&\\\n\r\t .1a") | st.characters(), max_size=60))
@settings(deadline=None)
def test_any_text_stays_text_wherever_it_stands(text):
    check_everywhere(text)


def check_everywhere(text):
    passages = (
        reworded(f"{text} old rule of complaints", f"new rule of complaints {text}", heading=(text, "x")),
        added(f"a {text}"),
        removed(f"{text} b"),
    )
    change = a_change(*passages, url=text, title=text, summary=text)
    section = a_section(f"{text}\nOld rule of complaints {text}", heading=("x", text))
    impact = Impact("SOP-1", "s", "t", (), "o", 0.5, (Evidence(EvidenceKind.WORDS, text),))
    draft = draft_edit(change, text, a_sop(title=f"x {text}"), section, impact=impact, source_text=None)
    draft.markdown.encode()
    shown = draft.markdown.count("\n### ")
    assert_own_headings(draft.markdown, shown)
