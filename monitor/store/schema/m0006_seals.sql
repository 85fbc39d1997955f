-- a chain of hashes over what the monitor wrote (monitor.store.seals): any later edit, row or deletion breaks it
CREATE TABLE seal (
    id INTEGER PRIMARY KEY,              -- its place in the chain, from 1, without gaps
    noun TEXT NOT NULL,                  -- the table, or a part of its columns
    key TEXT NOT NULL,                   -- primary key of the row
    form INTEGER NOT NULL,               -- which columns were hashed
    row_sha256 BLOB NOT NULL,            -- empty = the monitor itself dropped the row
    chain_sha256 BLOB NOT NULL           -- of the one before and all of this one
) STRICT;

-- what was written and is to be sealed before its transaction ends; what stands here between two transactions was
-- written by something else
CREATE TABLE unsealed (
    noun TEXT NOT NULL,
    key TEXT NOT NULL,
    PRIMARY KEY (noun, key)
) STRICT, WITHOUT ROWID;

-- what something else wrote: it is never sealed
CREATE TABLE foreign_write (
    noun TEXT NOT NULL,
    key TEXT NOT NULL,
    after INTEGER NOT NULL,              -- the last Seal when it was noticed
    PRIMARY KEY (noun, key)
) STRICT, WITHOUT ROWID;

-- one trigger for each way in which a sealed row is written: its own table, and the tables whose rows belong to it;
-- not INSERT OR IGNORE, which the statement that fires the trigger overrules with a conflict clause of its own
CREATE TRIGGER seal_resource_insert AFTER INSERT ON resource BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('resource', NEW.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_resource_update AFTER UPDATE OF id, source_id, url ON resource BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('resource', NEW.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_resource_delete AFTER DELETE ON resource BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('resource', OLD.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_document_insert AFTER INSERT ON document BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('document', NEW.id) ON CONFLICT DO NOTHING;
END;

-- each poll of a feed writes each entry anew
CREATE TRIGGER seal_document_update AFTER UPDATE ON document
WHEN OLD.id IS NOT NEW.id OR OLD.source_id IS NOT NEW.source_id OR OLD.identity IS NOT NEW.identity
    OR OLD.url IS NOT NEW.url OR OLD.title IS NOT NEW.title OR OLD.added_at IS NOT NEW.added_at
BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('document', NEW.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_document_delete AFTER DELETE ON document BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('document', OLD.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_fetch_insert AFTER INSERT ON fetch BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('fetch', NEW.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_fetch_insert_state AFTER INSERT ON fetch WHEN NEW.state NOT IN ('none', 'unchanged') BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('fetch.state', NEW.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_fetch_update AFTER UPDATE OF id, resource_id, at, outcome, status, final_url, headers, duration_ms,
    partial, detail, snapshot_id ON fetch BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('fetch', NEW.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_fetch_update_state AFTER UPDATE OF state ON fetch BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('fetch.state', NEW.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_fetch_delete AFTER DELETE ON fetch BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('fetch', OLD.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_fetch_delete_state AFTER DELETE ON fetch WHEN OLD.state NOT IN ('none', 'unchanged') BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('fetch.state', OLD.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_snapshot_insert AFTER INSERT ON snapshot BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('snapshot', NEW.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_snapshot_update AFTER UPDATE ON snapshot BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('snapshot', NEW.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_snapshot_delete AFTER DELETE ON snapshot BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('snapshot', OLD.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_version_insert AFTER INSERT ON version BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('version', NEW.id) ON CONFLICT DO NOTHING;
    INSERT INTO unsealed (noun, key) VALUES ('version.recipe', NEW.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_version_update AFTER UPDATE OF id, document_id, text_sha256, blocks, title, observed_at
    ON version BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('version', NEW.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_version_recipe AFTER UPDATE OF recipe ON version BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('version.recipe', NEW.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_version_delete AFTER DELETE ON version BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('version', OLD.id) ON CONFLICT DO NOTHING;
    INSERT INTO unsealed (noun, key) VALUES ('version.recipe', OLD.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_version_snapshot_insert AFTER INSERT ON version_snapshot BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('version', NEW.version_id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_version_snapshot_update AFTER UPDATE ON version_snapshot BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('version', NEW.version_id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_version_snapshot_delete AFTER DELETE ON version_snapshot BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('version', OLD.version_id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_change_insert AFTER INSERT ON change BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('change', NEW.id) ON CONFLICT DO NOTHING;
    INSERT INTO unsealed (noun, key) VALUES ('change.state', NEW.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_change_update AFTER UPDATE OF id, document_id, from_version_id, to_version_id, kind, reason,
    severity, summary, fetch_id, detected_at, aspects, fingerprint, rules, returns_to ON change BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('change', NEW.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_change_state AFTER UPDATE OF status, confirmed_at, hold_until, matcher, is_settled,
    put_off_until, due ON change BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('change.state', NEW.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_change_delete AFTER DELETE ON change BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('change', OLD.id) ON CONFLICT DO NOTHING;
    INSERT INTO unsealed (noun, key) VALUES ('change.state', OLD.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_passage_insert AFTER INSERT ON passage BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('change', NEW.change_id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_passage_update AFTER UPDATE ON passage BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('change', NEW.change_id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_passage_delete AFTER DELETE ON passage BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('change', OLD.change_id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_citation_insert AFTER INSERT ON citation BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('change', NEW.change_id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_citation_update AFTER UPDATE ON citation BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('change', NEW.change_id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_citation_delete AFTER DELETE ON citation BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('change', OLD.change_id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_date_mention_insert AFTER INSERT ON date_mention BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('change', NEW.change_id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_date_mention_update AFTER UPDATE ON date_mention BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('change', NEW.change_id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_date_mention_delete AFTER DELETE ON date_mention BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('change', OLD.change_id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_impact_insert AFTER INSERT ON impact BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('impact', NEW.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_impact_update AFTER UPDATE ON impact BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('impact', NEW.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_impact_delete AFTER DELETE ON impact BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('impact', OLD.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_decision_insert AFTER INSERT ON decision BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('decision', NEW.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_decision_update AFTER UPDATE ON decision BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('decision', NEW.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_decision_delete AFTER DELETE ON decision BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('decision', OLD.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_digest_insert AFTER INSERT ON digest BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('digest', NEW.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_digest_update AFTER UPDATE ON digest BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('digest', NEW.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_digest_delete AFTER DELETE ON digest BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('digest', OLD.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_digest_change_insert AFTER INSERT ON digest_change BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('digest', NEW.digest_id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_digest_change_update AFTER UPDATE ON digest_change BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('digest', NEW.digest_id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_digest_change_delete AFTER DELETE ON digest_change BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('digest', OLD.digest_id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_delivery_insert AFTER INSERT ON delivery BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('delivery', NEW.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_delivery_update AFTER UPDATE ON delivery BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('delivery', NEW.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER seal_delivery_delete AFTER DELETE ON delivery BEGIN
    INSERT INTO unsealed (noun, key) VALUES ('delivery', OLD.id) ON CONFLICT DO NOTHING;
END;
