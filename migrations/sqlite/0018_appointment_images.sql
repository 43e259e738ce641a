-- Pictures that patients send with a booking (API.md §4 appointment/): private media keys, in order.
CREATE TABLE appointment_image (
    appointment_id INTEGER NOT NULL REFERENCES appointment (id),
    position       INTEGER NOT NULL,
    image          TEXT    NOT NULL,              -- media key
    PRIMARY KEY (appointment_id, position)
) STRICT;

CREATE INDEX appointment_image_by_key ON appointment_image (image);
