"""What words mean beside each other: `may` permits and `may not` forbids, `we do not sell` spares data.

Does not do: single words and phrases (`lexicon`); grammar beyond words that stand near each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.compare.severity.lexicon import Found, Meaning, look_up, word_list

if TYPE_CHECKING:
    from collections.abc import Sequence

_REACH = 2
"""Words between a modal verb and its negation: "may not", "darf auf keinen", "no puede", "ne pouvez donc pas"."""
_LATE_REACH = 4
"""The same where the object stands between them: "Sie dürfen Ihr Konto nicht …"."""
_SUBJECT_REACH = 3
"""Words between "we" and its verb."""
_DATA_REACH = 3
"""Words between a negation and what is not done: "do not currently display personalised advertising"."""
_UNCERTAIN_REACH = 5

_MODALS, _LATE, _WITHOUT = word_list("modals"), word_list("late"), word_list("without")
_OPENING, _BEFORE_OPENING = word_list("opening"), word_list("before_opening")
_NO_ORDER, _NO_VERB = word_list("no_order"), word_list("no_verb")
_CANNOT, _BEYOND_POWER = word_list("cannot"), word_list("beyond_power")
_UNCERTAIN, _UNCERTAIN_TO_BE = word_list("uncertain"), word_list("uncertain_to_be")
_MONTHS = {"may", "mai"}
"""Months that are words of rules when they stand beside no number."""


def find_meanings(words: Sequence[str]) -> list[Found]:
    """What these words (`lexicon.read_words`) mean, in their order. The words of one sentence give the best answer."""
    found = [each for each in look_up(words) if not _is_month(each, words)]
    places = _Places(found)
    resolved = []
    for each in found:
        meaning = _meaning_in_place(each, words, places)
        resolved.append(each._replace(meaning=meaning))
        if meaning is Meaning.NEGATE and words[each.start] not in _WITHOUT and places.has_data_after(each):
            resolved.append(each._replace(meaning=Meaning.SPARE))
    return resolved


class _Places:
    """Where the words stand that turn what others mean."""

    def __init__(self, found: Sequence[Found]) -> None:
        self.negations = [each.start for each in found if each.meaning is Meaning.NEGATE]
        self._ourselves = [each.start for each in found if each.meaning is Meaning.OURSELVES]
        self._data = [each.start for each in found if each.meaning is Meaning.DATA]

    def speaks_of_itself(self, each: Found) -> bool:
        return any(0 < each.start - at <= _SUBJECT_REACH for at in self._ourselves)

    def has_data_after(self, each: Found) -> bool:
        return any(0 < at - each.start <= _DATA_REACH for at in self._data)


def _meaning_in_place(each: Found, words: Sequence[str], places: _Places) -> Meaning:
    """A modal verb beside a negation forbids, and so does an order not to; what "we" do not, is not forbidden."""
    word = words[each.start]
    if word in _CANNOT:
        unable = places.speaks_of_itself(each) or not _BEYOND_POWER.isdisjoint(words[each.stop : each.stop + 1])
        return Meaning.NEGATE if unable else Meaning.FORBID
    denied = word in _MODALS and any(_is_beside(at, each, words) for at in places.negations)
    forbids = (denied and not _is_uncertain(each, words)) or _is_order(each, words)
    return Meaning.FORBID if forbids and not places.speaks_of_itself(each) else each.meaning


def _is_month(each: Found, words: Sequence[str]) -> bool:
    around = (*words[max(0, each.start - 1) : each.start], *words[each.stop : each.stop + 1])
    return words[each.start] in _MONTHS and any(word.isdigit() for word in around)


def _is_beside(negation: int, modal: Found, words: Sequence[str]) -> bool:
    reach = _LATE_REACH if words[negation] in _LATE else _REACH
    return modal.start - _REACH <= negation < modal.stop + reach


def _is_uncertain(modal: Found, words: Sequence[str]) -> bool:
    following = words[modal.stop : modal.stop + _UNCERTAIN_REACH]
    return not _UNCERTAIN.isdisjoint(following) or ("be" in following and not _UNCERTAIN_TO_BE.isdisjoint(following))


def _is_order(negation: Found, words: Sequence[str]) -> bool:
    """Whether the sentence begins as an order not to: "Do not …", "Ne partagez pas …", "Teile keine …"."""
    if negation.meaning is not Meaning.NEGATE:
        return False
    ahead, word = words[: negation.start], words[negation.start]
    if word in _OPENING and _BEFORE_OPENING.issuperset(ahead):
        return _NO_ORDER.isdisjoint(words[negation.stop : negation.stop + 1])
    return word in _LATE and len(ahead) == 1 and _NO_VERB.isdisjoint(ahead)
