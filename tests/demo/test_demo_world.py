"""The demo's world is coherent: it answers as its story needs, and the procedures restate the rules that change."""

from typing import NamedTuple

import pytest

from monitor.errors import ExtractionError
from monitor.model import ProblemKind

DAYS = (1, 2, 3)
MEDIA_TYPES = {
    "html": "text/html; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "pdf": "application/pdf",
}


@pytest.mark.parametrize("day", DAYS)
def test_every_address_answers_as_its_kind_but_for_the_incident_of_day_3(declared, names, get, day):
    expected = {name: (200, MEDIA_TYPES[source.kind]) for source in declared.sources for name in names[source.id]}
    failing = {name for name, answer in expected.items() if get(name, day)[:2] != answer}
    assert failing == ({"oso/age-assurance-guidance.html"} if day == 3 else set())


def test_the_sources_show_every_kind_and_a_combined_document(declared):
    assert {source.kind for source in declared.sources} == {"html", "atom", "pdf"}
    assert [source.id for source in declared.sources if len(source.urls) > 1] == ["chatterfen-reports-appeals"]


def test_every_source_is_told_to_an_audience_that_is_declared(declared):
    assert {name for source in declared.sources for name in source.audience} == {each.id for each in declared.audiences}


def test_everything_the_publisher_serves_is_watched(names, site):
    watched = {name.replace(".pdf", ".txt") for each in names.values() for name in each}
    served = {str(path.relative_to(site / "day-1")) for path in (site / "day-1").rglob("*.*")}
    assert served == watched | {"robots.txt"}


QUIET = [
    ("chatterfen-guidelines", 3),
    ("chatterfen-minor-safety", 2),
    ("chatterfen-reports-appeals", 3),
    ("chatterfen-terms", 3),
    ("chatterfen-advertising", 2),
    ("oso-age-assurance", 2),
    ("oso-code-of-practice", 2),
]


@pytest.mark.parametrize(("source", "day"), QUIET)
def test_clocks_counters_and_related_articles_are_outside_what_is_read(read, source, day):
    assert read(source, day) == read(source, day - 1)


def test_day_2_has_a_bot_wall_with_200_and_day_3_the_page_of_day_1(read):
    with pytest.raises(ExtractionError) as caught:
        read("chatterfen-privacy", 2)
    assert caught.value.problem is ProblemKind.BLOCKED
    assert read("chatterfen-privacy", 3) == read("chatterfen-privacy", 1)


def test_day_2_changes_mark_up_and_link_targets_of_the_terms_and_no_word(read):
    before, after = (read("chatterfen-terms", day) for day in (1, 2))
    assert [block.text for block in after] == [block.text for block in before]
    assert [block.links for block in after] != [block.links for block in before]


def test_day_3_moves_a_whole_section_of_the_minor_safety_page(read):
    before, after = (read("chatterfen-minor-safety", day) for day in (2, 3))
    assert before != after
    moved = [block for block in before if block.heading[-1] == "Guardian tools"]
    assert len(moved) == 6
    assert [block for block in before if block not in moved] + moved == after


def test_the_feed_gains_an_entry_a_day_and_one_is_edited_on_day_3(entries):
    first, second, third = (entries(day) for day in DAYS)
    assert len(first) == 4
    assert [each.title for each in second.values() if each.identity not in first] == [
        "Decision: receipts for notices of illegal content"
    ]
    assert [each.title for each in third.values() if each.identity not in second] == [
        "Statutory guidance: minors and livestreaming"
    ]
    edited = [each.title for identity, each in third.items() if second.get(identity, each).blocks != each.blocks]
    assert edited == ["Consultation: crisis protocols for suicide and self-harm content"]


def test_the_new_guidance_says_what_it_rests_on_and_until_when(entries):
    guidance = entries(3)["tag:oso.example,2026:guidance-livestreaming-minors"]
    text = " ".join(block.text for block in guidance.blocks)
    assert "Article 28(1) of Regulation (EU) 2022/2065" in text
    assert "16 CFR Part 312" in text
    assert "Platforms must comply by 1 March 2027." in text


class Told(NamedTuple):
    """A rule that changes on `day`, and where the procedures restate it as it stood before."""

    day: int
    source: str
    before: str | None
    after: str | None
    section: str
    restated: str


TOLD = [
    Told(
        2,
        "chatterfen-guidelines",
        "You must be 16 or older to host a livestream.",
        "You must be 18 or older to host a livestream.",
        "SOP-003#age-checks",
        "A host must be 16 or older.",
    ),
    Told(
        2,
        "chatterfen-guidelines",
        None,
        "Do not use a synthetic copy of a real person's voice without that person's recorded consent, even when the"
        " post carries a label.",
        "SOP-011#likeness-and-voice-private-persons",
        "A cloned voice is handled with the label only",
    ),
    Told(
        2,
        "chatterfen-reports-appeals",
        "Harassment and bullying | within 48 hours",
        "Harassment and bullying | within 24 hours",
        "SOP-002#service-level",
        "first answer to a harassment or bullying report within 48 hours",
    ),
    Told(
        3,
        "chatterfen-advertising",
        "Registered charities may run issue adverts without verification of the payer, as long as the advert names no"
        " candidate and no party and spends less than 500 euros a week.",
        None,
        "SOP-009#political-and-issue-adverts",
        "Registered charities may run issue adverts without verification of the payer",
    ),
    Told(
        3,
        "oso-code-of-practice",
        "3.2 A provider must keep a note of each age check for 12 months. The note must hold the method, the result and"
        " the date, and no image or document.",
        "3.2 A provider must keep a note of each age check for 24 months. The note must hold the method, the result and"
        " the date, and no image or document.",
        "SOP-001#records",
        "Keep a note of each age check for 12 months",
    ),
]


def section_text(library, section_id):
    return next(" ".join(each.text.split()) for sop in library.sops for each in sop.sections if each.id == section_id)


@pytest.mark.parametrize("told", TOLD, ids=lambda told: told.section)
def test_a_rule_changes_and_nothing_else_does(read, told):
    changes = [each for each in TOLD if (each.source, each.day) == (told.source, told.day)]
    before, after = ({block.text for block in read(told.source, day)} for day in (told.day - 1, told.day))
    assert before - after == {each.before for each in changes if each.before}
    assert after - before == {each.after for each in changes if each.after}


@pytest.mark.parametrize("told", TOLD, ids=lambda told: told.section)
def test_the_procedures_restate_the_rule_as_it_stood(library, told):
    assert told.restated in section_text(library, told.section)


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ("SOP-016#confirmation-of-receipt", "Send the confirmation of receipt within 72 hours"),
        ("SOP-016#confirmation-of-receipt", "An incomplete notice gets no receipt"),
        ("SOP-001#age-assurance", "Until now we accept the date of birth for hosting"),
    ],
)
def test_the_procedures_fall_short_of_what_the_regulator_publishes(library, section, said):
    assert said in section_text(library, section)


def test_every_procedure_is_read_without_a_mistake(library):
    assert library.mistakes == ()
    assert [sop.id for sop in library.sops] == [f"SOP-{number:03}" for number in range(1, 19)]


def test_every_procedure_is_as_long_as_one_reads_at_a_desk(library, demo):
    words = {sop.id: len((demo / "sops" / sop.path).read_text().split()) for sop in library.sops}
    assert {id_: count for id_, count in words.items() if not 250 <= count <= 600} == {}
    assert {sop.id: len(sop.sections) for sop in library.sops if not 4 <= len(sop.sections) <= 10} == {}


def test_every_topic_that_is_watched_is_one_of_the_procedures(declared, library):
    covered = {topic for sop in library.sops for topic in sop.topics}
    assert {topic for source in declared.sources for topic in source.topics} - covered == set()
