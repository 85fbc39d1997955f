"""What programs read: the calendar and the feed, which they ask for again and again, and the exports.

    /calendar.ics, /feed.atom      filters as on the calendar's page; 304 where nothing is new
    /exports/changes.csv, .json    told Changes;  /exports/decisions.csv  every Decision
        since, until               days, the first and the last that are in it; jurisdiction, topic

Whether something is new says a hash of all of it. There is no Last-Modified: what a link, a procedure or a person is
called has no time, and a feed that says nothing is new where something is would be worse than one sent again.

An export is sent as it is read, so that its length does not matter; what is decided meanwhile may be in it.

Does not do: letting in who shows a key in the address (`monitor.web.access.visitors`).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from monitor.errors import ConfigurationError
from monitor.store.exports import Span
from monitor.store.subjects import Subject
from monitor.views import atom, exports, ics
from monitor.views.calendar import get_events
from monitor.web.desk.calendar import read_asked, read_subject, write_query
from monitor.web.serving import serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.web.serving import Visit

_NAME = "Policy Monitor"
_CSV, _JSON = "text/csv; charset=utf-8; header=present", "application/json"


def send_calendar(visit: Visit) -> Response:
    asked = read_asked(visit)
    facts = [_NAME, asked.subject.jurisdiction, asked.subject.topic, visit.asked("mine"), asked.kind]
    events = get_events(visit.db, asked, visit.now)
    body = ics.write_calendar(events, ics.name_calendar(facts), get_desk(visit))
    return _send(visit, body, ics.MEDIA_TYPE)


def send_feed(visit: Visit) -> Response:
    desk = get_desk(visit)
    address = f"{desk}/feed.atom{write_query(visit.request.query_params, kind='')}"
    return _send(visit, atom.write_feed(visit.db, read_subject(visit), address=address, desk=desk), atom.MEDIA_TYPE)


def send_changes_csv(visit: Visit) -> Response:
    batches = exports.iter_changes(visit.config.db, read_span(visit))
    return _stream(visit, exports.write_changes_csv(batches, get_desk(visit)), "changes.csv", _CSV)


def send_changes_json(visit: Visit) -> Response:
    batches = exports.iter_changes(visit.config.db, read_span(visit))
    return _stream(visit, exports.write_changes_json(batches, get_desk(visit)), "changes.json", _JSON)


def send_decisions_csv(visit: Visit) -> Response:
    batches = exports.iter_decisions(visit.config.db, read_span(visit))
    return _stream(visit, exports.write_decisions_csv(batches, get_desk(visit)), "decisions.csv", _CSV)


def read_span(visit: Visit) -> Span:
    """Raises ConfigurationError for what is no day: an export of the wrong time is worse than none."""
    subject = Subject(visit.asked("jurisdiction"), visit.asked("topic"))
    return make_span(subject, _read_day(visit, "since"), _read_day(visit, "until"))


def make_span(subject: Subject, since: date | None, until: date | None) -> Span:
    """From the beginning of one day to the end of the other, in UTC; None, or the last of all days, = without end."""
    after = until + timedelta(days=1) if until and until < date.max else None
    return Span(subject, _begin(since) if since else None, _begin(after) if after else None)


def get_desk(visit: Visit) -> str:
    """The address of the desk as people type it, without a slash at its end."""
    return visit.config.web.url or str(visit.request.base_url).rstrip("/")


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _read_day(visit: Visit, name: str) -> date | None:
    text = visit.asked(name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ConfigurationError(f'{name}: "{text}" is no day. Write it as in 2026-11-30.') from None


def _send(visit: Visit, body: bytes, media_type: str) -> Response:
    """The whole, or 304 to a program that has it already."""
    headers = {"ETag": f'"{sha256(body).hexdigest()[:32]}"', "Cache-Control": "private, no-cache"}
    known = {each.strip().removeprefix("W/") for each in visit.request.headers.get("if-none-match", "").split(",")}
    if known & {headers["ETag"], "*"}:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(body, media_type=f"{media_type}; charset=utf-8", headers=headers)


def _stream(visit: Visit, pieces: Iterator[str], name: str, media_type: str) -> Response:
    stem, _, suffix = name.partition(".")
    headers = {"Content-Disposition": f'attachment; filename="{stem}-{visit.now:%Y-%m-%d}.{suffix}"'}
    return StreamingResponse(pieces, headers=headers, media_type=media_type)


ROUTES = [
    Route("/calendar.ics", serve(send_calendar)),
    Route("/feed.atom", serve(send_feed)),
    Route("/exports/changes.csv", serve(send_changes_csv)),
    Route("/exports/changes.json", serve(send_changes_json)),
    Route("/exports/decisions.csv", serve(send_decisions_csv)),
]
