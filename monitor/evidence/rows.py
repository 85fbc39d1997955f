"""Which rows prove a Change, as they were hashed, each with its Seal.

Does not do: reading what they say (`monitor.evidence.contents`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from monitor.errors import EvidenceError
from monitor.store import seals
from monitor.store.changes import get_change, get_fetch_id
from monitor.store.evidence import get_attempts, get_rows_of, get_tellings
from monitor.views.change import AROUND

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.store import Database
    from monitor.store.seals import Seal


@dataclass(frozen=True, slots=True)
class Row:
    """What was hashed, and its Seal with the hash of the one before."""

    text: bytes
    seal: Seal
    before: bytes


def list_rows(db: Database, change_id: int) -> tuple[tuple[str, str], ...]:
    """Noun and key of each row that belongs into its evidence, where there is such a row. Raises NotFoundError."""
    fetch_id = get_fetch_id(db, get_change(db, change_id).to_version_id)
    wanted = dict.fromkeys(get_rows_of(db, change_id))
    for attempt in get_attempts(db, fetch_id, AROUND):
        wanted |= dict.fromkeys(_iter_attempt(db, str(attempt.id)))
    wanted |= dict.fromkeys(("delivery", each.delivery_id) for each in get_tellings(db, change_id) if each.is_public)
    return tuple(wanted)


def get_rows(db: Database, change_id: int) -> dict[tuple[str, str], Row]:
    """By noun and key. Raises NotFoundError, and EvidenceError where one is not as it was sealed."""
    wanted = list_rows(db, change_id)
    last = seals.get_last(db, wanted)
    found = {name: _get_row(db, *name, last.get(name)) for name in wanted}
    return {name: row for name, row in found.items() if row}


def _iter_attempt(db: Database, key: str) -> Iterator[tuple[str, str]]:
    """A Fetch, where it asked, and what it brought: the hash of that, not the bytes."""
    yield "fetch", key
    yield "fetch.state", key
    if text := seals.find_row(db, "fetch", key):
        ((_, resource_id, *_, snapshot_id, _),) = json.loads(text)
        yield "resource", str(resource_id)
        if snapshot_id is not None:
            yield "snapshot", str(snapshot_id)


def _get_row(db: Database, noun: str, key: str, seal: Seal | None) -> Row | None:
    """None where there is none and none must be: a Fetch that brought nothing to read has no state of its own."""
    text = seals.find_row(db, noun, key)
    if text is None and (seal is None or seal.row_sha256 == seals.GONE):
        return None
    if text is None or seal is None or sha256(text).digest() != seal.row_sha256:
        raise EvidenceError(
            f"{noun} {key} is not as it was sealed, so it is no evidence. What else is not says: monitor verify"
        )
    before = seals.find_seal(db, seal.id - 1)
    return Row(text, seal, before.chain_sha256 if before else seals.START)
