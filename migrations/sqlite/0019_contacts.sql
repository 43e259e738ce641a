-- What becomes of a contact request (API.md §7 contacts/): who is at it, what was noted and answered,
-- and whom and what it led to.

ALTER TABLE contact ADD COLUMN assignee_id INTEGER REFERENCES account (id);
ALTER TABLE contact ADD COLUMN patient_id INTEGER REFERENCES patient (id);
ALTER TABLE contact ADD COLUMN appointment_id INTEGER REFERENCES appointment (id);
-- Made with the first reply; stands in its subject, and finds the thread of an answer.
ALTER TABLE contact ADD COLUMN token TEXT;
-- Folded text of everything that is searched.
ALTER TABLE contact ADD COLUMN search TEXT NOT NULL DEFAULT '';
UPDATE contact SET search = lower(name || ' ' || phone || ' ' || coalesce(email, '') || ' '
    || coalesce(subject, '') || ' ' || message);
CREATE INDEX contact_of_assignee ON contact (assignee_id, id) WHERE assignee_id IS NOT NULL;

-- Each version of each contact request: what was done, by whom. Rows are only ever added; of a reply,
-- what became of its mail is noted afterwards.
CREATE TABLE contact_step (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    contact_id  INTEGER NOT NULL REFERENCES contact (id),
    version     INTEGER NOT NULL,     -- the one that this step made
    action      TEXT    NOT NULL CHECK (action IN ('status', 'assign', 'note', 'reply', 'incoming',
                                                   'edit', 'patient', 'appointment')),
    at          TEXT    NOT NULL,
    account_id  INTEGER,              -- who; null: whoever wrote
    role        TEXT,
    from_status TEXT    NOT NULL,
    to_status   TEXT    NOT NULL,
    assignee_id INTEGER,              -- whose it was afterwards
    address     TEXT,                 -- to or from which e-mail address
    subject     TEXT,
    body        TEXT,                 -- the note, the reply, what came, or why
    sent_at     TEXT,                 -- when the mail server took the reply
    failed_at   TEXT                  -- when it refused it for good
) STRICT;
CREATE UNIQUE INDEX contact_step_contact_id_version_key ON contact_step (contact_id, version);

-- Mails that were taken in, by a hash: one that is delivered twice is recorded once.
CREATE TABLE contact_mail (
    key        TEXT    NOT NULL PRIMARY KEY,
    contact_id INTEGER NOT NULL REFERENCES contact (id),
    at         TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_mail_of_contact ON contact_mail (contact_id);
