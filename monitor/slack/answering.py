"""What every handler does around its own work: take an event once, open the store, decide, show what stands now.

Slack repeats what it is not sure was heard, people press twice, and a signed request can be replayed for five minutes.
So an event is claimed by a key that is the same for each of its copies, and only the first is worked on.

Does not do: the work of one button or form (`monitor.slack.actions`, `monitor.slack.modals`).
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPException
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeAlias

import structlog
from slack_sdk.errors import SlackApiError, SlackClientError

from digests import kit
from digests.due import local
from digests.escape import mrkdwn
from digests.revising import refresh
from digests.slack import name_error
from digests.wording import standing
from monitor.errors import BusyError, MonitorError
from monitor.slack.home import publish_home
from monitor.slack.people import Directory
from monitor.store import open_store, transaction
from monitor.store.slack_events import claim_event
from monitor.triage import get_state

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from slack_bolt import BoltContext
    from slack_sdk import WebClient

    from monitor.config import Config
    from monitor.store import Database

log = structlog.get_logger()

Target: TypeAlias = tuple[int, str | None]
"""A Change, and one of its Sections or None for the Change as a whole."""

_FAILURES = (SlackClientError, HTTPException, OSError)
"""What slack-sdk raises where Slack refuses, cannot be reached or breaks off. It is less than `digests.slack.FAILURES`:
between two calls there is work of our own here, and its mistakes are to be logged as such."""

GIVEN_UP = 3
"""Seconds after which Slack tells people that it failed: https://docs.slack.dev/interactivity/handling-user-interaction"""

BUSY_MS = 2_000
"""A person waits so long for whoever writes to the database; the command line waits longer."""

_LOST = "Slack did not take the answer in time. Please try once more."
_TOO_LATE = "So much was asked at once that Slack gave this up. Nothing was done; please try once more."
_BUSY = "The monitor is busy writing. Please try again in a moment."
_BROKEN = "Something went wrong here; it is in the log."
_SHOWN_SOON = "The message shows it soon."


@dataclass(frozen=True, slots=True)
class Event:
    """What one person did in Slack."""

    key: str
    """The same for each copy of it, and for nothing else."""
    what: str
    """For the log: "confirm 12"."""
    member: str
    channel: str | None
    """Where an answer can stand that only they see; None = not in a channel, so it goes to their direct messages."""
    is_fleeting: bool = False
    """It came from a message that only they see, which nobody can edit."""
    is_awaited: bool = True
    """Slack tells them that it failed where we do not answer in time."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One person at work on one Event."""

    config: Config
    client: WebClient
    db: Database
    directory: Directory
    event: Event
    now: datetime

    @property
    def name(self) -> str:
        """As decisions keep it."""
        return self.directory.name(self.event.member)

    @property
    def today(self) -> date:
        """Their own day where `people:` lists them, else that of UTC."""
        person = self.directory.find(self.event.member)
        return (local(person, self.now) if person else self.now).date()


def note_arrival(context: BoltContext, next_: Callable[[], object]) -> None:
    """For `serve`. By a clock of our own: that of Slack, which its times are by, may be another."""
    context["arrived"] = monotonic()
    next_()


def serve(
    config: Config, context: BoltContext, event: Event, work: Callable[[Visit], None], *, once: bool = True
) -> None:
    """Do the work, unless it was done before. What a person can mend is told to them, and to nobody else.

    What Slack has given up is not done any more: who was told that it failed does not expect it. `once` False: doing it
    again does no harm, and it is not worth waiting for the database.
    """
    client = context.client
    if event.is_awaited and monotonic() - context["arrived"] > GIVEN_UP:
        log.warning("too late for slack", what=event.what, member=event.member)
        tell(client, event, _TOO_LATE)
        return
    try:
        with closing(open_store(config.db, BUSY_MS)) as db:
            visit = Visit(config, client, db, Directory.load(config.sources), event, config.now())
            is_first = not once or _claim(visit)
            log.info("asked in slack", what=event.what, member=event.member, repeated=not is_first)
            if is_first:
                work(visit)
    except MonitorError as error:
        tell(client, event, _explain(error))
    except _FAILURES as error:
        log.warning("slack did not take an answer", what=event.what, error=name_error(error))
        tell(client, event, _LOST)
    except Exception:  # the loop boundary: whoever asked is told that nothing more comes
        log.exception("slack event failed", what=event.what)
        tell(client, event, _BROKEN)


def _claim(visit: Visit) -> bool:
    with transaction(visit.db):
        return claim_event(visit.db, visit.event.key, visit.now)


def _explain(error: MonitorError) -> str:
    """What other programs do to the database is no concern of people in Slack."""
    return _BUSY if isinstance(error, BusyError) else str(error)


def tell(client: WebClient, event: Event, words: str) -> None:
    """A short message to one person: where they are, else in their direct messages, else in the log."""
    said: dict[str, Any] = {"text": mrkdwn(words), "blocks": [kit.rich(kit.section(kit.with_code(words)))]}
    try:
        if not (event.channel and _whisper(client, event.channel, event.member, said)):
            client.chat_postMessage(channel=event.member, **said)
    except _FAILURES as error:
        log.warning("slack did not take a message", what=event.what, member=event.member, error=name_error(error))


def _whisper(client: WebClient, channel: str, member: str, said: dict[str, Any]) -> bool:
    """Whether Slack took it: the app may not be in that channel."""
    try:
        client.chat_postEphemeral(channel=channel, user=member, **said)
    except SlackApiError:
        return False
    return True


def read_targets(text: str) -> tuple[Target, ...]:
    """What a button is about: "12,13" (one change in several documents) or "12:ages#upload"."""
    number, colon, section = text.partition(":")
    if colon:
        return ((int(number), section),)
    return tuple((int(each), None) for each in text.split(","))


def decide_each(visit: Visit, targets: tuple[Target, ...], step: Callable[[Target], object]) -> None:
    """Decide about each by itself, show what stands now, and tell the person which could not be decided so."""
    done, refusals = [], []
    for target in targets:
        try:
            step(target)
            done.append(target[0])
        except MonitorError as error:
            refusals.append(_explain(error))
    _show(visit, done)
    if refusals:
        tell(visit.client, visit.event, "\n".join(dict.fromkeys(refusals)))


def _show(visit: Visit, change_ids: list[int]) -> None:
    """At once and everywhere. What fails here is not lost: the sender finds messages that show older decisions.

    The person is told what stands where the message in front of them does not show it.
    """
    unseen = [each for each in change_ids if not _refresh(visit, each)]
    if visit.event.is_fleeting:
        _say_what_stands(visit, change_ids)
    elif visit.event.channel:
        _say_what_stands(visit, unseen, _SHOWN_SOON)
    try:
        publish_home(visit)
    except _FAILURES as error:
        log.warning("slack does not show a decision yet", changes=change_ids, error=name_error(error))


def _refresh(visit: Visit, change_id: int) -> bool:
    """Whether a message shows what stands."""
    try:
        return refresh(visit.db, visit.config, visit.directory.people, change_id, visit.now)
    except _FAILURES as error:
        log.warning("slack does not show a decision yet", change=change_id, error=name_error(error))
        return False


def _say_what_stands(visit: Visit, change_ids: list[int], *more: str) -> None:
    people = visit.directory.people
    stand = [f"Change {each}: {standing(get_state(visit.db, each), people)}" for each in change_ids]
    if stand:
        tell(visit.client, visit.event, "\n".join([*stand, *more]))
