"""Evidence found again in a section and in a text that changed."""

from __future__ import annotations

import pytest

from monitor.model import Block, BlockKind, Citation, Evidence, EvidenceKind
from monitor.views.comparison import compare_texts
from monitor.views.highlights import highlight, highlight_text, seek, seek_in_section

QUOTE, CITATION, MEANING, WORDS = (
    EvidenceKind.QUOTE,
    EvidenceKind.CITATION,
    EvidenceKind.MEANING,
    EvidenceKind.WORDS,
)


def marked(lines, mark="phrase"):
    return [piece.text for line in lines for piece in line if piece.mark == mark]


def in_section(text, *reasons):
    evidence = [Evidence(*each) for each in reasons]
    return highlight_text(text, seek_in_section(evidence, text))


@pytest.mark.parametrize(
    ("reason", "text", "found"),
    [
        ((QUOTE, "within 48 hours"), "We answer within 48 hours.", ["within 48 hours"]),
        ((QUOTE, "within 48 hours"), "We answer Within\u00a048   Hours, always.", ["Within\u00a048   Hours"]),
        ((QUOTE, "don't post it"), "DON'T POST IT", ["DON'T POST IT"]),
        ((QUOTE, "in two weeks | in 14 days"), "Pay in 14 days.", ["in 14 days"]),
        ((QUOTE, "14 days"), "Pay in 14 days; appeal in 14 days.", ["14 days", "14 days"]),
        ((QUOTE, "4 hours"), "We answer within 24 hours.", []),
        ((MEANING, "ask for a (valid) passport."), "First, ask for a valid passport.", ["ask for a valid passport"]),
        ((CITATION, "eu:reg:2022/2065"), "See Article 16 of the DSA, Regulation (EU) 2022/2065.", True),
        ((CITATION, "eu:reg:2022/2065#art1"), "See Article 16 of Regulation (EU) 2022/2065.", []),
        ((EvidenceKind.TOPIC, "child-safety"), "On child-safety.", []),
        ((QUOTE, "?!"), "What?!", []),
    ],
)
def test_a_phrase_is_found_whatever_stands_between_its_words(reason, text, found):
    stretches = marked(in_section(text, reason))
    assert stretches == found if isinstance(found, list) else stretches


def test_a_word_is_found_in_each_of_its_forms_and_a_phrase_goes_before_it():
    lines = in_section("Verify first.\nVerifies hosts when verified.", (WORDS, "verifying, the"), (QUOTE, "hosts"))
    assert marked(lines, "word") == ["Verify", "Verifies", "verified"]
    assert marked(lines) == ["hosts"]
    assert "".join(piece.text for piece in lines[1]) == "Verifies hosts when verified."


def compared(old, new, *reasons, citations=()):
    before, after = ((Block(BlockKind.PARAGRAPH, each),) for each in (old, new))
    (stretch,) = compare_texts(before, after)
    return highlight(stretch, seek([Evidence(*each) for each in reasons], citations))


def test_a_quote_of_the_old_text_is_marked_across_the_words_that_went_and_stayed():
    found = compared("Answer within 48 hours please.", "Answer within 24 hours please.", (QUOTE, "within 48 hours"))
    assert [(each.op, each.text) for each in found.lines[0].pieces if each.mark] == [
        ("same", "within"),
        ("removed", " 48"),
        ("same", " hours"),
    ]
    assert marked([found.before[0].pieces]) == ["within", " 48", " hours"]


def test_a_citation_is_marked_where_the_change_writes_it():
    cited = (Citation("Article 16 of the DSA", "eu:reg:2022/2065#art16"), Citation("the GDPR", "eu:reg:2016/679"))
    found = compared(
        "See nothing and the GDPR.",
        "See Article 16 of the DSA and the GDPR.",
        (CITATION, "eu:reg:2022/2065"),
        citations=cited,
    )
    assert marked([found.after[0].pieces]) == ["Article 16 of the DSA"]


def test_where_nothing_is_sought_or_found_the_stretch_stays_as_it_is():
    plain = compared("Old words.", "New words.")
    assert plain == compared("Old words.", "New words.", (QUOTE, "other text"), (WORDS, "and, the"))


def test_what_is_folded_is_not_searched():
    block = Block(BlockKind.PARAGRAPH, "within 48 hours")
    (folded,) = compare_texts([block], [block])
    assert highlight(folded, seek([Evidence(QUOTE, "within 48 hours")], ())) is folded
