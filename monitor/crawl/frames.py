"""The words that come back from a crawl process: Fetches as they arrive, and one Verdict at the end.

A frame is one line of JSON, then `body_length` raw bytes (null: no body). No pickle: the process that writes frames
handles hostile bytes, so its frames are read with as little trust.

Does not do: processes, clocks, Scrapy.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import IO, TYPE_CHECKING, Any

from monitor.model import Fetch, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD_BYTES = 4 * 1024 * 1024
"""Longest first line; what `spiders.base` keeps of the headers stays below it, escapes included."""
BODY_BYTES = 64 * 1024 * 1024
"""Longest body: four times the largest page the crawl process accepts."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How the crawl process says it went: each spider's finish reason, and the exceptions that spiders raised."""

    reasons: dict[str, str]
    errors: tuple[str, ...]


def write_fetch(stream: IO[bytes], fetch: Fetch) -> None:
    head = asdict(replace(fetch, body=None)) | {"at": fetch.at.isoformat()}
    _write(stream, "fetch", head, fetch.body)


def write_verdict(stream: IO[bytes], verdict: Verdict) -> None:
    _write(stream, "verdict", asdict(verdict), None)


def iter_frames(stream: IO[bytes]) -> Iterator[Fetch | Verdict]:
    """Every whole frame until the stream ends. A frame that the end cut short is dropped.

    Raises ValueError for anything that is no frame.
    """
    while line := stream.readline(HEAD_BYTES):
        frame = _read_frame(line, stream)
        if frame is None:
            return
        yield frame


def _write(stream: IO[bytes], kind: str, head: dict[str, Any], body: bytes | None) -> None:
    length = None if body is None else len(body)
    stream.write(json.dumps({"kind": kind, "head": head, "body_length": length}).encode() + b"\n")
    if body:
        stream.write(body)
    stream.flush()


def _read_frame(line: bytes, stream: IO[bytes]) -> Fetch | Verdict | None:
    """The frame that begins with `line`; None where the stream ends before it does."""
    if not line.endswith(b"\n") and len(line) < HEAD_BYTES:
        return None
    try:
        frame = json.loads(line)
        head, length = frame["head"], frame["body_length"]
        if frame["kind"] == "verdict":
            return _read_verdict(head)
        return _read_fetch(head, None if length is None else _read_body(stream, length))
    except EOFError:
        return None
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ValueError(f"no frame: {line[:80]!r}") from error


def _read_body(stream: IO[bytes], length: int) -> bytes:
    """Raises EOFError where the stream ends before the body does."""
    if not 0 <= length <= BODY_BYTES:
        raise ValueError(f"a body of {length} bytes")
    body = stream.read(length)
    if len(body) < length:
        raise EOFError
    return body


def _read_fetch(head: dict[str, Any], body: bytes | None) -> Fetch:
    typed = {"at": datetime.fromisoformat(head["at"]), "outcome": Outcome(head["outcome"]), "body": body}
    return Fetch(**head | typed)


def _read_verdict(head: dict[str, Any]) -> Verdict:
    return Verdict(reasons=dict(head["reasons"]), errors=tuple(head["errors"]))
