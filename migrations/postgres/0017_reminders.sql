-- Reminders of appointments by mail (docs/decisions/0017).

-- Who does not want any.
ALTER TABLE patient ADD COLUMN no_reminders boolean NOT NULL DEFAULT false;

-- One row for each reminder that was asked for: of an appointment, for the time that it had then. One
-- that is moved is another one.
CREATE TABLE reminder (
    appointment_id bigint      NOT NULL REFERENCES appointment (id),
    at             timestamptz NOT NULL,    -- the appointment's beginning, or its day's
    asked_at       timestamptz NOT NULL,
    sent_at        timestamptz,             -- when the mail server took it
    PRIMARY KEY (appointment_id, at)
);
