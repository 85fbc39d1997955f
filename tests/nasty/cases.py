"""What a nasty publisher may do, and the Problem that it is: one list for the tests and for `benchmarks/hostile.py`.

`list_cases(full=False)` has the sizes at which a test is cheap and the attack still is one; `full=True` those that an
attacker would choose.

Does not do: TLS (`nasty.forged`), playing the cases (`nasty.world`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from monitor.model import ProblemKind
from nasty import bodies
from nasty.bodies import MEGABYTE, PAGE, RULES, SCRIPT, entry, page, rss
from nasty.wire import MISSING, Wire, head, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nasty.wire import Serve

P = ProblemKind
FEED = "application/rss+xml; charset=utf-8"
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
JSON = "application/json"


@dataclass(frozen=True)
class Case:
    """One name of this world and how it serves."""

    name: str
    serve: Serve
    becomes: ProblemKind | None
    """The Problem of its Source; None = it is harmless, and read."""
    kind: str = "html"
    robots: Serve = MISSING
    says: str = ""
    """What its text holds where it is read, or the detail of the Problem where it is not."""
    lacks: tuple[str, ...] = ()
    """What must be nowhere in what is read."""
    url: str = ""
    """Where it is, if not at the publisher of the others."""
    spins: bool = False
    """Whether only the time limit ends the reading. Few of these are read where it must not take long."""

    def as_good(self) -> Case:
        """The same name as an honest publisher of a page."""
        return Case(self.name, say(PAGE), None, says=RULES)


KEPT = frozenset({"feed-nested", "pdf-draws-doubling"})


def list_cases(canary: str, *, full: bool = False) -> list[Case]:
    """`canary`: the address, with its port, where nobody may come."""
    cases = [
        *_stalling(),
        *_cut(),
        *_packed(full),
        *_headers(full),
        *_leading_inside(canary),
        *_robots(canary, full),
        *_spelling(),
        *_pages(full),
        *_feeds(canary, full),
        *_files(canary, full),
    ]
    return [each for each in cases if full or not each.spins or each.name in KEPT]


def list_good(edition: int = 1) -> list[Case]:
    """Neighbours, who are to be read whatever the others do."""
    rules = f"{RULES} This is edition {edition} of the rules."
    return [
        Case("good-page", say(page(f"<p>{rules}</p>")), None, says=rules),
        Case("good-feed", say(rss(entry(edition, text=rules)), FEED), None, "rss", says=rules),
    ]


def _raw(*data: bytes) -> Serve:
    def serve(wire: Wire) -> None:
        for each in data:
            wire.send(each)

    return serve


def _then(*data: bytes, end: str) -> Serve:
    """These bytes, and then `hang` or `reset`."""

    def serve(wire: Wire) -> None:
        _raw(*data)(wire)
        getattr(wire, end)()

    return serve


def _drip(before: bytes, data: bytes) -> Serve:
    def serve(wire: Wire) -> None:
        wire.send(before)
        wire.drip(data, pause_s=0.2)

    return serve


def _flood(before: bytes, data: bytes) -> Serve:
    """Until the connection is closed, or for longer than anybody should listen."""

    def serve(wire: Wire) -> None:
        wire.send(before)
        wire.flood(data, seconds=300)

    return serve


def _stalling() -> Iterator[Case]:
    whole = head(Content_Length=str(len(PAGE)))
    yield Case("slow-headers", _drip(b"", whole + PAGE), P.TIMEOUT)
    yield Case("slow-body", _drip(whole, PAGE), P.TIMEOUT)
    yield Case("hang-before-headers", _then(end="hang"), P.TIMEOUT)
    yield Case("hang-in-headers", _then(whole[:40], end="hang"), P.TIMEOUT)
    yield Case("hang-in-body", _then(whole, PAGE[:50], end="hang"), P.TIMEOUT)
    yield Case("endless-body", _flood(head(), bytes(64 * 1024)), P.TOO_LARGE)
    chunked = head(Transfer_Encoding="chunked")
    yield Case("endless-chunks", _flood(chunked, b"1\r\nx\r\n" * 1000), P.TIMEOUT)
    yield Case("endless-chunk-size", _flood(chunked, b"0" * 64 * 1024), P.BROKEN)


def _cut() -> Iterator[Case]:
    yield Case("reset-before-headers", _then(end="reset"), P.UNREACHABLE)
    yield Case("reset-in-body", _then(head(Content_Length="9999"), PAGE, end="reset"), P.BROKEN)
    yield Case("length-too-long", _raw(head(Content_Length="9999"), PAGE), P.BROKEN)
    yield Case("length-too-short", _raw(head(Content_Length="60"), PAGE), P.EMPTY)
    yield Case("length-negative", _raw(head(Content_Length="-1"), PAGE), P.BROKEN)
    yield Case("length-twice", _raw(head(Content_Length="10, 2000"), PAGE), P.BROKEN)
    yield Case("length-enormous", _raw(head(Content_Length=str(10**15)), PAGE), P.TOO_LARGE)
    yield Case("chunk-cut", _raw(head(Transfer_Encoding="chunked"), b"%x\r\n" % 999, PAGE), P.BROKEN)
    yield Case("no-length", _raw(head(), PAGE), None, says=RULES)


def _packed(full: bool) -> Iterator[Case]:
    size = (1024 if full else 32) * MEGABYTE
    bombs = {
        "gzip": partial(bodies.gzipped, size),
        "deflate": partial(bodies.deflated, min(size, 128 * MEGABYTE)),
        "gzip, gzip": partial(bodies.twice_gzipped, size),
    }
    for encoding, bomb in bombs.items():
        serve = say(bomb, Content_Encoding=encoding)
        yield Case(f"{encoding.replace(', ', '-')}-bomb", serve, P.TOO_LARGE)
    yield Case("brotli-bomb", say(bodies.BROTLI, Content_Encoding="br"), P.BROKEN)
    yield Case("zstd-bomb", say(partial(bodies.zstandardised, size), Content_Encoding="zstd"), P.BROKEN)
    yield Case("unknown-encoding", say(PAGE, Content_Encoding="rot13"), P.BROKEN)
    many = 200 if full else 20
    layers = say(partial(bodies.layered, size // 64, many), Content_Encoding=", ".join(["gzip"] * many))
    yield Case("layers", layers, P.BROKEN)
    yield Case("gzip-of-nothing", say(b"not compressed", Content_Encoding="gzip"), P.BROKEN)


def _headers(full: bool) -> Iterator[Case]:
    line = b"X-%d: y\r\n"
    lines = b"".join(line % number for number in range(10_000))
    start, rest = head(Content_Length=str(len(PAGE))).split(b"\r\n", 1)
    start += b"\r\n"
    yield Case("header-of-200-kb", _raw(start, b"X: " + b"y" * 200_000 + b"\r\n", rest, PAGE), P.UNREACHABLE)
    yield Case("header-lines-10000", _raw(start, lines, rest, PAGE), None, says=RULES)
    yield Case("headers-without-end", _flood(start, (b"X-Y: " + b"z" * 8000 + b"\r\n") * 8), P.TOO_LARGE)
    yield Case(
        "header-folded-without-end", _flood(start + b"X-Y: z\r\n", (b" " + b"z" * 8000 + b"\r\n") * 8), P.TOO_LARGE
    )
    yield Case("header-no-colon", _raw(start, b"nonsense\r\n", rest, PAGE), None, says=RULES)
    injected = say(PAGE, X_Note="a\r\nSet-Cookie: b=c\r\nLocation: http://elsewhere.example/")
    yield Case("header-injected", injected, None, says=RULES)
    yield Case("header-binary", _raw(start, b"X-\xff\x00: \x00\xfe\r\n", rest, PAGE), P.BROKEN)
    cookies = b"".join(b"Set-Cookie: c%d=%s; Domain=.example\r\n" % (number, b"v" * 80) for number in range(2000))
    yield Case("cookie-flood", _raw(start, cookies, rest, PAGE), None, says=RULES)
    yield Case("status-line-garbage", _raw(b"\x00\xff no HTTP at all\r\n\r\n"), P.BROKEN)
    yield Case("status-not-a-number", _raw(b"HTTP/1.1 abc OK\r\n\r\n", PAGE), P.BROKEN)
    yield Case("status-999", say(PAGE, status=999), P.HTTP_ERROR)
    yield Case("status-0", say(PAGE, status=0), P.HTTP_ERROR)
    yield Case("http-0.9", _raw(PAGE), P.UNREACHABLE)
    yield Case("http-9.9", _raw(b"HTTP/9.9 200 OK\r\nContent-Length: %d\r\n\r\n" % len(PAGE), PAGE), None, says=RULES)
    yield Case("1xx-flood", _flood(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 1000), P.TOO_LARGE)
    yield Case("304-unasked", say(b"", status=304), P.BROKEN)
    yield Case("206-unasked", say(PAGE[:80], status=206, Content_Range="bytes 0-79/9999"), P.HTTP_ERROR)


def _leading_inside(canary: str) -> Iterator[Case]:
    port = canary.rpartition(":")[2].strip("/")
    inside = {
        "loopback": f"http://127.0.0.1:{port}/",
        "private": f"http://10.0.0.1:{port}/",
        "metadata": "http://169.254.169.254/latest/meta-data/",
        "decimal": f"http://2130706433:{port}/",
        "octal": f"http://0177.0.0.1:{port}/",
        "hexadecimal": f"http://0x7f000001:{port}/",
        "short": f"http://127.1:{port}/",
        "zero": f"http://0:{port}/",
        "ipv6": f"http://[::1]:{port}/",
        "ipv6-mapped": f"http://[::ffff:127.0.0.1]:{port}/",
        "ipv6-mapped-hex": f"http://[::ffff:7f00:1]:{port}/",
        "ipv6-nat64": f"http://[64:ff9b::7f00:1]:{port}/",
        "ipv6-zone": f"http://[::1%25lo]:{port}/",
        "user-info": f"http://good.example@127.0.0.1:{port}/",
        "trailing-dot": f"http://127.0.0.1.:{port}/",
        "wide-digits": f"http://\uff11\uff12\uff17.0.0.1:{port}/",
        "circled-digits": f"http://①②⑦.0.0.1:{port}/",
        "name-inside": f"http://inside.example:{port}/",
        "name-zero": f"http://inside-zero.example:{port}/",
        "name-metadata": f"http://inside-metadata.example:{port}/",
        "backslash": f"http://127.0.0.1:{port}\\@good.example/",
    }
    for name, target in inside.items():
        location = target.encode().decode("latin-1")
        becomes = P.UNREACHABLE if name == "trailing-dot" else P.REFUSED_ADDRESS
        yield Case(f"redirect-{name}", say(b"", status=302, Location=location), becomes)
    for scheme in ("file:///etc/passwd", "ftp://127.0.0.1/", "data:text/html,x", "gopher://x/"):
        name = f"redirect-{scheme.partition(':')[0]}"
        yield Case(name, say(b"", status=302, Location=scheme), P.HTTP_ERROR, says="302")
    yield Case("redirect-javascript", say(b"", status=302, Location="javascript:alert(1)"), P.UNREACHABLE)
    yield Case("redirect-loop", say(b"", status=302, Location="/"), P.BROKEN)
    yield Case("redirect-chain", _chain, P.BROKEN)
    yield Case("redirect-refresh", say(page(""), Refresh=f"0; url={canary}"), P.EMPTY)
    yield Case("rebinding", say(PAGE), None, says=RULES)
    yield Case("rebinding-late", say(PAGE), P.REFUSED_ADDRESS)


def _chain(wire: Wire) -> None:
    """Thirty redirects, and then a page."""
    number = int(wire.path.strip("/") or 0)
    say(PAGE)(wire) if number == 30 else say(b"", status=302, Location=f"/{number + 1}")(wire)


def _robots(canary: str, full: bool) -> Iterator[Case]:
    plain = "text/plain"
    yield Case("robots-hang", say(PAGE), P.TIMEOUT, robots=_then(end="hang"))
    yield Case("robots-10-mb", say(PAGE), None, robots=say(b"Disallow: /\n" * 900_000, plain), says=RULES)
    yield Case("robots-inside", say(PAGE), None, robots=say(b"", status=302, Location=canary), says=RULES)
    bomb = say(partial(bodies.gzipped, 32 * MEGABYTE), Content_Encoding="gzip")
    yield Case("robots-bomb", say(PAGE), None, robots=bomb, says=RULES)
    agents = 30_000 if full else 10_000
    product = "".join(f"User-agent: a{n}\n" for n in range(agents)) + "Allow: /x\n" * agents
    yield Case("robots-product", say(PAGE), None, robots=say(product.encode(), plain), says=RULES)
    stars = "User-agent: *\n" + "Disallow: /" + "*a" * 200_000 + "b\n"
    yield Case("robots-stars", say(PAGE), None, robots=say(stars.encode(), plain), says=RULES)


def _spelling() -> Iterator[Case]:
    def spelt(charset: str, body: bytes) -> Serve:
        return say(body, f"text/html; charset={charset}")

    umlauts = page(f"<p>Größe. {RULES}</p>")
    yield Case("charset-wrong", spelt("utf-8", umlauts.decode().encode("latin-1")), None, says=RULES)
    yield Case("charset-unknown", spelt("x-unknown", umlauts), None, says="Größe")
    yield Case("charset-utf-7", spelt("utf-7", page(f"<p>+ADw-script+AD4- {RULES}</p>")), None, says="+ADw-script")
    yield Case("charset-utf-16-without-mark", spelt("utf-16", umlauts.decode().encode("utf-16-le")), None, says="Größe")
    yield Case("charset-utf-16-is-a-lie", spelt("utf-16", umlauts), None, says="Größe")
    yield Case("charset-is-no-codec", spelt("base64", umlauts), None, says="Größe")
    yield Case("charset-is-idna", spelt("punycode", umlauts), None, says="Größe")
    yield Case("charset-of-200-kb", spelt("x" * 8000, umlauts), None, says="Größe")
    yield Case("nul-bytes", say(umlauts.replace(b"M", b"\0M")), None, says="embers must be")
    yield Case("noise", say(bytes(range(256)) * 4000), P.WRONG_TYPE)
    yield Case("type-is-a-lie", say(b"\x89PNG\r\n\x1a\n" + bytes(100_000)), P.WRONG_TYPE)


def _pages(full: bool) -> Iterator[Case]:
    many = 1_000_000 if full else 200_000
    yield Case("html-nested", say(page("<div>" * many + RULES)), P.UNREADABLE, spins=True)
    attributes = " ".join(f"a{number}=b" for number in range(100_000))
    yield Case("html-attributes", say(page(f"<p {attributes}>{RULES}</p>")), P.UNREADABLE, spins=True)
    yield Case("html-20-mb", say(page("x" * 20 * MEGABYTE)), P.TOO_LARGE)
    yield Case("html-one-line", say(page("<p>" + "word " * 1_100_000)), P.UNREADABLE, says="longer than any")
    yield Case("html-one-word", say(page("<p>" + "x" * 15 * MEGABYTE)), P.UNREADABLE, spins=True)
    for name, text in _catastrophes(100_000 if full else 3_000).items():
        yield Case(f"regex-{name}", say(page(f"<p>{RULES}</p><p>{text}</p>")), None, says=RULES)
    scripts = page(
        f"<p>{RULES}</p><p>{SCRIPT}&lt;script&gt;alert(2)&lt;/script&gt; <a href='javascript:x'>here</a></p>"
    )
    yield Case("html-scripts", say(scripts), None, says=RULES, lacks=("alert(1)", "javascript:"))
    yield Case("json-nested", say(b"[" * 100_000, JSON), P.UNREADABLE, "json")
    yield Case(
        "json-numbers", say(b'{"body": "%s", "n": %s}' % (RULES.encode(), b"9" * 1_000_000), JSON), P.UNREADABLE, "json"
    )
    wide = json.dumps({f"k{number}": {"title": "t", "n": [1]} for number in range(100_000)})
    yield Case("json-wide", say(wide.encode(), JSON), P.UNREADABLE, "json", spins=True)


def _catastrophes(size: int) -> dict[str, str]:
    """Texts that an expression with nested repetition reads in the square of their length, or worse."""
    return {
        "spaces": " &nbsp;" * size + "x",
        "digits": "1" * size,
        "dots": "1." * size + "!",
        "dates": "1 January " * (size // 10),
        "brackets": "(" * size,
        "hyphens": "a-" * size,
        "sections": "Article 1(1)(1)" + "(1)" * size,
        "commas": "Articles " + "1, " * size,
        "quotes": "\"'" * size,
        "addresses": "http://a." + "a." * size,
        "uppercase": "A " * size,
        "money": "EUR 1,000" + ",000" * size,
    }


def _feeds(canary: str, full: bool) -> Iterator[Case]:
    def feed(name: str, body: bytes, becomes: ProblemKind | None, says: str = "", *, spins: bool = False) -> Case:
        return Case(f"feed-{name}", say(body, FEED), becomes, "rss", says=says, spins=spins)

    yield feed("nested", rss("<a>" * (1_000_000 if full else 300_000)), P.UNREADABLE, spins=True)
    yield feed("laughs", rss(entry(1, text="&e9;"), bodies.laughs(9)), None, "&e9;")
    yield feed("blow-up", rss(entry(1, text="&long;" * 5_000), bodies.blow_up(100_000)), None, "&long;")
    outside = rss(entry(1, text=f"{RULES} &outside;"), bodies.outside(canary))
    yield feed("outside-canary", outside, None)
    yield feed("outside-file", rss(entry(1, text="&outside;"), bodies.outside("file:///etc/passwd")), None)
    entries = "".join(f"<item><guid>{number}</guid></item>" for number in range(200_000))
    yield feed("many", rss(entries[:4_500_000]), P.UNREADABLE, spins=True)
    yield feed("larger", rss(entries), P.TOO_LARGE)
    yield feed("title-of-10-mb", rss(entry(1, "x" * 10 * MEGABYTE)), P.TOO_LARGE)
    yield feed("title-of-4-mb", rss(entry(1, "x " * 2 * MEGABYTE)), P.UNREADABLE, "longer than any")
    evil = (
        "<item><guid>rules</guid><link>javascript:alert(1)</link>"
        f"<title><![CDATA[Rules {SCRIPT}]]></title><author><![CDATA[{SCRIPT}]]></author>"
        f"<description><![CDATA[{RULES} {SCRIPT} <svg onload=alert(1)> <a href='javascript:alert(1)'>x</a>]]>"
        "</description></item>"
    )
    yield Case("feed-scripts", say(rss(evil), FEED), None, "rss", says=RULES, lacks=("<svg", "javascript:"))


def _files(canary: str, full: bool) -> Iterator[Case]:
    many = 1_000_000 if full else 30_000
    size = (128 if full else 33) * MEGABYTE
    drawn = (256 if full else 16) * MEGABYTE
    for name, body in {
        "garbage": b"%PDF-1.7\n" + bytes(range(256)) * 1000,
        "cut": bodies.pdf_of_pages(3)[:300],
        "tree-in-circles": bodies.PDF_IN_CIRCLES,
        "inflates": partial(bodies.pdf_that_inflates, drawn),
        "inflates-thrice": partial(bodies.pdf_that_inflates, drawn, 3),
        "nested": b"%PDF-1.7\n1 0 obj\n" + b"[" * many + b"\nendobj\ntrailer << /Root 1 0 R >>",
    }.items():
        yield Case(f"pdf-{name}", say(body, PDF), P.UNREADABLE, "pdf")
    for name, spinning in {
        "pages": partial(bodies.pdf_of_pages, 1_000_000),
        "draws-itself": bodies.pdf_that_draws(b"/X Do", b"/I Do /I Do BT /F 10 Tf (Be kind.) Tj ET"),
        "draws-doubling": bodies.pdf_that_doubles(30),
    }.items():
        yield Case(f"pdf-{name}", say(spinning, PDF), P.UNREADABLE, "pdf", spins=True)
    for name, text in {
        "bomb": partial(bodies.docx_bomb, size),
        "bomb-that-lies": partial(bodies.docx_bomb, size, unpacks_to=1000),
        "nested": bodies.docx("<w:p>" * many),
        "laughs": bodies.docx(bodies.words("&e9;"), bodies.laughs(9)),
        "no-archive": b"PK\x03\x04word/" + bytes(1000),
    }.items():
        yield Case(f"docx-{name}", say(text, DOCX), P.UNREADABLE, "docx")
    outside = bodies.docx(bodies.words(RULES, "&outside;"), bodies.outside(canary))
    yield Case("docx-outside", say(outside, DOCX), None, "docx", says=RULES)
