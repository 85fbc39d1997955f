"""The SOP folder as it was at each commit of the git repository that it lies in.

Read is the history of the branch that is checked out, along the first parents: what became valid with each commit, a
merge being one step. `sops.yaml` counts as it was at the time. Sections keep their ids from commit to commit as they do
in the database (`identity`); ids that the database gave before the history was read may be others.

Does not do: what is not committed yet; following an SOP whose id changed. A shallow clone begins where it was cut.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from monitor.git import open_blobs
from monitor.sops.git import iter_commits
from monitor.sops.identity import identify
from monitor.sops.library import Library, ReadFile, is_sop_file, join_files, max_bytes, read_file
from monitor.sops.mapping import MAPPING_FILE, FileMapping, read_mapping

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from monitor.model import Section, Sop
    from monitor.sops.library import Drafts


@dataclass(frozen=True, slots=True)
class Revision:
    """The library as a commit left it."""

    commit: str
    """The whole name of the commit."""
    at: datetime
    """When it was committed: UTC."""
    author: str
    library: Library


class SectionOp(StrEnum):
    """What a commit did to a section."""

    ADDED = "added"
    REVISED = "revised"
    """Its text is another."""
    RENAMED = "renamed"
    """Its text stands under another heading path."""
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class SopRevision:
    """What one commit did to one SOP."""

    sop: Sop
    """As the commit left it; as it was before, where the commit removed it."""
    commit: str
    at: datetime
    author: str
    sections: tuple[tuple[SectionOp, Section], ...]
    """In the order of the SOP, removed ones last."""


def load_history(folder: Path) -> Iterator[Revision]:
    """A Revision for each commit that touched an SOP or `sops.yaml` in `folder`, the earliest first.

    Raises GitError where git is not installed, or cannot or must not read the repository.
    """
    names: dict[str, str] = {}
    with open_blobs(folder) as read_blob:
        files = _Files(folder, read_blob)
        sections = _SectionIds()
        for commit in iter_commits(folder):
            for name, blob in commit.blobs.items():
                if blob is None:
                    names.pop(name, None)
                else:
                    names[name] = blob
            if any(is_sop_file(name) or name == MAPPING_FILE for name in commit.blobs):
                library = sections.carry(files.read(names))
                at = datetime.fromtimestamp(commit.committed_at, UTC)
                yield Revision(commit.name, at, commit.author, library)


def iter_revisions(folder: Path) -> Iterator[SopRevision]:
    """What each commit did to each SOP, the earliest first. Raises GitError as `load_history`."""
    before: dict[str, Sop] = {}
    for revision in load_history(folder):
        after = {sop.id: sop for sop in revision.library.sops}
        for sop_id in sorted(before.keys() | after.keys()):
            old, new = before.get(sop_id), after.get(sop_id)
            if old != new and (sop := new or old):
                changes = (*_iter_changes(old, new),)
                yield SopRevision(sop, revision.commit, revision.at, revision.author, changes)
        before = after


def _iter_changes(old: Sop | None, new: Sop | None) -> Iterator[tuple[SectionOp, Section]]:
    before = {each.id: each for each in old.sections} if old else {}
    for section in new.sections if new else ():
        known = before.pop(section.id, None)
        if known is None:
            yield SectionOp.ADDED, section
        elif known.text != section.text:
            yield SectionOp.REVISED, section
        elif known.heading != section.heading:
            yield SectionOp.RENAMED, section
    for section in before.values():
        yield SectionOp.REMOVED, section


class _Files:
    """Files by the name of their contents, each read once for as long as `sops.yaml` says the same."""

    def __init__(self, folder: Path, read_blob: Callable[[str, int], bytes | None]) -> None:
        self._folder = folder
        self._read_blob = read_blob
        self._mapping_blob = ""
        self._mapping = FileMapping()
        self._drafts: Drafts = {}
        self._read: dict[tuple[str, str], ReadFile] = {}

    def read(self, blobs: dict[str, str]) -> Library:
        self._read_mapping(blobs.get(MAPPING_FILE, ""))
        names = {name: blobs[name] for name in sorted(blobs) if is_sop_file(name)}
        self._read = {key: self._read.get(key) or self._read_file(*key) for key in names.items()}
        return join_files(self._read.values())

    def _read_mapping(self, blob: str) -> None:
        if blob != self._mapping_blob:
            path = self._folder / MAPPING_FILE
            body = self._read_blob(blob, max_bytes("sops.md")) if blob else None
            self._mapping = read_mapping(body or b"", str(path))
            self._mapping_blob = blob
            self._read = {}

    def _read_file(self, name: str, blob: str) -> ReadFile:
        path = str(self._folder / name)
        body = self._read_blob(blob, max_bytes(name))
        if body is None:
            return ReadFile(name, path, None, (f"{path}: too large to be read, or not in this clone.",))
        return read_file(name, path, body, self._mapping, self._drafts)


class _SectionIds:
    """The ids of sections, carried on from one library to the next."""

    def __init__(self) -> None:
        self._current: dict[str, tuple[Sop, tuple[Section, ...]]] = {}
        """As read, and the sections with their ids, by the id of the SOP. SOPs that went stay, and may come back."""
        self._gone: dict[str, dict[str, Section]] = {}

    def carry(self, library: Library) -> Library:
        return replace(library, sops=tuple(self._carry(sop) for sop in library.sops))

    def _carry(self, sop: Sop) -> Sop:
        read, known = self._current.get(sop.id, (None, ()))
        if read is not sop:
            gone = self._gone.setdefault(sop.id, {})
            sections = identify(known, sop.sections, tuple(gone.values()))
            staying = {each.id for each in sections}
            gone.update({each.id: each for each in known if each.id not in staying})
            for section_id in staying & gone.keys():
                del gone[section_id]
            self._current[sop.id] = (sop, sections)
        return replace(sop, sections=self._current[sop.id][1])
