"""Files as one ZIP that is always written in the same way, and whether such a ZIP is as it was written.

The same files make the same bytes with every Python: nothing is compressed, and no time, machine or user is in it. So
what is written anew from the content of an untouched ZIP is that ZIP, and any byte that differs shows: also one that
unpacking would pass over.

A ZIP holds for each row that it shows what was hashed of it (`rows/NOUN-KEY.json`) and its Seal, with the hash of the
Seal before: all hashes can be computed from the ZIP alone. That these Seals stand in the chain shows the database.

Does not do: choosing what goes into it (`monitor.evidence.dossier`).
"""

from __future__ import annotations

import io
import json
import os
import zipfile
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, ValidationError

from monitor.errors import ConfigurationError
from monitor.evidence.database import Finding
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


class Sealed(BaseModel):
    """A row in the ZIP and its Seal."""

    model_config = ConfigDict(extra="forbid", strict=True)

    file: str
    seal: int
    noun: str
    key: str
    form: int
    row_sha256: str
    before_sha256: str
    """`chain_sha256` of the Seal before."""
    chain_sha256: str


class Manifest(BaseModel):
    """What is checked of `manifest.json`; the rest of it is for readers."""

    model_config = ConfigDict(strict=True)

    format: int
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
        yield from _check_sealed(files, each)


def check_against(db: Database, data: bytes) -> Iterator[Finding]:
    """What a ZIP that is in order says and the chain of this database does not."""
    for each in _read_manifest(_unpack(data)).seals:
        found = seals.find_seal(db, each.seal)
        if found is None or found.chain_sha256.hex() != each.chain_sha256:
            what = f"the chain of this database has no such Seal {each.seal}: it was written anew, or is another one"
            yield Finding(each.noun, each.key, what, each.seal)


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


def _check_sealed(files: Mapping[str, bytes], sealed: Sealed) -> Iterator[Finding]:
    row = sha256(files.get(sealed.file, b"")).hexdigest()
    if row != sealed.row_sha256:
        yield Finding(sealed.noun, sealed.key, f"{sealed.file} is not what Seal {sealed.seal} says", sealed.seal)
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


def name_file(noun: str, key: str) -> str:
    """Where what was hashed of a row stands: ids of Documents hold slashes."""
    safe = "".join(each if each.isascii() and (each.isalnum() or each in "-_.@") else "_" for each in key)
    tail = "" if safe == key else f"-{sha256(key.encode()).hexdigest()[:8]}"
    return f"rows/{noun}-{safe}{tail}.json"


def dump(value: Any) -> bytes:
    """JSON for people to read."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
