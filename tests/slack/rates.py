"""How often Slack lets an app call a method: 1 message a second in each channel, with a short burst, and the tiers.

Source: https://docs.slack.dev/apis/web-api/rate-limits. How long a burst may be is not published.

Does not do: answering (`server`).
"""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Rate:
    a_second: float
    burst: int
    of_each: str = ""
    """The parameter whose every value has an allowance of its own."""


TIER_3 = Rate(50 / 60, 50)
TIER_4 = Rate(100 / 60, 100)

RATES = {
    "chat.postMessage": Rate(1, 3, "channel"),
    "chat.update": TIER_3,
    "chat.delete": TIER_3,
    "chat.postEphemeral": TIER_4,
    "conversations.history": TIER_3,
    "conversations.replies": TIER_3,
    "conversations.info": TIER_3,
    "conversations.members": TIER_4,
    "conversations.open": TIER_3,
    "users.info": TIER_4,
    "users.lookupByEmail": TIER_3,
    "views.open": TIER_4,
    "views.publish": TIER_4,
    "views.update": TIER_4,
}


class Rates:
    """An allowance for each method that refills with time."""

    def __init__(self):
        self._left = {}

    def wait(self, method, parameters, now):
        """Whole seconds until the method may be called again; 0 where it may be called now, which counts as a call."""
        rate = RATES.get(method)
        if rate is None:
            return 0
        key = (method, parameters.get(rate.of_each))
        left, since = self._left.get(key, (rate.burst, now))
        left = min(rate.burst, left + (now - since) * rate.a_second)
        self._left[key] = (left - 1 if left >= 1 else left, now)
        return 0 if left >= 1 else math.ceil((1 - left) / rate.a_second)
