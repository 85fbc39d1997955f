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
ALTER TABLE section ADD COLUMN revised_at TEXT;
