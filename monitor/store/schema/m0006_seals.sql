-- a chain of hashes over what the monitor wrote (monitor.store.seals): any later edit, row or deletion breaks it
CREATE TABLE seal (
    id INTEGER PRIMARY KEY,              -- its place in the chain, without gaps
    noun TEXT NOT NULL,                  -- the table
    key TEXT NOT NULL,                   -- primary key of the row
    form INTEGER NOT NULL,               -- which columns were hashed
    row_sha256 BLOB NOT NULL,            -- empty = the monitor itself dropped the row
    chain_sha256 BLOB NOT NULL           -- of the one before and all of this one
) STRICT;

-- what was written and is to be sealed before its transaction ends; what is still here was written by something else
CREATE TABLE unsealed (
    id INTEGER PRIMARY KEY,
    noun TEXT NOT NULL,
    key TEXT NOT NULL,
    UNIQUE (noun, key)
) STRICT;

-- one trigger for each way in which a sealed row is written: its own table, and the tables whose rows belong to it
CREATE TRIGGER seal_resource_insert AFTER INSERT ON resource BEGIN
    INSERT OR IGNORE INTO unsealed (noun, key) VALUES ('resource', NEW.id);
END;

CREATE TRIGGER seal_resource_update AFTER UPDATE OF source_id, url ON resource BEGIN
    INSERT OR IGNORE INTO unsealed (noun, key) VALUES ('resource', NEW.id);
END;

CREATE TRIGGER seal_resource_delete AFTER DELETE ON resource BEGIN
    INSERT OR IGNORE INTO unsealed (noun, key) VALUES ('resource', OLD.id);
END;

CREATE TRIGGER seal_document_insert AFTER INSERT ON document BEGIN
    INSERT OR IGNORE INTO unsealed (noun, key) VALUES ('document', NEW.id);
END;

CREATE TRIGGER seal_document_update AFTER UPDATE ON document WHEN OLD.url IS NOT NEW.url OR OLD.title IS NOT NEW.title OR OLD.identity IS NOT NEW.identity
    OR OLD.source_id IS NOT NEW.source_id OR OLD.added_at IS NOT NEW.added_at BEGIN
    INSERT OR IGNORE INTO unsealed (noun, key) VALUES ('document', NEW.id);
END;

CREATE TRIGGER seal_document_delete AFTER DELETE ON document BEGIN
    INSERT OR IGNORE INTO unsealed (noun, key) VALUES ('document', OLD.id);
END;

CREATE TRIGGER seal_fetch_insert AFTER INSERT ON fetch BEGIN
    INSERT OR IGNORE INTO unsealed (noun, key) VALUES ('fetch', NEW.id);
END;

CREATE TRIGGER seal_fetch_update AFTER UPDATE ON fetch BEGIN
    INSERT OR IGNORE INTO unsealed (noun, key) VALUES ('fetch', NEW.id);
END;

CREATE TRIGGER seal_fetch_delete AFTER DELETE ON fetch BEGIN
    INSERT OR IGNORE INTO unsealed (noun, key) VALUES ('fetch', OLD.id);
END;

CREATE TRIGGER seal_snapshot_insert AFTER INSERT ON snapshot BEGIN
    INSERT OR IGNORE INTO unsealed (noun, key) VALUES ('snapshot', NEW.id);
END;

CREATE TRIGGER seal_snapshot_update AFTER UPDATE ON snapshot BEGIN
    INSERT OR IGNORE INTO unsealed (noun, key) VALUES ('snapshot', NEW.id);
END;

CREATE TRIGGER seal_snapshot_delete AFTER DELETE ON snapshot BEGIN
    INSERT OR IGNORE INTO unsealed (noun, key) VALUES ('snapshot', OLD.id);
END;

CREATE TRIGGER seal_version_insert AFTER INSERT ON version BEGIN
    INSERT OR IGNORE INTO unsealed (noun, key) VALUES ('version', NEW.id);
END;

CREATE TRIGGER seal_version_update AFTER UPDATE ON version BEGIN
    INSERT OR IGNORE INTO unsealed (noun, key) VALUES ('version', NEW.id);
END;

CREATE TRIGGER seal_version_delete AFTER DELETE ON version BEGIN
    INSERT OR IGNORE INTO unsealed (noun, key) VALUES ('version', OLD.id);
END;

CREATE TRIGGER seal_change_insert AFTER INSERT ON change BEGIN
    INSERT OR IGNORE INTO unsealed (noun, key) VALUES ('change', NEW.id);
END;

CREATE TRIGGER seal_change_update AFTER UPDATE ON change BEGIN
    INSERT OR IGNORE INTO unsealed (noun, key) VALUES ('change', NEW.id);
END;

CREATE TRIGGER seal_change_delete AFTER DELETE ON change BEGIN
    INSERT OR IGNORE INTO unsealed (noun, key) VALUES ('change', OLD.id);
END;

CREATE TRIGGER seal_decision_insert AFTER INSERT ON decision BEGIN
    INSERT OR IGNORE INTO unsealed (noun, key) VALUES ('decision', NEW.id);
END;

CREATE TRIGGER seal_decision_update AFTER UPDATE ON decision BEGIN
    INSERT OR IGNORE INTO unsealed (noun, key) VALUES ('decision', NEW.id);
END;

CREATE TRIGGER seal_decision_delete AFTER DELETE ON decision BEGIN
    INSERT OR IGNORE INTO unsealed (noun, key) VALUES ('decision', OLD.id);
END;

CREATE TRIGGER seal_digest_insert AFTER INSERT ON digest BEGIN
    INSERT OR IGNORE INTO unsealed (noun, key) VALUES ('digest', NEW.id);
END;

CREATE TRIGGER seal_digest_update AFTER UPDATE ON digest BEGIN
    INSERT OR IGNORE INTO unsealed (noun, key) VALUES ('digest', NEW.id);
END;

CREATE TRIGGER seal_digest_delete AFTER DELETE ON digest BEGIN
    INSERT OR IGNORE INTO unsealed (noun, key) VALUES ('digest', OLD.id);
END;

CREATE TRIGGER seal_delivery_insert AFTER INSERT ON delivery BEGIN
    INSERT OR IGNORE INTO unsealed (noun, key) VALUES ('delivery', NEW.id);
END;

CREATE TRIGGER seal_delivery_update AFTER UPDATE ON delivery BEGIN
    INSERT OR IGNORE INTO unsealed (noun, key) VALUES ('delivery', NEW.id);
END;

CREATE TRIGGER seal_delivery_delete AFTER DELETE ON delivery BEGIN
    INSERT OR IGNORE INTO unsealed (noun, key) VALUES ('delivery', OLD.id);
END;

CREATE TRIGGER seal_version_snapshot_insert AFTER INSERT ON version_snapshot BEGIN
    INSERT OR IGNORE INTO unsealed (noun, key) VALUES ('version', NEW.version_id);
END;

CREATE TRIGGER seal_version_snapshot_update AFTER UPDATE ON version_snapshot BEGIN
    INSERT OR IGNORE INTO unsealed (noun, key) VALUES ('version', NEW.version_id);
END;

CREATE TRIGGER seal_version_snapshot_delete AFTER DELETE ON version_snapshot BEGIN
    INSERT OR IGNORE INTO unsealed (noun, key) VALUES ('version', OLD.version_id);
END;

CREATE TRIGGER seal_passage_insert AFTER INSERT ON passage BEGIN
    INSERT OR IGNORE INTO unsealed (noun, key) VALUES ('change', NEW.change_id);
END;

CREATE TRIGGER seal_passage_update AFTER UPDATE ON passage BEGIN
    INSERT OR IGNORE INTO unsealed (noun, key) VALUES ('change', NEW.change_id);
END;

CREATE TRIGGER seal_passage_delete AFTER DELETE ON passage BEGIN
    INSERT OR IGNORE INTO unsealed (noun, key) VALUES ('change', OLD.change_id);
END;

CREATE TRIGGER seal_citation_insert AFTER INSERT ON citation BEGIN
    INSERT OR IGNORE INTO unsealed (noun, key) VALUES ('change', NEW.change_id);
END;

CREATE TRIGGER seal_citation_update AFTER UPDATE ON citation BEGIN
    INSERT OR IGNORE INTO unsealed (noun, key) VALUES ('change', NEW.change_id);
END;

CREATE TRIGGER seal_citation_delete AFTER DELETE ON citation BEGIN
    INSERT OR IGNORE INTO unsealed (noun, key) VALUES ('change', OLD.change_id);
END;

CREATE TRIGGER seal_date_mention_insert AFTER INSERT ON date_mention BEGIN
    INSERT OR IGNORE INTO unsealed (noun, key) VALUES ('change', NEW.change_id);
END;

CREATE TRIGGER seal_date_mention_update AFTER UPDATE ON date_mention BEGIN
    INSERT OR IGNORE INTO unsealed (noun, key) VALUES ('change', NEW.change_id);
END;

CREATE TRIGGER seal_date_mention_delete AFTER DELETE ON date_mention BEGIN
    INSERT OR IGNORE INTO unsealed (noun, key) VALUES ('change', OLD.change_id);
END;

CREATE TRIGGER seal_impact_insert AFTER INSERT ON impact BEGIN
    INSERT OR IGNORE INTO unsealed (noun, key) VALUES ('impact', NEW.change_id);
END;

CREATE TRIGGER seal_impact_update AFTER UPDATE ON impact BEGIN
    INSERT OR IGNORE INTO unsealed (noun, key) VALUES ('impact', NEW.change_id);
END;

CREATE TRIGGER seal_impact_delete AFTER DELETE ON impact BEGIN
    INSERT OR IGNORE INTO unsealed (noun, key) VALUES ('impact', OLD.change_id);
END;

CREATE TRIGGER seal_digest_change_insert AFTER INSERT ON digest_change BEGIN
    INSERT OR IGNORE INTO unsealed (noun, key) VALUES ('digest', NEW.digest_id);
END;

CREATE TRIGGER seal_digest_change_update AFTER UPDATE ON digest_change BEGIN
    INSERT OR IGNORE INTO unsealed (noun, key) VALUES ('digest', NEW.digest_id);
END;

CREATE TRIGGER seal_digest_change_delete AFTER DELETE ON digest_change BEGIN
    INSERT OR IGNORE INTO unsealed (noun, key) VALUES ('digest', OLD.digest_id);
END;
