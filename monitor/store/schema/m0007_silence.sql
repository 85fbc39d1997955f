CREATE TABLE arrival (                   -- a day on which a feed, or a query to an interface, brought news: its rhythm
    resource_id INTEGER NOT NULL REFERENCES resource(id),
    day TEXT NOT NULL,                   -- 2026-11-23, UTC
    PRIMARY KEY (resource_id, day)
) STRICT, WITHOUT ROWID;

INSERT INTO arrival (resource_id, day)
SELECT DISTINCT fetch.resource_id, substr(change.detected_at, 1, 10)
FROM change JOIN document ON document.id = change.document_id JOIN fetch ON fetch.id = change.fetch_id
WHERE document.id <> document.source_id AND change.kind IN ('substantive', 'editorial')
  AND change.status IN ('confirmed', 'provisional', 'superseded');

CREATE TABLE measure (                   -- how much text an address gave: the last new answer of each day, for a year
    resource_id INTEGER NOT NULL REFERENCES resource(id),
    day TEXT NOT NULL,                   -- 2026-11-23, UTC
    recipe TEXT NOT NULL,                -- how it was read, as the first digits of a hash; read otherwise, all is forgotten
    letters INTEGER NOT NULL,            -- of the text that was kept
    share REAL,                          -- of the letters of the whole page; NULL = no page
    drift REAL NOT NULL,                 -- sum of the small steps (natural logarithms) by which it grew, since the first row
    PRIMARY KEY (resource_id, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE acknowledgement (           -- a person has seen a Problem: it is not told again; append-only
    id INTEGER PRIMARY KEY,
    problem_id INTEGER NOT NULL REFERENCES problem(id),
    kind TEXT NOT NULL,                  -- of the Problem then: as another kind it is told again
    by TEXT NOT NULL,
    at TEXT NOT NULL,
    note TEXT NOT NULL,
    UNIQUE (problem_id, kind)
) STRICT;

-- beside a Document that does not stand still, what is judged by its rhythm may be in doubt as well
DROP INDEX problem_unstable;

CREATE UNIQUE INDEX problem_unstable ON problem (document_id)
WHERE closed_at IS NULL AND document_id IS NOT NULL AND kind = 'unstable';

CREATE TRIGGER seal_acknowledgement_insert AFTER INSERT ON acknowledgement BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('acknowledgement', NEW.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_acknowledgement_update AFTER UPDATE ON acknowledgement BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('acknowledgement', NEW.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_acknowledgement_delete AFTER DELETE ON acknowledgement BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('acknowledgement', OLD.id) ON CONFLICT DO NOTHING;
END;

-- what is refused is asked for with what waits: the one before served no question that was asked
DROP INDEX delivery_open;

CREATE INDEX delivery_open ON delivery (state, digest_id) WHERE state <> 'sent';
