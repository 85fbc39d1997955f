"""Everything that the main job works with, loaded once: what is declared, the procedures, the database.

A service loads it at each tick and keeps what was good last: a file that has mistakes since stops nothing.

Does not do: the main job (`monitor.schedule`).
"""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from threading import Event
from typing import TYPE_CHECKING, cast

import structlog

from monitor.errors import SopsError, SourcesError
from monitor.failing import Known, gather, is_news
from monitor.impact import Index, build_index
from monitor.sops import Library, load_sops
from monitor.sources import load_sources
from monitor.store import open_store, sources, transaction
from monitor.store.digests import ensure_audiences
from monitor.store.sops import declare_sops, has_sops

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from monitor.config import Config
    from monitor.model import Sop, Source
    from monitor.sops.library import Drafts
    from monitor.sources import Declared
    from monitor.store import Database

log = structlog.get_logger()

NO_SOPS = "There is no folder {} yet, so changes are not matched to procedures. docs/sops.md shows how to write them."


GONE = "{}: the folder of the procedures is gone. Is its disk there? To have none, leave an empty folder."


@dataclass(slots=True)
class Kept:
    """What a service keeps from tick to tick, so that only procedures that changed are read and indexed anew."""

    drafts: Drafts = field(default_factory=dict)
    index: Index = field(default_factory=lambda: build_index(()))
    warm: tuple[Sop, ...] = ()
    """The procedures when the vectors of all their sections were last seen to be stored."""
    declared: Declared | None = None
    library: Library | None = None
    """What was good last: used while a file that was edited since has mistakes."""
    known: Known = field(default_factory=dict)
    ended: Event = field(default_factory=Event)
    """Set when the service is to end: a run stops at the next whole step, and the rest stays due."""
    judged_at: datetime | None = None
    """When it was last looked for what is silent."""

    def load(self, config: Config) -> list[str]:
        """Read what is declared; a line for each file that cannot be used, so that what it said before goes on.

        Raises SourcesError, SopsError where there is nothing from before.
        """
        mistakes = []
        try:
            self.declared = load_sources(config.sources)
        except SourcesError as error:
            if self.declared is None:
                raise
            mistakes.append(f"{error.path} has mistakes; what it declared before is used. {' '.join(error.mistakes)}")
        try:
            self.library = self._load_sops(config)
        except SopsError as error:
            if self.library is None:
                raise
            mistakes.append(f"{error} Until then the procedures are used as they were.")
        return mistakes

    def _load_sops(self, config: Config) -> Library:
        if config.sops.exists():
            return load_sops(config.sops, self.drafts)
        if self.library and self.library.sops:
            raise SopsError(GONE.format(config.sops))
        return Library((), ())


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything a run works with, loaded once."""

    db: Database
    config: Config
    declared: Declared
    library: Library
    kept: Kept
    failures: list[str]
    """What has failed since it was opened and was passed over (`monitor.failing`)."""

    @property
    def watched(self) -> Mapping[str, Source]:
        """What is switched on."""
        return {each.id: each for each in self.declared.sources if each.enabled}

    @property
    def due(self) -> list[Source]:
        """What is to be asked now."""
        ids = sources.get_due_ids(self.db, self.config.now())
        return [each for each in self.watched.values() if each.id in ids]

    @property
    def notes(self) -> tuple[str, ...]:
        """What is not wrong, but leaves something out."""
        return () if self.config.sops.exists() else (NO_SOPS.format(self.config.sops),)


@contextmanager
def open_desk(config: Config, kept: Kept | None = None) -> Iterator[Desk]:
    """Sources, SOPs and database, with the database made to agree with the files. `kept` is brought up to date.

    Raises SourcesError, SopsError, StoreError; nothing is written if one of them does.
    """
    kept = kept or Kept()
    mistakes = kept.load(config)
    with gather(kept.known) as failures, closing(open_store(config.db)) as db:
        failures.extend(mistakes)
        for each in mistakes:
            if is_news(kept.known, each):
                log.warning("declaration not used", error=each)
        yield _declare(db, config, kept, failures)


def _declare(db: Database, config: Config, kept: Kept, failures: list[str]) -> Desk:
    declared, library, now = cast("Declared", kept.declared), cast("Library", kept.library), config.now()
    with transaction(db):
        sources.declare_sources(db, declared.sources, now)
        if config.sops.exists() or library.sops:
            library = replace(library, sops=declare_sops(db, library.sops, now, library.unread))
        elif has_sops(db):
            failures.append(f"{GONE.format(config.sops)} Until it is back, changes are not matched to procedures.")
        ensure_audiences(db, declared.audiences, now)
    return Desk(db, config, declared, library, kept, failures)
