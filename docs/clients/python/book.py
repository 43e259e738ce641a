"""Books an appointment, reads it back and calls it off, with a client made of the server's document:

    openapi-python-client generate --url http://127.0.0.1:8000/openapi.json \\
        --config openapi-python-client.yaml --meta none
    CLINIC_URL=http://127.0.0.1:8000 CLINIC_EMAIL=… CLINIC_PASSWORD=… python book.py
"""

import os
import sys
import uuid

from clinic_api import AuthenticatedClient, Client
from clinic_api.api.v1_appointments import book_appointment, cancel_my_appointment, my_appointment
from clinic_api.api.v1_available_times import list_open_times
from clinic_api.api.v1_doctors import list_doctors_v1
from clinic_api.api.v1_user import login_v1
from clinic_api.models import AppointmentType, EmailLogin, PatientBooking, PatientCancel, Problem, Tokens


def done(answer):
    """The answer, or the end with what the server said."""
    if answer is None or isinstance(answer, Problem):
        sys.exit(answer.detail if answer else "no answer")
    return answer


url = os.environ["CLINIC_URL"]
login = EmailLogin(email=os.environ["CLINIC_EMAIL"], password=os.environ["CLINIC_PASSWORD"])
with Client(base_url=url) as nobody:
    tokens = done(login_v1.sync(client=nobody, body=login))
if not isinstance(tokens, Tokens):
    sys.exit("this account signs in with a code from its mail")

with AuthenticatedClient(base_url=url, token=tokens.access) as clinic:
    # The first doctor who has a free time with a clock.
    doctors = done(list_doctors_v1.sync(client=clinic)).results
    doctor, time = next(
        (
            (doctor, time)
            for doctor in doctors
            for time in done(list_open_times.sync(client=clinic, doctor_id=doctor.id)).results
            if time.starts_at
        ),
        (None, None),
    )
    if time is None:
        sys.exit("nobody has a free time")

    # ANCHOR: booking
    # The key makes it safe to send the same booking again when the answer was lost.
    booking = PatientBooking(
        doctor=doctor.id,
        meeting_time=time.id,
        meeting_date=time.date,
        starts_at=time.starts_at,
        appointment_type=AppointmentType.OFFLINE,
        symptoms="A cough that stays.",
    )
    booked = done(book_appointment.sync(client=clinic, body=booking, idempotency_key=str(uuid.uuid4())))
    # ANCHOR_END: booking

    read = done(my_appointment.sync(booked.id, client=clinic))
    if read.starts_at != booked.starts_at:
        sys.exit("another time than was booked")
    print(f"booked {read.id}: {read.doctor.full_name}, {read.starts_at.isoformat()}, {read.status}")

    cancelled = done(
        cancel_my_appointment.sync(
            read.id, client=clinic, body=PatientCancel(), if_match=f'"v{read.version}"'
        )
    )
    print(f"called off {cancelled.id}: {cancelled.status}")
