-- Which state of the public lists the database holds (docs/decisions/0022): every change that a list
-- could show gives the list another version, in the change's own transaction, whoever makes it.
-- A version is drawn, not counted: a database that was restored never comes to an old one again.

CREATE TABLE list_version (
    list    text PRIMARY KEY,
    version text NOT NULL
);

INSERT INTO list_version (list, version)
VALUES ('doctors', CAST(gen_random_uuid() AS text)),
       ('available_times', CAST(gen_random_uuid() AS text)),
       ('services', CAST(gen_random_uuid() AS text));

-- Done at the very end of the transaction (deferred), once for each list, under one lock that is held
-- until the commit is over: nobody who holds it waits for anything else, so there is no deadlock, and
-- changes to doctors do not wait for each other before they are done.
-- A migration that changes rows of these tables and then alters the table has to say
-- SET CONSTRAINTS ALL IMMEDIATE in between.
CREATE FUNCTION list_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed text;
BEGIN
    FOREACH changed IN ARRAY TG_ARGV LOOP
        CONTINUE WHEN current_setting('clinic.changed_' || changed, true)
                      = CAST(pg_current_xact_id() AS text);
        PERFORM pg_advisory_xact_lock(hashtext('clinic: list_version'));
        UPDATE list_version SET version = CAST(gen_random_uuid() AS text) WHERE list = changed;
        PERFORM set_config('clinic.changed_' || changed, CAST(pg_current_xact_id() AS text), true);
    END LOOP;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER list_version_doctor AFTER INSERT OR UPDATE OR DELETE ON doctor
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION list_changed('doctors');
CREATE CONSTRAINT TRIGGER list_version_doctor_designation AFTER INSERT OR UPDATE OR DELETE ON doctor_designation
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION list_changed('doctors');
CREATE CONSTRAINT TRIGGER list_version_doctor_specialisation AFTER INSERT OR UPDATE OR DELETE ON doctor_specialisation
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION list_changed('doctors');
CREATE CONSTRAINT TRIGGER list_version_doctor_available_time AFTER INSERT OR UPDATE OR DELETE ON doctor_available_time
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION list_changed('doctors');
CREATE CONSTRAINT TRIGGER list_version_designation AFTER INSERT OR UPDATE OR DELETE ON designation
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION list_changed('doctors');
CREATE CONSTRAINT TRIGGER list_version_specialisation AFTER INSERT OR UPDATE OR DELETE ON specialisation
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION list_changed('doctors');
CREATE CONSTRAINT TRIGGER list_version_review AFTER INSERT OR UPDATE OR DELETE ON review
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION list_changed('doctors');
CREATE CONSTRAINT TRIGGER list_version_available_time AFTER INSERT OR UPDATE OR DELETE ON available_time
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION list_changed('doctors', 'available_times');
CREATE CONSTRAINT TRIGGER list_version_service AFTER INSERT OR UPDATE OR DELETE ON service
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION list_changed('services');
