"""The ways out: where a Digest goes, what each way out is handed, and handing it over, except to Slack.

A channel is `file`, `slack:CHANNEL` (or `slack:MEMBER`), `email:ADDRESS`, `webhook:URL` or `apprise:NAME`. What is sent
is written down when the Digest is composed, so that a later attempt sends the same.

Does not do: retries, states of Deliveries (`digests.send`), Slack (`digests.slack`).
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING
from uuid import uuid4

from digests import files, mail, services, webhook
from digests.blocks import messages
from digests.files import FILE
from digests.mail import EMAIL
from digests.slack import SLACK
from monitor.model import Audience, Delivery, DeliveryState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from digests.blocks import Message
    from digests.outcomes import Outcome
    from monitor.config import Config
    from monitor.model import Digest, Person

TIMEOUT = 30.0
"""Seconds for each step of handing something over."""


def channels_of(recipient: Audience | Person, config: Config) -> tuple[str, ...]:
    """Where the recipient's Digests go, each channel once.

    An Audience: always a file, Slack where there is a token and a channel, then what it names in `send_to`. A Person:
    Slack or else e-mail, whichever is set up and known; none where neither is.
    """
    if not isinstance(recipient, Audience):
        return _channels_of_person(recipient, config)
    channel = recipient.slack_channel or config.slack_channel
    slack = (SLACK + channel,) if config.slack_bot_token and channel else ()
    return tuple(dict.fromkeys((FILE, *slack, *recipient.send_to)))


def _channels_of_person(person: Person, config: Config) -> tuple[str, ...]:
    if person.slack and config.slack_bot_token:
        return (SLACK + person.slack,)
    return (EMAIL + person.email,) if person.email and config.smtp_url else ()


def to_deliveries(
    digest: Digest,
    channels: Iterable[str],
    people: Sequence[Person],
    clock: str,
    states: Mapping[int, str] = MappingProxyType({}),
) -> Iterator[Delivery]:
    """One for each channel, and for Slack one for each message.

    `people` and `states` as for `digests.blocks.messages`; `clock` is the local time of day that a preview shows.

    Their ids are random: the same audience on the same day may have been told by another installation into the same
    channel, and its messages must not be taken for ours.
    """
    told = _Told(digest, messages(digest, people, states), people, states, clock)
    for channel in channels:
        payloads = told.payloads(channel)
        for number, payload in enumerate(payloads, start=1):
            yield Delivery(
                id=uuid4().hex,
                digest_id=digest.id,
                channel=channel,
                part=number,
                parts=len(payloads),
                payload=payload,
                state=DeliveryState.PENDING,
                attempts=0,
                first_attempt_at=None,
                next_attempt_at=None,
                sent_at=None,
                ts=None,
                error=None,
            )


def post(config: Config, delivery: Delivery, timeout: float = TIMEOUT) -> Outcome:
    """Hand one Delivery over, once. Raises ValueError for Slack, where it is looked for before it is sent again."""
    match _kind(delivery.channel):
        case "file":
            return files.write_files(config.var / files.FOLDER, delivery.payload)
        case "email":
            return mail.post(config, delivery, timeout)
        case "webhook":
            return webhook.post(config, delivery, timeout)
        case "apprise":
            return services.post(config, delivery)
        case _:
            raise ValueError(f"{delivery.channel}: this is no way out of this module")


@dataclass(frozen=True, slots=True)
class _Told:
    """A Digest in words, as every channel needs it."""

    digest: Digest
    parts: Sequence[Message]
    people: Sequence[Person]
    states: Mapping[int, str]
    clock: str

    def payloads(self, channel: str) -> list[dict[str, object]]:
        """What goes to this channel, one for each Delivery."""
        match _kind(channel):
            case "file":
                return [files.to_payload(self.digest, self.parts, self.clock, self.people, self.states)]
            case "slack":
                return [{"text": part.text, "blocks": list(part.blocks)} for part in self.parts]
            case "email":
                return [mail.to_payload(self.digest, self.people, self.states)]
            case "webhook":
                return [webhook.to_payload(self.digest)]
            case "apprise":
                return [services.to_payload(self.digest, self.people, self.states)]
            case _:
                raise ValueError(f"{channel}: there is no such way out")


def _kind(channel: str) -> str:
    return channel.partition(":")[0]
