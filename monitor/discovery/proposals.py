"""What was seen at an address → the entry of `sources.yaml` that watches it, and what a person should know of it.

Does not do: fetching, reading answers (`looks`), writing the file (`monitor.sources.edit`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit, urlunsplit

from monitor.discovery import guesses
from monitor.discovery.topics import guess_topics

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from monitor.discovery.looks import Look
    from monitor.discovery.publishers import Interface
    from monitor.model import Source

EVERY = {"html": "12h", "pdf": "1d", "docx": "1d", "json": "1d"}
"""How often each kind is asked where its neighbours in the file say nothing; feeds and interfaces every EVERY_FEED."""
EVERY_FEED = "6h"
SHOWN_FEEDS = 2
SHOWN_TICKS = 3
SHOWN_CHARACTERS = 80
_LANGUAGE_HEADERS = re.compile(r"accept-language|x-country|cloudfront-viewer-country|geo", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person says themselves; what is left out is guessed."""

    id: str | None = None
    pack: str | None = None
    topics: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen on a day at the address that a person gave.

    `final_url` is where it led, `look` what stood there, `feed` and `feed_url` the feed of the page that says the same,
    `interface` the query that watches the same, `vary` the header of this name. `render` says that a browser is needed;
    with a `trouble` of the look, that perhaps it is, and none was there to ask.
    """

    url: str
    final_url: str
    look: Look
    day: date
    feed_url: str = ""
    feed: Look | None = None
    interface: Interface | None = None
    vary: str = ""
    render: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """An entry by its keys, and notes of a sentence or two each, the gravest first."""

    entry: Mapping[str, object]
    notes: tuple[str, ...] = ()


def find_watching(known: Sequence[Source], url: str) -> Source | None:
    """The source that watches this address already, however it is spelled: scheme, `www.`, slash at the end."""
    spelled = spell_address(url)
    return next((each for each in known if spelled in map(spell_address, each.urls)), None)


def spell_address(url: str) -> str:
    """An address as it is compared: what leads to the same page is spelled the same."""
    parts = urlsplit(url)
    path = unquote(parts.path).rstrip("/") or "/"
    return urlunsplit(("", (parts.netloc.lower()).removeprefix("www."), path, unquote(parts.query), parts.fragment))


def propose(sight: Sight, known: Sequence[Source], wishes: Wishes) -> Proposal:
    """The entry for what was seen, in the style of the `known` ones."""
    look, url = sight.look, settle_address(sight)
    neighbours = guesses.find_neighbours(known, url)
    publisher = _name_publisher(sight, neighbours, url)
    title = _name_title(sight, publisher, url)
    jurisdiction = guesses.guess_jurisdiction(neighbours, look.language, url)
    if sight.interface and not neighbours:
        jurisdiction = sight.interface.jurisdiction
    name = guesses.guess_name(title, publisher)
    place = jurisdiction if guesses.is_local(url) else ""
    ids = {each.id for each in known}
    pack = wishes.pack or guesses.agree(each.pack or "" for each in neighbours)
    entry = {
        "id": wishes.id or guesses.guess_id(ids, neighbours, name, publisher, place, path=urlsplit(url).path),
        "name": name,
        "pack": pack,
        "publisher": publisher,
        "jurisdiction": jurisdiction,
        "kind": _name_kind(sight),
        "url": url,
        "select": look.selectors.select if _is_page(sight) else (),
        "remove": look.selectors.remove if _is_page(sight) else (),
        "topics": wishes.topics or _find_topics(known, neighbours, title, url),
        "every": _find_every(neighbours, _name_kind(sight)),
        "audience": wishes.audience or _find_audience(known, pack),
        "render": sight.render,
        "checked": sight.day.isoformat() if sight.interface or not look.trouble else "",
    }
    return Proposal({key: value for key, value in entry.items() if value}, tuple(_iter_notes(sight)))


def settle_address(sight: Sight) -> str:
    """What is to be watched: the query of the interface, the feed, or where the address led."""
    if sight.interface:
        return sight.interface.url
    if sight.feed:
        return sight.feed_url
    place = sight.look.selectors.place
    return urlsplit(sight.final_url)._replace(fragment=place).geturl()


def _is_page(sight: Sight) -> bool:
    return not sight.interface and not sight.feed


def _name_kind(sight: Sight) -> str:
    if sight.interface:
        return sight.interface.kind
    return sight.feed.kind if sight.feed else sight.look.kind


def _name_publisher(sight: Sight, neighbours: Sequence[Source], url: str) -> str:
    if sight.interface and not neighbours:
        return sight.interface.publisher
    return guesses.guess_publisher(neighbours, sight.look.publishers, sight.look.title, url)


def _name_title(sight: Sight, publisher: str, url: str) -> str:
    look = sight.look
    said = look.heading if look.selectors.place else guesses.guess_title(look.title, look.heading, publisher)
    said = "" if look.trouble else said
    if sight.interface:
        return sight.interface.name if look.kind != "html" else said or sight.interface.name
    if sight.feed:
        said = guesses.guess_title(sight.feed.title, said, publisher) or said
    last = urlsplit(url).path.rstrip("/").rpartition("/")[2]
    return said or " ".join(guesses.slug(last.partition(".")[0]).split("-")).capitalize() or guesses.host_of(url)


def _find_topics(known: Sequence[Source], neighbours: Sequence[Source], title: str, url: str) -> tuple[str, ...]:
    """As the title says, else as its siblings in the same folder of the site agree."""
    used = {topic for each in known for topic in each.topics}
    folder = url.rstrip("/").rpartition("/")[0]
    siblings = [each for each in neighbours if each.urls[0].rstrip("/").rpartition("/")[0] == folder]
    shared = guesses.agree(each.topics[0] for each in siblings if each.topics) if len(siblings) > 1 else ""
    return tuple(dict.fromkeys([*filter(None, [shared]), *guess_topics(title, url, used)]))


def _find_every(neighbours: Sequence[Source], kind: str) -> str:
    return guesses.agree(each.every for each in neighbours if each.kind == kind) or EVERY.get(kind, EVERY_FEED)


def _find_audience(known: Sequence[Source], pack: str) -> tuple[str, ...]:
    """Whom most of the pack's sources are for."""
    found = guesses.agree(" ".join(each.audience) for each in known if pack and each.pack == pack)
    return tuple(found.split())


def _iter_notes(sight: Sight) -> Iterator[str]:
    look = sight.look
    if sight.render:
        yield from _iter_browser_notes(look)
    if sight.interface:
        yield "Its publisher has an interface for it, which knows dates and withdrawals: that is what would be watched."
    elif sight.feed:
        yield "The page lists what its feed announces: the feed would be watched, and each entry told by itself."
    else:
        yield from _iter_page_notes(sight)
    if look.steadiness.ticks and not sight.feed and not sight.interface:
        yield _say_ticks(look)


def _iter_browser_notes(look: Look) -> Iterator[str]:
    if look.trouble is None:
        yield "Its text shows in a browser only: that is what `render: true` is for."
        return
    yield (
        f"Perhaps it needs a browser ({look.trouble.problem}: {look.trouble.detail}), and none starts here: it was not "
        "seen, and `render: true` is set."
    )
    yield (
        'Install one: pip install "policy-monitor[browser]" && playwright install chromium. Then run this again, or '
        "`monitor sources try ID` where the entry is in the file, and see whether it helps."
    )


def _iter_page_notes(sight: Sight) -> Iterator[str]:
    look, given = sight.look, urlsplit(sight.url)
    if spell_address(sight.final_url) != spell_address(urlunsplit(given._replace(fragment=""))):
        yield from _iter_moves(sight)
    if given.fragment and not look.selectors.place:
        yield f"No part of the page alone begins at #{given.fragment}: all of it would be watched."
    if look.kind == "html" and look.text and not look.selectors.select:
        yield "No name in the page lasts: its main content would be found anew at each reading."
    if look.variants or _LANGUAGE_HEADERS.search(sight.vary):
        named = f" Watch one that names its region, such as {look.variants[0]}" if look.variants else ""
        yield f"What it shows may depend on the region or language of whoever asks.{named}"
    if look.feeds:
        yield f"The site also has a feed: {', '.join(look.feeds[:SHOWN_FEEDS])}"
    if look.feed and not look.feed.entries:
        yield "The feed holds no entry now."


def _iter_moves(sight: Sight) -> Iterator[str]:
    """The address led elsewhere."""
    final = urlsplit(sight.final_url)
    if final.path in {"", "/"} and urlsplit(sight.url).path not in {"", "/"}:
        yield f"It led to the front page of {final.netloc}: perhaps the page is gone. Look before you keep this entry."
    else:
        yield f"It led on to {sight.final_url}, which is what would be watched: look whether it names the right region."


def _say_ticks(look: Look) -> str:
    shown = [f'"{_cut(before or "nothing")}" → "{_cut(after or "nothing")}"' for before, after in look.steadiness.ticks]
    rest = "" if len(shown) <= SHOWN_TICKS else f" and {len(shown) - SHOWN_TICKS} more"
    what = "; ".join(shown[:SHOWN_TICKS]) + rest
    if look.steadiness.told:
        return (
            f"It read differently a moment later, and would be told each time: {what}. Add what holds it to `remove`."
        )
    return f"It read differently a moment later, in a way that is recognised and never told: {what}."


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[: SHOWN_CHARACTERS - 1].rstrip()}…"
