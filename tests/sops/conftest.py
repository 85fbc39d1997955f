"""A folder of SOPs, with and without a git repository around it."""

from __future__ import annotations

import os
import subprocess

import pytest


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "sops"
    made.mkdir()
    return made


class Repository:
    """A git repository whose folder `sops` holds the procedures."""

    def __init__(self, path):
        self.path = path
        self.sops = path / "sops"
        self.sops.mkdir(parents=True)
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *words, day=1):
        date = f"2026-03-{day:02}T09:00:00+02:00"
        who = {"GIT_AUTHOR_NAME": "Ana Lind", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_AUTHOR_DATE": date}
        whom = {"GIT_COMMITTER_NAME": "Bot", "GIT_COMMITTER_EMAIL": "b@example.org", "GIT_COMMITTER_DATE": date}
        environment = os.environ | who | whom | {"GIT_CONFIG_GLOBAL": os.devnull}
        done = subprocess.run(
            ["git", *words], cwd=self.path, env=environment, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def write(self, name, body):
        """`body` = "" removes the file."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if body:
            path.write_text(body)
        else:
            path.unlink()

    def commit(self, day, **files):
        """`a_md="text"` writes sops/a.md."""
        for name, body in files.items():
            self.write(f"sops/{name.replace('_', '.')}", body)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", f"Day {day}", day=day)
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path):
    return Repository(tmp_path / "desk")
