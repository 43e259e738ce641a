-- When nobody can be booked although a window says so (API.md §6): a doctor's absence or, without a
-- doctor, a closure of the clinic.
CREATE TABLE absence (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    doctor_id  INTEGER REFERENCES doctor (id),  -- null: the whole clinic is closed
    first_date TEXT    NOT NULL,              -- the clinic's dates that it touches
    last_date  TEXT    NOT NULL,
    starts     INTEGER,                       -- minutes after the first date's midnight; null: whole days
    ends       INTEGER,                       -- minutes after the last date's midnight
    starts_at  TEXT    NOT NULL,              -- the same as instants
    ends_at    TEXT    NOT NULL,
    kind       TEXT    NOT NULL CHECK (kind IN ('holiday', 'illness', 'training', 'other')),
    note       TEXT,
    version    INTEGER NOT NULL,
    created_at TEXT    NOT NULL,
    updated_at TEXT    NOT NULL,
    CHECK (first_date <= last_date),
    CHECK ((starts IS NULL) = (ends IS NULL)),
    CHECK (starts BETWEEN 0 AND 1439 AND ends BETWEEN 1 AND 1440)
) STRICT;

CREATE INDEX absence_of_doctor ON absence (doctor_id, last_date);
CREATE INDEX absence_by_day ON absence (last_date, first_date);
