"""Requests as Slack signs them, and as somebody would who does not know the secret.

Source: https://docs.slack.dev/authentication/verifying-requests-from-slack.

Does not do: sending.
"""

import hashlib
import hmac
from enum import Enum, auto


class Forgery(Enum):
    """What is wrong with a request that claims to come from Slack."""

    WRONG_SIGNATURE = auto()
    OTHER_BODY = auto()
    """Signed for another body."""
    OLD_TIMESTAMP = auto()
    """Signed rightly, 301 seconds ago."""
    FUTURE_TIMESTAMP = auto()
    TIMESTAMP_NO_NUMBER = auto()
    NO_SIGNATURE = auto()
    NO_TIMESTAMP = auto()


TOLERANCE = 300
"""Seconds after which Slack advises to refuse a request."""


def sign(secret, body, timestamp):
    """The value of x-slack-signature over the raw body."""
    message = b"v0:" + str(timestamp).encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def signed_headers(secret, body, now, forgery=None):
    """The two headers of a request that is made at `now` (seconds since the epoch)."""
    timestamp = {
        Forgery.OLD_TIMESTAMP: str(int(now) - TOLERANCE - 1),
        Forgery.FUTURE_TIMESTAMP: str(int(now) + 2 * TOLERANCE),  # some of it is over when it is looked at
        Forgery.TIMESTAMP_NO_NUMBER: "yesterday",
    }.get(forgery, str(int(now)))
    signature = sign(secret, body, timestamp)
    if forgery is Forgery.WRONG_SIGNATURE:
        signature = sign(secret + "x", body, timestamp)
    if forgery is Forgery.OTHER_BODY:
        signature = sign(secret, body + b"x", timestamp)
    headers = {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": signature}
    missing = {Forgery.NO_SIGNATURE: "X-Slack-Signature", Forgery.NO_TIMESTAMP: "X-Slack-Request-Timestamp"}
    return {name: value for name, value in headers.items() if name != missing.get(forgery)}
