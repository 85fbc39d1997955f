"""Search as people use it: what they type, and what is shown of each hit.

    hosting                this word, and "host", "hosts", "hosted"
    child "age check"      both have to be there, the quoted words next to one another and as they are written
    verif*                 every word that begins so
    -advert                not with this word
    jurisdiction:EU  source:ID  kind:text | change | editorial | history | …
    63  #63  SOP-003       also leads straight to that change, that procedure

Anything may be typed: what makes no sense in it is looked for as it stands, or left out.

Does not do: finding (`monitor.store.search`), drawing.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from itertools import groupby, islice
from typing import TYPE_CHECKING

from digests.escape import plain
from monitor.compare.alignment.words import SegmentOp, mark_words
from monitor.impact.words import find_stem
from monitor.model import BlockKind, ChangeKind, ChangeStatus
from monitor.store.search import (
    NEWEST,
    find_changes,
    find_texts,
    get_changes,
    get_passages_of,
    get_texts,
    get_titles,
    take_apart,
)
from monitor.store.versions import get_version

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from monitor.store import Database
    from monitor.store.search import FoundChange, FoundText, Hit

LONGEST = 300
"""Characters that are looked at of what somebody types."""
MOST_TERMS = 12
FEW = 5
"""Hits of each sort where both are shown."""
PAGE = 20
SHOWN = 260
"""Characters that are shown of a text."""
BEFORE = 70
"""Of them before the first word that was found."""
_MOST_READ = 20_000
"""Characters of one block that are looked through for the words."""
_HALF_LIFE = timedelta(days=365)
"""A change of a year ago counts as much as one of today in which the words weigh a quarter less."""

_TERM = re.compile(r'(-?)(?:(jurisdiction|source|kind):)?(?:"([^"]*)"?|(\u00a7+\s*\w\S*|\S+))', re.IGNORECASE)
_NUMBER = re.compile(r"(?:change\s*)?#?\s*([0-9]{1,18})", re.IGNORECASE)
_WORD = re.compile("[a-z]{3,30}", re.IGNORECASE)
_ENDINGS = ("", "e", "y", "s", "es", "ies", "d", "ed", "ied", "ing")
_TOKEN = re.compile(r"[^\W_]+|\u00a7")
_MARKS = re.compile(r"[\u0300-\u036f]")
_SPACE = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class Term:
    """A word, or words next to one another."""

    words: tuple[str, ...]
    is_prefix: bool = False
    is_excluded: bool = False
    is_exact: bool = False
    """As it is written alone, and not in other forms."""

    @property
    def forms(self) -> tuple[str, ...]:
        """All that count as this term, as the index has them; several of a single word alone."""
        text = take_apart(" ".join(self.words))
        return (text,) if self.is_exact or self.is_prefix or not _WORD.fullmatch(text) else _inflect(text.lower())


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody typed, understood."""

    text: str
    """On one line."""
    terms: tuple[Term, ...]
    filters: dict[str, str]
    """`jurisdiction`, `source`, `kind` → value."""

    @property
    def wanted(self) -> tuple[Term, ...]:
        """The terms that have to be there."""
        return tuple(each for each in self.terms if not each.is_excluded)

    @property
    def match(self) -> str:
        """As an expression of FTS5; "" = there is nothing to look for."""
        wanted = " AND ".join(map(_quote, self.wanted))
        without = "".join(f" NOT {_quote(each)}" for each in self.terms if each.is_excluded)
        return f"({wanted}){without}" if wanted else ""


@dataclass(frozen=True, slots=True)
class Cut:
    """What is shown of a text: pieces, and whether each is what was looked for."""

    pieces: tuple[tuple[str, bool], ...]
    gone: frozenset[int] = frozenset()
    """The places of those pieces that were removed."""


@dataclass(frozen=True, slots=True)
class ChangeHit:
    change: FoundChange
    cut: Cut


@dataclass(frozen=True, slots=True)
class ChangeHits:
    """Some of the Changes that were found."""

    shown: tuple[ChangeHit, ...]
    count: int
    """Of all."""
    has_older: bool
    """Older ones than those counted fit as well."""


_NONE = ChangeHits((), 0, has_older=False)


@dataclass(frozen=True, slots=True)
class TextHit:
    text: FoundText
    heading: tuple[str, ...]
    """Where it stands in the text."""
    cut: Cut


@dataclass(frozen=True, slots=True)
class Results:
    """What was found; of both sorts only a few, of one a page."""

    asked: Asked
    named: FoundChange | None
    """The Change whose number was typed."""
    procedures: tuple[tuple[str, str], ...]
    """Id and title of a FEW that have the words in these."""
    changes: tuple[ChangeHit, ...]
    texts: tuple[TextHit, ...]
    change_count: int
    text_count: int
    has_more_changes: bool
    """Older ones than those counted have the words as well."""
    page: int
    has_next: bool

    @property
    def only(self) -> str:
        """`change` or `text` where only these are asked for, "" = both."""
        kind = self.asked.filters.get("kind", "")
        return "text" if kind == "text" else "change" if kind else ""


def search(db: Database, text: str, now: datetime, page: int = 1) -> Results:
    """The best first; the newer of two changes that are as good. Raises nothing, whatever the text is."""
    asked = read_query(text)
    kind = asked.filters.get("kind", "")
    filters = {name: value for name, value in asked.filters.items() if (name, value) != ("kind", "change")}
    start, number = (PAGE * (page - 1), PAGE) if kind else (0, FEW)
    changes = (
        list_changes(db, asked, filters, now, start=start, number=number) if asked.match and kind != "text" else _NONE
    )
    texts = find_texts(db, asked.match, filters) if asked.match and kind in {"", "text"} else ()
    shown_texts = get_texts(db, texts[start : start + number])
    return Results(
        asked=asked,
        named=_find_named(db, asked),
        procedures=_find_procedures(db, asked),
        changes=changes.shown,
        texts=tuple(_cut_text(db, each, asked.wanted) for each in shown_texts),
        change_count=changes.count,
        text_count=len(texts),
        has_more_changes=changes.has_older,
        page=page,
        has_next=bool(kind) and start + number < max(changes.count, len(texts)),
    )


def list_changes(
    db: Database, asked: Asked, filters: Mapping[str, str], now: datetime, *, start: int, number: int
) -> ChangeHits:
    """So many of the Changes with the words and the filters of `find_changes`, the best first, from `start` on.

    Where no words are asked for, all that fit: the newest first.
    """
    found = sorted(find_changes(db, asked.match, filters), key=lambda each: _weigh(each, now))
    shown = get_changes(db, [each.change_id for each in found[start : start + number]])
    passages = get_passages_of(db, [each.id for each in shown])
    cuts = (_cut_change(each.summary, passages[each.id], asked.wanted) for each in shown)
    return ChangeHits(tuple(map(ChangeHit, shown, cuts)), len(found), has_older=len(found) == NEWEST)


def read_query(text: str) -> Asked:
    """What is no word is left out; so is a kind that there is not."""
    line = plain(text)[:LONGEST]
    terms: list[Term] = []
    filters: dict[str, str] = {}
    for minus, name, phrase, word in _TERM.findall(line):
        found = phrase or word
        if name:
            filters |= {} if minus else {name.lower(): found}
        elif tokens := tuple(_TOKEN.findall(found)):
            terms.append(Term(tokens, is_prefix=word.endswith("*"), is_excluded=bool(minus), is_exact=bool(phrase)))
    if filters.get("kind", "").lower() in {"change", "text", *ChangeKind}:
        filters["kind"] = filters["kind"].lower()
    else:
        filters.pop("kind", None)
    return Asked(line, tuple(terms[:MOST_TERMS]), filters)


def cut(text: str, terms: Iterable[Term], gone: bytes = b"") -> Cut:
    """SHOWN characters around the first of the words, each of them marked, whatever its case and accents.

    `gone` has a 1 for each character that was removed.
    """
    text = plain(text[:_MOST_READ])
    spans = list(_find_spans(text, terms))
    first = spans[0][0] if spans else 0
    start = _start_of_word(text, max(0, first - BEFORE)) if first > BEFORE else 0
    stop = len(text) if len(text) <= start + SHOWN else text.rfind(" ", first, start + SHOWN)
    stop = stop if stop > start else start + SHOWN
    found = bytearray(len(text))
    for begin, end in spans:
        found[begin:end] = b"\1" * (end - begin)
    looks = list(zip(found, gone.ljust(len(text), b"\0"), strict=False))
    runs = [(look, list(run)) for look, run in groupby(range(start, min(stop, len(text))), key=looks.__getitem__)]
    shown = [(text[run[0] : run[-1] + 1], bool(is_found), bool(is_gone)) for (is_found, is_gone), run in runs]
    ends = [("\u2026", False, False)]
    shown = [*(ends if start else []), *shown, *(ends if stop < len(text) else [])]
    return Cut(
        tuple((piece, is_found) for piece, is_found, _ in shown),
        frozenset(place for place, (_, _, is_gone) in enumerate(shown) if is_gone),
    )


def fold(text: str) -> str:
    """As the index has it: without case and accents."""
    if text.isascii():
        return text.lower()
    return _MARKS.sub("", unicodedata.normalize("NFKD", text)).casefold()


def _quote(term: Term) -> str:
    quoted = " OR ".join(f'"{each}"' for each in term.forms)
    return f"{quoted}*" if term.is_prefix else f"({quoted})"


@lru_cache(maxsize=1024)
def _inflect(word: str) -> tuple[str, ...]:
    """The plural of an English word and its forms in -ed and -ing, and what it is one of itself; itself first.

    All have one stem, so that "hosted" has "host", and "aged" no "ag".
    """
    stem = find_stem(word)
    roots = {word.removesuffix(each) for each in _ENDINGS if word.endswith(each)}
    roots |= {each[:-1] for each in roots if each[-2:-1] == each[-1:]} | {each + each[-1:] for each in roots}
    forms = sorted(root + ending for root in roots for ending in _ENDINGS)
    return tuple(dict.fromkeys([word, *(each for each in forms if stem and find_stem(each) == stem)]))


def _find_named(db: Database, asked: Asked) -> FoundChange | None:
    number = _NUMBER.fullmatch(asked.text)
    return next(iter(get_changes(db, [int(number[1])])), None) if number else None


def _find_procedures(db: Database, asked: Asked) -> tuple[tuple[str, str], ...]:
    if asked.filters or not asked.match:
        return ()
    patterns = [(_compile(each), each.is_excluded) for each in asked.terms]
    found = (
        (sop_id, title)
        for sop_id, title in get_titles(db).items()
        if all(bool(pattern.search(fold(f"{sop_id} {title}"))) != is_excluded for pattern, is_excluded in patterns)
    )
    return tuple(islice(found, FEW))


def _weigh(hit: Hit, now: datetime) -> float:
    age = max(now - hit.detected_at, timedelta()) / _HALF_LIFE
    is_past = hit.status is ChangeStatus.HISTORY
    return hit.rank * float(0.5 + 0.5 * 0.5**age) * (0.5 if is_past else 1.0)


def _cut_change(summary: str, passages: Sequence[tuple[str, str]], terms: Sequence[Term]) -> Cut:
    """From a new text, unless an old one has more of the words: then with what was removed."""
    now, old = [after for _, after in passages if after], {before: after for before, after in passages if before}
    best = _find_best([*now, *old, summary], terms)
    return cut(best, terms) if best in now or best not in old else _cut_old(best, old[best], terms)


def _cut_old(before: str, after: str, terms: Sequence[Term]) -> Cut:
    segments = mark_words(plain(before[:_MOST_READ]), plain(after[:_MOST_READ]))
    kept = [each for each in segments if each.op is not SegmentOp.ADDED]
    text = "".join(each.text for each in kept)
    gone = b"".join(bytes([each.op is SegmentOp.REMOVED]) * len(each.text) for each in kept)
    return cut(text, terms, gone[len(text) - len(text.lstrip()) :])


def _cut_text(db: Database, found: FoundText, terms: Sequence[Term]) -> TextHit:
    blocks = get_version(db, found.version_id).blocks
    in_order = sorted(blocks, key=lambda each: each.kind is BlockKind.HEADING)
    best = _find_best([each.text for each in in_order], terms)
    heading = next((each.heading for each in in_order if each.text == best), ())
    return TextHit(found, heading[:-1] if heading[-1:] == (best,) else heading, cut(best, terms))


def _find_best(texts: Iterable[str], terms: Iterable[Term]) -> str:
    """The text that has most of the words, the first of several; where none has any, the first of all."""
    patterns = [_compile(each) for each in terms]
    best, most = "", -1
    for text in texts:
        folded = fold(text[:_MOST_READ])
        number = sum(bool(each.search(folded)) for each in patterns)
        if number > most:
            best, most = text, number
        if number == len(patterns):
            break
    return best


def _find_spans(text: str, terms: Iterable[Term]) -> Iterator[tuple[int, int]]:
    """Where the words stand, in their order, none in another."""
    folded, places = _fold_with_places(text)
    matches = (match.span() for each in terms for match in _compile(each).finditer(folded))
    found = sorted(matches, key=lambda span: (span[0], -span[1]))
    at = 0
    for begin, end in found:
        if begin >= at and end > begin:
            yield places[begin], places[end - 1] + 1
            at = end


def _fold_with_places(text: str) -> tuple[str, Sequence[int]]:
    """The folded text, and where in the text each of its characters comes from."""
    if text.isascii():
        return text.lower(), range(len(text))
    folded = [fold(sign) for sign in text]
    return "".join(folded), [place for place, signs in enumerate(folded) for _ in signs]


def _compile(term: Term) -> re.Pattern[str]:
    words = take_apart(" ".join(term.words)).split()
    is_spaced = len(words) == len(term.words)
    between = r"[\W_]+" if is_spaced else r"[\W_]*"
    forms = [between.join(re.escape(fold(each)) for each in form.split()) for form in term.forms]
    pattern = f"(?:{'|'.join(forms)})"
    if not is_spaced or words == ["\u00a7"]:
        return re.compile(pattern)
    end = r"[^\W_]*" if term.is_prefix else r"(?![^\W_])"
    return re.compile(rf"(?<![^\W_]){pattern}{end}")


def _start_of_word(text: str, at: int) -> int:
    """Where the next word begins, at or after this place; where there is none near, the place itself."""
    found = _SPACE.search(text, at, at + 30)
    return found.end() if found else at
