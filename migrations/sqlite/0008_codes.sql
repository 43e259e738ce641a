-- One-time codes, rotating sessions, and what guessing costs (API.md §2).

ALTER TABLE account ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
-- Registered on v1 and not activated yet: goes after a week.
ALTER TABLE account ADD COLUMN awaits_activation INTEGER NOT NULL DEFAULT 0 CHECK (awaits_activation IN (0, 1));
-- Signing in takes a code as well, whatever the clinic's setting says.
ALTER TABLE account ADD COLUMN login_codes INTEGER NOT NULL DEFAULT 0 CHECK (login_codes IN (0, 1));
CREATE INDEX account_awaiting ON account (updated_at) WHERE awaits_activation;

ALTER TABLE session ADD COLUMN address TEXT;               -- where it was opened
-- The newest pair of a rotating session: enough to sign it again, never the tokens.
ALTER TABLE session ADD COLUMN access_jti BLOB;
ALTER TABLE session ADD COLUMN rotated_at TEXT;            -- when the pair was made; its iat
ALTER TABLE session ADD COLUMN access_exp INTEGER;         -- Unix seconds
ALTER TABLE session ADD COLUMN refresh_exp INTEGER;
ALTER TABLE session ADD COLUMN previous_jti BLOB;          -- the refresh token that was traded for it
ALTER TABLE session ADD COLUMN pair_used INTEGER NOT NULL DEFAULT 0 CHECK (pair_used IN (0, 1));

-- The one code of an account for a purpose that is good now.
CREATE TABLE code (
    account_id INTEGER NOT NULL REFERENCES account (id),
    purpose    TEXT    NOT NULL CHECK (purpose IN ('activation', 'login', 'reset', 'email')),
    hash       BLOB    NOT NULL,                -- keyed; bound to account, purpose and address
    expires_at TEXT    NOT NULL,
    tries_left INTEGER NOT NULL,
    PRIMARY KEY (account_id, purpose)
) STRICT, WITHOUT ROWID;

-- When codes were asked for. By the keyed hash of the address, so that an unknown one is counted
-- the same way.
CREATE TABLE code_request (
    id   INTEGER PRIMARY KEY AUTOINCREMENT,
    who  BLOB NOT NULL,
    at   TEXT NOT NULL
) STRICT;
CREATE INDEX code_request_of ON code_request (who, at);
CREATE INDEX code_request_at ON code_request (at);

-- A new address that waits for the code that was sent to it.
CREATE TABLE email_change (
    account_id INTEGER PRIMARY KEY REFERENCES account (id),
    email      TEXT    NOT NULL,
    asked_at   TEXT    NOT NULL
) STRICT;

-- Wrong guesses, by the keyed hash of what was guessed at or from where (docs/decisions/0008).
CREATE TABLE guess (
    target        BLOB    PRIMARY KEY,
    failures      INTEGER NOT NULL,
    last_at       TEXT    NOT NULL,
    blocked_until TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX guess_last_at ON guess (last_at);

-- From where an account was signed in before: strangers' guesses do not keep its owner out there.
CREATE TABLE familiar_address (
    account_id INTEGER NOT NULL REFERENCES account (id),
    address    TEXT    NOT NULL,
    last_at    TEXT    NOT NULL,
    PRIMARY KEY (account_id, address)
) STRICT, WITHOUT ROWID;
