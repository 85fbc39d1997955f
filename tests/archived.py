"""A versions repository as Open Terms Archive keeps one: a Markdown file for each document, a commit for each look.

archive = VersionsRepository(folder)
archive.see(RULES, day=1)                          # of `House/Rules.md` on that day of January 2026
archive.see(NEW_RULES, day=2, message="Refilter House Rules")
"""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import UTC, datetime

import pytest

RULES = "House/Rules.md"


def text(*rules, title="Rules of the house"):
    return "\n\n".join([f"# {title}", *rules]) + "\n"


def january(day, hour=9):
    return datetime(2026, 1, day, hour, tzinfo=UTC)


class VersionsRepository:
    def __init__(self, path):
        if shutil.which("git") is None:
            pytest.skip("an archive is a git repository, and git is not installed here")
        self.path = path
        path.mkdir()
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *words, at=None):
        date = (at or january(1)).isoformat()
        who = {"GIT_AUTHOR_NAME": "Archive Bot", "GIT_AUTHOR_EMAIL": "bot@example.org", "GIT_AUTHOR_DATE": date}
        whom = {"GIT_COMMITTER_NAME": "Archive Bot", "GIT_COMMITTER_EMAIL": "bot@example.org"}
        committed = {"GIT_COMMITTER_DATE": "2026-02-01T09:00:00Z"}  # the author's date is the one that counts
        environment = os.environ | who | whom | committed | {"GIT_CONFIG_GLOBAL": os.devnull}
        done = subprocess.run(
            ["git", *words], cwd=self.path, env=environment, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def write(self, body, path=RULES):
        """`body`: text or bytes; None removes the file."""
        file = self.path / path
        file.parent.mkdir(exist_ok=True)
        if body is None:
            file.unlink()
        else:
            file.write_bytes(body if isinstance(body, bytes) else body.encode())

    def see(self, body, day, *, hour=9, path=RULES, message="Record new changes of House Rules"):
        """The name of the commit."""
        self.write(body, path)
        return self.commit(day, hour=hour, message=message)

    def commit(self, day, *, hour=9, message="Record new changes of House Rules"):
        self.git("add", "--all")
        self.git("commit", "--quiet", "-m", message, at=january(day, hour))
        return self.git("rev-parse", "HEAD")

    def move(self, before, after, day, message="Rename a document"):
        (self.path / after).parent.mkdir(exist_ok=True)
        self.git("mv", before, after)
        return self.commit(day, message=message)
