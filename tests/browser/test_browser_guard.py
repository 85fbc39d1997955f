"""A hostile page in a real browser: whichever way it tries, it reaches no private address.

The same pages are opened with private addresses allowed as well, where every way leads there: so each of them works.
"""

from __future__ import annotations

import re
import socket
import sys
from urllib.parse import urlsplit

import pytest

from local_site import Answer, Site
from monitor.crawl import runner
from monitor.crawl.work import Patience
from monitor.model import Outcome

pytestmark = pytest.mark.slow

PATIENCE = Patience(answer_s=30, retries=0, settle_s=20)

INSIDE = "inside.example"
"""A name that leads to loopback."""
SPELLINGS = ("127.0.0.1", "0x7f.1", "2130706433", "[::ffff:127.0.0.1]", INSIDE)
"""Loopback, but for the one name that the crawl may visit: localhost."""
CHILD = f"""
import socket
whole = socket.gethostbyname
socket.gethostbyname = lambda name: "127.0.0.1" if name == {INSIDE!r} else whole(name)
from monitor.crawl import child
child.main()
"""

WAYS = {
    "frame": "add('iframe', {src: url})",
    "object": "add('object', {data: url})",
    "script": "add('script', {src: url})",
    "style": "add('link', {rel: 'stylesheet', href: url})",
    "prefetch": "add('link', {rel: 'prefetch', href: url})",
    "fetch": "fetch(url, {mode: 'no-cors'})",
    "xhr": "const asked = new XMLHttpRequest(); asked.open('GET', url); asked.send()",
    "events": "new EventSource(url)",
    "socket": "new WebSocket(url.replace('http', 'ws'))",
    "worker": "new Worker(URL.createObjectURL(new Blob([`fetch('${url}', {mode: 'no-cors'})`])))",
    "form": "add('iframe', {name: url}); add('form', {action: url, target: url}).submit()",
}
TIME_FOR_ALL_MS = 4000
FILES = "add('iframe', {src: 'file:///etc/passwd'}); fetch('file:///etc/passwd').then(show).catch(() => {})"


def hostile(site: Site, datagrams: socket.socket) -> str:
    """A page that goes every way to every spelling, by UDP as well, and shows what it finds."""
    attempts = [
        f"try {{ const url = {site.url(f'/secret/{number}/{name}', host)!r}; {way} }} catch {{}}"
        for number, host in enumerate(SPELLINGS)
        for name, way in WAYS.items()
    ]
    stun = f"stun:127.0.0.1:{datagrams.getsockname()[1]}"
    return f"""<main>Open to all.</main><p></p><script>
        const ticking = setInterval(() => document.querySelector("p").textContent = performance.now(), 100);
        setTimeout(() => clearInterval(ticking), {TIME_FOR_ALL_MS});
        const add = (tag, values) => document.body.appendChild(Object.assign(document.createElement(tag), values));
        const show = answer => answer.text().then(text => add('p', {{textContent: text}}));
        const peer = new RTCPeerConnection({{iceServers: [{{urls: '{stun}'}}]}});
        peer.createDataChannel('x');
        peer.createOffer().then(offer => peer.setLocalDescription(offer));
        {FILES};
        {"".join(attempts)}
    </script>"""


def page(text: str) -> Answer:
    return Answer(200, text.encode(), {"Content-Type": "text/html"})


@pytest.fixture(scope="module")
def datagrams():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.setblocking(False)
        yield listener


MOVES = {
    "/redirect": lambda url: Answer(302, headers={"Location": url}),
    "/refresh": lambda url: page(f'<meta http-equiv="refresh" content="0; url={url}">'),
    "/script": lambda url: page(f"<script>location = {url!r}</script>"),
}


@pytest.fixture(scope="module", params=["guarded", "private addresses allowed"])
def visited(request, render_urls, datagrams):
    """Whether it is guarded, the Fetches by path, and the paths that were reached on loopback."""
    guarded = request.param == "guarded"
    with Site() as site, pytest.MonkeyPatch.context() as patch:
        patch.setattr(runner, "COMMAND", (sys.executable, "-P", "-c", CHILD))
        site.put("/hostile", hostile(site, datagrams))
        for (path, move), host in zip(MOVES.items(), ("127.0.0.1", INSIDE, "0x7f.1"), strict=True):
            site.pages[path] = move(site.url(f"/secret/moved{path}", host))
        urls = [site.url(path, "localhost") for path in ("/hostile", *MOVES)]
        found = render_urls(*urls, allow_private=not guarded, open_hosts=["localhost"], patience=PATIENCE)
        reached = {visit.path for visit in site.requests if visit.path.startswith("/secret")}
        yield guarded, {urlsplit(url).path: fetch for url, fetch in found.items()}, reached


def test_a_guarded_browser_reaches_no_private_address_and_an_unguarded_one_does_each_way(visited):
    guarded, _, reached = visited
    subresources = {f"/secret/{number}/{name}" for number in range(len(SPELLINGS)) for name in WAYS}
    moves = {f"/secret/moved{path}" for path in MOVES}
    assert {re.sub(r"\?.*", "", path) for path in reached} == (set() if guarded else subresources | moves)


def test_the_page_itself_is_read_all_the_same(visited):
    fetch = visited[1]["/hostile"]
    assert fetch.outcome is Outcome.OK
    assert b"Open to all." in fetch.body


def test_a_page_that_leads_to_a_private_address_is_refused_and_says_where_it_led(visited):
    guarded, fetches, _ = visited
    outcomes = {path: fetches[path].outcome for path in MOVES}
    assert outcomes == dict.fromkeys(MOVES, Outcome.REFUSED_ADDRESS if guarded else Outcome.HTTP_ERROR)
    if guarded:
        assert "127.0.0.1 is no public address. Set MONITOR_ALLOW_PRIVATE=1" in fetches["/redirect"].detail
        assert "inside.example leads to 127.0.0.1, no public address" in fetches["/refresh"].detail


def test_files_of_this_machine_cannot_be_read(visited):
    assert b"root:" not in visited[1]["/hostile"].body


def test_no_datagram_is_sent(visited, datagrams):
    with pytest.raises(BlockingIOError):
        datagrams.recv(1024)
