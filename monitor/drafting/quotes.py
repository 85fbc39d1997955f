"""Quotes of the old wording in a procedure, and what can take the place of their replaced words.

A quote is five words or more in a row, whatever their capitals and signs; one or two in between may differ. It must
reach into what was replaced, or stand beside what was put in: a quote of words that stand as they did is not stale.

An Edit puts exactly the publisher's new words in the place of exactly the old ones, between words that stood and still
stand. Where the procedure differs there in a single sign, nothing is safe.

Does not do: what is said in other words (`restated`).
"""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, NamedTuple

from monitor.compare.alignment.words import fold
from monitor.compare.quoting import shorten
from monitor.drafting.marks import Edit, Mark, is_harmless
from monitor.impact.words import find_stem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.drafting.rewording import Hunk, Rewording, Word

QUOTE = 5
"""Words that nobody writes in the same order by chance."""
RUN = 2
"""Words in a row of which a quote is made."""
GAP = 2
"""Words that may differ between two runs."""
SHOWN = 100
"""Characters of a quote in a reason."""


class _Pair(NamedTuple):
    """A word of the procedure, and the same word of the old wording."""

    own: Word
    old: Word


class _Cut(NamedTuple):
    """One and the same place in the procedure, in the old wording and in the new one."""

    own: int
    old: int
    new: int


def iter_quotes(block: str, words: list[Word], rewording: Rewording) -> Iterator[Mark]:
    """A Mark for each quote in one paragraph, of which `words` are the words."""
    for pairs in _iter_chains(words, rewording.old_words):
        touched = [hunk for hunk in rewording.hunks if _reaches(hunk, pairs, rewording)]
        if touched and any(find_stem(each.own.key) or not each.own.key.isascii() for each in pairs):
            edits = [_replace(block, hunk, pairs, rewording) for hunk in touched]
            safe = tuple(each for each in edits if each)
            start, end = pairs[0].own.start, pairs[-1].own.end
            why = f"quotes “{shorten(block[start:end], SHOWN)}”; {_say_new(pairs, rewording)}"
            yield Mark(start, end, why, rewording.passage, safe if len(safe) == len(edits) else ())


def _iter_chains(words: list[Word], old: list[Word]) -> Iterator[list[_Pair]]:
    matcher = SequenceMatcher(None, [each.key for each in words], [each.key for each in old], autojunk=False)
    chain: list[_Pair] = []
    own_end = old_end = 0
    for at, old_at, size in matcher.get_matching_blocks():
        if size and size < RUN:
            continue
        if not size or at - own_end > GAP or old_at - old_end > GAP:
            if len(chain) >= QUOTE:
                yield chain
            chain = []
        chain += map(_Pair, words[at : at + size], old[old_at : old_at + size])
        own_end, old_end = at + size, old_at + size


def _reaches(hunk: Hunk, pairs: list[_Pair], rewording: Rewording) -> bool:
    before, inside, after = rewording.around(hunk)
    wanted = inside or [each for each in (before, after) if each]
    return any(each.old in wanted for each in pairs)


def _say_new(pairs: list[_Pair], rewording: Rewording) -> str:
    start = rewording.to_new(pairs[0].old.start, before=True)
    end = rewording.to_new(pairs[-1].old.end)
    if not rewording.new:
        return "the clause is gone"
    if start is None or end is None or end <= start:
        return "the clause reads otherwise now"
    return f"now “{shorten(rewording.new[start:end], SHOWN)}”"


def _replace(block: str, hunk: Hunk, pairs: list[_Pair], rewording: Rewording) -> Edit | None:
    """The Edit that does to the procedure what the publisher did to the old wording; None where none is safe."""
    own = {each.old: each.own for each in pairs}
    before, inside, after = rewording.around(hunk)
    if not rewording.new or not all(each in own for each in inside):
        return None
    if before in own and _is_put_at_end(block, own[before].end, hunk, rewording):
        new = rewording.new[hunk.new_start : hunk.new_end]
        return Edit(own[before].end, own[before].end, new) if is_harmless(new) else None
    for left, right in (_cut_at_words(own, inside, hunk, rewording), _cut_around(own, before, after, rewording)):
        if left and right:
            was, is_now = rewording.old[left.old : right.old], rewording.new[left.new : right.new]
            stretch = block[left.own : right.own]
            if fold(stretch).casefold() == fold(was).casefold() and is_harmless(is_now.strip()):
                return _edit(left.own, stretch, is_now)
    return None


def _is_put_at_end(block: str, at: int, hunk: Hunk, rewording: Rewording) -> bool:
    """Whether it was put in ahead of the sign that ends a sentence, which ends it here too: an exception, as a rule."""
    sign = rewording.old[hunk.old_start : hunk.old_start + 1]
    is_right_behind = hunk.old_start == hunk.old_end and rewording.old[hunk.old_start - 1 : hunk.old_start].isalnum()
    return is_right_behind and sign in {".", ";"} and block[at : at + 1] == sign


def _cut_at_words(
    own: dict[Word, Word], inside: list[Word], hunk: Hunk, rewording: Rewording
) -> tuple[_Cut | None, _Cut | None]:
    """The replaced words alone, where no sign was replaced with them: whatever signs the procedure has around them."""
    was, is_now = rewording.old[hunk.old_start : hunk.old_end], rewording.new[hunk.new_start : hunk.new_end]
    if not inside or not is_now.strip() or was[:1].isspace() != is_now[:1].isspace():
        return None, None
    first, last = inside[0], inside[-1]
    if was.strip() != rewording.old[first.start : last.end]:
        return None, None
    left = _Cut(own[first].start, first.start, hunk.new_end - len(is_now.lstrip()))
    return left, _Cut(own[last].end, last.end, hunk.new_start + len(is_now.rstrip()))


def _cut_around(
    own: dict[Word, Word], before: Word | None, after: Word | None, rewording: Rewording
) -> tuple[_Cut | None, _Cut | None]:
    """From the word before to the word behind, with all signs and white space between them."""
    if before not in own or after not in own:
        return None, None
    left, right = rewording.to_new(before.end, before=True), rewording.to_new(after.start)
    if left is None or right is None:
        return None, None
    return _Cut(own[before].end, before.end, left), _Cut(own[after].start, after.start, right)


def _edit(start: int, stretch: str, new: str) -> Edit:
    """The Edit without the white space that both have at an end, so that a line that is broken there stays so."""
    end = start + len(stretch)
    if not stretch.strip():
        return Edit(start, start, new.rstrip()) if stretch else Edit(start, end, new)
    if not new.strip():
        return Edit(start, end, new)
    if new[0].isspace():
        start += len(stretch) - len(stretch.lstrip())
    if new[-1].isspace():
        end -= len(stretch) - len(stretch.rstrip())
    return Edit(start, end, new.strip())
