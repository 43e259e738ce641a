-- A booking that is taken back as a mistake (docs/scheduling.md): what led to it is found by the
-- appointment, and is put back.

-- An entry of the waiting list that waits again keeps which appointment it was booked as last, so
-- that it is booked again when that one is.
CREATE INDEX waiting_of_appointment ON waiting (appointment_id) WHERE appointment_id IS NOT NULL;

-- Steps say which appointment they are about, and one of them that it was booked by mistake.
ALTER TABLE contact_step DROP CONSTRAINT contact_step_action_check;
ALTER TABLE contact_step ADD CONSTRAINT contact_step_action_check
    CHECK (action IN ('status', 'assign', 'note', 'reply', 'incoming',
                      'edit', 'patient', 'appointment', 'unbooked'));
-- The one that was booked, or taken back.
ALTER TABLE contact_step ADD COLUMN appointment_id bigint REFERENCES appointment (id);
UPDATE contact_step s SET appointment_id = c.appointment_id
FROM contact c WHERE c.id = s.contact_id AND s.action = 'appointment';
CREATE INDEX contact_step_of_appointment ON contact_step (appointment_id)
    WHERE appointment_id IS NOT NULL;
