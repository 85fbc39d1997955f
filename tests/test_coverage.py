"""What is watched and what is not: how each source stands, and where the gaps are."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.coverage import Cause, Standing, WhyOff, cross, group_off, narrow, take_stock
from monitor.model import Audience, Pack, Problem, ProblemKind, Source
from monitor.sources import Declared

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
PACKS = (Pack("gb", "United Kingdom"), Pack("ca", "Canada", enabled=False))


def source(id_, jurisdiction="EU", topics=("privacy",), **facts):
    return Source(id_, id_.title(), "Example", jurisdiction, "html", ("https://example.org/",), topics=topics, **facts)


def problem(source_id, kind=ProblemKind.BLOCKED):
    return Problem(1, source_id, "https://example.org/", kind, "detail", "advice", NOW - 48 * HOUR, NOW)


def stock(*sources, answered=None, problems=(), audiences=()):
    """Sources not named in `answered` were read an hour ago."""
    answers = {each.id: NOW - HOUR for each in sources} | (answered or {})
    known = {id_: at for id_, at in answers.items() if at}
    return take_stock(Declared(sources, audiences, packs=PACKS), known, problems, NOW)


def standing(one, **facts):
    return stock(one, **facts).sources[0].standing


def said(coverage):
    """Audience, jurisdiction, topic and ids of each gap."""
    return [
        (gap.audience, gap.jurisdiction, gap.topic, [each.source.id for each in gap.sources]) for gap in coverage.gaps
    ]


def test_what_was_read_when_it_was_last_asked_is_watched():
    assert standing(source("rules")) is Standing.WATCHED


def test_what_was_never_read_is_not_called_watched():
    assert standing(source("rules"), answered={"rules": None}) is Standing.UNREAD


@pytest.mark.parametrize(
    ("every", "hours", "expected"),
    [
        ("12h", 35, Standing.WATCHED),
        ("12h", 37, Standing.LATE),
        ("1d", 47, Standing.WATCHED),
        ("1d", 49, Standing.LATE),
        ("0 6 * * mon", 24 * 6, Standing.WATCHED),
        ("0 6 * * mon", 24 * 8, Standing.LATE),
    ],
)
def test_what_is_overdue_for_more_than_a_day_is_late(every, hours, expected):
    assert standing(source("rules", every=every), answered={"rules": NOW - hours * HOUR}) is expected


@pytest.mark.parametrize("answered_at", [None, NOW - HOUR, NOW - 900 * HOUR])
def test_a_source_that_cannot_be_read_is_blind_whenever_it_was_read_before(answered_at):
    assert standing(source("rules"), answered={"rules": answered_at}, problems=[problem("rules")]) is Standing.BLIND


def test_a_problem_beside_which_the_source_is_read_leaves_it_watched_and_is_kept():
    (found,) = stock(source("rules"), problems=[problem("rules", ProblemKind.GAP)]).sources
    assert (found.standing, [each.kind for each in found.problems]) == (Standing.WATCHED, [ProblemKind.GAP])


def test_the_problem_of_a_source_that_was_switched_off_since_is_none_of_today():
    (found,) = stock(source("rules", enabled=False), problems=[problem("rules")]).sources
    assert (found.standing, found.problems) == (Standing.OFF, ())


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"enabled": False, "pack": "ca"}, WhyOff(Cause.PACK, "ca")),
        ({"enabled": False, "pack": "ca", "note": "A guess"}, WhyOff(Cause.PACK, "ca")),
        ({"enabled": False, "pack": "gb", "note": "A guess"}, WhyOff(Cause.NOTE, "A guess")),
        ({"enabled": False, "note": "A guess"}, WhyOff(Cause.NOTE, "A guess")),
        ({"enabled": False, "pack": "gb"}, WhyOff(Cause.UNSAID, "")),
    ],
)
def test_what_is_off_says_why(facts, why):
    (found,) = stock(source("rules", **facts)).sources
    assert (found.standing, found.why_off) == (Standing.OFF, why)


def test_what_is_off_is_grouped_by_reason_packs_first_and_then_the_most():
    off = [source(f"guess-{number}", enabled=False, note="A guess") for number in range(2)]
    noise = source("noise", enabled=False, note="Noise")
    canada = source("canada", enabled=False, pack="ca")
    groups = group_off(stock(source("rules"), noise, *off, canada).sources)
    assert [(why.detail, len(found)) for why, found in groups.items()] == [("ca", 1), ("A guess", 2), ("Noise", 1)]


def test_a_source_with_two_topics_stands_at_both():
    cells = cross(stock(source("rules", topics=("privacy", "terms"))).sources)
    assert {place: len(found) for place, found in cells.items()} == {("EU", "privacy"): 1, ("EU", "terms"): 1}


def test_a_topic_that_hangs_on_one_source_is_a_gap_and_one_with_two_is_none():
    two = (source("a"), source("b"))
    assert said(stock(*two, source("c", topics=("csam",)))) == [(None, None, "csam", ["c"])]


def test_what_is_off_or_blind_does_not_count_as_a_second_source():
    sources = (source("a"), source("b"), source("c", enabled=False))
    assert said(stock(*sources, problems=[problem("b")])) == [(None, None, "privacy", ["a", "b", "c"])]


def test_a_jurisdiction_of_which_all_is_off_is_a_gap():
    sources = (source("a"), source("b"), source("c", "CA", enabled=False))
    assert said(stock(*sources)) == [(None, "CA", None, ["c"])]


def test_topics_that_nothing_tells_of_come_before_those_that_hang_on_one_source():
    sources = (source("a", topics=("ads",)), source("b", topics=("terms",), enabled=False))
    assert [topic for _, _, topic, _ in said(stock(*sources))] == ["terms", "ads"]


EU_DESK = Audience("eu", "EU desk", jurisdictions=("EU",))
US_DESK = Audience("us", "US desk", jurisdictions=("US",))
SAFETY = Audience("safety", "Safety", topics=("csam",), jurisdictions=("EU",))
READ = (source("a"), source("b"))


@pytest.mark.parametrize(
    ("audience", "sources", "expected"),
    [
        (EU_DESK, READ, []),
        (US_DESK, READ, [("US desk", "US", None, [])]),
        (US_DESK, (*READ, source("c", "US-CA"), source("d", "US-CA")), []),
        (US_DESK, (*READ, source("c", "global"), source("d", "global")), [("US desk", "US", None, [])]),
        (EU_DESK, tuple(source(each, audience=("us",)) for each in "ab"), [("EU desk", "EU", None, [])]),
        (SAFETY, READ, [("Safety", "EU", None, []), ("Safety", None, "csam", [])]),
        (SAFETY, tuple(source(each, topics=("csam",)) for each in "ab"), []),
        (SAFETY, tuple(source(each, "global", ("csam",)) for each in "ab"), [("Safety", "EU", None, [])]),
        (Audience("all", "All"), READ, []),
        (Audience("all", "All"), tuple(source(each, audience=("eu",)) for each in "ab"), [("All", None, None, [])]),
    ],
)
def test_what_an_audience_wants_and_nothing_tells_it_is_a_gap(audience, sources, expected):
    assert said(stock(*sources, audiences=(audience,))) == expected


def test_what_an_audience_wants_is_a_gap_too_where_all_of_it_is_blind():
    blind = [problem("a"), problem("b")]
    assert ("EU desk", "EU", None, ["a", "b"]) in said(stock(*READ, problems=blind, audiences=(EU_DESK,)))


def test_narrowed_to_a_jurisdiction_its_regions_are_in_and_nothing_else():
    coverage = stock(source("a", "US"), source("b", "US-CA"), source("c", "EU"), source("d", "global"))
    assert [each.source.id for each in narrow(coverage, jurisdiction="US").sources] == ["a", "b"]


def test_narrowed_to_a_topic_only_this_one_is_looked_at():
    coverage = narrow(stock(source("a", topics=("ads", "terms")), source("b")), topic="ads")
    assert ([each.source.id for each in coverage.sources], coverage.topics) == (["a"], ("ads",))


def test_narrowed_a_gap_is_judged_by_everything_and_shown_where_it_touches_what_is_left():
    sources = (
        source("a", pack="gb"),
        source("b"),
        source("c", topics=("csam",), pack="gb"),
        source("d", "EU", ("ip",)),
    )
    assert said(narrow(stock(*sources), pack="gb")) == [(None, None, "csam", ["c"])]


def test_the_day_on_which_an_address_was_proven_is_kept():
    (found,) = stock(source("rules", checked=date(2026, 7, 1))).sources
    assert found.source.checked == date(2026, 7, 1)
