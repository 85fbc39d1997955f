"""Is this the document at all? What answers 200 is not always what was asked for.

    blocked         a challenge of a protection service ("checking your browser"), a refusal, a limit on requests
    soft-404        it says that there is no such page, or only leads to another
    outage          it says that something failed, or that the site is down
    consent         a wall that asks for consent or an age
    login           a wall that asks for an account
    selector-lost   selectors are given and nothing is kept, or a range is not there
    empty           no text, or nearly none: a heading over nothing, menus and no text, a page that a script would fill

A page is told by what it says (`phrases`) or by marks of known services in its mark-up, and always by how little else
it says: real pages carry the same scripts and, in long texts, the same sentences. A doubt that may be wrong has a
`mark`, and a person can accept that mark for a source. Walls go before lost selectors: on a challenge the selectors
match nothing too, and to mend them would be wrong.

Measured on 480 real policy texts, 1,100 captures of real pages (630 of them with selectors too) and 400 versions from
public histories: none was held up, and all 11 captures that were no page were found.

Does not do: HTTP outcomes, what needs an earlier answer (`continuity`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from monitor.errors import ExtractionError
from monitor.extract.html import find_lost_range, read_html
from monitor.extract.phrases import count_words, has_sentence, is_prose, iter_phrases
from monitor.model import BlockKind, ProblemKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from monitor.model import Block, Extract, Selector

CHALLENGE_WORDS = 200
"""Most words of a page that can be a challenge. The longest known ones, with help texts, have about 120."""
STUB_WORDS = 60
"""Most words of a page that only leads to another, and of one that is only a log-in form."""
STUB_PROSE = 25
MIN_BODY_LETTERS = 16
MIN_LETTERS = 100
"""Fewer UTF-8 bytes of letters outside headings, and fewer in all, are no document. Bytes, because a Chinese letter
(three) says as much as a few Latin ones. "This page was withdrawn." passes, a title over a date does not."""
MAX_STAMP_WORDS = 8
"""Most words of a title, or of the date below it, that are no text yet."""
MAX_BUTTON_WORDS = 2
MIN_MENU = 8
"""Fewer entries with links and no sentence may be a short page of links."""
MENU_SHARE = 0.5
"""Share of the blocks that are short and hold links, where a page is nothing but menus."""
MENU_ENTRY_WORDS = 6
SHOWN_CHARACTERS = 80
"""Of what was answered instead: enough to recognise it."""

_CHALLENGE_MARKS = re.compile(
    r"_cf_chl_opt|/cdn-cgi/challenge-platform/h/\w+/orchestrate|cf-challenge|cf-browser-verification|cf-error-details"
    r"|incapsula incident|captcha-delivery\.com|px-captcha|_pxCaptcha|gokuProps|awswaf-captcha"
    r"|sec-if-cpt-container|errors\.edgesuite\.net|bm-verify|sucuri_cloudproxy_js|distil_r_captcha|anubis_challenge"
    r"|vercel/security|_fs-ch-|hcaptcha-challenge|/sorry/index",
    re.IGNORECASE,
)
_SERVICE_MARKS = re.compile(
    r"_Incapsula_Resource|perimeterx|awswaf\.com|AwsWafIntegration|ddos-guard|KPSDK|/cdn-cgi/challenge-platform/"
    r"|google\.com/recaptcha|hcaptcha\.com|challenges\.cloudflare\.com|datadome",
    re.IGNORECASE,
)
"""Scripts of the same services that real pages load too: they mean a challenge where there is no sentence."""
_REFRESH = re.compile(r"<meta[^>]+http-equiv\s*=\s*[\"']?refresh[^>]+url\s*=\s*[\"']?([^\"'>\s]+)", re.IGNORECASE)
_PASSWORD = re.compile(r"<input[^>]+type\s*=\s*[\"']?password", re.IGNORECASE)
_STAMP = re.compile(r"\b(?:19|20)\d\d\b|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}")
_FULL_STOPS = (".", "!", "?", "\u3002", "\uff01", "\uff1f")
_COPYRIGHT = re.compile("\u00a9|\\(c\\) ?(?:19|20)\\d\\d|all rights reserved|copyright", re.IGNORECASE)


class _Explanation(NamedTuple):
    detail: str
    advice: str


_EXPLANATIONS = {
    ProblemKind.BLOCKED: _Explanation(
        "a bot challenge or refusal was answered instead of the page",
        "Ask less often, ask the publisher to admit the monitor, or watch a feed of the publisher instead.",
    ),
    ProblemKind.SOFT_404: _Explanation(
        "the answer says that there is no such page",
        "Look for the new address of the page and correct `url` in sources.yaml.",
    ),
    ProblemKind.OUTAGE: _Explanation(
        "the answer is an error or maintenance notice of the publisher",
        "It usually passes; if it lasts, open the address and see what it serves now.",
    ),
    ProblemKind.CONSENT: _Explanation(
        "a wall that asks for consent was answered instead of the page",
        "Watch an address without the wall: a print view, a feed or a PDF of the same text.",
    ),
    ProblemKind.LOGIN: _Explanation(
        "a log-in page was answered instead of the page",
        "Watch a public address of the same text.",
    ),
    ProblemKind.EMPTY: _Explanation(
        "the page waits for a script or another browser to show its text",
        "Watch a feed or a plain page of the publisher; `monitor sources try ID` shows what is kept.",
    ),
}
OVERRULE = "If this is the page, run: monitor sources accept ID"


def check_page(
    page: Extract,
    markup: str,
    *,
    select: Sequence[Selector],
    remove: Sequence[Selector] = (),
    size: int,
    accepted: Collection[str] = (),
) -> None:
    """Raise ExtractionError (SELECTOR_LOST, or as `check_text`) unless this can be the document.

    `markup` is the whole answer that `page` was read from with `select` and `remove`, `size` its bytes. `accepted`
    holds the marks that a person has overruled.
    """
    if _words(page.blocks) <= CHALLENGE_WORDS:
        check_challenge(markup, accepted=accepted)
        _raise_first(_iter_stubs(page, markup), accepted)
    lost = "" if page.blocks else find_lost_range(markup, select, remove)
    if lost or (select and not page.blocks):
        _raise_first(_iter_said(read_html(markup, select=["body"])), accepted)
        raise ExtractionError(
            ProblemKind.SELECTOR_LOST,
            f"{lost or _named(select)} this {kilobytes(size)} page",
            "The publisher has rebuilt the page: look for the new selector with `monitor sources try ID`.",
        )
    check_text(page, size=size, accepted=accepted)


def check_text(extract: Extract, *, size: int, accepted: Collection[str] = ()) -> None:
    """Raise ExtractionError (BLOCKED, SOFT_404, OUTAGE, CONSENT, LOGIN, EMPTY) unless this can be the document."""
    _raise_first(_iter_said(extract), accepted)
    _raise_first(_iter_emptiness(extract, size), accepted)


def check_challenge(markup: str, *, accepted: Collection[str] = ()) -> None:
    """Raise ExtractionError (BLOCKED) where this HTML is a bot challenge."""
    page = read_html(markup, select=["body"])
    doubts = [*_iter_service_marks(page, markup), *_iter_said(page)]
    _raise_first((doubt for doubt in doubts if doubt.problem is ProblemKind.BLOCKED), accepted)


def kilobytes(size: int) -> str:
    """A number of bytes as messages say it: `48 kB`; what is less than one is `1 kB`, and nothing `0 kB`."""
    return f"{max(min(size, 1), round(size / 1000))} kB"


def _raise_first(doubts: Iterable[ExtractionError], accepted: Collection[str]) -> None:
    for doubt in doubts:
        if doubt.mark not in accepted:
            raise doubt


def _iter_said(page: Extract) -> Iterator[ExtractionError]:
    for phrase in iter_phrases(page):
        detail, advice = _EXPLANATIONS[phrase.kind]
        yield _doubt(phrase.kind, f'{detail} ("{_shorten(phrase.words)}")', advice, phrase.mark)


def _iter_service_marks(page: Extract, markup: str) -> Iterator[ExtractionError]:
    words, is_bare = _words(page.blocks), not any(map(is_prose, page.blocks))
    for marks, holds in ((_CHALLENGE_MARKS, words <= CHALLENGE_WORDS), (_SERVICE_MARKS, is_bare)):
        found = marks.search(markup) if holds else None
        if found:
            detail, advice = _EXPLANATIONS[ProblemKind.BLOCKED]
            text = " ".join([page.title, *(block.text for block in page.blocks)])
            yield _doubt(ProblemKind.BLOCKED, f'{detail} ("{_shorten(text)}")', advice, f"blocked: {found[0].lower()}")


def _iter_stubs(page: Extract, markup: str) -> Iterator[ExtractionError]:
    """Pages that are only a step on the way to another."""
    if _words(page.blocks) > STUB_WORDS or _prose(page.blocks) > STUB_PROSE:
        return
    refresh = _REFRESH.search(markup)
    if refresh:
        yield _doubt(
            ProblemKind.SOFT_404,
            f'the page only leads on to "{refresh[1]}"',
            "Put the address where it ends into sources.yaml.",
            f"soft-404: leads to {refresh[1]}",
        )
    if _PASSWORD.search(markup):
        detail, advice = _EXPLANATIONS[ProblemKind.LOGIN]
        yield _doubt(ProblemKind.LOGIN, f"{detail} (it asks for a password)", advice, "login: password")


def _iter_emptiness(page: Extract, size: int) -> Iterator[ExtractionError]:
    text = " ".join(block.text for block in page.blocks)
    body = [each for at, each in enumerate(page.blocks) if not (_is_title(each, at) or _is_stamp(each))]
    if not (_has_letters(body, MIN_BODY_LETTERS) or _has_letters(page.blocks, MIN_LETTERS)):
        yield _doubt(
            ProblemKind.EMPTY,
            f"nearly no text in this {kilobytes(size)} answer "
            + (f'(only "{_shorten(text)}")' if text else "(none at all)"),
            "Perhaps a script fills it in. Watch a feed or a plain page; `monitor sources try ID` shows what is kept.",
            f"empty: {_shorten(text)}" if text else "",
        )
    if _is_menu(page.blocks):
        yield _doubt(
            ProblemKind.EMPTY,
            f'nothing but menus, without a sentence ("{_shorten(text)}")',
            "Perhaps a script fills in the text. `monitor sources try ID` shows what is kept.",
            "empty: only menus",
        )


def _is_title(block: Block, at: int) -> bool:
    """A heading, or the first line where the format has none."""
    return block.kind is BlockKind.HEADING or (
        at == 0 and count_words(block.text) <= MAX_STAMP_WORDS and not block.text.endswith(_FULL_STOPS)
    )


def _is_stamp(block: Block) -> bool:
    """`Updated: 18 January 2022`, `Share`, `Download PDF`."""
    words = count_words(block.text)
    return (words <= MAX_STAMP_WORDS and _STAMP.search(block.text) is not None) or (
        words <= MAX_BUTTON_WORDS and not block.text.endswith(_FULL_STOPS)
    )


def _is_menu(blocks: Sequence[Block]) -> bool:
    """Whether half of it are links with short names, and nothing is a sentence."""
    entries = sum(map(_is_entry, blocks))
    return (
        entries >= MIN_MENU
        and entries >= MENU_SHARE * len(blocks)
        and not any(has_sentence(block) and not _COPYRIGHT.search(block.text) for block in blocks)
    )


def _is_entry(block: Block) -> bool:
    return bool(block.links) and count_words(block.text) <= MENU_ENTRY_WORDS * len(block.links)


def _doubt(problem: ProblemKind, detail: str, advice: str, mark: str) -> ExtractionError:
    return ExtractionError(problem, detail, f"{advice} {OVERRULE}" if mark else advice, mark)


def _has_letters(blocks: Iterable[Block], least: int) -> bool:
    found = 0
    for block in blocks:
        found += len("".join(filter(str.isalpha, block.text)).encode())
        if found >= least:
            return True
    return False


def _words(blocks: Iterable[Block]) -> int:
    return sum(count_words(block.text) for block in blocks)


def _prose(blocks: Iterable[Block]) -> int:
    return _words(block for block in blocks if is_prose(block))


def _named(select: Sequence[Selector]) -> str:
    names = ", ".join(f'"{each}"' for each in select)
    return f"selector {names} keeps nothing of" if len(select) == 1 else f"selectors {names} keep nothing of"


def _shorten(text: str) -> str:
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1].rstrip() + "…"
