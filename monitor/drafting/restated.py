"""What changed, said in a procedure in other words: an amount, a renamed term, a sentence about the same.

A new number takes the place of the old one only in a sentence that shares telling words with the changed one; a new
name takes that of the old one wherever the term stands as it was written.

Does not do: quotes (`quotes`).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.compare.severity.quantities import Measure
from monitor.drafting.amounts import find_amounts
from monitor.drafting.marks import Edit, Mark, is_harmless
from monitor.drafting.rewording import find_words, iter_sentences, sentence_around
from monitor.impact.words import find_stem, iter_words, stems

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monitor.drafting.amounts import Amount
    from monitor.drafting.rewording import Hunk, Rewording, Word
    from monitor.model import Passage

RESTATED = 0.5
"""The share of a sentence's telling words that must stand in the clause; those of the heading do not count."""
TELLING = 3
"""At least so many of them."""
SAME_TOPIC = 2
"""Telling words that two sentences share, besides an amount, when they speak of the same thing."""
TERM = 4
"""Words of a term at most."""
SHOWN = 5
"""Shared words that a reason names."""


@dataclass(frozen=True, slots=True)
class GoneAmount:
    """An amount of the old wording that the new one has no longer, with what took its place, if anything did."""

    old: Amount
    new: Amount | None
    stems: frozenset[str]
    """Of the sentence it stood in."""
    passage: Passage


@dataclass(frozen=True, slots=True)
class Term:
    """What was renamed: the words that were replaced, and the one behind them that both names share."""

    old: tuple[str, ...]
    shared: tuple[str, ...]
    new: tuple[str, ...]
    """What took their place, each time."""
    passage: Passage


@dataclass(frozen=True, slots=True)
class Clause:
    """A sentence that changed, by its telling words."""

    stems: frozenset[str]
    changed: frozenset[str]
    """Those of them that were replaced or taken out; all of them where something was put in."""
    is_new: bool
    passage: Passage


def find_gone_amounts(rewordings: Sequence[Rewording]) -> list[GoneAmount]:
    return [amount for each in rewordings for amount in _iter_gone(each)]


def _iter_gone(rewording: Rewording) -> Iterator[GoneAmount]:
    new = find_amounts(rewording.new)
    kept = {each.key for each in new}
    for old in find_amounts(rewording.old):
        if old.key not in kept:
            hunks = rewording.touched(old.start, old.end)
            others = [each for each in new if each.key[0] == old.key[0] and _is_in(each, hunks)]
            start, end = sentence_around(rewording.old, old.start, old.end)
            about = frozenset(stems(rewording.old[start:end].replace(old.text, " ")))
            yield GoneAmount(old, others[0] if len(others) == 1 else None, about, rewording.passage)


def _is_in(amount: Amount, hunks: Sequence[Hunk]) -> bool:
    return any(each.new_start < amount.end and each.new_end > amount.start for each in hunks)


def iter_amounts(block: str, heading: Sequence[str], gone: Sequence[GoneAmount]) -> Iterator[Mark]:
    """A Mark for each amount of one paragraph that equals a gone one, of several the one in the likest sentence."""
    amounts = find_amounts(block)
    for amount in amounts:
        equal = [each for each in gone if each.old.key == amount.key]
        if equal:
            start, end = sentence_around(block, amount.start, amount.end)
            sentence = block[start:end].replace(amount.text, " ")
            about = frozenset(stems(" ".join([*heading, sentence])))
            best = max(equal, key=lambda each: len(each.stems & about))
            is_only_one = sum(start <= each.start < end and each.key == amount.key for each in amounts) == 1
            edit = _renumber(amount, best) if is_only_one and _is_clear(equal, about) else None
            yield Mark(amount.start, amount.end, _say_amount(amount, best), best.passage, (edit,) if edit else ())


def _is_clear(equal: Sequence[GoneAmount], about: frozenset[str]) -> bool:
    """Whether a sentence with these stems speaks of what one of the clauses is about, and of no other number there."""
    alike = [each for each in equal if len(each.stems & about) >= SAME_TOPIC]
    return len({each.new.key if each.new else None for each in alike}) == 1


def _say_amount(amount: Amount, gone: GoneAmount) -> str:
    now = f"is now “{_line(gone.new.text)}”" if gone.new else "is gone from the clause"
    return f"says “{_line(amount.text)}”; “{_line(gone.old.text)}” {now}"


def _line(text: str) -> str:
    return " ".join(text.split())


def _renumber(amount: Amount, gone: GoneAmount) -> Edit | None:
    """The new number in the words of the procedure; the new words where those do not fit a new number."""
    new = gone.new
    if not new or not is_harmless(_line(new.text)):
        return None
    if amount.key[0] == Measure.DATE:
        return Edit(amount.start, amount.end, _line(new.text)) if _line(amount.text) == _line(gone.old.text) else None
    is_compound = "-" in amount.text
    is_singular = "1" in {amount.value, new.value}
    if amount.unit == new.unit and (is_compound or not is_singular):
        return Edit(*amount.number, new.value)
    if amount.key[0] == Measure.TIME and not is_compound:
        return Edit(amount.start, amount.end, _line(new.text))
    return None


def find_terms(rewordings: Sequence[Rewording]) -> list[Term]:
    """What was renamed throughout: replaced by the same words twice or more, and nowhere left in a new wording."""
    places: dict[tuple[tuple[str, ...], str], list[tuple[Rewording, Hunk]]] = defaultdict(list)
    for rewording in rewordings:
        for hunk in rewording.hunks:
            old = tuple(each.key for each in rewording.around(hunk)[1])
            new = _line(rewording.new[hunk.new_start : hunk.new_end])
            if new and 0 < len(old) <= TERM and any(map(find_stem, old)) and not any(map(str.isdigit, "".join(old))):
                places[old, new.casefold()].append((rewording, hunk))
    still = [f" {' '.join(_keys(each.new))} " for each in rewordings]
    terms = (_read_term(old, found) for (old, _), found in places.items() if len(found) > 1)
    return [term for term in terms if not any(f" {' '.join(term.old + term.shared)} " in text for text in still)]


def _read_term(old: tuple[str, ...], places: Sequence[tuple[Rewording, Hunk]]) -> Term:
    behind = {word.key if (word := rewording.around(hunk)[2]) else "" for rewording, hunk in places}
    shared = tuple(behind) if len(behind) == 1 and all(map(find_stem, behind)) else ()
    names = tuple(_line(rewording.new[hunk.new_start : hunk.new_end]) for rewording, hunk in places)
    return Term(old, shared, names, places[0][0].passage)


def _keys(text: str) -> list[str]:
    return [each.key for each in find_words(text)]


def iter_renamed(block: str, words: list[Word], terms: Sequence[Term]) -> Iterator[Mark]:
    """A Mark for each place of one paragraph that has a renamed term, also in the plural."""
    for term in terms:
        wanted = (*term.old, *term.shared)
        for at in range(len(words) - len(wanted) + 1):
            found = words[at : at + len(wanted)]
            if _is_term([each.key for each in found], wanted):
                own = block[found[0].start : found[len(term.old) - 1].end]
                new = _in_case_of(own, term.new)
                is_safe = _line(own).casefold() == " ".join(term.old) and is_harmless(new)
                edits = (Edit(found[0].start, found[0].start + len(own), new),) if is_safe else ()
                name = _line(block[found[0].start : found[-1].end])
                why = f"says “{name}”; now “{' '.join([new, *term.shared])}”"
                yield Mark(found[0].start, found[-1].end, why, term.passage, edits)


def _is_term(found: Sequence[str], wanted: Sequence[str]) -> bool:
    *ahead, last = found
    return ahead == list(wanted[:-1]) and (last == wanted[-1] or find_stem(last) == find_stem(wanted[-1]))


def _in_case_of(own: str, names: Sequence[str]) -> str:
    """The new name as it is written where the old one began with such a letter; else with the capital it needs."""
    same = next((each for each in names if each[0].isupper() == own[0].isupper()), names[0])
    return same[0].upper() + same[1:] if own[0].isupper() else same


def read_clauses(rewordings: Sequence[Rewording]) -> list[Clause]:
    """The changed sentences as they were; as they are, where something was put in."""
    return [_read_clause(each, hunk) for each in rewordings for hunk in each.hunks]


def _read_clause(rewording: Rewording, hunk: Hunk) -> Clause:
    is_new = not rewording.around(hunk)[1]
    text = rewording.new if is_new else rewording.old
    changed = (hunk.new_start, hunk.new_end) if is_new else (hunk.old_start, hunk.old_end)
    start, end = sentence_around(text, *changed)
    all_of_it = frozenset(stems(text[start:end]))
    return Clause(all_of_it, all_of_it if is_new else _words_in(text, *changed), is_new, rewording.passage)


def _words_in(text: str, start: int, end: int) -> frozenset[str]:
    """Telling words, no numbers: an amount is looked for in all its forms."""
    return frozenset(stem for stem in stems(text[start:end]) if not stem[0].isdigit())


def iter_restated(block: str, heading: Sequence[str], clauses: Sequence[Clause]) -> Iterator[Mark]:
    """A Mark for each sentence of one paragraph most of whose telling words stand in a clause, one of them changed."""
    known = frozenset(stems(" ".join(heading)))
    for start, end in iter_sentences(block):
        telling = {stem: word for word, stem in iter_words(block[start:end]) if stem not in known}
        likely = [each for each in clauses if each.changed & telling.keys()]
        best = max(likely, key=lambda each: len(each.stems & telling.keys()), default=None)
        shared = [word for stem, word in telling.items() if best and stem in best.stems]
        if best and len(shared) >= max(TELLING, RESTATED * len(telling)):
            which = "a new clause" if best.is_new else "the changed clause"
            words = ", ".join(f"“{each}”" for each in shared[:SHOWN])
            yield Mark(start, end, f"resembles {which}: has {words}", best.passage)
