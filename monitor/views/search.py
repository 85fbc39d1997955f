"""Search as people use it: what they type, and what is shown of each hit.

    child "age check"      both have to be there, the quoted words next to one another
    verif*                 every word that begins so
    -advert                not with this word
    jurisdiction:EU  source:ID  kind:text | change | editorial | history | …

Anything may be typed: what makes no sense in it is looked for as it stands, or left out.

Does not do: finding (`monitor.store.search`), drawing.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from digests.escape import plain
from monitor.model import BlockKind, ChangeKind, ChangeStatus
from monitor.store.search import (
    NEWEST,
    find_changes,
    find_texts,
    get_changes,
    get_texts,
    get_texts_of,
    take_apart,
)
from monitor.store.versions import get_version

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
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
_TOKEN = re.compile(r"[^\W_]+|\u00a7")
_MARKS = re.compile(r"[\u0300-\u036f]")
_SPACE = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class Term:
    """A word, or words next to one another."""

    words: tuple[str, ...]
    is_prefix: bool = False
    is_excluded: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody typed, understood."""

    text: str
    """On one line."""
    terms: tuple[Term, ...]
    filters: dict[str, str]
    """`jurisdiction`, `source`, `kind` → value."""

    @property
    def match(self) -> str:
        """As an expression of FTS5; "" = there is nothing to look for."""
        wanted = " AND ".join(_quote(each) for each in self.terms if not each.is_excluded)
        without = "".join(f" NOT {_quote(each)}" for each in self.terms if each.is_excluded)
        return f"({wanted}){without}" if wanted else ""


@dataclass(frozen=True, slots=True)
class Cut:
    """What is shown of a text: pieces, and whether each is what was looked for."""

    pieces: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class ChangeHit:
    change: FoundChange
    cut: Cut


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
    changes = find_changes(db, asked.match, filters) if asked.match and kind != "text" else ()
    texts = find_texts(db, asked.match, filters) if asked.match and kind in {"", "text"} else ()
    ranked = sorted(changes, key=lambda each: _weigh(each, now))
    start, number = (PAGE * (page - 1), PAGE) if kind else (0, FEW)
    shown = get_changes(db, [each.change_id for each in ranked[start : start + number]])
    shown_texts = get_texts(db, texts[start : start + number])
    words = [each for each in asked.terms if not each.is_excluded]
    sources = get_texts_of(db, [each.id for each in shown])
    return Results(
        asked=asked,
        changes=tuple(
            ChangeHit(each, cut(_find_best([*sources[each.id], each.summary], words), words)) for each in shown
        ),
        texts=tuple(_cut_text(db, each, words) for each in shown_texts),
        change_count=len(changes),
        text_count=len(texts),
        has_more_changes=len(changes) == NEWEST,
        page=page,
        has_next=bool(kind) and start + number < max(len(changes), len(texts)),
    )


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
            terms.append(Term(tokens, is_prefix=word.endswith("*"), is_excluded=bool(minus)))
    if filters.get("kind", "").lower() in {"change", "text", *ChangeKind}:
        filters["kind"] = filters["kind"].lower()
    else:
        filters.pop("kind", None)
    return Asked(line, tuple(terms[:MOST_TERMS]), filters)


def cut(text: str, terms: Iterable[Term]) -> Cut:
    """SHOWN characters around the first of the words, each of them marked, whatever its case and accents."""
    text = plain(text[:_MOST_READ])
    spans = list(_find_spans(text, terms))
    first = spans[0][0] if spans else 0
    start = _start_of_word(text, max(0, first - BEFORE)) if first > BEFORE else 0
    stop = len(text) if len(text) <= start + SHOWN else text.rfind(" ", first, start + SHOWN)
    stop = stop if stop > start else start + SHOWN
    pieces = [("\u2026", False)] if start else []
    at = start
    for begin, end in spans:
        if begin >= at and end <= stop:
            pieces += [(text[at:begin], False), (text[begin:end], True)]
            at = end
    pieces += [(text[at:stop], False), *([("\u2026", False)] if stop < len(text) else [])]
    return Cut(tuple(each for each in pieces if each[0]))


def fold(text: str) -> str:
    """As the index has it: without case and accents."""
    if text.isascii():
        return text.lower()
    return _MARKS.sub("", unicodedata.normalize("NFKD", text)).casefold()


def _quote(term: Term) -> str:
    return f'"{take_apart(" ".join(term.words))}"{"*" if term.is_prefix else ""}'


def _weigh(hit: Hit, now: datetime) -> float:
    age = max(now - hit.detected_at, timedelta()) / _HALF_LIFE
    is_past = hit.status is ChangeStatus.HISTORY
    return hit.rank * float(0.5 + 0.5 * 0.5**age) * (0.5 if is_past else 1.0)


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
    pattern = between.join(re.escape(fold(each)) for each in words)
    if not is_spaced or words == ["\u00a7"]:
        return re.compile(pattern)
    end = r"[^\W_]*" if term.is_prefix else r"(?![^\W_])"
    return re.compile(rf"(?<![^\W_]){pattern}{end}")


def _start_of_word(text: str, at: int) -> int:
    """Where the next word begins, at or after this place; where there is none near, the place itself."""
    found = _SPACE.search(text, at, at + 30)
    return found.end() if found else at
