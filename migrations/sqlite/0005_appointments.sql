-- Appointments, and the rule that nobody is booked twice at once (API.md §5, §6).

CREATE TABLE appointment (
    id                INTEGER PRIMARY KEY AUTOINCREMENT,
    patient_id        INTEGER NOT NULL REFERENCES patient (id),
    doctor_id         INTEGER NOT NULL REFERENCES doctor (id),
    available_time_id INTEGER REFERENCES available_time (id),  -- null: outside any window
    date              TEXT    NOT NULL,     -- the clinic's
    starts_at         TEXT,              -- null: the window has no clock
    ends_at           TEXT,
    at                TEXT    NOT NULL,     -- starts_at, or the day's first moment: the order of lists
    kind              TEXT    NOT NULL CHECK (kind IN ('online', 'offline')),
    status            TEXT    NOT NULL CHECK (status IN ('pending', 'confirmed', 'checked_in',
                                      'running', 'completed', 'cancelled', 'no_show', 'left')),
    overbooked        INTEGER NOT NULL CHECK (overbooked IN (0, 1)),     -- beside another one on purpose
    title             TEXT,
    symptoms          TEXT    NOT NULL,
    meeting_link      TEXT,
    is_paid           INTEGER NOT NULL CHECK (is_paid IN (0, 1)),
    cancelled_by      TEXT    CHECK (cancelled_by IN ('patient', 'clinic')),
    cancel_reason     TEXT,
    cancelled_late    INTEGER NOT NULL CHECK (cancelled_late IN (0, 1)),     -- less than a day before
    hidden_at         TEXT,              -- deleted for its people; kept for the audit
    version           INTEGER NOT NULL,
    created_at        TEXT    NOT NULL,
    updated_at        TEXT    NOT NULL,
    CHECK ((starts_at IS NULL) = (ends_at IS NULL)),
    CHECK (starts_at < ends_at),
    -- Whole minutes of UTC in one spelling: the triggers below compare texts.
    CHECK (starts_at GLOB '[0-9][0-9][0-9][0-9]-??-??T??:??:00+00:00'),
    CHECK (ends_at GLOB '[0-9][0-9][0-9][0-9]-??-??T??:??:00+00:00'),
    CHECK (starts_at IS NOT NULL OR available_time_id IS NOT NULL)
) STRICT;

-- The rule. Rows under it never overlap each other, so of those that begin before the new one ends
-- the last is the only one that can reach into it: one step in an index, however long the day.
CREATE INDEX appointment_doctor_held ON appointment (doctor_id, starts_at, ends_at)
    WHERE starts_at IS NOT NULL AND NOT overbooked
      AND status IN ('pending', 'confirmed', 'checked_in', 'running', 'completed');
CREATE INDEX appointment_patient_held ON appointment (patient_id, starts_at, ends_at)
    WHERE starts_at IS NOT NULL
      AND status IN ('pending', 'confirmed', 'checked_in', 'running', 'completed');

CREATE TRIGGER appointment_put BEFORE INSERT ON appointment
WHEN NEW.starts_at IS NOT NULL
    AND NEW.status IN ('pending', 'confirmed', 'checked_in', 'running', 'completed')
BEGIN
    -- No two of one doctor at once, unless one is marked; the states are those that hold time.
    SELECT raise(ABORT, 'appointment_doctor_busy')
    WHERE NOT NEW.overbooked
      AND (SELECT a.ends_at FROM appointment a
           WHERE a.doctor_id = NEW.doctor_id AND a.starts_at < NEW.ends_at AND a.id IS NOT NEW.id
             AND a.starts_at IS NOT NULL AND NOT a.overbooked
             AND a.status IN ('pending', 'confirmed', 'checked_in', 'running', 'completed')
           ORDER BY a.starts_at DESC LIMIT 1) > NEW.starts_at;
    -- No two of one patient at once, ever.
    SELECT raise(ABORT, 'appointment_patient_busy')
    WHERE (SELECT a.ends_at FROM appointment a
           WHERE a.patient_id = NEW.patient_id AND a.starts_at < NEW.ends_at AND a.id IS NOT NEW.id
             AND a.starts_at IS NOT NULL
             AND a.status IN ('pending', 'confirmed', 'checked_in', 'running', 'completed')
           ORDER BY a.starts_at DESC LIMIT 1) > NEW.starts_at;
END;

CREATE TRIGGER appointment_moved
BEFORE UPDATE OF doctor_id, patient_id, starts_at, ends_at, status, overbooked ON appointment
WHEN NEW.starts_at IS NOT NULL
    AND NEW.status IN ('pending', 'confirmed', 'checked_in', 'running', 'completed')
BEGIN
    -- No two of one doctor at once, unless one is marked; the states are those that hold time.
    SELECT raise(ABORT, 'appointment_doctor_busy')
    WHERE NOT NEW.overbooked
      AND (SELECT a.ends_at FROM appointment a
           WHERE a.doctor_id = NEW.doctor_id AND a.starts_at < NEW.ends_at AND a.id IS NOT NEW.id
             AND a.starts_at IS NOT NULL AND NOT a.overbooked
             AND a.status IN ('pending', 'confirmed', 'checked_in', 'running', 'completed')
           ORDER BY a.starts_at DESC LIMIT 1) > NEW.starts_at;
    -- No two of one patient at once, ever.
    SELECT raise(ABORT, 'appointment_patient_busy')
    WHERE (SELECT a.ends_at FROM appointment a
           WHERE a.patient_id = NEW.patient_id AND a.starts_at < NEW.ends_at AND a.id IS NOT NEW.id
             AND a.starts_at IS NOT NULL
             AND a.status IN ('pending', 'confirmed', 'checked_in', 'running', 'completed')
           ORDER BY a.starts_at DESC LIMIT 1) > NEW.starts_at;
END;

-- Windows without a clock: once per date.
CREATE UNIQUE INDEX appointment_doctor_id_available_time_id_date_key
    ON appointment (doctor_id, available_time_id, date)
    WHERE starts_at IS NULL AND NOT overbooked
      AND status IN ('pending', 'confirmed', 'checked_in', 'running', 'completed');
CREATE UNIQUE INDEX appointment_patient_id_available_time_id_date_key
    ON appointment (patient_id, available_time_id, date)
    WHERE starts_at IS NULL
      AND status IN ('pending', 'confirmed', 'checked_in', 'running', 'completed');

CREATE INDEX appointment_of_doctor ON appointment (doctor_id, date, id);
CREATE INDEX appointment_of_patient ON appointment (patient_id, id);
-- Pages are counted off along this one, without the texts.
CREATE INDEX appointment_shown ON appointment (id) WHERE hidden_at IS NULL;
CREATE INDEX appointment_of_doctor_by_id ON appointment (doctor_id, id) WHERE hidden_at IS NULL;
CREATE INDEX appointment_of_day ON appointment (date, at, id) WHERE hidden_at IS NULL;
-- Who has been to whom: a doctor sees these patients.
CREATE INDEX appointment_patients_of_doctor ON appointment (doctor_id, patient_id)
    WHERE hidden_at IS NULL;

INSERT INTO counter (name, value) VALUES ('appointments', 0);
