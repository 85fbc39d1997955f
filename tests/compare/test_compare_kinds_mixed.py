"""Changes of several kinds at once, and kinds that only the whole change shows."""

import pytest

from compare.texts import paragraphs, policy
from monitor.compare.kinds import compare
from monitor.compare.noise.verdicts import MANY_PLACES
from monitor.model import Block, BlockKind, ChangeKind, Severity

RULES = """
# Rules for sellers
Last updated: 3 March 2026
These rules bind everybody who sells on our market, whoever and wherever they are.
## Goods
You must not sell weapons of any kind on our market, whole or in parts.
Medicines may be sold by pharmacies only, and never without a prescription.
## Complaints
Everybody can complain about an offer, and we answer each complaint within 14 days.
A second person looks at each appeal, and tells both sides what was decided and why.
Was this helpful?
"""

GERMAN = """
# Regeln f\u00fcr Verk\u00e4ufer
Zuletzt aktualisiert am 3. M\u00e4rz 2026
Diese Regeln gelten f\u00fcr alle, die auf unserem Markt verkaufen, wer und wo auch immer sie sind.
## Waren
Sie d\u00fcrfen auf unserem Markt keine Waffen verkaufen, weder ganz noch in Teilen.
Arzneimittel d\u00fcrfen nur von Apotheken verkauft werden und niemals ohne ein Rezept.
## Beschwerden
Alle k\u00f6nnen sich \u00fcber ein Angebot beschweren, und wir antworten auf jede Beschwerde binnen 14 Tagen.
Eine zweite Person sieht jeden Einspruch an und sagt beiden Seiten, was und warum entschieden wurde.
"""

BRITISH = """
We organise our market for all neighbours, and we honour each order that you authorise on our premises.
You can apply for a licence at the centre, and we will analyse your behaviour before we authorise it for you.
Items that you left behind go into the bin after a fortnight, and nobody will recognise them in the end.
"""


def judged(before, after):
    return compare(policy(before), policy(after))


def test_a_rule_beside_noise_is_told_and_the_noise_is_counted():
    after = RULES.replace("14 days", "30 days").replace("3 March", "9 May").replace("Was this helpful?", "")
    judgement = judged(RULES, after)
    assert judgement.kind is ChangeKind.SUBSTANTIVE
    assert judgement.reason.startswith(
        "the time limit changed from 14 days to 30 days; 1 passage reworded; kept quiet: "
    )
    assert judgement.reason.endswith("1 \u00d7 stamp, clock or counter, 1 \u00d7 button or prompt")
    assert [passage.before[:8] for passage in judgement.passages] == ["Everybod"]


def test_what_is_quiet_keeps_its_passages_and_quotes_what_ticks():
    judgement = judged(RULES, RULES.replace("3 March", "9 May"))
    assert (judgement.kind, judgement.severity) == (ChangeKind.DATE_TICK, Severity.LOW)
    assert judgement.reason.startswith("nothing but 1 \u00d7 stamp, clock or counter (")
    assert len(judgement.passages) == 1


def test_of_several_quiet_kinds_the_gravest_names_the_change():
    judgement = judged(RULES, RULES.replace("3 March", "9 May").replace("Was this helpful?", ""))
    assert judgement.kind is ChangeKind.BOILERPLATE
    assert "stamp, clock or counter" in judgement.reason


def test_another_language_is_a_translation():
    judgement = judged(RULES, GERMAN)
    assert judgement.kind is ChangeKind.TRANSLATION
    assert "in de instead of en" in judgement.reason


def test_the_spelling_of_another_region_is_a_translation():
    american = BRITISH
    for old, new in {
        "organise": "organize",
        "neighbours": "neighbors",
        "honour": "honor",
        "authorise": "authorize",
        "licence": "license",
        "centre": "center",
        "analyse": "analyze",
        "behaviour": "behavior",
        "recognise": "recognize",
    }.items():
        american = american.replace(old, new)
    assert judged(BRITISH, american).kind is ChangeKind.TRANSLATION
    assert judged(american, BRITISH).kind is ChangeKind.TRANSLATION
    assert judged(BRITISH, american.replace("bin", "trash")).kind is ChangeKind.TRANSLATION
    assert judged(BRITISH, american.replace("You can", "You can only")).kind is ChangeKind.EDITORIAL
    assert judged(BRITISH, american.replace("a fortnight", "14 days")).kind is ChangeKind.SUBSTANTIVE


def test_clauses_that_only_got_other_numbers_are_renumbered():
    judgement = compare(
        paragraphs("1. Never sell weapons.", "2. Never sell medicines."),
        paragraphs("2. Never sell weapons.", "3. Never sell medicines."),
    )
    assert judgement.kind is ChangeKind.RENUMBERED


def test_the_same_sentences_under_other_points_have_moved():
    before = paragraphs("Never sell weapons. We remove such offers.", "Never sell medicines. We report such offers.")
    after = paragraphs("Never sell weapons. We report such offers.", "Never sell medicines. We remove such offers.")
    assert compare(before, after).kind is ChangeKind.MOVED


def test_what_went_here_and_came_there_in_another_form_has_moved():
    moved = RULES.replace("Last updated: 3 March 2026\n", "") + "_Last updated:_ 9 May 2026"
    assert judged(RULES, moved).kind is ChangeKind.DATE_TICK


def test_a_second_copy_of_several_paragraphs_is_boilerplate():
    text = paragraphs(*(line for line in RULES.splitlines() if len(line) > 60))
    assert compare(text, [*text, *text]).kind is ChangeKind.BOILERPLATE
    assert compare([*text, *text], text).kind is ChangeKind.BOILERPLATE


def test_one_sentence_that_now_stands_in_a_second_place_is_a_rule_there():
    assert judged(RULES, RULES + "You must not sell weapons of any kind on our market, whole or in parts.").kind is (
        ChangeKind.SUBSTANTIVE
    )


def test_a_text_that_lacks_passages_at_many_places_may_be_loaded_in_part_and_is_told_so():
    kept = [f"Rule {number} says that each seller keeps the receipt number {number}." for number in range(40)]
    gaps = [f"Read more about case {number}, which is told here in full." for number in range(40)]
    whole = paragraphs(*(text for pair in zip(kept, gaps, strict=True) for text in pair))
    some = paragraphs(
        *(text for at, pair in enumerate(zip(kept, gaps, strict=True)) for text in pair[: 1 + (at >= MANY_PLACES)])
    )
    assert compare(whole, some).kind is ChangeKind.EDITORIAL
    assert "many places" in compare(whole, some).reason
    assert (
        compare(whole, [*some, *paragraphs("A new rule that nobody has seen before stands here.")]).kind
        is ChangeKind.SUBSTANTIVE
    )


def test_a_policy_cut_to_its_first_section_is_told():
    assert judged(RULES, RULES.partition("## Complaints")[0]).kind is ChangeKind.SUBSTANTIVE


@pytest.mark.parametrize("position", [0, 2, 3])
def test_points_of_a_list_that_a_sentence_introduces_are_rules_whatever_they_say(position):
    points = [Block(BlockKind.ITEM, text) for text in ("Share", "Follow", "Like", "Subscribe")]
    lead = paragraphs("You must not ask others to:")
    fewer = points[:position] + points[position + 1 :]
    assert compare([*lead, *points], [*lead, *fewer]).kind is ChangeKind.SUBSTANTIVE
    assert compare([*lead, *fewer], [*lead, *points]).kind is ChangeKind.SUBSTANTIVE


def test_one_point_of_a_very_long_list_is_a_rule():
    points = [Block(BlockKind.ITEM, f"Name {chr(65 + number % 26)}{number}") for number in range(300)]
    added = Block(BlockKind.ITEM, "Share")
    assert compare([*paragraphs("Never sell:"), *points], [*paragraphs("Never sell:"), *points, added]).kind is (
        ChangeKind.SUBSTANTIVE
    )
