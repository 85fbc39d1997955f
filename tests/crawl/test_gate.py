"""The browser's way out, spoken to as a browser speaks: SOCKS5, in which a name or an address is asked for."""

from __future__ import annotations

import asyncio
import socket
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.error import DNSLookupError

from monitor.crawl import gate as gate_module
from monitor.crawl.gate import Gate
from monitor.model import Outcome

HELLO = b"\x05\x01\x00"
WELCOME = b"\x05\x00"


def by_name(host: str, port: int, command: int = 1) -> bytes:
    return bytes([5, command, 0, 3, len(host)]) + host.encode() + struct.pack("!H", port)


def by_address(address: str, port: int) -> bytes:
    family, form = (socket.AF_INET6, 4) if ":" in address else (socket.AF_INET, 1)
    return bytes([5, 1, 0, form]) + socket.inet_pton(family, address) + struct.pack("!H", port)


def ask(gate: Gate, *messages: bytes) -> bytes:
    """Everything that the gate answers to these messages until it closes."""

    async def talk() -> bytes:
        port = int((await gate.open()).rpartition(":")[2])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"".join(messages))
        writer.write_eof()
        said = await reader.read()
        writer.close()
        gate.close()
        return said

    return asyncio.run(asyncio.wait_for(talk(), 10))


def code(said: bytes) -> int:
    assert said.startswith(WELCOME)
    return said[3]


@pytest.fixture
def names(monkeypatch):
    """What names lead to, by a name server of ours; any other is unknown."""
    known: dict[str, str] = {}

    async def look_up(name: str) -> str:
        if name not in known:
            raise DNSLookupError(name)
        return known[name]

    monkeypatch.setattr(gate_module, "_look_up", look_up)
    return known


QUESTION = b"GET /rules HTTP/1.1\r\nHost: rules.example\r\nConnection: close\r\n\r\n"


def test_what_is_allowed_passes_both_ways(names, site):
    site.put("/rules", "<p>Be kind.</p>")
    names["rules.example"] = "127.0.0.1"
    said = ask(Gate(frozenset(), guarded=True), HELLO, by_name("rules.example", site.port), QUESTION)
    assert code(said) == 0
    assert said.endswith(b"<p>Be kind.</p>")


@pytest.mark.parametrize(
    "asked",
    [by_name(host, 80) for host in ("127.0.0.1", "0x7f.1", "2130706433", "::1")]
    + [by_address(address, 80) for address in ("127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::ffff:10.0.0.1")],
)
def test_a_private_address_is_not_allowed_in_any_form(asked):
    gate = Gate(frozenset(), guarded=True)
    assert code(ask(gate, HELLO, asked)) == 2
    ((outcome, words),) = gate.failures.values()
    assert outcome is Outcome.REFUSED_ADDRESS
    assert words.endswith("is no public address")


def test_unguarded_or_open_by_name_a_private_address_is_reached(site):
    site.put("/rules", "<p>Be kind.</p>")
    for gate in (Gate(frozenset(), guarded=False), Gate(frozenset({"127.0.0.1"}), guarded=True)):
        assert code(ask(gate, HELLO, by_address("127.0.0.1", site.port), QUESTION)) == 0


def test_a_failure_says_why(names):
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))  # without listening
        names["closed.example"] = "127.0.0.1"
        gate = Gate(frozenset(), guarded=True)
        assert code(ask(gate, HELLO, by_name("closed.example", unheard.getsockname()[1]))) == 4
    assert code(ask(gate, HELLO, by_name("nowhere.example", 80))) == 4
    assert gate.failures == {
        "closed.example": (Outcome.UNREACHABLE, "closed.example refused the connection"),
        "nowhere.example": (Outcome.UNREACHABLE, "the host name nowhere.example cannot be resolved"),
    }


@pytest.mark.parametrize(
    "asked",
    [by_name("rules.example", 80, command=2), by_name("rules.example", 80, command=3), b"\x05\x01\x00\x07\x00\x50"],
    ids=["BIND", "UDP", "an unknown form of address"],
)
def test_nothing_else_is_offered(asked):
    assert code(ask(Gate(frozenset(), guarded=True), HELLO, asked)) == 7


@pytest.mark.parametrize("said", [b"", b"\x05", b"GET / HTTP/1.1\r\n\r\n", b"\x04\x01\x00\x50\x7f\x00\x00\x01\x00"])
def test_whoever_speaks_otherwise_is_told_nothing(said):
    assert ask(Gate(frozenset(), guarded=True), said) == b""


@given(st.binary(max_size=40))
def test_no_message_opens_a_connection_to_a_private_address(message):
    gate = Gate(frozenset(), guarded=True)
    said = ask(gate, HELLO, bytes([5, 1, 0, 1, 127]) + message)
    assert said[3:4] != b"\x00"
