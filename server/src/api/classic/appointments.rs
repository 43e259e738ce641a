//! `/appointments/`.

use clinic_shared::Page;
use clinic_shared::classic::appointments::{
    Appointment, AppointmentChange, AppointmentInput, Kind,
};
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};

use crate::api::Tag;
use crate::api::answers::{Created, Gone, Shown};
use crate::api::body::{Body, Input};
use crate::api::call::Call;
use crate::api::filters;
use crate::api::paging::Window;
use crate::clinic::appointments::{self, Change, Draft, Filter, Line};
use crate::clinic::{Answer, Clinic};
use crate::store::appointments::AppointmentRow;

impl Input for AppointmentInput {}

impl Input for AppointmentChange {}

pub(in crate::api) struct Api;

#[OpenApi(prefix_path = "/appointments", tag = "Tag::ClassicAppointments")]
impl Api {
    /// List appointments
    ///
    /// Staff see all, a doctor theirs, a patient their own.
    #[oai(path = "/", method = "get", operation_id = "list_appointments")]
    async fn list(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        /// The page's number, from 1.
        page: Query<Option<String>>,
        /// Rows a page: 100, at most 1000.
        limits: Query<Option<String>>,
        /// Only this patient's; of several the last one counts.
        patient_id: Query<Option<Vec<String>>>,
        /// Only this doctor's; of several the last one counts.
        doctor_id: Query<Option<Vec<String>>>,
    ) -> Answer<Shown<Page<Appointment>>> {
        let window = Window::read(page.as_deref(), limits.as_deref())?;
        let filter = Filter {
            patient: filters::id("patient_id", patient_id.0)?,
            doctor: filters::id("doctor_id", doctor_id.0)?,
        };
        let found = appointments::list(&clinic, &call.who, filter, &window.paging()).await?;
        let rows = found.rows.into_iter().map(of_line).collect();
        window.page(&call, found.count, rows).map(Shown)
    }

    /// Book an appointment
    ///
    /// For the caller's own patient record. Without `date` on the next date on which that doctor
    /// and time are free.
    #[oai(path = "/", method = "post", operation_id = "create_appointment")]
    async fn create(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<AppointmentInput>,
    ) -> Answer<Created<Appointment>> {
        let (form, faults, _) = body.parts();
        let draft = draft(form);
        let made = appointments::book_own(&clinic, &call.who, draft, faults).await?;
        Ok(Created {
            location: call.url(&format!("/appointments/{}/", made.id)),
            value: shown(made),
            version: None,
        })
    }

    /// Show an appointment
    #[oai(path = "/:id/", method = "get", operation_id = "get_appointment")]
    async fn get(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
    ) -> Answer<Shown<Appointment>> {
        let row = appointments::show(&clinic, &call.who, *id).await?;
        Ok(Shown(shown(row)))
    }

    /// Change an appointment
    ///
    /// Another doctor, time or date is a move through booking; `cancel: true` calls it off.
    #[oai(path = "/:id/", method = "put", operation_id = "replace_appointment")]
    async fn replace(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        body: Body<AppointmentInput>,
    ) -> Answer<Shown<Appointment>> {
        let (form, faults, _) = body.parts();
        let change = change(form.into());
        let row = appointments::change(&clinic, &call.who, *id, &change, faults).await?;
        Ok(Shown(shown(row)))
    }

    /// Change some fields of an appointment
    ///
    /// As PUT; what is absent stays.
    #[oai(path = "/:id/", method = "patch", operation_id = "change_appointment")]
    async fn change(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        body: Body<AppointmentChange>,
    ) -> Answer<Shown<Appointment>> {
        let (form, faults, _) = body.parts();
        let change = change(form);
        let row = appointments::change(&clinic, &call.who, *id, &change, faults).await?;
        Ok(Shown(shown(row)))
    }

    /// Delete an appointment
    ///
    /// It is called off and shown no more; the record stays with the clinic.
    #[oai(path = "/:id/", method = "delete", operation_id = "delete_appointment")]
    async fn delete(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
    ) -> Answer<Gone> {
        appointments::delete(&clinic, &call.who, *id).await?;
        Ok(Gone)
    }
}

/// The schema has checked the word already; of a faulty body nothing is booked.
fn draft(form: AppointmentInput) -> Draft {
    Draft {
        doctor: form.doctor.0,
        window: form.time.0,
        date: form.date,
        kind: Kind::read(&form.appointment_type)
            .unwrap_or(Kind::Offline)
            .into(),
        symptoms: form.symptoms,
    }
}

fn change(form: AppointmentChange) -> Change {
    let kind = form.appointment_type.as_deref().and_then(Kind::read);
    Change {
        doctor: form.doctor.map(i64::from),
        window: form.time.map(i64::from),
        date: form.date,
        kind: kind.map(Into::into),
        symptoms: form.symptoms,
        cancel: form.cancel.map(bool::from),
    }
}

fn of_line(row: Line) -> Appointment {
    Appointment {
        id: row.id,
        patient: row.patient_id,
        doctor: row.doctor_id,
        appointment_type: row.kind.0.into(),
        appointment_status: row.status.0.into(),
        symptoms: row.symptoms,
        time: row.available_time_id,
        cancel: !row.status.0.holds_time(),
    }
}

fn shown(row: AppointmentRow) -> Appointment {
    of_line(row.into())
}
