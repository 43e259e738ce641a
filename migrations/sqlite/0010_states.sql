-- Where an appointment stands and how it got there (API.md §5): when each state was entered, why it
-- was called off or missed, and one row for every step.

ALTER TABLE appointment ADD COLUMN confirmed_at TEXT;
ALTER TABLE appointment ADD COLUMN checked_in_at TEXT;
ALTER TABLE appointment ADD COLUMN started_at TEXT;
ALTER TABLE appointment ADD COLUMN completed_at TEXT;
ALTER TABLE appointment ADD COLUMN cancelled_at TEXT;
ALTER TABLE appointment ADD COLUMN no_show_at TEXT;
ALTER TABLE appointment ADD COLUMN left_at TEXT;
-- Why it was called off or missed; the words about it stand in cancel_reason.
ALTER TABLE appointment ADD COLUMN reason_kind TEXT;

-- Each version of each appointment: what was done, by whom, and how it stood afterwards. Read from
-- the oldest on, it gives the appointment as it is.
CREATE TABLE appointment_history (
    id                INTEGER PRIMARY KEY AUTOINCREMENT,
    appointment_id    INTEGER NOT NULL REFERENCES appointment (id),
    version           INTEGER NOT NULL,     -- the one that this step made
    action            TEXT    NOT NULL,     -- e.g. check_in
    from_status       TEXT,              -- null: the booking itself
    to_status         TEXT    NOT NULL,
    at                TEXT    NOT NULL,
    account_id        INTEGER,              -- who; null: the clinic by itself
    role              TEXT,
    cancelled_by      TEXT,
    cancelled_late    INTEGER NOT NULL CHECK (cancelled_late IN (0, 1)),
    reason_kind       TEXT,
    reason            TEXT,
    undoes            INTEGER,              -- the version whose step this one takes back
    doctor_id         INTEGER NOT NULL REFERENCES doctor (id),
    available_time_id INTEGER REFERENCES available_time (id),
    date              TEXT    NOT NULL,
    starts_at         TEXT,
    ends_at           TEXT,
    overbooked        INTEGER NOT NULL CHECK (overbooked IN (0, 1))
) STRICT;

CREATE UNIQUE INDEX appointment_history_appointment_id_version_key
    ON appointment_history (appointment_id, version);

-- What the nightly run closes: appointments that are over and to which nobody came.
CREATE INDEX appointment_awaited ON appointment (date, id)
    WHERE hidden_at IS NULL AND status IN ('pending', 'confirmed');
-- How often a patient did not come, shown at the next booking.
CREATE INDEX appointment_missed ON appointment (patient_id) WHERE status = 'no_show';
