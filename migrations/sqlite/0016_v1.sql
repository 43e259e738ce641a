-- The rest of v1 (API.md §4): what its objects carry beside classic's, who wants to be a doctor,
-- what doctors have learnt, and what is wrong with the program.

-- Rows from before this migration get the time at which it ran.
ALTER TABLE designation ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE designation ADD COLUMN created_at TEXT NOT NULL DEFAULT '1970-01-01T00:00:00+00:00';
ALTER TABLE designation ADD COLUMN updated_at TEXT NOT NULL DEFAULT '1970-01-01T00:00:00+00:00';
UPDATE designation SET created_at = strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now'),
    updated_at = strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now');
ALTER TABLE specialisation ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE specialisation ADD COLUMN created_at TEXT NOT NULL DEFAULT '1970-01-01T00:00:00+00:00';
ALTER TABLE specialisation ADD COLUMN updated_at TEXT NOT NULL DEFAULT '1970-01-01T00:00:00+00:00';
UPDATE specialisation SET created_at = strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now'),
    updated_at = strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now');

ALTER TABLE available_time ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE review ADD COLUMN version INTEGER NOT NULL DEFAULT 1;

ALTER TABLE doctor ADD COLUMN year_of_experience INTEGER CHECK (year_of_experience BETWEEN 0 AND 80);
ALTER TABLE doctor ADD COLUMN personal_status TEXT;        -- a line that everybody reads

CREATE TABLE doctor_application (
    id                              INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id                      INTEGER NOT NULL REFERENCES account (id),
    registration_number             TEXT    NOT NULL,
    institution                     TEXT    NOT NULL,
    degree                          TEXT    NOT NULL,
    certificate_registration_number TEXT    NOT NULL,
    year                            INTEGER NOT NULL,
    certificate                     TEXT    NOT NULL,       -- media key, private
    status      TEXT    NOT NULL CHECK (status IN ('pending', 'accepted', 'rejected')),
    reason      TEXT,                                       -- why it was rejected
    decided_by  INTEGER REFERENCES account (id),
    decided_at  TEXT,
    version     INTEGER NOT NULL,
    created_at  TEXT    NOT NULL,
    updated_at  TEXT    NOT NULL,
    CHECK ((status = 'pending') = (decided_at IS NULL))
) STRICT;
-- One at a time.
CREATE UNIQUE INDEX doctor_application_account_id_key ON doctor_application (account_id)
    WHERE status = 'pending';
CREATE INDEX doctor_application_by_status ON doctor_application (status, id);
CREATE INDEX doctor_application_certificate ON doctor_application (certificate);

CREATE TABLE qualification (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    doctor_id       INTEGER NOT NULL REFERENCES doctor (id),
    title           TEXT    NOT NULL,
    institution     TEXT    NOT NULL,
    degree          TEXT    NOT NULL,
    year            INTEGER,
    grade           TEXT,
    registration_id TEXT,
    certificate     TEXT,                                   -- media key, private
    status      TEXT    NOT NULL CHECK (status IN ('pending', 'accepted', 'rejected')),
    reason      TEXT,                                       -- why it was rejected
    decided_by  INTEGER REFERENCES account (id),
    decided_at  TEXT,
    version     INTEGER NOT NULL,
    created_at  TEXT    NOT NULL,
    updated_at  TEXT    NOT NULL,
    CHECK ((status = 'pending') = (decided_at IS NULL))
) STRICT;
CREATE INDEX qualification_of_doctor ON qualification (doctor_id, id);
CREATE INDEX qualification_by_status ON qualification (status, id);
CREATE INDEX qualification_certificate ON qualification (certificate) WHERE certificate IS NOT NULL;

CREATE TABLE bug_report (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id  INTEGER REFERENCES account (id),            -- who wrote, if they were signed in
    bug_type    TEXT    NOT NULL,
    issue       TEXT    NOT NULL,
    email       TEXT,
    image       TEXT,                                       -- media key, private
    status      TEXT    NOT NULL CHECK (status IN ('pending', 'accepted', 'rejected')),
    reason      TEXT,                                       -- why it was rejected
    decided_by  INTEGER REFERENCES account (id),
    decided_at  TEXT,
    version     INTEGER NOT NULL,
    created_at  TEXT    NOT NULL,
    updated_at  TEXT    NOT NULL,
    CHECK ((status = 'pending') = (decided_at IS NULL))
) STRICT;
CREATE INDEX bug_report_by_status ON bug_report (status, id);
CREATE INDEX bug_report_image ON bug_report (image) WHERE image IS NOT NULL;
