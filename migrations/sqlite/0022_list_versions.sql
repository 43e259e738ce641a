-- Which state of the public lists the database holds (docs/decisions/0022): every change that a list
-- could show gives the list another version, in the change's own transaction, whoever makes it.
-- A version is drawn, not counted: a database that was restored never comes to an old one again.

CREATE TABLE list_version (
    list    TEXT PRIMARY KEY NOT NULL,
    version TEXT NOT NULL
) STRICT;

INSERT INTO list_version (list, version)
VALUES ('doctors', lower(hex(randomblob(16)))),
       ('available_times', lower(hex(randomblob(16)))),
       ('services', lower(hex(randomblob(16))));

CREATE TRIGGER list_version_doctor_made AFTER INSERT ON doctor BEGIN
    UPDATE list_version SET version = lower(hex(randomblob(16))) WHERE list = 'doctors';
END;
CREATE TRIGGER list_version_doctor_changed AFTER UPDATE ON doctor BEGIN
    UPDATE list_version SET version = lower(hex(randomblob(16))) WHERE list = 'doctors';
END;
CREATE TRIGGER list_version_doctor_removed AFTER DELETE ON doctor BEGIN
    UPDATE list_version SET version = lower(hex(randomblob(16))) WHERE list = 'doctors';
END;
CREATE TRIGGER list_version_doctor_designation_made AFTER INSERT ON doctor_designation BEGIN
    UPDATE list_version SET version = lower(hex(randomblob(16))) WHERE list = 'doctors';
END;
CREATE TRIGGER list_version_doctor_designation_changed AFTER UPDATE ON doctor_designation BEGIN
    UPDATE list_version SET version = lower(hex(randomblob(16))) WHERE list = 'doctors';
END;
CREATE TRIGGER list_version_doctor_designation_removed AFTER DELETE ON doctor_designation BEGIN
    UPDATE list_version SET version = lower(hex(randomblob(16))) WHERE list = 'doctors';
END;
CREATE TRIGGER list_version_doctor_specialisation_made AFTER INSERT ON doctor_specialisation BEGIN
    UPDATE list_version SET version = lower(hex(randomblob(16))) WHERE list = 'doctors';
END;
CREATE TRIGGER list_version_doctor_specialisation_changed AFTER UPDATE ON doctor_specialisation BEGIN
    UPDATE list_version SET version = lower(hex(randomblob(16))) WHERE list = 'doctors';
END;
CREATE TRIGGER list_version_doctor_specialisation_removed AFTER DELETE ON doctor_specialisation BEGIN
    UPDATE list_version SET version = lower(hex(randomblob(16))) WHERE list = 'doctors';
END;
CREATE TRIGGER list_version_doctor_available_time_made AFTER INSERT ON doctor_available_time BEGIN
    UPDATE list_version SET version = lower(hex(randomblob(16))) WHERE list = 'doctors';
END;
CREATE TRIGGER list_version_doctor_available_time_changed AFTER UPDATE ON doctor_available_time BEGIN
    UPDATE list_version SET version = lower(hex(randomblob(16))) WHERE list = 'doctors';
END;
CREATE TRIGGER list_version_doctor_available_time_removed AFTER DELETE ON doctor_available_time BEGIN
    UPDATE list_version SET version = lower(hex(randomblob(16))) WHERE list = 'doctors';
END;
CREATE TRIGGER list_version_designation_made AFTER INSERT ON designation BEGIN
    UPDATE list_version SET version = lower(hex(randomblob(16))) WHERE list = 'doctors';
END;
CREATE TRIGGER list_version_designation_changed AFTER UPDATE ON designation BEGIN
    UPDATE list_version SET version = lower(hex(randomblob(16))) WHERE list = 'doctors';
END;
CREATE TRIGGER list_version_designation_removed AFTER DELETE ON designation BEGIN
    UPDATE list_version SET version = lower(hex(randomblob(16))) WHERE list = 'doctors';
END;
CREATE TRIGGER list_version_specialisation_made AFTER INSERT ON specialisation BEGIN
    UPDATE list_version SET version = lower(hex(randomblob(16))) WHERE list = 'doctors';
END;
CREATE TRIGGER list_version_specialisation_changed AFTER UPDATE ON specialisation BEGIN
    UPDATE list_version SET version = lower(hex(randomblob(16))) WHERE list = 'doctors';
END;
CREATE TRIGGER list_version_specialisation_removed AFTER DELETE ON specialisation BEGIN
    UPDATE list_version SET version = lower(hex(randomblob(16))) WHERE list = 'doctors';
END;
CREATE TRIGGER list_version_review_made AFTER INSERT ON review BEGIN
    UPDATE list_version SET version = lower(hex(randomblob(16))) WHERE list = 'doctors';
END;
CREATE TRIGGER list_version_review_changed AFTER UPDATE ON review BEGIN
    UPDATE list_version SET version = lower(hex(randomblob(16))) WHERE list = 'doctors';
END;
CREATE TRIGGER list_version_review_removed AFTER DELETE ON review BEGIN
    UPDATE list_version SET version = lower(hex(randomblob(16))) WHERE list = 'doctors';
END;
CREATE TRIGGER list_version_available_time_made AFTER INSERT ON available_time BEGIN
    UPDATE list_version SET version = lower(hex(randomblob(16))) WHERE list IN ('doctors', 'available_times');
END;
CREATE TRIGGER list_version_available_time_changed AFTER UPDATE ON available_time BEGIN
    UPDATE list_version SET version = lower(hex(randomblob(16))) WHERE list IN ('doctors', 'available_times');
END;
CREATE TRIGGER list_version_available_time_removed AFTER DELETE ON available_time BEGIN
    UPDATE list_version SET version = lower(hex(randomblob(16))) WHERE list IN ('doctors', 'available_times');
END;
CREATE TRIGGER list_version_service_made AFTER INSERT ON service BEGIN
    UPDATE list_version SET version = lower(hex(randomblob(16))) WHERE list = 'services';
END;
CREATE TRIGGER list_version_service_changed AFTER UPDATE ON service BEGIN
    UPDATE list_version SET version = lower(hex(randomblob(16))) WHERE list = 'services';
END;
CREATE TRIGGER list_version_service_removed AFTER DELETE ON service BEGIN
    UPDATE list_version SET version = lower(hex(randomblob(16))) WHERE list = 'services';
END;
