-- Who waits for an earlier time, and the time that is kept for one of them while they are asked
-- (API.md §7 waitlist/).
CREATE TABLE waiting (
    id                INTEGER PRIMARY KEY AUTOINCREMENT,
    patient_id        INTEGER NOT NULL REFERENCES patient (id),
    doctor_id         INTEGER REFERENCES doctor (id),          -- null: any
    specialisation_id INTEGER REFERENCES specialisation (id),  -- null: any
    date_from         TEXT    NOT NULL,                            -- the clinic's
    date_to           TEXT    NOT NULL,
    part_of_day       TEXT    CHECK (part_of_day IN ('morning', 'afternoon', 'evening')),
    urgency           TEXT    NOT NULL CHECK (urgency IN ('routine', 'soon', 'urgent')),
    note              TEXT   ,
    status            TEXT    NOT NULL CHECK (status IN ('waiting', 'booked', 'withdrawn')),
    appointment_id    INTEGER REFERENCES appointment (id),     -- what came of it
    skipped           INTEGER NOT NULL,                            -- how often an offer was not taken
    version           INTEGER NOT NULL,
    created_at        TEXT    NOT NULL,
    updated_at        TEXT    NOT NULL,
    CHECK (date_from <= date_to)
) STRICT;

CREATE INDEX waiting_open ON waiting (date_to, id) WHERE status = 'waiting';
CREATE INDEX waiting_of_patient ON waiting (patient_id, id);

-- At most one for each of them. After expires_at it is as if it were not there.
CREATE TABLE slot_hold (
    waiting_id        INTEGER PRIMARY KEY REFERENCES waiting (id),
    doctor_id         INTEGER NOT NULL REFERENCES doctor (id),
    available_time_id INTEGER NOT NULL REFERENCES available_time (id),
    date              TEXT    NOT NULL,
    starts_at         TEXT   ,                                     -- null: the window has no clock
    ends_at           TEXT   ,
    expires_at        TEXT    NOT NULL
) STRICT;

CREATE INDEX slot_hold_of_doctor ON slot_hold (doctor_id, date);

-- Whom an offer of a time was made that they did not take: they are not asked for it again.
CREATE TABLE waiting_skip (
    waiting_id INTEGER NOT NULL REFERENCES waiting (id),
    doctor_id  INTEGER NOT NULL REFERENCES doctor (id),
    date       TEXT    NOT NULL,
    at         TEXT    NOT NULL,                                   -- the slot's beginning, or the day's
    PRIMARY KEY (waiting_id, doctor_id, at)
) STRICT;
