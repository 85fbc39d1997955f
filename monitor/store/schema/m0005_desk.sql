-- whether it is in nobody's inbox any more: someone confirmed or rejected it or one of its Sections, or gave it away;
-- kept true by monitor.triage, in the transaction of each Decision
ALTER TABLE change ADD COLUMN is_settled INTEGER NOT NULL DEFAULT 0;

-- near enough for what was decided before there was this column: the next Decision about a Change makes it exact
UPDATE change SET is_settled = 1 WHERE id IN (
    SELECT change_id FROM decision GROUP BY change_id
    HAVING count(*) FILTER (WHERE verdict IN ('confirmed', 'not-applicable', 'assigned'))
         > count(*) FILTER (WHERE verdict = 'undone')
);

-- a day on which what was put off comes back; NULL = it is not put off; kept true in the same way
ALTER TABLE change ADD COLUMN put_off_until TEXT;

-- the inbox reads this and nothing else, however much was told and decided before
CREATE INDEX change_waiting ON change (confirmed_at)
WHERE is_settled = 0 AND status = 'confirmed' AND kind IN ('editorial', 'substantive');

CREATE TABLE searched (                  -- which text of a Document the search knows
    id INTEGER PRIMARY KEY,              -- also the rowid in search_text
    document_id TEXT NOT NULL UNIQUE REFERENCES document(id),
    version_id INTEGER NOT NULL REFERENCES version(id)
) STRICT;

-- words alone: what is shown of a hit is cut from the texts themselves
CREATE VIRTUAL TABLE search_text USING fts5(
    title, text, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2'
);

-- rowid = change.id
CREATE VIRTUAL TABLE search_change USING fts5(
    title, text, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2'
);

CREATE TABLE pass (                      -- what lets a person or a program in
    token_sha256 TEXT PRIMARY KEY,       -- the token itself is known to its holder alone
    sort TEXT NOT NULL CHECK (sort IN ('invitation', 'session', 'key')),
                                         -- invitation = good for one session; key = for programs and calendars
    who TEXT NOT NULL,                   -- the actor of what is decided with it
    role TEXT NOT NULL,
    made_at TEXT NOT NULL,
    expires_at TEXT,                     -- NULL = until it is revoked
    revoked_at TEXT
) STRICT;
