"""The schema, as the steps that led to it. A released step is never edited; a change of the schema is a new step.

Tables are STRICT. Times are text, `2026-11-22T09:00:00Z`. Lists and small mappings are JSON text. The reason for a
column stands beside it.

Does not do: opening databases or reading rows.
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations

MIGRATIONS = Migrations("policy-monitor")


@MIGRATIONS()
def m0001_first_tables(db: Database) -> None:
    """Everything from a Source to its Deliveries."""
    _execute(db, _FIRST_TABLES)


@MIGRATIONS()
def m0002_doubts_and_dates(db: Database) -> None:
    """Dates of Changes, who judged them, doubts that a person overrules, Documents that do not stand still."""
    _execute(db, _DOUBTS_AND_DATES)


@MIGRATIONS()
def m0003_decisions_and_links(db: Database) -> None:
    """What people decided, and the clauses that sections put into practice."""
    _execute(db, _DECISIONS_AND_LINKS)


def _execute(db: Database, script: str) -> None:
    """Statement by statement, because `executescript` would commit the transaction that a migration runs in."""
    for statement in script.split(";\n\n"):
        db.execute(statement)


_FIRST_TABLES = """
CREATE TABLE source (                    -- what sources.yaml declared when last read, and when to ask again
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    publisher TEXT NOT NULL,
    jurisdiction TEXT NOT NULL,
    kind TEXT NOT NULL,
    topics TEXT NOT NULL,                -- JSON list
    audience TEXT NOT NULL,              -- JSON list of Audience ids, empty = everyone
    enabled INTEGER NOT NULL,            -- 0 also when it needs a browser, or left sources.yaml: history stays
    added_at TEXT NOT NULL,
    every TEXT NOT NULL,                 -- an edited rhythm holds at once
    attempted_at TEXT,                   -- last crawl in which every Resource got an outcome
    due_at TEXT NOT NULL                 -- by its own rhythm; a second look at a held Change does not shift it
) STRICT;

CREATE TABLE resource (                  -- one URL of a Source: what validators belong to
    id INTEGER PRIMARY KEY,
    source_id TEXT NOT NULL REFERENCES source(id),
    url TEXT NOT NULL,
    position INTEGER,                    -- order in a combined Document; NULL when it left sources.yaml
    snapshot_id INTEGER REFERENCES snapshot(id),  -- the last Snapshot that was read successfully
    read_as TEXT,                        -- kind of Source then: a new entry of what was a feed already is news
    etag TEXT,                           -- validators of exactly that Snapshot: an answer that could not be read
    last_modified TEXT,                  --   must never be answered with 304 afterwards
    UNIQUE (source_id, url)
) STRICT;

CREATE TABLE snapshot (                  -- bytes as received, immutable
    id INTEGER PRIMARY KEY,
    resource_id INTEGER NOT NULL REFERENCES resource(id),
    sha256 TEXT NOT NULL,                -- of the bytes before compression
    length INTEGER NOT NULL,
    headers TEXT NOT NULL,               -- JSON of the answer that first brought these bytes
    final_url TEXT NOT NULL,
    body BLOB NOT NULL,                  -- zstandard
    base_id INTEGER REFERENCES snapshot(id),  -- predecessor used as dictionary; NULL = key frame
    depth INTEGER NOT NULL,              -- how many predecessors must be read first; bounded
    received_at TEXT NOT NULL,
    UNIQUE (resource_id, sha256)
) STRICT;

CREATE TABLE fetch (                     -- one attempt; the evidence that we were watching
    id INTEGER PRIMARY KEY,
    resource_id INTEGER NOT NULL REFERENCES resource(id),
    at TEXT NOT NULL,
    outcome TEXT NOT NULL,
    status INTEGER,
    final_url TEXT,
    headers TEXT NOT NULL,
    duration_ms INTEGER NOT NULL,
    partial INTEGER NOT NULL,
    detail TEXT NOT NULL,
    snapshot_id INTEGER REFERENCES snapshot(id),
    state TEXT NOT NULL CHECK (state IN ('none', 'unchanged', 'pending', 'good', 'rejected'))
                                         -- pending = to be read: this column is the work queue
) STRICT;

CREATE INDEX fetch_by_resource ON fetch (resource_id, id);

CREATE INDEX fetch_pending ON fetch (id) WHERE state = 'pending';

CREATE TABLE document (
    id TEXT PRIMARY KEY,                 -- the Source's id, or source-id/hash for an entry of a feed
    source_id TEXT NOT NULL REFERENCES source(id),
    identity TEXT NOT NULL,              -- URL, or the entry's own id
    url TEXT NOT NULL,
    title TEXT NOT NULL,
    added_at TEXT NOT NULL
) STRICT;

CREATE INDEX document_by_source ON document (source_id);

CREATE TABLE version (                   -- text as read; a new row only when the text differs from the one before
    id INTEGER PRIMARY KEY,
    document_id TEXT NOT NULL REFERENCES document(id),
    text_sha256 TEXT NOT NULL,           -- of the Blocks, links included
    blocks BLOB NOT NULL,                -- JSON, zstandard
    title TEXT NOT NULL,
    recipe TEXT NOT NULL,                -- extractor version and selectors that made it
    observed_at TEXT NOT NULL            -- the Fetch that brought it
) STRICT;

CREATE INDEX version_by_document ON version (document_id, id);

CREATE TABLE version_snapshot (          -- which bytes a Version was read from
    version_id INTEGER NOT NULL REFERENCES version(id),
    position INTEGER NOT NULL,
    snapshot_id INTEGER NOT NULL REFERENCES snapshot(id),
    PRIMARY KEY (version_id, position)
) STRICT;

CREATE TABLE change (
    id INTEGER PRIMARY KEY,
    document_id TEXT NOT NULL REFERENCES document(id),
    from_version_id INTEGER REFERENCES version(id),
    to_version_id INTEGER NOT NULL UNIQUE REFERENCES version(id),
    kind TEXT NOT NULL,
    reason TEXT NOT NULL,
    severity TEXT NOT NULL,
    summary TEXT NOT NULL,
    status TEXT NOT NULL,
    fetch_id INTEGER NOT NULL REFERENCES fetch(id),  -- the attempt that found it: only a later one can confirm it
    detected_at TEXT NOT NULL,
    confirmed_at TEXT,
    hold_until TEXT,                     -- NULL = told at once
    matcher TEXT                         -- version of the matcher that tagged it
) STRICT;

CREATE INDEX change_by_document ON change (document_id, id);

CREATE INDEX change_by_status ON change (status, confirmed_at);

CREATE TABLE passage (
    id INTEGER PRIMARY KEY,
    change_id INTEGER NOT NULL REFERENCES change(id),
    op TEXT NOT NULL,
    heading TEXT NOT NULL,               -- JSON list
    before TEXT NOT NULL,
    after TEXT NOT NULL
) STRICT;

CREATE INDEX passage_by_change ON passage (change_id, id);

CREATE TABLE citation (
    change_id INTEGER NOT NULL REFERENCES change(id),
    norm TEXT NOT NULL,                  -- normal form
    text TEXT NOT NULL,                  -- as written
    PRIMARY KEY (change_id, norm, text)
) STRICT;

CREATE TABLE problem (
    id INTEGER PRIMARY KEY,
    resource_id INTEGER NOT NULL REFERENCES resource(id),
    kind TEXT NOT NULL,
    detail TEXT NOT NULL,
    advice TEXT NOT NULL,
    opened_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL,
    closed_at TEXT,
    closed_by INTEGER REFERENCES fetch(id)  -- the successful extraction that closed it
) STRICT;

CREATE UNIQUE INDEX problem_open ON problem (resource_id) WHERE closed_at IS NULL;

CREATE TABLE sop (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    owner TEXT NOT NULL,
    path TEXT NOT NULL,
    fingerprint TEXT NOT NULL,           -- of the file's facts and text
    loaded_at TEXT NOT NULL,
    removed_at TEXT                      -- left the folder; its Impacts stay readable
) STRICT;

CREATE TABLE section (
    id TEXT PRIMARY KEY,
    sop_id TEXT NOT NULL REFERENCES sop(id),
    heading TEXT NOT NULL,               -- JSON list
    text TEXT NOT NULL,
    removed_at TEXT
) STRICT;

CREATE TABLE impact (
    id INTEGER PRIMARY KEY,
    change_id INTEGER NOT NULL REFERENCES change(id),
    section_id TEXT NOT NULL REFERENCES section(id),
    probability REAL NOT NULL,
    evidence TEXT NOT NULL,              -- JSON list of [kind, text]
    UNIQUE (change_id, section_id)
) STRICT;

CREATE TABLE audience (
    id TEXT PRIMARY KEY,
    since_at TEXT NOT NULL               -- told of what was confirmed from here on, not of all history
) STRICT;

CREATE TABLE digest (
    id TEXT PRIMARY KEY,                 -- 2026-11-22-daily-AUDIENCE
    audience_id TEXT NOT NULL REFERENCES audience(id),
    period TEXT NOT NULL,
    local_date TEXT NOT NULL,            -- the audience's own day
    composed_at TEXT NOT NULL,
    content TEXT NOT NULL,               -- JSON of the Digest as sent
    UNIQUE (audience_id, period, local_date)
) STRICT;

CREATE TABLE digest_change (             -- what makes "told exactly once" a constraint
    audience_id TEXT NOT NULL REFERENCES audience(id),
    change_id INTEGER NOT NULL REFERENCES change(id),
    period TEXT NOT NULL,
    digest_id TEXT NOT NULL REFERENCES digest(id),
    PRIMARY KEY (audience_id, change_id, period)
) STRICT;

CREATE TABLE delivery (                  -- the outbox
    id TEXT PRIMARY KEY,                 -- also sent as message metadata, to find the message again
    digest_id TEXT NOT NULL REFERENCES digest(id),
    channel TEXT NOT NULL,               -- file, or slack:CHANNEL
    part INTEGER NOT NULL,
    parts INTEGER NOT NULL,
    payload TEXT NOT NULL,               -- JSON as sent
    state TEXT NOT NULL CHECK (state IN ('pending', 'sending', 'sent', 'failed')),
    attempts INTEGER NOT NULL DEFAULT 0,
    first_attempt_at TEXT,
    next_attempt_at TEXT,
    sent_at TEXT,
    ts TEXT,                             -- Slack's name of the message
    error TEXT,
    UNIQUE (digest_id, channel, part)
) STRICT;

CREATE INDEX delivery_open ON delivery (state) WHERE state IN ('pending', 'sending')
"""

_DOUBTS_AND_DATES = """
CREATE TABLE date_mention (              -- what a Change says about dates
    change_id INTEGER NOT NULL REFERENCES change(id),
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    date TEXT NOT NULL,                  -- as precise as it is written: 2026-02-01, 2026-02 or 2026
    sentence TEXT NOT NULL,
    moved_from TEXT,                     -- the date that stood here in the earlier text
    PRIMARY KEY (change_id, position)
) STRICT;

CREATE TABLE overrule (                  -- a doubt that a person has set aside for a Source, for good
    source_id TEXT NOT NULL REFERENCES source(id),
    mark TEXT NOT NULL,
    accepted_at TEXT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (source_id, mark)
) STRICT;

-- JSON list, gravest first
ALTER TABLE change ADD COLUMN aspects TEXT NOT NULL DEFAULT '[]';

-- equal for the same words changed in several Documents, '' = no group
ALTER TABLE change ADD COLUMN fingerprint TEXT NOT NULL DEFAULT '';

-- version of the rules that judged it, '' = before they had one
ALTER TABLE change ADD COLUMN rules TEXT NOT NULL DEFAULT '';

-- the first Version with the text that came back with this Change, NULL = a text never seen before
ALTER TABLE change ADD COLUMN returns_to INTEGER REFERENCES version(id);

-- what gave rise to the doubt, so that it can be overruled; '' = beyond doubt
ALTER TABLE problem ADD COLUMN mark TEXT NOT NULL DEFAULT '';

-- the Document that does not stand still; NULL = the Resource itself cannot be read
ALTER TABLE problem ADD COLUMN document_id TEXT REFERENCES document(id);

DROP INDEX problem_open;

CREATE UNIQUE INDEX problem_open ON problem (resource_id) WHERE closed_at IS NULL AND document_id IS NULL;

CREATE UNIQUE INDEX problem_unstable ON problem (document_id) WHERE closed_at IS NULL AND document_id IS NOT NULL;

-- extractor, selectors and addresses with which all its Documents were read, so that each run need not ask them all
ALTER TABLE source ADD COLUMN read_by TEXT
"""

_DECISIONS_AND_LINKS = """
CREATE TABLE decision (                  -- append-only
    id INTEGER PRIMARY KEY,
    change_id INTEGER NOT NULL REFERENCES change(id),
    section_id TEXT REFERENCES section(id),  -- NULL = about the Change as a whole
    verdict TEXT NOT NULL,
    reason TEXT NOT NULL,
    assignee TEXT,
    due TEXT,                            -- 2026-12-01
    by TEXT NOT NULL,                    -- who decided
    at TEXT NOT NULL
) STRICT;

CREATE INDEX decision_by_change ON decision (change_id, id);

CREATE TABLE change_stems (              -- what a Change that was decided about is about: reading it anew costs 2 ms
    change_id INTEGER PRIMARY KEY REFERENCES change(id),
    matcher TEXT NOT NULL,               -- version that read it; for another one it is read anew
    stems TEXT NOT NULL                  -- JSON, the weight of each
) STRICT;

CREATE TABLE link (                      -- a clause that a Section puts into practice
    id INTEGER PRIMARY KEY,
    document_id TEXT NOT NULL REFERENCES document(id),
    section_id TEXT NOT NULL REFERENCES section(id),
    heading TEXT NOT NULL,               -- JSON list: where the clause stands now, or stood last
    text TEXT NOT NULL,                  -- what it says now, or said last; a line for each block
    known TEXT NOT NULL,                 -- what it said when the Section was last current, '' = nothing yet
    is_gone INTEGER NOT NULL,            -- 1 = it stands in the text no longer
    version_id INTEGER NOT NULL REFERENCES version(id),  -- the Version up to which it was followed
    section_sha256 TEXT NOT NULL,        -- of the Section's text when the words of the clause last changed
    decision_id INTEGER NOT NULL REFERENCES decision(id),
    since_at TEXT NOT NULL,
    stale_since TEXT,                    -- NULL = current
    stale_by INTEGER REFERENCES change(id),
    why TEXT NOT NULL DEFAULT '',
    revised_at TEXT,                     -- the Section was edited after that: proposed for closing
    checked_at TEXT,                     -- when a person last said that the Section is current again, and who
    checked_by TEXT,
    ended_at TEXT                        -- the decision was undone, or the Section was edited for a clause that is gone
) STRICT;

CREATE INDEX link_by_document ON link (document_id) WHERE ended_at IS NULL;

CREATE INDEX link_by_section ON link (section_id) WHERE ended_at IS NULL;

CREATE TABLE section_vector (            -- meaning of a text, computed once
    text_sha256 TEXT NOT NULL,
    model TEXT NOT NULL,
    vector BLOB NOT NULL,                -- float16, little-endian
    PRIMARY KEY (text_sha256, model)
) STRICT, WITHOUT ROWID;

CREATE TABLE matcher (                   -- which weights were live from when on; the last row is live
    id INTEGER PRIMARY KEY,
    weights TEXT NOT NULL,               -- JSON; what is not named is as shipped
    adopted_at TEXT NOT NULL,
    by TEXT NOT NULL,
    note TEXT NOT NULL                   -- what the replay said
) STRICT;

ALTER TABLE sop ADD COLUMN facts TEXT NOT NULL DEFAULT '{}';

-- sha256 of heading and text, so that a Section is known again where it moved
ALTER TABLE section ADD COLUMN fingerprint TEXT NOT NULL DEFAULT '';

-- when its text last changed
ALTER TABLE section ADD COLUMN revised_at TEXT
"""
