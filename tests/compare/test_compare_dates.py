"""Dates: what a sentence says happens on them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.compare.dates.find import find_dates
from monitor.model import UNKNOWN_ORIGIN, Origin


def kinds_and_dates(text, origin=UNKNOWN_ORIGIN):
    return [f"{mention.kind} {mention.date}" for mention in find_dates(text, origin)]


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("Last updated: 14 August, 2025", "last_updated 2025-08-14"),
        ("**_Last Modified_**_: Sept. 3rd 2024_", "last_updated 2024-09-03"),
        ("Views: 3MLast updated: Jun 9, 2026", "last_updated 2026-06-09"),
        ("We updated our Refund Policy on May 27, 2025.", "last_updated 2025-05-27"),
        ("On 7 May 2024, we updated the section on scams.", "last_updated 2024-05-07"),
        ("In February 2024, this page was updated to add examples.", "last_updated 2024-02"),
        ("Effective as of [1 March 2025]", "effective 2025-03-01"),
        ("The rules come into force for all sellers on 6th April 2025.", "effective 2025-04-06"),
        ("On 1 June 2025 the new fees will take effect.", "effective 2025-06-01"),
        ("Starting on 17 July, 2025, you'll need to be 18 to host.", "effective 2025-07-17"),
        ("It shall apply from 17 February 2024.", "effective 2024-02-17"),
        ("On and after January 1, 2027, a platform shall not collect it.", "effective 2027-01-01"),
        ("Comments must be received on or before March 11, 2024.", "comments_close 2024-03-11"),
        ("Comments are due by 11:59 p.m. Eastern Time on Monday, May 5, 2025.", "comments_close 2025-05-05"),
        ("The consultation closes at 5pm on 12 January 2026.", "comments_close 2026-01-12"),
        ("You have until 12 January 2026 to respond to our proposals.", "comments_close 2026-01-12"),
        ("The compliance date for § 31.4 is April 22, 2026.", "compliance 2026-04-22"),
        ("Providers must complete a risk assessment by 16 March 2025.", "compliance 2025-03-16"),
        ("Sellers have until 31 March 2026 to accept the terms.", "compliance 2026-03-31"),
        ("This Regulation expires on 3 April 2026.", "sunset 2026-04-03"),
        ("The old tariff shall remain in force until 3rd of April 2024.", "sunset 2024-04-03"),
        ("Released April 17, 2024", "released 2024-04-17"),
        ("Last reviewed 8 August 2025; next review 1 May 2027", "reviewed 2025-08-08"),
        ("Version 2.1 – 15 May 2024", "version 2024-05-15"),
        ("On April 17, 2024, we are updating our rules.", "notice 2024-04-17"),
        ("We're updating our terms on November 3, 2025.", "notice 2025-11-03"),
        ("We're updating our terms as of November 3, 2025.", "effective 2025-11-03"),
        ("This policy replaces the version dated 1 March 2022.", "superseded 2022-03-01"),
        ("[Previous version](https://a.example/terms/2024-04-29/)", "superseded 2024-04-29"),
        ("Prior version, updated 3 March 2026, effective as of 9 March 2026", "superseded 2026-03-09"),
    ],
)
def test_a_sentence_says_what_its_date_is(text, stated):
    assert kinds_and_dates(text) == [stated]


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("Diese Bedingungen gelten ab dem 1. März 2025.", "effective 2025-03-01"),
        ("Das Gesetz tritt am 1. Januar 2026 in Kraft.", "effective 2026-01-01"),
        ("Stand: 05/2024", "last_updated 2024-05"),
        ("Entrée en vigueur le mercredi 1er septembre 2025", "effective 2025-09-01"),
        ("Dernière modification : mai 2023", "last_updated 2023-05"),
        ("Última actualización: October 8, 2024", "last_updated 2024-10-08"),
        ("Vigente a partir del 15 de marzo de 2025", "effective 2025-03-15"),
        ("Em vigor a partir de 2 de janeiro de 2025", "effective 2025-01-02"),
        ("In vigore dal 1° gennaio 2025", "effective 2025-01-01"),
        ("Laatst gewijzigd op 3 maart 2024", "last_updated 2024-03-03"),
        ("Regulamin wchodzi w życie z dniem 1 stycznia 2025 r.", "effective 2025-01-01"),
        ("Villkoren gäller från och med den 1 mars 2025.", "effective 2025-03-01"),
        ("Voimassa 1.3.2025 alkaen", "effective 2025-03-01"),
        ("Utolsó frissítés: 2024. május 5.", "last_updated 2024-05-05"),
        ("Вступает в силу 1 января 2025 года.", "effective 2025-01-01"),
        ("Son güncelleme: 5 Nisan 2024", "last_updated 2024-04-05"),
        ("Cập nhật lần cuối: ngày 5 tháng 10 năm 2024", "last_updated 2024-10-05"),
        ("生效日期\uff1a2022年5月3日", "effective 2022-05-03"),
        ("本政策自2024年5月3日起施行。", "effective 2024-05-03"),
        ("施行日 令和6年4月1日", "effective 2024-04-01"),
        ("본 약관은 2024년 5월 3일부터 시행됩니다.", "effective 2024-05-03"),
    ],
)
def test_other_languages_say_it_in_their_own_words(text, stated):
    assert kinds_and_dates(text) == [stated]


@pytest.mark.parametrize(
    "text",
    [
        "You must be born on or before January 1, 2010 to join.",
        "Orders placed before 4 March 2024 are not covered.",
        "In Doe v. Roe, decided March 3, 2019, the court applied the Act.",
        "Regulation (EU) 2016/679 of 27 April 2016 applies.",
        "The Act, as amended on 5 May 2020, applies to you.",
        "They replace the carriage rules that entered into force on April 19 2024.",
        "Between January 1, 2024 and June 30, 2024, we received 300 requests.",
        "From 1 January 2024 to 30 June 2024 we must have removed 5 million posts.",
        "As of March 2024, we had 5 million users.",
        "By 17 November 2025, the Commission shall evaluate this Regulation.",
        "A study published on 5 May 2024 by others agrees with these and more findings.",
        "Version 1.2.24 of the client",
        "Effective Date: 31 February 2024",
        "See https://a.example/effective/2024-05-03/terms?updated=2024-05-03",
        "You may 2024 times.",
        "",
    ],
)
def test_a_date_that_says_nothing_about_the_text_is_left_out(text):
    assert kinds_and_dates(text) == []


def test_one_date_may_be_two_things():
    assert kinds_and_dates("Last updated and effective: May 1, 2025") == [
        "last_updated 2025-05-01",
        "effective 2025-05-01",
    ]


def test_the_second_date_of_a_range_is_the_end_of_validity():
    assert kinds_and_dates("Valid from 9 January 2024 to 8 January 2025") == [
        "effective 2024-01-09",
        "sunset 2025-01-08",
    ]


def test_each_kind_and_date_is_named_once_in_reading_order():
    text = "Updated 5 May 2024. Effective 1 June 2024.\nUpdated 5 May 2024."
    assert kinds_and_dates(text) == ["last_updated 2024-05-05", "effective 2024-06-01"]


def test_a_date_alone_on_its_line_is_what_the_line_above_says():
    (mention,) = find_dates("Privacy Policy\nLast update of this notice:\nMarch 5, 2024\nWe care.")
    assert (mention.kind, mention.date) == ("last_updated", "2024-03-05")
    assert mention.sentence == "Last update of this notice: March 5, 2024"


def test_the_sentence_comes_in_one_line_without_its_neighbours():
    text = "We care. The rules of Example,  Inc. are\teffective May 5, 2024. Read on."
    assert find_dates(text)[0].sentence == "The rules of Example, Inc. are effective May 5, 2024."


def test_a_long_sentence_is_cut_around_its_date():
    (mention,) = find_dates("word " * 200 + "effective May 5, 2024 " + "word " * 200)
    assert len(mention.sentence) <= 300
    assert "effective May 5, 2024" in mention.sentence


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2024-10-21", "2024-10-21"),
        ("2024/10/21", "2024-10-21"),
        ("20241021", "2024-10-21"),
        ("21.10.2024", "2024-10-21"),
        ("02.01.25", "2025-01-02"),
        ("10/21/24", "2024-10-21"),
        ("10/21/2024", "2024-10-21"),
        ("21-10-2024", "2024-10-21"),
        ("2024-10", "2024-10"),
        ("10/2024", "2024-10"),
        ("21-Oct-2024", "2024-10-21"),
        ("the 21st day of October, 2024", "2024-10-21"),
        ("Monday, October 21 2024", "2024-10-21"),
        ("2024 October 21", "2024-10-21"),
        ("Oct., 2024", "2024-10"),
        ("21st of **October** **2024**", "2024-10-21"),
        ("21. listopada 2024", "2024-11-21"),
        ("2024. 10. 21.", "2024-10-21"),
    ],
)
def test_a_date_is_read_however_it_is_written(written, iso):
    assert kinds_and_dates(f"Last updated: {written}") == [f"last_updated {iso}"]


def test_a_month_name_is_read_in_the_language_of_the_text():
    assert kinds_and_dates("Updated: 21. listopada 2024", Origin(language="hr")) == ["last_updated 2024-10-21"]


@pytest.mark.parametrize(
    ("text", "origin", "iso"),
    [
        ("Updated 03/04/2026", Origin(), "2026-03-04"),
        ("Updated 03/04/2026", Origin(region="US-CA"), "2026-03-04"),
        ("Updated 03/04/2026", Origin(region="GB"), "2026-04-03"),
        ("Updated 03/04/2026", Origin(region="global", language="en-AU"), "2026-04-03"),
        ("Updated 03/04/2026", Origin(region="US", language="fr"), "2026-04-03"),
        ("Mise à jour : 03/04/2026", Origin(), "2026-04-03"),
        ("Applicable à compter du 03/04/2026", Origin(), "2026-04-03"),
        ("Updated 03.04.2026", Origin(region="US"), "2026-04-03"),
        ("Updated 03/04/2026. Since 25/01/2020 we ship.", Origin(region="US"), "2026-04-03"),
        ("Updated 03/04/2026. We began on 25 January 2020.", Origin(), "2026-04-03"),
        ("Updated 03/04/2026. We began on January 25, 2020.", Origin(region="GB"), "2026-03-04"),
        ("Updated 03/04/2026. Example Ltd, 1 High Street, London", Origin(), "2026-04-03"),
        ("Updated 03/04/2026. Example LLC, Austin, TX 78701, and Paris", Origin(), "2026-03-04"),
        ("Updated 10/02/2026", Origin(published=date(2026, 3, 1)), "2026-02-10"),
        ("Effective 10/02/2026", Origin(published=date(2026, 3, 1)), "2026-10-02"),
    ],
)
def test_day_and_month_are_told_apart_by_the_text_and_its_origin(text, origin, iso):
    assert find_dates(text, origin)[0].date == iso


PUBLISHED = Origin(published=date(2025, 3, 31))


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("Last updated: 2 days ago", "last_updated 2025-03-29"),
        ("Updated 3 hours ago", "last_updated 2025-03-31"),
        ("Updated about a month ago", "last_updated 2025-02"),
        ("Last updated: 2 years ago", "last_updated 2023"),
        ("Updated yesterday", "last_updated 2025-03-30"),
        ("Zuletzt aktualisiert vor 3 Wochen", "last_updated 2025-03-10"),
        ("Última actualización: hace 2 días", "last_updated 2025-03-29"),
        ("Starting today, sellers must label it.", "effective 2025-03-31"),
        ("Effective thirty (30) days after publication in the Federal Register.", "effective 2025-04-30"),
        ("Effective six months after publication.", "effective 2025-09-30"),
        ("Comments must be received within 60 days of publication.", "comments_close 2025-05-30"),
        (
            "It shall enter into force on the twentieth day following that of its publication in the Official Journal.",
            "effective 2025-04-20",
        ),
    ],
)
def test_a_relative_date_counts_from_the_publication(text, stated):
    assert kinds_and_dates(text, PUBLISHED) == [stated]
    assert kinds_and_dates(text) == []


def test_terms_that_count_from_something_else_are_no_dates():
    assert kinds_and_dates("We must delete it by 30 days after you close your account.", PUBLISHED) == []
    assert kinds_and_dates("Updated 3000 years ago, effective 999 years ago", Origin(published=date(300, 1, 1))) == []


def test_a_capital_dotted_i_does_not_shift_relative_dates():
    assert kinds_and_dates("İ" * 200 + ". Updated 2 days ago", PUBLISHED) == ["last_updated 2025-03-29"]


WORDS = [
    "effective",
    "updated",
    "until",
    "on",
    "2024",
    "5",
    "May",
    "05/06/2024",
    "2024年5月3日",
    "ago",
    "today",
    ".",
    "§",
    "[",
    "*",
]
PIECES = st.sampled_from([*WORDS, *".§[*", "30 days after publication", "prior version", "\n"])


@given(st.lists(PIECES, max_size=25).map(" ".join) | st.text(max_size=80))
def test_any_text_can_be_searched_and_each_kind_and_date_comes_once(text):
    found = find_dates(text, PUBLISHED)
    assert len({(mention.kind, mention.date) for mention in found}) == len(found)
    assert all(date.fromisoformat(f"{mention.date}-01-01"[:10]) and len(mention.sentence) <= 300 for mention in found)


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2089, 12, 31)), st.sampled_from(["%Y-%m-%d", "%d.%m.%Y"]))
def test_every_day_is_read_back(day, form):
    assert kinds_and_dates(f"Effective: {day.strftime(form)}") == [f"effective {day.isoformat()}"]


@pytest.mark.parametrize(
    "unit", ["01/02/2024 ", "1.1.", "effective on 5 May 2024, ", "comments by ", " ago", "(*2024", "[a "]
)
@pytest.mark.timeout(20)
def test_no_text_takes_more_than_linear_time(unit):
    find_dates(unit * (100_000 // len(unit)), PUBLISHED)


def test_the_number_of_a_clause_is_no_date_and_a_date_at_the_very_beginning_is_one():
    assert [each.date for each in find_dates("3.1.2026 tritt in Kraft.", UNKNOWN_ORIGIN)][:1] == ["2026-01-03"]
    assert find_dates("Siehe 7.3.1.2026 und tritt in Kraft, was dort steht.", UNKNOWN_ORIGIN) == ()
