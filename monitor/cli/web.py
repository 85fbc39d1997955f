"""`monitor web`: who may come to the desk. Whoever can run it has the database, and needs no other proof.

`keys --json` prints one document: [{"who", "role", "sort", "made_at", "expires_at"}]; sort is invitation, session or
key, and an `expires_at` of null is until it is revoked.

Does not do: the rules (`monitor.web.access`).
"""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING

import click
from rich.table import Table

from digests.wording import find_person
from digests.words import count
from monitor.cli import by_option, pass_config
from monitor.cli.output import console, say_time
from monitor.errors import NotFoundError
from monitor.model import Role
from monitor.sources import load_sources
from monitor.store import open_store, open_to_read, transaction, write_time
from monitor.store.passes import PassSort, get_passes, revoke_passes
from monitor.web.access import invitation

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.store.passes import Pass

_HERE = "http://127.0.0.1:8420"
"""Where `monitor serve` listens, unless it was told otherwise."""

_SORTS = {PassSort.INVITATION: "link", PassSort.SESSION: "session", PassSort.KEY: "key"}

role_choice = click.Choice([each.value for each in Role])


@click.group()
def web() -> None:
    """Who may come to the desk: links for people, keys for programs and calendars.

    \b
    Example: monitor web link
    """


@web.command("link")
@by_option
@click.option("--role", type=role_choice, help="What they may do. [as under people in sources.yaml, else lead]")
@click.option("--port", type=int, help="Of the service on this machine, for a link to it. [MONITOR_WEB_URL, else 8420]")
@pass_config
def make_link(config: Config, *, by: str, role: str | None, port: int | None) -> None:
    """Print a link that lets one person in, once, within 15 minutes.

    \b
    Example: monitor web link
             monitor web link --by "Maria Lopez" --role specialist
    """
    person = find_person(by, load_sources(config.sources).people)
    who = person.name if person else by
    given = Role(role) if role else person.role if person else Role.LEAD
    with closing(open_store(config.db)) as db:
        token = invitation.invite(db, who, given, config.now())
    click.echo(invitation.link(f"http://127.0.0.1:{port}" if port else config.web.url or _HERE, token))
    click.echo(f"Good once, for 15 minutes, for {who} as {given}.", err=True)


@web.command("key")
@click.argument("name")
@click.option("--role", type=role_choice, default=Role.READER.value, show_default=True, help="What it may do.")
@pass_config
def make_key(config: Config, *, name: str, role: str) -> None:
    """Print a key for a program or a calendar, this once. What the program decides is kept under NAME.

    \b
    Example: monitor web key calendar
             monitor web key importer --role specialist
    """
    with closing(open_store(config.db)) as db:
        key = invitation.make_key(db, name, Role(role), config.now())
    click.echo(key)
    feed = f"{config.web.url or _HERE}/calendar.ics?key=KEY"
    click.echo(f"Send it as a header, Authorization: Bearer KEY, or for feeds: {feed}", err=True)


@web.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@pass_config
def keys(config: Config, *, as_json: bool) -> None:
    """Who is let in now: keys, sessions, and links that nobody has used yet.

    \b
    Example: monitor web keys
    """
    with closing(open_to_read(config.db)) as db:
        passes = get_passes(db, config.now())
    if as_json:
        click.echo(json.dumps([_as_json(each) for each in passes], ensure_ascii=False))
        return
    table = Table("who", "role", "by", "since", "until", box=None, header_style="dim")
    for each in passes:
        until = say_time(each.expires_at) if each.expires_at else "revoked"
        table.add_row(each.who, each.role, _SORTS[each.sort], say_time(each.made_at), until)
    console().print(table if passes else "Nobody is let in now.")


@web.command()
@click.argument("name")
@pass_config
def revoke(config: Config, *, name: str) -> None:
    """End every session, key and unused link of NAME, at once.

    \b
    Example: monitor web revoke calendar
    """
    with closing(open_store(config.db)) as db, transaction(db):
        ended = revoke_passes(db, name, config.now())
    if not ended:
        raise NotFoundError(f"{name}: nobody of this name is let in. See: monitor web keys")
    click.echo(f"{name}: {count(ended, 'session, key or link', 'sessions, keys and links')} ended.")


def _as_json(each: Pass) -> dict[str, str | None]:
    return {
        "who": each.who,
        "role": each.role,
        "sort": each.sort,
        "made_at": write_time(each.made_at),
        "expires_at": write_time(each.expires_at) if each.expires_at else None,
    }
