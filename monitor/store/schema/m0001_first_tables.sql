CREATE TABLE source (                    -- what sources.yaml declared when last read, and when to ask again
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    publisher TEXT NOT NULL,
    jurisdiction TEXT NOT NULL,
    kind TEXT NOT NULL,
    topics TEXT NOT NULL,                -- JSON list
    audience TEXT NOT NULL,              -- JSON list of Audience ids, empty = everyone
    enabled INTEGER NOT NULL,            -- 0 also when it left sources.yaml: history stays
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

CREATE INDEX delivery_open ON delivery (state) WHERE state IN ('pending', 'sending');
