-- The queue (API.md §5, §7): ticket numbers, rooms, who goes first, walk-ins, and doctors who run late.

-- The number that is called out, and the clinic's date that it is of. It stays with the appointment
-- whatever becomes of it.
ALTER TABLE appointment ADD COLUMN ticket bigint;
ALTER TABLE appointment ADD COLUMN ticket_date date;
ALTER TABLE appointment ADD COLUMN room text;
ALTER TABLE appointment ADD COLUMN priority text NOT NULL DEFAULT 'normal'
    CHECK (priority IN ('normal', 'urgent', 'emergency'));
-- Came without being booked: it holds none of the doctor's time and so is marked overbooked, too.
ALTER TABLE appointment ADD COLUMN walk_in boolean NOT NULL DEFAULT false;
-- When the patient was called in; the next step forgets it.
ALTER TABLE appointment ADD COLUMN called_at timestamptz;

CREATE UNIQUE INDEX appointment_ticket_date_ticket_key ON appointment (ticket_date, ticket)
    WHERE ticket IS NOT NULL;

-- The last number given on each day: it only ever grows.
CREATE TABLE ticket_day (
    date date   NOT NULL PRIMARY KEY,
    last bigint NOT NULL
);

-- What holds of a doctor on one day.
CREATE TABLE doctor_day (
    date         date        NOT NULL,
    doctor_id    bigint      NOT NULL REFERENCES doctor (id),
    late_minutes bigint      NOT NULL CHECK (late_minutes BETWEEN 0 AND 720),
    version      bigint      NOT NULL,
    updated_at   timestamptz NOT NULL,
    PRIMARY KEY (date, doctor_id)
);
