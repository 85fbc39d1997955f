"""What the answers of one Source say: stored bytes → Readings, if they are the document at all.

An answer is doubted by itself (`monitor.extract`) and beside the last text that its Resource was read as
(`monitor.extract.continuity`). And a way of reading is doubted where it finds in known bytes nothing of the text that
was found in them before: a mistyped selector that matches a banner would leave us blind without a sign. What a person
has overruled for the Source is not doubted.

Does not do: opening Problems, comparing texts, writing.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING

from monitor.entries import has_entries, know_again
from monitor.errors import ExtractionError
from monitor.extract import recipe
from monitor.extract.continuity import check_continuity
from monitor.extract.quality import OVERRULE
from monitor.feeds import Feed
from monitor.model import Extract, ProblemKind
from monitor.steps import Reading, combine
from monitor.store import fetches, overrules, sources, versions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.model import Block, Entry, Source
    from monitor.reading import Reader
    from monitor.store import Database
    from monitor.store.fetches import PendingFetch
    from monitor.store.versions import Version


KEPT = 2
"""Results of so many Snapshots are kept: all entries of a feed are read from the same one, or from two."""

ALIKE = 0.3
"""Share of the runs of characters in the shorter text: one narrowed or widened by selectors has them all, another text
of the same page hardly any."""
RUN = 12
"""Two or three words, or a clause where words are not set apart."""


class Answers:
    """Reads Snapshots of one Source, always as it is done now: `recipe` names how, `accepted` what is not doubted."""

    def __init__(self, db: Database, source: Source, reader: Reader) -> None:
        self._db = db
        self._source = source
        self._reader = reader
        self.accepted = overrules.get_marks(db, source.id)
        self.recipe = recipe(source.kind, source.select, source.remove)
        self._read_once = lru_cache(maxsize=KEPT)(self._try_stored)

    def read_new(self, fetch: PendingFetch) -> tuple[Reading, ...]:
        """The Documents in an answer that nobody has read yet.

        Raises ExtractionError where it is none, or can hardly be what follows the last good text.
        """
        result = self._read(fetch.snapshot_id, fetch.headers)
        if isinstance(result, Extract):
            self._check_continuity(fetch, result)
        return self._tell(result)

    def read_stored(self, snapshot_id: int) -> tuple[Reading, ...]:
        """The Documents in a stored Snapshot. Raises ExtractionError."""
        result = self._read_once(snapshot_id)
        if isinstance(result, ExtractionError):
            raise result
        return result

    def read_document(self, document_id: str, snapshot_ids: Sequence[int]) -> Reading | None:
        """What these bytes say of a Document; None where they do not speak of it. Raises ExtractionError."""
        found: Sequence[Reading] = [each for snapshot_id in snapshot_ids for each in self.read_stored(snapshot_id)]
        if has_entries(self._source) and all(each.id != document_id for each in found):
            found = know_again(self._db, self._source.id, found).readings
        parts = [each for each in found if each.id == document_id]
        return combine(parts) if parts else None

    def check_read_anew(self, before: Sequence[Block], after: Sequence[Block]) -> None:
        """Raise ExtractionError where the text `after` is nothing of `before`, as which the same bytes were read."""
        mark = f"{ProblemKind.SELECTOR_LOST}: {self.recipe}"
        if mark not in self.accepted and not _is_alike(before, after):
            raise ExtractionError(
                ProblemKind.SELECTOR_LOST,
                f'read as "{self.recipe}" the address says nothing of the known text',
                f"Compare `select` and `remove` in sources.yaml with what is to be watched. {OVERRULE}",
                mark,
            )

    def find_document(self, document_id: str, snapshot_ids: Sequence[int]) -> Reading | None:
        """As `read_document`; None also where the bytes cannot be read as it is done now."""
        try:
            return self.read_document(document_id, snapshot_ids)
        except ExtractionError:
            return None

    def _read(self, snapshot_id: int, headers: Mapping[str, str]) -> Extract | Feed:
        return self._reader.read(self._source, fetches.read_body(self._db, snapshot_id), headers, self.accepted)

    def _try_stored(self, snapshot_id: int) -> tuple[Reading, ...] | ExtractionError:
        """An error is a result as well: a feed that takes too long to read is not tried once for each entry."""
        try:
            return self._tell(self._read(snapshot_id, fetches.get_headers(self._db, snapshot_id)))
        except ExtractionError as error:
            return error

    def _check_continuity(self, fetch: PendingFetch, page: Extract) -> None:
        current = versions.find_current(self._db, self._source.id)
        before = self._find_last_good(fetch, current)
        if before and current and current.recipe != self.recipe:
            self.check_read_anew(current.blocks, before)
        if before != page.blocks:
            check_continuity(before, page, url=fetch.url, final_url=fetch.final_url, accepted=self.accepted)

    def _find_last_good(self, fetch: PendingFetch, current: Version | None) -> tuple[Block, ...]:
        """The text that the Resource was read as last, read as it is done now; empty where there is none.

        The stored text will do where it is that of this Resource alone. Of a text of several the part is read again.
        """
        resource = sources.get_resource(self._db, self._source.id, fetch.url)
        if resource.snapshot_id is None or resource.read_as != self._source.kind:
            return ()
        if current and current.recipe == self.recipe:
            parts = versions.get_snapshots(self._db, current.id)
            if [resource_id for resource_id, _ in parts] == [resource.id]:
                return current.blocks
        part = self.find_document(self._source.id, [resource.snapshot_id])
        return part.blocks if part else ()

    def _tell(self, result: Extract | Feed) -> tuple[Reading, ...]:
        source = self._source
        if isinstance(result, Feed):
            return tuple(read_entry(source, each) for each in result.entries)
        title = result.title or source.name
        url, letters = source.urls[0], result.page_letters
        return (Reading(source.id, source.id, url, title, result.blocks, result.language, page_letters=letters),)


def read_entry(source: Source, entry: Entry) -> Reading:
    """An Entry as what is read of a Document, under the id that its identity gives it."""
    key = hashlib.sha256(entry.identity.encode()).hexdigest()[:12]
    published_on = entry.published_at.date() if entry.published_at else None
    return Reading(
        f"{source.id}/{key}",
        entry.identity,
        entry.url,
        entry.title,
        entry.blocks,
        published_on=published_on,
        dates=entry.dates,
        withdrawal=entry.withdrawal,
    )


def _is_alike(before: Sequence[Block], after: Sequence[Block]) -> bool:
    old, new = _runs(before), _runs(after)
    return len(old & new) >= ALIKE * min(len(old), len(new))


def _runs(blocks: Sequence[Block]) -> set[str]:
    text = " ".join(block.text for block in blocks)
    return {text[start : start + RUN] for start in range(len(text) - RUN + 1)}
