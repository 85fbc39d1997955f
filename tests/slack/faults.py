"""What goes wrong between Slack and its caller: by script, or at random from a seed.

Does not do: carrying a fault out (`server`).
"""

import random
from collections import defaultdict
from enum import Enum, auto


class Fault(Enum):
    """What happens to one call instead of a good answer."""

    ACCEPT_THEN_CLOSE = auto()
    ACCEPT_THEN_HANG = auto()
    ACCEPT_THEN_500 = auto()
    ACCEPT_THEN_TRUNCATE = auto()
    """The answer's JSON breaks off, with the whole length announced."""
    ACCEPT_THEN_GARBAGE = auto()
    """An HTML page with status 200."""
    ACCEPT_THEN_LIST = auto()
    """JSON, but no object."""
    CLOSE = auto()
    """Closed before anything was accepted."""
    HANG = auto()
    ERROR_500 = auto()
    INTERNAL_ERROR = auto()
    """`ok: false, internal_error`: Slack itself does not know."""
    RATE_LIMIT = auto()


ACCEPTING = {fault for fault in Fault if fault.name.startswith("ACCEPT")}
HANGING = {Fault.HANG, Fault.ACCEPT_THEN_HANG}
QUICK = tuple(fault for fault in Fault if fault not in HANGING)
"""Those that cost a caller no time-out."""


class Faults:
    """Which fault each call meets: the scripted ones of its method first, then chance."""

    def __init__(self):
        self._scripted = defaultdict(list)
        self._chance = random.Random(0)
        self._share = 0.0
        self._among = QUICK
        self._methods = frozenset()

    def script(self, method, faults):
        """The next calls of the method meet these, one each: a Fault, an error code, or None for a good answer."""
        self._scripted[method].extend(faults)

    def strike(self, share, seed, among=QUICK, methods=("chat.postMessage",)):
        """From now on this share of the methods' calls meets one of `among`; the same seed, the same faults."""
        self._chance = random.Random(seed)
        self._share, self._among, self._methods = share, tuple(among), frozenset(methods)

    def take(self, method):
        """What the call meets that is answered now, or None."""
        if self._scripted[method]:
            return self._scripted[method].pop(0)
        if method in self._methods and self._chance.random() < self._share:
            return self._chance.choice(self._among)
        return None
