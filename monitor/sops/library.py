"""Bytes of files with what `sops.yaml` says of them → Sops, whether the files lie in a folder or in a history.

Does not do: opening files (`folder`, `history`).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from monitor.model import Sop
from monitor.sops.documents import read_docx, read_html
from monitor.sops.draft import UnusableError
from monitor.sops.facts import AUTHOR, Fact, Reading, join_facts, stated_facts
from monitor.sops.markdown import HOW_TO_BEGIN, read_markdown
from monitor.sops.sections import cut_sections, slug

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from monitor.sops.draft import Draft
    from monitor.sops.facts import Facts
    from monitor.sops.mapping import FileMapping


Drafts = dict[str, "tuple[bytes, Draft]"]
"""What each path held when it was last read, with the sha256 of its bytes: what has not changed need not be parsed."""


class _Format(NamedTuple):
    name: str
    read: Callable[[bytes, str], Draft]
    max_bytes: int
    """Larger files are not opened. With pictures a DOCX is large; its text has a limit of its own."""


_MB = 1024**2
_MARKDOWN = _Format("Markdown", read_markdown, 1 * _MB)
_HTML = _Format("HTML", read_html, 4 * _MB)
_DOCX = _Format("DOCX", read_docx, 64 * _MB)
_FORMATS = {".md": _MARKDOWN, ".markdown": _MARKDOWN, ".html": _HTML, ".htm": _HTML, ".docx": _DOCX}
_UNREAD = frozenset({".doc", ".docm"})
"""What is meant as a procedure and would be missed without a word."""


@dataclass(frozen=True, slots=True)
class Library:
    """Every SOP that could be read, in the order of their paths, and a line of text for each mistake in the others."""

    sops: tuple[Sop, ...]
    mistakes: tuple[str, ...]
    unread: tuple[str, ...] = ()
    """The paths within the folder of the files that are there and cannot be used: their SOPs have not ended."""


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What came of one file called `name` in the SOP folder, which mistakes call `path`: an SOP, or mistakes."""

    name: str
    path: str
    sop: Sop | None
    mistakes: tuple[str, ...]


def is_sop_file(name: str) -> bool:
    """Whether this path within the folder is that of a procedure; hidden and temporary files are none."""
    path = PurePosixPath(name)
    is_hidden = any(part.startswith((".", "~$")) for part in path.parts)
    return not is_hidden and path.suffix.lower() in _FORMATS.keys() | _UNREAD


def format_of(sop: Sop) -> str:
    """The format of the file that the SOP was read from: Markdown, HTML or DOCX."""
    return _FORMATS[PurePosixPath(sop.path).suffix.lower()].name


def max_bytes(name: str) -> int:
    """Most bytes of the file called `name` that are read."""
    suffix = PurePosixPath(name).suffix.lower()
    return _FORMATS[suffix].max_bytes if suffix in _FORMATS else 0


def read_file(name: str, path: str, body: bytes, mapping: FileMapping, drafts: Drafts) -> ReadFile:
    """The SOP in the file called `name` within the SOP folder, which mistakes call `path`."""
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in _UNREAD:
        return ReadFile(name, path, None, (f"{path}: a Word file of another kind. Save it as DOCX, without macros.",))
    try:
        draft = _read_draft(path, body, _FORMATS[suffix], drafts)
    except UnusableError as error:
        where = f"{path}:{error.line}" if error.line else path
        return ReadFile(name, path, None, (f"{where}: {error}",))
    own = mapping.of_file(name)
    has_front_matter = _FORMATS[suffix] is _MARKDOWN and draft.facts is not None
    guesses = draft.guesses if has_front_matter else _guess(name, path, draft)
    facts = join_facts(own, draft.facts or {}, mapping.of_folders(name), guesses)
    reading = Reading(path, facts, "" if has_front_matter else name)
    if draft.facts is None and not reading.has("owner"):
        return ReadFile(name, path, None, (f"{path}:1: no front matter, or not closed. {HOW_TO_BEGIN}",))
    sop = _make_sop(name, reading, draft)
    return ReadFile(name, path, None if reading.mistakes else sop, tuple(reading.mistakes))


def _read_draft(path: str, body: bytes, form: _Format, drafts: Drafts) -> Draft:
    digest = hashlib.sha256(body).digest()
    if path not in drafts or drafts[path][0] != digest:
        drafts[path] = (digest, form.read(body, path))
    return drafts[path][1]


def _guess(name: str, path: str, draft: Draft) -> Facts:
    without_suffix = PurePosixPath(name).with_suffix("")
    headings = (line.text for line in draft.lines if line.level)
    title = next(headings, "") or without_suffix.name
    return {"id": Fact(path, slug(str(without_suffix))), "title": Fact(path, title)} | draft.guesses


def _make_sop(name: str, reading: Reading, draft: Draft) -> Sop:
    sop_id = reading.word("id", "age-checks")
    title = reading.word("title", "Age checks")
    sections, lost = cut_sections(sop_id, title, draft.lines)
    for heading in lost:
        reading.mistakes.append(
            f'{reading.path}: under "{heading}" there is no text that could implement anything. '
            "Write the comment under a heading with text, or implements: among the facts of the SOP."
        )
    for section in sections:
        reading.check_implements(section.implements, f'{reading.path}: under "{section.heading[-1]}"')
    return Sop(
        id=sop_id,
        title=title,
        owner=reading.word("owner", '"@child-safety"', AUTHOR),
        path=name,
        topics=reading.several("topics", "child-safety"),
        jurisdictions=reading.several("jurisdictions", "EU, GB"),
        cites=reading.citations(),
        sections=sections,
        audience=reading.several("audience", "night-shift"),
        implements=reading.implements(),
    )


def join_files(files: Iterable[ReadFile]) -> Library:
    """The Library of files in the order of their paths; of two with one id the first is used."""
    sops: dict[str, Sop] = {}
    mistakes: list[str] = []
    unread: list[str] = []
    for file in files:
        mistakes += file.mistakes
        if file.sop is None:
            unread.append(file.name)
        elif file.sop.id in sops:
            first = sops[file.sop.id].path
            mistakes.append(f'{file.path}: the id "{file.sop.id}" is that of {first}. Give each SOP an id of its own.')
        else:
            sops[file.sop.id] = file.sop
    return Library(tuple(sops.values()), tuple(mistakes), tuple(unread))


def fingerprint(sop: Sop) -> str:
    """The sha256 of the facts and the text of an SOP, in hexadecimal.

    Where its file lies is no part of it, nor are the ids of its sections.
    """
    texts = [[each.heading, each.text, each.implements] for each in sop.sections]
    said = [sop.id, sop.title, sop.owner, stated_facts(sop), texts]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()
