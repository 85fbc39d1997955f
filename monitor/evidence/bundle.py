"""Files as one ZIP that is always written in the same way, and whether such a ZIP is as it was written.

The same files make the same bytes with every Python: nothing is compressed, and no time, machine or user is in it. So
what is written anew from the content of an untouched ZIP is that ZIP, and any byte that differs shows: also one that
unpacking would pass over.

A ZIP holds for each row that it shows what was hashed of it (`rows/NOUN-KEY.json`) and its Seal, with the hash of the
Seal before: all hashes can be computed from the ZIP alone. So they can be computed anew by whoever edits it. That these
Seals stand in the chain, and that no row of the Change is left out, shows the database. What follows from the rows is
made again and compared (`monitor.evidence.contents`); the rest is drawn for people, and only the sha256 of the ZIP
itself speaks for it.

Does not do: choosing what goes into it (`monitor.evidence.dossier`).
"""

from __future__ import annotations

import io
import json
import os
import zipfile
from hashlib import sha256
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from monitor.errors import ConfigurationError, NotFoundError
from monitor.evidence.contents import DRAWN, iter_expected
from monitor.evidence.database import Finding
from monitor.evidence.rows import list_rows
from monitor.store import seals

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from monitor.store import Database

MANIFEST = "manifest.json"
FORMAT = 1
"""Of the manifest and of what stands where."""

_TIME = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_PLAIN_FILE = 0o100644 << 16
_UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, RecursionError)
"""What reading rows raises that no monitor wrote."""

Place = Annotated[int, Field(ge=0, lt=2**63)]
"""In the chain, as SQLite can hold it."""


class Sealed(BaseModel):
    """A row in the ZIP and its Seal."""

    model_config = ConfigDict(extra="forbid", strict=True)

    file: str
    seal: Place
    noun: str
    key: str
    form: int
    row_sha256: str
    before_sha256: str
    """`chain_sha256` of the Seal before."""
    chain_sha256: str


class Head(BaseModel):
    """Of the chain, when the file was made."""

    model_config = ConfigDict(extra="forbid", strict=True)

    seal: Place
    chain_sha256: str


class Manifest(BaseModel):
    """What is checked of `manifest.json`; the rest of it is for readers."""

    model_config = ConfigDict(strict=True)

    format: int
    head: Head
    seals: list[Sealed]
    files: dict[str, str]
    """sha256 of each other file."""


def pack(files: Mapping[str, bytes]) -> bytes:
    """The ZIP, with the files in this order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as packed:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, _TIME)
            info.create_system, info.external_attr = _UNIX, _PLAIN_FILE
            packed.writestr(info, content)
    return buffer.getvalue()


def save(data: bytes, path: Path) -> None:
    """All or nothing. Raises ConfigurationError where there is a file already, or none can be made."""
    refuse_taken(path)
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise ConfigurationError(
            f"{path}: cannot be written ({error.strerror}). Name a file in a folder of yours."
        ) from error


def refuse_taken(path: Path) -> None:
    """Raises ConfigurationError where there is a file already."""
    if path.exists():
        raise ConfigurationError(f"{path}: there is a file already, and evidence replaces none. Name another one.")


def check_bundle(data: bytes) -> Iterator[Finding]:
    """What is wrong with a ZIP by itself."""
    try:
        files = _unpack(data)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, RuntimeError, EOFError) as error:
        yield Finding("file", "", f"it cannot be read as an evidence file ({error})")
        return
    if pack(files) != data:
        yield Finding("file", "", "it is not byte for byte as it was written: it was edited, or packed anew")
    try:
        manifest = _read_manifest(files)
    except (ValidationError, KeyError) as error:
        yield Finding("file", MANIFEST, f"it is missing or cannot be read: {_say(error)}")
        return
    if manifest.format != FORMAT:
        yield Finding("file", MANIFEST, f"it is of format {manifest.format}, and this program knows {FORMAT}")
        return
    yield from _check_files(files, manifest)
    for each in manifest.seals:
        yield from _check_sealed(files, each, manifest.head)
    yield from _check_contents(files, manifest)


def check_against(db: Database, data: bytes) -> Iterator[Finding]:
    """What a ZIP that is in order says and the chain of this database does not; what it leaves out."""
    manifest = _read_manifest(_unpack(data))
    named = [("head", "", manifest.head.seal, manifest.head.chain_sha256)]
    named += [(each.noun, each.key, each.seal, each.chain_sha256) for each in manifest.seals]
    strange = [each for each in named if not _is_in_chain(db, *each[2:])]
    for noun, key, place, _ in strange:
        what = f"the chain of this database has no such Seal {place}: it was written anew, or is another one"
        yield Finding(noun, key, what, place)
    if not strange:
        yield from _check_whole(db, manifest)


def _is_in_chain(db: Database, place: int, chain_sha256: str) -> bool:
    found = seals.find_seal(db, place)
    return found is not None and found.chain_sha256.hex() == chain_sha256


def _check_whole(db: Database, manifest: Manifest) -> Iterator[Finding]:
    """Each row that proves the Change is in it, in the last state that was sealed before the ZIP was made."""
    (change,) = (each.key for each in manifest.seals if each.noun == "change")
    shown = {(each.noun, each.key): each.seal for each in manifest.seals}
    try:
        wanted = list_rows(db, int(change))
    except NotFoundError:
        yield Finding("change", change, "this database does not have it any more: see monitor verify")
        return
    for (noun, key), last in seals.get_last(db, wanted, manifest.head.seal).items():
        place = shown.get((noun, key))
        if place != last.id and last.row_sha256 != seals.GONE:
            what = f"it shows Seal {place}, which is not the last one" if place else "it was taken out of the file"
            yield Finding(noun, key, f"{what}: Seal {last.id} stands before its head", last.id)


def count_seals(data: bytes) -> int:
    """How many rows a ZIP that is in order shows with their Seals."""
    return len(_read_manifest(_unpack(data)).seals)


def _unpack(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        infos = packed.infolist()
        if any(each.compress_type != zipfile.ZIP_STORED for each in infos):
            raise ValueError("something in it is compressed, which this program never does")
        if sum(each.file_size for each in infos) > len(data):
            raise ValueError("more is in it than it has bytes")
        return {each.filename: packed.read(each) for each in infos}


def _read_manifest(files: Mapping[str, bytes]) -> Manifest:
    return Manifest.model_validate_json(files[MANIFEST])


def _say(error: Exception) -> str:
    return f"{error.error_count()} mistakes" if isinstance(error, ValidationError) else f"there is no {error}"


def _check_files(files: Mapping[str, bytes], manifest: Manifest) -> Iterator[Finding]:
    found = {name: sha256(content).hexdigest() for name, content in files.items() if name != MANIFEST}
    for name in {**manifest.files, **found}:
        if name not in found:
            yield Finding("file", name, "it is gone")
        elif name not in manifest.files:
            yield Finding("file", name, "something else put it in")
        elif found[name] != manifest.files[name]:
            yield Finding("file", name, "its bytes are not those whose sha256 the manifest names")


def _check_sealed(files: Mapping[str, bytes], sealed: Sealed, head: Head) -> Iterator[Finding]:
    row = sha256(files.get(sealed.file, b"")).hexdigest()
    if row != sealed.row_sha256 or sealed.file != name_file(sealed.noun, sealed.key):
        yield Finding(sealed.noun, sealed.key, f"{sealed.file} is not what Seal {sealed.seal} says", sealed.seal)
    if sealed.seal > head.seal:
        yield Finding("seal", str(sealed.seal), f"it comes after the head of the file, which is {head.seal}")
    try:
        before, row_sha256 = bytes.fromhex(sealed.before_sha256), bytes.fromhex(sealed.row_sha256)
    except ValueError:
        yield Finding("seal", str(sealed.seal), "its hashes are none", sealed.seal)
        return
    chained = seals.chain(
        before, place=sealed.seal, noun=sealed.noun, key=sealed.key, form=sealed.form, row_sha256=row_sha256
    )
    if chained.hex() != sealed.chain_sha256:
        yield Finding("seal", str(sealed.seal), "it does not follow the one before", sealed.seal)


def _check_contents(files: Mapping[str, bytes], manifest: Manifest) -> Iterator[Finding]:
    """Whether each file that is not drawn follows from the rows, and nothing else is in it."""
    known = {*DRAWN, MANIFEST, *(each.file for each in manifest.seals)}
    try:
        rows = {(each.noun, each.key): json.loads(files[each.file]) for each in manifest.seals}
        for name, expected in iter_expected(rows, files):
            known.add(name)
            if name not in files or sha256(files[name]).hexdigest() != expected:
                yield Finding("file", name, "it is not what follows from the rows that are sealed")
    except _UNREADABLE as error:
        yield Finding("file", "rows", f"they do not say what changed ({error})")
        return
    for name in files:
        if name not in known:
            yield Finding("file", name, "it follows from no row that is sealed: something else put it in")


def name_file(noun: str, key: str) -> str:
    """Where what was hashed of a row stands: ids of Documents hold slashes."""
    safe = "".join(each if each.isascii() and (each.isalnum() or each in "-_.@") else "_" for each in key)
    tail = "" if safe == key else f"-{sha256(key.encode()).hexdigest()[:8]}"
    return f"rows/{noun}-{safe}{tail}.json"
