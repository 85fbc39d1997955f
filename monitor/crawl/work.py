"""What the parent asks of one crawl process: the Requests and the rules, as one JSON document.

Does not do: I/O, or anything with Scrapy (the parent imports this module).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from monitor.model import Request


@dataclass(frozen=True, slots=True)
class Patience:
    """How long we wait for publishers, in seconds. The tests wait less."""

    answer_s: float = 60.0
    """For one whole answer, from the connection to the last byte; so a trickling server is covered too."""
    retries: int = 2
    """For 5xx, time-outs and lost connections; each source comes round again in hours anyway."""
    pause_s: float = 2.0
    """Before the first retry; doubled before each next one."""
    settle_s: float = 20.0
    """For scripts to make the page, once a browser has begun to receive it."""
    start_s: float = 600.0
    each_s: float = 30.0

    def run_limit(self, requests: int) -> float:
        """Seconds after which a whole crawl of so many Requests is ended.

        A page that hangs costs three minutes with its retries. Hosts wait side by side, the pages of one host in a row;
        a host that hangs already at its robots.txt costs that once.
        """
        return self.start_s + self.each_s * requests


@dataclass(frozen=True, slots=True)
class Work:
    """One crawl: what to ask for and under which rules. Its Requests are all for a browser, or none is.

    `open_hosts` are private hosts, by their name in the URL, that the address guard lets through: the tests need a
    first hop on loopback to prove that a redirect to the next one is refused. `chromium` is the executable to start;
    None = one that is found.
    """

    requests: tuple[Request, ...]
    now: datetime
    parent_pid: int
    allow_private: bool = False
    open_hosts: tuple[str, ...] = ()
    contact: str | None = None
    chromium: str | None = None
    patience: Patience = field(default_factory=Patience)

    @property
    def renders(self) -> bool:
        """Whether this crawl is one in a browser."""
        return any(each.render for each in self.requests)

    def to_json(self) -> bytes:
        return json.dumps(asdict(self) | {"now": self.now.isoformat()}).encode()

    @classmethod
    def from_json(cls, document: bytes) -> Work:
        values = json.loads(document)
        return cls(
            requests=tuple(_read_request(each) for each in values.pop("requests")),
            now=datetime.fromisoformat(values.pop("now")),
            open_hosts=tuple(values.pop("open_hosts")),
            patience=Patience(**values.pop("patience")),
            **values,
        )


def _read_request(values: dict[str, Any]) -> Request:
    return Request(**values | {"wait_for": tuple(values["wait_for"])})
