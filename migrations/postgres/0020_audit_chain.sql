-- The audit as evidence (docs/decisions/0020): each committed row gets a seal, whose hash covers every
-- column of the row and the seal before it. Rows are never touched; seals stand beside them.

CREATE TABLE audit_seal (
    seq      bigint PRIMARY KEY,                -- without gaps, in commit order
    audit_id bigint NOT NULL UNIQUE,            -- the row; no reference, so that a missing one has a name
    hash     bytea  NOT NULL                    -- SHA-256
);

-- Where the chain begins and ends: one row.
CREATE TABLE audit_chain (
    id            bigint PRIMARY KEY CHECK (id = 1),
    seal          bigint NOT NULL,              -- the newest seal; 0: none yet
    hash          bytea  NOT NULL,              -- its hash
    settled       bigint NOT NULL,              -- no row up to this id is sealed any more: it came in later
    pending       bigint,                       -- settled next …
    pending_xid   bigint,                       -- … once every transaction before this one has ended
    purged        bigint NOT NULL,              -- the last seal that retention took; 0: none
    purged_hash   bytea  NOT NULL,              -- its hash: where the chain begins
    claimed_by    uuid,                         -- the server that seals …
    claimed_until timestamptz,                  -- … until then
    CHECK (purged <= seal)
);

INSERT INTO audit_chain (id, seal, hash, settled, purged, purged_hash)
VALUES (1, 0, decode(repeat('00', 32), 'hex'), 0, 0, decode(repeat('00', 32), 'hex'));

-- Rows and seals are only ever inserted; retention moves `purged` first, and may then take what lies
-- before it.
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0];
END $$;
CREATE FUNCTION audit_refuse_early_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM audit_seal s JOIN audit_chain c ON s.seq <= c.purged
                   WHERE s.audit_id = OLD.id) THEN
        RAISE EXCEPTION 'rows of the audit are removed by retention only';
    END IF;
    RETURN OLD;
END $$;
CREATE FUNCTION audit_seal_refuse_early_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.seq > (SELECT purged FROM audit_chain) THEN
        RAISE EXCEPTION 'seals of the audit are removed by retention only';
    END IF;
    RETURN OLD;
END $$;

CREATE TRIGGER audit_stays BEFORE UPDATE ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_refuse('rows of the audit are never changed');
CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_early_delete();
CREATE TRIGGER audit_is_not_emptied BEFORE TRUNCATE ON audit
    EXECUTE FUNCTION audit_refuse('rows of the audit are removed by retention only');
CREATE TRIGGER audit_seal_stays BEFORE UPDATE ON audit_seal
    FOR EACH ROW EXECUTE FUNCTION audit_refuse('seals of the audit are never changed');
CREATE TRIGGER audit_seal_is_kept BEFORE DELETE ON audit_seal
    FOR EACH ROW EXECUTE FUNCTION audit_seal_refuse_early_delete();
CREATE TRIGGER audit_seal_is_not_emptied BEFORE TRUNCATE ON audit_seal
    EXECUTE FUNCTION audit_refuse('seals of the audit are removed by retention only');
CREATE TRIGGER audit_chain_goes_on BEFORE UPDATE ON audit_chain
    FOR EACH ROW
    WHEN (NEW.seal < OLD.seal OR NEW.settled < OLD.settled OR NEW.purged < OLD.purged)
    EXECUTE FUNCTION audit_refuse('the chain of the audit never goes back');
CREATE TRIGGER audit_chain_is_kept BEFORE DELETE ON audit_chain
    FOR EACH ROW EXECUTE FUNCTION audit_refuse('the chain of the audit is never removed');
CREATE TRIGGER audit_chain_is_not_emptied BEFORE TRUNCATE ON audit_chain
    EXECUTE FUNCTION audit_refuse('the chain of the audit is never removed');

-- Lists are by time, newest first.
DROP INDEX audit_of_patient;
DROP INDEX audit_of_account;
CREATE INDEX audit_by_time ON audit (at, id);
CREATE INDEX audit_of_action ON audit (action, at, id);
CREATE INDEX audit_of_patient ON audit (patient_id, at, id) WHERE patient_id IS NOT NULL;
CREATE INDEX audit_of_account ON audit (account_id, at, id) WHERE account_id IS NOT NULL;
CREATE INDEX audit_of_object ON audit (object_type, object_id, at, id) WHERE object_type IS NOT NULL;
