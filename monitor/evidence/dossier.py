"""What proves one Change, as files that can be read without this program.

    README.txt                what this is, how to check it
    manifest.json             what is in it: facts, the Seal of each row, the sha256 of each file
    change.html, change.txt   the comparison, what was told and decided, for people
    texts/                    both texts as they were read: as plain text, and as JSON whose sha256 the Version names
    snapshots/                the bytes as they were received, with the headers of the answer
    fetches.tsv               each attempt around the one that found it: somebody was looking
    rows/                     what was hashed of each row

All is read in one state of the database, and nothing is handed out that is not as it was sealed.

Does not do: choosing rows (`monitor.evidence.rows`), making files of them (`monitor.evidence.contents`), drawing
(`monitor.evidence.pages`), packing and checking (`monitor.evidence.bundle`).
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from digests.jsonform import change_json
from monitor import __version__
from monitor.errors import EvidenceError
from monitor.evidence import contents, pages
from monitor.evidence.bundle import FORMAT, MANIFEST, name_file
from monitor.evidence.rows import get_rows
from monitor.store import seals, write_time
from monitor.store.evidence import get_stored_text, get_tellings
from monitor.store.fetches import read_body
from monitor.store.impacts import get_impacts
from monitor.views.change import get_dossier

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from monitor.evidence.contents import Rows
    from monitor.evidence.rows import Row
    from monitor.store import Database
    from monitor.views.change import Dossier


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
    found = get_rows(db, change_id)
    told = {name: json.loads(row.text) for name, row in found.items()}
    rows = {name_file(*name): row for name, row in found.items()}
    files = {
        "change.html": pages.draw(dossier, tellings, now).encode(),
        "change.txt": pages.write(dossier, tellings, now).encode(),
        contents.ATTEMPTS: contents.write_attempts(told),
        **dict(_iter_texts(db, told)),
        **dict(_iter_snapshots(db, dossier, told)),
        **{name: row.text for name, row in rows.items()},
    }
    head = seals.get_head(db)
    files = {"README.txt": pages.explain(dossier, head, now).encode(), **files}
    manifest = _describe(db, dossier, rows, head, now) | {
        "files": {name: sha256(content).hexdigest() for name, content in files.items()}
    }
    return {"README.txt": files["README.txt"], MANIFEST: contents.dump(manifest), **files}


def _iter_texts(db: Database, rows: Rows) -> Iterator[tuple[str, bytes]]:
    for name, version_id in contents.get_texts(rows).items():
        stored = get_stored_text(db, version_id)
        yield f"texts/{name}.txt", contents.write_text(stored)
        yield f"texts/{name}.json", stored


def _iter_snapshots(db: Database, dossier: Dossier, rows: Rows) -> Iterator[tuple[str, bytes]]:
    kept = {each.id: each for reading in dossier.proof.readings for each in reading.snapshots}
    for each in kept.values():
        body = read_body(db, each.id)
        if sha256(body).hexdigest() != each.sha256:
            raise EvidenceError(
                f"snapshot {each.id}: its bytes are not those whose sha256 it names. See: monitor verify"
            )
        name, headers = contents.name_snapshot(rows, each.id)
        yield name, body
        yield headers, contents.write_headers(rows, each.id)


def _describe(
    db: Database, dossier: Dossier, rows: dict[str, Row], head: tuple[int, bytes], now: datetime
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
