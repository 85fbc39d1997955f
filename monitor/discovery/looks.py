"""What one answer shows: its kind, what it says of itself, and how it would be read.

Everything here parses what came from outside, so it runs where it can be killed (`monitor.cli.worker`). The same
answers always give the same Look.

Does not do: fetching; making an entry of what was seen (`proposals`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from email.message import Message
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from monitor.discovery import feeds
from monitor.discovery.advice import advise
from monitor.discovery.selectors import Selectors, propose_selectors
from monitor.discovery.steadiness import Steadiness, compare_looks, find_ticking
from monitor.discovery.survey import Survey, survey
from monitor.errors import ExtractionError
from monitor.extract import extract
from monitor.extract.decode import decode
from monitor.extract.docx import is_docx
from monitor.extract.html import close_elements, parse, read_html
from monitor.extract.normalise import fold, spell_language
from monitor.feeds import parse_feed
from monitor.language import find_language
from monitor.model import BlockKind, ProblemKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborHTMLParser

    from monitor.feeds import Feed
    from monitor.model import Extract, Fetch

_XHTML = "application/xhtml+xml"
_PLAIN = frozenset({"text/plain", "text/markdown"})
_PUBLISHERS = ('meta[property="og:site_name"]', "meta[name=application-name]", 'meta[name="dcterms.publisher" i]')


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why an answer cannot be read as it is: a kind of Problem, in words, and what to do."""

    problem: ProblemKind
    detail: str
    advice: str
    """ "" where there is nothing to be done."""


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen at an address. `kind` is that of `sources.yaml`; with `trouble` there is neither text nor feed."""

    kind: str
    title: str = ""
    heading: str = ""
    language: str = ""
    """As the page declares it, else as its text is written."""
    publishers: tuple[str, ...] = ()
    """What the page calls its publisher, the surest first."""
    text: Extract | None = None
    feed: Feed | None = None
    selectors: Selectors = field(default_factory=Selectors)
    survey: Survey = field(default_factory=Survey)
    steadiness: Steadiness = field(default_factory=Steadiness)
    feeds: tuple[str, ...] = ()
    """Addresses of feeds that the page links to."""
    variants: tuple[str, ...] = ()
    """Addresses of the same text for other languages and regions, where this address is none of theirs."""
    trouble: Trouble | None = None


def look_at(fetch: Fetch, again: Fetch | None = None) -> Look:
    """What an answer with bytes shows; `again` is a second answer of the same address, to see what ticks."""
    body = fetch.body or b""
    kind = feeds.find_kind(body)
    if not body:
        return Look("html", trouble=_trouble(ProblemKind.EMPTY, "the answer has 0 bytes"))
    try:
        if kind:
            return _look_at_feed(kind, body, fetch)
        media_type, charset = _read_type(fetch)
        kind = _find_kind(body, media_type)
        text = extract(body, media_type, charset=charset, expect=kind)
    except ExtractionError as error:
        trouble = _trouble(error.problem, error.detail)
        return Look(kind, trouble=trouble) if kind != "html" else _look_at_page(fetch, None, trouble)
    if kind == "html" and media_type not in _PLAIN:
        return _look_at_page(fetch, again, None)
    return Look(kind, title=text.title, heading=_find_heading(text), language=_name_language(text), text=text)


def _trouble(problem: ProblemKind, detail: str) -> Trouble:
    return Trouble(problem, detail, advise(problem))


def _read_type(fetch: Fetch) -> tuple[str, str | None]:
    content = Message()
    content["content-type"] = fetch.headers.get("content-type", "text/html")
    return content.get_content_type(), content.get_content_charset()


def _find_kind(body: bytes, media_type: str) -> str:
    if body.startswith(b"%PDF-"):
        return "pdf"
    if is_docx(body):
        return "docx"
    return "json" if media_type.endswith(("/json", "+json")) else "html"


def _look_at_feed(kind: str, body: bytes, fetch: Fetch) -> Look:
    feed = parse_feed(body, fetch.headers.get("content-type"), fetch.final_url or fetch.url)
    said = " ".join(block.text for entry in feed.entries for block in entry.blocks)
    return Look(kind, title=feed.title, publishers=(feed.title,), feed=feed, language=find_language(said))


def _look_at_page(fetch: Fetch, again: Fetch | None, trouble: Trouble | None) -> Look:
    markup, address = _decode(fetch), fetch.final_url or fetch.url
    page = parse(markup)
    head = page.css_first("head > title")
    look = Look(
        "html",
        title=fold(head.text()) if head else "",
        publishers=tuple(dict.fromkeys(_iter_publishers(page))),
        feeds=feeds.find_linked(markup, address),
        variants=tuple(_iter_variants(page, address)),
        trouble=trouble,
    )
    return look if trouble else _read_page(look, markup, _decode(again) if again and again.body else "", fetch.url)


def _read_page(look: Look, markup: str, again: str, url: str) -> Look:
    """The same with its text, as the proposed selectors read it; `again` is the mark-up of a second look, "" = none."""
    chosen = propose_selectors(markup, urlsplit(url).fragment)
    if again:
        chosen = replace(chosen, remove=chosen.remove + find_ticking(markup, again, chosen))
    text, later = (read_html(each, select=chosen.select, remove=chosen.remove) for each in (markup, again or markup))
    return replace(
        look,
        text=text,
        heading=_find_heading(text),
        language=_name_language(text),
        selectors=chosen,
        survey=survey(markup, chosen.select, chosen.remove),
        steadiness=compare_looks(text.blocks, later.blocks),
    )


def _decode(fetch: Fetch) -> str:
    media_type, charset = _read_type(fetch)
    markup = decode(fetch.body or b"", charset)
    return close_elements(markup) if media_type == _XHTML else markup


def _find_heading(text: Extract) -> str:
    return next((block.text for block in text.blocks if block.kind is BlockKind.HEADING), "")


def _name_language(text: Extract) -> str:
    return text.language or find_language(" ".join(block.text for block in text.blocks))


def _iter_publishers(page: LexborHTMLParser) -> Iterator[str]:
    for selector in _PUBLISHERS:
        node = page.css_first(selector)
        if node is not None and (said := fold(node.attributes.get("content") or "")):
            yield said
    for script in page.css('script[type="application/ld+json"]'):
        yield from _iter_organisations(script.text())


def _iter_organisations(linked_data: str) -> Iterator[str]:
    """The names of publishers in schema.org's JSON; none where it is broken, as it often is."""
    try:
        data = json.loads(linked_data)
    except (ValueError, RecursionError):
        return
    things = [data, *data] if isinstance(data, list) else [data, *_as_list(data, "@graph")]
    for thing in things:
        for owner in (_part(thing, "publisher"), thing):
            name = owner.get("name") if isinstance(owner, dict) else None
            if isinstance(name, str) and "Organization" in str(owner.get("@type")):
                yield fold(name)


def _part(thing: object, key: str) -> Any:
    return thing.get(key) if isinstance(thing, dict) else None


def _as_list(thing: object, key: str) -> list[Any]:
    found = _part(thing, key)
    return found if isinstance(found, list) else []


def _iter_variants(page: LexborHTMLParser, address: str) -> Iterator[str]:
    """The same text for named languages and regions, where this address stands for whichever the visitor's is."""
    named = {
        urljoin(address, node.attributes.get("href") or ""): node.attributes.get("hreflang") or ""
        for node in page.css("link[rel~=alternate][hreflang]")
    }
    if named.get(address, "x-default") == "x-default":
        yield from (each for each, language in named.items() if spell_language(language) and each != address)
