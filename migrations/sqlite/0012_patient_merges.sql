-- Two records of one person made one, and how to part them again (docs/decisions/0012).

-- The record that took this one in; it is retired then.
ALTER TABLE patient ADD COLUMN merged_into INTEGER REFERENCES patient (id);
CREATE INDEX patient_merged_into ON patient (merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE patient_merge (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    survivor_id   INTEGER NOT NULL REFERENCES patient (id),
    retired_id    INTEGER NOT NULL REFERENCES patient (id),
    at            TEXT    NOT NULL,
    account_id    INTEGER,                      -- who did it
    fields        TEXT    NOT NULL,             -- JSON: what the survivor's changed fields were and became
    photo         TEXT,                         -- media key of the survivor's own picture, if it was replaced
    moved_account INTEGER REFERENCES account (id),  -- the account that the survivor got
    undone_at     TEXT
) STRICT;
CREATE INDEX patient_merge_of_survivor ON patient_merge (survivor_id, id);
CREATE INDEX patient_merge_photo ON patient_merge (photo) WHERE photo IS NOT NULL;

-- One row for each thing that moved, or was hidden.
CREATE TABLE patient_merge_item (
    merge_id  INTEGER NOT NULL REFERENCES patient_merge (id),
    kind      TEXT    NOT NULL CHECK (kind IN ('appointment', 'waiting', 'review', 'hidden_review')),
    object_id INTEGER NOT NULL,
    PRIMARY KEY (merge_id, kind, object_id)
) STRICT, WITHOUT ROWID;
