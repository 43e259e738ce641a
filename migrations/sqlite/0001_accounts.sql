-- Accounts, their profiles and their sessions (API.md §2, §3).

CREATE TABLE account (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    uid           BLOB    NOT NULL UNIQUE,
    username      TEXT    NOT NULL,
    username_key  TEXT    NOT NULL UNIQUE,      -- lower case: unique whatever the case
    email         TEXT    NOT NULL,
    email_key     TEXT    NOT NULL UNIQUE,      -- lower case
    first_name    TEXT    NOT NULL,
    last_name     TEXT    NOT NULL,
    search        TEXT    NOT NULL,             -- lower-case words of username, e-mail and names
    password_hash TEXT,                         -- PHC string; null until its owner sets one
    role          TEXT    NOT NULL CHECK (role IN ('admin', 'receptionist', 'doctor', 'patient')),
    is_active     INTEGER NOT NULL CHECK (is_active IN (0, 1)),
    is_verified   INTEGER NOT NULL CHECK (is_verified IN (0, 1)),   -- the e-mail was proved
    created_at    TEXT    NOT NULL,
    updated_at    TEXT    NOT NULL
) STRICT;

CREATE TABLE profile (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id    INTEGER NOT NULL UNIQUE REFERENCES account (id),
    bio           TEXT,
    address       TEXT,
    date_of_birth TEXT,
    picture       TEXT,                         -- media key
    created_at    TEXT    NOT NULL,
    updated_at    TEXT    NOT NULL
) STRICT;

CREATE INDEX profile_picture ON profile (picture) WHERE picture IS NOT NULL;

-- One row stands behind each pair of tokens. Ending it ends both at the next request.
CREATE TABLE session (
    id           BLOB    NOT NULL PRIMARY KEY,
    account_id   INTEGER NOT NULL REFERENCES account (id),
    family       TEXT    NOT NULL CHECK (family IN ('classic', 'v1')),
    refresh_jti  BLOB    NOT NULL,
    created_at   TEXT    NOT NULL,
    expires_at   TEXT    NOT NULL,              -- absolute: no refresh goes beyond it
    ended_at     TEXT,
    ended_reason TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX session_live_of_account ON session (account_id) WHERE ended_at IS NULL;
