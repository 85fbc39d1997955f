"""Messages that are there already show who decided what: Slack's copy is edited, never posted again.

A message is stale where a Decision is newer than the last one that it shows. Only the blocks that hold the state of a
Change get another text, so nothing else in the message moves. An edit names its message, so repeating one after a crash
or a lost answer does no harm. What nobody heard of may even land after the edit that followed it, so that one is
repeated a while later. A message that cannot be edited any more is left as it is.

Does not do: posting (`digests.send`), the words (`digests.wording`), other channels than Slack, where nothing can be
edited.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, cast

import structlog

from digests import slack
from digests.blocks import revise
from digests.outcomes import Later, Outcome, Posted, Reach, Refused, Unknown, scope
from digests.states import is_state
from digests.wording import standing
from monitor.failing import tolerate
from monitor.store import transaction
from monitor.store.deliveries import FAILED_PAUSE, get_messages, get_stale, mark_doubt, mark_shown, postpone_edits
from monitor.store.locks import sole
from monitor.triage import get_state

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from threading import Event

    from slack_sdk import WebClient

    from digests.blocks import Block
    from monitor.config import Config
    from monitor.model import Delivery, Person
    from monitor.store import Database
    from monitor.store.deliveries import Stale

log = structlog.get_logger(__name__)

WINDOW = timedelta(days=30)
"""Older messages stay as they are; only `refresh` edits them."""

_EVER = datetime.min.replace(tzinfo=UTC)

PAUSE = timedelta(minutes=1)
"""Before the next edit where Slack could not be reached, gave no certain answer or named no time."""

_ONCE_MORE = "edited after an edit without a certain answer, which may still land: to be edited once more"

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
    ended: Event | None = None,
) -> None:
    """Edit the messages that show older Decisions than there are, `pace` seconds apart.

    Those of the last 30 days; or all those of one Change.

    Where Slack is not there, nothing more is edited for as long as `pause`, or as it says; once `ended` is set, nothing
    more at all. Call it as the only sender. Raises nothing for a single message.
    """
    held: set[str] = set()
    stale = get_stale(db, now - WINDOW if change_id is None else _EVER, now, change_id)
    for place, each in enumerate(stale):
        if ended and ended.is_set():
            break
        if any(scope(each.delivery, reach) in held for reach in Reach):
            continue
        what = f"{each.delivery.digest_id}: its message cannot be edited to show what was decided"
        with tolerate("message not edited", what, delivery=each.delivery.id, digest=each.delivery.digest_id):
            blocks = _revised(db, people, _blocks(each.delivery))
            outcome = _edit(client, each.delivery, blocks, pace if place else 0)
            held |= _settle(db, outcome, blocks, stale[place:], now=now, pause=pause)


def refresh(db: Database, config: Config, people: Sequence[Person], change_id: int, now: datetime) -> bool:
    """Edit at once the messages that show this Change; whether one of them, however old, shows now what stands.

    Where a sender is at work, it is left to that or the next one. What does not succeed within seconds is tried again
    by `digests.send.send_pending`, in the messages that it looks after.
    """
    if not config.slack_bot_token:
        return False
    with sole(config.db, "sending") as alone:
        if alone:
            revise_stale(db, slack.connect(config, _CLICK_TIMEOUT), people, now, pace=0, change_id=change_id)
    return any(_shows(db, people, each, change_id) for each in get_messages(db, change_id))


def _shows(db: Database, people: Sequence[Person], delivery: Delivery, change_id: int) -> bool:
    """Whether what it is known to say of this Change is what stands."""
    told = [block for block in _blocks(delivery) if change_id in _shown_changes([block])]
    return not delivery.error and _revised(db, people, told) == told


def _edit(client: WebClient, delivery: Delivery, blocks: list[Block], pause: float) -> Outcome:
    """Slack is not asked where the message is known to show them already."""
    if blocks == _blocks(delivery) and not delivery.error:
        return Posted(delivery.ts)
    time.sleep(pause)
    return slack.update(client, delivery, blocks)


def _blocks(delivery: Delivery) -> list[Block]:
    return cast("list[Block]", delivery.payload["blocks"])


def _revised(db: Database, people: Sequence[Person], blocks: list[Block]) -> list[Block]:
    """The blocks as they are where they show what stands now."""
    return revise(blocks, {each: standing(get_state(db, each), people) for each in _shown_changes(blocks)})


def _shown_changes(blocks: Iterable[Block]) -> Iterator[int]:
    for block in filter(is_state, blocks):
        yield from map(int, block["block_id"].partition(":")[2].split(","))


def _settle(
    db: Database, outcome: Outcome, blocks: list[Block], stale: Sequence[Stale], *, now: datetime, pause: timedelta
) -> set[str]:
    """Keep what follows from an outcome for the first of these; returns the name of what waits, if anything does."""
    first = stale[0]
    match outcome:
        case Posted() if first.delivery.error not in {None, _ONCE_MORE}:
            with transaction(db):
                mark_doubt(db, first.delivery.id, _ONCE_MORE)
                postpone_edits(db, [first.delivery.id], now + pause)
            return set()
        case Posted():
            with transaction(db):
                mark_shown(db, first, {**first.delivery.payload, "blocks": blocks})
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
        if isinstance(outcome, Unknown):
            mark_doubt(db, first.delivery.id, f"perhaps not edited: {error}")
        postpone_edits(db, [each.delivery.id for each in stale if scope(each.delivery, reach) == name], now + pause)
    return {name}
