-- digest is made anew without its constraints: an audience has many alerts a day, and a person is told as well. The
-- rows that refer to it find it again before the transaction ends.
PRAGMA defer_foreign_keys = ON;

CREATE TEMP TABLE digest_kept AS SELECT * FROM digest;

DROP TABLE digest;

CREATE TABLE digest (
    id TEXT PRIMARY KEY,                 -- 2026-11-22-daily-AUDIENCE: one for an audience, period and day; alerts and
                                         --   escalations also have a Change: 2026-11-22-alert-AUDIENCE-12
    audience_id TEXT NOT NULL,           -- of an Audience, or @NAME of a Person
    period TEXT NOT NULL,
    local_date TEXT NOT NULL,            -- the audience's own day
    composed_at TEXT NOT NULL,
    content TEXT NOT NULL                -- JSON of the Digest as sent
) STRICT;

INSERT INTO digest SELECT id, audience_id, period, local_date, composed_at, content FROM temp.digest_kept;

DROP TABLE temp.digest_kept;

CREATE INDEX digest_by_audience ON digest (audience_id, period, composed_at);

-- the last Decision that the message shows; 0 = none
ALTER TABLE delivery ADD COLUMN shown_decision INTEGER NOT NULL DEFAULT 0;

CREATE TABLE slack_event (               -- what Slack sent and was acted on: it repeats, people double-click, and a
    id TEXT PRIMARY KEY,                 --   signed request can be replayed for five minutes
    at TEXT NOT NULL
) STRICT;
