"""What an exception of Scrapy or Twisted means: an Outcome, and a detail for people. Told by class, never by message.

Scrapy raises a bare IgnoreRequest for unlike things (robots.txt, endless redirects, a bomb), so the middlewares of
`monitor.crawl` raise AttemptEndedError instead, which carries its meaning.

Does not do: deciding what becomes of the source (that is `monitor.tracking`), retrying.
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

from OpenSSL import SSL
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    NotSupported,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from service_identity import VerificationError
from twisted.internet.error import ConnectError, ConnectionDone, ConnectionLost
from twisted.web.client import ResponseFailed

from monitor.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator


class AttemptEndedError(IgnoreRequest):
    """An attempt that a middleware ended for a reason it knows.

    An IgnoreRequest, because Scrapy then logs no traceback for what is expected.
    """

    def __init__(self, outcome: Outcome, detail: str) -> None:
        self.outcome = outcome
        self.detail = detail
        super().__init__(detail)


MEANINGS: tuple[tuple[tuple[type[Exception], ...], Outcome, str], ...] = (
    ((DownloadTimeoutError,), Outcome.TIMEOUT, "no whole answer in time"),
    ((CannotResolveHostError,), Outcome.UNREACHABLE, "the host name cannot be resolved"),
    ((DownloadConnectionRefusedError,), Outcome.UNREACHABLE, "the connection was refused"),
    ((ResponseDataLossError,), Outcome.BROKEN, "the answer was cut short"),
    ((SSL.Error, VerificationError), Outcome.TLS, "the certificate or the TLS handshake is not acceptable"),
    ((ConnectionLost, ConnectionDone), Outcome.UNREACHABLE, "the connection was closed before an answer"),
    ((ConnectError,), Outcome.UNREACHABLE, "no connection"),
    # Scrapy cancels a download itself for one reason only: it is larger than DOWNLOAD_MAXSIZE.
    ((DownloadCancelledError,), Outcome.TOO_LARGE, "larger than we accept"),
    ((ResponseFailed,), Outcome.BROKEN, "the answer is no HTTP"),
    ((DownloadFailedError,), Outcome.BROKEN, "the answer is no HTTP"),
    ((OSError, EOFError, struct.error, zlib.error), Outcome.BROKEN, "the answer cannot be decompressed"),
    ((NotSupported, UnsupportedURLSchemeError), Outcome.REFUSED_ADDRESS, "neither http nor https"),
    ((ValueError,), Outcome.UNREACHABLE, "no valid address"),
)
"""The first row that fits any part of the failure counts."""
EXPECTED: tuple[type[Exception], ...] = (AttemptEndedError, *(each for classes, *_ in MEANINGS for each in classes))
"""Every exception that an attempt may end with; others are mistakes of ours."""


def explain(error: BaseException) -> tuple[Outcome, str]:
    """The Outcome of a failed attempt and the words for it.

    An exception without a row is a mistake of ours and no fault of the publisher's: LOST, with its class and message.
    """
    parts = tuple(_iter_parts(error))
    for part in parts:
        if isinstance(part, AttemptEndedError):
            return part.outcome, part.detail
    for classes, outcome, words in MEANINGS:
        for part in parts:
            if isinstance(part, classes):
                return outcome, _with_message(words, part)
    return Outcome.LOST, _with_message(type(error).__name__, error)


def _iter_parts(error: BaseException) -> Iterator[BaseException]:
    """The failure and what it was made of: Twisted lists the reasons, Scrapy chains what it wraps."""
    yield error
    if isinstance(error, ResponseFailed):
        for reason in error.reasons:
            yield from _iter_parts(reason.value)
    if error.__cause__ is not None:
        yield from _iter_parts(error.__cause__)


def _with_message(words: str, error: BaseException) -> str:
    message = " ".join(str(error).split())[:200]
    return f"{words} ({message})" if message else words
