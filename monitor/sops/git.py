"""The commits of a folder, and what each did to its files.

Does not do: starting git (`monitor.git`), knowing SOPs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from monitor.git import ask, start

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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

    Raises GitError where git is not installed, or cannot or must not read the repository.
    """
    prefix = ask(folder, "rev-parse", "--show-prefix").rstrip("\n")
    if not _has_commits(folder):
        return
    for text in ask(folder, *_LOG, "--", ".").split(_COMMIT)[1:]:
        name, committed_at, author, *changes = text.strip("\n").split("\0")
        yield Commit(name, int(committed_at), author, dict(_iter_blobs(changes, prefix)))


def _iter_blobs(changes: list[str], prefix: str) -> Iterator[tuple[str, str | None]]:
    """`changes` are facts and path in turn: `:100644 100644 OLD NEW M`, `sops/a.md`."""
    rows = [each.strip("\n") for each in changes if each.strip("\n")]
    for facts, path in zip(rows[::2], rows[1::2], strict=True):
        _, mode, _, blob, _ = facts.split(" ")
        yield path.removeprefix(prefix), blob if mode in _FILES else None


def _has_commits(folder: Path) -> bool:
    with start(folder, "rev-parse", "--verify", "--quiet", "HEAD") as process:
        process.communicate()
    return process.returncode == 0
