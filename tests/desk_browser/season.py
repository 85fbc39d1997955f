"""A season at the desk of an invented team, from `team.yaml`, lived through by the product's own functions.

    season = live(folder, read_team())     # a database as of NOW, with its sources.yaml and procedures
    season.config, season.changes["chatterfen-livestreams", date(2026, 11, 3)]

A text is written in lines: "# " begins a title, "## " a heading, "<" what stands in the page as it is. Of a feed it is
the whole answer.

Does not do: crawling. What publishers answer is recorded as if it had been crawled.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from heapq import heappop, heappush
from html import escape
from itertools import count
from pathlib import Path

import yaml

from digests.compose import compose_due
from monitor.config import read_config
from monitor.errors import NotFoundError
from monitor.impact import build_index
from monitor.links import close_links, follow_links, note_revisions
from monitor.model import Fetch, Outcome, Verdict
from monitor.reading import read_bytes
from monitor.sops import load_sops
from monitor.sources import load_sources
from monitor.store import fetches, open_store, sources, transaction
from monitor.store.changes import iter_changes
from monitor.store.decisions import load_memory
from monitor.store.digests import ensure_audiences
from monitor.store.links import get_clauses
from monitor.store.matchers import find_live
from monitor.store.search import catch_up
from monitor.store.sops import declare_sops
from monitor.store.vectors import StoredVectors
from monitor.tagging import Tagger
from monitor.tracking import confirm, process, record
from monitor.triage import decide

HERE = Path(__file__).parent
PROCEDURES = HERE.parent.parent / "demo" / "sops"
BEGAN = date(2026, 8, 10)
NOW = datetime(2026, 11, 4, 9, 10, tzinfo=UTC)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
LEAD = "Inés Duarte"


class PlainReader:
    """Reads in this process: these texts are our own."""

    read = staticmethod(read_bytes)


@dataclass
class Season:
    folder: Path
    told: dict
    procedures: Path
    changes: dict = field(default_factory=dict)
    """(id of the Source, the day of the edit) → id of the Change."""

    def __post_init__(self):
        shutil.copytree(self.procedures, self.folder / "sops")
        (self.folder / "sources.yaml").write_text(yaml.safe_dump(_declare(self.told), allow_unicode=True))
        self.db = open_store(self.folder / "monitor.db")
        self.declared = load_sources(self.folder / "sources.yaml")
        self.texts = {each["id"]: each["text"] for each in self.told["sources"]}
        self.shown = {}
        self.events, self.number = [], count()

    @property
    def config(self):
        names = {"db": "monitor.db", "sources": "sources.yaml", "sops": "sops"}
        paths = {name: str(self.folder / file) for name, file in names.items()}
        return read_config({"MONITOR_NOW": NOW.isoformat()}, **paths)

    def at(self, when, act, *facts):
        heappush(self.events, (when, next(self.number), act, facts))

    def run(self):
        while self.events:
            when, _, act, facts = heappop(self.events)
            if when <= NOW:
                act(when, *facts)
        catch_up(self.db)
        return self

    # What happens

    def declare(self, when):
        with transaction(self.db):
            sources.declare_sources(self.db, self.declared.sources, when)
            ensure_audiences(self.db, self.declared.audiences, when)
        self.load_procedures(when)

    def load_procedures(self, when):
        with transaction(self.db):
            self.sops = declare_sops(self.db, load_sops(self.folder / "sops").sops, when)
        self.index = build_index(self.sops)
        note_revisions(self.db, when)

    def answer(self, when, source, status):
        """The publisher answers; 304 where the text is that of the last time."""
        text = self.texts[source.id]
        same = self.shown.get(source.id) == text
        body = None if same or status != 200 else (text if source.is_feed else _write_page(text)).encode()
        outcome = Outcome.HTTP_ERROR if status != 200 else Outcome.UNCHANGED if same else Outcome.OK
        said = status if status != 200 else 304 if same else 200
        detail = f"{status} {'Forbidden' if status == 403 else 'Unavailable'}" if status != 200 else ""
        headers = {"content-type": f"{'application/atom+xml' if source.is_feed else 'text/html'}; charset=utf-8"}
        url = source.urls[0]
        took = 180 + len(text) % 90
        record(self.db, Fetch(source.id, url, when, outcome, said, url, headers, body, took, detail=detail))
        if body:
            self.shown[source.id] = text
        with transaction(self.db):
            sources.mark_attempted(self.db, source.id, at=when, due_at=when + DAY)

    def see_again(self, when, source):
        """The same bytes once more, after the hold."""
        resource = sources.get_resource(self.db, source.id, source.urls[0])
        fetch = Fetch(source.id, source.urls[0], when, Outcome.UNCHANGED, 304, source.urls[0], {}, None, 96)
        with transaction(self.db):
            fetches.add_fetch(
                self.db, resource.id, fetch, snapshot_id=resource.snapshot_id, state=fetches.FetchState.UNCHANGED
            )
        confirm(self.db, when)

    def read(self, when):
        weights, memory = find_live(self.db).weights, load_memory(self.db)
        tagger = Tagger(self.index, None, memory, weights, StoredVectors(self.db))
        process(self.db, {each.id: each for each in self.declared.sources}, tagger, PlainReader(), when)
        confirm(self.db, when)
        follow_links(self.db)

    def edit(self, _, source_id, change):
        before = self.texts[source_id]
        after = before.replace(change["was"], change["is"])
        assert after != before, change
        self.texts[source_id] = after

    def note(self, _, source_id, day):
        self.changes[source_id, day] = max(
            each.id for each in iter_changes(self.db, everything=True) if each.source_id == source_id
        )

    def judge(self, when, source_id, day, said):
        facts = {name: said[name] for name in ("reason", "assignee") if name in said}
        due = {"due": str(said["due"])} if "due" in said else {}
        by = self.told["people"][said["by"]]
        change_id, verdict = self.changes[source_id, day], Verdict(said["verdict"])
        sections = [each for sop in self.sops for each in sop.sections]
        named = [each.id for each in sections if each.heading[-1] == said.get("for")] or [None]
        decide(self.db, change_id, *named, verdict, by=by, now=when, **facts, **due)

    def revise(self, when, edited):
        (path,) = (self.folder / "sops").glob(f"{edited['file']}*")
        before = path.read_text()
        path.write_text(before.replace(edited["was"], edited["is"]))
        assert path.read_text() != before, edited
        self.load_procedures(when)

    def close(self, when, edited):
        """Each section of the procedure that is proposed for closing is current again."""
        sections = {each.section_id for each in get_clauses(self.db)}
        for section_id in (each for each in sections if each.casefold().startswith(edited["file"])):
            try:
                close_links(self.db, section_id, LEAD, when)
            except NotFoundError:
                continue

    def tell(self, when):
        compose_due(self.db, self.declared.audiences, self.config, when, self.declared.people)


def read_team():
    return yaml.safe_load((HERE / "team.yaml").read_text(encoding="utf-8"))


def live(folder, told, procedures=PROCEDURES, *, daily=True):
    """`daily`: each publisher was asked every day, and not only where something changed; digests were composed."""
    season = Season(folder, told, procedures)
    season.at(_at(BEGAN, 4), season.declare)
    for place, source in enumerate(season.declared.sources):
        _plan_source(season, source, place, daily=daily)
    for edited in season.told["edited"]:
        season.at(_at(edited["day"], 14), season.revise, edited)
        if "closed" in edited:
            season.at(_at(edited["closed"], 10), season.close, edited)
    for day in _days(BEGAN, NOW.date()) if daily else ():
        season.at(_at(day, 9), season.tell)
    return season.run()


def _plan_source(season, source, place, *, daily):
    told = season.told["sources"][place]
    edits = {each["day"]: each for each in told["edits"]}
    days = _days(BEGAN, NOW.date()) if daily else sorted({BEGAN, *edits, NOW.date()})
    for day in days:
        first = _at(day, 5) + place * 7 * MINUTE
        if day in edits:
            season.at(first - MINUTE, season.edit, source.id, edits[day])
        status = _find_status(season.told["unread"], source.id, day)
        season.at(first, season.answer, source, status)
        if day == BEGAN or day in edits or daily or status != 200:
            season.at(first + MINUTE, season.read)
        if day == BEGAN or day in edits:
            season.at(first + HOUR, season.see_again, source)
            if daily:
                season.at(first + HOUR + MINUTE, season.tell)
        if day in edits:
            season.at(first + 2 * MINUTE, season.note, source.id, day)
            for said in edits[day].get("then", ()):
                season.at(first + HOUR + said["hours"] * HOUR, season.judge, source.id, day, said)


def _find_status(unread, source_id, day):
    for each in unread:
        if each["source"] == source_id and each["since"] <= day < each.get("until", NOW.date() + DAY):
            return each["status"]
    return 200


def _days(first, last):
    return [first + DAY * each for each in range((last - first).days + 1)]


def _at(day, hour):
    return datetime.combine(day, time(hour), UTC)


def _declare(told):
    names = ("id", "name", "publisher", "jurisdiction", "topics")
    watched = [
        {name: each[name] for name in names}
        | {"kind": each.get("kind", "html"), "url": f"https://{each['id'].partition('-')[0]}.example/{each['id']}"}
        for each in told["sources"]
    ]
    desks = [
        {"id": "safety-desk", "name": "Safety desk", "timezone": "UTC", "alerts": True},
        {"id": "eu-desk", "name": "EU regulation desk", "timezone": "UTC", "jurisdictions": ["EU"], "alerts": True},
    ]
    people = [{"name": name} for name in told["people"].values()]
    return {"audiences": desks, "people": people, "sources": watched}


def _write_page(text):
    marks = {"#": "h1", "##": "h2"}
    lines = []
    for line in text.splitlines():
        sign, _, rest = line.partition(" ")
        name, words = (marks[sign], rest) if sign in marks else ("p", line)
        lines.append(line if line.startswith("<") else f"<{name}>{escape(words)}</{name}>")
    return f"<!doctype html><html><title>{escape(text.splitlines()[0][2:])}</title><main>{''.join(lines)}</main></html>"
