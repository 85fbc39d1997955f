"""What every handler does around its own work: take an event once, open the store, decide, show what stands now.

Slack repeats what it is not sure was heard, people press twice, and a signed request can be replayed for five minutes.
So an event is claimed by a key that is the same for each of its copies, and only the first is worked on.

Does not do: the work of one button or form (`monitor.slack.actions`, `monitor.slack.modals`).
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPException
from typing import TYPE_CHECKING, Any, TypeAlias

import structlog
from slack_sdk.errors import SlackApiError, SlackClientError

from digests import kit
from digests.escape import mrkdwn
from digests.revising import refresh
from digests.wording import standing
from monitor.errors import MonitorError
from monitor.slack.home import publish_home
from monitor.slack.people import Directory
from monitor.store import open_store, transaction
from monitor.store.slack_events import claim_event
from monitor.triage import get_state

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from slack_sdk import WebClient

    from monitor.config import Config
    from monitor.store import Database

log = structlog.get_logger()

Target: TypeAlias = tuple[int, str | None]
"""A Change, and one of its Sections or None for the Change as a whole."""

_FAILURES = (SlackClientError, HTTPException, OSError)
"""What slack-sdk raises where Slack refuses, cannot be reached or breaks off. It is less than `digests.slack.FAILURES`:
between two calls there is work of our own here, and its mistakes are to be logged as such."""

_LOST = "Slack did not take the answer in time. Please try once more."


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


def serve(config: Config, client: WebClient, event: Event, work: Callable[[Visit], None]) -> None:
    """Do the work, unless it was done before. What a person can mend is told to them, and to nobody else."""
    try:
        with closing(open_store(config.db)) as db:
            visit = Visit(config, client, db, Directory.load(config.sources), event, config.now())
            with transaction(db):
                is_first = claim_event(db, event.key, visit.now)
            log.info("asked in slack", what=event.what, member=event.member, repeated=not is_first)
            if is_first:
                work(visit)
    except MonitorError as error:
        tell(client, event, str(error))
    except _FAILURES as error:
        log.warning("slack did not take an answer", what=event.what, error=str(error))
        tell(client, event, _LOST)


def tell(client: WebClient, event: Event, words: str) -> None:
    """A short message to one person: where they are, else in their direct messages, else in the log."""
    said: dict[str, Any] = {"text": mrkdwn(words), "blocks": [kit.rich(kit.section(kit.with_code(words)))]}
    try:
        if not (event.channel and _whisper(client, event.channel, event.member, said)):
            client.chat_postMessage(channel=event.member, **said)
    except _FAILURES as error:
        log.warning("slack did not take a message", what=event.what, member=event.member, error=str(error))


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
            refusals.append(str(error))
    _show(visit, done)
    if refusals:
        tell(visit.client, visit.event, "\n".join(dict.fromkeys(refusals)))


def _show(visit: Visit, change_ids: list[int]) -> None:
    """At once and everywhere. What fails here is not lost: the sender finds messages that show older decisions."""
    people = visit.directory.people
    if visit.event.is_fleeting and change_ids:
        stand = [f"Change {each}: {standing(get_state(visit.db, each), people)}" for each in change_ids]
        tell(visit.client, visit.event, "\n".join(stand))
    try:
        for change_id in change_ids:
            refresh(visit.db, visit.config, people, change_id, visit.now)
        publish_home(visit)
    except _FAILURES as error:
        log.warning("slack does not show a decision yet", changes=change_ids, error=str(error))
