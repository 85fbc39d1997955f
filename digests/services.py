"""A Digest to any service that apprise knows (https://github.com/caronc/apprise), by the name of its setting.

Apprise says no more than yes or no. A "no" is taken for a refusal, since it mostly is one and a person must hear of it;
so where a service takes a Digest and apprise does not notice, that Digest comes twice.

Does not do: knowing services; writing their addresses, which hold secrets, anywhere.
"""

from __future__ import annotations

import logging
import re
from importlib.util import find_spec
from typing import TYPE_CHECKING

from digests import wording
from digests.outcomes import Later, Outcome, Posted, Reach, Refused
from digests.text import to_markdown, to_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.config import Config
    from monitor.model import Delivery, Digest, Person

APPRISE = "apprise:"
"""Before the name of the setting in the name of a channel."""

_MENTION = re.compile(r"https?://\S+|(?<!\w)@(?=\w)|<(?=[@!#])")
"""What some service takes for a mention: @everyone, <@U0123456789>, <!channel>; and addresses, which may hold one."""

_NO_WIDTH = "\u200b"


def to_payload(digest: Digest, people: Sequence[Person], states: Mapping[int, str]) -> dict[str, object]:
    """The headline, and the body in two forms: which one a service takes is known when it is sent."""
    return {
        "title": wording.headline(digest),
        "markdown": _without_mentions(to_markdown(digest, people, states)),
        "text": _without_mentions(to_text(digest, people, states)),
    }


def _without_mentions(text: str) -> str:
    """The same to the eye. Each service has mentions of its own, and few of them a way to escape them."""
    return _MENTION.sub(_disarm, text)


def _disarm(found: re.Match[str]) -> str:
    return found[0] + _NO_WIDTH if len(found[0]) == 1 else found[0].replace("@", "%40")


def post(config: Config, delivery: Delivery) -> Outcome:
    """Send it once. Time limits are those of apprise: four seconds for each step, unless the address says otherwise."""
    name = delivery.channel.removeprefix(APPRISE)
    setting = f"MONITOR_APPRISE_{name.upper().replace('-', '_')}"
    address = config.apprise.get(name)
    if address is None:
        return Later(f"{setting} is not set. Set it to the service's address, then: monitor deliver")
    if find_spec("apprise") is None:
        return Later("apprise is not installed. Run: pip install 'policy-monitor[notify]', then: monitor deliver")
    return _notify(address, setting, delivery)


def _notify(address: str, setting: str, delivery: Delivery) -> Outcome:
    from apprise import Apprise, NotifyFormat, OverflowMode

    for name in ("apprise", "urllib3"):  # they write addresses
        logging.getLogger(name).setLevel(logging.CRITICAL)
    service = Apprise.instantiate(address)
    if service is None:
        return Refused(f"{setting} is no address that apprise knows. See https://appriseit.com/services", Reach.CHANNEL)
    takes_markdown = service.resolve_format(NotifyFormat.MARKDOWN) == NotifyFormat.MARKDOWN
    form = NotifyFormat.MARKDOWN if takes_markdown else NotifyFormat.TEXT
    if service.notify(
        title=str(delivery.payload["title"]),
        body=str(delivery.payload[form.value]),
        body_format=form,
        overflow=OverflowMode.SPLIT,  # what is too long for the service comes in several messages
    ):
        return Posted()
    return Refused(
        f"{setting}: the service did not take it. Check the address, and that the service is up.", Reach.CHANNEL
    )
