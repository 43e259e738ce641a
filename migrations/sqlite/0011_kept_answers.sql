-- Answers to writes that came with an Idempotency-Key (API.md §7, docs/decisions/0011), for a day.
-- The row is written in the transaction of the change, so whoever has it has the change.
CREATE TABLE kept_answer (
    id      BLOB NOT NULL PRIMARY KEY,     -- keyed hash of who asked, for what, and their key
    request BLOB NOT NULL,                 -- keyed hash of what was asked
    at      TEXT NOT NULL,
    answer  BLOB                           -- encrypted; null until it was made
) STRICT;

CREATE INDEX kept_answer_by_age ON kept_answer (at);
