"""A versions repository of Open Terms Archive: what it saw of a document, and when.

Such a repository holds a Markdown file for each document, `SERVICE/TYPE.md`; each commit is one look at the publisher's
text, at the author's date. So every commit that touched the file counts, on whatever branch, in the order of those
dates. Merges saw nothing. Where a commit moved the file, nearly unchanged, from another path, what came before is read
there. A commit that removed the file says nothing of the publisher's text and is passed over.

Read is a clone, bare or not, or a bundle, which is cloned for as long as it is read. Nothing is fetched.

Does not do: reading Markdown, comparing, storing.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from monitor.errors import ConfigurationError, NotFoundError
from monitor.git import ask, open_blobs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOST_BYTES = 32 * 1024**2
"""As much as is read of an answer over HTTP."""
ALIKE = "90%"
"""Of a file that was moved: service and type of a document are renamed, its text is not."""

_LOG = [
    "log",
    "--full-history",
    "--no-merges",
    "--raw",
    "--no-abbrev",
    "--no-renames",
    "--no-ext-diff",
    "--no-textconv",
    "--no-color",
    "-z",
    "--format=%x01%H%x00%at%x00%s%x00",
]
_MOVES = [
    "diff-tree",
    "-r",
    f"--find-renames={ALIKE}",
    "--diff-filter=R",
    "--raw",
    "--no-abbrev",
    "--no-commit-id",
    "--no-ext-diff",
    "-z",
]
_CLONE = ["-c", "protocol.file.allow=always", "clone", "--bare", "--quiet", "--template=", "--"]
_COMMIT = re.compile("\x01(?=[0-9a-f]{40,64}\0)")
_FILES = ("100644", "100755")
_UPGRADES = ("Apply technical or declaration upgrade on ", "Refilter ")
"""How the archive's engine begins the message of a commit that only reads known bytes in another way; since version
0.20, and before."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One commit of the archive: what the document said when it was looked at."""

    commit: str
    at: datetime
    """The author's date, in UTC."""
    subject: str
    path: str
    """Of the file, as it was then."""
    blob: str
    """The git name of its contents."""

    @property
    def is_upgrade(self) -> bool:
        """Whether the archive only read the same bytes in another way."""
        return self.subject.startswith(_UPGRADES)


@dataclass(frozen=True, slots=True)
class Archive:
    """An open repository. `name` is where it came from, as far as it is known: an address, or the name of a file."""

    folder: Path
    name: str
    tip: str
    """The commit it is read at."""

    def get_observations(self, path: str) -> tuple[Observation, ...]:
        """The earliest first. Raises NotFoundError where no commit holds such a file."""
        found = {each.commit: each for each in self._iter_observations(path)}
        if not found:
            near = get_close_matches(path, self._get_paths(), n=3)
            hint = f"Did you mean {' or '.join(near)}?" if near else "Documents are named SERVICE/TYPE.md."
            raise NotFoundError(f'{self.name}: no commit holds a file "{path}". {hint}')
        in_order = [*found.values()][::-1]  # of the commits: it decides between equal dates
        return tuple(sorted(in_order, key=lambda each: each.at))

    @contextmanager
    def open_bodies(self) -> Iterator[Callable[[Observation], bytes]]:
        """A function that reads what was seen. It raises ConfigurationError where this clone does not hold it."""
        with open_blobs(self.folder) as read_blob:
            yield lambda seen: self._require(read_blob(seen.blob, MOST_BYTES), seen)

    def _require(self, body: bytes | None, seen: Observation) -> bytes:
        if body is None:
            raise ConfigurationError(
                f"{self.name}: the text of commit {seen.commit} is missing, or has more than {MOST_BYTES:,} bytes. "
                "Clone the repository whole: without --filter."
            )
        return body

    def _get_paths(self) -> list[str]:
        return ask(self.folder, "ls-tree", "-r", "-z", "--full-tree", "--name-only", self.tip).split("\0")

    def _iter_observations(self, path: str) -> Iterator[Observation]:
        """The latest first, of each path that the file had in turn."""
        known: set[str] = set()
        wanted = [(path, self.tip)]
        while wanted:
            name, tip = wanted.pop()
            if name in known:
                continue
            known.add(name)
            for seen, is_new in self._iter_at(name, tip):
                yield seen
                if is_new:
                    wanted += [(before, f"{seen.commit}^") for before in self._find_moved(seen)]

    def _iter_at(self, path: str, tip: str) -> Iterator[tuple[Observation, bool]]:
        """What was seen at one path, and whether the commit put the file there."""
        for text in _COMMIT.split(ask(self.folder, *_LOG, tip, "--", f":(top,literal){path}"))[1:]:
            commit, written_at, subject, _, facts, *_ = text.split("\0")
            _, mode, _, blob, status = facts.strip("\n").split(" ")
            if mode in _FILES:
                at = datetime.fromtimestamp(int(written_at), UTC)
                yield Observation(commit, at, subject, path, blob), status == "A"

    def _find_moved(self, seen: Observation) -> list[str]:
        """Where the file was before this commit; empty where it is new."""
        words = ask(self.folder, *_MOVES, seen.commit).split("\0")
        moves = zip(words[1::3], words[2::3], strict=False)  # facts, path before, path after; an end
        return [before for before, after in moves if after == seen.path]


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """The archive in a clone or a bundle.

    Raises NotFoundError where there is nothing, GitError where git cannot read it, ConfigurationError where nothing
    is committed.
    """
    if path.is_dir():
        yield Archive(path, _find_origin(path), _find_tip(path))
    elif path.is_file():
        with TemporaryDirectory(prefix="monitor-backfill-") as folder:
            clone = Path(folder) / "archive.git"
            ask(Path(folder), *_CLONE, str(path.resolve()), str(clone))
            yield Archive(clone, path.name, _find_tip(clone))
    else:
        raise NotFoundError(f"{path}: there is no such folder or file. Name a clone of the repository, or a bundle.")


def _find_tip(folder: Path) -> str:
    """What is checked out; of a bundle that does not say what was, the first branch."""
    found = ask(folder, "rev-parse", "--revs-only", "HEAD") or ask(folder, "rev-parse", "--branches")
    if not found:
        raise ConfigurationError(f"{folder}: this repository holds no commits.")
    return found.split()[0]


def _find_origin(folder: Path) -> str:
    """The address that it was cloned from, without credentials; else the name of the folder."""
    origin = ask(folder, "config", "--default", "", "--get", "remote.origin.url").strip()
    parts = urlsplit(origin)
    if parts.username or parts.password:
        parts = parts._replace(netloc=parts.netloc.rpartition("@")[2])
    return parts.geturl() or folder.resolve().name
