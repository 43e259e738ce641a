//! What is asked of the clinic: each list and search, with the filters that people use.

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    Admin,
    Doctor,
    Patient,
}

/// One request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Request {
    pub(crate) operation: &'static str,
    pub(crate) who: Who,
    /// Ids stand in braces and are filled in by the clinic.
    pub(crate) path: &'static str,
}

impl Request {
    /// How it is called in the snapshot.
    pub(crate) fn title(&self) -> String {
        format!("{} {}", self.operation, self.path)
    }
}

const fn admin(operation: &'static str, path: &'static str) -> Request {
    asks(Who::Admin, operation, path)
}

const fn asks(who: Who, operation: &'static str, path: &'static str) -> Request {
    Request {
        operation,
        who,
        path,
    }
}

const ALL: &[Request] = &[
    // Classic.
    admin("list_profiles", "/api/user/profiles/"),
    admin("list_profiles", "/api/user/profiles/?search=person77"),
    admin("list_appointments", "/appointments/"),
    admin("list_appointments", "/appointments/?limits=20&page=40"),
    admin("list_appointments", "/appointments/?doctor_id={doctor-id}"),
    admin(
        "list_appointments",
        "/appointments/?patient_id={patient-id}",
    ),
    asks(Who::Doctor, "list_appointments", "/appointments/"),
    asks(Who::Patient, "list_appointments", "/appointments/"),
    admin("list_contacts", "/contacts/"),
    admin("list_doctors", "/doctors/"),
    admin("list_doctors", "/doctors/?specialisation=2&fee=50"),
    admin("list_patients", "/patients/"),
    admin("list_patients", "/patients/?search=garcia"),
    admin("list_patients", "/patients/?phone={phone}"),
    asks(Who::Doctor, "list_patients", "/patients/"),
    admin("list_reviews", "/reviews/"),
    admin("list_reviews", "/reviews/?doctor={doctor-id}"),
    admin("list_reviews", "/reviews/?search=kind"),
    admin("list_reviews", "/reviews/?reviwer={patient-id}"),
    admin("list_services", "/services/"),
    // v1.
    asks(
        Who::Doctor,
        "my_practice_appointments",
        "/v1/api/appointment/doctor/",
    ),
    asks(
        Who::Doctor,
        "my_practice_appointments",
        "/v1/api/appointment/doctor/?date={today}",
    ),
    asks(
        Who::Doctor,
        "my_practice_appointments",
        "/v1/api/appointment/doctor/?status=confirmed",
    ),
    asks(
        Who::Patient,
        "my_appointments",
        "/v1/api/appointment/patient/",
    ),
    asks(
        Who::Patient,
        "list_open_times",
        "/v1/api/doctor/available-times-patient/",
    ),
    asks(
        Who::Patient,
        "list_open_times",
        "/v1/api/doctor/available-times-patient/?doctor_id={doctor}&date={tomorrow}",
    ),
    asks(
        Who::Doctor,
        "list_available_times_v1",
        "/v1/api/doctor/available-times/",
    ),
    admin("list_designations_v1", "/v1/api/doctor/designations/"),
    admin("list_specializations", "/v1/api/doctor/specializations/"),
    admin("list_doctors_v1", "/v1/api/doctor/list/?search=lindqvist"),
    admin("list_reviews_v1", "/v1/api/doctor/reviews/?doctor={doctor}"),
    asks(Who::Doctor, "list_patients_v1", "/v1/api/patient/patients/"),
    asks(
        Who::Doctor,
        "list_patients_v1",
        "/v1/api/patient/patients/?search=garcia",
    ),
    admin("public_doctors", "/v1/api/public-portal/list/doctor/"),
    admin(
        "public_reviews",
        "/v1/api/public-portal/list/doctor/reviews/?star=4",
    ),
    admin("public_services", "/v1/api/public-portal/services/"),
    admin("list_users", "/v1/api/user/list/"),
    admin(
        "list_users",
        "/v1/api/user/list/?search=person77&role=patient",
    ),
    // The desk.
    admin("desk_list_absences", "/v1/api/desk/absences/?from={today}"),
    admin("desk_list_closures", "/v1/api/desk/closures/?from={today}"),
    admin("desk_list_openings", "/v1/api/desk/openings/?from={today}"),
    admin(
        "desk_list_applications",
        "/v1/api/desk/applications/?status=pending",
    ),
    admin(
        "desk_list_bug_reports",
        "/v1/api/desk/bug-reports/?status=pending",
    ),
    admin(
        "desk_list_qualifications",
        "/v1/api/desk/qualifications/?status=pending",
    ),
    admin(
        "desk_list_appointments",
        "/v1/api/desk/appointments/?date={today}",
    ),
    admin("desk_list_appointments", "/v1/api/desk/appointments/"),
    admin(
        "desk_list_appointments",
        "/v1/api/desk/appointments/?doctor={doctor}",
    ),
    admin(
        "desk_list_appointments",
        "/v1/api/desk/appointments/?status=no_show",
    ),
    admin("desk_list_audit", "/v1/api/desk/audit/"),
    admin(
        "desk_list_audit",
        "/v1/api/desk/audit/?who={doctor-account}",
    ),
    admin("desk_list_audit", "/v1/api/desk/audit/?patient={patient}"),
    admin("desk_list_audit", "/v1/api/desk/audit/?action=sign_in"),
    admin(
        "desk_list_audit",
        "/v1/api/desk/audit/?object_type=appointment&object_id=7",
    ),
    admin(
        "desk_list_audit",
        "/v1/api/desk/audit/?from=2026-02-01&to=2026-02-02",
    ),
    admin("desk_list_audit", "/v1/api/desk/audit/?outcome=refused"),
    admin(
        "desk_export_audit",
        "/v1/api/desk/audit/export/?format=csv&from=2026-02-01&to=2026-02-02",
    ),
    admin("desk_board", "/v1/api/desk/board/?date={today}"),
    admin(
        "desk_get_running_late",
        "/v1/api/desk/doctors/{doctor}/running-late/?date={today}",
    ),
    admin("desk_queue", "/v1/api/desk/queue/?doctor={doctor}"),
    admin("desk_list_contacts", "/v1/api/desk/contacts/"),
    admin("desk_list_contacts", "/v1/api/desk/contacts/?show=mine"),
    admin("desk_list_contacts", "/v1/api/desk/contacts/?search=bill"),
    admin("desk_list_doctors", "/v1/api/desk/doctors/?search=lind"),
    admin("desk_search_patients", "/v1/api/desk/patients/"),
    admin(
        "desk_search_patients",
        "/v1/api/desk/patients/?search=garcia",
    ),
    admin(
        "desk_search_patients",
        "/v1/api/desk/patients/?search=garcia%20ana",
    ),
    admin(
        "desk_search_patients",
        "/v1/api/desk/patients/?search=garsia%20ana",
    ),
    admin("desk_search_patients", "/v1/api/desk/patients/?search=5550"),
    admin(
        "desk_search_patients",
        "/v1/api/desk/patients/?search=1980-03-04",
    ),
    admin(
        "desk_search_patients",
        "/v1/api/desk/patients/?search=P-000042",
    ),
    admin(
        "desk_list_visits",
        "/v1/api/desk/patients/{patient}/appointments/",
    ),
    admin(
        "desk_list_merges",
        "/v1/api/desk/patients/{patient}/merges/",
    ),
    admin(
        "desk_day_sheet",
        "/v1/api/desk/reports/day-sheet/?date={today}",
    ),
    admin(
        "desk_day_report",
        "/v1/api/desk/reports/day/?date={yesterday}",
    ),
    admin("desk_find_slots", "/v1/api/desk/slots/"),
    admin(
        "desk_find_slots",
        "/v1/api/desk/slots/?doctor={doctor}&patient={patient}",
    ),
    admin("desk_list_users", "/v1/api/desk/users/"),
    admin(
        "desk_list_users",
        "/v1/api/desk/users/?search=person77&role=patient",
    ),
    admin("desk_list_waiting", "/v1/api/desk/waitlist/"),
    admin(
        "desk_list_waiting",
        "/v1/api/desk/waitlist/?doctor={doctor}",
    ),
];

/// Every request.
pub(crate) const fn all() -> &'static [Request] {
    ALL
}
