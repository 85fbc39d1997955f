"""The git program, asked for the commits of a folder and the contents of files. Nothing is written, nothing is fetched.

A repository can hold settings that make git run programs. Those that reading a history could start are switched off,
variables that would point git to another repository are not passed on, and whether the repository of another user may
be read at all is left to git: it refuses unless you said so with `safe.directory`.

Does not do: knowing SOPs.
"""

from __future__ import annotations

import os
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from monitor.errors import SopsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_SETTINGS = (
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "log.showSignature=false",  # would start the program that gpg.program names
    "log.showRoot=true",
    "log.follow=false",
    "protocol.allow=never",
)
_SAFELY = ["git", "--no-pager", "--no-replace-objects", *(word for each in _SETTINGS for word in ("-c", each))]
_LOG = [
    "log",
    "--first-parent",
    "--diff-merges=first-parent",
    "--reverse",
    "--raw",
    "--no-abbrev",
    "--no-renames",
    "--no-ext-diff",
    "--no-textconv",
    "--no-color",
    "-z",
    "--format=%x01%H%x00%ct%x00%an%x00",
]
_COMMIT = "\x01"
_FILES = ("100644", "100755")
"""Modes of what is a file: a link, a repository of its own and what is gone have others."""


class Commit(NamedTuple):
    name: str
    committed_at: int
    """Seconds since 1970 in UTC."""
    author: str
    blobs: dict[str, str | None]
    """Paths within the folder that it touched, with the git name of their contents; None = it is gone."""


def iter_commits(folder: Path) -> Iterator[Commit]:
    """The commits that touched a file below `folder`, the earliest first. None where nothing is committed yet.

    Raises SopsError where git is not installed, or cannot or must not read the repository.
    """
    prefix = _ask(folder, "rev-parse", "--show-prefix").rstrip("\n")
    if not _has_commits(folder):
        return
    for text in _ask(folder, *_LOG, "--", ".").split(_COMMIT)[1:]:
        name, committed_at, author, *changes = text.strip("\n").split("\0")
        yield Commit(name, int(committed_at), author, dict(_iter_blobs(changes, prefix)))


def _iter_blobs(changes: list[str], prefix: str) -> Iterator[tuple[str, str | None]]:
    """`changes` are facts and path in turn: `:100644 100644 OLD NEW M`, `sops/a.md`."""
    rows = [each.strip("\n") for each in changes if each.strip("\n")]
    for facts, path in zip(rows[::2], rows[1::2], strict=True):
        _, mode, _, blob, _ = facts.split(" ")
        yield path.removeprefix(prefix), blob if mode in _FILES else None


@contextmanager
def open_blobs(folder: Path) -> Iterator[Callable[[str, int], bytes | None]]:
    """A function that reads contents by their git name.

    It gives None where they have more bytes than its second argument, or are not in this clone.

    Raises SopsError where git is not installed.
    """
    with _start(folder, "cat-file", "--batch") as process:
        yield lambda blob, most: _read_blob(process, blob, most)
        process.communicate()


def _read_blob(process: subprocess.Popen[bytes], blob: str, most: int) -> bytes | None:
    """Asks and is answered: `BLOB blob SIZE`, the contents, an end of line."""
    if process.stdin is None or process.stdout is None:
        return None
    process.stdin.write(f"{blob}\n".encode())
    process.stdin.flush()
    answer = process.stdout.readline().split()
    if len(answer) < len(("blob", "kind", "size")):
        return None
    body = process.stdout.read(int(answer[-1]) + 1)[:-1]
    return body if len(body) <= most else None


def _has_commits(folder: Path) -> bool:
    with _start(folder, "rev-parse", "--verify", "--quiet", "HEAD") as process:
        process.communicate()
    return process.returncode == 0


def _ask(folder: Path, *words: str) -> str:
    with _start(folder, *words) as process:
        said, complaint = process.communicate()
    if process.returncode:
        why = " ".join(complaint.decode("utf-8", "replace").split())
        raise SopsError(
            f"{folder}: git cannot read the history of this folder ({why}). It must lie in a git repository that you "
            "may read; without one everything but the history works."
        )
    return said.decode("utf-8", "replace")


def _start(folder: Path, *words: str) -> subprocess.Popen[bytes]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1"}
    pipe = subprocess.PIPE
    try:
        return subprocess.Popen(  # noqa: S603 - git itself, without a shell; nothing from outside is an option
            [*_SAFELY, *words], cwd=folder, env=environment, stdin=pipe, stdout=pipe, stderr=pipe
        )
    except FileNotFoundError as error:
        missing = (
            "git is not installed. Install it" if folder.is_dir() else "there is no such folder. Name it with --sops"
        )
        raise SopsError(f"{folder}: {missing} to see the history of your SOPs.") from error
