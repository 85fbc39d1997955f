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
ALTER TABLE source ADD COLUMN read_by TEXT;
