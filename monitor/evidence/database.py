"""The whole database against its Seals: each edited byte, each row that was put in, edited or taken out.

    rows       each row equals its last Seal; none is without, none is gone, none was written by something else
    chain      each Seal follows the one before
    heads      what a message or an evidence file said of the chain
    bytes      each Snapshot is unpacked to the bytes whose sha256 and length it names, each Version to its text
    file       tables, indexes and triggers are as this program makes them; SQLite finds nothing damaged

All is read in one state of the database, while others write. A file that is damaged is a Finding and no failure.

Does not do: telling who it was, or what stood there before; mending.
"""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

import zstandard

from monitor.errors import ConfigurationError, StoreError
from monitor.store import open_to_read, sealed, seals
from monitor.store.fetches import unpack
from monitor.store.seals import Head

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from monitor.store import Database

_UNPACKABLE = (zstandard.ZstdError, MemoryError)
_HEAD = re.compile(r"(?P<place>[0-9][0-9,.\u202f ]*?)[\s·:]+(?P<hash>[0-9a-fA-F]{8,64})")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as the monitor wrote it."""

    noun: str
    """What is concerned: a noun of `monitor.store.seals`, or "file", "schema", "seal", "head", or a table."""
    key: str
    """Of its row; "" = not of one row."""
    what: str
    seal: int | None = None
    """It was as it should be when this Seal was written; None = not known."""

    def __str__(self) -> str:
        name = f"{self.noun} {self.key}".strip()
        return f"{name}: {self.what}"


def read_head(text: str) -> Head:
    """As in "12,345 · 9f3a77c1a2b4", copied from a message. Raises ConfigurationError."""
    found = _HEAD.search(text)
    if not found:
        raise ConfigurationError(
            f'"{text}" is no head of a chain. It is a number and at least 8 hexadecimal digits: "12,345 · 9f3a77c1a2b4"'
        )
    return Head(int(re.sub(r"[^0-9]", "", found["place"])), found["hash"].lower())


def check_path(path: Path, heads: Iterable[Head] = ()) -> Iterator[Finding]:
    """As `check_database`; also what is damaged so much that it cannot be opened.

    Raises StoreError where there is no database, or one of another version.
    """
    try:
        db = open_to_read(path)
    except (StoreError, UnicodeDecodeError) as error:
        cause = error.__cause__ if isinstance(error, StoreError) else error
        if not isinstance(cause, sealed.DAMAGES):
            raise
        yield Finding("file", "", f"it cannot be opened ({cause})")
        return
    with closing(db):
        yield from check_database(db, heads)


def check_database(db: Database, heads: Iterable[Head] = ()) -> Iterator[Finding]:
    """Everything that is wrong, as it is found; `heads` are what was kept elsewhere."""
    known = tuple(heads)
    checks: dict[str, Callable[[Database], Iterator[Finding]]] = {
        "row": _check_rows,
        "seal": _check_chain,
        "head": lambda db: _check_heads(db, known),
        "snapshot": _check_bytes,
        "version": _check_texts,
        "schema": _check_schema,
        "file": _check_file,  # the last, because SQLite makes no temporary table any more once it has found damage
    }
    db.execute("BEGIN")
    try:
        for noun, check in checks.items():
            yield from _guard(noun, check(db))
    finally:
        db.rollback()


def _guard(noun: str, findings: Iterator[Finding]) -> Iterator[Finding]:
    try:
        yield from findings
    except sealed.DAMAGES as error:
        yield Finding(noun, "", f"cannot be read to its end ({error}); what comes after was not compared")


def _check_file(db: Database) -> Iterator[Finding]:
    for damage in sealed.iter_damages(db):
        yield Finding("file", "", f"SQLite finds it damaged: {damage}")
    for table, row, parent in sealed.iter_dangling(db):
        yield Finding(table, str(row or ""), f"it refers to a row of {parent} that is not there")


def _check_schema(db: Database) -> Iterator[Finding]:
    for name in sealed.compare_schema(db):
        yield Finding("schema", name, "it is not as this program makes it")


def _check_chain(db: Database) -> Iterator[Finding]:
    before, place = seals.START, 0
    for each in seals.iter_seals(db):
        if each.id != place + 1:
            yield Finding("seal", str(each.id), f"it comes after Seal {place}: those between are gone", place)
        elif not each.follows(before):
            yield Finding("seal", str(each.id), f"it does not follow Seal {place}: one of the two was edited", place)
        before, place = each.chain_sha256, each.id


def _check_heads(db: Database, heads: Iterable[Head]) -> Iterator[Finding]:
    for head in heads:
        found = seals.find_seal(db, head.place)
        if found is None:
            yield Finding("head", str(head), "the chain does not reach that far: it was cut, or written anew")
        elif not found.chain_sha256.hex().startswith(head.hash):
            now = found.chain_sha256.hex()[: len(head.hash)]
            yield Finding("head", str(head), f"the chain has {now} there: it was written anew, or is another one")


def _check_rows(db: Database) -> Iterator[Finding]:
    sealed.sum_up(db)
    for noun, key, place in sealed.iter_foreign(db):
        yield Finding(noun, key, f"something else wrote it; noticed after Seal {place}", place)
    for noun, key, place in sealed.iter_edited(db):
        yield Finding(noun, key, f"it was edited between two Seals, the last of them {place}", place)
    for noun, key, place in sealed.iter_strange(db):
        yield Finding(noun, key, f"Seal {place} is of nothing that this program knows", place)
    for noun in seals.NOUNS:
        yield from _guard(noun, _check_noun(db, noun))


def _check_noun(db: Database, noun: str) -> Iterator[Finding]:
    """Rows that are gone are looked for only where some are missing: it takes a look at each."""
    present = 0
    for each in sealed.iter_standings(db, noun):
        present += bool(each.sealed_sha256)
        if not each.seal:
            yield Finding(noun, each.key, "it has no Seal: something else put it in")
        elif not each.sealed_sha256:
            yield Finding(noun, each.key, f"it is there, and Seal {each.seal} says that it was dropped", each.seal)
        elif each.row_sha256 != each.sealed_sha256:
            yield Finding(noun, each.key, f"it is not what Seal {each.seal} says", each.seal)
    if present != sealed.count_live(db, noun):
        for key, place in sealed.iter_gone(db, noun):
            yield Finding(noun, key, f"it is gone, and Seal {place} says that it is there", place)


def _check_bytes(db: Database) -> Iterator[Finding]:
    """Each is unpacked once, because it stands on the one before of its Resource or on none."""
    last: tuple[int | None, bytes] = (None, b"")
    for each in sealed.iter_packed(db):
        try:
            body = _unpack(each, last)
        except _UNPACKABLE as error:
            yield Finding("snapshot", str(each.id), f"its bytes cannot be unpacked ({error})")
            last = (None, b"")
            continue
        if len(body) != each.length or sha256(body).hexdigest() != each.sha256:
            yield Finding("snapshot", str(each.id), "its bytes are not those whose sha256 and length it names")
        last = (each.id, body)


def _unpack(packed: sealed.Packed, last: tuple[int | None, bytes]) -> bytes:
    if packed.base_id not in {None, last[0]}:
        raise zstandard.ZstdError(f"they stand on Snapshot {packed.base_id}, which is not the one before or is damaged")
    return unpack(packed.body, packed.length, last[1] if packed.base_id else None)


def _check_texts(db: Database) -> Iterator[Finding]:
    for version_id, text_sha256, blocks in sealed.iter_texts(db):
        try:
            text = zstandard.decompress(blocks)
        except _UNPACKABLE as error:
            yield Finding("version", str(version_id), f"its text cannot be unpacked ({error})")
            continue
        if sha256(text).hexdigest() != text_sha256:
            yield Finding("version", str(version_id), "its text is not the one whose sha256 it names")
