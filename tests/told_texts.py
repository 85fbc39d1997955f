"""Documents at the desk with texts that follow one another, judged as the monitor judges them.

book = Book(desk)                                   # of the Source `rules`
book.add(a_text(STORED))                            # 3, its id: the first look
book.add(a_text(LONGER), touched=[QUOTED])          # 4: one word became another
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from monitor.compare.kinds import compare, first
from monitor.model import Block, BlockKind, DateKind, DateMention, Evidence, EvidenceKind, Impact
from monitor.store import changes, fetches, impacts, sources, transaction, versions
from monitor.store.fetches import FetchState
from store.conftest import a_fetch
from triaged import UPLOAD


def a_text(*lines, under=("Rules",)):
    """Paragraphs under one heading; "# Title" is a heading of its own."""
    return tuple(
        Block(BlockKind.HEADING, each[2:], (*under, each[2:]))
        if each.startswith("# ")
        else Block(BlockKind.PARAGRAPH, each, under)
        for each in lines
    )


class Book:
    """The texts of one document, as they follow one another."""

    def __init__(self, desk, document="rules", title="Rules", source="rules"):
        self.desk, self.document, self.title, self.source = desk, document, title, source
        self.version, self.blocks = None, ()

    def add(self, blocks, *, judgement=None, touched=(), is_held=False, **changed):
        """The id of the Change that this text makes, judged as the monitor judges it."""
        found = replace(judgement or self._judge(blocks), **changed)
        db, now = self.desk.db, self.desk.now
        url = f"https://example.org/{self.source}"
        with transaction(db):
            resource = sources.get_resource(db, self.source, url)
            fetch = a_fetch(b"%d" % self.desk.hour, now, source_id=self.source, url=url)
            snapshot = fetches.add_snapshot(db, resource.id, f"{self.desk.hour:064x}", fetch, fetch.body)
            fetch_id = fetches.add_fetch(db, resource.id, fetch, snapshot_id=snapshot, state=FetchState.GOOD)
            versions.declare_document(
                db, self.document, source_id=self.source, identity=self.document, url=url, title=self.title, now=now
            )
            version = versions.add_version(
                db, self.document, title="", blocks=blocks, recipe="html/9", observed_at=now, snapshot_ids=[snapshot]
            )
            change_id = changes.add_change(
                db,
                document_id=self.document,
                from_version_id=self.version,
                to_version_id=version,
                judgement=found,
                fetch_id=fetch_id,
                detected_at=now,
                hold_until=now + timedelta(hours=1) if is_held else None,
                rules="1",
                now=now,
            )
            impacts.add_impacts(db, change_id, touched, "1")
        self.version, self.blocks = version, blocks
        return change_id

    def _judge(self, blocks):
        return compare(self.blocks, blocks) if self.blocks else first(blocks)


def touch(section_id, probability, *reasons):
    evidence = tuple(Evidence(*each) for each in reasons)
    return Impact(section_id.partition("#")[0], section_id, "", (), "", probability, evidence)


STORED = "Hosts show a passport that is stored for 30 days."
LONGER = "Hosts show a passport that is stored for 60 days."
QUOTED = touch(
    UPLOAD,
    0.72,
    (EvidenceKind.QUOTE, "store it for 30 days | stored for 30 days"),
    (EvidenceKind.WORDS, "passport"),
    (EvidenceKind.TOPIC, "ages"),
)

DATES = (
    DateMention(DateKind.COMPLIANCE, "2026-04-01", "Comply by 1 April 2026.", "2026-03-20"),
    DateMention(DateKind.EFFECTIVE, "2026-06", "It applies from June 2026."),
    DateMention(DateKind.LAST_UPDATED, "2026-03-01", "Updated on 1 March 2026."),
)
