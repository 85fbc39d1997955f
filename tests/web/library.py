"""Sources of our own beside those of the bench, with texts from day to day.

library = make_library(desk)
library.write(a_text("# Ages", "Hosts are at least 18 years old."), NOON + DAY)     # 5, the id of the Version
"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

from monitor.compare.kinds import compare, first
from monitor.model import Block, BlockKind, Outcome, ProblemKind
from monitor.store import changes, fetches, problems, sources, transaction, versions
from monitor.store.fetches import FetchState
from store.conftest import NOON, a_fetch, a_source

DAY = timedelta(days=1)
TRICK = "\u202egpj.exe"
HOSTILE = "<script>alert(1)</script>"
OLD, NEW = "Hosts are at least 16 years old.", "Hosts are at least 18 years old."


def a_text(*lines, links=()):
    """Paragraphs under their heading; "# Title" begins one, "* " an item."""
    blocks, heading = [], ()
    for line in lines:
        sign, _, text = line.partition(" ")
        if sign == "#":
            heading = (text,)
            blocks.append(Block(BlockKind.HEADING, text, heading))
        else:
            kind = BlockKind.ITEM if sign == "*" else BlockKind.PARAGRAPH
            blocks.append(Block(kind, text if sign == "*" else line, heading, links))
    return tuple(blocks)


class Library:
    def __init__(self, desk):
        self.desk, self.db = desk, desk.db
        self.last = {}

    def declare(self, *declared):
        with transaction(self.db):
            sources.declare_sources(self.db, declared, NOON)

    def fetch(self, source_id, at, *, state=FetchState.UNCHANGED, outcome=Outcome.UNCHANGED, status=304):
        url = f"https://example.org/{source_id}"
        with transaction(self.db):
            resource = sources.get_resource(self.db, source_id, url)
            fetch = a_fetch(None, at, source_id=source_id, url=url, outcome=outcome, status=status)
            return fetches.add_fetch(self.db, resource.id, fetch, snapshot_id=None, state=state)

    def write(self, blocks, at, document="page", *, source="page", title="A page"):
        """The next text of a Document; the id of its Version."""
        fetch_id = self.fetch(source, at, state=FetchState.GOOD, outcome=Outcome.OK, status=200)
        before = self.last.get(document)
        judgement = compare(before[1], blocks) if before else first(blocks)
        with transaction(self.db):
            url = f"https://example.org/{source}/{quote(document)}"
            versions.declare_document(
                self.db, document, source_id=source, identity=document, url=url, title=title, now=at
            )
            version = versions.add_version(
                self.db, document, title=title, blocks=blocks, recipe="1", observed_at=at, snapshot_ids=[]
            )
            changes.add_change(
                self.db,
                document_id=document,
                from_version_id=before[0] if before else None,
                to_version_id=version,
                judgement=judgement,
                fetch_id=fetch_id,
                detected_at=at,
                hold_until=None,
                rules="1",
                now=at,
            )
        self.last[document] = (version, blocks)
        return version

    def blind(self, source_id, since, kind=ProblemKind.BLOCKED, detail="a bot wall", advice="Ask the publisher."):
        resource = sources.get_resource(self.db, source_id, f"https://example.org/{source_id}")
        with transaction(self.db):
            problems.open_problem(self.db, resource.id, kind, detail=detail, advice=advice, at=since)
        return resource.id


def own(source_id, **facts):
    return a_source(id=source_id, urls=(f"https://example.org/{source_id}",), name=source_id.title(), **facts)


def make_library(desk):
    """A page that was read and changed on the third day (Versions 3 and 4), and a feed that nobody asked yet."""
    made = Library(desk)
    made.declare(
        own("page", publisher="Alpha", topics=("terms", "privacy")),
        own("news", publisher="Beta", kind="atom", jurisdiction="US", topics=("terms",)),
        *desk.sources.values(),
    )
    made.write(a_text("# Ages", OLD), NOON)
    made.write(a_text("# Ages", NEW), NOON + 2 * DAY)
    return made
