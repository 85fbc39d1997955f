"""What the files of evidence must be, by the rows that are sealed in it.

Whoever edits a file can hash it anew, but not the Seal of a row. So each file but those that are DRAWN follows from the
rows: answers and texts by the sha256 that a row names, and what is made of them is made again.

Columns are read by their place, as `monitor.store.seals` hashes them in form 1.

Does not do: hashing rows and Seals (`monitor.evidence.bundle`), reading the database.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from monitor.model import BlockKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Rows = Mapping[tuple[str, str], list[Any]]
    """What was hashed, by noun and key: the columns, then lists of the rows that belong to it."""

DRAWN = ("README.txt", "change.html", "change.txt")
"""For people: they name procedures and Sources too, which are not sealed."""
ATTEMPTS = "fetches.tsv"
BEGINNINGS = {BlockKind.HEADING: "\n## ", BlockKind.ITEM: "  - ", BlockKind.QUOTE: "  > "}
"""Of a line of plain text."""

_HEADING = ("fetch", "at", "url", "outcome", "status", "state", "milliseconds", "sha256", "detail")
_ENDINGS = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "application/pdf": "pdf",
    "application/json": "json",
    "text/plain": "txt",
    "text/markdown": "md",
    "application/xml": "xml",
    "text/xml": "xml",
    "application/rss+xml": "xml",
    "application/atom+xml": "xml",
}


def iter_expected(rows: Rows, files: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Name and sha256 of each file that follows from the rows. Raises LookupError where a row is not there.

    Rows of another shape raise whatever Python does: ValueError, TypeError, AttributeError.
    """
    yield ATTEMPTS, _hash(write_attempts(rows))
    kept: dict[int, None] = {}
    for name, version_id in get_texts(rows).items():
        (_, _, text_sha256, *_), read_from = _get(rows, "version", version_id)
        stored = f"texts/{name}.json"
        yield stored, text_sha256
        yield f"texts/{name}.txt", _hash(write_text(files.get(stored, b"[]")))
        kept |= dict.fromkeys(snapshot_id for _, snapshot_id in read_from)
    for snapshot_id in kept:
        body, headers = name_snapshot(rows, snapshot_id)
        yield body, _get(rows, "snapshot", snapshot_id)[0][2]
        yield headers, _hash(write_headers(rows, snapshot_id))


def get_texts(rows: Rows) -> dict[str, int]:
    """The Versions of the Change, as "before" and "after"; without the first where there is none."""
    (change,) = (found for (noun, _), found in rows.items() if noun == "change")
    _, _, from_version_id, to_version_id, *_ = change[0]
    return ({} if from_version_id is None else {"before": from_version_id}) | {"after": to_version_id}


def write_text(stored: bytes) -> bytes:
    """A text as it was read, a line for each of its stored Blocks."""
    return "".join(f"{BEGINNINGS.get(kind, '')}{text}\n" for kind, text, *_ in json.loads(stored)).encode()


def name_snapshot(rows: Rows, snapshot_id: int) -> tuple[str, str]:
    """The files of its bytes and of its headers."""
    media_type = _get_headers(rows, snapshot_id).get("content-type", "").partition(";")[0].strip().lower()
    return f"snapshots/{snapshot_id}.{_ENDINGS.get(media_type, 'bin')}", f"snapshots/{snapshot_id}.headers.json"


def write_headers(rows: Rows, snapshot_id: int) -> bytes:
    return dump(_get_headers(rows, snapshot_id))


def write_attempts(rows: Rows) -> bytes:
    """Tab-separated, with a heading, oldest first."""
    attempts = sorted((found[0] for (noun, _), found in rows.items() if noun == "fetch"), key=lambda fetch: fetch[0])
    lines = [_HEADING, *(_describe(rows, each) for each in attempts)]
    return "".join("\t".join(map(str, each)) + "\n" for each in lines).encode()


def dump(value: Any) -> bytes:
    """JSON for people to read."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def _describe(rows: Rows, fetch: list[Any]) -> tuple[object, ...]:
    fetch_id, resource_id, at, outcome, status, _, _, duration_ms, _, detail, snapshot_id, state, *_ = fetch
    _, _, url, *_ = _get(rows, "resource", resource_id)[0]
    brought = "" if snapshot_id is None else _get(rows, "snapshot", snapshot_id)[0][2]
    [[_, became]] = rows.get(("fetch.state", str(fetch_id)), [[fetch_id, state]])
    return fetch_id, at, url, outcome, status or "", became, duration_ms, brought, " ".join(detail.split())


def _get(rows: Rows, noun: str, key: int) -> list[Any]:
    found = rows.get((noun, str(key)))
    if found is None:
        raise LookupError(f"{noun} {key} is not among the rows")
    return found


def _get_headers(rows: Rows, snapshot_id: int) -> dict[str, str]:
    headers: dict[str, str] = json.loads(_get(rows, "snapshot", snapshot_id)[0][4])
    return headers


def _hash(content: bytes) -> str:
    return sha256(content).hexdigest()
