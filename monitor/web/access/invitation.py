"""One-time links, the sessions they turn into, and keys for programs.

A link is good once and for a quarter of an hour. Whoever can make one has a shell on the machine, and so the database:
they need no other proof. A session ends after its time, when somebody signs out, or when it is revoked.

Does not do: HTTP (`monitor.web.access.doors`).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from monitor.errors import ConfigurationError, SignInError
from monitor.store import transaction
from monitor.store.passes import PassSort, add_pass, claim_pass, find_pass, get_passes

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.model import Role
    from monitor.store import Database
    from monitor.store.passes import Pass

GOOD_FOR = timedelta(minutes=15)
"""How long a link waits to be opened."""

AFTER_LINK = timedelta(days=30)
"""How long a session lasts that began with a link: whoever has it was on the machine, and would only make another."""

AFTER_PROVIDER = timedelta(hours=12)
"""And with a provider: a working day, so that whoever leaves the company is out by the next morning."""

_SPENT = (
    "This link lets nobody in: it was used before, is older than 15 minutes, or was not copied whole. "
    "Make another on the machine where the desk runs: monitor web link"
)


def invite(db: Database, who: str, role: Role, now: datetime) -> str:
    """The token of a link that lets in `who`, once."""
    with transaction(db):
        return add_pass(db, PassSort.INVITATION, who=who, role=role, now=now, lasts=GOOD_FOR)


def link(base: str, token: str) -> str:
    return f"{base}/enter?token={token}"


def get_invitation(db: Database, token: str, now: datetime) -> Pass:
    """Whom a link would let in; nothing is spent. Raises SignInError."""
    found = find_pass(db, PassSort.INVITATION, token, now)
    if found is None:
        raise SignInError(_SPENT)
    return found


def accept_invitation(db: Database, token: str, now: datetime) -> tuple[Pass, str]:
    """The invitation, which is spent now, and the token of a new session. Raises SignInError."""
    with transaction(db):
        found = get_invitation(db, token, now)
        claim_pass(db, PassSort.INVITATION, token, now)
        return found, _add_session(db, found.who, found.role, now, AFTER_LINK)


def open_session(db: Database, who: str, role: Role, now: datetime) -> str:
    """The token of a new session of whom a provider named."""
    with transaction(db):
        return _add_session(db, who, role, now, AFTER_PROVIDER)


def _add_session(db: Database, who: str, role: Role, now: datetime, lasts: timedelta) -> str:
    return add_pass(db, PassSort.SESSION, who=who, role=role, now=now, lasts=lasts)


def end_session(db: Database, token: str, now: datetime) -> None:
    """Nothing happens where it has ended before."""
    with transaction(db):
        claim_pass(db, PassSort.SESSION, token, now)


def make_key(db: Database, name: str, role: Role, now: datetime) -> str:
    """The key of a program, good until it is revoked. Raises ConfigurationError where one of this name is good."""
    with transaction(db):
        names = {each.who.casefold() for each in get_passes(db, now) if each.sort is PassSort.KEY}
        if name.casefold() in names:
            raise ConfigurationError(
                f'{name}: there is a key of this name. Choose another name, or first: monitor web revoke "{name}"'
            )
        return add_pass(db, PassSort.KEY, who=name, role=role, now=now, lasts=None)
