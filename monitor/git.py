"""The git program, asked about a repository and for the contents of files. Nothing is fetched.

A repository can hold settings that make git run programs. Those that reading a history could start are switched off,
variables that would point git to another repository are not passed on, and whether the repository of another user may
be read at all is left to git: it refuses unless you said so with `safe.directory`.

Does not do: knowing what lies in the repository.
"""

from __future__ import annotations

import os
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

from monitor.errors import GitError
from monitor.settings import without_secrets

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


def ask(folder: Path, *words: str) -> str:
    """What git prints, called in `folder`.

    Raises GitError where git is not installed, or cannot or must not read the repository.
    """
    with start(folder, *words) as process:
        said, complaint = process.communicate()
    if process.returncode:
        why = " ".join(complaint.decode("utf-8", "replace").split())
        raise GitError(
            f"{folder}: git cannot read the history here ({why}). It must be a git repository that you may read."
        )
    return said.decode("utf-8", "replace")


def start(folder: Path, *words: str) -> subprocess.Popen[bytes]:
    """The program under way in `folder`, with pipes to and from it. Raises GitError where it is not installed."""
    environment = {name: value for name, value in without_secrets(os.environ).items() if not name.startswith("GIT_")}
    environment |= {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1"}
    pipe = subprocess.PIPE
    try:
        return subprocess.Popen(  # noqa: S603 - git itself, without a shell; nothing from outside is an option
            [*_SAFELY, *words], cwd=folder, env=environment, stdin=pipe, stdout=pipe, stderr=pipe
        )
    except FileNotFoundError as error:
        missing = (
            "git is not installed. Install it to see this history" if folder.is_dir() else "there is no such folder"
        )
        raise GitError(f"{folder}: {missing}.") from error


@contextmanager
def open_blobs(folder: Path) -> Iterator[Callable[[str, int], bytes | None]]:
    """A function that reads contents by their git name.

    It gives None where they have more bytes than its second argument, or are not in this clone.

    Raises GitError where git is not installed.
    """
    with start(folder, "cat-file", "--batch") as process:
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
