"""`monitor digest` and `deliver`.

Does not do: composing, wording or sending (`digests`).
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from digests.blocks import messages
from digests.compose import compose, compose_due
from digests.send import send_pending
from digests.text import to_markdown, to_text
from monitor import schedule
from monitor.cli import pass_config
from monitor.cli.look import parse_time
from monitor.cli.output import digest_json
from monitor.errors import NotFoundError
from monitor.model import Period
from monitor.store.digests import get_digest, has_digest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from monitor.config import Config
    from monitor.model import Audience, Digest
    from monitor.store import Database


@click.command()
@click.option("--period", type=click.Choice([str(each) for each in Period]), default="daily", show_default=True)
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

    The daily digest is composed where it is due, once for each day, and waits to be delivered; asked for again, it is
    shown as it was composed. A weekly one, or one --since a time, is for reading and never stored.

    \b
    Example: monitor digest --dry-run --format markdown
    """
    if since and period == Period.WEEKLY:
        raise click.UsageError("--since names the time itself: leave out --period weekly")
    with schedule.open_desk(config) as desk:
        stored = period == Period.DAILY and since is None and not dry_run
        if stored:
            compose_due(desk.db, desk.declared.audiences, config, config.now())
        previews = [
            compose(desk.db, each, config.now(), period=Period(period), since=since)
            for each in _choose(desk.declared.audiences, audience)
        ]
        found = [_get_stored(desk.db, each) if stored else each for each in previews]
    if form in {"slack", "json"}:
        show = _slack if form == "slack" else digest_json
        click.echo(json.dumps([show(each) for each in found], ensure_ascii=False))
    else:
        click.echo("\n\n".join(map(to_markdown if form == "markdown" else to_text, found)))


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@pass_config
def deliver(config: Config, *, as_json: bool) -> None:
    """Send what is pending, once; also what was refused before, in case the channel was mended.

    \b
    Example: SLACK_BOT_TOKEN=xoxb-… monitor deliver
    """
    with schedule.open_desk(config) as desk:
        sent = send_pending(desk.db, config, config.now(), retry_failed=True)
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


def _get_stored(db: Database, preview: Digest) -> Digest:
    """The Digest of that day as it was composed; the preview, where it is not due yet."""
    known = has_digest(db, preview.audience_id, preview.period, preview.local_date)
    return get_digest(db, preview.id) if known else preview


def _slack(digest: Digest) -> dict[str, object]:
    parts = [{"text": part.text, "blocks": list(part.blocks)} for part in messages(digest)]
    return {"digest": digest.id, "messages": parts}
