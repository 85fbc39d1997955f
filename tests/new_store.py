"""A new database for a test: a copy of one that was made by all steps of the schema, once in each process.

db = new_store(tmp_path / "monitor.db")

Does not do: opening as the program does it where there is no file yet; `open_store` does, and its tests are in
tests/store.
"""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from monitor.store import open_store


def new_store(path):
    """The empty database at `path`, opened, whatever was there. It holds nothing that tells it from another."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_make_empty())
    return open_store(path)


@cache
def _make_empty():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "monitor.db"
        open_store(path).close()
        return path.read_bytes()
