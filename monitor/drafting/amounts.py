"""Amounts that can be compared however they are written: "14 days", "a 14-day period", "fourteen days", "two weeks".

Spans of time, ages, sums of money, shares, dates, and numbers with the noun that they count, in the languages of
`monitor.compare.severity.quantities`; number words in English up to ninety-nine, in the others the common ones.

Does not do: which amounts changed (`rewording`), hours of the clock, arithmetic on months of different lengths.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.compare.dates.written import find_written
from monitor.compare.severity.quantities import Measure, find_quantities
from monitor.impact.words import find_stem

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount from `start` to `end` of a text."""

    start: int
    end: int
    text: str
    key: tuple[str, str]
    """Equal for equal amounts: what is counted, and how many."""
    unit: str
    """What is counted as it is written, reduced to its kind: `day` and `week` differ, though their keys may not."""
    number: tuple[int, int]
    """Where the number itself stands in the text, with a second one in brackets behind it."""
    value: str


_WORDS = """
one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen
"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_FOREIGN = {
    1: "eine einem einer eines une uma een",
    2: "zwei deux dos due dois duas twee",
    3: "drei trois tres três tre drie",
    4: "vier quatre cuatro quatro quattro",
    5: "fünf cinq cinco cinque vijf",
    6: "sechs seis sei zes",
    7: "sieben sept siete sete sette zeven",
    8: "acht huit ocho oito otto",
    10: "zehn dix diez dez dieci tien",
    12: "zwölf douze doce doze dodici twaalf",
    14: "vierzehn quatorze catorce quattordici veertien",
    15: "fünfzehn quinze quince quindici vijftien",
    20: "zwanzig vingt veinte vinte venti twintig",
    24: "vierundzwanzig vingt-quatre veinticuatro ventiquattro vierentwintig",
    30: "dreißig trente treinta trinta trenta dertig",
    60: "sechzig soixante sesenta sessenta sessanta zestig",
    90: "neunzig quatre-vingt-dix noventa novanta negentig",
}
_ONES = {word: number for number, word in enumerate(_WORDS.split(), start=1)}
_NUMBERS = {
    **{word.casefold(): number for number, words in _FOREIGN.items() for word in words.split()},
    **_ONES,
    **{word: 10 * number for number, word in enumerate(_TENS.split(), start=2)},
}
_DIGITS = r"\d+(?:[.,\u00a0 ]\d{3})*(?:[.,]\d+)?(?!\d)"
_TENS_AND_ONES = rf"(?:{'|'.join(_TENS.split())})[-\s](?:{'|'.join(list(_ONES)[:9])})"
_ONE_WORD = "|".join([*sorted(_NUMBERS, key=len, reverse=True), "dreißig"])
_NUMBER = rf"{_DIGITS}|{_TENS_AND_ONES}|{_ONE_WORD}|an?(?!\s(?:{_ONE_WORD})\b)"
_COUNTED = re.compile(
    rf"(?<![\w.,§-])(?P<number>(?:{_NUMBER})(?:\s?\(\s?(?P<digits>{_DIGITS})\s?\))?)[-\s]{{1,3}}"
    r"(?P<kind>(?:business|working|calendar|consecutive)[-\s])?(?P<noun>[^\W\d_]{2,})",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(r"\b(?:within|after|in|for|of|than|least|most|every|per)\s\Z", re.IGNORECASE)
"""Before it "a week" is an amount, and not "a week ago" or "a day like this"."""
_TIME = {
    "minute": (1, r"minuten?|minutes?|minutos?|minut[oi]|minuut"),
    "hour": (60, r"hours?|stunden?|heures?|horas?|or[ae]|uur|uren"),
    "day": (1440, r"days?|tage?n?|tages|jours?|d[íi]as?|giorn[oi]|dag(?:en)?"),
    "week": (10_080, r"weeks?|wochen?|semaines?|semanas?|settiman[ae]|we(?:ek|ken)"),
    "month": (1, r"months?|monate?n?|monats|mois|mes(?:es)?|mês|mes[ei]|maand(?:en)?"),
    "year": (12, r"years?|jahre?n?|jahres|ann?ées?|ans?|años?|anos?|ann[oi]|jaar|jaren"),
}
_TIME_NOUNS = {unit: re.compile(words, re.IGNORECASE) for unit, (_, words) in _TIME.items()}
_LONG = frozenset({"month", "year"})
_COUNTING_DAYS = frozenset({"business", "working"})
_CURRENCIES = {"us$": "usd", "$": "usd", "€": "eur", "euro": "eur", "euros": "eur", "£": "gbp", "pound": "gbp",
               "pounds": "gbp", "¥": "jpy", "₹": "inr", "dollar": "usd", "dollars": "usd"}  # fmt: skip
_NUMERAL = re.compile(_DIGITS)
_SIGN = re.compile(r"us\$|[$€£¥₹]|[a-z]+", re.IGNORECASE)


def find_amounts(text: str) -> list[Amount]:
    """Every amount of a text in reading order; they do not overlap."""
    found: list[Amount] = []
    for amount in sorted((*_iter_dates(text), *_iter_quantities(text), *_iter_counted(text)), key=_precedence):
        if all(amount.end <= other.start or amount.start >= other.end for other in found):
            found.append(amount)
    return sorted(found, key=lambda each: each.start)


def _precedence(amount: Amount) -> int:
    """Dates hold years, and ages look like spans of time: they come first."""
    return {Measure.DATE: 0, Measure.MONEY: 1, Measure.SHARE: 1, Measure.AGE: 1}.get(Measure(amount.key[0]), 2)


def _iter_dates(text: str) -> Iterator[Amount]:
    for each in find_written(text):
        written = text[each.start : each.end]
        yield Amount(each.start, each.end, written, (Measure.DATE, each.iso), written, (each.start, each.end), each.iso)


def _iter_quantities(text: str) -> Iterator[Amount]:
    """Ages, sums of money and shares."""
    end = 0
    for measure, written in find_quantities(text):
        start = text.find(written, end)
        end = start + len(written)
        numeral = _NUMERAL.search(written)
        if measure in {Measure.AGE, Measure.MONEY, Measure.SHARE} and numeral:
            unit = _currency(written) if measure is Measure.MONEY else ""
            value = _plain_number(numeral[0])
            number = start + numeral.start(), start + numeral.end()
            yield Amount(start, end, written, (measure, f"{value} {unit}"), unit, number, value)


def _currency(written: str) -> str:
    sign = _SIGN.search(written)
    return _CURRENCIES.get(sign[0].casefold(), sign[0].casefold()) if sign else ""


def _iter_counted(text: str) -> Iterator[Amount]:
    """Spans of time, and numbers with the noun that they count."""
    for match in _COUNTED.finditer(text):
        value = _read_number(match["digits"] or match["number"], text[: match.start()])
        unit = next((unit for unit, words in _TIME_NOUNS.items() if words.fullmatch(match["noun"])), "")
        if unit and value:
            key = (Measure.TIME, _span_of_time(value, unit, (match["kind"] or "").strip("- \t\n").casefold()))
        elif value and match["number"].casefold() not in {"a", "an"} and (stem := find_stem(match["noun"])):
            unit, key = stem, (Measure.NUMBER, f"{value} {stem}")
        else:
            continue
        yield Amount(match.start(), match.end(), match[0], key, unit, match.span("number"), value)


def _span_of_time(value: str, unit: str, kind: str) -> str:
    """A time limit in minutes or in months; working days are days of their own kind."""
    number = float(value) * _TIME[unit][0]
    return f"{number:g} {'months' if unit in _LONG else 'minutes'} {'working' if kind in _COUNTING_DAYS else ''}"


def _read_number(written: str, ahead: str) -> str:
    """The number in digits; "" where "a" is no amount."""
    word = written.casefold()
    if word in {"a", "an"}:
        return "1" if _PREPOSITION.search(ahead) else ""
    if word[0].isdigit():
        return _plain_number(word)
    return str(_NUMBERS.get(word) or sum(_NUMBERS.get(part, 0) for part in re.split(r"[-\s]", word)))


def _plain_number(written: str) -> str:
    """Without marks between thousands: a mark before three digits is one, as in 1,000 and 1.000."""
    digits = re.sub(r"[.,\u00a0 ](?=\d{3}(?!\d))", "", written).replace(",", ".")
    return digits.lstrip("0") or "0"
