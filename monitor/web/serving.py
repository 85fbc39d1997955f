"""From a request to an answer: who asks, the open database, and what went wrong as a page that says what to do.

    def show_change(visit: Visit) -> Response: ...

    Route("/changes/{change_id:number}", serve(show_change))                       # anybody who is let in
    Route("/changes/{change_id:number}", serve(decide, needs=Role.SPECIALIST), methods=["POST"])

A `number` is one that SQLite can hold, which Starlette's `int` need not be: any other is the address of nothing.

A handler is a plain function that runs in a thread with a Visit. Reading has the database read-only; what is not safe
(POST) has it open for writing, and is refused where another site sent it (`monitor.web.guard`). What is there before
anybody is let in is a Knock, served by `serve_anybody`.

Does not do: finding out who asks (`monitor.web.access`), drawing (`monitor.web.rendering`).
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.convertors import IntegerConvertor, register_url_convertor

from monitor.errors import BusyError, ConfigurationError, EvidenceError, MonitorError, NotFoundError, SignInError
from monitor.model import Role
from monitor.store import open_store, open_to_read
from monitor.web.access import SAFE, find_visitor, send_away
from monitor.web.rendering import draw, draw_failure

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from datetime import datetime

    from starlette.requests import Request
    from starlette.responses import Response

    from monitor.config import Config
    from monitor.store import Database
    from monitor.web.access import Visitor

MAX_FORM = 100_000
"""Bytes. The longest form is a comment."""


class _Number(IntegerConvertor):
    regex = "[0-9]{1,18}"


register_url_convertor("number", _Number())


@dataclass(frozen=True, slots=True)
class Knock:
    """One request of anybody."""

    request: Request
    config: Config
    db: Database
    form: Mapping[str, str]
    """What was sent; empty for what only reads. The last value of each name."""
    now: datetime

    def asked(self, name: str, default: str = "") -> str:
        """A parameter of the address."""
        return self.request.query_params.get(name, default)


@dataclass(frozen=True, slots=True)
class Visit(Knock):
    """One request of somebody who may make it."""

    visitor: Visitor


def serve(handler: Callable[[Visit], Response], needs: Role = Role.READER) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint that runs `handler` for whoever has the role."""
    return serve_anybody(partial(_admit, handler, needs))


def serve_anybody(handler: Callable[[Knock], Response]) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint that runs `handler` for whoever asks: the doors themselves."""

    async def answer(request: Request) -> Response:
        form = {} if request.method in SAFE else await _read_form(request)
        return await run_in_threadpool(_answer, handler, request, form)

    return answer


def _answer(handler: Callable[[Knock], Response], request: Request, form: Mapping[str, str]) -> Response:
    config: Config = request.app.state.config
    try:
        with closing(open_database(request, config)) as db:
            return handler(Knock(request, config, db, form, config.now()))
    except SignInError as error:
        title = "You are not signed in"
        return draw(request, "failure.html", status=HTTPStatus.FORBIDDEN, title=title, said=str(error))
    except MonitorError as error:
        return draw_failure(request, get_status(error), str(error))


def _admit(handler: Callable[[Visit], Response], needs: Role, knock: Knock) -> Response:
    request, config = knock.request, knock.config
    visitor = find_visitor(request, config, knock.db, knock.now)
    if visitor is None:
        return send_away(request, config)
    if lack := say_lack(visitor, needs):
        return draw_failure(request, HTTPStatus.FORBIDDEN, lack)
    return handler(Visit(request, config, knock.db, knock.form, knock.now, visitor))


def open_database(request: Request, config: Config) -> Database:
    """Read-only for what only reads. Raises StoreError."""
    return open_to_read(config.db) if request.method in SAFE else open_store(config.db)


def say_lack(visitor: Visitor, needs: Role) -> str:
    """Why somebody may not do what needs this role; "" = they may."""
    return "" if visitor.role.may(needs) else f"This wants the role {needs}, and yours is {visitor.role}."


def get_status(error: MonitorError) -> HTTPStatus:
    """With which status this is answered, to people and to programs."""
    if isinstance(error, NotFoundError):
        return HTTPStatus.NOT_FOUND
    if isinstance(error, ConfigurationError):
        return HTTPStatus.BAD_REQUEST
    if isinstance(error, EvidenceError):
        return HTTPStatus.CONFLICT
    return HTTPStatus.SERVICE_UNAVAILABLE if isinstance(error, BusyError) else HTTPStatus.INTERNAL_SERVER_ERROR


async def _read_form(request: Request) -> dict[str, str]:
    """The fields of a form; files are ignored. Starlette refuses what is larger or has more fields."""
    async with request.form(max_files=0, max_fields=100, max_part_size=MAX_FORM) as form:
        return {name: value for name, value in form.multi_items() if isinstance(value, str)}
