"""Messages that are there already show who decided what: Slack's copy is edited, never posted again.

A message is stale where a Decision is newer than the last one that it shows. Only the blocks that hold the state of a
Change get another text, so nothing else in the message moves. An edit names its message, so repeating one after a crash
or a lost answer does no harm. A message that cannot be edited any more is left as it is.

Does not do: posting (`digests.send`), the words (`digests.wording`), other channels than Slack, where nothing can be
edited.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING, cast

import structlog

from digests import slack
from digests.blocks import revise
from digests.outcomes import Later, Outcome, Posted, Reach, Refused, Unknown, scope
from digests.states import is_state
from digests.wording import standing
from monitor.store import transaction
from monitor.store.deliveries import FAILED_PAUSE, get_stale, mark_shown, postpone_edits
from monitor.store.locks import sole
from monitor.triage import get_state

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from slack_sdk import WebClient

    from digests.blocks import Block
    from monitor.config import Config
    from monitor.model import Person
    from monitor.store import Database
    from monitor.store.deliveries import Stale

log = structlog.get_logger(__name__)

WINDOW = timedelta(days=30)
"""Older messages stay as they are."""

PAUSE = timedelta(minutes=1)
"""Before the next edit where Slack could not be reached, gave no certain answer or named no time."""

_CLICK_TIMEOUT = 5
"""Seconds that an edit may take while a person waits for it."""


def revise_stale(
    db: Database,
    client: WebClient,
    people: Sequence[Person],
    now: datetime,
    *,
    pace: float,
    pause: timedelta = PAUSE,
    change_id: int | None = None,
) -> None:
    """Edit the messages that show older Decisions than there are, of one Change or of all, `pace` seconds apart.

    Where Slack is not there, nothing more is edited for as long as `pause`, or as it says. Call it as the only sender.
    Raises nothing for a single message.
    """
    held: set[str] = set()
    stale = get_stale(db, now - WINDOW, now, change_id)
    for place, each in enumerate(stale):
        if any(scope(each.delivery, reach) in held for reach in Reach):
            continue
        try:
            outcome = _revise(db, client, people, each, pace if place else 0)
            held |= _settle(db, outcome, stale[place:], now, pause)
        except Exception:
            log.exception("message not edited", delivery=each.delivery.id, digest=each.delivery.digest_id)


def refresh(db: Database, config: Config, people: Sequence[Person], change_id: int, now: datetime) -> None:
    """Edit at once the messages that show this Change; where a sender is at work, it is left to that or the next one.

    What does not succeed within seconds is tried again by `digests.send.send_pending`.
    """
    if not config.slack_bot_token:
        return
    with sole(config.db, "sending") as alone:
        if alone:
            revise_stale(db, slack.connect(config, _CLICK_TIMEOUT), people, now, pace=0, change_id=change_id)


def _revise(db: Database, client: WebClient, people: Sequence[Person], stale: Stale, pause: float) -> Outcome:
    """Make the message show what stands now; Slack is not asked where it does already."""
    delivery = stale.delivery
    blocks = cast("list[Block]", delivery.payload["blocks"])
    states = {each: standing(get_state(db, each), people) for each in _shown_changes(blocks)}
    revised = revise(blocks, states)
    outcome: Outcome = Posted(delivery.ts)
    if revised != blocks:
        time.sleep(pause)
        outcome = slack.update(client, delivery, revised)
    if isinstance(outcome, Posted):
        with transaction(db):
            mark_shown(db, stale, {**delivery.payload, "blocks": revised})
    return outcome


def _shown_changes(blocks: Iterable[Block]) -> Iterator[int]:
    for block in filter(is_state, blocks):
        yield from map(int, block["block_id"].partition(":")[2].split(","))


def _settle(db: Database, outcome: Outcome, stale: Sequence[Stale], now: datetime, pause: timedelta) -> set[str]:
    """Keep what follows from an outcome for the first of these; returns the name of what waits, if anything does."""
    first = stale[0]
    match outcome:
        case Posted():
            return set()
        case Refused(error, Reach.DIGEST):
            log.info("message cannot be edited", digest=first.delivery.digest_id, ts=first.delivery.ts, error=error)
            with transaction(db):
                mark_shown(db, first, first.delivery.payload)
            return set()
        case Refused(error, reach):
            pause = FAILED_PAUSE
        case Later(error, asked) | Unknown(error, asked):
            reach, pause = Reach.SERVICE, asked or pause
    name = scope(first.delivery, reach)
    log.info("messages wait to be edited", channels=name, error=error)
    with transaction(db):
        postpone_edits(db, [each.delivery.id for each in stale if scope(each.delivery, reach) == name], now + pause)
    return {name}
