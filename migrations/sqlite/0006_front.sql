-- What the public sees and says: services, reviews, contact requests (API.md §3, §7).

CREATE TABLE service (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    image       TEXT    NOT NULL,           -- media key, public
    name        TEXT    NOT NULL,
    description TEXT    NOT NULL,
    created_at  TEXT    NOT NULL,
    updated_at  TEXT    NOT NULL
) STRICT;
CREATE INDEX service_image ON service (image);

CREATE TABLE review (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    patient_id INTEGER NOT NULL REFERENCES patient (id),
    doctor_id  INTEGER NOT NULL REFERENCES doctor (id),
    stars      INTEGER NOT NULL CHECK (stars BETWEEN 1 AND 5),
    body       TEXT    NOT NULL,
    created_on TEXT    NOT NULL,            -- the clinic's
    hidden_at  TEXT,                     -- its doctor or author left
    created_at TEXT    NOT NULL,
    updated_at TEXT    NOT NULL
) STRICT;
CREATE UNIQUE INDEX review_patient_id_doctor_id_key ON review (patient_id, doctor_id)
    WHERE hidden_at IS NULL;
-- Pages are counted off along this one, without the texts.
CREATE INDEX review_shown ON review (id) WHERE hidden_at IS NULL;
-- With what lists filter by besides, so that counting needs no texts.
CREATE INDEX review_of_doctor ON review (doctor_id, id, stars, patient_id) WHERE hidden_at IS NULL;
CREATE INDEX review_by_stars ON review (stars, id, doctor_id, patient_id) WHERE hidden_at IS NULL;

CREATE TABLE contact (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT    NOT NULL,
    email      TEXT,
    phone      TEXT    NOT NULL,            -- '' if it came by e-mail only
    subject    TEXT,
    message    TEXT    NOT NULL,
    status     TEXT    NOT NULL CHECK (status IN ('new', 'in_progress', 'resolved', 'spam')),
    version    INTEGER NOT NULL,
    created_at TEXT    NOT NULL,
    updated_at TEXT    NOT NULL
) STRICT;
CREATE INDEX contact_by_status ON contact (status, id);

INSERT INTO counter (name, value) VALUES ('reviews', 0);
