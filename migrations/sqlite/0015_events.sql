-- What happened, for whoever listens (API.md §7): ids only, written by the change itself. There is
-- one writer, so positions are given as rows are written: on PostgreSQL it takes more
-- (docs/decisions/0015).
CREATE TABLE event (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    position   INTEGER,             -- its place in commit order
    at         TEXT    NOT NULL,
    kind       TEXT    NOT NULL,     -- e.g. appointment
    object_id  INTEGER NOT NULL,
    doctor_id  INTEGER,              -- whose doctor's it is, where it is one's
    patient_id INTEGER               -- whose patient's
) STRICT;
CREATE UNIQUE INDEX event_position_key ON event (position);
CREATE INDEX event_without_position ON event (id) WHERE position IS NULL;

-- One row: which positions there are.
CREATE TABLE event_head (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    newest INTEGER NOT NULL,         -- the last position that was given
    purged INTEGER NOT NULL          -- the last position that is kept no longer
) STRICT;
INSERT INTO event_head (id, newest, purged) VALUES (1, 0, 0);

CREATE TRIGGER event_gets_position AFTER INSERT ON event
BEGIN
    UPDATE event_head SET newest = newest + 1;
    UPDATE event SET position = (SELECT newest FROM event_head) WHERE id = NEW.id;
END;
