"""The pages through which people come in and leave.

    /sign-in         how to come in here
    /sign-in/start   to the OpenID provider;  /sign-in/back  from there
    /enter           what a one-time link opens: a button, because programs that look at links ahead press none
    /leave           ends the session

Whoever comes in gets a new token, whatever their browser held before. Where they wanted to go is a path of the desk, or
it is the inbox.

Does not do: the rules of invitations and providers (`monitor.web.access.invitation`, `monitor.web.access.oidc`).
"""

from __future__ import annotations

from contextlib import closing
from http import HTTPStatus
from typing import TYPE_CHECKING

import structlog
from starlette.responses import RedirectResponse
from starlette.routing import Route

from monitor.errors import NotFoundError, SignInError
from monitor.store import open_store
from monitor.web.access.cookies import Cookie, drop_cookie, read_cookie, set_cookie
from monitor.web.access.invitation import (
    AFTER_LINK,
    AFTER_PROVIDER,
    accept_invitation,
    end_session,
    get_invitation,
    open_session,
)
from monitor.web.access.oidc import BACK, PATIENCE
from monitor.web.access.visitors import name_visitor
from monitor.web.rendering import draw
from monitor.web.serving import serve_anybody

if TYPE_CHECKING:
    from datetime import timedelta

    from starlette.responses import Response

    from monitor.store import Database
    from monitor.web.access.oidc import Identity, Provider
    from monitor.web.access.visitors import Visitor
    from monitor.web.serving import Knock

log = structlog.get_logger()

_LOST = (
    "This sign-in was not begun in this browser, took longer than ten minutes, or was answered before. Start again "
    "from the desk."
)


def show_sign_in(knock: Knock) -> Response:
    """The way in that is set up, and back to `next` afterwards."""
    return draw(
        knock.request,
        "sign_in.html",
        provider=_find_provider(knock),
        proxy_url=knock.config.web.url if knock.config.web.proxy_header else None,
        wish=find_path(knock.asked("next")),
    )


def start(knock: Knock) -> Response:
    """To the provider. A link and no form, because browsers hold forms to our own host (CSP form-action)."""
    begun = _get_provider(knock).begin(find_path(knock.asked("next")), knock.now)
    response = RedirectResponse(begun.url, HTTPStatus.SEE_OTHER)
    set_cookie(response, knock.request, knock.config, Cookie.SIGN_IN, begun.state, lasts=PATIENCE)
    return response


def come_back(knock: Knock) -> Response:
    """From the provider, with a code or a refusal. Only the browser that began can finish.

    Raises SignInError.
    """
    provider, state = _get_provider(knock), knock.asked("state")
    is_own = state == read_cookie(knock.request, knock.config, Cookie.SIGN_IN)
    begun = provider.take(state, knock.now) if is_own and knock.request.method == "GET" else None
    if begun is None:
        raise SignInError(_LOST)
    if not knock.asked("code"):
        raise SignInError(f'{provider.name} let nobody in ("{knock.asked("error")}"). Start again from the desk.')
    identity = provider.finish(begun, knock.asked("code"), knock.now)
    visitor = _admit(knock, provider, identity)
    with closing(open_store(knock.config.db)) as db:
        token = open_session(db, visitor.name, visitor.role, knock.now)
        response = _let_in(knock, db, token, begun.wish, AFTER_PROVIDER)
    drop_cookie(response, knock.request, knock.config, Cookie.SIGN_IN)
    log.info("signed in", who=visitor.name, role=visitor.role, by=provider.name)
    return response


def _admit(knock: Knock, provider: Provider, identity: Identity) -> Visitor:
    """Whom the provider vouches for, if they may come in. Raises SignInError."""
    oidc = knock.config.web.oidc
    who = identity.email or identity.slack
    if oidc is None or who is None or not identity.is_among(oidc.allow):
        log.warning("not let in", who=who, team=identity.team, by=provider.name)
        raise SignInError(
            f"{who or 'Somebody whose e-mail address is not verified'} may not come in here, says this desk's list. "
            "Ask whoever runs it to add you to MONITOR_OIDC_ALLOW."
        )
    return name_visitor(knock.config, identity.known_as, who)


def show_enter(knock: Knock) -> Response:
    """Whom the link would let in, and the button that does. Raises SignInError where it lets in nobody."""
    token = knock.asked("token")
    return draw(knock.request, "enter.html", invitation=get_invitation(knock.db, token, knock.now), token=token)


def enter(knock: Knock) -> Response:
    """Spend the link. Raises SignInError."""
    invitation, token = accept_invitation(knock.db, knock.form.get("token", ""), knock.now)
    log.info("signed in", who=invitation.who, role=invitation.role, by="link")
    return _let_in(knock, knock.db, token, "/", AFTER_LINK)


def leave(knock: Knock) -> Response:
    """Nobody needs to be signed in for it: it is right as well for somebody whose session has ended."""
    response = RedirectResponse("/sign-in", HTTPStatus.SEE_OTHER)
    _end_session(knock, knock.db)
    drop_cookie(response, knock.request, knock.config, Cookie.SESSION)
    return response


def _let_in(knock: Knock, db: Database, token: str, wish: str, lasts: timedelta) -> Response:
    """To where they wanted to go, with the new token in place of the one that the browser may hold."""
    _end_session(knock, db)
    response = RedirectResponse(wish, HTTPStatus.SEE_OTHER)
    set_cookie(response, knock.request, knock.config, Cookie.SESSION, token, lasts=lasts)
    return response


def _end_session(knock: Knock, db: Database) -> None:
    old = read_cookie(knock.request, knock.config, Cookie.SESSION)
    if old:
        end_session(db, old, knock.now)


def find_path(wish: str) -> str:
    """`wish` where it is a path of the desk, else the inbox.

    Browsers read `//host` and `/\\host` as another host, and leave out the tabs and line ends between the signs.
    """
    is_path = wish.startswith("/") and not wish.startswith("//") and "\\" not in wish and wish.isprintable()
    return wish if is_path else "/"


def _find_provider(knock: Knock) -> Provider | None:
    provider: Provider | None = knock.request.app.state.provider
    return provider


def _get_provider(knock: Knock) -> Provider:
    provider = _find_provider(knock)
    if provider is None:
        raise NotFoundError("Nobody signs in with a provider here: none is set up.")
    return provider


ROUTES = [
    Route("/sign-in", serve_anybody(show_sign_in)),
    Route("/sign-in/start", serve_anybody(start)),
    Route(BACK, serve_anybody(come_back)),
    Route("/enter", serve_anybody(show_enter)),
    Route("/enter", serve_anybody(enter), methods=["POST"]),
    Route("/leave", serve_anybody(leave), methods=["POST"]),
]
