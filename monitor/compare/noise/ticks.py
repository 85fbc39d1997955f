"""Stamps, clocks and counters: what a page says of itself and changes while its rules stand.

| Written                                            | Is                                                            |
|----------------------------------------------------|---------------------------------------------------------------|
| Last updated: 3 March 2026; Stand: 03.03.2026      | a stamp                                                       |
| Updated 4 months ago; zuletzt geändert vor 3 Tagen | a clock                                                       |
| © 2019-2026 Example Ltd                            | a clock                                                       |
| 1.8M views; 12 of 30 found this helpful            | a counter                                                     |
| Effective date: 4 March 2026, then 5 March         | a clock, where the block says nothing else: the day of visit  |

Dates and numbers of sentences are none of these: "uploaded 2 years ago", "at least 1,000 views", "takes effect on 4
March". Nor is a lone effective date that moves by more than a few days, or back.

Does not do: telling what happens on a date (`dates`).
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from monitor.compare.dates.find import find_dates
from monitor.compare.noise.form import is_short, spell
from monitor.compare.noise.phrases import any_of
from monitor.patterns import LatePattern

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_CLOCK = timedelta(days=3)
"""A lone effective date that moves on by no more is the day of the visit: visits are a day or two apart, or three."""

MAX_BESIDE, MAX_BEHIND = 8, 4
"""Words that a stamp or counter is said with, in all and behind it: "This page was last modified by the editor on"."""
MAX_LENGTH = 2_000
"""Characters at the beginning of a text that are searched."""

_MONTH = r"[^\W\d_]{3,12}\.?"
_DAY = r"\d{1,2}(?:st|nd|rd|th|er|\u00ba|\u00aa|\.)?"
_CLOCK = r"\d{1,2}[:h.]\d\d(?::\d\d)?(?: ?[ap]\.?m\.?)?(?: ?(?:uhr|(?-i:[A-Z]{2,5})|[+-]\d\d:?\d\d))?"
_TIME = rf"(?:[,\s]+(?:at |um |\u00e0 )?{_CLOCK})?"
_DATE = (
    r"(?:\d{4} ?[\u5e74\ub144] ?\d{1,2} ?[\u6708\uc6d4](?: ?\d{1,2} ?[\u65e5\uc77c])?"
    r"|\d{1,4} ?[./-] ?\d{1,2} ?[./-] ?\d{1,4}\.?(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?"
    rf"|(?:[^\W\d_]+, )?(?:{_MONTH} {_DAY}|{_DAY}[ -](?:de )?{_MONTH}),?[ -](?:de |del )?\d{{4}}"
    rf"|{_MONTH},? (?:de )?\d{{4}}|\d{{4}}-\d\d|\d{{1,2}}/\d{{4}})"
)
_AGO = any_of("clock", "ago").replace("N", r"\w+")
_WHEN = rf"(?:{_DATE}{_TIME}|{_AGO})"
_LAST, _DONE, _BETWEEN = (any_of("stamp", key) for key in ("last", "done", "between"))
_LINK = rf"(?:[\W_]*{_BETWEEN}(?![a-z])){{0,3}}[\W_]*"
_SAID = rf"(?<![a-z])(?<!\bas )(?:{_LAST}(?:\W+\w+){{0,2}}?\W*{_DONE}|{_DONE}\W+{_LAST})"
_STAMP = LatePattern(rf"(?P<said>{_SAID}{_LINK}){_WHEN}", re.IGNORECASE)
_END = r"(?=\W*(?:[^\W\d]{1,3}\W*)?$|\s*[|\u00b7\u2022(\u2013-])"
_LABELLED = LatePattern(
    rf"(?P<said>^\W*(?:\w+\W+){{0,2}}?{_DONE}{_LINK}){_WHEN}{_END}"
    rf"|^\W*{_WHEN}\W*(?P<done>(?:\w+\W+){{0,2}}?{_DONE}\W*)$",
    re.IGNORECASE,
)
_ONLY_AGO = LatePattern(rf"\W*+{_AGO}\W*", re.IGNORECASE)
_ONLY_DATE = LatePattern(rf"\W*+{_DATE}{_TIME}\W*", re.IGNORECASE)
_EFFECTIVE_WORD = any_of("effective", "words")
_EFFECTIVE = LatePattern(_EFFECTIVE_WORD, re.IGNORECASE)
_EFFECTIVE_LABEL = LatePattern(
    rf"\W*(?:{any_of('effective', 'date')}\W+(?:\w+\W+){{0,3}}?)?{_EFFECTIVE_WORD}"
    rf"(?:\W+[^\W\d]+){{0,3}}?\W+{_DATE}\W*$",
    re.IGNORECASE,
)

_COPYRIGHT = LatePattern(
    r"(?P<said>(?:\u00a9|\(c\)|copyright)[\W_]*)(?:\d{4}\s*[-\u2013,]\s*)?\d{4}|\d{4}(?=\s*\u00a9)", re.IGNORECASE
)
_SCALE = r"(?:k|m|b|bn|mio|mln|mil|tsd|thousand|million|billion|\u4e07|\u842c|\ub9cc|\u5104|\u4ebf)(?-i:(?![a-z]))\.?"
_NUMBER = rf"\d[\d.,\u00a0\u202f']*(?: ?{_SCALE})?\+?"
_COUNTED, _PARTNERS, _OUR, _HELPFUL = (any_of("counter", key) for key in ("counted", "partners", "our", "helpful"))
_TALLY = any_of("counter", "tally")
_COUNTER = LatePattern(
    rf"^\W*{_NUMBER} ?{_COUNTED}(?=\W*$|(?-i: ?[A-Z\u0400-\u042f\u2022\u00b7|]))"
    rf"|(?<![a-z]){_COUNTED} ?[:\uff1a(] ?{_NUMBER}\)?"
    rf"|(?<=\bour ){_NUMBER}(?= ?{_PARTNERS})|(?P<our>(?<![a-z]){_OUR} ){_NUMBER}(?= ?{_PARTNERS})"
    rf"|^\W*(?:{_TALLY}) (?:\w+ ){{0,4}}?(?:{_COUNTED}|{_PARTNERS})(?: \w+){{0,8}}: ?{_NUMBER}(?=\W*$)"
    rf"|(?<=\(){_NUMBER}(?=\)\W*$)|\b\d+ min(?:ute)?s?(?= read\b)",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_WHOLE = LatePattern(rf"\W*+{any_of('counter', 'whole')}\W*", re.IGNORECASE)
_WHOLE_NUMBER = re.compile(r"\d[\d.,:]*")
_LIMIT = LatePattern(rf"(?<![a-z]){any_of('counter', 'limits')}(?![a-z])", re.IGNORECASE)
_BESIDE = LatePattern(rf"\W*+{any_of('stamp', 'beside')}\W*", re.IGNORECASE)
_SENTENCE_START = re.compile(r"(?<=[.!?;])\s+|(?<=\u3002)")
_TICKED = "\0"
"""Stands for what ticks, where it is asked what else a text says."""
_VOTES = LatePattern(rf"{_NUMBER}(?=[^\d.]{{0,40}}(?:{_NUMBER}[^\d.]{{0,40}})?{_HELPFUL})", re.IGNORECASE)


def mask_ticks(text: str) -> str:
    """The text without the changing part of its stamps, clocks and counters."""
    return _replace_ticks(text, _keep_words)


def _replace_ticks(text: str, replace: Callable[[re.Match[str]], str]) -> str:
    if len(text) > MAX_LENGTH:
        return _replace_ticks(text[:MAX_LENGTH], replace) + text[MAX_LENGTH:]
    is_limit = is_short(text) and bool(_LIMIT.search(text))
    if is_short(text):
        text = _replace_in_label(text, replace)
        text = text if is_limit else _replace_whole(text, replace)
    elif not _DIGIT.search(text):
        return text
    text = text if is_limit else _COUNTER.sub(replace, text)
    return _COPYRIGHT.sub(replace, _STAMP.sub(replace, text))


def _replace_whole(text: str, replace: Callable[[re.Match[str]], str]) -> str:
    return _WHOLE_NUMBER.sub(replace, text) if _WHOLE.fullmatch(text) else text


def _replace_in_label(text: str, replace: Callable[[re.Match[str]], str]) -> str:
    """The same of what ticks only where a block says little else."""
    text = _ONLY_AGO.sub(replace, text) if _ONLY_AGO.fullmatch(text) else text
    if not _EFFECTIVE.search(text):
        text = _LABELLED.sub(replace, text)
    return _VOTES.sub(replace, text)


def _keep_words(match: re.Match[str]) -> str:
    return "".join(words for words in match.groupdict().values() if words)


def is_stamp(text: str) -> bool:
    """Whether a text is a stamp, a clock or a counter and nothing else, so that it can come and go."""
    if not is_short(text):
        return False
    said = [_mark_ticks(each) for each in _SENTENCE_START.split(_mark_ticks(text)) if spell(each) or _TICKED in each]
    ticking = [each for each in said if _TICKED in each]
    is_rest = all(_TICKED in each or _BESIDE.fullmatch(each) for each in said)
    return bool(ticking) and is_rest and all(map(_is_said_alone, ticking))


def _is_said_alone(sentence: str) -> bool:
    """Whether what ticks stands at the end of a few words, or but for the last of them."""
    ahead, behind = sentence.replace(_TICKED, " ").split(), sentence.rpartition(_TICKED)[2].split()
    return len(ahead) <= MAX_BESIDE and len(behind) <= MAX_BEHIND and not any(map(_DIGIT.search, ahead))


def _mark_ticks(text: str) -> str:
    return text if _TICKED in text else _replace_ticks(text, lambda _: _TICKED)


def is_bare_date(text: str) -> bool:
    return bool(_ONLY_DATE.fullmatch(text))


def is_generated_date(before: str, after: str) -> bool:
    """Whether a lone effective date is the same day in another form, or moves on by at most MAX_CLOCK."""
    if not (_EFFECTIVE_LABEL.match(before) and _EFFECTIVE_LABEL.match(after)):
        return False
    is_same_label = re.sub(r"[\d\W]", "", before) == re.sub(r"[\d\W]", "", after)
    if is_same_label and sorted(_digits(before)) == sorted(_digits(after)):
        return True
    old, new = _only_date(before), _only_date(after)
    return old is not None and new is not None and timedelta(0) <= new - old <= MAX_CLOCK


def _digits(text: str) -> list[str]:
    return re.findall(r"\d+", text)


def _only_date(text: str) -> date | None:
    found = {mention.date for mention in find_dates(text)}
    try:
        return date.fromisoformat(found.pop()) if len(found) == 1 else None
    except ValueError:
        return None
