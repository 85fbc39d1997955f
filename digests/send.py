"""The outbox's sender: every Delivery reaches its channel once, whatever crashes.

    claim (a committed conditional update)  ▸  look, if there was an attempt before  ▸  post  ▸  mark

A crash after the claim leaves `sending`. No attempt after the first one posts before it has searched the channel for
the message, because any earlier one may have got through although nobody heard. One sender works at a time: two could
both look, both find nothing, and both post.

Parts go in order. What must wait holds up its channel, what failed holds up the later parts of its own Digest only.

Does not do: composing, layout. Nothing is sent inside a transaction.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from digests import slack
from digests.files import FILE, FOLDER, write_files
from digests.outcomes import Later, Outcome, Posted, Refused, Unknown
from monitor.model import DeliveryState
from monitor.store import transaction
from monitor.store.deliveries import (
    claim_delivery,
    find_audience_without_channel,
    get_open,
    mark_failed,
    mark_sent,
    mark_waiting,
    release_failed,
)
from monitor.store.locks import sole

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.config import Config
    from monitor.model import Delivery
    from monitor.store import Database

log = structlog.get_logger(__name__)

UNKNOWN_PAUSE = timedelta(seconds=60)
"""After an unknown outcome: a slow accept may show in the history only after our own time-out."""

_MISSING_CHANNEL = (
    "SLACK_BOT_TOKEN is set, but audience {} has no channel: set SLACK_CHANNEL, or slack_channel in sources.yaml. "
    "Its digests go to files only."
)


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds that the sender gives Slack."""

    timeout: float = 30
    settle: float = 3
    """Between two looks into the history before posting again what a crash left behind."""
    pace: float = 1
    """Between two posts. Slack takes about one message a second and channel."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What one call of `send_pending` did.

    `messages` has one line for each Delivery that is not there, and for each Audience whose new Digest has no channel
    although there is a token.
    """

    sent: int = 0
    waiting: int = 0
    failed: int = 0
    messages: tuple[str, ...] = ()


def send_pending(
    db: Database, config: Config, now: datetime, *, retry_failed: bool = False, patience: Patience = Patience()
) -> Sent:
    """Send what is pending, once each; with `retry_failed` also what was refused before.

    Returns at once, with nothing done, while another sender is at work. Raises nothing for a single Delivery.
    """
    with sole(config.db, "sending") as alone:
        if not alone:
            return Sent()
        if retry_failed:
            with transaction(db):
                release_failed(db)
        return _Sender(db, config, now, patience).send_all()


class _Sender:
    """One pass over the outbox."""

    def __init__(self, db: Database, config: Config, now: datetime, patience: Patience) -> None:
        self._db = db
        self._config = config
        self._now = now
        self._patience = patience
        self._client = slack.connect(config, patience.timeout)
        self._has_posted = False

    def send_all(self) -> Sent:
        held: set[tuple[str, ...]] = set()
        done = Sent()
        for delivery in get_open(self._db):
            thread = (delivery.channel, delivery.digest_id)
            if held & {thread, thread[:1]}:
                done = replace(done, waiting=done.waiting + 1)
                continue
            outcome = self._send(delivery)
            done = _count(done, delivery, outcome)
            if isinstance(outcome, Posted):
                done = self._note_missing_channel(done, delivery)
            else:
                held.add(thread[:1] if isinstance(outcome, Later) else thread)
        return done

    def _note_missing_channel(self, done: Sent, delivery: Delivery) -> Sent:
        """Said with the file of a Digest, which is written once: so it is said once for each Digest."""
        if not self._config.slack_bot_token or self._config.slack_channel:
            return done
        audience_id = find_audience_without_channel(self._db, delivery.digest_id)
        line = _MISSING_CHANNEL.format(audience_id)
        if audience_id is None or line in done.messages:
            return done
        return replace(done, messages=(*done.messages, line))

    def _send(self, delivery: Delivery) -> Outcome:
        """The boundary of one Delivery: what goes wrong inside leaves it `sending`, to be looked for."""
        if delivery.next_attempt_at and self._now < delivery.next_attempt_at:
            return (Later if delivery.state is DeliveryState.PENDING else Unknown)(delivery.error or "")
        try:
            with transaction(self._db):
                claimed = claim_delivery(self._db, delivery, self._now)
            outcome = self._reach(delivery) if claimed else Unknown("another sender has begun it")
            if claimed:
                self._mark(delivery, outcome)
        except Exception as error:
            log.exception("delivery failed unexpectedly", delivery=delivery.id, digest=delivery.digest_id)
            return Unknown(f"{type(error).__name__}: {error}")
        return outcome

    def _reach(self, delivery: Delivery) -> Outcome:
        if delivery.channel == FILE:
            return write_files(self._config.var / FOLDER, delivery.payload)
        if not self._config.slack_bot_token:
            return Later("SLACK_BOT_TOKEN is not set. Set it, then: monitor deliver")
        if delivery.attempts and (found := self._look(delivery)):
            return found
        if self._has_posted:
            time.sleep(self._patience.pace)
        self._has_posted = True
        return slack.post(self._client, delivery)

    def _look(self, delivery: Delivery) -> Outcome | None:
        """What an earlier attempt led to, or None where it is safe to post."""
        since = None if self._config.fixed_now else delivery.first_attempt_at
        found = slack.find_posted(self._client, delivery, since=since)
        if found or delivery.state is DeliveryState.PENDING:
            return found
        time.sleep(self._patience.settle)
        return slack.find_posted(self._client, delivery, since=since)

    def _mark(self, delivery: Delivery, outcome: Outcome) -> None:
        log.info(
            "delivery attempted",
            digest=delivery.digest_id,
            channel=delivery.channel,
            part=delivery.part,
            outcome=type(outcome).__name__.lower(),
        )
        with transaction(self._db):
            match outcome:
                case Posted(ts):
                    mark_sent(self._db, delivery.id, ts=ts, at=self._now)
                case Refused(error):
                    mark_failed(self._db, delivery.id, error=error)
                case Later(error, pause):
                    again_at = self._now + pause if pause else None
                    # An attempt before this one may have got through: only the state before says.
                    mark_waiting(self._db, delivery.id, delivery.state, error=error, next_attempt_at=again_at)
                case Unknown(error):
                    again_at = self._now + UNKNOWN_PAUSE
                    mark_waiting(self._db, delivery.id, DeliveryState.SENDING, error=error, next_attempt_at=again_at)


def _count(done: Sent, delivery: Delivery, outcome: Outcome) -> Sent:
    if isinstance(outcome, Posted):
        return replace(done, sent=done.sent + 1)
    line = f"{delivery.digest_id} to {delivery.channel}, part {delivery.part} of {delivery.parts}: {outcome.error}"
    done = replace(done, messages=(*done.messages, line))
    if isinstance(outcome, Refused):
        return replace(done, failed=done.failed + 1)
    return replace(done, waiting=done.waiting + 1)
