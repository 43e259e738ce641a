-- The audit as evidence (docs/decisions/0020): each committed row gets a seal, whose hash covers every
-- column of the row and the seal before it. Rows are never touched; seals stand beside them.

CREATE TABLE audit_seal (
    seq      INTEGER PRIMARY KEY,               -- without gaps, in commit order
    audit_id INTEGER NOT NULL UNIQUE,           -- the row; no reference, so that a missing one has a name
    hash     BLOB    NOT NULL                   -- SHA-256
) STRICT;

-- Where the chain begins and ends: one row.
CREATE TABLE audit_chain (
    id            INTEGER PRIMARY KEY CHECK (id = 1),
    seal          INTEGER NOT NULL,             -- the newest seal; 0: none yet
    hash          BLOB    NOT NULL,             -- its hash
    settled       INTEGER NOT NULL,             -- no row up to this id is sealed any more: it came in later
    pending       INTEGER,                      -- PostgreSQL: settled next …
    pending_xid   INTEGER,                      -- … once every transaction before this one has ended
    purged        INTEGER NOT NULL,             -- the last seal that retention took; 0: none
    purged_hash   BLOB    NOT NULL,             -- its hash: where the chain begins
    claimed_by    BLOB,                         -- the server that seals …
    claimed_until TEXT,                         -- … until then
    CHECK (purged <= seal)
) STRICT;

INSERT INTO audit_chain (id, seal, hash, settled, purged, purged_hash)
VALUES (1, 0, zeroblob(32), 0, 0, zeroblob(32));

-- Rows and seals are only ever inserted; retention moves `purged` first, and may then take what lies
-- before it.
CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN
    SELECT RAISE(ABORT, 'rows of the audit are never changed');
END;
CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit
WHEN NOT EXISTS (SELECT 1 FROM audit_seal s JOIN audit_chain c ON s.seq <= c.purged
                 WHERE s.audit_id = OLD.id)
BEGIN
    SELECT RAISE(ABORT, 'rows of the audit are removed by retention only');
END;
CREATE TRIGGER audit_seal_stays BEFORE UPDATE ON audit_seal BEGIN
    SELECT RAISE(ABORT, 'seals of the audit are never changed');
END;
CREATE TRIGGER audit_seal_is_kept BEFORE DELETE ON audit_seal
WHEN OLD.seq > (SELECT purged FROM audit_chain)
BEGIN
    SELECT RAISE(ABORT, 'seals of the audit are removed by retention only');
END;
CREATE TRIGGER audit_chain_goes_on BEFORE UPDATE ON audit_chain
WHEN NEW.seal < OLD.seal OR NEW.settled < OLD.settled OR NEW.purged < OLD.purged
BEGIN
    SELECT RAISE(ABORT, 'the chain of the audit never goes back');
END;
CREATE TRIGGER audit_chain_is_kept BEFORE DELETE ON audit_chain BEGIN
    SELECT RAISE(ABORT, 'the chain of the audit is never removed');
END;

-- Lists are by time, newest first.
DROP INDEX audit_of_patient;
DROP INDEX audit_of_account;
CREATE INDEX audit_by_time ON audit (at, id);
CREATE INDEX audit_of_action ON audit (action, at, id);
CREATE INDEX audit_of_patient ON audit (patient_id, at, id) WHERE patient_id IS NOT NULL;
CREATE INDEX audit_of_account ON audit (account_id, at, id) WHERE account_id IS NOT NULL;
CREATE INDEX audit_of_object ON audit (object_type, object_id, at, id) WHERE object_type IS NOT NULL;
