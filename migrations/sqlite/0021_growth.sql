-- What the plans of all lists and searches (server/tests/plans) showed to be read as a whole.

-- The search of free times asks what doctors hold on some days, and needs nothing else of a row.
CREATE INDEX appointment_taken
    ON appointment (doctor_id, date, available_time_id, starts_at, ends_at)
    WHERE NOT overbooked
      AND status IN ('pending', 'confirmed', 'checked_in', 'running', 'completed');

-- The audit's list of what was refused: few rows among many.
CREATE INDEX audit_refused ON audit (at, id) WHERE outcome = 'refused';
