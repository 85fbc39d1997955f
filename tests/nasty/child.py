"""A crawl process in a world of its own: PUBLIC is all of its internet, and its name server may change its mind.

Everything else is the real one. `python -m nasty.child` takes the place of `python -m monitor.crawl.child`.

Does not do: answering for names outside this world; to them it is deaf.
"""

from __future__ import annotations

import socket
from collections import Counter

from monitor.crawl import child, guard
from nasty.wire import PUBLIC, ZONE

LOOPBACK = "127.0.0.1"
FICKLE = {
    "rebinding": [PUBLIC, LOOPBACK],
    "rebinding-late": [LOOPBACK, PUBLIC],
    "inside": [LOOPBACK],
    "inside-zero": ["0.0.0.0"],
    "inside-metadata": ["169.254.169.254"],
}
"""What these names lead to at the first look-up, the second and so on; the last answer stays."""
asked: Counter[str] = Counter()


def look_up(name: str) -> str:
    """In place of `socket.gethostbyname`."""
    if not name.endswith(ZONE):
        raise socket.gaierror(socket.EAI_NONAME, "no such name in this world")
    answers = FICKLE.get(name.removesuffix(ZONE), [PUBLIC])
    asked[name] += 1
    return answers[min(asked[name], len(answers)) - 1]


if __name__ == "__main__":
    socket.gethostbyname = look_up
    guard.is_public = PUBLIC.__eq__
    child.main()
