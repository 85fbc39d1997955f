"""What pages say that are not the page: "Page not found", "Log in to continue", "We'll be back soon".

The wordings, in some 25 languages, are in `phrases.toml`. Real pages use the same words, so they count only where
little else is said. The exception are those that only error pages begin a block with, such as "The page you are looking
for no longer exists": they count in a text of any length, because one part of a combined text may be an error page.

Does not do: judging mark-up or emptiness, raising errors (`quality`).
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from monitor.model import BlockKind, ProblemKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from monitor.model import Block, Extract

SHORT_CHARACTERS = 250
"""Longest block that can say on its own what a page is."""
TITLE_PROSE = 150
"""Most words of prose beside a title that gives the page away: help texts and cookie bars stand on error pages too."""
OWN_PROSE = 40
"""Most words of prose of the title itself."""
BESIDE_PROSE = 30
"""Most words of prose beside a sentence, a button or a later heading: they may as well stand in a real text."""
SENTENCE_WORDS = 400
"""Most words of a page, menus included, that its sentences can give away."""
MIN_SENTENCE_WORDS = 3
MIN_STATEMENT_WORDS = 15
"""So many words are prose even without a full stop."""
MARK_CHARACTERS = 40

_STATUS_KINDS = {
    "401": ProblemKind.LOGIN,
    "403": ProblemKind.BLOCKED,
    "404": ProblemKind.SOFT_404,
    "410": ProblemKind.SOFT_404,
    "429": ProblemKind.BLOCKED,
    "451": ProblemKind.BLOCKED,
    "500": ProblemKind.OUTAGE,
    "502": ProblemKind.OUTAGE,
    "503": ProblemKind.OUTAGE,
    "504": ProblemKind.OUTAGE,
}
_ORDER = (
    ProblemKind.BLOCKED,
    ProblemKind.SOFT_404,
    ProblemKind.OUTAGE,
    ProblemKind.CONSENT,
    ProblemKind.LOGIN,
    ProblemKind.EMPTY,
)
"""What explains the others goes first: an error page has a log-in button too."""
_QUOTES = str.maketrans("\u2018\u2019\u02bc\u00b4`\u201c\u201d", "'''''\"\"")
_PARTS = re.compile(r"\s+[|\u2013\u2014\u00b7\u2022:\u00bb-]+\s+|\s*\|\s*")
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_STATUS = re.compile(r"\b[45]\d\d\b")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u9fff]")
"""Letters of scripts that put no spaces between words: two of them say about as much as one word."""
_SENTENCE_END = re.compile(r"[.!?\u2026\u061f\u0964][\"'\u201d\u2019\u00bb)\]]*(?:\s|$)|[\u3002\uff01\uff1f]")
_BUTTONS = frozenset({ProblemKind.LOGIN, ProblemKind.CONSENT, ProblemKind.EMPTY})
_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?\u2026\u061f\u0964])\s+|(?<=[\u3002\uff01\uff1f])")
_CONDITION = re.compile(
    r"(?:if|when|whenever|where|once|after|unless|wenn|falls|sobald|si|lorsque?|quand|cuando|quando|se|als|wanneer|jeśli"
    r"|gdy|om|när|hvis|når|jos|kun|pokud|když|ha|dacă|если|когда|якщо|коли)\b|(?:\u5982\u679c|\u5f53|\u7576|إذا)"
)
_WITHDRAWN = re.compile(
    r"\b(?:withdrawn|withdrew|superseded|replaced by|repealed|rescinded|archived|retired|discontinued|zurückgezogen"
    r"|aufgehoben|ersetzt|außer kraft|retirée?s?|abrogée?s?|remplacée?s?|retirad[oa]s?|derogad[oa]s?|sustituid[oa]s?"
    r"|revogad[oa]s?|substituíd[oa]s?|ritirat[oaie]|abrogat[oaie]|sostituit[oaie]|ingetrokken|vervangen|uchylon\w*"
    r"|upphävd|ophævet|opphevet|отменен\w*|утратил\w*)\b|废止|廢止|撤回|廃止|폐지|yürürlükten"
)
"""A notice that a text was withdrawn is news, and says that it is no longer available."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """What gave a page away: the words, and what they make it."""

    kind: ProblemKind
    words: str

    @property
    def mark(self) -> str:
        """Stable from one answer to the next: `soft-404: page not found`."""
        return f"{self.kind}: {self.words[:MARK_CHARACTERS].strip()}"


@dataclass(frozen=True, slots=True)
class _Wordings:
    """Compiled; None where a kind has none of a sort."""

    title: re.Pattern[str]
    sentence: re.Pattern[str]
    loud: re.Pattern[str] | None = None
    button: re.Pattern[str] | None = None
    about: re.Pattern[str] | None = None


def iter_phrases(page: Extract) -> Iterator[Phrase]:
    """What on this page says that it is another than was asked for; nothing on a real page."""
    yield from _iter_loud(_plain(block.text) for block in page.blocks if len(block.text) <= SHORT_CHARACTERS)
    if not _is_long(page.blocks):
        yield from _iter_titles(page)
        yield from _iter_sentences(page)


def count_words(text: str) -> int:
    """Words of a text; where a script has no spaces, two letters count as one."""
    return text.count(" ") + 1 + (0 if text.isascii() else len(_UNSPACED.findall(text)) // 2)


def is_prose(block: Block) -> bool:
    """Whether a block says something: it is no heading, button or entry of a menu."""
    return block.kind is not BlockKind.HEADING and (
        count_words(block.text) >= MIN_STATEMENT_WORDS or has_sentence(block)
    )


def has_sentence(block: Block) -> bool:
    """Whether there is a sentence in a block, with its full stop."""
    return count_words(block.text) >= MIN_SENTENCE_WORDS and _SENTENCE_END.search(block.text) is not None


def _is_long(blocks: Iterable[Block]) -> bool:
    """Whether there is more prose than any wording but a loud one can stand against."""
    prose = 0
    for block in blocks:
        prose += count_words(block.text) if is_prose(block) else 0
        if prose > TITLE_PROSE + OWN_PROSE:
            return True
    return False


def _iter_loud(texts: Iterable[str]) -> Iterator[Phrase]:
    for text in texts:
        _, said = _without_excuse(text)
        for kind, wordings in _load().items():
            found = wordings.loud.match(said) if wordings.loud and said else None
            if found:
                yield Phrase(kind, found[0])


def _iter_titles(page: Extract) -> Iterator[Phrase]:
    """What the page is headed by, and other short blocks where there is little prose beside them."""
    prose = [_prose(block) for block in page.blocks]
    first = next((at for at, block in enumerate(page.blocks) if block.kind is BlockKind.HEADING), 0)
    said = [(part, True, 0) for part in _split(page.title)]
    for at, block in enumerate(page.blocks):
        if len(block.text) <= SHORT_CHARACTERS:
            said += [(part, at in {0, first}, prose[at]) for part in _split(block.text)]
    for kind in _ORDER:
        for part, is_head, own in said:
            if sum(prose) - own <= _most_prose(kind, is_head=is_head):
                found = _find_title(kind, part)
                if found:
                    yield Phrase(kind, found)


def _split(text: str) -> Iterator[str]:
    """A title as a whole, and its parts: `Page not found | Example`."""
    plain = _plain(text)
    yield plain
    parts = _PARTS.split(plain)
    if len(parts) > 1:
        yield from parts


def _prose(block: Block) -> int:
    return count_words(block.text) if is_prose(block) else 0


def _most_prose(kind: ProblemKind, *, is_head: bool) -> int:
    """Most words of prose beside a title; -1 where it says nothing: real pages have log-in buttons too."""
    if kind in _BUTTONS:
        return BESIDE_PROSE if is_head else -1
    return TITLE_PROSE if is_head else BESIDE_PROSE


def _find_title(kind: ProblemKind, text: str) -> str:
    """The words of a title that make the page this kind; "" where they do not."""
    excuse, said = _without_excuse(text)
    said = _trim(said)
    status = _STATUS.search(excuse)
    if not said:
        return _trim(excuse) if status and _STATUS_KINDS.get(status[0]) is kind else ""
    title = _load()[kind].title
    return said if title.fullmatch(said) else ""


def _iter_sentences(page: Extract) -> Iterator[Phrase]:
    """Sentences of one kind with little prose beside them."""
    said = [(_plain(page.title), 0), *_iter_said(page.blocks)]
    if sum(count_words(text) for text, _ in said) > SENTENCE_WORDS:
        return
    withdrawn = any(_WITHDRAWN.search(text) for text, _ in said)
    for kind in _ORDER:
        wordings = _load()[kind]
        is_notice = withdrawn and kind in {ProblemKind.SOFT_404, ProblemKind.OUTAGE}
        if is_notice or (wordings.button and not any(wordings.button.fullmatch(_trim(text)) for text, _ in said)):
            continue
        found = [_find_statement(wordings.sentence, text) for text, _ in said]
        about = [wordings.about.search(text) if wordings.about else None for text, _ in said]
        beside = sum(words for (_, words), *ours in zip(said, found, about, strict=True) if not any(ours))
        if beside <= BESIDE_PROSE:
            yield from (Phrase(kind, each) for each in found if each)


def _iter_said(blocks: Iterable[Block]) -> Iterator[tuple[str, int]]:
    """Each sentence of each block, with its number of words if it is prose, else 0."""
    for block in blocks:
        prose = is_prose(block)
        for sentence in _BETWEEN_SENTENCES.split(_plain(block.text)):
            yield sentence, count_words(sentence) if prose else 0


def _find_statement(wording: re.Pattern[str], sentence: str) -> str:
    """The words, unless they stand in a condition ("If you are blocked, …"): what pages say of others."""
    found = wording.search(sentence)
    return found[0] if found and not (_CONDITION.match(sentence) and found.start() > 0) else ""


def _trim(text: str) -> str:
    return _EDGES.sub("", text)


def _plain(text: str) -> str:
    lower = text.lower()
    return lower if lower.isascii() else lower.translate(_QUOTES)


def _without_excuse(text: str) -> tuple[str, str]:
    """The excuses and status numbers that a text begins with, and what follows."""
    begin = _load_excuses().match(text)
    end = begin.end() if begin else 0
    return text[:end], text[end:]


@cache
def _load() -> Mapping[ProblemKind, _Wordings]:
    tables = _read_tables()
    return {kind: _Wordings(**{sort: _compile(lines) for sort, lines in tables[kind].items()}) for kind in _ORDER}


@cache
def _load_excuses() -> re.Pattern[str]:
    return re.compile(rf"[\W_]*(?:(?:{_alternatives(_read_tables()['excuses']['words'])})[\W_]*)*")


def _compile(lines: str) -> re.Pattern[str]:
    return re.compile(_alternatives(lines))


def _alternatives(lines: str) -> str:
    return "|".join(f"(?:{line})" for line in lines.split("\n") if line)


@cache
def _read_tables() -> dict[str, dict[str, str]]:
    return tomllib.loads(files("monitor.extract").joinpath("phrases.toml").read_text("utf-8"))
