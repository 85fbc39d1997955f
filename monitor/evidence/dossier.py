"""What proves one Change, as files that can be read without this program.

    README.txt                what this is, how to check it
    manifest.json             what is in it: facts, the Seal of each row, the sha256 of each file
    change.html, change.txt   the comparison, what was told and decided, for people
    texts/                    both texts as they were read: as plain text, and as JSON whose sha256 the Version names
    snapshots/                the bytes as they were received, with the headers of the answer
    fetches.tsv               each attempt around the one that found it: somebody was looking
    rows/                     what was hashed of each row

All is read in one state of the database, and nothing is handed out that is not as it was sealed.

Does not do: packing and checking (`monitor.evidence.bundle`), drawing (`monitor.evidence.pages`).
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from digests.jsonform import change_json
from monitor import __version__
from monitor.errors import EvidenceError
from monitor.evidence import pages
from monitor.evidence.bundle import FORMAT, MANIFEST, dump, name_file
from monitor.store import seals, write_time
from monitor.store.evidence import get_rows_of, get_stored_text, get_tellings
from monitor.store.fetches import get_headers, read_body
from monitor.store.impacts import get_impacts
from monitor.store.versions import get_version
from monitor.views.change import get_dossier

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from monitor.store import Database
    from monitor.store.evidence import Kept, Telling
    from monitor.store.seals import Seal
    from monitor.views.change import Dossier

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


@dataclass(frozen=True, slots=True)
class _Row:
    """What was hashed, and its Seal with the hash of the one before."""

    text: bytes
    seal: Seal
    before: bytes


def gather(db: Database, change_id: int, now: datetime) -> dict[str, bytes]:
    """The files by their names, in their order.

    Raises NotFoundError, and EvidenceError where anything of it is not as it was sealed.
    """
    db.execute("BEGIN")
    try:
        return _gather(db, change_id, now)
    finally:
        db.rollback()


def _gather(db: Database, change_id: int, now: datetime) -> dict[str, bytes]:
    dossier = get_dossier(db, change_id, now.date(), is_whole=True)
    tellings = get_tellings(db, change_id)
    rows = {name_file(*name): row for name, row in _get_rows(db, dossier, tellings).items()}
    kept = {each.id: each for reading in dossier.proof.readings for each in reading.snapshots}
    files = {
        "change.html": pages.draw(dossier, tellings, now).encode(),
        "change.txt": pages.write(dossier, tellings, now).encode(),
        "fetches.tsv": pages.list_attempts(dossier.proof).encode(),
        **dict(_iter_texts(db, dossier)),
        **dict(_iter_snapshots(db, kept)),
        **{name: row.text for name, row in rows.items()},
    }
    head = seals.get_head(db)
    files = {"README.txt": pages.explain(dossier, head, now).encode(), **files}
    manifest = _describe(db, dossier, rows, head, now) | {
        "files": {name: sha256(content).hexdigest() for name, content in files.items()}
    }
    return {"README.txt": files["README.txt"], MANIFEST: dump(manifest), **files}


def _get_rows(db: Database, dossier: Dossier, tellings: tuple[Telling, ...]) -> dict[tuple[str, str], _Row]:
    wanted = dict.fromkeys(get_rows_of(db, dossier.change.id))
    for attempt in dossier.proof.attempts:
        wanted |= dict.fromkeys((noun, str(attempt.id)) for noun in ("fetch", "fetch.state"))
    wanted |= dict.fromkeys(("delivery", each.delivery_id) for each in tellings if each.is_public)
    last = seals.get_last(db, wanted)
    found = {name: _get_row(db, *name, last.get(name)) for name in wanted}
    return {name: row for name, row in found.items() if row}


def _get_row(db: Database, noun: str, key: str, seal: Seal | None) -> _Row | None:
    """None where there is none and none must be: a Fetch that brought nothing to read has no state of its own."""
    text = seals.find_row(db, noun, key)
    if text is None and (seal is None or seal.row_sha256 == seals.GONE):
        return None
    if text is None or seal is None or sha256(text).digest() != seal.row_sha256:
        raise EvidenceError(
            f"{noun} {key} is not as it was sealed, so it is no evidence. What else is not says: monitor verify"
        )
    before = seals.find_seal(db, seal.id - 1)
    return _Row(text, seal, before.chain_sha256 if before else seals.START)


def _iter_texts(db: Database, dossier: Dossier) -> Iterator[tuple[str, bytes]]:
    ids = {"before": dossier.change.from_version_id, "after": dossier.change.to_version_id}
    for name, version_id in ids.items():
        if version_id is not None:
            yield f"texts/{name}.txt", pages.write_blocks(get_version(db, version_id).blocks).encode()
            yield f"texts/{name}.json", get_stored_text(db, version_id)


def _iter_snapshots(db: Database, kept: dict[int, Kept]) -> Iterator[tuple[str, bytes]]:
    for each in kept.values():
        body, headers = read_body(db, each.id), get_headers(db, each.id)
        if sha256(body).hexdigest() != each.sha256:
            raise EvidenceError(
                f"snapshot {each.id}: its bytes are not those whose sha256 it names. See: monitor verify"
            )
        media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
        yield f"snapshots/{each.id}.{_ENDINGS.get(media_type, 'bin')}", body
        yield f"snapshots/{each.id}.headers.json", dump(headers)


def _describe(
    db: Database, dossier: Dossier, rows: dict[str, _Row], head: tuple[int, bytes], now: datetime
) -> dict[str, Any]:
    change = dossier.change
    return {
        "format": FORMAT,
        "program": f"Policy Monitor {__version__}",
        "made_at": write_time(now),
        "change": change_json(change, get_impacts(db, change.id)),
        "document": {"id": change.document_id, "name": dossier.name, "url": change.url},
        "source": {
            "id": change.source_id,
            "name": dossier.source.name,
            "publisher": dossier.source.publisher,
            "jurisdiction": dossier.source.jurisdiction,
        },
        "versions": [
            {
                "id": each.id,
                "observed_at": write_time(each.observed_at),
                "text_sha256": each.text_sha256,
                "recipe": each.recipe,
                "snapshots": [
                    {"id": kept.id, "url": kept.url, "sha256": kept.sha256, "received_at": write_time(kept.received_at)}
                    for kept in each.snapshots
                ],
            }
            for each in dossier.proof.readings
        ],
        "head": {"seal": head[0], "chain_sha256": head[1].hex()},
        "columns": {row.seal.noun: seals.get_columns(db, row.seal.noun) for row in rows.values()},
        "seals": [
            {
                "file": name,
                "seal": row.seal.id,
                "noun": row.seal.noun,
                "key": row.seal.key,
                "form": row.seal.form,
                "row_sha256": row.seal.row_sha256.hex(),
                "before_sha256": row.before.hex(),
                "chain_sha256": row.seal.chain_sha256.hex(),
            }
            for name, row in rows.items()
        ],
    }
