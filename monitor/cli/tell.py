"""`monitor digest` and `deliver`.

Does not do: composing, wording or sending (`digests`).
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from digests.blocks import messages
from digests.compose import WEEK, compose, compose_due, get_states
from digests.jsonform import digest_json
from digests.send import send_pending
from digests.text import to_markdown, to_text
from monitor.cli import pass_config
from monitor.cli.look import parse_time
from monitor.desk import open_desk
from monitor.errors import NotFoundError
from monitor.model import Period
from monitor.store.digests import find_digest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from monitor.config import Config
    from monitor.model import Audience, Digest, Person
    from monitor.store import Database


@click.command()
@click.option("--period", type=click.Choice(["daily", "weekly"]), default="daily", show_default=True)
@click.option("--since", metavar="ISO", callback=parse_time, help="Everything confirmed since then, told or not.")
@click.option("--audience", metavar="ID", help="Of one audience; without it of each.")
@click.option("--dry-run", is_flag=True, help="Store nothing: the digest as it would be now.")
@click.option(
    "--format", "form", type=click.Choice(["text", "markdown", "slack", "json"]), default="text", show_default=True
)
@pass_config
def digest(
    config: Config, *, period: str, since: datetime | None, audience: str | None, dry_run: bool, form: str
) -> None:
    """What each audience is told.

    What is due is composed, once for each day or week, and waits to be delivered; asked for again, it is shown as it
    was composed. What is not due yet, or asked for --since a time, is for reading and not stored.

    \b
    Example: monitor digest --dry-run --format markdown
    """
    if since and period == Period.WEEKLY:
        raise click.UsageError("--since names the time itself: leave out --period weekly")
    with open_desk(config) as desk:
        db, people, now = desk.db, desk.declared.people, config.now()
        is_stored = since is None and not dry_run
        if is_stored:
            compose_due(db, desk.declared.audiences, config, now, people)
        previews = [
            compose(db, each, now, period=Period(period), since=since, people=people)
            for each in _choose(desk.declared.audiences, audience)
        ]
        found = [(is_stored and _find_stored(db, each)) or each for each in previews]
        shown = [_FORMS[form](each, people, get_states(db, each, people)) for each in found]
    if form in {"slack", "json"}:
        click.echo(json.dumps(shown, ensure_ascii=False))
    else:
        click.echo("\n\n".join(map(str, shown)))


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@pass_config
def deliver(config: Config, *, as_json: bool) -> None:
    """Send what is pending, once; also what was refused before, in case the channel was mended.

    \b
    Example: SLACK_BOT_TOKEN=xoxb-… monitor deliver
    """
    with open_desk(config) as desk:
        sent = send_pending(desk.db, config, config.now(), people=desk.declared.people, retry_failed=True)
    if as_json:
        facts = {"sent": sent.sent, "waiting": sent.waiting, "failed": sent.failed, "messages": sent.messages}
        click.echo(json.dumps(facts, ensure_ascii=False))
    else:
        click.echo(f"{sent.sent} sent, {sent.waiting} waiting, {sent.failed} refused")
        for line in sent.messages:
            click.echo(f"  {line}")
    sys.exit(1 if sent.messages else 0)


def _choose(audiences: Sequence[Audience], named: str | None) -> Sequence[Audience]:
    if named is None:
        return audiences
    found = [each for each in audiences if each.id == named]
    if not found:
        known = ", ".join(each.id for each in audiences)
        raise NotFoundError(f'audience "{named}": sources.yaml declares none with this id. There are: {known}')
    return found


def _find_stored(db: Database, preview: Digest) -> Digest | None:
    """The Digest of that day, or of the week before it, as it was composed; None where it is not due yet."""
    days = WEEK.days if preview.period is Period.WEEKLY else 1
    return find_digest(db, preview.audience_id, preview.period, preview.local_date, days=days)


def _slack(digest: Digest, people: Sequence[Person], states: Mapping[int, str]) -> dict[str, object]:
    parts = [{"text": part.text, "blocks": list(part.blocks)} for part in messages(digest, people, states)]
    return {"digest": digest.id, "messages": parts}


def _json(digest: Digest, *_: object) -> dict[str, object]:
    return digest_json(digest)


_FORMS: dict[str, Callable[[Digest, Sequence[Person], Mapping[int, str]], object]] = {
    "text": to_text,
    "markdown": to_markdown,
    "slack": _slack,
    "json": _json,
}
