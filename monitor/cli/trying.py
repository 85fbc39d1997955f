"""`monitor sources try`: what each address of a source gives now, how much of it would be kept, and what dropped.

Does not do: storing anything.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from email.message import Message
from typing import TYPE_CHECKING, Any

from monitor.cli.kept import Kept, iter_dropped, iter_kept, keep_feed, keep_text, survey_json
from monitor.discovery.selectors import Selectors, propose_selectors
from monitor.discovery.survey import Survey, survey
from monitor.errors import ExtractionError
from monitor.extract.decode import decode
from monitor.feeds import Feed
from monitor.language import find_language
from monitor.model import Outcome, ProblemKind
from monitor.reading import read_bytes
from monitor.tracking import name_problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from monitor.cli.worker import Worker
    from monitor.config import Config
    from monitor.model import Fetch, Source

_ITSELF = re.compile(r"[;.]? (?:with )?`monitor sources try ID`(?: shows what is kept)?")
"""What the advice of Problems says of this command, with what leads up to it."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one address of a Source gave: `problem` with `detail` and `advice`, or else what would be kept and dropped.

    `language` is that of the text, as it is written; `instead` what would select the text where `select` is lost.
    """

    url: str
    problem: str | None = None
    detail: str = ""
    advice: str = ""
    kept: Kept = field(default_factory=Kept)
    survey: Survey = field(default_factory=Survey)
    language: str = ""
    instead: Selectors = field(default_factory=Selectors)


def iter_parts(config: Config, source: Source) -> Iterator[Part]:
    """One part for each address, in the order of the Source."""
    from monitor.cli.worker import Worker
    from monitor.crawl.runner import crawl

    arrived = crawl(
        [source.request(url) for url in source.urls],
        allow_private=config.allow_private,
        contact=config.contact,
        chromium=config.chromium,
        now=config.now,
    )
    fetches = {fetch.url: fetch for fetch in arrived}
    with Worker() as worker:
        for url in source.urls:
            yield _read_part(worker, source, fetches[url])


def _read_part(worker: Worker, source: Source, fetch: Fetch) -> Part:
    if fetch.outcome is not Outcome.OK or fetch.body is None:
        problem, detail, advice = name_problem(fetch)
        return Part(fetch.url, problem, detail, _advise(source, advice))
    try:
        return worker.call(read_part, source, fetch)
    except ExtractionError as error:
        return Part(fetch.url, error.problem, error.detail, _advise(source, error.advice))


def _advise(source: Source, advice: str) -> str:
    """The same for whoever has just tried this Source."""
    return _ITSELF.sub("", advice).replace("monitor sources accept ID", f"monitor sources accept {source.id}")


def read_part(source: Source, fetch: Fetch) -> Part:
    """What the worker does with an answer that has bytes."""
    body = fetch.body or b""
    markup = _find_markup(source, body, fetch.headers)
    surveyed = survey(markup, source.select, source.remove)
    try:
        found = read_bytes(source, body, fetch.headers)
    except ExtractionError as error:
        instead = propose_selectors(markup) if error.problem is ProblemKind.SELECTOR_LOST else Selectors()
        advice = _advise(source, error.advice)
        return Part(fetch.url, error.problem, error.detail, advice, survey=surveyed, instead=instead)
    kept = keep_feed(found) if isinstance(found, Feed) else keep_text(found)
    return Part(fetch.url, kept=kept, survey=surveyed, language=find_language(" ".join(map(str, kept.lines))))


def _find_markup(source: Source, body: bytes, headers: Mapping[str, str]) -> str:
    """The mark-up of a page; "" for anything else."""
    content = Message()
    content["content-type"] = headers.get("content-type", "text/html")
    is_page = source.kind == "html" and "html" in content.get_content_type() and not body.startswith(b"%PDF-")
    return decode(body, content.get_content_charset()) if is_page else ""


def iter_lines(part: Part, *, full: bool) -> Iterator[str]:
    """What people read of one part."""
    yield part.url
    if part.problem:
        yield f"  {part.problem}: {part.detail}" if part.detail else f"  {part.problem}"
        yield f"  {part.advice}"
        yield from (f"  what would select the text now: {key}: {value}" for key, value in _iter_instead(part.instead))
    else:
        yield from iter_kept(part.kept, full=full)
        if part.language:
            yield f"  language: {part.language}"
    yield from iter_dropped(part.survey)


def _iter_instead(instead: Selectors) -> Iterator[tuple[str, str]]:
    for key, selectors in (("select", instead.select), ("remove", instead.remove)):
        if selectors:
            yield key, json.dumps(selectors)


def part_json(part: Part, *, full: bool) -> dict[str, Any]:
    """As `--json` prints it; `lines` are all that would be kept, with `full`."""
    said = {"url": part.url, "problem": part.problem, "detail": part.detail, "advice": part.advice}
    instead = {"select": part.instead.select, "remove": part.instead.remove}
    return said | part.kept.json(full=full) | survey_json(part.survey) | {"language": part.language, "instead": instead}
