"""Who asks, by what they show. Three things count, and whoever shows an earlier one is judged by that one alone:

1. the proxy's header, where one is set up, from that proxy and nobody else;
2. a key, as `Authorization: Bearer KEY`; for FEEDS also as `?key=KEY`, because calendars cannot send headers;
3. the cookie of a session.

Names and roles come from `people:` in `sources.yaml`, from the link or from the key; never from what a form says.

Does not do: opening sessions (`monitor.web.access.invitation`).
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.responses import PlainTextResponse, RedirectResponse, Response

from digests.wording import find_person
from monitor.model import Role
from monitor.slack.people import load_declared
from monitor.store.passes import PassSort, find_pass
from monitor.web.access.cookies import Cookie, read_cookie
from monitor.web.problems import is_for_programs, tell_problem
from monitor.web.rendering import draw_failure

if TYPE_CHECKING:
    from datetime import datetime
    from ipaddress import IPv4Address

    from starlette.requests import Request

    from monitor.config import Config
    from monitor.store import Database

FEEDS = frozenset({"/calendar.ics", "/feed.atom"})
"""What programs read that know no more than an address."""

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that only read (RFC 9110, 9.2.1)."""
_LONGEST_NAME = 200
_NO_HEADER = (
    "The proxy in front of the desk does not say who you are. Open the desk at {}, and sign in there. "
    "If you did, whoever runs the proxy finds in docs/desk-access.md what it must send."
)
_NO_KEY = "This needs a key that is good. Whoever runs the desk makes one: monitor web key NAME"
_HOW = {"WWW-Authenticate": "Bearer"}


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who was let in. `name` is the actor of what they decide."""

    name: str
    role: Role
    can_leave: bool = False
    """Whether there is a session to end."""


def find_visitor(request: Request, config: Config, db: Database, now: datetime) -> Visitor | None:
    """None = nobody who may look. Also stands in `request.state.visitor`, for the page's head."""
    visitor = _find(request, config, db, now)
    request.state.visitor = visitor
    return visitor


def _find(request: Request, config: Config, db: Database, now: datetime) -> Visitor | None:
    if is_from_proxy(request, config):
        name = _read_proxy_name(request, config)
        return name_visitor(config, [name], name) if name else None
    bearer = read_bearer(request)
    if bearer is not None:
        key = find_pass(db, PassSort.KEY, bearer, now)
        return Visitor(key.who, key.role) if key else None
    if is_feed_with_key(request):
        key = find_pass(db, PassSort.KEY, request.query_params["key"], now)
        return Visitor(key.who, Role.READER) if key else None
    token = read_cookie(request, config, Cookie.SESSION)
    session = find_pass(db, PassSort.SESSION, token, now) if token else None
    return Visitor(session.who, session.role, can_leave=True) if session else None


def name_visitor(config: Config, known_as: list[str], otherwise: str) -> Visitor:
    """The first who is listed under `people:` by one of these; else `otherwise`, with the role of who is not listed.

    Raises SourcesError where `sources.yaml` has mistakes: a role that cannot be read is no role.
    """
    people = load_declared(config.sources).people
    person = next((found for each in known_as if (found := find_person(each, people))), None)
    return Visitor(person.name, person.role) if person else Visitor(otherwise, Role(config.web.role))


def is_from_proxy(request: Request, config: Config) -> bool:
    """Whether it carries the header that only the proxy may send; whether it was the proxy is another question."""
    return config.web.proxy_header is not None and config.web.proxy_header in request.headers


def _read_proxy_name(request: Request, config: Config) -> str | None:
    """Whom the proxy names. Two names, or one with a comma, are a forged one that the proxy added its own to."""
    peer = read_peer(request)
    if not any(peer in network for network in config.web.proxy_from if peer):
        return None
    names = [each.strip() for each in request.headers.getlist(config.web.proxy_header or "")]
    name = names[0] if len(names) == 1 else ""
    return name if name.isprintable() and "," not in name and len(name) <= _LONGEST_NAME else None


def read_peer(request: Request) -> IPv4Address | IPv6Address | None:
    """Who is at the other end of the connection, whatever the headers say; None over a Unix socket."""
    try:
        address = ip_address(request.client.host if request.client else "")
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


def has_key(request: Request, config: Config) -> bool:
    """Whether a program shows a key, which no page of another site can make a browser do. It may be a wrong one.

    What a proxy sends on with somebody's name is no key: it may add such a header to whatever a browser sends.
    """
    return read_bearer(request) is not None and not is_from_proxy(request, config)


def read_bearer(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def is_feed_with_key(request: Request) -> bool:
    return request.method in SAFE and request.scope["path"] in FEEDS and "key" in request.query_params


def send_away(request: Request, config: Config) -> Response:
    """People to where they sign in, and back to what they asked for; programs with the word that they need a key."""
    if is_for_programs(request):
        return tell_problem(HTTPStatus.UNAUTHORIZED, _NO_KEY, headers=_HOW)
    if has_key(request, config) or request.scope["path"] in FEEDS:
        return PlainTextResponse(f"{_NO_KEY}\n", HTTPStatus.UNAUTHORIZED, _HOW)
    if config.web.proxy_header:
        return draw_failure(request, HTTPStatus.UNAUTHORIZED, _NO_HEADER.format(config.web.url))
    way = f"/sign-in?next={quote(_read_wish(request))}"
    if "hx-request" in request.headers:  # htmx would put the page of the redirect into a corner of this one
        return Response(status_code=HTTPStatus.UNAUTHORIZED, headers={"HX-Redirect": way})
    return RedirectResponse(way, HTTPStatus.SEE_OTHER)


def _read_wish(request: Request) -> str:
    """Where they were going; what a form sent is lost, so from there it is the inbox."""
    if request.method not in SAFE or "hx-request" in request.headers:
        return "/"
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")
