"""What lets people and programs in: invitations, sessions and keys. Of each, only a hash of its token is kept.

A token is 256 bits of chance, so its plain SHA-256 is enough: there is nothing to guess, and a search in the index for
the hash takes as long for a token that nearly fits as for any other.

Does not do: deciding who may come in (`monitor.web.access`).
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from monitor.model import Role
from monitor.store import read_time, write_time

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from monitor.store import Database


class PassSort(StrEnum):
    """What a Pass is for."""

    INVITATION = "invitation"
    """Good for one session."""
    SESSION = "session"
    """A browser."""
    KEY = "key"
    """A program or a calendar."""


@dataclass(frozen=True, slots=True)
class Pass:
    """Somebody who may come in: `who` is the actor of what they decide."""

    sort: PassSort
    who: str
    role: Role
    made_at: datetime
    expires_at: datetime | None
    """None = good until it is revoked."""


def add_pass(db: Database, sort: PassSort, *, who: str, role: Role, now: datetime, lasts: timedelta | None) -> str:
    """The token, which nobody can find out afterwards. `lasts` None: until it is revoked.

    What ended by itself before is forgotten.
    """
    db.execute("DELETE FROM pass WHERE expires_at <= ?", [write_time(now)])
    token = secrets.token_urlsafe(32)
    row = {
        "token_sha256": _hash(token),
        "sort": sort,
        "who": who,
        "role": role,
        "made_at": write_time(now),
        "expires_at": write_time(now + lasts) if lasts else None,
        "revoked_at": None,
    }
    db.table("pass").insert(row)
    return token


def find_pass(db: Database, sort: PassSort, token: str, now: datetime) -> Pass | None:
    """The Pass of this token, where it is one of this sort and still good."""
    rows = db.query(
        """SELECT * FROM pass WHERE token_sha256 = ? AND sort = ?
           AND revoked_at IS NULL AND coalesce(expires_at, 'never') > ?""",
        [_hash(token), sort, write_time(now)],
    )
    return next(map(_read, rows), None)


def claim_pass(db: Database, sort: PassSort, token: str, now: datetime) -> bool:
    """End the Pass of this token. False: it had ended before, or never was one of this sort."""
    done = db.execute(
        """UPDATE pass SET revoked_at = :now WHERE token_sha256 = :hash AND sort = :sort
           AND revoked_at IS NULL AND coalesce(expires_at, 'never') > :now""",
        {"hash": _hash(token), "sort": sort, "now": write_time(now)},
    )
    return done.rowcount == 1


def revoke_passes(db: Database, who: str, now: datetime) -> int:
    """How many that were good are so no longer. `who` may be written in any case."""
    done = db.execute(
        """UPDATE pass SET revoked_at = :now WHERE who = :who COLLATE NOCASE
           AND revoked_at IS NULL AND coalesce(expires_at, 'never') > :now""",
        {"who": who, "now": write_time(now)},
    )
    return done.rowcount


def get_passes(db: Database, now: datetime) -> list[Pass]:
    """All that are good, by name."""
    rows = db.query(
        """SELECT * FROM pass WHERE revoked_at IS NULL AND coalesce(expires_at, 'never') > ?
           ORDER BY who COLLATE NOCASE, sort, made_at""",
        [write_time(now)],
    )
    return [_read(row) for row in rows]


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _read(row: dict[str, Any]) -> Pass:
    return Pass(
        sort=PassSort(row["sort"]),
        who=row["who"],
        role=Role(row["role"]),
        made_at=read_time(row["made_at"]),
        expires_at=read_time(row["expires_at"]) if row["expires_at"] else None,
    )
