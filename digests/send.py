"""The outbox's sender: every Delivery reaches its channel once, whatever crashes.

    claim (a committed conditional update)  ▸  look, if there was an attempt before  ▸  post  ▸  mark

A crash after the claim leaves `sending`. No attempt after the first one posts before it has searched the channel for
the message, because any earlier one may have got through although nobody heard. One sender works at a time: two could
both look, both find nothing, and both post. Where nobody can look (e-mail, webhooks), the Delivery's id goes along, by
which the receiver knows what it has.

Each channel gets its Digests in the order they were composed, and the parts of one never in another:

    not there, for now         the channel waits
    nobody knows               the later parts of that Digest wait; what else there is goes on
    refused                    as far as the reason reaches, nothing is attempted until an hour later: the later parts,
                               the channel, or every channel of that sort. What comes new makes it try the channel
                               again, the oldest first

At the end of a pass the messages that show older Decisions than there are, are edited (`digests.revising`).

Does not do: composing, layout. Nothing is sent inside a transaction.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import timedelta
from threading import Event
from typing import TYPE_CHECKING

import structlog

from digests import channels, slack
from digests.outcomes import Later, Outcome, Posted, Reach, Refused, Unknown, scope
from digests.revising import revise_stale
from monitor.failing import tolerate
from monitor.model import DeliveryState
from monitor.store import transaction
from monitor.store.deliveries import (
    claim_delivery,
    find_audience_without_channel,
    get_open,
    mark_failed,
    mark_sent,
    mark_waiting,
    name_channel,
)
from monitor.store.locks import sole

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from slack_sdk import WebClient

    from monitor.config import Config
    from monitor.model import Delivery, Person
    from monitor.store import Database

log = structlog.get_logger(__name__)

UNKNOWN_PAUSE = timedelta(seconds=60)
"""After an unknown outcome in Slack: a slow accept may show in the history only after our own time-out."""

GROWING_PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 60))
"""After the first, second, … unknown outcome where the receiver is not Slack; the last one from then on.

As long as Standard Webhooks advises, but never longer than what was refused waits.
"""

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
    """Between two posts or edits. Slack takes about one message a second and channel."""
    unknown: timedelta = UNKNOWN_PAUSE
    """Before the next attempt, of whichever sort, where nobody knows how the one before ended."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What one call of `send_pending` did.

    `messages` has one line for each Delivery that was to be there and is not, and for each Audience whose new Digest
    has no channel although there is a token. What was refused earlier and is not due again counts nowhere.
    """

    sent: int = 0
    waiting: int = 0
    failed: int = 0
    messages: tuple[str, ...] = ()


def send_pending(
    db: Database,
    config: Config,
    now: datetime,
    *,
    people: Sequence[Person] = (),
    retry_failed: bool = False,
    patience: Patience = Patience(),
    ended: Event | None = None,
) -> Sent:
    """Send what is pending, once each, then edit what shows older Decisions; with `retry_failed` at once what failed.

    `people` are those that Decisions name. Once `ended` is set, no further Digest is begun and no message edited.
    Returns at once, with nothing done, while another sender is at work. Raises nothing for a single Delivery.
    """
    ended = ended or Event()
    with sole(config.db, "sending") as alone:
        if not alone:
            return Sent()
        client = slack.connect(config, patience.timeout)
        sent = _Sender(db, config, client, now, patience, ended=ended).send_all(retry_failed=retry_failed)
        if config.slack_bot_token and not ended.is_set():
            with tolerate("messages not edited", "messages in Slack cannot be edited to show what was decided"):
                revise_stale(db, client, people, now, pace=patience.pace, pause=patience.unknown, ended=ended)
        return sent


class _Sender:
    """One pass over the outbox."""

    def __init__(
        self, db: Database, config: Config, client: WebClient, now: datetime, patience: Patience, *, ended: Event
    ) -> None:
        self._db = db
        self._config = config
        self._client = client
        self._now = now
        self._patience = patience
        self._ended = ended
        self._has_posted = False

    def send_all(self, *, retry_failed: bool) -> Sent:
        held: set[str] = set()
        done = Sent()
        queue = get_open(self._db)
        awake = {each.channel for each in queue if each.state is not DeliveryState.FAILED and self._is_due(each)}
        for place, delivery in enumerate(queue):
            if self._ended.is_set() and (not place or queue[place - 1].digest_id != delivery.digest_id):
                break
            if not (retry_failed or delivery.channel in awake) and self._stays_failed(delivery):
                held.add(scope(delivery, Reach.DIGEST))
            elif any(scope(delivery, reach) in held for reach in Reach):
                done = replace(done, waiting=done.waiting + 1)
            elif isinstance(outcome := self._send(delivery, queue[place + 1 :]), Posted):
                done = self._note_missing_channel(replace(done, sent=done.sent + 1), delivery)
            else:
                done = _count(done, delivery, outcome)
                held.add(scope(delivery, _reach(outcome)))
        return done

    def _stays_failed(self, delivery: Delivery) -> bool:
        """Whether it was refused less than an hour ago."""
        return delivery.state is DeliveryState.FAILED and not self._is_due(delivery)

    def _is_due(self, delivery: Delivery) -> bool:
        return delivery.next_attempt_at is None or delivery.next_attempt_at <= self._now

    def _note_missing_channel(self, done: Sent, delivery: Delivery) -> Sent:
        """Said with the file of a Digest, which is written once: so it is said once for each Digest."""
        if not self._config.slack_bot_token or self._config.slack_channel:
            return done
        audience_id = find_audience_without_channel(self._db, delivery.digest_id)
        line = _MISSING_CHANNEL.format(audience_id)
        if audience_id is None or line in done.messages:
            return done
        return replace(done, messages=(*done.messages, line))

    def _send(self, delivery: Delivery, later: Sequence[Delivery]) -> Outcome:
        """The boundary of one Delivery: a mistake of ours is an unknown outcome, for it may have got through."""
        if delivery.state is not DeliveryState.FAILED and not self._is_due(delivery):
            return (Later if delivery.state is DeliveryState.PENDING else Unknown)(delivery.error or "")
        mistake = Unknown("sending it met a mistake of ours, which stands in the log")
        with _tolerate(delivery):
            if not self._claim(delivery):
                return Unknown("another sender has begun it")
            with _tolerate(delivery):
                outcome = self._attempt(delivery)
                self._mark(delivery, outcome, later)
                return outcome
            self._mark(delivery, mistake, later)
        return mistake

    def _claim(self, delivery: Delivery) -> bool:
        with transaction(self._db):
            return claim_delivery(self._db, delivery, self._now)

    def _attempt(self, delivery: Delivery) -> Outcome:
        if not _is_slack(delivery):
            return channels.post(self._config, delivery)
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

    def _mark(self, delivery: Delivery, outcome: Outcome, later: Sequence[Delivery]) -> None:
        log.info(
            "delivery attempted",
            digest=delivery.digest_id,
            channel=name_channel(delivery.channel),
            part=delivery.part,
            outcome=type(outcome).__name__.lower(),
        )
        with transaction(self._db):
            match outcome:
                case Posted(ts):
                    mark_sent(self._db, delivery.id, ts=ts, at=self._now)
                case Refused(error, reach):
                    concerned = [delivery, *_concerned(delivery, reach, later)]
                    mark_failed(self._db, [each.id for each in concerned], error=error, at=self._now)
                case Later(error):
                    # An attempt before this one may have got through: only the state before says.
                    self._mark_waiting(delivery, delivery.state, error, self._pause(delivery, outcome))
                case Unknown(error):
                    self._mark_waiting(delivery, DeliveryState.SENDING, error, self._pause(delivery, outcome))

    def _mark_waiting(self, delivery: Delivery, state: DeliveryState, error: str, pause: timedelta | None) -> None:
        again_at = self._now + pause if pause else None
        mark_waiting(self._db, delivery.id, state, error=error, next_attempt_at=again_at)

    def _pause(self, delivery: Delivery, outcome: Later | Unknown) -> timedelta | None:
        """None = the next pass may try again."""
        if outcome.pause or isinstance(outcome, Later):
            return outcome.pause
        if _is_slack(delivery):
            return self._patience.unknown
        return GROWING_PAUSES[min(delivery.attempts, len(GROWING_PAUSES) - 1)]


def _tolerate(delivery: Delivery) -> AbstractContextManager[None, bool]:
    what = f"{delivery.digest_id}: sending it failed unexpectedly"
    return tolerate("delivery failed unexpectedly", what, delivery=delivery.id, digest=delivery.digest_id)


def _is_slack(delivery: Delivery) -> bool:
    return delivery.channel.startswith(slack.SLACK)


def _reach(outcome: Later | Refused | Unknown) -> Reach:
    """How much of what comes after waits in this pass."""
    if isinstance(outcome, Refused):
        return outcome.reach
    return Reach.CHANNEL if isinstance(outcome, Later) else Reach.DIGEST


def _concerned(delivery: Delivery, reach: Reach, later: Sequence[Delivery]) -> list[Delivery]:
    """What is refused for the same reason. One whose outcome is unknown is not: it has to be looked for first."""
    name = scope(delivery, reach)
    return [each for each in later if scope(each, reach) == name and each.state is not DeliveryState.SENDING]


def _count(done: Sent, delivery: Delivery, outcome: Later | Refused | Unknown) -> Sent:
    where = f"{name_channel(delivery.channel)}, part {delivery.part} of {delivery.parts}"
    line = f"{delivery.digest_id} to {where}: {outcome.error}"
    done = replace(done, messages=(*done.messages, line))
    if isinstance(outcome, Refused):
        return replace(done, failed=done.failed + 1)
    return replace(done, waiting=done.waiting + 1)
