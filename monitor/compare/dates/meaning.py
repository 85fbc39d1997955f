"""What a date means, by the words around it.

    before: "the new terms come into effect for everyone on"    after: "unless you object"

Tried in this order: cues that stand right before the date with nothing but small words between; the nearest cue in the
sentence before it, where a preposition leads to the date; a cue behind it ("On 1 May 2026 the rules take effect"); a
duty with a term ("must … by"); a start ("Starting 1 May 2026, you need …"); an end ("You can use it until 1 May 2026").

Does not do: finding dates (`written`), their order of day and month (`order`).
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from monitor.compare.dates.words import (
    CUE,
    DENSE_BEFORE,
    DENSE_BEHIND,
    DENSE_CUE,
    ENGLISH_PREPOSITIONS,
    FILLERS,
    OTHER,
    POSTPOSITION,
    PREPOSITION,
    WEEKDAY,
    sentence,
)
from monitor.model import DateKind

if TYPE_CHECKING:
    from collections.abc import Iterator

DATE = "\u00a7"
"""Stands for another date in `before` and `after`; the sign itself never reaches them."""


@dataclass(frozen=True, slots=True)
class Context:
    """The words of one sentence around a date, as `to_plain` makes them."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Meaning:
    kinds: tuple[DateKind, ...]
    is_english: bool = True
    """Whether the cue is English; in other languages days come first."""
    replaced: DateKind | None = None
    """What a superseded date is in the text that was replaced."""


_NOTHING = Meaning(())
_TIGHT_WORDS, _LOOSE_WORDS = 8, 14
"""The most words between a cue and its date, small ones and any. """
_BEHIND_WORDS = 10
"""The most words between a date and a cue behind it."""
_LABEL_WORDS = 4
"""The most words before a cue or date that still is the first thing its line says."""
_RULE_REACH = 80
"""How many characters behind a date may hold the verb of a rule."""
_LEAD = 90
"""How many characters before a date its preposition may begin: "by 11:59 p.m. Eastern Time on Monday, "."""
_OLD_REACH = 110
"""How many characters before a date "previous version" may begin."""

_OF_ANOTHER, _OF_THIS, _OLD, _THIS = (sentence(name) for name in ("of_another", "of_this", "old", "this"))
_DUTY, _NO_DUTY, _RULE, _STARTING = (sentence(name) for name in ("duty", "no_duty", "rule", "starting"))
_HAVE_UNTIL, _COMMENTING, _CLOSING = (sentence(name) for name in ("have_until", "commenting", "closing"))
_CHANGING, _WE_CHANGE = sentence("changing"), sentence("we_change")
_TOLD, _LASTING, _COUNTING = sentence("told"), sentence("lasting"), sentence("counting")
_ENDING = "ending"
"""The cues of an end that count only where the sentence does not tell it as past."""
_DONE = ("updated", "revised", "changed", "amended", "modified")

_RANGE = re.compile(rf"\A ?(?:to|until|through|and|-|\u2013|bis|au|al|a|hasta|até|tot|do|till?) {DATE}")
_RANGE_END = re.compile(rf"{DATE} (?:to|through|-|\u2013|bis|au|al|a|tot|do|till?) ?\Z")
_CONNECTED = re.compile(r"\b(?:and|or|und|et|y|to|through)\b")
_JOINT = re.compile(r"[ ,/&+:-]*(?:and|und|et|y|e|en|i|och|og)?[ ,/&+:-]*(?:date)?[ :]*")
_OF_THE_TEXT = re.compile(
    r"\A ?(?:date )?(?:of|to|for) (?:(?:this|these|the|our) [\w ]{1,40}?|[\w ]{0,10}\d[\d.() -]*)"
    r"(?=:|\Z| (?:is|was|are|were)\b)"
)
"""As in "last update of this annex:", "compliance date for § 3.2 is"."""

_WORD = re.compile(r"[\w']+")
_GLUED = re.compile(r"(?<=[^\W_])(?=[A-Z][a-z]{2})")
_MARKS = str.maketrans(
    dict.fromkeys('*_`~#\\[]{}<>|\u201c\u201d\u00ab\u00bb"\u2022\u00a7\u3010\u3011\u300c\u300d\u00a0', " ")
    | {"\u2019": "'", "\uff1a": ":"}
)


def to_plain(text: str) -> str:
    """Lower case, straight apostrophes, single spaces, no emphasis, brackets or quotes; glued labels set apart."""
    return " ".join(_GLUED.sub(" ", text).translate(_MARKS).lower().split()) if text else ""


def find_meaning(context: Context) -> Meaning:
    """What the date between `before` and `after` is; no kinds where they do not say."""
    place = _look_around(context)
    if _OF_ANOTHER.search(place.head) and not _OLD.search(place.head):
        return _NOTHING
    found = next((found for look in _LOOKS if (found := look(place)).kinds), _NOTHING)
    if place.is_foreign:
        found = replace(found, is_english=False)
    return _mark_replaced(place, found)


@dataclass(frozen=True, slots=True)
class _Place:
    before: str
    after: str
    head: str
    """`before` without the preposition that leads to the date."""
    cues: tuple[re.Match[str], ...]
    """In `head`, the nearest to the date first."""
    sense: str
    """Of that preposition (`words.PREPOSITION`), "" where there is none."""
    is_foreign: bool
    """Whether the preposition is not English."""
    is_told: bool
    """Whether the sentence tells what was."""


def _look_around(context: Context) -> _Place:
    before, after = context.before, context.after
    lead = PREPOSITION.search(before, max(0, len(before) - _LEAD))
    sense = (lead.lastgroup or "") if lead else ""
    if _RANGE_END.search(before):
        sense = "until"
    if behind := POSTPOSITION.match(after):
        sense = behind.lastgroup or sense
    head = before[: lead.start()] if lead else before
    is_foreign = lead is not None and lead[0].split()[0].strip(",:;(") not in ENGLISH_PREPOSITIONS
    is_told = bool(_TOLD.search(before) or _TOLD.search(after))
    return _Place(before, after, head, tuple(_iter_cues(head, is_told=is_told))[::-1], sense, is_foreign, is_told)


def _iter_cues(text: str, *, is_told: bool) -> Iterator[re.Match[str]]:
    return (cue for cue in CUE.finditer(text) if not (is_told and _is_ending(cue)))


def _is_ending(cue: re.Match[str]) -> bool:
    return (cue.lastgroup or "").removesuffix(OTHER) == _ENDING


def _meaning(sense: str, *cues: re.Match[str]) -> Meaning:
    """What cues say together with the preposition: "effective until" is the end of it."""
    names = [cue.lastgroup or "" for cue in cues]
    kinds = [_with_sense(_kind_of(name.removesuffix(OTHER)), sense) for name in names]
    others = [kind for kind in kinds if kind != DateKind.VERSION]
    return Meaning(
        tuple(dict.fromkeys(kind for kind in others or kinds if kind)), all(not name.endswith(OTHER) for name in names)
    )


def _kind_of(name: str) -> DateKind:
    return DateKind.SUNSET if name == _ENDING else DateKind(name)


def _with_sense(kind: DateKind, sense: str) -> DateKind | None:
    if kind in {DateKind.COMMENTS_CLOSE, DateKind.COMPLIANCE, DateKind.SUNSET}:
        return kind
    if sense == "until":
        return DateKind.SUNSET if kind == DateKind.EFFECTIVE else None
    return None if sense in {"by", "before"} else kind


def _look_right_before(place: _Place) -> Meaning:
    found: list[re.Match[str]] = []
    edge = len(place.head)
    for cue in place.cues:
        gap = place.head[cue.end() : edge]
        if not (_JOINT.fullmatch(gap) if found else _is_filler(gap, place.sense)):
            break
        found.append(cue)
        edge = cue.start()
    if not found and (dense := _last(DENSE_CUE.finditer(place.head))):
        found = [dense] if DENSE_BEFORE.fullmatch(place.head, dense.end()) else []
    if found and found[0].lastgroup == DateKind.RELEASED and not _is_of_this_text(place.head[: found[0].start()]):
        return _NOTHING
    return _meaning(place.sense, *reversed(found))


def _is_filler(gap: str, sense: str) -> bool:
    """Whether the gap between a cue and a date says nothing else. A date may stand in it: "effective from § until"."""
    if DATE in gap and not (sense == "until" or _CONNECTED.search(gap.rpartition(DATE)[2])):
        return False
    words = _WORD.findall(_OF_THE_TEXT.sub("", gap))
    return len(words) <= _TIGHT_WORDS and all(word in FILLERS or WEEKDAY.fullmatch(word) for word in words)


def _is_of_this_text(words: str) -> bool:
    """Whether "published on" speaks of the text it stands in, and not of a report that the text mentions."""
    return len(_WORD.findall(words)) <= 1 or bool(_THIS.search(words))


def _look_right_behind(place: _Place) -> Meaning:
    if cue := DENSE_BEHIND.match(place.after):
        dense = DENSE_CUE.match(place.after, cue.end())
        return _meaning(place.sense, dense) if dense and not (place.is_told and _is_ending(dense)) else _NOTHING
    return _NOTHING


def _look_further_before(place: _Place) -> Meaning:
    if place.sense in {"", "since"}:
        return _NOTHING
    for cue in place.cues:
        gap = place.head[cue.end() :]
        if DATE in gap or len(_WORD.findall(gap)) > _LOOSE_WORDS:
            break
        found = _meaning(place.sense, cue)
        if any(_reaches_far(kind, cue[0], place.sense) for kind in found.kinds):
            return found
    return _NOTHING


def _reaches_far(kind: DateKind, cue: str, sense: str) -> bool:
    """Whether such a cue may have words between itself and the date."""
    if kind == DateKind.COMMENTS_CLOSE:
        return sense in {"by", "before", "until"} or bool(_CLOSING.search(cue))
    if kind == DateKind.LAST_UPDATED:
        return sense == "on"
    return kind in {DateKind.EFFECTIVE, DateKind.COMPLIANCE, DateKind.SUNSET} and sense != "before"


def _look_further_behind(place: _Place) -> Meaning:
    if (place.head.strip() and not place.sense) or _RANGE.match(place.after):
        return _NOTHING
    after = place.after.partition(DATE)[0]
    if len(_WORD.findall(place.head)) <= _LABEL_WORDS and (we := _WE_CHANGE.match(after)):
        return Meaning((_what_we_do(we["verb"], place.sense),)) if place.sense in {"on", "start", ""} else _NOTHING
    for cue in _iter_cues(after, is_told=place.is_told):
        if len(_WORD.findall(after[: cue.start()])) > _BEHIND_WORDS:
            break
        found = _meaning(place.sense, cue)
        if any(_reaches_back(kind, after[: cue.start()]) for kind in found.kinds):
            return found
    return _NOTHING


def _what_we_do(verb: str, sense: str) -> DateKind:
    """On a date we "updated", "are updating" or, from then on, change a text."""
    if sense == "start":
        return DateKind.EFFECTIVE
    return DateKind.LAST_UPDATED if verb.startswith(_DONE) else DateKind.NOTICE


def _reaches_back(kind: DateKind, words: str) -> bool:
    """Whether such a cue may stand behind the date, with these words between."""
    if kind == DateKind.LAST_UPDATED:
        return bool(_THIS.search(words))
    return kind in {DateKind.EFFECTIVE, DateKind.SUNSET, DateKind.COMPLIANCE}


def _look_for_duty(place: _Place) -> Meaning:
    sentence = place.head + place.after
    if place.sense == "by" and _DUTY.search(sentence) and not _NO_DUTY.search(sentence):
        return Meaning((DateKind.COMPLIANCE,))
    if place.sense == "until" and _HAVE_UNTIL.search(place.before) and place.after.startswith((" to ", ", to ", "to ")):
        return Meaning((DateKind.COMMENTS_CLOSE if _COMMENTING.search(place.after) else DateKind.COMPLIANCE,))
    if place.sense == "start" and _is_start_of_rule(place):
        return Meaning((DateKind.EFFECTIVE,))
    if place.sense in {"on", "start"} and _CHANGING.search(place.head):
        return Meaning((_what_we_do("", place.sense),))
    return _NOTHING


def _look_for_end(place: _Place) -> Meaning:
    """Whether something goes on until the date; "from 1 May until 3 June" only tells of a period."""
    if place.sense != "until" or place.is_told or DATE in place.before or _COUNTING.search(place.head):
        return _NOTHING
    return Meaning((DateKind.SUNSET,)) if _LASTING.search(place.head.strip() or place.after) else _NOTHING


def _is_start_of_rule(place: _Place) -> bool:
    """Whether something is to be so from the date on; "from 1 May to 3 June" only tells of a period."""
    if _RANGE.match(place.after):
        return False
    return bool(_STARTING.search(place.before) or _RULE.search(place.after[:_RULE_REACH]))


_LOOKS = (
    _look_right_before,
    _look_right_behind,
    _look_further_before,
    _look_further_behind,
    _look_for_duty,
    _look_for_end,
)


def _mark_replaced(place: _Place, found: Meaning) -> Meaning:
    """The dates of an older text are those of the older text, whatever they are in it."""
    old = _last(_OLD.finditer(place.before, max(0, len(place.before) - _OLD_REACH)))
    if not old or found.kinds == (DateKind.SUNSET,) or _OF_THIS.search(place.head, old.end()):
        return found
    if found.kinds or _is_filler(place.head[old.end() :], place.sense):
        return Meaning((DateKind.SUPERSEDED,), found.is_english, next(iter(found.kinds), None))
    return found


def _last(matches: Iterator[re.Match[str]]) -> re.Match[str] | None:
    return next(iter(deque(matches, maxlen=1)), None)
