PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
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
, read_by TEXT) STRICT;
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
CREATE TABLE document (
    id TEXT PRIMARY KEY,                 -- the Source's id, or source-id/hash for an entry of a feed
    source_id TEXT NOT NULL REFERENCES source(id),
    identity TEXT NOT NULL,              -- URL, or the entry's own id
    url TEXT NOT NULL,
    title TEXT NOT NULL,
    added_at TEXT NOT NULL
) STRICT;
CREATE TABLE version (                   -- text as read; a new row only when the text differs from the one before
    id INTEGER PRIMARY KEY,
    document_id TEXT NOT NULL REFERENCES document(id),
    text_sha256 TEXT NOT NULL,           -- of the Blocks, links included
    blocks BLOB NOT NULL,                -- JSON, zstandard
    title TEXT NOT NULL,
    recipe TEXT NOT NULL,                -- extractor version and selectors that made it
    observed_at TEXT NOT NULL            -- the Fetch that brought it
) STRICT;
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
, aspects TEXT NOT NULL DEFAULT '[]', fingerprint TEXT NOT NULL DEFAULT '', rules TEXT NOT NULL DEFAULT '', returns_to INTEGER REFERENCES version(id), is_settled INTEGER NOT NULL DEFAULT 0, put_off_until TEXT, due TEXT) STRICT;
CREATE TABLE passage (
    id INTEGER PRIMARY KEY,
    change_id INTEGER NOT NULL REFERENCES change(id),
    op TEXT NOT NULL,
    heading TEXT NOT NULL,               -- JSON list
    before TEXT NOT NULL,
    after TEXT NOT NULL
) STRICT;
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
, mark TEXT NOT NULL DEFAULT '', document_id TEXT REFERENCES document(id)) STRICT;
CREATE TABLE sop (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    owner TEXT NOT NULL,
    path TEXT NOT NULL,
    fingerprint TEXT NOT NULL,           -- of the file's facts and text
    loaded_at TEXT NOT NULL,
    removed_at TEXT                      -- left the folder; its Impacts stay readable
, facts TEXT NOT NULL DEFAULT '{}') STRICT;
CREATE TABLE section (
    id TEXT PRIMARY KEY,
    sop_id TEXT NOT NULL REFERENCES sop(id),
    heading TEXT NOT NULL,               -- JSON list
    text TEXT NOT NULL,
    removed_at TEXT
, fingerprint TEXT NOT NULL DEFAULT '', revised_at TEXT) STRICT;
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
    error TEXT, shown_decision INTEGER NOT NULL DEFAULT 0,
    UNIQUE (digest_id, channel, part)
) STRICT;
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
CREATE TABLE digest (
    id TEXT PRIMARY KEY,                 -- 2026-11-22-daily-AUDIENCE: one for an audience, period and day; alerts and
                                         --   escalations also have a Change: 2026-11-22-alert-AUDIENCE-12
    audience_id TEXT NOT NULL,           -- of an Audience, or @NAME of a Person
    period TEXT NOT NULL,
    local_date TEXT NOT NULL,            -- the audience's own day
    composed_at TEXT NOT NULL,
    content TEXT NOT NULL                -- JSON of the Digest as sent
) STRICT;
CREATE TABLE slack_event (               -- what Slack sent and was acted on: it repeats, people double-click, and a
    id TEXT PRIMARY KEY,                 --   signed request can be replayed for five minutes
    at TEXT NOT NULL
) STRICT;
CREATE TABLE searched (                  -- which text of a Document the search knows
    id INTEGER PRIMARY KEY,              -- also the rowid in search_text
    document_id TEXT NOT NULL UNIQUE REFERENCES document(id),
    version_id INTEGER NOT NULL REFERENCES version(id)
) STRICT;
CREATE VIRTUAL TABLE search_text USING fts5(
    title, text, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 2 tokenchars '§'"
);
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
INSERT INTO "_sqlite_migrations" VALUES (1, 'policy-monitor', 'm0001_first_tables', '2026-11-23 08:38:19.603237+00:00');
INSERT INTO "_sqlite_migrations" VALUES (2, 'policy-monitor', 'm0002_doubts_and_dates', '2026-11-23 08:38:19.633033+00:00');
INSERT INTO "_sqlite_migrations" VALUES (3, 'policy-monitor', 'm0003_decisions_and_links', '2026-11-23 08:38:19.663159+00:00');
INSERT INTO "_sqlite_migrations" VALUES (4, 'policy-monitor', 'm0004_more_to_tell', '2026-11-23 08:38:19.688434+00:00');
INSERT INTO "_sqlite_migrations" VALUES (5, 'policy-monitor', 'm0005_desk', '2026-11-23 08:38:19.744040+00:00');
INSERT INTO "audience" VALUES ('desk', '2026-03-01T12:00:00Z');
INSERT INTO "change" VALUES (1, 'rules', NULL, 1, 'first', 'first look', 'low', 'first look at 58 words', 'confirmed', 1, '2026-03-01T12:00:00Z', '2026-03-01T12:00:00Z', NULL, NULL, '[]', '', '2', NULL, 0, NULL, NULL);
INSERT INTO "change" VALUES (2, 'rules', 1, 2, 'substantive', 'the age changed from 16 to 18; 1 passage reworded', 'high', 'Rules for hosts: "… must be at least 16 years old and prove it before their first…" → "… must be at least 18 years old and prove it before their first…"', 'confirmed', 4, '2026-03-02T12:00:00Z', '2026-03-02T14:00:00Z', '2026-03-02T13:00:00Z', 'm3', '["obligation", "threshold", "date", "scope"]', '06d4f7ff77dc13888e14951ada127fc9', '2', NULL, 1, NULL, '2026-03-10');
INSERT INTO "change" VALUES (3, 'rules', 2, 3, 'substantive', 'the amount changed from 5 euros to 7 euros; 1 passage reworded', 'high', 'Rules for hosts: "Hosts pay a fee of 5 euros for each livestream, which is paid back…" → "Hosts pay a fee of 7 euros for each livestream, which is paid back…"', 'confirmed', 6, '2026-03-04T12:00:00Z', '2026-03-04T14:00:00Z', '2026-03-04T13:00:00Z', '3', '["fee"]', '54ec0858d25b5693903f07323570cc20', '2', NULL, 0, NULL, NULL);
INSERT INTO "change_stems" VALUES (2, '3', '{"host": 1.6, "livestream": 1.6, "16": 1.0, "1": 1.0, "18": 1.0, "2022": 1.0, "2026": 1.0, "2065": 1.0, "28": 1.0, "appli": 1.0, "april": 1.0, "articl": 1.0, "eu": 1.0, "regul": 1.0, "first": 0.8, "old": 0.8, "prove": 0.8, "rule": 0.8, "year": 0.8}');
INSERT INTO "citation" VALUES (2, 'eu:reg:2022/2065#art28', 'Article 28 of Regulation (EU) 2022/2065');
INSERT INTO "date_mention" VALUES (2, 0, 'effective', '2026-04-01', 'This applies from 1 April 2026, under Article 28 of Regulation (EU) 2022/2065.', NULL);
INSERT INTO "decision" VALUES (1, 2, NULL, 'assigned', '', 'otto', '2026-03-10', 'mia', '2026-03-03T12:00:00Z');
INSERT INTO "decision" VALUES (2, 2, 'hosts#ages', 'confirmed', '', NULL, NULL, 'otto', '2026-03-04T12:00:00Z');
INSERT INTO "delivery" VALUES ('017a16ad3bd040a7bf7ab706e6e2745a', '2026-03-03-daily-desk', 'slack:C0123456789', 1, 1, '{"text": "Policy digest, Desk, Tue 3 Mar 2026: 1 change, 1 high", "blocks": [{"type": "header", "text": {"type": "plain_text", "text": "Desk, Tue 3 Mar 2026", "emoji": false}}, {"type": "context", "elements": [{"type": "plain_text", "text": "1 change, 1 high · 1 of 1 source read", "emoji": false}]}, {"type": "divider"}, {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "emoji", "name": "red_circle"}, {"type": "text", "text": " Example › ", "style": {"bold": true}}, {"type": "link", "url": "https://example.org/rules", "text": "Rules for hosts", "style": {"bold": true}}]}]}, {"type": "context", "elements": [{"type": "plain_text", "text": "High · the age changed from 16 to 18; 1 passage reworded · seen 2 Mar 2026 · change 2", "emoji": false}]}, {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "effective 1 Apr 2026", "style": {"bold": true}}]}]}, {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "Reworded"}, {"type": "text", "text": " · "}, {"type": "text", "text": "Rules for hosts", "style": {"italic": true}}]}, {"type": "rich_text_quote", "elements": [{"type": "text", "text": "Hosts of a livestream must be at least "}, {"type": "text", "text": "16", "style": {"strike": true}}, {"type": "text", "text": " "}, {"type": "text", "text": "18", "style": {"bold": true}}, {"type": "text", "text": " years old and prove it before their first livestream. "}, {"type": "text", "text": "This applies from 1 April 2026, under Article 28 of Regulation (EU) 2022/2065.", "style": {"bold": true}}]}]}, {"type": "context", "block_id": "state:2", "elements": [{"type": "plain_text", "text": "Nobody has decided yet", "emoji": false}]}, {"type": "actions", "block_id": "act:2", "elements": [{"type": "button", "action_id": "confirm", "text": {"type": "plain_text", "text": "Confirm", "emoji": false}, "value": "2"}, {"type": "button", "action_id": "reject", "text": {"type": "plain_text", "text": "Not applicable…", "emoji": false}, "value": "2"}, {"type": "button", "action_id": "assign", "text": {"type": "plain_text", "text": "Assign…", "emoji": false}, "value": "2"}, {"type": "button", "action_id": "open", "text": {"type": "plain_text", "text": "Open", "emoji": false}, "url": "https://example.org/rules"}, {"type": "overflow", "action_id": "more", "options": [{"text": {"type": "plain_text", "text": "Due date…", "emoji": false}, "value": "due:2"}, {"text": {"type": "plain_text", "text": "Snooze…", "emoji": false}, "value": "snooze:2"}, {"text": {"type": "plain_text", "text": "Decide per section…", "emoji": false}, "value": "sections:2"}, {"text": {"type": "plain_text", "text": "Take back", "emoji": false}, "value": "undo:2"}]}]}, {"type": "divider"}, {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "Deadlines of the next 30 days", "style": {"bold": true}}]}]}, {"type": "rich_text", "elements": [{"type": "rich_text_list", "style": "bullet", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "in 29 days", "style": {"bold": true}}, {"type": "text", "text": " · "}, {"type": "link", "url": "https://example.org/rules", "text": "Example › Rules for hosts", "style": {"bold": true}}, {"type": "text", "text": " · "}, {"type": "text", "text": "effective 1 Apr 2026 · undecided · change 2"}]}]}]}, {"type": "divider"}, {"type": "context", "elements": [{"type": "plain_text", "text": "Read for the first time: 1 document. Evidence 22 · 98dd17a7bc87.", "emoji": false}]}]}', 'sent', 1, '2026-03-03T09:00:00Z', NULL, '2026-03-03T09:00:00Z', '1772442000.000100', NULL, 0);
INSERT INTO "delivery" VALUES ('345cabd06c9e4d37ad9dcf23a791d834', '2026-03-05-daily-desk', 'slack:C0123456789', 1, 1, '{"text": "Policy digest, Desk, Thu 5 Mar 2026: 1 change, 1 high", "blocks": [{"type": "header", "text": {"type": "plain_text", "text": "Desk, Thu 5 Mar 2026", "emoji": false}}, {"type": "context", "elements": [{"type": "plain_text", "text": "1 change, 1 high · 1 of 1 source read", "emoji": false}]}, {"type": "divider"}, {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "emoji", "name": "red_circle"}, {"type": "text", "text": " Example › ", "style": {"bold": true}}, {"type": "link", "url": "https://example.org/rules", "text": "Rules for hosts", "style": {"bold": true}}]}]}, {"type": "context", "elements": [{"type": "plain_text", "text": "High · the amount changed from 5 euros to 7 euros; 1 passage reworded · seen 4 Mar 2026 · change 3", "emoji": false}]}, {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "Reworded"}, {"type": "text", "text": " · "}, {"type": "text", "text": "Rules for hosts", "style": {"italic": true}}]}, {"type": "rich_text_quote", "elements": [{"type": "text", "text": "Hosts pay a fee of "}, {"type": "text", "text": "5", "style": {"strike": true}}, {"type": "text", "text": " "}, {"type": "text", "text": "7", "style": {"bold": true}}, {"type": "text", "text": " euros for each livestream, which is paid back when the livestream is cancelled."}]}]}, {"type": "context", "block_id": "state:3", "elements": [{"type": "plain_text", "text": "Nobody has decided yet", "emoji": false}]}, {"type": "actions", "block_id": "act:3", "elements": [{"type": "button", "action_id": "confirm", "text": {"type": "plain_text", "text": "Confirm", "emoji": false}, "value": "3"}, {"type": "button", "action_id": "reject", "text": {"type": "plain_text", "text": "Not applicable…", "emoji": false}, "value": "3"}, {"type": "button", "action_id": "assign", "text": {"type": "plain_text", "text": "Assign…", "emoji": false}, "value": "3"}, {"type": "button", "action_id": "open", "text": {"type": "plain_text", "text": "Open", "emoji": false}, "url": "https://example.org/rules"}, {"type": "overflow", "action_id": "more", "options": [{"text": {"type": "plain_text", "text": "Due date…", "emoji": false}, "value": "due:3"}, {"text": {"type": "plain_text", "text": "Snooze…", "emoji": false}, "value": "snooze:3"}, {"text": {"type": "plain_text", "text": "Decide per section…", "emoji": false}, "value": "sections:3"}, {"text": {"type": "plain_text", "text": "Take back", "emoji": false}, "value": "undo:3"}]}]}, {"type": "divider"}, {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "Deadlines of the next 30 days", "style": {"bold": true}}]}]}, {"type": "rich_text", "elements": [{"type": "rich_text_list", "style": "bullet", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "in 27 days", "style": {"bold": true}}, {"type": "text", "text": " · "}, {"type": "link", "url": "https://example.org/rules", "text": "Example › Rules for hosts", "style": {"bold": true}}, {"type": "text", "text": " · "}, {"type": "text", "text": "effective 1 Apr 2026 · decided · change 2"}]}]}]}, {"type": "divider"}, {"type": "context", "elements": [{"type": "plain_text", "text": "Evidence 43 · bb3a8c63e291.", "emoji": false}]}]}', 'pending', 0, NULL, NULL, NULL, NULL, NULL, 2);
INSERT INTO "delivery" VALUES ('378ed7212efe4798bb493b7ab6b776a8', '2026-03-03-daily-desk', 'file', 1, 1, '{"2026-03-03-daily-desk.md": "# Desk, Tue 3 Mar 2026\n\n**1 change, 1 high** · 1 of 1 source read\n\n## 🔴 Example › [Rules for hosts](<https://example.org/rules>)\n\nHigh · the age changed from 16 to 18; 1 passage reworded · seen 2 Mar 2026 · change 2\n\n**effective 1 Apr 2026**\n\nReworded · *Rules for hosts*\n\n> Hosts of a livestream must be at least ~~16~~ **18** years old and prove it before their first livestream. **This applies from 1 April 2026, under Article 28 of Regulation (EU) 2022/2065.**\n\n## Deadlines of the next 30 days\n\n- **in 29 days** · [Example › Rules for hosts](<https://example.org/rules>) · effective 1 Apr 2026 · undecided · change 2\n\nRead for the first time: 1 document. Evidence 22 · 98dd17a7bc87.\n", "2026-03-03-daily-desk.html": "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Desk, Tue 3 Mar 2026</title>\n<style>\n:root { color-scheme: light }\n* { box-sizing: border-box }\nbody { margin: 0; background: #fff; color: #1d1c1d; font: 15px/1.46668 Lato, Slack-Lato, \"Helvetica Neue\", Helvetica,\n  \"Segoe UI\", \"DejaVu Sans\", Arial, sans-serif; font-variant-ligatures: common-ligatures }\nmain { max-width: 820px; margin: 0 auto; padding: 20px 20px 28px; overflow-wrap: anywhere }\n.message { display: grid; grid-template-columns: 36px minmax(0, 1fr); gap: 0 10px; padding: 8px 0 }\n.avatar { width: 36px; height: 36px; border-radius: 8px; background: linear-gradient(145deg, #2f6f6b, #17423f);\n  display: grid; place-items: center }\n.avatar svg { width: 22px; height: 22px }\n.sender { display: flex; align-items: baseline; gap: 6px; line-height: 1.3 }\n.sender b { font-weight: 900 }\n.app { font-size: 10px; font-weight: 700; color: #454447; background: #ebeaeb; border-radius: 2px; padding: 1px 4px;\n  align-self: center }\n.time { font-size: 12px; color: #616061 }\n.block { margin: 4px 0 }\nh2 { margin: 6px 0 2px; font-size: 18px; line-height: 1.33; font-weight: 900 }\n.context { margin: 0 0 6px; font-size: 13px; color: #616061 }\nhr { border: 0; border-top: 1px solid #dddddd; margin: 12px 0 }\np { margin: 0; white-space: pre-wrap }\nblockquote { position: relative; margin: 3px 0 9px; padding-left: 16px; white-space: pre-wrap }\nblockquote::before { content: \"\"; position: absolute; left: 0; top: 0; bottom: 0; width: 4px; border-radius: 8px;\n  background: #dddddd }\nul { margin: 2px 0 4px; padding-left: 26px }\nli { white-space: pre-wrap; padding-left: 2px; margin: 2px 0 }\na { color: #1264a3; text-decoration: none }\na:hover { text-decoration: underline }\nb { font-weight: 700 }\ns { color: #616061 }\ncode { font: 12px/1.5 Monaco, Menlo, Consolas, \"DejaVu Sans Mono\", monospace; font-style: normal; color: #c01343;\n  background: #f8f8f8; border: 1px solid #dddddd; border-radius: 3px; padding: 1px 3px }\n.mention { color: #1264a3; background: #e8f5fa; border-radius: 3px; padding: 0 2px 1px }\n.actions { display: flex; flex-wrap: wrap; gap: 8px; margin: 4px 0 8px }\n.button { display: inline-flex; align-items: center; height: 30px; padding: 0 12px; border: 1px solid #bbbabb;\n  border-radius: 8px; font-size: 13px; font-weight: 700; white-space: nowrap; background: #fff }\n.button.primary { background: #007a5a; border-color: #007a5a; color: #fff }\n.button.danger { background: #e01e5a; border-color: #e01e5a; color: #fff }\n.button.more { padding: 0 9px; letter-spacing: 1px }\n.section { display: flex; justify-content: space-between; gap: 16px; margin: 8px 0 }\n.input { margin: 0 0 20px }\nlabel { display: block; font-weight: 700; margin: 0 0 6px }\n.field { display: block; border: 1px solid #bbbabb; border-radius: 8px; padding: 7px 12px; white-space: pre-wrap }\n.field.tall { min-height: 88px }\n.field.select { position: relative; padding-right: 32px }\n.field.select::after { content: \"\"; position: absolute; right: 14px; top: 14px; width: 7px; height: 7px;\n  border: solid #616061; border-width: 0 2px 2px 0; transform: rotate(45deg) }\n.actions .field { padding: 3px 32px 3px 12px; font-size: 13px } .actions .field.select::after { top: 9px }\n.placeholder, .hint, .description { color: #616061; font-weight: 400 }\n.hint { font-size: 13px; margin-top: 4px }\n.description { display: block; font-size: 13px }\n.choice { display: flex; gap: 8px; margin: 6px 0 }\n.radio, .check { flex: none; width: 16px; height: 16px; margin-top: 3px; border: 1px solid #868686; border-radius: 50% }\n.check { border-radius: 3px }\n.radio.on { border: 5px solid #1264a3 }\n.check.on { background: #1264a3; border-color: #1264a3; position: relative }\n.check.on::after { content: \"\"; position: absolute; left: 4px; top: 1px; width: 6px; height: 10px; border: solid #fff;\n  border-width: 0 2px 2px 0; transform: rotate(45deg) }\nbody:has(.modal) { background: #e9e8ea }\n.modal { max-width: 520px; margin: 0 auto; background: #fff; border-radius: 12px; box-shadow: 0 8px 32px #0003 }\n.modal header, .modal footer { display: flex; align-items: center; justify-content: space-between; padding: 16px 24px }\n.modal header b { font-size: 20px; font-weight: 900 }\n.modal header span { font-size: 20px; color: #616061 }\n.modal section { padding: 4px 24px 8px }\n.modal footer { justify-content: flex-end; gap: 12px; border-top: 1px solid #dddddd }\n.modal .block { margin-bottom: 16px }\n.modal .button { height: 36px; font-size: 15px }\n.home header { display: flex; gap: 10px; align-items: center; font-size: 18px; font-weight: 900; padding-bottom: 10px }\n.home .actions { margin-bottom: 18px }\nnav { display: flex; gap: 20px; border-bottom: 1px solid #dddddd; margin-bottom: 12px; font-size: 13px; color: #616061 }\nnav span { padding: 6px 0 } nav .on { color: #1d1c1d; font-weight: 700; box-shadow: inset 0 -2px #1d1c1d }\n@media (max-width: 480px) { main { padding: 12px } .modal header, .modal footer { padding: 14px 16px }\n  .modal section { padding: 4px 16px 8px } }\n</style>\n</head>\n<body>\n<main>\n<article class=\"message\"><div class=\"avatar\"><svg viewBox=\"0 0 24 24\" fill=\"none\" stroke=\"#fff\" stroke-width=\"1.9\" stroke-linecap=\"round\" stroke-linejoin=\"round\" aria-hidden=\"true\"><path d=\"M6 3.5h8.5L19 8v12.5H6z\"/><path d=\"M9 12.5l2.3 2.3 4.4-4.6\"/></svg></div><div><div class=\"sender\"><b>Policy Monitor</b><span class=\"app\">APP</span><span class=\"time\">09:00</span></div>\n<h2>Desk, Tue 3 Mar 2026</h2>\n<div class=\"context\">1 change, 1 high · 1 of 1 source read</div>\n<hr>\n<div class=\"block\"><p>🔴<b> Example › </b><b><a href=\"https://example.org/rules\" rel=\"noreferrer\">Rules for hosts</a></b></p></div>\n<div class=\"context\">High · the age changed from 16 to 18; 1 passage reworded · seen 2 Mar 2026 · change 2</div>\n<div class=\"block\"><p><b>effective 1 Apr 2026</b></p></div>\n<div class=\"block\"><p>Reworded · <i>Rules for hosts</i></p><blockquote>Hosts of a livestream must be at least <s>16</s> <b>18</b> years old and prove it before their first livestream. <b>This applies from 1 April 2026, under Article 28 of Regulation (EU) 2022/2065.</b></blockquote></div>\n<div class=\"context\">Nobody has decided yet</div>\n<div class=\"actions\"><span class=\"button \">Confirm</span><span class=\"button \">Not applicable…</span><span class=\"button \">Assign…</span><span class=\"button \">Open</span><span class=\"button more\">⋯</span></div>\n<hr>\n<div class=\"block\"><p><b>Deadlines of the next 30 days</b></p></div>\n<div class=\"block\"><ul><li><b>in 29 days</b> · <b><a href=\"https://example.org/rules\" rel=\"noreferrer\">Example › Rules for hosts</a></b> · effective 1 Apr 2026 · undecided · change 2</li></ul></div>\n<hr>\n<div class=\"context\">Read for the first time: 1 document. Evidence 22 · 98dd17a7bc87.</div>\n</div></article>\n</main>\n</body>\n</html>\n"}', 'sent', 1, '2026-03-03T09:00:00Z', NULL, '2026-03-03T09:00:00Z', NULL, NULL, 0);
INSERT INTO "delivery" VALUES ('a85963d62f4f49e8a33038526dbaec7d', '2026-03-05-daily-desk', 'file', 1, 1, '{"2026-03-05-daily-desk.md": "# Desk, Thu 5 Mar 2026\n\n**1 change, 1 high** · 1 of 1 source read\n\n## 🔴 Example › [Rules for hosts](<https://example.org/rules>)\n\nHigh · the amount changed from 5 euros to 7 euros; 1 passage reworded · seen 4 Mar 2026 · change 3\n\nReworded · *Rules for hosts*\n\n> Hosts pay a fee of ~~5~~ **7** euros for each livestream, which is paid back when the livestream is cancelled.\n\n## Deadlines of the next 30 days\n\n- **in 27 days** · [Example › Rules for hosts](<https://example.org/rules>) · effective 1 Apr 2026 · decided · change 2\n\nEvidence 43 · bb3a8c63e291.\n", "2026-03-05-daily-desk.html": "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Desk, Thu 5 Mar 2026</title>\n<style>\n:root { color-scheme: light }\n* { box-sizing: border-box }\nbody { margin: 0; background: #fff; color: #1d1c1d; font: 15px/1.46668 Lato, Slack-Lato, \"Helvetica Neue\", Helvetica,\n  \"Segoe UI\", \"DejaVu Sans\", Arial, sans-serif; font-variant-ligatures: common-ligatures }\nmain { max-width: 820px; margin: 0 auto; padding: 20px 20px 28px; overflow-wrap: anywhere }\n.message { display: grid; grid-template-columns: 36px minmax(0, 1fr); gap: 0 10px; padding: 8px 0 }\n.avatar { width: 36px; height: 36px; border-radius: 8px; background: linear-gradient(145deg, #2f6f6b, #17423f);\n  display: grid; place-items: center }\n.avatar svg { width: 22px; height: 22px }\n.sender { display: flex; align-items: baseline; gap: 6px; line-height: 1.3 }\n.sender b { font-weight: 900 }\n.app { font-size: 10px; font-weight: 700; color: #454447; background: #ebeaeb; border-radius: 2px; padding: 1px 4px;\n  align-self: center }\n.time { font-size: 12px; color: #616061 }\n.block { margin: 4px 0 }\nh2 { margin: 6px 0 2px; font-size: 18px; line-height: 1.33; font-weight: 900 }\n.context { margin: 0 0 6px; font-size: 13px; color: #616061 }\nhr { border: 0; border-top: 1px solid #dddddd; margin: 12px 0 }\np { margin: 0; white-space: pre-wrap }\nblockquote { position: relative; margin: 3px 0 9px; padding-left: 16px; white-space: pre-wrap }\nblockquote::before { content: \"\"; position: absolute; left: 0; top: 0; bottom: 0; width: 4px; border-radius: 8px;\n  background: #dddddd }\nul { margin: 2px 0 4px; padding-left: 26px }\nli { white-space: pre-wrap; padding-left: 2px; margin: 2px 0 }\na { color: #1264a3; text-decoration: none }\na:hover { text-decoration: underline }\nb { font-weight: 700 }\ns { color: #616061 }\ncode { font: 12px/1.5 Monaco, Menlo, Consolas, \"DejaVu Sans Mono\", monospace; font-style: normal; color: #c01343;\n  background: #f8f8f8; border: 1px solid #dddddd; border-radius: 3px; padding: 1px 3px }\n.mention { color: #1264a3; background: #e8f5fa; border-radius: 3px; padding: 0 2px 1px }\n.actions { display: flex; flex-wrap: wrap; gap: 8px; margin: 4px 0 8px }\n.button { display: inline-flex; align-items: center; height: 30px; padding: 0 12px; border: 1px solid #bbbabb;\n  border-radius: 8px; font-size: 13px; font-weight: 700; white-space: nowrap; background: #fff }\n.button.primary { background: #007a5a; border-color: #007a5a; color: #fff }\n.button.danger { background: #e01e5a; border-color: #e01e5a; color: #fff }\n.button.more { padding: 0 9px; letter-spacing: 1px }\n.section { display: flex; justify-content: space-between; gap: 16px; margin: 8px 0 }\n.input { margin: 0 0 20px }\nlabel { display: block; font-weight: 700; margin: 0 0 6px }\n.field { display: block; border: 1px solid #bbbabb; border-radius: 8px; padding: 7px 12px; white-space: pre-wrap }\n.field.tall { min-height: 88px }\n.field.select { position: relative; padding-right: 32px }\n.field.select::after { content: \"\"; position: absolute; right: 14px; top: 14px; width: 7px; height: 7px;\n  border: solid #616061; border-width: 0 2px 2px 0; transform: rotate(45deg) }\n.actions .field { padding: 3px 32px 3px 12px; font-size: 13px } .actions .field.select::after { top: 9px }\n.placeholder, .hint, .description { color: #616061; font-weight: 400 }\n.hint { font-size: 13px; margin-top: 4px }\n.description { display: block; font-size: 13px }\n.choice { display: flex; gap: 8px; margin: 6px 0 }\n.radio, .check { flex: none; width: 16px; height: 16px; margin-top: 3px; border: 1px solid #868686; border-radius: 50% }\n.check { border-radius: 3px }\n.radio.on { border: 5px solid #1264a3 }\n.check.on { background: #1264a3; border-color: #1264a3; position: relative }\n.check.on::after { content: \"\"; position: absolute; left: 4px; top: 1px; width: 6px; height: 10px; border: solid #fff;\n  border-width: 0 2px 2px 0; transform: rotate(45deg) }\nbody:has(.modal) { background: #e9e8ea }\n.modal { max-width: 520px; margin: 0 auto; background: #fff; border-radius: 12px; box-shadow: 0 8px 32px #0003 }\n.modal header, .modal footer { display: flex; align-items: center; justify-content: space-between; padding: 16px 24px }\n.modal header b { font-size: 20px; font-weight: 900 }\n.modal header span { font-size: 20px; color: #616061 }\n.modal section { padding: 4px 24px 8px }\n.modal footer { justify-content: flex-end; gap: 12px; border-top: 1px solid #dddddd }\n.modal .block { margin-bottom: 16px }\n.modal .button { height: 36px; font-size: 15px }\n.home header { display: flex; gap: 10px; align-items: center; font-size: 18px; font-weight: 900; padding-bottom: 10px }\n.home .actions { margin-bottom: 18px }\nnav { display: flex; gap: 20px; border-bottom: 1px solid #dddddd; margin-bottom: 12px; font-size: 13px; color: #616061 }\nnav span { padding: 6px 0 } nav .on { color: #1d1c1d; font-weight: 700; box-shadow: inset 0 -2px #1d1c1d }\n@media (max-width: 480px) { main { padding: 12px } .modal header, .modal footer { padding: 14px 16px }\n  .modal section { padding: 4px 16px 8px } }\n</style>\n</head>\n<body>\n<main>\n<article class=\"message\"><div class=\"avatar\"><svg viewBox=\"0 0 24 24\" fill=\"none\" stroke=\"#fff\" stroke-width=\"1.9\" stroke-linecap=\"round\" stroke-linejoin=\"round\" aria-hidden=\"true\"><path d=\"M6 3.5h8.5L19 8v12.5H6z\"/><path d=\"M9 12.5l2.3 2.3 4.4-4.6\"/></svg></div><div><div class=\"sender\"><b>Policy Monitor</b><span class=\"app\">APP</span><span class=\"time\">09:00</span></div>\n<h2>Desk, Thu 5 Mar 2026</h2>\n<div class=\"context\">1 change, 1 high · 1 of 1 source read</div>\n<hr>\n<div class=\"block\"><p>🔴<b> Example › </b><b><a href=\"https://example.org/rules\" rel=\"noreferrer\">Rules for hosts</a></b></p></div>\n<div class=\"context\">High · the amount changed from 5 euros to 7 euros; 1 passage reworded · seen 4 Mar 2026 · change 3</div>\n<div class=\"block\"><p>Reworded · <i>Rules for hosts</i></p><blockquote>Hosts pay a fee of <s>5</s> <b>7</b> euros for each livestream, which is paid back when the livestream is cancelled.</blockquote></div>\n<div class=\"context\">Nobody has decided yet</div>\n<div class=\"actions\"><span class=\"button \">Confirm</span><span class=\"button \">Not applicable…</span><span class=\"button \">Assign…</span><span class=\"button \">Open</span><span class=\"button more\">⋯</span></div>\n<hr>\n<div class=\"block\"><p><b>Deadlines of the next 30 days</b></p></div>\n<div class=\"block\"><ul><li><b>in 27 days</b> · <b><a href=\"https://example.org/rules\" rel=\"noreferrer\">Example › Rules for hosts</a></b> · effective 1 Apr 2026 · decided · change 2</li></ul></div>\n<hr>\n<div class=\"context\">Evidence 43 · bb3a8c63e291.</div>\n</div></article>\n</main>\n</body>\n</html>\n"}', 'pending', 0, NULL, NULL, NULL, NULL, NULL, 2);
INSERT INTO "digest" VALUES ('2026-03-03-daily-desk', 'desk', 'daily', '2026-03-03', '2026-03-03T09:00:00Z', '{"id":"2026-03-03-daily-desk","audience_id":"desk","audience_name":"Desk","period":"daily","local_date":"2026-03-03","composed_at":"2026-03-03T09:00:00Z","changes":[{"change":{"id":2,"source_id":"rules","document_id":"rules","url":"https://example.org/rules","title":"Rules for hosts","from_version_id":1,"to_version_id":2,"status":"confirmed","detected_at":"2026-03-02T12:00:00Z","confirmed_at":"2026-03-02T14:00:00Z","judgement":{"kind":"substantive","reason":"the age changed from 16 to 18; 1 passage reworded","severity":"high","summary":"Rules for hosts: \"… must be at least 16 years old and prove it before their first…\" → \"… must be at least 18 years old and prove it before their first…\"","passages":[{"op":"reworded","heading":["Rules for hosts"],"before":"Hosts of a livestream must be at least 16 years old and prove it before their first livestream.","after":"Hosts of a livestream must be at least 18 years old and prove it before their first livestream. This applies from 1 April 2026, under Article 28 of Regulation (EU) 2022/2065."}],"citations":[{"text":"Article 28 of Regulation (EU) 2022/2065","id":"eu:reg:2022/2065#art28"}],"dates":[{"kind":"effective","date":"2026-04-01","sentence":"This applies from 1 April 2026, under Article 28 of Regulation (EU) 2022/2065.","moved_from":null}],"aspects":["obligation","threshold","date","scope"],"fingerprint":"06d4f7ff77dc13888e14951ada127fc9"},"hold_until":"2026-03-02T13:00:00Z"},"source_name":"Rules for hosts","publisher":"Example","jurisdiction":"EU","topics":["livestreams"],"impacts":[]}],"problems":[],"quiet":{"first":1},"watched":1,"read":1,"last_read_at":"2026-03-02T14:00:00Z","held":0,"has_sops":true,"alerted":[],"deadlines":[{"change_id":2,"source_name":"Rules for hosts","publisher":"Example","url":"https://example.org/rules","kind":"effective","date":"2026-04-01","is_decided":false}],"items":[],"undelivered":[],"head":"22 · 98dd17a7bc87"}');
INSERT INTO "digest" VALUES ('2026-03-05-daily-desk', 'desk', 'daily', '2026-03-05', '2026-03-05T09:00:00Z', '{"id":"2026-03-05-daily-desk","audience_id":"desk","audience_name":"Desk","period":"daily","local_date":"2026-03-05","composed_at":"2026-03-05T09:00:00Z","changes":[{"change":{"id":3,"source_id":"rules","document_id":"rules","url":"https://example.org/rules","title":"Rules for hosts","from_version_id":2,"to_version_id":3,"status":"confirmed","detected_at":"2026-03-04T12:00:00Z","confirmed_at":"2026-03-04T14:00:00Z","judgement":{"kind":"substantive","reason":"the amount changed from 5 euros to 7 euros; 1 passage reworded","severity":"high","summary":"Rules for hosts: \"Hosts pay a fee of 5 euros for each livestream, which is paid back…\" → \"Hosts pay a fee of 7 euros for each livestream, which is paid back…\"","passages":[{"op":"reworded","heading":["Rules for hosts"],"before":"Hosts pay a fee of 5 euros for each livestream, which is paid back when the livestream is cancelled.","after":"Hosts pay a fee of 7 euros for each livestream, which is paid back when the livestream is cancelled."}],"citations":[],"dates":[],"aspects":["fee"],"fingerprint":"54ec0858d25b5693903f07323570cc20"},"hold_until":"2026-03-04T13:00:00Z"},"source_name":"Rules for hosts","publisher":"Example","jurisdiction":"EU","topics":["livestreams"],"impacts":[]}],"problems":[],"quiet":{},"watched":1,"read":1,"last_read_at":"2026-03-04T14:00:00Z","held":0,"has_sops":true,"alerted":[],"deadlines":[{"change_id":2,"source_name":"Rules for hosts","publisher":"Example","url":"https://example.org/rules","kind":"effective","date":"2026-04-01","is_decided":true}],"items":[],"undelivered":[],"head":"43 · bb3a8c63e291"}');
INSERT INTO "digest_change" VALUES ('desk', 2, 'daily', '2026-03-03-daily-desk');
INSERT INTO "digest_change" VALUES ('desk', 3, 'daily', '2026-03-05-daily-desk');
INSERT INTO "document" VALUES ('rules', 'rules', 'rules', 'https://example.org/rules', 'Rules for hosts', '2026-03-01T12:00:00Z');
INSERT INTO "fetch" VALUES (1, 1, '2026-03-01T12:00:00Z', 'ok', 200, 'https://example.org/rules', '{"content-type": "text/html"}', 0, 0, '', 1, 'good');
INSERT INTO "fetch" VALUES (2, 1, '2026-03-02T00:00:00Z', 'ok', 200, 'https://example.org/rules', '{"content-type": "text/html"}', 0, 0, '', 1, 'unchanged');
INSERT INTO "fetch" VALUES (3, 1, '2026-03-02T06:00:00Z', 'timeout', NULL, NULL, '{}', 0, 0, 'no answer within 60 s', NULL, 'none');
INSERT INTO "fetch" VALUES (4, 1, '2026-03-02T12:00:00Z', 'ok', 200, 'https://example.org/rules', '{"content-type": "text/html"}', 0, 0, '', 2, 'good');
INSERT INTO "fetch" VALUES (5, 1, '2026-03-02T14:00:00Z', 'ok', 200, 'https://example.org/rules', '{"content-type": "text/html"}', 0, 0, '', 2, 'unchanged');
INSERT INTO "fetch" VALUES (6, 1, '2026-03-04T12:00:00Z', 'ok', 200, 'https://example.org/rules', '{"content-type": "text/html"}', 0, 0, '', 3, 'good');
INSERT INTO "fetch" VALUES (7, 1, '2026-03-04T14:00:00Z', 'ok', 200, 'https://example.org/rules', '{"content-type": "text/html"}', 0, 0, '', 3, 'unchanged');
INSERT INTO "fetch" VALUES (8, 1, '2026-03-05T12:00:00Z', 'ok', 200, 'https://example.org/rules', '{"content-type": "text/html"}', 0, 0, '', 4, 'rejected');
INSERT INTO "fetch" VALUES (9, 1, '2026-03-06T12:00:00Z', 'ok', 200, 'https://example.org/rules', '{"content-type": "text/html"}', 0, 0, '', 5, 'pending');
INSERT INTO "impact" VALUES (1, 2, 'hosts#ages', 0.83, '[["words","host"],["words","livestream"],["citation","eu:reg:2022/2065#art28"]]');
INSERT INTO "link" VALUES (1, 'rules', 'hosts#ages', '["Rules for hosts"]', 'Hosts of a livestream must be at least 18 years old and prove it before their first livestream. This applies from 1 April 2026, under Article 28 of Regulation (EU) 2022/2065.', 'Hosts of a livestream must be at least 16 years old and prove it before their first livestream.', 0, 2, '83502e4a063e6b91ac1f77959a753d010833670847703cad1db40401e8ecd48f', 2, '2026-03-04T12:00:00Z', '2026-03-02T12:00:00Z', 2, 'Rules for hosts: "Hosts of a livestream must be at least 16 years old and prove it before their first livestream." → "… at least 18 years old … first livestream. This applies from 1 April 2026, under Article 28 of Regulation (EU) 2022/2065."', NULL, NULL, NULL, NULL);
INSERT INTO "matcher" VALUES (1, '{}', '2026-03-03T12:00:00Z', 'mia', '3 tags gained');
INSERT INTO "overrule" VALUES ('rules', 'shrunk', '2026-03-02T12:00:00Z', 'the annex is a page of its own now');
INSERT INTO "pass" VALUES ('1d8c57ff20470151e79cbeba9e3610acdf1aa81ce71dd931ee694a2ebcb32d5c', 'key', 'calendar', 'lead', '2026-03-03T12:00:00Z', NULL, NULL);
INSERT INTO "pass" VALUES ('1f48fe84bea7f26e9724c0ecd05aab2c67aaaa60f749aefa25a186ca9e70ed60', 'session', 'mia', 'lead', '2026-03-03T12:00:00Z', '2026-04-02T12:00:00Z', NULL);
INSERT INTO "pass" VALUES ('3047c038a0e4ef53841eabe711ab9ddf49940f9d2e8dcf4a1cdeecba21f7fc19', 'invitation', 'mia', 'lead', '2026-03-03T12:00:00Z', '2026-04-02T12:00:00Z', NULL);
INSERT INTO "passage" VALUES (1, 2, 'reworded', '["Rules for hosts"]', 'Hosts of a livestream must be at least 16 years old and prove it before their first livestream.', 'Hosts of a livestream must be at least 18 years old and prove it before their first livestream. This applies from 1 April 2026, under Article 28 of Regulation (EU) 2022/2065.');
INSERT INTO "passage" VALUES (2, 3, 'reworded', '["Rules for hosts"]', 'Hosts pay a fee of 5 euros for each livestream, which is paid back when the livestream is cancelled.', 'Hosts pay a fee of 7 euros for each livestream, which is paid back when the livestream is cancelled.');
INSERT INTO "problem" VALUES (1, 1, 'timeout', 'no answer within 60 s', 'The publisher may be slow or drop automated readers. It is asked again at the next due time.', '2026-03-02T06:00:00Z', '2026-03-02T06:00:00Z', '2026-03-02T12:00:00Z', 4, '', NULL);
INSERT INTO "problem" VALUES (2, 1, 'blocked', 'a bot challenge or refusal was answered instead of the page ("just a moment")', 'Ask less often, ask the publisher to admit the monitor, or watch a feed of the publisher instead. If this is the page, run: monitor sources accept ID', '2026-03-05T12:00:00Z', '2026-03-05T12:00:00Z', NULL, NULL, 'blocked: just a moment', NULL);
INSERT INTO "resource" VALUES (1, 'rules', 'https://example.org/rules', 0, 3, 'html', NULL, NULL);
INSERT INTO "searched" VALUES (1, 'rules', 3);
INSERT INTO "section" VALUES ('hosts#ages', 'hosts', '["Ages"]', 'Ask every host for proof that they are 16 years old before the first livestream.', NULL, '3a55697d5364bd9941b255f36430da2f42f7519f15739110fb1a0f7c0c223e17', '2026-03-01T12:00:00Z');
INSERT INTO "section" VALUES ('hosts#fees', 'hosts', '["Fees"]', 'The fee of a livestream is booked by finance on the same day and paid back within a week.', NULL, '59858dd26d143ceb466b05fb537c1c46f143a4ccef85474fde8c1342807d4ad1', '2026-03-01T12:00:00Z');
INSERT INTO "section" VALUES ('hosts#tone', 'hosts', '["Tone"]', 'Be calm and kind in every answer.', NULL, 'f0bd85cf38984d6263b7602c3097bc73a4bc1ee03c0997eb0de6eb2597ec6f21', '2026-03-01T12:00:00Z');
INSERT INTO "section_vector" VALUES ('abababababababababababababababababababababababababababababababab', 'minilm', X'000102030405060708090A0B0C0D0E0F');
INSERT INTO "slack_event" VALUES ('Ev01', '2026-03-03T12:00:00Z');
INSERT INTO "snapshot" VALUES (1, 1, '5cc680ca206cf13157411933525d14642720810deb66cba51626071b85009a81', 434, '{"content-type": "text/html"}', 'https://example.org/rules', X'28B52FFD60B2003508003611311D80A76903A0BF379226C4FEEC469BD4E419C6205BA50A5F62704E6445032B00260028003623E982423945E10A68C9291A94067188A3AB795E89589F1683E269714F81EC770AF5810365C929D93B0100AB0B112FFCADBF1241FF904B31526694D2BAEC8D050A5EB527AFF9865797C4897DADFE80293FDCB9460A0D3E017A4A3F941D56543FC686C30C2344DF81C79870873DD77207FC88CD8D290A7102454AF6088258B2F12E69A89F94BCE2B55B64AC9B1655E875469579533911417FC71AE33CC6CD0A182010A6A4C5076F1922F6B832C385C6310E442404411A85769F4276B912A98241AA259B3D39432A4C998593B609665B9A14100A2CEA576B0FF2C0D4019401', NULL, 0, '2026-03-01T12:00:00Z');
INSERT INTO "snapshot" VALUES (2, 1, 'f5c233198560df617349d76ba805ed036e44e4048bd210adeb861526fede7b4c', 513, '{"content-type": "text/html"}', 'https://example.org/rules', X'28B52FFD600101D502003404382054686973206170706C69726F6D203120417072696C20323032362C20756E6465722041727469636C65203238526567756C6174696F6E2028455529322F3230363506007102828AA656E530230163CDC129855A6A0101', 1, 1, '2026-03-02T12:00:00Z');
INSERT INTO "snapshot" VALUES (3, 1, '1731fa47a66b11c358f7f9f9a5e599b6a721440c937064395667b191c3ec3979', 513, '{"content-type": "text/html"}', 'https://example.org/rules', X'28B52FFD600101650000083702005540490901550001', 2, 2, '2026-03-04T12:00:00Z');
INSERT INTO "snapshot" VALUES (4, 1, '465d7807ef4d1b8034d913221cfa8d2433e67936b5edcde53e63db3acc50694a', 154, '{"content-type": "text/html"}', 'https://example.org/rules', X'28B52FFD209A0D030062041017A0B539E0FFDB52B6C85AD99D69240F70934C059A54B11AED49A91E1B2CED293080C5470CE67DC2976A4506E860DF04BAC68B32A9F36310D8DD25F9A5CB58020A001DE38064794CCDC2F95A4ABB24C9087AFFAA876EC0FC4B1A01410401', 3, 3, '2026-03-05T12:00:00Z');
INSERT INTO "snapshot" VALUES (5, 1, '233971aad9763f81bcff4301836120a643e762bbf3be500ae9d355c4d2adf7cf', 609, '{"content-type": "text/html"}', 'https://example.org/rules', X'28B52FFD6061017D0A0006933620506BD306D0D862CF0A71E4A5DFD90DD611C7C61A01F8D988F5F4F7E0A8AAEA212B0030002D007BFE03D359145AD31E598178BDE6371A37F65CFDE394CD0C3A0149C859A3AB989CC858AF1EC6BA8163997288642009584000F0C25B538FE30C45E22BE53617CE2FEBF121912012AB4B6761C40DE629C731EB25050BACE631CE7BDA9031418EF28F1BD7CBBA06FF60B952579629D65B4F901B146B78B973522E413E24C58EF9DC053F6373640E412257163A3AEEC2269FD565CEE1655D9D877E0CFB60437DE5E01DAFA53DC8BAEAD175CE438ACBB81CF449590B2F281014C294E70111D0B524982899E66492102147D025310658CFA33C827290EC6394C010C40DB90301F50BAC6403524C84F81821A232845BCE4D8BC02FEB592E52E60538906C388820E4502E1D2E02235DB4AB1C2581006562B637AE55E95600EC0116427B188DE9B14B5AD5D247A7C96B', 4, 4, '2026-03-06T12:00:00Z');
INSERT INTO "sop" VALUES ('hosts', 'Hosts', 'desk', 'hosts.md', '2ef5f6d7961dd5d5ba153a9cb2e525147549d37149d4f0c0c8241255bcf56821', '2026-03-01T12:00:00Z', NULL, '{"audience": [], "topics": [], "jurisdictions": [], "cites": [], "implements": []}');
INSERT INTO "source" VALUES ('rules', 'Rules for hosts', 'Example', 'EU', 'html', '["livestreams"]', '[]', 1, '2026-03-01T12:00:00Z', '12h', NULL, '2026-03-01T12:00:00Z', 'html/3 select: main of https://example.org/rules');
INSERT INTO "version" VALUES (1, 'rules', '7886b16d66c853c2f05472241887b02e7126daaec1048ce121885d9336b87754', X'28B52FFD60E50075070016D02D1C70A76D03C0F0E5EA4B6B24D9C8B24D15DD2ED81D5FAA847802A00A5F280024002500CFD51F4ED97CA00BCC3109B12C581A62CC211087401CA3AB989C7858AF1203734C611DB2274310015E0C0158CD3B9CF7B47EE271FE0113315A66A4D09AF6C503015EB52BAFF9855793031F58C5923FDCB846EB0C3E01BA52379619D65B4F8A0D861546774EC625C5271976CCE416F80F5B8404176F8285FA0AC1235E4B7B8A7555A2EB9C5774991797111D7D32D6146352BC200C1320101C05590F96C7CDE1635C64790561DE88820249D22467BC1A1BB55AD9C5E47FCA6570361C2F665B9A0E0850283D28DB3C9D', 'Rules for hosts', 'html/3 select: main', '2026-03-01T12:00:00Z');
INSERT INTO "version" VALUES (2, 'rules', '43dedb378ad0a95bcd6c63321cd85cdfd8f1a28b41c08b4a3a9d1da92ec8d355', X'28B52FFD60340155090046D43A214089B60DB0F8BDD542A8DE46937E01141BEBFF3568D504185057E1DACD308C310131002F003400C9DEF854DEAF71DC81C9FDF2A1EC78665F80125A0EB9818C0EA1C448122349E8F5DB755EE62F596380126A3455980B25498B73AAD63C25100372A6EC163FDCB1ACCC39FCD375F0423F56E6ACB9FAC9CBE8F3B1ECAE1A5EB1FD63CCE78AC3FB618CE5D270F9D396CB79C282CA95EAD7A2CB795A0BE67293476432C73FE80A888401114002100800DE561B59D3480305F2648B36078C669F77B3CA7B32B7E9DEB85A9DBF66CD6B7A4EE7357C6FFBAAF4722D8DCE77397FD42A0FE723BF7DD534E139A0321620101C04591F96C7CDE5635864750581DF4856812431933AF2E26AD466250B93FFA76C8223B730DA56E56824524B311AD064EC40430941D966E704', 'Rules for hosts', 'html/3 select: main', '2026-03-02T12:00:00Z');
INSERT INTO "version" VALUES (3, 'rules', '6392746be8194f395185b319109fa2825398426a52f285d3911e8200c675d11f', X'28B52FFD60340155090046D43A214089B60DB0F8BDD542A8DE46937E01141BEBFF3568A7236A01754AD74E4551800931002F003400C9DEF854DEAF71DC81C9FDF2A1EC78667F80125A0EB9818C0EA1C448122349E8F5DB755EE62F598380126A3455980B25498B73AAD63C25900372A6EC1647DCB1ACCC39FCD39570433F56E6ACB9FAC9CBE8F3B1ECAE1A5EB1FD63CCE70AC4FB618CE5D270F9D396CBF9C282CA95EAD7A2CB795A0BE6729327C8648E7FD019061207440009503000785B6D644D231114C8932DDA1C8C669F77B3CA7B32B7E9DEB85A9DBF66CD6B7A4EE7357C6FFBAAF4722D8DCE77397FD42A0FE723BF7DD574E159A0321620101C04591F96C7CDE5635864750581DF4856812431933AF2E26AD466250B93FFA76C8223B730DA56E56824524B311AD064EC40430941D966E704', 'Rules for hosts', 'html/3 select: main', '2026-03-04T12:00:00Z');
INSERT INTO "version_snapshot" VALUES (1, 0, 1);
INSERT INTO "version_snapshot" VALUES (2, 0, 2);
INSERT INTO "version_snapshot" VALUES (3, 0, 3);
REPLACE INTO "search_change_config" VALUES ('version', 4);
REPLACE INTO "search_change_data" VALUES (1, X'0315811F');
REPLACE INTO "search_change_data" VALUES (10, X'00000000FF0000010103030003010101010100000102010102020000010301010303000001');
REPLACE INTO "search_change_data" VALUES (137438953473, X'0000006303303538010601010501026174010601010401076578616D706C6501020201056669727374010601010202026F72010404050105686F7374730104050501046C6F6F6B0106010103010572756C6573010403050105776F72647301060101060409090C0C080B0B0B');
REPLACE INTO "search_change_data" VALUES (274877906945, X'0000019E02303102060101490201360208010109230201380208010116280104323032320206010152040136020601014B030236350206010153020138020601014E01016102080101241402026E64020C01010C0F1614020670706C6965730206010147030372696C020601014A0206727469636C65020601014D020174020C0101070F161401026265020C0101060F16140304666F7265020C01010F0F1614010265750206010151020678616D706C6502020201056669727374020C0101110F161402026F72020C04050101031F0203726F6D02060101480105686F737473021005050101041F031401026974020C01010E0F161401056C65617374020C0101080F1614020969766573747265616D020C01012510061001046D757374020C0101050F161401026F66020A010123141C02026C64020C01010B0F1614010570726F7665020C01010D0F1614010A726567756C6174696F6E02060101500204756C6573020C03050101021F01057468656972020C0101100F16140302697302060101460105756E646572020601014C01057965617273020C01010A0F1614040809090B080908090C0D0A0D0B0C0E090B0F0C0A110C0F130E0B0C0F110E0F090C');
REPLACE INTO "search_change_data" VALUES (412316860417, X'00000113023035030801010A21010137030801011826010161030C01010710131501046261636B030C010112101315010963616E63656C6C6564030801013615010465616368030C01010D101315020475726F73030C01010B101315020678616D706C650302020103666565030C01010810131502026F72031404050101030B100A0B150105686F7374730314050501010403101203150102697303100101101013080F08010A6C69766573747265616D031001010E1013090E0901026F66030C010109101315010470616964030C010111101315030179030C010106101315010572756C6573030C030501010221010374686503080101331501047768656E0308010132150303696368030C01010F1013150409090B0E110E0E0B0D10130E160C0E0B0F0B0C');
REPLACE INTO "search_change_docsize" VALUES (1, X'0705', 1);
REPLACE INTO "search_change_docsize" VALUES (2, X'0752', 2);
REPLACE INTO "search_change_docsize" VALUES (3, X'0748', 3);
REPLACE INTO "search_change_idx" VALUES (1, X'', 2);
REPLACE INTO "search_change_idx" VALUES (2, X'', 2);
REPLACE INTO "search_change_idx" VALUES (3, X'', 2);
REPLACE INTO "search_text_config" VALUES ('version', 4);
REPLACE INTO "search_text_data" VALUES (1, X'010748');
REPLACE INTO "search_text_data" VALUES (10, X'00000000FF00000101010100010101010101000001');
REPLACE INTO "search_text_data" VALUES (137438953473, X'0000028A023031010601011A020138010601010D0104323032320106010123040136010601011C030236350106010124020138010601011F010137010601012A0101610108010107220204626F7574010601014802026E640108010110300304737765720106010141020670706C6965730106010118030372696C010601011B0206727469636C65010601011E020174010601010B01046261636B0106010132020165010801010A300304666F72650106010113010963616E63656C6C656401060101370102646F010601013F010465616368010601012D02017501060101220303726F73010601012B020876657279626F6479010601013B020678616D706C6501020201036665650106010128020469727374010601011502026F72010C04050101032B0203726F6D01060101190105686F737473010E050501010403220107696E73756C7473010801014204020173010801013008020174010601011201046B696E64010601013901056C65617374010601010C020969766573747265616D010C010108101A0901046D757374010601010901036E6F74010601014001026F66010A0101061C0B02026C64010601010F010470616964010601013103017901060101260205656F706C6501060101460204726F76650106010111010A726567756C6174696F6E01060101210204756C6573010A0305010102010373617901060101470103746865010601013404026972010601011403026973010601011702016F010601013A0105756E646572010601011D010777617463686573010601013D02076861746576657201060101450302656E01060101330303696368010601012F03016F010601013C0203697468010601014301057965617273010601010E02026F7501060101490408080B08090808090B0A0B0D0A0D080B090B10090B080A0F0B0A0B0C0A100F09080B0C130B0A0B090B080C0B110D0A0A0909080C0E0E090A080A0C');
REPLACE INTO "search_text_docsize" VALUES (1, X'0748', 1);
REPLACE INTO "search_text_idx" VALUES (1, X'', 2);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX fetch_by_resource ON fetch (resource_id, id);
CREATE INDEX fetch_pending ON fetch (id) WHERE state = 'pending';
CREATE INDEX document_by_source ON document (source_id);
CREATE INDEX version_by_document ON version (document_id, id);
CREATE INDEX change_by_document ON change (document_id, id);
CREATE INDEX change_by_status ON change (status, confirmed_at);
CREATE INDEX passage_by_change ON passage (change_id, id);
CREATE INDEX delivery_open ON delivery (state) WHERE state IN ('pending', 'sending');
CREATE UNIQUE INDEX problem_open ON problem (resource_id) WHERE closed_at IS NULL AND document_id IS NULL;
CREATE UNIQUE INDEX problem_unstable ON problem (document_id) WHERE closed_at IS NULL AND document_id IS NOT NULL;
CREATE INDEX decision_by_change ON decision (change_id, id);
CREATE INDEX link_by_document ON link (document_id) WHERE ended_at IS NULL;
CREATE INDEX link_by_section ON link (section_id) WHERE ended_at IS NULL;
CREATE INDEX digest_by_audience ON digest (audience_id, period, composed_at);
CREATE INDEX change_in_hand ON change (due) WHERE due IS NOT NULL;
CREATE INDEX decision_given ON decision (assignee COLLATE NOCASE, change_id) WHERE assignee IS NOT NULL;
CREATE INDEX change_waiting ON change (
    max(substr(confirmed_at, 1, 10), coalesce(put_off_until, '')) DESC,
    CASE severity WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END, id DESC, document_id, put_off_until, severity, confirmed_at, is_settled, status, kind
)
WHERE is_settled = 0 AND status = 'confirmed' AND kind IN ('editorial', 'substantive');
CREATE INDEX change_waiting_by_document ON change (document_id, severity, put_off_until, is_settled, status, kind)
WHERE is_settled = 0 AND status = 'confirmed' AND kind IN ('editorial', 'substantive');
CREATE INDEX change_waiting_same ON change (fingerprint)
WHERE is_settled = 0 AND status = 'confirmed' AND kind IN ('editorial', 'substantive');
CREATE INDEX impact_by_section ON impact (section_id, probability, change_id);
CREATE INDEX impact_by_change ON impact (change_id, probability, section_id);
CREATE INDEX date_mention_by_date ON date_mention (date, kind, change_id);
CREATE INDEX change_told_by_document ON change (document_id, id, confirmed_at)
WHERE status = 'confirmed' AND kind IN ('editorial', 'substantive');
CREATE INDEX date_mention_moved ON date_mention (moved_from, kind, change_id) WHERE moved_from IS NOT NULL;
CREATE INDEX change_withdrawn ON change (document_id, id) WHERE status = 'confirmed' AND reason GLOB 'withdrawn; *';
CREATE INDEX change_confirmed ON change (confirmed_at, id, kind, document_id) WHERE status = 'confirmed';
CREATE INDEX decision_by_time ON decision (at);
CREATE INDEX link_stale ON link (stale_since, id) WHERE ended_at IS NULL AND stale_since IS NOT NULL;
CREATE INDEX section_by_sop ON section (sop_id);
CREATE INDEX decision_by_section ON decision (section_id) WHERE section_id IS NOT NULL;
COMMIT;
