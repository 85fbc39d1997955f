"""The Changes that were told last → an Atom feed (RFC 4287).

An entry keeps its id and its day for good; what is decided about it later is no news of it.

Does not do: choosing what is told (`monitor.tracking`).
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

from digests.escape import plain
from digests.wording import OPS, deadline
from digests.words import path
from monitor.model import DEADLINE_KINDS
from monitor.store.exports import get_dates, get_newest
from monitor.store.flagged import get_flagged

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monitor.model import DateMention
    from monitor.store import Database
    from monitor.store.exports import Told
    from monitor.store.flagged import Flagged
    from monitor.store.subjects import Subject

MEDIA_TYPE = "application/atom+xml"
MOST = 100
_PASSAGES = 5
_BEGINNING = "1970-01-01T00:00:00+00:00"
"""Of a feed in which there is nothing yet."""
_MINTED = "2026"
"""The year in which whoever owns the host could give such ids (RFC 4151)."""
_NO_XML = dict.fromkeys([0xFFFE, 0xFFFF])


def write_feed(db: Database, subject: Subject, *, address: str, desk: str) -> bytes:
    """`address` is that of the feed, `desk` that of the desk without a slash at its end."""
    told = get_newest(db, subject, MOST)
    ids = [each.id for each in told]
    flagged, dates = get_flagged(db, ids, None, _PASSAGES), get_dates(db, ids)
    feed = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": "en"})
    _add(feed, "id", _name(desk, address.removeprefix(f"{desk}/")))
    _add(feed, "title", "Policy Monitor: what changed")
    _add(feed, "updated", told[0].confirmed_at.isoformat() if told else _BEGINNING)
    SubElement(feed, "link", {"rel": "self", "type": MEDIA_TYPE, "href": address})
    SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": f"{desk}/"})
    SubElement(_add(feed, "author"), "name").text = "Policy Monitor"
    for each in told:
        feed.append(_entry(each, flagged[each.id], dates.get(each.id, ()), desk))
    body: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return body


def _entry(told: Told, flagged: Flagged, dates: Sequence[DateMention], desk: str) -> Element:
    entry = Element("entry")
    _add(entry, "id", _name(desk, f"changes/{told.id}"))
    _add(entry, "title", f"{told.publisher}: {told.summary or told.reason}")
    _add(entry, "published", told.confirmed_at.isoformat())
    _add(entry, "updated", told.confirmed_at.isoformat())
    SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": f"{desk}/changes/{told.id}"})
    SubElement(_add(entry, "author"), "name").text = _clean(told.publisher)
    for term in (told.jurisdiction, told.severity, *told.topics):
        SubElement(entry, "category", {"term": _clean(term)})
    _add(entry, "summary", told.reason)
    content = _add(entry, "content", "".join(_iter_html(told, flagged, dates)))
    content.set("type", "html")
    return entry


def _iter_html(told: Told, flagged: Flagged, dates: Sequence[DateMention]) -> Iterator[str]:
    yield f"<p><strong>{_html(told.name)}</strong>: {_html(told.reason)}, severity {told.severity}.</p>"
    for each in dates:
        if each.kind in DEADLINE_KINDS:
            yield f"<p>{_html(deadline(each.kind, each.date))}: <q>{_html(each.sentence)}</q></p>"
    if flagged.impacts:
        yield f"<p>Procedures touched: {'; '.join(_html(name) for name, _ in flagged.impacts)}</p>"
    for passage in flagged.passages:
        yield f"<h4>{_html(': '.join(filter(None, [OPS[passage.op], path(passage.heading)])))}</h4>"
        if passage.before != passage.after:
            yield f"<p><del>{_html(passage.before)}</del></p>" if passage.before else ""
        yield f"<p><ins>{_html(passage.after)}</ins></p>" if passage.after else ""


def _name(desk: str, what: str) -> str:
    return f"tag:{urlsplit(desk).hostname},{_MINTED}:{what}"


def _add(parent: Element, name: str, text: str = "") -> Element:
    element = SubElement(parent, name)
    element.text = _clean(text) or None
    return element


def _html(text: str) -> str:
    return escape(plain(text))


def _clean(text: str) -> str:
    """What XML can hold."""
    return plain(text).translate(_NO_XML)
