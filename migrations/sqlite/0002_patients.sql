-- Patients, with or without an account, and what finding them takes (DESIGN "The two engines").

-- The record number people say (P-000042) is made of the id, so ids are never used again.
CREATE TABLE patient (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    uid          BLOB    NOT NULL,
    account_id   INTEGER REFERENCES account (id),
    full_name    TEXT    NOT NULL,
    name_key     TEXT    NOT NULL,              -- folded words, each between spaces: ' ana garcia '
    birth_date   TEXT,
    gender       TEXT    CHECK (gender IN ('male', 'female', 'other')),
    phone        TEXT,                          -- as typed
    phone_digits TEXT    NOT NULL,              -- '' without a phone
    phone_ending TEXT    NOT NULL,              -- the digits backwards, to find by the last ones
    email        TEXT,                          -- of a person without an account; else the account's
    email_key    TEXT,                          -- lower case
    address      TEXT,
    blood_group  TEXT,
    height       INTEGER,                       -- hundredths of a centimetre
    weight       INTEGER,                       -- hundredths of a kilogram
    note         TEXT,
    photo        TEXT,                          -- media key
    version      INTEGER NOT NULL,
    retired_at   TEXT,
    created_at   TEXT    NOT NULL,
    updated_at   TEXT    NOT NULL
) STRICT;

CREATE UNIQUE INDEX patient_uid_key ON patient (uid);
CREATE UNIQUE INDEX patient_account_id_key ON patient (account_id)
    WHERE account_id IS NOT NULL AND retired_at IS NULL;
-- Accounts have their phone alone; families without accounts share one.
CREATE UNIQUE INDEX patient_phone_digits_key ON patient (phone_digits)
    WHERE account_id IS NOT NULL AND retired_at IS NULL AND phone_digits <> '';
CREATE INDEX patient_by_name ON patient (name_key, id) WHERE retired_at IS NULL;
CREATE INDEX patient_by_birth_date ON patient (birth_date, id) WHERE retired_at IS NULL;
-- With the name, so that a search by phone and name need not touch the patients.
CREATE INDEX patient_by_phone ON patient (phone_digits, id, name_key) WHERE retired_at IS NULL;
CREATE INDEX patient_by_phone_ending ON patient (phone_ending, id, name_key) WHERE retired_at IS NULL;
CREATE INDEX patient_by_email ON patient (email_key, id) WHERE retired_at IS NULL AND email_key IS NOT NULL;

-- Totals that lists show, kept in the transaction that changes them: never a scan per page.
CREATE TABLE counter (
    name  TEXT    NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO counter (name, value) VALUES ('patients', 0);

-- The words of each patient who is not retired. The name stands in the key: a query of several
-- words reads the range of its rarest and tests the others without touching the patients.
CREATE TABLE patient_word (
    word       TEXT    NOT NULL,
    name_key   TEXT    NOT NULL,
    patient_id INTEGER NOT NULL REFERENCES patient (id),
    PRIMARY KEY (word, name_key, patient_id)
) STRICT, WITHOUT ROWID;

-- The distinct words, and how many patients have each.
CREATE INDEX patient_photo ON patient (photo) WHERE photo IS NOT NULL;

CREATE TABLE word (
    word     TEXT    NOT NULL PRIMARY KEY,
    patients INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Each distinct word as it is and with one letter left out. Two words one slip apart (a letter
-- wrong, missing, extra or swapped) meet here.
CREATE TABLE word_slip (
    slip TEXT NOT NULL,
    word TEXT NOT NULL,
    PRIMARY KEY (slip, word)
) STRICT, WITHOUT ROWID;
