-- whether it is in nobody's inbox any more: someone confirmed, rejected or gave away the whole of it, or each of its
-- Sections in view; kept true by monitor.store.items, in the transaction of each Decision
ALTER TABLE change ADD COLUMN is_settled INTEGER NOT NULL DEFAULT 0;

-- a day on which what was put off comes back; NULL = it is not put off; kept true in the same way
ALTER TABLE change ADD COLUMN put_off_until TEXT;

-- the day by which whoever has it in hand is to be done, 9999-12-31 = none was named; NULL = nobody has it, or nothing is
-- left to do of it; kept true in the same way, and in the transaction of each Link
ALTER TABLE change ADD COLUMN due TEXT;

CREATE INDEX change_in_hand ON change (due) WHERE due IS NOT NULL;

-- what was ever given to somebody
CREATE INDEX decision_given ON decision (assignee COLLATE NOCASE, change_id) WHERE assignee IS NOT NULL;

-- the inbox reads these and nothing else, however much was told and decided before: in its order, to count, and to find
-- the same change in other Documents; the columns of their conditions are in them, or each row would be read as well
CREATE INDEX change_waiting ON change (
    max(substr(confirmed_at, 1, 10), coalesce(put_off_until, '')) DESC,
    CASE severity WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END, id DESC, document_id, put_off_until, severity, confirmed_at, is_settled, status, kind
)
WHERE is_settled = 0 AND status = 'confirmed' AND kind IN ('editorial', 'substantive');

CREATE INDEX change_waiting_by_document ON change (document_id, severity, put_off_until, is_settled, status, kind)
WHERE is_settled = 0 AND status = 'confirmed' AND kind IN ('editorial', 'substantive');

CREATE INDEX change_waiting_same ON change (fingerprint)
WHERE is_settled = 0 AND status = 'confirmed' AND kind IN ('editorial', 'substantive');

-- which Changes touch a Section
CREATE INDEX impact_by_section ON impact (section_id, probability, change_id);

CREATE INDEX impact_by_change ON impact (change_id, probability, section_id);

CREATE INDEX date_mention_by_date ON date_mention (date, kind, change_id);

-- which days hold (monitor.store.deadlines)
CREATE INDEX change_told_by_document ON change (document_id, id, confirmed_at)
WHERE status = 'confirmed' AND kind IN ('editorial', 'substantive');

CREATE INDEX date_mention_moved ON date_mention (moved_from, kind, change_id) WHERE moved_from IS NOT NULL;

CREATE INDEX change_withdrawn ON change (document_id, id) WHERE status = 'confirmed' AND reason GLOB 'withdrawn; *';

-- feeds, exports and numbers go by the day on which a Change was confirmed
CREATE INDEX change_confirmed ON change (confirmed_at, id, kind, document_id) WHERE status = 'confirmed';

-- the numbers of the last weeks
CREATE INDEX decision_by_time ON decision (at);

CREATE TABLE searched (                  -- which text of a Document the search knows
    id INTEGER PRIMARY KEY,              -- also the rowid in search_text
    document_id TEXT NOT NULL UNIQUE REFERENCES document(id),
    version_id INTEGER NOT NULL REFERENCES version(id)
) STRICT;

-- words alone: what is shown of a hit is cut from the texts themselves; what is written without spaces comes to it taken
-- apart (monitor.store.search)
CREATE VIRTUAL TABLE search_text USING fts5(
    title, text, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 2 tokenchars '§'"
);

-- rowid = change.id
CREATE VIRTUAL TABLE search_change USING fts5(
    title, text, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 2 tokenchars '§'"
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

-- the ledger: what is stale, the oldest first
CREATE INDEX link_stale ON link (stale_since, id) WHERE ended_at IS NULL AND stale_since IS NOT NULL;

-- one procedure: its sections, and what was decided about them
CREATE INDEX section_by_sop ON section (sop_id);

CREATE INDEX decision_by_section ON decision (section_id) WHERE section_id IS NOT NULL;
