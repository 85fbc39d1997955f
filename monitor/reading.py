"""Reading publishers' bytes in a worker process that can be killed.

Everything that parses what came from outside runs here: a PDF that crashes its parser, a feed of a million nested tags
(1.4 MB of them cost feedparser 48 s) or a page that eats all memory ends one worker and one reading, not the run.

Does not do: extraction itself (`monitor.extract`, `monitor.feeds`, `monitor.publishers`), or deciding what a failed
reading means.

A worker imports this module, and with it nothing but what reads pages.
"""

from __future__ import annotations

import multiprocessing
import resource
import signal
from concurrent.futures import TimeoutError as ReadingTimeoutError
from email.message import Message
from typing import TYPE_CHECKING, Self

from pebble import ProcessPool

from monitor.errors import ExtractionError
from monitor.extract import extract
from monitor.model import PUBLISHER_KINDS, ProblemKind

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from types import TracebackType

    from monitor.feeds import Feed
    from monitor.model import Entry, Extract, Source

SECONDS = 30
MEMORY = 2 * 1024**3
MAX_TEXT = 5_000_000
"""Characters. The longest acts have some two million. A text that was read is judged where nothing can be killed any
more, which takes up to six seconds for each million."""
MAX_TITLE = 20_000
"""Characters. Titles of acts have up to two thousand, and titles are shown as they are."""


class Reader:
    """One worker process, started at the first reading and again after each one that had to be killed."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._pool = ProcessPool(
            max_workers=1, context=multiprocessing.get_context("spawn"), initializer=_prepare_worker, initargs=[MEMORY]
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]  # Pebble leaves this one out
        self._pool.join()

    def read(
        self, source: Source, body: bytes, headers: Mapping[str, str], accepted: Collection[str] = ()
    ) -> Extract | Feed:
        """What the bytes say, as this Source reads them: a Feed for feeds and interfaces, an Extract for anything else.

        `accepted` holds the marks of doubts that a person has overruled for this Source.

        Raises ExtractionError where they are not what they should be, or reading them takes too long or too much.
        """
        size = f"{len(body) // 1000} kB"
        future = self._pool.schedule(read_bytes, args=[source, body, dict(headers), accepted], timeout=self._seconds)
        try:
            result: Extract | Feed = future.result()
        except ExtractionError:
            raise
        except ReadingTimeoutError as error:
            raise _unreadable(f"reading {size} took longer than {self._seconds:g} s") from error
        except Exception as error:  # the loop boundary: a reading that fails in a new way must not stop the others
            import structlog

            structlog.get_logger().exception("reading failed", source=source.id)
            raise _unreadable(f"reading {size} failed ({type(error).__name__})") from error
        return result


def read_bytes(
    source: Source, body: bytes, headers: Mapping[str, str], accepted: Collection[str] = ()
) -> Extract | Feed:
    """What the worker does: choose the extractor by the Source's kind and the answer's Content-Type.

    Raises ExtractionError where they are not what they should be, or the text is longer than any.
    """
    found = _read(source, body, headers, accepted)
    texts: Sequence[Extract | Entry] = getattr(found, "entries", [found])
    length = sum(len(block.text) for each in texts for block in each.blocks)
    title = max((len(each.title) for each in texts), default=0)
    if length > MAX_TEXT or title > MAX_TITLE:
        raise _unreadable(f"a text of {length} characters with a title of {title} is longer than any that is known")
    return found


def _read(source: Source, body: bytes, headers: Mapping[str, str], accepted: Collection[str]) -> Extract | Feed:
    """Most answers are pages: what reads the others is imported by a worker that has such a one."""
    if source.kind in PUBLISHER_KINDS:
        return _read_interface(source, body)
    if source.is_feed:
        from monitor.feeds import parse_feed

        return parse_feed(body, headers.get("content-type"), source.urls[0])
    return _read_document(source, body, headers, accepted)


def _read_interface(source: Source, body: bytes) -> Feed:
    from monitor.feeds import Feed
    from monitor.publishers import read_envelope

    return Feed(source.name, read_envelope(source.kind, body))


def _read_document(source: Source, body: bytes, headers: Mapping[str, str], accepted: Collection[str]) -> Extract:
    content = Message()
    content["content-type"] = headers.get("content-type", "text/html" if source.kind == "html" else "")
    return extract(
        body,
        content.get_content_type(),
        charset=content.get_content_charset(),
        select=source.select,
        remove=source.remove,
        expect=source.kind,
        accepted=accepted,
    )


def _prepare_worker(most: int) -> None:
    """So much memory, in bytes; and it ends at once when it is told to, for there is nothing that it should finish."""
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _unreadable(detail: str) -> ExtractionError:
    return ExtractionError(
        ProblemKind.UNREADABLE, detail, "Open the address and see what it serves now; the bytes are kept as evidence."
    )
