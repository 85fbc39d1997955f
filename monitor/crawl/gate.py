"""The browser's only way out: a SOCKS5 server on loopback that opens connections under the address guard.

A browser resolves names, follows redirects and opens sockets by itself, past every middleware of the crawl. So it is
given no network but this. Each connection names a host; that is looked up once, by the crawl's own resolver, and
connected to at the address that was checked. Neither a redirect, a frame, a WebSocket, an address in odd spelling nor
a name that answers otherwise the second time leads to a private address.

Does not do: looking into what passes; the parts of SOCKS5 (RFC 1928) that browsers leave alone: BIND, UDP, passwords.
"""

from __future__ import annotations

import asyncio
import ipaddress
import struct
from contextlib import closing, suppress
from typing import TYPE_CHECKING, cast

from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.error import DNSLookupError

from monitor.crawl.guard import find_literal, find_refusal
from monitor.model import Outcome

if TYPE_CHECKING:
    from asyncio import StreamReader, StreamWriter

    from twisted.internet.base import ReactorBase

CHUNK_BYTES = 64 * 1024
SOCKS5 = 5
CONNECT = 1
IPV4, NAME, IPV6 = 1, 3, 4
OPENED, NOT_ALLOWED, UNREACHABLE, NOT_SUPPORTED = 0, 2, 4, 7


class Gate:
    """Connections for one browser. `open_hosts`: see Work; `guarded`: whether private addresses are refused."""

    def __init__(self, open_hosts: frozenset[str], *, guarded: bool) -> None:
        self.open_hosts = open_hosts
        self.guarded = guarded
        self.failures: dict[str, tuple[Outcome, str]] = {}
        """Host → why it was not connected to. The browser knows only that it was not."""
        self._server: asyncio.Server | None = None

    async def open(self) -> str:
        """Begins to listen. Returns the address, as browsers take it."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return f"socks5://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def close(self) -> None:
        """Stops listening; what is connected ends with the browser."""
        if self._server:
            self._server.close()

    async def _serve(self, near_reader: StreamReader, near_writer: StreamWriter) -> None:
        with closing(near_writer), suppress(ConnectionError, asyncio.IncompleteReadError, ValueError):
            host, port = await _read_question(near_reader, near_writer)
            try:
                far_reader, far_writer = await self._connect(host, port)
            except OSError:
                refused = self.failures[host][0] is Outcome.REFUSED_ADDRESS
                near_writer.write(_reply(NOT_ALLOWED if refused else UNREACHABLE))
                return
            with closing(far_writer):
                near_writer.write(_reply(OPENED))
                await asyncio.gather(_pass_on(near_reader, far_writer), _pass_on(far_reader, near_writer))

    async def _connect(self, host: str, port: int) -> tuple[StreamReader, StreamWriter]:
        """Raises OSError; `failures` then says why."""
        try:
            return await asyncio.open_connection(await self._find_address(host), port)
        except OSError as error:
            self.failures[host] = self._explain(host, error)
            raise

    async def _find_address(self, host: str) -> str:
        if self._find_refusal(host):
            raise PermissionError(host)
        return find_literal(host) or await _look_up(host)

    def _find_refusal(self, host: str) -> str | None:
        return find_refusal(host, self.open_hosts) if self.guarded else None

    def _explain(self, host: str, error: OSError) -> tuple[Outcome, str]:
        if reason := self._find_refusal(host):
            return Outcome.REFUSED_ADDRESS, reason
        if isinstance(error, DNSLookupError):
            return Outcome.UNREACHABLE, f"the host name {host} cannot be resolved"
        if isinstance(error, ConnectionRefusedError):
            return Outcome.UNREACHABLE, f"{host} refused the connection"
        return Outcome.UNREACHABLE, f"no connection to {host}"


async def _look_up(name: str) -> str:
    """By the resolver of the crawl, with its cache. Raises DNSLookupError, also for names that are refused."""
    from twisted.internet import reactor  # installed by Scrapy

    answer: str = await maybe_deferred_to_future(cast("ReactorBase", reactor).resolve(name))
    return answer


async def _read_question(reader: StreamReader, writer: StreamWriter) -> tuple[str, int]:
    """Host and port that are asked for. Raises ValueError for anything but CONNECT in SOCKS5."""
    version, methods = await reader.readexactly(2)
    await reader.readexactly(methods)
    if version != SOCKS5:
        raise ValueError("no SOCKS5")
    writer.write(bytes([SOCKS5, 0]))  # no password
    _, command, _, form = await reader.readexactly(4)
    host = await _read_host(reader, form)
    (port,) = struct.unpack("!H", await reader.readexactly(2))
    if command != CONNECT or not host:
        writer.write(_reply(NOT_SUPPORTED))
        raise ValueError("neither BIND nor UDP is offered")
    return host, port


async def _read_host(reader: StreamReader, form: int) -> str:
    """A name as it stands in the URL, or an address in standard notation; "" for a form that SOCKS5 does not know."""
    if form == NAME:
        (length,) = await reader.readexactly(1)
        return (await reader.readexactly(length)).decode("ascii")
    sizes = {IPV4: 4, IPV6: 16}
    return str(ipaddress.ip_address(await reader.readexactly(sizes[form]))) if form in sizes else ""


def _reply(code: int) -> bytes:
    """An answer with the address 0.0.0.0:0, which nobody reads."""
    return bytes([SOCKS5, code, 0, IPV4, 0, 0, 0, 0, 0, 0])


async def _pass_on(reader: StreamReader, writer: StreamWriter) -> None:
    while chunk := await reader.read(CHUNK_BYTES):
        writer.write(chunk)
        await writer.drain()
    writer.write_eof()
