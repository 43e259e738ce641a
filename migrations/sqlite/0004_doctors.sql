-- Doctors, what they are, and when they can be seen (API.md §3, §6).

CREATE TABLE designation (
    id   INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT    NOT NULL,
    slug TEXT    NOT NULL UNIQUE
) STRICT;

CREATE TABLE specialisation (
    id   INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT    NOT NULL,
    slug TEXT    NOT NULL UNIQUE
) STRICT;

-- A window: clinic-local minutes of the day. Without starts_at it has no clock: a label that can be
-- booked once per doctor and date.
CREATE TABLE available_time (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    name         TEXT    NOT NULL,
    starts_at    INTEGER,                        -- minutes after midnight, 0 to 1439
    ends_at      INTEGER,                        -- 1 to 1440, after starts_at
    weekdays     INTEGER NOT NULL CHECK (weekdays BETWEEN 1 AND 127),  -- bit 0 is Monday
    slot_minutes INTEGER CHECK (slot_minutes > 0),  -- null: the window is one slot
    valid_from   TEXT,
    valid_to     TEXT,                          -- the last day
    retired_at   TEXT,
    created_at   TEXT    NOT NULL,
    updated_at   TEXT    NOT NULL,
    CHECK ((starts_at IS NULL) = (ends_at IS NULL)),
    CHECK (starts_at >= 0 AND ends_at <= 1440 AND starts_at < ends_at)
) STRICT;

CREATE TABLE doctor (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    uid         BLOB    NOT NULL UNIQUE,
    account_id  INTEGER NOT NULL REFERENCES account (id),
    full_name   TEXT    NOT NULL,           -- the account's display name, kept in step with it
    name_key    TEXT    NOT NULL,  -- folded words, each between spaces
    photo       TEXT,                           -- media key, public
    fee_cents   INTEGER NOT NULL CHECK (fee_cents >= 0),
    meet_link   TEXT,
    verified_at TEXT,                    -- until then its owner and staff see it
    version     INTEGER NOT NULL,
    retired_at  TEXT,
    created_at  TEXT    NOT NULL,
    updated_at  TEXT    NOT NULL
) STRICT;

CREATE UNIQUE INDEX doctor_account_id_key ON doctor (account_id) WHERE retired_at IS NULL;
CREATE INDEX doctor_photo ON doctor (photo) WHERE photo IS NOT NULL;

CREATE TABLE doctor_designation (
    doctor_id      INTEGER NOT NULL REFERENCES doctor (id),
    designation_id INTEGER NOT NULL REFERENCES designation (id),
    PRIMARY KEY (doctor_id, designation_id)
) STRICT;
CREATE INDEX doctor_designation_by_designation ON doctor_designation (designation_id, doctor_id);

CREATE TABLE doctor_specialisation (
    doctor_id         INTEGER NOT NULL REFERENCES doctor (id),
    specialisation_id INTEGER NOT NULL REFERENCES specialisation (id),
    PRIMARY KEY (doctor_id, specialisation_id)
) STRICT;
CREATE INDEX doctor_specialisation_by_specialisation
    ON doctor_specialisation (specialisation_id, doctor_id);

CREATE TABLE doctor_available_time (
    doctor_id         INTEGER NOT NULL REFERENCES doctor (id),
    available_time_id INTEGER NOT NULL REFERENCES available_time (id),
    PRIMARY KEY (doctor_id, available_time_id)
) STRICT;
CREATE INDEX doctor_available_time_by_available_time
    ON doctor_available_time (available_time_id, doctor_id);
