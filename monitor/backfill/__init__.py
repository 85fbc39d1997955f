"""History from day one: what an archive saw of a Document before it was watched, with the dates of that time.

`monitor.backfill.interfaces` brings in what publishers themselves date; what follows is about archives.

Each look of the archive becomes a Fetch with its Snapshot, the bytes as the archive holds them. Read as Markdown and
doubted like any answer (`monitor.extract`), it becomes a Version where the text is another one, and a Change that the
same comparison judges. Where the archive only read known bytes in another way, that is `re-extracted`. Of all this
nobody is ever told (`monitor.store.history`).

History ends where our own looks begin. Where the archive's text ends and ours begins, nothing is compared: the two were
read in different ways, and our first look stays one. It grows at its end only: what is older than what is stored is
left out, and so is what is no older than our own first look.

Does not do: reading repositories (`monitor.backfill.archive`), writing texts (`monitor.backfill.writing`), SQL.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, cast

import structlog

from monitor.backfill.writing import write_text
from monitor.compare.kinds import compare, first, quiet
from monitor.errors import ConfigurationError, ExtractionError
from monitor.extract import recipe
from monitor.model import ChangeKind, Fetch, Origin, Outcome
from monitor.steps import Reading
from monitor.store import fetches, history, overrules, transaction
from monitor.store.fetches import COMMIT, FetchState

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from monitor.backfill.archive import Archive, Observation
    from monitor.model import Extract, Judgement, Source
    from monitor.reading import Reader
    from monitor.store import Database

log = structlog.get_logger()

BATCH = 50
"""Observations that are written together: a transaction takes 5 ms, and what a kill undoes is a few seconds' work."""
KIND = "markdown"
"""As what history is read, whatever the Source is now."""
_HEADERS = {"content-type": "text/markdown"}
_RECIPE = recipe(KIND, (), ())


@dataclass(frozen=True, slots=True)
class Rejected:
    """A look of the archive that did not bring the document: kept as evidence, never a Version."""

    commit: str
    at: datetime
    problem: str
    detail: str


class Place(StrEnum):
    """Where an observation lies beside the history that is stored."""

    NEXT = "next"
    """History goes on with it."""
    KNOWN = "known"
    """An earlier backfill brought it in."""
    OLDER = "older"
    """It is left out, because history is stored that begins later."""
    NEWER = "newer"
    """It is left out, because we had looked ourselves by then."""


@dataclass(slots=True)
class Backfilled:
    """What one backfill found and wrote."""

    places: Counter[Place]
    """How many observations lie where."""
    kinds: Counter[ChangeKind] = field(default_factory=Counter)
    """How many Changes of each kind lead to the new Versions."""
    seen_at: list[datetime] = field(default_factory=list)
    """The dates of the new Versions, in their order."""
    rejected: list[Rejected] = field(default_factory=list)
    unchanged: int = 0
    """Observations of the text of before: kept as evidence, no Version."""


@dataclass(frozen=True, slots=True)
class _Look:
    """One observation, read and judged."""

    seen: Observation
    body: bytes
    text: Extract | None = None
    """None where it is not the document."""
    judgement: Judgement | None = None
    """None where the text is the one of before."""


def backfill(
    db: Database,
    source: Source,
    archive: Archive,
    path: str,
    reader: Reader,
    *,
    now: datetime,
    since: datetime | None = None,
) -> Backfilled:
    """Bring in what the archive saw of the file `path`, which holds the text of `source`, from `since` on.

    Killed at any moment, the next call goes on; done, there is nothing more to do until the archive has grown.

    Raises ConfigurationError where the Source has many Documents or history of another file, or the clone is not
    whole, NotFoundError where the archive holds no such file.
    """
    if source.is_feed:
        raise ConfigurationError(
            f"{source.id}: a feed has many documents, and the file of an archive is one. Declare a source for that one."
        )
    observations = archive.get_observations(path)
    stored = history.get_commits(db, source.id)
    if stored and stored.keys().isdisjoint(each.commit for each in observations):
        raise ConfigurationError(
            f'{source.id}: the history that is stored is none of "{path}" in {archive.name}, and a document has one. '
            "Name the repository and file of before."
        )
    end = min(now, history.find_first_look(db, source.id) or now)
    placed = [(each, _place(each, stored, end)) for each in observations if since is None or each.at >= since]
    done = Backfilled(Counter(place for _, place in placed))
    wanted = [each for each, place in placed if place is Place.NEXT]
    with archive.open_bodies() as read_body:
        work = _Backfill(db, source, archive, reader=reader, read_body=read_body, done=done)
        for start in range(0, len(wanted), BATCH):
            work.bring_in(wanted[start : start + BATCH], f"{archive.name}#{path}")
    log.info("history brought in", source=source.id, versions=len(done.seen_at), rejected=len(done.rejected))
    return done


def _place(seen: Observation, stored: Mapping[str, datetime], end: datetime) -> Place:
    """`stored` has the commits of the history that there is, `end` is when our own looks begin."""
    if seen.commit in stored:
        return Place.KNOWN
    if seen.at >= end:
        return Place.NEWER
    return Place.OLDER if stored and seen.at < max(stored.values()) else Place.NEXT


class _Backfill:
    """Goes through the observations of one Document, each text beside the one of before."""

    def __init__(
        self,
        db: Database,
        source: Source,
        archive: Archive,
        *,
        reader: Reader,
        read_body: Callable[[Observation], bytes],
        done: Backfilled,
    ) -> None:
        self._db = db
        self._source = source
        self._archive = archive
        self._reader = reader
        self._read_body = read_body
        self._done = done
        self._as_archived = replace(source, kind=KIND, select=(), remove=())
        self._accepted = overrules.get_marks(db, source.id)
        last = history.find_last(db, source.id)
        self._before = last.blocks if last else None
        self._version_id = last.id if last else None

    def bring_in(self, batch: Sequence[Observation], address: str) -> None:
        """Read and judge first, then write in one transaction: other processes write meanwhile."""
        looks = [self._look(seen) for seen in batch]
        with transaction(self._db):
            resource_id = history.declare_resource(self._db, self._source.id, address)
            for look in looks:
                self._write(look, resource_id, address)

    def _look(self, seen: Observation) -> _Look:
        body = self._read_body(seen)
        try:
            read = self._reader.read(self._as_archived, body, _HEADERS, self._accepted)
        except ExtractionError as error:
            self._done.rejected.append(Rejected(seen.commit, seen.at, error.problem, error.detail))
            return _Look(seen, body)
        text = cast("Extract", read)  # a feed is refused at the door
        judgement = self._judge(seen, text)
        self._before = text.blocks
        return _Look(seen, body, text, judgement)

    def _judge(self, seen: Observation, text: Extract) -> Judgement | None:
        if self._before is None:
            return replace(first(text.blocks), reason="first text in the archive")
        if self._before == text.blocks:
            return None
        if seen.is_upgrade:
            return quiet(ChangeKind.RE_EXTRACTED, f'the archive read it in another way: "{seen.subject}"')
        origin = Origin(published=seen.at.date(), region=self._source.jurisdiction, language=text.language)
        return compare(self._before, text.blocks, origin)

    def _write(self, look: _Look, resource_id: int, address: str) -> None:
        """The evidence whatever it says, a Version where that is new."""
        fetch = _as_fetch(look.seen, look.body, self._source, self._archive, address)
        state = FetchState.GOOD if look.text else FetchState.REJECTED
        snapshot_id = fetches.add_snapshot(self._db, resource_id, _sha256(look.body), fetch, look.body)
        fetch_id = fetches.add_fetch(self._db, resource_id, fetch, snapshot_id=snapshot_id, state=state)
        if look.text and look.judgement:
            self._write_version(look.seen.at, look.text, look.judgement, snapshot_id, fetch_id)
        elif look.text:
            self._done.unchanged += 1

    def _write_version(
        self, at: datetime, text: Extract, judgement: Judgement, snapshot_id: int, fetch_id: int
    ) -> None:
        source = self._source
        self._version_id = write_text(
            self._db,
            source.id,
            Reading(source.id, source.id, source.urls[0], text.title or source.name, text.blocks),
            judgement,
            at=at,
            recipe=_RECIPE,
            fetch_id=fetch_id,
            snapshot_ids=[snapshot_id],
            from_version_id=self._version_id,
        )
        self._done.kinds[judgement.kind] += 1
        self._done.seen_at.append(at)


def _as_fetch(seen: Observation, body: bytes, source: Source, archive: Archive, address: str) -> Fetch:
    """The look of the archive. Repository, path and commit are in the headers, so that anybody can look it up."""
    headers = {
        COMMIT: seen.commit,
        "x-archive-repository": archive.name,
        "x-archive-path": seen.path,
    }
    return Fetch(
        source_id=source.id,
        url=address,
        at=seen.at,
        outcome=Outcome.OK,
        headers=_HEADERS | headers,
        body=body,
        detail=f'commit {seen.commit[:10]}: "{seen.subject}"',
    )


def _sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
