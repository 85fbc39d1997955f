"""The address guard: a crawl reaches public addresses only, whatever a source, a redirect or a name server says.

Two lines. The resolver drops names that lead to private, loopback, link-local or otherwise non-global addresses; it is
the look-up that the connection uses, so no name can answer twice. The middleware refuses such addresses written as
numbers (dotted, decimal, octal, hexadecimal, IPv6, IPv4 in IPv6) and schemes other than http and https; redirects and
robots.txt pass through it as well. What a browser asks for passes neither, but the same rules (`monitor.crawl.gate`).

Does not do: proxies (settings leave them off).
"""

from __future__ import annotations

import ipaddress
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

from scrapy.exceptions import CannotResolveHostError
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.error import DNSLookupError

from monitor.model import Outcome
from spiders.outcomes import AttemptEndedError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from typing import Self

    from scrapy import Request
    from scrapy.crawler import Crawler
    from twisted.internet.base import ReactorBase
    from twisted.internet.defer import Deferred


def is_public(address: str) -> bool:
    """Whether an IP address in standard notation is one of the public internet."""
    parsed = ipaddress.ip_address(address)
    return parsed.is_global and not parsed.is_multicast


def find_literal(host: str) -> str | None:
    """The standard notation of a host that is an IP address in any form that a resolver accepts, else None.

    `inet_aton` reads what `gethostbyname` reads: 2130706433, 0x7f.1, 0177.0.0.1, 127.1. IPv4 in IPv6 comes out as IPv4.
    """
    with suppress(ValueError):
        parsed = ipaddress.IPv6Address(host)
        return str(parsed.ipv4_mapped or parsed)
    with suppress(OSError, UnicodeEncodeError):
        return socket.inet_ntoa(socket.inet_aton(host))
    return None


def find_refusal(host: str, open_hosts: Collection[str]) -> str | None:
    """Why a host is refused: it is a private address, or a name that was found to lead to one. None = it is not."""
    literal = find_literal(host)
    if literal and host not in open_hosts and not is_public(literal):
        return f"{literal} is no public address"
    address = GuardedResolver.refused.get(host)
    return f"{host} leads to {address}, no public address" if address else None


def refuse(url: str, reason: str) -> AttemptEndedError:
    """What ends an attempt at an address that is refused."""
    advice = "Set MONITOR_ALLOW_PRIVATE=1 if this address is yours and meant"
    return AttemptEndedError(Outcome.REFUSED_ADDRESS, f"{url}: {reason}. {advice}")


class GuardedResolver(CachingThreadedResolver):
    """Scrapy's resolver, deaf to names that lead to non-public addresses."""

    refused: ClassVar[dict[str, str]] = {}
    """Host → the address it led to. Scrapy gives the middleware no other way to learn why a look-up failed."""

    def __init__(self, reactor: ReactorBase, cache_size: int, timeout: float, open_hosts: frozenset[str]) -> None:
        super().__init__(reactor, cache_size, timeout)
        self.open_hosts = open_hosts

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        settings = crawler.settings
        return cls(
            reactor,
            settings.getint("DNSCACHE_SIZE"),
            settings.getfloat("DNS_TIMEOUT"),
            frozenset(settings.getlist("GUARD_OPEN_HOSTS")),
        )

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:
        return super().getHostByName(name, timeout).addCallback(self._check, name)

    def _check(self, address: str, name: str) -> str:
        if name in self.open_hosts or is_public(address):
            return address
        self.refused[name] = address
        raise DNSLookupError(name)


class AddressGuard:
    """Downloader middleware: refuses addresses written as numbers, and names the resolver's refusals."""

    def __init__(self, open_hosts: frozenset[str]) -> None:
        self.open_hosts = open_hosts

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(frozenset(crawler.settings.getlist("GUARD_OPEN_HOSTS")))

    def process_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"http", "https"}:
            raise AttemptEndedError(Outcome.REFUSED_ADDRESS, f"{request.url}: neither http nor https")
        if reason := find_refusal(parts.hostname or "", self.open_hosts):
            raise refuse(request.url, reason)

    def process_exception(self, request: Request, exception: Exception) -> None:
        reason = find_refusal(urlsplit(request.url).hostname or "", self.open_hosts)
        if isinstance(exception, CannotResolveHostError) and reason:
            raise refuse(request.url, reason) from exception
