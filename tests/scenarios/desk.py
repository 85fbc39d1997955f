"""One Source on the real store and reader, in this process: what arrived, what was read, which Changes stand.

desk.see(page(RULES))             # arrives at noon and is read
desk.see(page(OLDER), 24)         # a day later
desk.kinds                        # ["substantive provisional"]
"""

from __future__ import annotations

from monitor.failing import gather
from monitor.impact import build_index
from monitor.model import Outcome
from monitor.store import changes, problems, sources, transaction
from monitor.tagging import Tagger
from monitor.tracking import confirm, process, record
from store.conftest import HOUR, NOON, URL, a_fetch, a_source


class Desk:
    """One Source `rules`; time is counted in hours from noon."""

    def __init__(self, db, reader):
        self.db, self.reader = db, reader
        self.declare()

    def declare(self, **facts):
        self.source = a_source(**facts)
        with transaction(self.db):
            sources.declare_sources(self.db, [self.source], NOON)

    def arrive(self, text, hour=0, url=URL, **facts):
        """`text`: a page, or None for an address that answers 404."""
        if text is None:
            facts |= {"outcome": Outcome.HTTP_ERROR, "status": 404, "detail": "404 Not Found"}
        body = text.encode() if text is not None else None
        return record(self.db, a_fetch(body=body, at=NOON + hour * HOUR, url=url, **facts))

    def read(self, hour=0):
        with gather({}) as self.failures:
            done = process(
                self.db, {"rules": self.source}, Tagger.load(self.db, build_index(())), self.reader, NOON + hour * HOUR
            )
        confirm(self.db, NOON + hour * HOUR)
        return done

    def see(self, text, hour=0, url=URL, **facts):
        self.arrive(text, hour, url, **facts)
        return self.read(hour)

    @property
    def kinds(self):
        found = changes.iter_changes(self.db, everything=True)
        return [f"{each.judgement.kind} {each.status}" for each in found if each.judgement.kind != "first"]

    @property
    def problems(self):
        return {str(each.kind): each.detail for each in problems.get_open(self.db)}

    @property
    def told(self):
        return [
            passage.after or f"- {passage.before}"
            for change in changes.iter_changes(self.db)
            for passage in change.judgement.passages
        ]
