"""History from the interfaces of publishers who date what they say.

    federal-register                each document of the query, as it was published and as later ones moved its dates
    legislation-gov-uk, cellar      each text of one law, from the one that stood at the beginning on

Does not do: any of it (`monitor.backfill.spans`, `monitor.backfill.laws`); asking.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from monitor.backfill.laws import KINDS, bring_in_laws, open_law
from monitor.backfill.spans import bring_in_spans, open_document
from monitor.backfill.work import Work
from monitor.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from monitor.backfill.work import Brought
    from monitor.model import Fetch, Request, Source
    from monitor.reading import Reader
    from monitor.store import Database

log = structlog.get_logger()

_WAYS = {"federal-register": (bring_in_spans, open_document)} | dict.fromkeys(KINDS, (bring_in_laws, open_law))
"""By kind of Source: how its history comes in, and how the first text of a Document is judged."""


def backfill_interface(
    db: Database,
    source: Source,
    reader: Reader,
    ask: Callable[[Sequence[Request]], Iterator[Fetch]],
    *,
    since: datetime,
    now: datetime,
) -> Brought:
    """Bring in what the interface of `source` dates from `since` on. `ask` gives one Fetch for each Request.

    Raises ConfigurationError where the Source is of a kind that dates no texts, or is a list of laws.
    """
    if source.kind not in _WAYS:
        raise ConfigurationError(
            f"{source.id}: history comes from sources of kind {', '.join(sorted(_WAYS))}, and this is {source.kind}."
        )
    bring_in, open_with = _WAYS[source.kind]
    work = Work(db, source, reader, ask, open_with=open_with, now=now)
    bring_in(work, since)
    log.info("history brought in", source=source.id, versions=len(work.done.days), failed=len(work.done.failed))
    return work.done
