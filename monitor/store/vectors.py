"""Vectors of texts, computed once: what `monitor.impact.meaning` remembers them in, over SQLite.

    vectors = StoredVectors(db)
    meaning = load_meaning(vectors=vectors)
    ...                                                  # seconds of computing, no transaction open
    with transaction(db):
        vectors.save()

Does not do: computing vectors, knowing what they mean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.store import Database

Key = tuple[str, str]
"""Name of the model, sha256 of the text."""


class StoredVectors:
    """What the table `section_vector` holds, and what was set since and is not saved yet."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._unsaved: dict[Key, bytes] = {}

    def __contains__(self, key: Key) -> bool:
        return self._find(key) is not None

    def __getitem__(self, key: Key) -> bytes:
        vector = self._find(key)
        if vector is None:
            raise KeyError(key)
        return vector

    def __setitem__(self, key: Key, vector: bytes) -> None:
        self._unsaved[key] = vector

    def save(self) -> None:
        """Write what is new. What another process has written meanwhile is the same and stays."""
        sql = "INSERT OR IGNORE INTO section_vector (model, text_sha256, vector) VALUES (?, ?, ?)"
        self._db.conn.executemany(sql, [(*key, vector) for key, vector in self._unsaved.items()])
        self._unsaved.clear()

    def _find(self, key: Key) -> bytes | None:
        if key in self._unsaved:
            return self._unsaved[key]
        sql = "SELECT vector FROM section_vector WHERE model = ? AND text_sha256 = ?"
        row = self._db.execute(sql, key).fetchone()
        return row[0] if row else None
