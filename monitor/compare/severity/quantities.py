"""The numbers of a rule and what they count: ages, amounts of money, shares, spans of time, dates.

Reads the seven languages of `lexicon`. Numbers of clauses, footnotes, laws and addresses on the web are
no quantities.

Does not do: what happens on a date (`monitor.compare.dates`).
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from monitor.compare.severity.lexicon import word_list

if TYPE_CHECKING:
    from collections.abc import Iterator


class Measure(StrEnum):
    """What a number counts, as people call it."""

    AGE = "age"
    MONEY = "amount"
    SHARE = "percentage"
    TIME = "time limit"
    DATE = "date"
    NUMBER = "number"

    @property
    def with_article(self) -> str:
        return f"an {self}" if self[0] in "aeiou" else f"a {self}"


class Quantity(NamedTuple):
    """A number as it is written, with its unit where it has one: `under 16`, `USD 100`, `30 days`, `1 May 2026`."""

    measure: Measure
    text: str

    @property
    def normal(self) -> tuple[str, ...]:
        """Equal for the same quantity in other signs: `TWELVE (12) MONTHS` and `12 months`, `1 May` and `May 1`."""
        words = _PARTS.findall(self.text.casefold())
        has_digits = any(map(str.isdigit, words))
        return (self.measure, *sorted(word for word in words if not has_digits or word not in _NUMBER_WORDS))


_MONTH = (
    "(?:jan|feb|fév|fev|mar|mär|maa(?!nd)|apr(?!ès)|avr|abr|may|mai|mag|mei|jun|juin|jui|giu|jul|lug|aug|ago|aoû|sep|set(?!tim)|oct|okt|"
    r"out|ott|nov|dec|dez|déc|dic|ene|gen)[^\W\d_]{0,7}\.?"
)
_YEAR = r"(?:19|20)\d\d"
_DATES = (
    rf"\b{_YEAR}[-/.]\d\d?[-/.]\d\d?\b",
    rf"\b\d\d?/\d\d?/(?:{_YEAR}|\d\d)\b",
    rf"\b\d\d?\.\d\d?\.(?:{_YEAR}|\d\d)\b",
    rf"\b\d\d?(?:st|nd|rd|th|er|\.|º)?\s(?:de\s)?{_MONTH}(?!\w)(?:,?\s(?:del?\s)?{_YEAR}\b)?",
    rf"\b{_MONTH}\s(?:\d\d?(?:st|nd|rd|th)?\b(?:,?\s{_YEAR}\b)?|(?:de\s)?{_YEAR}\b)",
    rf"\b{_YEAR}\b",
)
_NUMBER_WORDS = word_list("numbers")
_NUMBER_WORD = rf"(?:{'|'.join(sorted(_NUMBER_WORDS))})"
_AMOUNT = r"\d+(?:[.,\u00a0 ]\d{3})*(?:[.,]\d+)?(?!\d)"
_CURRENCY = r"(?:US\$|[$€£¥₹]|\b(?:USD|EUR|GBP|CAD|AUD|CHF|JPY|BRL|INR|SEK|PLN)\b)"
_TIME_UNIT = (
    r"(?:(?:business|working|calendar|consecutive)\s)?(?:minute|minuut|hour|day|week|month|year|stunde|tag|woche|"
    r"monat|jahr|jour|heure|semaine|mois|année|día|hora|semana|mes|año|dia|mês|ano|minut|giorn|ore|settiman|ann|dag|uur|"
    r"uren|weken|maand|jaar)[^\W\d_]{0,3}\b"
)
_YEARS_OLD = (
    r"(?:[-\s](?:years?[-\s](?:olds?|of\sage)|jahre\salt|jahren?|ans|años|anos|anni|jaar)\b|\+|"
    r"\s(?:or|and)\s(?:older|over|above|younger|under)\b)"
)
_OLDER_OR_YOUNGER = (
    r"\b(?:(?:under|over|below)\s(?:the\sage\sof\s)?|aged?\s(?:of\s)?|(?:younger|older)\sthan\s|unter\s|über\s|ab\s|"
    r"(?:moins|plus)\sde\s|(?:menor|mayor|maior)(?:es)?\sde\s|minori\sdi\s|(?:onder|boven)\sde\s|(?:jonger|ouder)\sdan\s)"
)
_AGE = r"(?:[5-9]|1\d|2[01])"
_KNOWN_AGE = r"(?:1[2-8]|21)\b(?![.,]\d|\s?%|\s(?:million|billion))"
"""Laws and policies know these limits; only they are read as ages without "years old"."""
_NUMBERED = (
    "section|sec|article|clause|art|annex|paragraph|abschnitt|artikel|sección|artículo|seção|artigo|articolo|sezione|part|"
    "version|no|figure|table|step"
)
_REFERENCES = (
    r"https?://\S+",
    r"\S+@\S+",
    r"\[\d+\]",
    r"\A\(?\d+(?:\.\d+)*[.)]\s",
    rf"(?:\b(?:{_NUMBERED})|§)[.\s-]*\d[\w.()/-]*",
)
_PATTERNS = (
    *((None, pattern) for pattern in _REFERENCES),
    *((Measure.DATE, pattern) for pattern in _DATES),
    (Measure.MONEY, rf"{_CURRENCY}\s?{_AMOUNT}(?:\s?{_CURRENCY})?"),
    (Measure.MONEY, rf"{_AMOUNT}\s?(?:{_CURRENCY}|(?:euros?|dollars?|pounds?|dólares)\b)"),
    (Measure.SHARE, rf"{_AMOUNT}\s?(?:%|(?:percent|prozent|procent|(?:per|pour)\scent|por\sciento|p[eo]r\scento)\b)"),
    (Measure.AGE, rf"{_OLDER_OR_YOUNGER}{_AGE}{_YEARS_OLD}"),
    (Measure.AGE, rf"{_OLDER_OR_YOUNGER}{_KNOWN_AGE}(?![-\s]{_TIME_UNIT})"),
    (Measure.AGE, rf"\b{_AGE}{_YEARS_OLD}"),
    (Measure.TIME, rf"\b(?:{_AMOUNT}|{_NUMBER_WORD}\b(?:\s\(\d+\))?)[-\s]{_TIME_UNIT}"),
    (None, r"\b(?:[^\W\d_]+\d|\d+(?:[./]\d+)*[^\W\d_]|\d+/\d|\d+(?:\.\d+){2})[\w./-]*"),
    (Measure.NUMBER, rf"\b{_AMOUNT}"),
)
"""In order of precedence; None = a reference or a name (`Windows11`, `4/2026`, `5th`), to be passed over."""
_MEASURES = [measure for measure, _ in _PATTERNS]
_QUANTITY = re.compile("|".join(f"({pattern})" for _, pattern in _PATTERNS), re.IGNORECASE)
_PARTS = re.compile(r"[^\W_]+|[^\w\s(),.-]")
_DIGITS = re.compile(r"\d+")
_DIGITS_OR_WORDS = re.compile(rf"\d+|\b{_NUMBER_WORD}\b", re.IGNORECASE)
_AROUND = 40
"""Characters before and after a number that may belong to it; the patterns are slow and tried nowhere else."""
_ABOUT_AGE = re.compile(
    r"\b(?:ages?|aged|alter|mindestalter|âge|edad|idade|età|leeftijd|minimumleeftijd)\b", re.IGNORECASE
)
_ONLY_AGE = re.compile(rf"{_AGE}\Z")


def find_quantities(text: str, topic: str = "") -> Iterator[Quantity]:
    """The quantities of a sentence, in reading order; `topic` is its heading, which may say what is counted."""
    for match in _iter_matches(text):
        measure = _MEASURES[(match.lastindex or 1) - 1]
        if measure is Measure.NUMBER and _ONLY_AGE.match(match[0]) and _ABOUT_AGE.search(f"{topic}\n{text}"):
            measure = Measure.AGE
        if measure:
            yield Quantity(measure, match[0])


def _iter_matches(text: str) -> Iterator[re.Match[str]]:
    numbers = _DIGITS if _NUMBER_WORDS.isdisjoint(text.casefold().split()) else _DIGITS_OR_WORDS
    end = 0
    for number in numbers.finditer(text):
        if number.start() >= end:
            start = max(end, number.start() - _AROUND)
            if match := _QUANTITY.search(text, start, number.end() + _AROUND):
                yield match
                end = match.end()
