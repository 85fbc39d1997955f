"""What stands at an address that somebody wants to watch: asked for like any source, and read in a worker process.

    the address, twice in one crawl      what it says, and what ticks within a second
    the interface of its publisher       where the address belongs to one
    the same with a browser              where it is empty or refused without one
    the feeds that the page links to     to see whether one says what the page lists

Does not do: deciding what to propose of it (`monitor.discovery`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from monitor.discovery.advice import advise
from monitor.discovery.feeds import says_the_same
from monitor.discovery.looks import Look, Trouble, look_at
from monitor.discovery.proposals import Sight
from monitor.discovery.publishers import find_interface
from monitor.errors import ExtractionError
from monitor.model import Outcome, ProblemKind, Request, Source
from monitor.reading import read_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.cli.worker import Worker
    from monitor.config import Config
    from monitor.discovery.publishers import Interface
    from monitor.model import Fetch

REFUSALS = frozenset({401, 403, 405, 406})
"""What servers answer to whoever is no browser. 429, 451 and 503 they answer to browsers as well."""
DOUBTS = frozenset({ProblemKind.EMPTY, ProblemKind.BLOCKED})
"""Why pages cannot be read that a browser may show."""
_FIRST, _AGAIN, _INTERFACE, _RENDERED = "first", "again", "interface", "rendered"


def see(config: Config, worker: Worker, url: str) -> Sight:
    """What stands at this address; its Look has `trouble` where nothing there was seen that can be watched."""
    interface = find_interface(url)
    asked = [Request(_FIRST, url, "html"), Request(_AGAIN, url, "html")]
    if interface:
        asked.append(Request(_INTERFACE, interface.url, interface.kind))
    fetches = _crawl(config, asked)
    if interface and _is_answer(worker, interface, fetches[_INTERFACE]):
        return _sight(config, url, fetches[_FIRST], _look(worker, fetches[_FIRST]), interface=interface)
    return _see_page(config, worker, url, fetches[_FIRST], fetches[_AGAIN])


def _crawl(config: Config, requests: Sequence[Request]) -> dict[str, Fetch]:
    """The Fetches, by the names under which they were asked for."""
    from monitor.crawl.runner import crawl

    arrived = crawl(
        requests,
        allow_private=config.allow_private,
        contact=config.contact,
        chromium=config.chromium,
        now=config.now,
    )
    return {fetch.source_id: fetch for fetch in arrived}


def _is_answer(worker: Worker, interface: Interface, fetch: Fetch) -> bool:
    """Whether the interface has what is asked for, or would not say without a key."""
    if fetch.outcome is Outcome.NO_KEY:
        return True
    if fetch.body is None:
        return False
    source = Source(
        _INTERFACE, interface.name, interface.publisher, interface.jurisdiction, interface.kind, (fetch.url,)
    )
    try:
        worker.call(read_bytes, source, fetch.body, fetch.headers)
    except ExtractionError:
        return False
    return True


def _look(worker: Worker, fetch: Fetch, again: Fetch | None = None) -> Look:
    from monitor.tracking import name_problem

    if fetch.body is None:
        problem, detail, _ = name_problem(fetch)
        return Look("html", trouble=Trouble(problem, detail, advise(problem, fetch.status)))
    try:
        return worker.call(look_at, fetch, again)
    except ExtractionError as error:
        return Look("html", trouble=Trouble(error.problem, error.detail, advise(error.problem)))


def _sight(config: Config, url: str, fetch: Fetch, look: Look, *, interface: Interface | None = None) -> Sight:
    final_url = fetch.final_url or url
    vary = fetch.headers.get("vary", "")
    return Sight(url, final_url, look, config.now().date(), interface=interface, vary=vary)


def _see_page(config: Config, worker: Worker, url: str, first: Fetch, again: Fetch) -> Sight:
    sight = _sight(config, url, first, _look(worker, first, again))
    trouble = sight.look.trouble
    if trouble is None:
        return _with_feed(config, worker, sight)
    if trouble.problem in DOUBTS or first.status in REFUSALS:
        return _see_rendered(config, worker, sight)
    return sight


def _see_rendered(config: Config, worker: Worker, bare: Sight) -> Sight:
    """The page as a browser shows it; as it was without one where none starts here.

    Where a browser is refused as well, or shows no more, `render` is not set: it would not help.
    """
    rendered = _crawl(config, [Request(_RENDERED, bare.url, "html", render=True)])[_RENDERED]
    if rendered.outcome is Outcome.NO_BROWSER:
        return replace(bare, render=True)
    look = _look(worker, rendered)
    if look.trouble:
        return replace(bare, look=Look("html", trouble=_also_rendered(bare.look.trouble, look.trouble)))
    return replace(_sight(config, bare.url, rendered, look), render=True)


def _also_rendered(bare: Trouble | None, rendered: Trouble) -> Trouble:
    """The trouble in a browser; where it is the same as without one, in the words of the answer without one."""
    trouble = bare if bare and bare.problem is rendered.problem else rendered
    return replace(trouble, detail=f"also in a browser: {trouble.detail}")


def _with_feed(config: Config, worker: Worker, sight: Sight) -> Sight:
    """The same, with the first feed of the page that says what the page lists."""
    if not (sight.look.feeds and sight.look.text):
        return sight
    fetches = _crawl(config, [Request(url, url, "rss") for url in sight.look.feeds])
    for url in sight.look.feeds:
        look = _look(worker, fetches[url])
        if look.feed and says_the_same(look.feed, sight.look.text.blocks, sight.final_url):
            return replace(sight, feed=look, feed_url=url)
    return sight
