-- Who did or read what (API.md §7). A change and its row commit together; reads come through a
-- queue. Nothing in the server updates or deletes a row.
CREATE TABLE audit (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    at           TEXT    NOT NULL,
    kind         TEXT    NOT NULL CHECK (kind IN ('change', 'read', 'access')),
    action       TEXT    NOT NULL,              -- the operation, e.g. register_patient
    outcome      TEXT    NOT NULL CHECK (outcome IN ('done', 'refused')),
    account_id   INTEGER,                       -- who; null for nobody (a failed sign-in, the command line)
    role         TEXT,
    session_id   BLOB,
    address      TEXT,                          -- client address
    object_type  TEXT,
    object_id    INTEGER,
    patient_id   INTEGER,                       -- whose record, where it is one person's
    detail       TEXT    NOT NULL               -- JSON; field names and settings, never medical or contact data
) STRICT;

CREATE INDEX audit_of_patient ON audit (patient_id, id) WHERE patient_id IS NOT NULL;
CREATE INDEX audit_of_account ON audit (account_id, id) WHERE account_id IS NOT NULL;
