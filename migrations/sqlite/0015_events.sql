-- What happened, for whoever listens (API.md §7): ids only, written by the change itself.
CREATE TABLE event (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    at         TEXT    NOT NULL,
    kind       TEXT    NOT NULL,     -- e.g. appointment
    object_id  INTEGER NOT NULL,
    doctor_id  INTEGER,              -- whose doctor's it is, where it is one's
    patient_id INTEGER               -- whose patient's
) STRICT;
