"""Can this answer be the next text of the document whose last text we know?

    soft-404         it came from another address: the home page or a section above the page, a log-in or error page,
                     another publisher; and says nothing of what was known
    wrong-language   it is written in another language than before
    shrunk           most of the text is gone, nothing is new, and it is cut as pages are that load in part: the end is
                     missing, or the headings stand without their text

A rewrite has new words and a shortened policy at least a new date, so both pass; what is doubted here has neither. Each
doubt has a mark that a person can accept.

Does not do: judging an answer by itself (`quality`), saying what changed (`monitor.compare`), regions and spellings of
one language (en-GB, en-US).
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from monitor.errors import ExtractionError
from monitor.extract.phrases import count_words
from monitor.extract.quality import OVERRULE
from monitor.language import find_language
from monitor.model import BlockKind, ProblemKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from monitor.model import Block, Extract

MIN_WORDS = 150
"""A shorter text can lose most of its words to an honest edit."""
MAX_LEFT = 0.35
"""Share of the words that a page loaded in part has left. A policy in two versions side by side, of which one is taken
away when it is due, has half."""
MAX_NEW = 0.02
"""Share of new words in what is left: a counter, a related link. A shortened policy says when it was changed."""
MAX_REMNANT = 0.03
"""Share of the words that is no text at all any more: a title, a menu."""
MIN_HEADINGS = 5
KEPT_HEADINGS = 0.7
"""Share of the headings that stand when only their text is missing."""
SIMILAR = 0.3
"""Share of the known words, or of the new ones, that make the answer the same document under another address."""

_ADDRESS = re.compile(r"https?://(?:[^/?#@]*@)?([^/?#:]+)(?::\d+)?([^?#]*)", re.IGNORECASE)
_LOCALE = re.compile(r"(?:[a-z]{2}|intl)(?:[-_][a-z]{2,4})?", re.IGNORECASE)
_INDEX = re.compile(r"(?:index|default|home)(?:\.\w+)?|", re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"(?:log|sign)[-_]?in|login.*|auth(?:wall|enticate|orize)?|sso|session|consent|cookie-?wall|age-?(?:gate|check|verification)"
    r"|captcha|challenge|checkpoint|blocked|denied|sorry|(?:page[-_]?)?not[-_]?found|404|40[13]|410|50[0-4]|errors?"
    r"|unavailable|maintenance|outage|unsupported.*",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"\.(?:html?|php|aspx?|jsp)$", re.IGNORECASE)
_SECOND_LEVEL = frozenset({"co", "com", "org", "gov", "gouv", "gob", "go", "net", "edu", "ac", "or", "ne", "govt"})
"""Second labels that are no publisher's name: `gov.uk`, `com.au`."""


class _Address(NamedTuple):
    publisher: str
    path: tuple[str, ...]
    """Its segments without locale, `index.html` and file suffix, in lower case."""


def check_continuity(
    before: Sequence[Block], after: Extract, *, url: str = "", final_url: str = "", accepted: Collection[str] = ()
) -> None:
    """Raise ExtractionError (SOFT_404, SHRUNK, WRONG_LANGUAGE) unless `after` can follow `before`.

    `url` was asked for, `final_url` answered. `before` is empty where nothing is known yet. `accepted` holds the marks
    that a person has overruled.
    """
    for doubt in _iter_doubts(before, after, url, final_url):
        if doubt.mark not in accepted:
            raise doubt


def _iter_doubts(before: Sequence[Block], after: Extract, url: str, final_url: str) -> Iterator[ExtractionError]:
    if url != final_url and _leads_elsewhere(url, final_url, known=bool(before)) and not _is_similar(before, after):
        yield _doubt(
            ProblemKind.SOFT_404,
            f'the address now ends at "{final_url}", which says nothing of the known text',
            "Look for the new address of the page and correct `url` in sources.yaml.",
            f"{ProblemKind.SOFT_404}: {final_url}",
        )
    old, new = (find_language("\n".join(block.text for block in blocks)) for blocks in (before, after.blocks))
    new = new or after.language[:2].lower()
    if old and new and old != new:
        yield _doubt(
            ProblemKind.WRONG_LANGUAGE,
            f"the text is in another language ({new}) than before ({old})",
            "Publishers choose it by the visitor's address: give an address with the language in it.",
            f"{ProblemKind.WRONG_LANGUAGE}: {new}",
        )
    if before and _is_part(before, after.blocks):
        text = "\n".join(block.text for block in after.blocks)
        yield _doubt(
            ProblemKind.SHRUNK,
            f"{_words(after.blocks)} of {_words(before)} words are left and none is new: a part of the page",
            "Perhaps it loaded in part, and the next answer is whole.",
            f"{ProblemKind.SHRUNK}: {sha256(text.encode('utf-8', 'replace')).hexdigest()[:12]}",
        )


def _doubt(problem: ProblemKind, detail: str, advice: str, mark: str) -> ExtractionError:
    return ExtractionError(problem, detail, f"{advice} {OVERRULE}", mark)


def _leads_elsewhere(url: str, final_url: str, *, known: bool) -> bool:
    """Whether an address ends where this document is not: see the module."""
    asked, answered = _read_address(url), _read_address(final_url)
    if asked is None or answered is None or asked == answered:
        return False
    if any(_ELSEWHERE.fullmatch(each) for each in set(answered.path) - set(asked.path)):
        return True
    is_above = len(answered.path) < len(asked.path) and asked.path[: len(answered.path)] == answered.path
    return bool(asked.path and not answered.path) or (known and (is_above or asked.publisher != answered.publisher))


def _read_address(url: str) -> _Address | None:
    found = _ADDRESS.match(url)
    if found is None:
        return None
    labels = found[1].lower().split(".")
    own = 3 if set(labels[-2:-1]) & _SECOND_LEVEL else 2
    path = [_SUFFIX.sub("", each.lower()) for each in found[2].split("/")]
    return _Address(
        ".".join(labels[-own:]), tuple(each for each in path if not (_LOCALE.fullmatch(each) or _INDEX.fullmatch(each)))
    )


def _is_similar(before: Sequence[Block], after: Extract) -> bool:
    known = {block.text for block in before}
    kept = _words(block for block in after.blocks if block.text in known)
    return bool(kept) and kept >= SIMILAR * min(_words(before), _words(after.blocks))


def _is_part(before: Sequence[Block], after: Sequence[Block]) -> bool:
    """Whether `after` is what is left of `before` when a page loads in part."""
    whole, left = _words(before), _words(after)
    if whole < MIN_WORDS or left > MAX_LEFT * whole:
        return False
    known = {block.text for block in before}
    if _words(block for block in after if block.text not in known) > MAX_NEW * left:
        return False
    return left <= MAX_REMNANT * whole or _is_cut_off(before, after) or _is_collapsed(before, after)


def _is_cut_off(before: Sequence[Block], after: Sequence[Block]) -> bool:
    """Whether `after` is the beginning of `before`."""
    return all(old.text == new.text for old, new in zip(before, after, strict=False))


def _is_collapsed(before: Sequence[Block], after: Sequence[Block]) -> bool:
    """Whether the headings stand and what they head is gone."""
    headings = [block.text for block in before if block.kind is BlockKind.HEADING]
    left = {block.text for block in after}
    return len(headings) >= MIN_HEADINGS and sum(each in left for each in headings) >= KEPT_HEADINGS * len(headings)


def _words(blocks: Iterable[Block]) -> int:
    return sum(count_words(block.text) for block in blocks)
