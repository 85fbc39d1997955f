"""OPML 2.0, in which feed readers keep their feeds: outlines with addresses, in folders of outlines without.

Read: a folder whose name is one of the topics in use gives its feeds that topic; the innermost of the others is their
pack. Categories are topics. What a list does not say of a feed, its publisher before all, is guessed as it is of any
address (`monitor.discovery`). Bytes are read as those of feeds are; an ampersand that should have been escaped and
names of HTML's characters are forgiven, documents that declare entities are not read.

Written: what is read, so that written lists come back the same, publishers and jurisdictions apart.

Does not do: fetching a feed to see what it is, outlines that include others.
"""

from __future__ import annotations

import re
from email.utils import format_datetime
from html import escape
from html.entities import html5
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.parsers.expat import ExpatError, ParserCreate

from monitor.discovery.guesses import (
    find_neighbours,
    guess_id,
    guess_jurisdiction,
    guess_publisher,
    host_of,
    is_local,
    slug,
)
from monitor.discovery.topics import guess_topics
from monitor.errors import ConfigurationError
from monitor.exchange.taking import Candidate, Listing, find_fault
from monitor.feeds.markup import read_markup
from monitor.model import Pack

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from monitor.model import Source
    from monitor.sources import Declared

FEED_KINDS = frozenset({"rss", "atom"})
"""The kinds of Sources that any feed reader reads."""
_REFERENCE = re.compile(r"&(?!#\d+;|#[xX][0-9a-fA-F]+;|(?:amp|lt|gt|quot|apos);)(\w+;)?")
_FEED_SCHEME = re.compile(r"^feed:(?://(?!https?:)|(?://)?(https?:)//)", re.IGNORECASE)
"""`feed:https://…` and `feed://…`, as browsers once handed feeds to readers."""


class _Outline(NamedTuple):
    """A feed in the list, below its folders from the outermost on."""

    name: str
    url: str
    kind: str
    folders: tuple[str, ...]
    tags: tuple[str, ...]


def read_opml(path: Path, declared: Declared) -> Listing:
    """The feeds in the list at `path`, called as `declared` calls its publishers and topics.

    Raises ConfigurationError where it is no OPML or cannot be read.
    """
    try:
        outlines = _parse(read_markup(path.read_bytes(), None))
    except OSError as error:
        raise ConfigurationError(f"{path}: the file cannot be read ({error.strerror}).") from error
    except (ExpatError, ValueError) as error:
        raise ConfigurationError(
            f"{path}: this is no OPML: {error}. Export it anew from the feed reader, as OPML."
        ) from error
    topics = {topic for source in declared.sources for topic in source.topics}
    return Listing(tuple(_name(each, declared, topics) for each in outlines))


def _parse(text: str) -> list[_Outline]:
    """Raises ExpatError, or ValueError for what is XML but no OPML."""
    reader = _Reader()
    parser = ParserCreate("utf-8")
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.EntityDeclHandler = reader.refuse
    parser.Parse(_REFERENCE.sub(_mend, text).encode("utf-8", "replace"), True)
    return reader.outlines


def _mend(reference: re.Match[str]) -> str:
    """The character that HTML knows by this name, else the ampersand as text."""
    return escape(html5.get(reference[1] or "", "")) or f"&amp;{reference[1] or ''}"


class _Reader:
    """Gathers the feeds while the elements go by; their nesting is a list, so it may be as deep as it likes."""

    def __init__(self) -> None:
        self.outlines: list[_Outline] = []
        self._folders: list[str] = []
        self._is_opml = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if not self._is_opml and tag.lower() != "opml":
            raise ValueError(f"it begins with <{tag}>")
        self._is_opml = True
        if tag.lower() != "outline":
            return
        found = {name.lower(): " ".join(value.split()) for name, value in attributes.items()}
        name, url = found.get("text") or found.get("title") or "", found.get("xmlurl") or ""
        if url:
            says = f"{found.get('type')} {found.get('version')}".lower()
            tags = tuple(each.strip(" /") for each in found.get("category", "").split(","))
            folders = tuple(filter(None, self._folders))
            self.outlines.append(_Outline(name, _spell(url), "atom" if "atom" in says else "rss", folders, tags))
        self._folders.append("" if url else name)

    def end(self, tag: str) -> None:
        if tag.lower() == "outline":
            self._folders.pop()

    def refuse(self, *_: object) -> None:
        raise ValueError("it declares entities, which no list of feeds needs")


def _spell(url: str) -> str:
    return _FEED_SCHEME.sub(lambda found: f"{found[1] or 'https:'}//", url, count=1).replace(" ", "%20")


def _name(each: _Outline, declared: Declared, topics: set[str]) -> Candidate:
    others = [name for name in each.folders if slug(name) not in topics]
    said = [topic for name in each.folders if (topic := slug(name)) in topics] + [*filter(None, map(slug, each.tags))]
    written = {"name": each.name, "kind": each.kind, "url": each.url, "topics": list(dict.fromkeys(said))}
    pack = Pack(slug(others[-1]), others[-1]) if others else None
    return Candidate(each.name or each.url, _guess(written, declared, topics), pack)


def _guess(written: dict[str, Any], declared: Declared, topics: set[str]) -> dict[str, Any]:
    """The entry with what the list does not say."""
    url = written["url"]
    unsaid = {"id": "feed", "name": url, "publisher": url, "jurisdiction": "global"}
    if find_fault(unsaid | {"kind": "rss", "url": url}):
        return unsaid | written
    name, neighbours = written["name"] or host_of(url), find_neighbours(declared.sources, url)
    publisher, jurisdiction = guess_publisher(neighbours, (), name, url), guess_jurisdiction(neighbours, "", url)
    place = jurisdiction if is_local(url) else ""
    return {
        **written,
        "id": guess_id((), neighbours, name, publisher, place),
        "name": name,
        "publisher": publisher,
        "jurisdiction": jurisdiction,
        "topics": written["topics"] or list(guess_topics(name, url, topics)),
    }


def write_opml(sources: Sequence[Source], packs: Sequence[Pack], now: datetime) -> str:
    """The feeds among the Sources, each in the folder of its pack; those without one stand before all folders.

    Interfaces of publishers are no feeds that a reader reads, and are left out.
    """
    names = {pack.id: pack.name for pack in packs}
    places = ["", *names]
    feeds = sorted((each for each in sources if each.kind in FEED_KINDS), key=lambda each: _place(each, places))
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        "  <head>",
        "    <title>Policy Monitor</title>",
        f"    <dateCreated>{format_datetime(now)}</dateCreated>",
        "    <docs>http://opml.org/spec2.opml</docs>",
        "  </head>",
        "  <body>",
    ]
    for pack, group in groupby(feeds, key=lambda each: each.pack or ""):
        outlines = [_write_outline(each) for each in group]
        folder = _write_attributes({"text": names.get(pack, pack)})
        lines += [f"    <outline{folder}>", *(f"  {each}" for each in outlines), "    </outline>"] if pack else outlines
    return "\n".join([*lines, "  </body>", "</opml>", ""])


def _place(source: Source, places: Sequence[str]) -> tuple[int, str]:
    pack = source.pack or ""
    return (places.index(pack) if pack in places else len(places)), pack


def _write_outline(source: Source) -> str:
    """The type is `rss` for every feed: many readers know no other. Which one it is stands in `version`."""
    attributes = {
        "type": "rss",
        "version": source.kind.upper(),
        "text": source.name,
        "title": source.name,
        "xmlUrl": source.urls[0],
        "category": ",".join(source.topics),
    }
    return f"    <outline{_write_attributes(attributes)}/>"


def _write_attributes(attributes: Mapping[str, str]) -> str:
    return "".join(f' {name}="{escape(value)}"' for name, value in attributes.items() if value)
