"""History from the Federal Register: the documents that a Source's query finds, a calendar year at a time.

The interface gives no more than 10,000 documents of a query, and the spider asks for 4,000. A span of more is halved,
as often as it takes. The days of the query itself, `{since}` among them, give way to those of the span.

Does not do: asking, recording, writing (`monitor.backfill.work`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, urlsplit, urlunsplit

from monitor.compare.kinds import published
from monitor.envelope import pack
from monitor.errors import ExtractionError
from monitor.model import Outcome, ProblemKind
from monitor.publishers.federal_register import read_federal_register_history
from monitor.publishers.reading import WASHINGTON
from monitor.steps import state

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.backfill.work import Missing, Work
    from monitor.model import Judgement, Origin
    from monitor.steps import Reading
    from monitor.store.history import Recorded

_CONDITION = "conditions[publication_date]"
_SINCE = re.compile(r"\{since(?::[1-9]\d{0,3}d)?\}")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """From the first day to the last, both included."""

    first: date
    last: date

    def halve(self) -> list[Span]:
        """Nothing of a single day."""
        if self.first == self.last:
            return []
        middle = self.first + (self.last - self.first) // 2
        return [Span(self.first, middle), Span(middle + _DAY, self.last)]


def open_document(reading: Reading, origin: Origin) -> Judgement:
    """A document of the Register is what was new on its day."""
    return state(published(reading.blocks, reading.title, origin), reading)


def bring_in_spans(work: Work, since: datetime) -> None:
    spans = list_spans(since.date(), work.end.astimezone(WASHINGTON).date())
    while spans:
        urls = {span: narrow(work.source.urls[0], span) for span in spans}
        missing = work.ask(url for url in urls.values() if not work.find(url))
        spans = [half for span, url in urls.items() for half in _bring_in(work, span, url, missing.get(url))]


def list_spans(first: date, last: date) -> list[Span]:
    """Calendar years, so that they are the same ones whenever they are asked for."""
    return [
        Span(max(first, date(year, 1, 1)), min(last, date(year, 12, 31))) for year in range(first.year, last.year + 1)
    ]


def narrow(url: str, span: Span) -> str:
    """The query for the documents that were published within the span."""
    parts = urlsplit(url)
    kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not pair[0].startswith(_CONDITION)]
    days = [(f"{_CONDITION}[gte]", span.first.isoformat()), (f"{_CONDITION}[lte]", span.last.isoformat())]
    query = "&".join(f"{quote(name, safe='[]')}={quote(_fill(value, span), safe='*:,')}" for name, value in kept + days)
    return urlunsplit(parts._replace(query=query))


def _fill(value: str, span: Span) -> str:
    return _SINCE.sub(span.first.isoformat(), value).replace("{date}", span.last.isoformat())


def _bring_in(work: Work, span: Span, url: str, missing: Missing | None) -> list[Span]:
    """The halves that are to be asked for in its place, where the span is too wide."""
    if missing and missing.problem == Outcome.TOO_LARGE and span.halve():
        return span.halve()
    recorded = work.find(url)
    if recorded is None:
        work.done.failed.extend(filter(None, [missing]))
    elif not recorded.is_read:
        return _read(work, span, url, recorded)
    return []


def _read(work: Work, span: Span, url: str, recorded: Recorded) -> list[Span]:
    answers = work.open(recorded)
    try:
        work.read(pack(answers))  # in a process of its own: what gets through it can be read here
        entries = read_federal_register_history(answers)
    except ExtractionError as error:
        if error.problem is ProblemKind.INCOMPLETE and span.halve():
            return span.halve()
        work.refuse(url, [recorded], error)
        return []
    work.write(entries, [recorded])
    return []
