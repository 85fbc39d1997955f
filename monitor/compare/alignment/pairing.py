"""What became of the blocks that stand in one text only: which of them moved, and which are reworded.

Blocks are numbers here, with their wording (folded, without the number of a clause). A place is what came and went
between two blocks that stayed.

    find_moves     the same wording elsewhere; drop_slight_moves
    split_by_key   rows with the same first cell, lines with the same label
    find_reworded  similar wording at the same place, also split into several blocks or joined
    find_strays    nearly the same wording elsewhere

Does not do: Steps and passages (`blocks`).
"""

from __future__ import annotations

import math
import re
import sys
from collections import Counter, defaultdict, deque
from collections.abc import Hashable, Mapping
from itertools import cycle
from typing import TYPE_CHECKING, NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import LCSseq, Postfix, Prefix

from monitor.compare.alignment.datewords import is_numeric
from monitor.compare.alignment.sequences import Candidate, choose_in_order, find_runs
from monitor.compare.alignment.words import split_words
from monitor.model import Block, BlockKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

SIMILAR = 0.5
"""Share of words kept in order from which two blocks at one place are one, reworded. Measured on 36,000 random pairs of
blocks of real policies: less than 1 % of those with 12 to 80 words reach it, and 1 to 5 % of the shorter ones."""
CONTAINED, CONTAINED_WORDS = 0.8, 12
"""So are two of which the shorter one, if it is as long as this, stands nearly whole in the longer one."""
SHORT = 15
"""Words up to which blocks are short: those of one list share much of their wording."""
ALIKE, ALIKE_WORDS, ALIKE_END = 0.75, 8, 20
"""Similarity, length in words and number of equal characters at one end of blocks that are one, moved and reworded."""
HEAD, CLOSE = 16, 0.6
"""Characters that two blocks begin alike with, and share of the longer one that is the same at both ends together."""
ABSORBED = 0.6
"""Share of a block that must be found in its neighbour's counterpart to be a part that was split off."""
MAX_PAIRS = 50_000
MAX_WORD_CELLS = 400_000_000
"""Ceilings of work for pairing similar blocks of one text: comparisons, and these word by word (0.3 s each). Above
them, a block is compared only with those near the same relative position."""
NEAR = 3
"""So many neighbours on each side are compared however large the text, which is all of most places."""
MAX_WORDS = 10_000
"""A giant block is judged by its first words."""

_SLIGHT_WORDS, _SLIGHT_LETTERS = 3, 4
MAX_LABEL = 40
_LABEL = re.compile(rf"[^:.!?|]{{2,{MAX_LABEL}}}:(?=\s)")

Wordings = dict[int, str]
"""Blocks by their number."""
Keys = Mapping[int, Hashable]
"""What tells a block from the others of its place, by its number."""


class Place(NamedTuple):
    """The blocks that went from between two blocks that stayed, and those that came there."""

    old: Wordings
    new: Wordings


class Pair(NamedTuple):
    """Blocks in a row that are the earlier wording of other blocks in a row."""

    old: range
    new: range


def find_moves(old: Wordings, new: Wordings) -> dict[int, int]:
    """For each block of the new text that stood elsewhere before: where it stood.

    Blocks that follow each other there and here are preferred.
    """
    places: defaultdict[str, deque[int]] = defaultdict(deque)
    for i, wording in old.items():
        places[wording].append(i)
    moved: dict[int, int] = {}
    taken: set[int] = set()
    for j, wording in new.items():
        following = moved.get(j - 1, -2) + 1
        if following in taken or old.get(following) != wording:
            following = _next_free(places.get(wording, deque()), taken)
        if following >= 0:
            moved[j] = following
            taken.add(following)
    return moved


def _next_free(places: deque[int], taken: set[int]) -> int:
    while places and places[0] in taken:
        places.popleft()
    return places.popleft() if places else -1


def drop_slight_moves(moved: dict[int, int], new: Wordings, repeated: set[str]) -> dict[int, int]:
    """Without the slight blocks that did not move together with a weightier one, as nobody can tell whether they moved.

    "Yes", "|", a heading of two words that stands there three times: `repeated` are the wordings that one of the two
    texts has more than once.
    """
    together: list[list[int]] = []
    for j, i in moved.items():
        if together and together[-1][-1] == j - 1 and moved[j - 1] == i - 1:
            together[-1].append(j)
        else:
            together.append([j])
    return {j: moved[j] for run in together if not all(_is_slight(new[j], repeated) for j in run) for j in run}


def _is_slight(wording: str, repeated: set[str]) -> bool:
    words = split_words(wording)
    if len(words) > _SLIGHT_WORDS:
        return False
    letters = (1 if sign < "\u3040" else _SLIGHT_LETTERS // 2 for sign in wording if sign.isalpha())
    return wording in repeated or sum(letters) < _SLIGHT_LETTERS


def split_by_key(place: Place, old: Sequence[Block], new: Sequence[Block]) -> tuple[list[Pair], list[Place]]:
    """The blocks with the same key in the same order, and the places that are left between them.

    The key of a row is its first cell, or its first two where that does not tell the rows apart; the key of a short
    line is the label that it begins with ("Last updated:").
    """
    return _split(place, _keys(place.old, old), _keys(place.new, new))


def _split(
    place: Place, old_keys: Mapping[int, Hashable], new_keys: Mapping[int, Hashable]
) -> tuple[list[Pair], list[Place]]:
    if set(old_keys.values()).isdisjoint(new_keys.values()):
        return [], [place]
    old_at, new_at = list(place.old), list(place.new)
    runs = find_runs([old_keys.get(i, (0, i)) for i in old_at], [new_keys.get(j, (1, j)) for j in new_at])
    pairs = [Pair(_one(old_at[a + n]), _one(new_at[b + n])) for a, b, size in runs for n in range(size)]
    return pairs, list(_places_between(pairs, place))


def split_by_ends(place: Place) -> tuple[list[Pair], list[Place]]:
    """The same for blocks that begin alike, where what they share at both ends is most of both.

    Most rewordings are a few words in a block. To see that so early spares taking all of it to pieces.
    """
    old_keys, new_keys = _heads(place.old), _heads(place.new)
    pairs, places = _split(place, old_keys, new_keys)
    close = [pair for pair in pairs if _is_close(place.old[pair.old.start], place.new[pair.new.start])]
    return (pairs, places) if len(close) == len(pairs) else (close, list(_places_between(close, place)))


def _heads(wordings: Wordings) -> dict[int, str]:
    heads = {i: wording[:HEAD] for i, wording in wordings.items()}
    if len(set(heads.values())) == len(heads):
        return heads
    counts = Counter(heads.values())
    return {i: head for i, head in heads.items() if counts[head] == 1}


def _is_close(old: str, new: str) -> bool:
    shared = int(Prefix.similarity(old, new)) + int(Postfix.similarity(old, new))
    return shared > CLOSE * max(len(old), len(new))


def _one(number: int) -> range:
    return range(number, number + 1)


def _places_between(pairs: Iterable[Pair], place: Place) -> Iterator[Place]:
    old, new = deque(place.old.items()), deque(place.new.items())
    for pair in pairs:
        yield Place(dict(_take(old, pair.old.start)), dict(_take(new, pair.new.start)))
        old.popleft()
        new.popleft()
    yield Place(dict(old), dict(new))


def _take(blocks: deque[tuple[int, str]], stop: int) -> Iterator[tuple[int, str]]:
    while blocks[0][0] != stop:
        yield blocks.popleft()


def _keys(wordings: Wordings, blocks: Sequence[Block]) -> dict[int, tuple[str, ...]]:
    """The keys of those blocks that have one of their own."""
    cells = {i: parts for i, wording in wordings.items() if (parts := _cells(blocks[i].kind, wording))}
    keys: dict[int, tuple[str, ...]] = {}
    for depth in (1, 2) if cells else ():
        counts = Counter([parts[:depth] for parts in cells.values()])
        keys |= {i: parts[:depth] for i, parts in cells.items() if i not in keys and counts[parts[:depth]] == 1}
    return keys


def _cells(kind: BlockKind, wording: str) -> tuple[str, ...]:
    """The first two cells of a row, the label of a short line, nothing of any other block."""
    if kind is BlockKind.ROW:
        return tuple([cell.strip() for cell in wording.casefold().split("|", 2)[:2]])
    if ":" not in wording[:MAX_LABEL] or wording.count(" ") >= SHORT:
        return ()
    label = _LABEL.match(wording)
    return (label[0].casefold(),) if label else ()


class Letters:
    """Spells texts with one letter for each word, so that rapidfuzz compares words at the speed of characters.

    In a short text a number or a month is spelled with two, one for all of them and one of its own: so "Updated: 3 May
    2024" is nearer to "Updated: 1 June 2025" than by its words.
    """

    def __init__(self) -> None:
        self._letters: defaultdict[str, str] = defaultdict(map(chr, cycle(range(1, sys.maxunicode + 1))).__next__)
        self._signed = _Signed(self._letters)
        self._spelled: dict[str, str] = {}

    def spell(self, wording: str) -> str:
        """Case is no difference here."""
        if wording not in self._spelled:
            self._spelled[wording] = self._spell(wording)
        return self._spelled[wording]

    def _spell(self, wording: str) -> str:
        words = split_words(wording.casefold())
        if len(words) > SHORT:
            return "".join(map(self._letters.__getitem__, words[:MAX_WORDS]))
        return "".join(map(self._signed.__getitem__, words))


class _Signed(dict[str, str]):
    """The letters, behind the sign for numbers where the word is one."""

    def __init__(self, letters: Mapping[str, str]) -> None:
        self._letters = letters

    def __missing__(self, word: str) -> str:
        signed = self[word] = _NUMBER * is_numeric(word) + self._letters[word]
        return signed


_NUMBER = "\0"
"""Stands before the letter of every number."""
_NUMBERED = re.compile(f"{_NUMBER}.", re.DOTALL)


def find_reworded(places: Sequence[Place], letters: Letters) -> list[Pair]:
    """The blocks that are each other's earlier and later wording, of those that came and went at each place."""
    spelled = [
        Place(
            {i: letters.spell(wording) for i, wording in place.old.items()},
            {j: letters.spell(wording) for j, wording in place.new.items()},
        )
        for place in places
        if place.old and place.new
    ]
    share = affordable_share(spelled)
    return [
        pair
        for place in spelled
        for pair in _grow([(each.old, each.new) for each in choose_in_order(_find_similar(place, share))], place)
    ]


def affordable_share(places: Iterable[Place]) -> float:
    """Which share of all pairs of blocks can be compared under the ceilings of work, at most 1."""
    sizes = [(len(place.old) * len(place.new), _length(place.old) * _length(place.new)) for place in places]
    pairs, cells = sum(pairs for pairs, _ in sizes), sum(cells for _, cells in sizes)
    return min(1.0, MAX_PAIRS / max(1, pairs), MAX_WORD_CELLS / max(1, cells))


def _length(wordings: Wordings) -> int:
    return sum(map(len, wordings.values()))


def _find_similar(place: Place, share: float) -> Iterator[Candidate]:
    """The similar ones of the pairs that are near enough to each other."""
    numbers, wordings = list(place.new), list(place.new.values())
    known = frozenset("".join(wordings))
    reach = max(NEAR, math.ceil(share * len(numbers)))
    boilerplate = _Boilerplate(place) if len(place.old) > 1 or len(place.new) > 1 else None
    for at, (i, wording) in enumerate(place.old.items()):
        if known.isdisjoint(wording):
            continue
        centre = at * len(numbers) // len(place.old)
        start = max(0, centre - reach)
        near = wordings[start : centre + reach + 1]
        least = math.ceil(SIMILAR / 2 * len(wording))
        for other, shared, found in process.extract_iter(wording, near, scorer=LCSseq.similarity, score_cutoff=least):
            likeness = _likeness(wording, other, shared)
            if likeness and not (boilerplate and boilerplate.is_all_shared(wording, other)):
                yield Candidate(i, numbers[start + found], likeness)


def _likeness(old: str, new: str, shared: float) -> float:
    """0 where two blocks are not alike."""
    likeness = 2 * shared / (len(old) + len(new))
    shorter = min(len(old), len(new))
    if likeness < SIMILAR and shorter >= CONTAINED_WORDS and shared >= CONTAINED * shorter:
        return SIMILAR
    return likeness if likeness >= SIMILAR else 0.0


class _Boilerplate:
    """What the short blocks of one list have in common, which makes no two of them the same."""

    def __init__(self, place: Place) -> None:
        old, new = (
            Counter("".join(["".join(set(wording)) for wording in side.values() if len(wording) <= SHORT]))
            for side in (place.old, place.new)
        )
        self._own = {letter for letter, count in old.items() if count == 1 == new[letter]}
        self._frames: dict[str, str] = {}

    def is_all_shared(self, old: str, new: str) -> bool:
        """Whether two blocks share only what others in their list have, too, and differ in more than numbers."""
        if len(old) > SHORT or len(new) > SHORT or not self._own.isdisjoint(set(old) & set(new)):
            return False
        return self._frame(old) != self._frame(new)

    def _frame(self, spelled: str) -> str:
        if spelled not in self._frames:
            self._frames[spelled] = _NUMBERED.sub(_NUMBER, spelled)
        return self._frames[spelled]


def _grow(pairs: list[tuple[int, int]], place: Place) -> Iterator[Pair]:
    """The pairs, each with the neighbours that were split off from one of them or joined to it."""
    free_old = place.old.keys() - {i for i, _ in pairs}
    free_new = place.new.keys() - {j for _, j in pairs}
    for i, j in pairs:
        olds, news = _one(i), _one(j)
        if free_new:
            news = _absorb(news, place.new, free_new, place.old[i])
        if free_old and len(news) == 1:
            olds = _absorb(olds, place.old, free_old, place.new[j])
        yield Pair(olds, news)


def _absorb(block: range, own: Wordings, free: set[int], whole: str) -> range:
    """The block with those neighbours whose words stand beside its own in `whole`."""
    text = own[block.start]
    kept = LCSseq.similarity(text, whole)
    for side in (1, -1):
        while (neighbour := block.stop if side > 0 else block.start - 1) in free:
            joined = text + own[neighbour] if side > 0 else own[neighbour] + text
            together = LCSseq.similarity(joined, whole)
            if together - kept < max(2, ABSORBED * len(own[neighbour])):
                break
            text, kept = joined, together
            free.discard(neighbour)
            block = range(min(block.start, neighbour), max(block.stop, neighbour + 1))
    return block


def find_strays(old: Wordings, new: Wordings, letters: Letters) -> dict[int, int]:
    """For each block of the new text that stood elsewhere before in a slightly other wording: where it stood."""
    if not old or not new:
        return {}
    ends: defaultdict[str, list[int]] = defaultdict(list)
    for i, wording in old.items():
        if len(wording) > 2 * ALIKE_END:
            ends[wording[:ALIKE_END]].append(i)
            ends[wording[-ALIKE_END:]].append(i)
    found: dict[int, int] = {}
    taken: set[int] = set()
    for j, wording in new.items():
        near = {*ends.get(wording[:ALIKE_END], ())[:NEAR], *ends.get(wording[-ALIKE_END:], ())[:NEAR]}
        spelled = letters.spell(wording) if near else ""
        likeness = {i: LCSseq.normalized_similarity(letters.spell(old[i]), spelled) for i in near - taken}
        best = max(likeness, key=lambda i: (likeness[i], -i), default=None)
        if best is not None and likeness[best] >= ALIKE and len(spelled) >= ALIKE_WORDS:
            found[j] = best
            taken.add(best)
    return found
