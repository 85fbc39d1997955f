"""The SOP folder as it lies on disk → a Library.

Does not do: what the files say (`library`).
"""

from __future__ import annotations

import stat
from dataclasses import replace
from typing import TYPE_CHECKING

from monitor.errors import SopsError
from monitor.failing import tolerate
from monitor.sops.library import Library, ReadFile, is_sop_file, join_files, max_bytes, read_file
from monitor.sops.mapping import MAPPING_FILE, FileMapping, read_mapping

if TYPE_CHECKING:
    from pathlib import Path

    from monitor.sops.library import Drafts

_HOW_TO_SET = "Make the folder, or set MONITOR_SOPS (or --sops) to where your SOPs are."
_HOW_TO_READ = "Check the link or the permissions of the file."


def load_sops(folder: Path, drafts: Drafts | None = None) -> Library:
    """The Library of all Markdown, HTML and DOCX files below `folder`.

    Who loads again and again hands over the same `drafts`, at first an empty one: only what changed is parsed.

    A folder that is not there gives an empty Library that says so: monitoring is useful before the first SOP is
    written. Raises SopsError where `folder` is a file or cannot be read.
    """
    try:
        next(folder.iterdir(), None)
    except FileNotFoundError:
        return Library((), (f"{folder}: there is no such folder, so no SOP is tagged. {_HOW_TO_SET}",))
    except NotADirectoryError as error:
        raise SopsError(f"{folder}: a file, where a folder of SOPs should be. {_HOW_TO_SET}") from error
    except OSError as error:
        raise SopsError(f"{folder}: the SOP folder cannot be read ({error.strerror}). {_HOW_TO_SET}") from error
    return _load_files(folder, {} if drafts is None else drafts)


def _load_files(folder: Path, drafts: Drafts) -> Library:
    mapping = _load_mapping(folder / MAPPING_FILE)
    paths = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if not path.is_dir()}
    names = [name for name in paths if is_sop_file(name)]
    library = join_files(_load_file(name, paths[name], mapping, drafts) for name in names)
    return replace(library, mistakes=(*mapping.mistakes, *mapping.iter_lost(names), *library.mistakes))


def _load_mapping(path: Path) -> FileMapping:
    try:
        return read_mapping(path.read_bytes(), str(path))
    except FileNotFoundError:
        return FileMapping()
    except OSError as error:
        return FileMapping(mistakes=[f"{path}: cannot be read ({error.strerror}). {_HOW_TO_READ}"])


def _load_file(name: str, path: Path, mapping: FileMapping, drafts: Drafts) -> ReadFile:
    most = max_bytes(name)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # to read a pipe would be to wait for somebody who writes
            return ReadFile(name, str(path), None, (f"{path}: no regular file. Put a file with text in its place.",))
        size = status.st_size
        body = path.read_bytes() if size <= most else b""
    except OSError as error:
        return ReadFile(name, str(path), None, (f"{path}: cannot be read ({error.strerror}). {_HOW_TO_READ}",))
    if size > most > 0:
        why = f"{path}: {size / 1024**2:.1f} MB, of at most {most // 1024**2}. Make its pictures smaller, or split it."
        return ReadFile(name, str(path), None, (why,))
    with tolerate("sop not read", f"{path}: reading it met a mistake of ours, so it stays as it was", path=str(path)):
        return read_file(name, str(path), body, mapping, drafts)
    return ReadFile(name, str(path), None, ())
