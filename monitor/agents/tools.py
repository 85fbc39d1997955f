"""The tools: what a program can ask, and which view answers it.

Each call opens the database read-only, sees what is there now, and closes it. pydantic reads the annotations, so that
the module does without `from __future__ import annotations`.

Does not do: shaping answers (`lists`, `whole`), talking to clients (`server`).
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Annotated

from mcp.server.mcpserver.exceptions import ToolError
from pydantic import Field

from monitor.agents.lists import Deadlines, FoundChanges, StaleSops, tell_deadlines, tell_found, tell_stale
from monitor.agents.whole import WholeChange, tell_whole
from monitor.config import Config
from monitor.errors import MonitorError, NotFoundError, SourcesError
from monitor.model import ChangeKind, ChangeStatus
from monitor.slack.people import load_declared
from monitor.store import Database, open_to_read
from monitor.store.subjects import Subject, get_subjects
from monitor.store.trace import get_source_ids
from monitor.views.calendar import MOST, Asked, get_agenda
from monitor.views.change import get_dossier
from monitor.views.procedures import get_overview
from monitor.views.search import LONGEST, list_changes, read_query
from monitor.web.api.models.deciding import MOST_ID
from monitor.web.api.models.shared import People

MOST_CHANGES = 50
"""In one answer."""
_MOST_NAMED = 50
"""Of what there is, where something was asked for that there is not."""

Name = Annotated[str, Field(max_length=LONGEST)]
Jurisdiction = Annotated[str, Field(max_length=LONGEST, description='Of the source, as in "EU" or "US-CA"; "" = all.')]
_Words = Annotated[
    str,
    Field(
        max_length=LONGEST,
        description='Words to look for, in the changed text and in titles: child "age check", verif*, -advert.',
    ),
]


@dataclass(frozen=True, slots=True)
class Tools:
    """All of them, on one database."""

    config: Config

    @contextmanager
    def opened(self) -> Iterator[Database]:
        """The database read-only. Raises ToolError, which the client is told, for whatever goes wrong inside."""
        try:
            with closing(open_to_read(self.config.db)) as db:
                yield db
        except MonitorError as error:
            raise ToolError(str(error)) from error

    def search_changes(
        self,
        *,
        text: _Words = "",
        since: Annotated[date | None, Field(description="Found on this day (UTC) or later.")] = None,
        source: Annotated[str, Field(max_length=LONGEST, description='The id of a source; "" = all.')] = "",
        kind: Annotated[
            ChangeKind | None, Field(description="null = what people are told of: substantive and editorial.")
        ] = None,
        jurisdiction: Jurisdiction = "",
        topic: Annotated[str, Field(max_length=LONGEST, description='Of the source; "" = all.')] = "",
        status: Annotated[ChangeStatus | None, Field(description="null = all but superseded.")] = None,
        waiting: Annotated[bool, Field(description="Only what nobody decided yet.")] = False,
        limit: Annotated[int, Field(ge=1, le=MOST_CHANGES)] = 20,
        offset: Annotated[int, Field(ge=0, le=MOST_ID, description="How many are passed over.")] = 0,
    ) -> FoundChanges:
        """Find changes of regulations and platform policies, by words, or the newest first.

        Each is told in short; ask get_change for the whole.
        """
        asked, today = read_query(text), self.config.now().date()
        if text.strip() and not (asked.match or asked.filters):
            raise ToolError(f'text: "{asked.text}" has no word to look for. Name one, or leave it out for all changes.')
        given = {
            "source": source,
            "jurisdiction": jurisdiction,
            "topic": topic,
            "kind" if kind else "told": kind or "yes",
            "status": status or "",
            "since": since.isoformat() if since else "",
            "waiting": today.isoformat() if waiting else "",
        }
        typed = {name: value for name, value in asked.filters.items() if name != "kind"}
        filters = typed | {name: value for name, value in given.items() if value}
        with self.opened() as db:
            found = list_changes(db, asked, filters, self.config.now(), start=offset, number=limit)
            if not found.count:
                for name, known in {"source": get_source_ids(db), **get_subjects(db)}.items():
                    _require_known(name, filters.get(name, ""), known)
        return tell_found(found, offset)

    def get_change(
        self,
        change_id: Annotated[int, Field(ge=1, le=MOST_ID, description="As search_changes tells it.")],
        first_passage: Annotated[int, Field(ge=1, le=MOST_ID, description="Begin with this passage, from 1.")] = 1,
    ) -> WholeChange:
        """Read one change whole.

        Old and new words, dates, laws, the sections of procedures that it touches with the evidence, what people
        decided, and the hashes that prove it.
        """
        with self.opened() as db:
            try:
                dossier = get_dossier(db, change_id, self.config.now().date(), with_texts=False)
            except NotFoundError as error:
                raise ToolError(
                    f"change_id: there is no change {change_id}. search_changes finds changes and tells their numbers."
                ) from error
        return tell_whole(dossier, self._find_people(), first_passage)

    def list_deadlines(
        self,
        *,
        since: Annotated[date | None, Field(description="The first day; null = today.")] = None,
        until: Annotated[date | None, Field(description="The last day; null = without end.")] = None,
        jurisdiction: Jurisdiction = "",
        limit: Annotated[int, Field(ge=1, le=MOST, description="About so many: a day is told whole.")] = 30,
    ) -> Deadlines:
        """List what must be done by when: deadlines that publishers state, and what people have in hand."""
        today = self.config.now().date()
        first, last = since or today, until or date.max
        if last < first:
            raise ToolError(f"until: {last} is before {first}. Name a day that is not before since.")
        with self.opened() as db:
            known = get_subjects(db)["jurisdiction"]
            agenda = get_agenda(db, Asked(Subject(_spell(jurisdiction, known))), today, first)
            if not agenda.entries:
                _require_known("jurisdiction", jurisdiction, known)
        return tell_deadlines(agenda, first, last, limit)

    def list_stale_sops(
        self,
        owner: Annotated[str, Field(max_length=LONGEST, description='As procedures name theirs; "" = whoever.')] = "",
        page: Annotated[int, Field(ge=1, le=MOST_ID)] = 1,
    ) -> StaleSops:
        """List the sections of procedures (SOPs) that are out of date, since when, and which change made them so."""
        today = self.config.now().date()
        with self.opened() as db:
            owners = get_overview(db, today).owners
            ledger = get_overview(db, today, owner=_spell(owner, owners), page=page)
        _require_known("owner", owner, owners)
        return tell_stale(ledger)

    def _find_people(self) -> People:
        """Whom `sources.yaml` lists, as far as it can be read."""
        try:
            return load_declared(self.config.sources).people
        except SourcesError:
            return ()


def _spell(asked: str, known: Iterable[str]) -> str:
    """As it is written where it is known, in whatever case it is asked for; else as it is asked for."""
    return next((each for each in known if each.casefold() == asked.casefold()), asked)


def _require_known(name: str, asked: str, known: Collection[str]) -> None:
    """Raises ToolError where this was asked for ("" was not), and there is no such thing."""
    if asked and _spell(asked, known) not in known:
        named = ", ".join(islice(known, _MOST_NAMED)) or "none yet"
        more = f" and {len(known) - _MOST_NAMED} more" if len(known) > _MOST_NAMED else ""
        raise ToolError(f'{name}: there is no "{asked}". There is: {named}{more}.')
