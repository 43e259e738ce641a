-- Reminders of appointments by mail (docs/decisions/0017).

-- Who does not want any.
ALTER TABLE patient ADD COLUMN no_reminders INTEGER NOT NULL DEFAULT 0 CHECK (no_reminders IN (0, 1));

-- One row for each reminder that was asked for: of an appointment, for the time that it had then. One
-- that is moved is another one.
CREATE TABLE reminder (
    appointment_id INTEGER NOT NULL REFERENCES appointment (id),
    at             TEXT    NOT NULL,    -- the appointment's beginning, or its day's
    asked_at       TEXT    NOT NULL,
    sent_at        TEXT,                -- when the mail server took it
    PRIMARY KEY (appointment_id, at)
) STRICT;
