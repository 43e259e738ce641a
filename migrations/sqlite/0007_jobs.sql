-- Work that is done after the change that asked for it has committed (docs/decisions/0006).

CREATE TABLE job (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    kind        TEXT    NOT NULL,               -- e.g. send_code
    payload     TEXT    NOT NULL,               -- JSON: ids and settings, never personal data or codes
    once_key    TEXT    UNIQUE,                 -- asked for at most once under this key
    status      TEXT    NOT NULL CHECK (status IN ('waiting', 'running', 'done', 'dead')),
    run_at      TEXT    NOT NULL,               -- when to try; while it runs: until when it is claimed
    tries       INTEGER NOT NULL,               -- how often it was begun
    claimed_by  BLOB,                           -- one try of one server
    last_error  TEXT,                           -- why the last try failed; no personal data
    created_at  TEXT    NOT NULL,
    finished_at TEXT
) STRICT;

CREATE INDEX job_due ON job (run_at, id) WHERE status IN ('waiting', 'running');
CREATE INDEX job_ended ON job (status, finished_at) WHERE status IN ('done', 'dead');
