-- A booking that is taken back as a mistake (docs/scheduling.md): what led to it is found by the
-- appointment, and is put back.

-- An entry of the waiting list that waits again keeps which appointment it was booked as last, so
-- that it is booked again when that one is.
CREATE INDEX waiting_of_appointment ON waiting (appointment_id) WHERE appointment_id IS NOT NULL;

-- Steps say which appointment they are about, and one of them that it was booked by mistake.
CREATE TABLE contact_step_anew (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    contact_id     INTEGER NOT NULL REFERENCES contact (id),
    version        INTEGER NOT NULL,  -- the one that this step made
    action         TEXT    NOT NULL CHECK (action IN ('status', 'assign', 'note', 'reply', 'incoming',
                                                      'edit', 'patient', 'appointment', 'unbooked')),
    at             TEXT    NOT NULL,
    account_id     INTEGER,           -- who; null: whoever wrote
    role           TEXT,
    from_status    TEXT    NOT NULL,
    to_status      TEXT    NOT NULL,
    assignee_id    INTEGER,           -- whose it was afterwards
    address        TEXT,              -- to or from which e-mail address
    subject        TEXT,
    body           TEXT,              -- the note, the reply, what came, or why
    sent_at        TEXT,              -- when the mail server took the reply
    failed_at      TEXT,              -- when it refused it for good
    appointment_id INTEGER REFERENCES appointment (id) -- the one that was booked, or taken back
) STRICT;
INSERT INTO contact_step_anew (id, contact_id, version, action, at, account_id, role, from_status,
    to_status, assignee_id, address, subject, body, sent_at, failed_at, appointment_id)
SELECT s.id, s.contact_id, s.version, s.action, s.at, s.account_id, s.role, s.from_status,
    s.to_status, s.assignee_id, s.address, s.subject, s.body, s.sent_at, s.failed_at,
    CASE s.action WHEN 'appointment' THEN c.appointment_id END
FROM contact_step s JOIN contact c ON c.id = s.contact_id;
DROP TABLE contact_step;
ALTER TABLE contact_step_anew RENAME TO contact_step;
CREATE UNIQUE INDEX contact_step_contact_id_version_key ON contact_step (contact_id, version);
CREATE INDEX contact_step_of_appointment ON contact_step (appointment_id)
    WHERE appointment_id IS NOT NULL;
