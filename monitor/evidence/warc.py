"""Snapshots as a web archive: WARC 1.1, one `response` record for each answer, as archives and their tools read it.

The bytes are those that were received, after what HTTP itself did to them on the way was undone. So headers that speak
of that are kept as `X-Archive-Orig-…`, as web archives do: else a reader would unpack them a second time. Where several
answers of an interface were put into one body, each of them is a record again.

Does not do: requests, and answers that brought nothing new: they are in the evidence of a change.
"""

from __future__ import annotations

import io
import os
from dataclasses import replace
from hashlib import sha256
from http import HTTPStatus
from typing import TYPE_CHECKING, BinaryIO
from uuid import NAMESPACE_URL, uuid5

from monitor import __version__
from monitor.envelope import MEDIA_TYPE, unpack
from monitor.errors import ConfigurationError, NotFoundError
from monitor.store import write_time
from monitor.store.evidence import iter_answers
from monitor.store.fetches import read_body

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from monitor.store import Database
    from monitor.store.evidence import Received

_UNDONE = frozenset({"content-encoding", "content-length", "transfer-encoding"})


def export(db: Database, source_id: str, since: datetime | None, path: Path) -> int:
    """Write what a Source answered, received at or after `since` (None = all), oldest first. Returns how many answers.

    Raises NotFoundError where there is nothing, ConfigurationError where the file cannot be made.
    """
    received = tuple(iter_answers(db, source_id, since))
    if not received:
        raise NotFoundError(f"{source_id}: no answer of such a source is stored. See: monitor sources list")
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            number = _write(db, received, path.name, file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise ConfigurationError(
            f"{path}: cannot be written ({error.strerror}). Name a file in a folder of yours."
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return number


def _write(db: Database, received: Iterable[Received], name: str, file: BinaryIO) -> int:
    try:
        from warcio.statusandheaders import StatusAndHeaders
        from warcio.warcwriter import WARCWriter
    except ImportError as error:
        raise ConfigurationError('Web archives need an extra: pip install "policy-monitor[warc]"') from error
    writer = WARCWriter(file, gzip=True, warc_version="WARC/1.1")
    writer.write_record(writer.create_warcinfo_record(name, {"software": f"Policy Monitor {__version__}"}))
    number = 0
    for each, body in _iter_records(db, received):
        headers = StatusAndHeaders(_say_status(each.status), list(_keep(each.headers)), protocol="HTTP/1.1")
        facts = {"WARC-Date": write_time(each.received_at), "WARC-Record-ID": _name(each, body)}
        writer.write_record(
            writer.create_warc_record(
                each.url,
                "response",
                payload=io.BytesIO(body),
                length=len(body),
                http_headers=headers,
                warc_headers_dict=facts,
            )
        )
        number += 1
    return number


def _iter_records(db: Database, received: Iterable[Received]) -> Iterator[tuple[Received, bytes]]:
    """Each answer with its bytes; those of an interface one by one."""
    for each in received:
        body = read_body(db, each.snapshot_id)
        if each.headers.get("content-type") != MEDIA_TYPE:
            yield each, body
            continue
        for answer in unpack(body):
            own = replace(each, url=answer.url, status=answer.status, headers={"content-type": answer.type})
            yield own, answer.body


def _keep(headers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, value in headers.items():
        yield (f"X-Archive-Orig-{name}" if name.lower() in _UNDONE else name), " ".join(value.split())


def _say_status(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _name(received: Received, body: bytes) -> str:
    """The same for the same answer, however often it is exported."""
    facts = f"{received.url} {write_time(received.received_at)} {sha256(body).hexdigest()}"
    return f"<{uuid5(NAMESPACE_URL, facts).urn}>"
