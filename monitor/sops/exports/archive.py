"""An export's zip file → the texts in it, with everything refused that a well-meant export never has.

Refused are paths that lead out of the folder, links, encrypted parts, and more than a program should unpack. All names
are looked at before anything is unpacked. Attachments are not read.

Does not do: writing files, knowing whose export it is.
"""

from __future__ import annotations

import stat
import zlib
from io import BytesIO
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING
from zipfile import BadZipFile, ZipFile

from monitor.errors import SopsError

if TYPE_CHECKING:
    from pathlib import Path
    from zipfile import ZipInfo

MAX_FILES = 50_000
MAX_TEXT = 8 * 1024**2
"""Bytes of one page."""
MAX_TOTAL = 512 * 1024**2
"""Bytes of all that is unpacked, the zip files inside the export included."""
MAX_NESTED = 2
"""Large exports come as zip files within one."""

_TEXTS = frozenset({".html", ".htm", ".md"})
_ENCRYPTED = 0x1
"""The flag of APPNOTE.TXT, section 4.4.4."""
_BROKEN = (BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError)
"""What the standard library raises for an archive that is none, is cut short, or is packed in unknown ways."""
_HOW_TO_EXPORT = "Export it again, and give the zip file as it was downloaded."


def read_texts(path: Path) -> dict[str, bytes]:
    """The HTML and Markdown files of the zip file at `path`, by their names in it.

    Raises SopsError where it cannot be read or is refused.
    """
    unpacking = _Unpacking(path)
    try:
        with path.open("rb") as file:
            unpacking.read(file, "", 0)
    except FileNotFoundError as error:
        raise SopsError(f"{path}: there is no such file. {_HOW_TO_EXPORT}") from error
    except _BROKEN as error:
        raise SopsError(f"{path}: the zip file cannot be read ({error}). {_HOW_TO_EXPORT}") from error
    return unpacking.texts


class _Unpacking:
    """What was unpacked so far, and how much."""

    def __init__(self, path: Path) -> None:
        self.texts: dict[str, bytes] = {}
        self._path = path
        self._left = MAX_TOTAL
        self._files = 0

    def read(self, file: IO[bytes], prefix: str, depth: int) -> None:
        with ZipFile(file) as archive:
            parts = [part for part in archive.infolist() if not part.is_dir()]
            self._files += len(parts)
            if self._files > MAX_FILES:
                raise self._refusal("", f"more than {MAX_FILES:,} files")
            for part in parts:
                self._check(prefix + part.filename, part)
            for part in parts:
                self._read_part(archive, part, prefix + part.filename, depth)

    def _read_part(self, archive: ZipFile, part: ZipInfo, name: str, depth: int) -> None:
        path = PurePosixPath(part.filename)
        if path.suffix.lower() in _TEXTS:
            self.texts[name] = self._unpack(archive, part, name, MAX_TEXT)
        elif path.suffix.lower() == ".zip" and len(path.parts) == 1:  # elsewhere it is an attachment
            if depth == MAX_NESTED:
                raise self._refusal(name, f"a zip file within more than {MAX_NESTED} others")
            self.read(BytesIO(self._unpack(archive, part, name, self._left)), f"{path.stem}/", depth + 1)

    def _check(self, name: str, part: ZipInfo) -> None:
        path = PurePosixPath(part.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or path.parts[0].endswith(":") or "\0" in part.orig_filename:
            raise self._refusal(name, "a path that leads out of the export")
        if stat.S_ISLNK(part.external_attr >> 16):
            raise self._refusal(name, "a link to another place")
        if part.flag_bits & _ENCRYPTED:
            raise self._refusal(name, "encrypted")

    def _unpack(self, archive: ZipFile, part: ZipInfo, name: str, most: int) -> bytes:
        with archive.open(part) as packed:
            body = packed.read(min(most, self._left) + 1)
        self._left -= len(body)
        if len(body) > most or self._left < 0:
            raise self._refusal(name, "too large once unpacked")
        return body

    def _refusal(self, name: str, why: str) -> SopsError:
        where = f'{self._path}: "{name}"' if name else str(self._path)
        return SopsError(f"{where}: {why}. Nothing was imported. {_HOW_TO_EXPORT}")
