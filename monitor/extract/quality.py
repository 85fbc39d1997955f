"""Is this the document at all? What answers 200 is not always what was asked for.

    blocked         a challenge of a protection service ("checking your browser") instead of the page
    selector-lost   selectors are given and nothing is kept
    empty           no text, or nearly none (a heading over nothing, a page that a script would fill)

Blocked goes first: on a challenge the selectors match nothing too, and to mend them would be wrong. A challenge is
told by marks of the known services in the mark-up together with little text, or by their sentences together with very
little: real pages carry the same services' scripts and, rarely, the same sentences, but never so little else.

Does not do: HTTP outcomes; soft 404s, consent walls, wrong languages, sudden shrink (they need more than one answer).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from monitor.errors import ExtractionError
from monitor.extract.html import read_html
from monitor.model import BlockKind, ProblemKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from monitor.model import Block, Extract

CHALLENGE_WORDS = 200
"""Most words of a page that can be a challenge. The longest known ones, with help texts, have about 120."""
PHRASE_WORDS = 80
"""Most words of a page whose sentences alone can make it a challenge."""
MIN_BODY_LETTERS = 16
MIN_LETTERS = 100
"""Fewer UTF-8 bytes of letters outside headings, and fewer in all, are no document. Bytes, because a Chinese letter
(three) says as much as a few Latin ones. "This page was withdrawn." passes, a title over a date does not."""

_CHALLENGE_MARKS = re.compile(
    r"_cf_chl_opt|/cdn-cgi/challenge-platform/h/|cf-challenge|cf-browser-verification|cf-error-details"  # Cloudflare
    r"|_Incapsula_Resource|Incapsula incident"
    r"|captcha-delivery\.com|px-captcha|_pxCaptcha|perimeterx"
    r"|awswaf\.com|gokuProps|AwsWafIntegration"
    r"|sec-if-cpt-container|errors\.edgesuite\.net|bm-verify"  # Akamai
    r"|sucuri_cloudproxy|ddos-guard|KPSDK|distil_r_captcha|anubis_challenge|vercel/security|_fs-ch-",
    re.IGNORECASE,
)
_CHALLENGE_PHRASES = re.compile(
    r"checking (?:your|the) browser|checking if the site connection is secure|just a moment\.\.\."
    r"|(?:verify|verifying|confirm|make sure|making sure|prove) (?:that )?you(?:['\u2019]re| are)"
    r" (?:not a (?:ro)?bot|(?:a )?human)"
    r"|are you a (?:robot|human)|i am not a robot|i'm not a robot"
    r"|enable javascript and cookies to continue|unusual (?:traffic|activity) from your|pardon our interruption"
    r"|request (?:was |has been )?(?:blocked|unsuccessful)|you have been blocked"
    r"|access (?:to this page has been )?denied"
    r"|security (?:check(?:point)?|verification) (?:required|to access)|complete the (?:captcha|security check)",
    re.IGNORECASE,
)


SHOWN_CHARACTERS = 80
"""Of what was answered instead: enough to recognise it."""


def check_page(page: Extract, markup: str, *, select: Sequence[str], size: int, accepted: Collection[str] = ()) -> None:
    """Raise ExtractionError (BLOCKED, SELECTOR_LOST, EMPTY) unless this can be the document.

    `markup` is the whole answer that `page` was read from, `size` its bytes. `accepted` holds the marks that a person
    has overruled.
    """
    if _words(page.blocks) <= CHALLENGE_WORDS:
        check_challenge(markup)
    if select and not page.blocks:
        raise ExtractionError(
            ProblemKind.SELECTOR_LOST,
            f"{_named(select)} nothing of this {kilobytes(size)} page",
            "The publisher has rebuilt the page: look for the new selector with `monitor sources try ID`.",
        )
    check_text(page, size=size, accepted=accepted)


def check_challenge(markup: str) -> None:
    """Raise ExtractionError (BLOCKED) where this HTML is a bot challenge."""
    page = read_html(markup, select=["body"])
    text = " ".join([page.title, *(block.text for block in page.blocks)])
    words = text.count(" ")
    if (words <= PHRASE_WORDS and _CHALLENGE_PHRASES.search(text)) or (
        words <= CHALLENGE_WORDS and _CHALLENGE_MARKS.search(markup)
    ):
        raise ExtractionError(
            ProblemKind.BLOCKED,
            f'a bot challenge was answered instead of the page ("{_shorten(text)}")',
            "Ask less often, ask the publisher to admit the monitor, or watch a feed of the publisher instead.",
        )


def check_text(extract: Extract, *, size: int, accepted: Collection[str] = ()) -> None:
    """Raise ExtractionError (EMPTY) where there is no text, or nearly none."""
    body = (block for block in extract.blocks if block.kind is not BlockKind.HEADING)
    if not (_has_letters(body, MIN_BODY_LETTERS) or _has_letters(extract.blocks, MIN_LETTERS)):
        text = " ".join(block.text for block in extract.blocks)
        raise ExtractionError(
            ProblemKind.EMPTY,
            f"nearly no text in this {kilobytes(size)} answer "
            + (f'(only "{_shorten(text)}")' if text else "(none at all)"),
            "Perhaps a script fills it in. Watch a feed or a plain page; `monitor sources try ID` shows what is kept.",
        )


def _has_letters(blocks: Iterable[Block], least: int) -> bool:
    found = 0
    for block in blocks:
        found += len("".join(filter(str.isalpha, block.text)).encode())
        if found >= least:
            return True
    return False


def _words(blocks: Iterable[Block]) -> int:
    return sum(block.text.count(" ") + 1 for block in blocks)


def _named(select: Sequence[str]) -> str:
    names = ", ".join(f'"{each}"' for each in select)
    return f"selector {names} keeps" if len(select) == 1 else f"selectors {names} keep"


def kilobytes(size: int) -> str:
    """A number of bytes as messages say it: `48 kB`."""
    return f"{max(1, round(size / 1000))} kB"


def _shorten(text: str) -> str:
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1].rstrip() + "…"
