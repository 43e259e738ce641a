//! When people can't be booked, and when they can beside the usual hours: calls about absences,
//! closures and extra openings.

use chrono::NaiveDate;
use clinic_shared::client::{BoardQuery, Client, DatesQuery, Error, Off, Tagged};
use clinic_shared::desk::absences::{
    Absence, AbsenceChange, AbsenceDetail, CancelHits, HitResult, MoveHits, NewAbsence, NewClosure,
};
use clinic_shared::desk::appointments::Appointment;
use clinic_shared::desk::openings::{NewOpening, Opening};
use clinic_shared::desk::queue::DoctorBoard;
use uuid::Uuid;

/// Of more appointments that are hit than this, only what the list knows is read.
const WHOLE: usize = 40;

/// A call about absences, closures or extra openings.
#[derive(Clone, PartialEq, Eq)]
pub enum LeaveCall {
    /// What is special about a doctor's days from this one on, and how full it is.
    Plan(Uuid, NaiveDate),
    /// When the clinic is closed.
    Closures,
    /// An absence or a closure, with the appointments it hits.
    Show(Off, i64),
    /// Enters an absence.
    Enter(NewAbsence),
    /// Closes the clinic.
    Close(NewClosure),
    /// Changes an absence or a closure, if it is still of this version.
    Change(Off, i64, AbsenceChange, Option<String>),
    /// Takes an absence or a closure back.
    TakeBack(Off, i64),
    /// Calls off what one hits.
    CancelHits(Off, i64, CancelHits),
    /// Moves what one hits.
    MoveHits(Off, i64, MoveHits),
    /// Opens extra hours.
    OpenHours(NewOpening),
    /// Closes them again.
    CloseHours(i64),
}

/// What is special about a doctor's days.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Whose.
    pub doctor: Uuid,
    /// When they are away.
    pub absences: Vec<Absence>,
    /// When nobody is there.
    pub closures: Vec<Absence>,
    /// When they are there beside the usual hours.
    pub openings: Vec<Opening>,
    /// How full today is; none if they have nothing to do with it.
    pub today: Option<DoctorBoard>,
}

/// An absence or a closure, with what it hits.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The absence with its version, and the appointments as lines.
    pub detail: Tagged<AbsenceDetail>,
    /// The appointments whole, as many as were read.
    pub whole: Vec<Appointment>,
    /// The e-mail addresses of the patients among them who have no phone.
    pub emails: Vec<(Uuid, String)>,
}

/// What a call about absences, closures or extra openings answered.
#[derive(Debug, Clone, PartialEq)]
pub enum LeaveReply {
    /// A doctor's.
    Plan(Plan),
    /// The clinic's.
    Closures(Vec<Absence>),
    /// One of them, also as it is after a change.
    Hit(Box<Hit>),
    /// What became of the appointments that are hit.
    Results(Vec<HitResult>),
    /// Extra hours.
    Opened(Opening),
    /// It is not there any more.
    Gone,
}

// Notes are for the desk's eyes only: they stay out of logs and panics.
impl std::fmt::Debug for LeaveCall {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl LeaveCall {
    /// Whether the server is left as it was.
    pub const fn is_read(&self) -> bool {
        matches!(
            self,
            LeaveCall::Plan(..) | LeaveCall::Closures | LeaveCall::Show(..)
        )
    }

    /// Its name, for the log.
    pub const fn name(&self) -> &'static str {
        match self {
            LeaveCall::Plan(..) => "read a doctor's absences and openings",
            LeaveCall::Closures => "list closures",
            LeaveCall::Show(..) => "read an absence",
            LeaveCall::Enter(_) => "enter an absence",
            LeaveCall::Close(_) => "close the clinic",
            LeaveCall::Change(..) => "change an absence",
            LeaveCall::TakeBack(..) => "take an absence back",
            LeaveCall::CancelHits(..) => "cancel what an absence hits",
            LeaveCall::MoveHits(..) => "move what an absence hits",
            LeaveCall::OpenHours(_) => "open extra hours",
            LeaveCall::CloseHours(_) => "close extra hours",
        }
    }

    /// Makes it.
    pub(super) async fn run(self, client: &Client) -> Result<LeaveReply, Error> {
        match self {
            LeaveCall::Plan(doctor, today) => plan(client, doctor, today).await,
            LeaveCall::Closures => {
                let closures = client
                    .absences(Off::Closure, &DatesQuery::default())
                    .await?;
                Ok(LeaveReply::Closures(closures))
            }
            LeaveCall::Show(off, id) => whole(client, client.absence(off, id).await?).await,
            LeaveCall::Enter(form) => whole(client, client.enter_absence(&form).await?).await,
            LeaveCall::Close(form) => whole(client, client.close_clinic(&form).await?).await,
            LeaveCall::Change(off, id, change, etag) => {
                let changed = client.change_absence((off, id), &change, etag.as_deref());
                whole(client, changed.await?).await
            }
            LeaveCall::TakeBack(off, id) => {
                client.take_back_absence((off, id)).await?;
                Ok(LeaveReply::Gone)
            }
            LeaveCall::CancelHits(off, id, form) => Ok(LeaveReply::Results(
                client.cancel_hits((off, id), &form).await?,
            )),
            LeaveCall::MoveHits(off, id, form) => Ok(LeaveReply::Results(
                client.move_hits((off, id), &form).await?,
            )),
            LeaveCall::OpenHours(form) => Ok(LeaveReply::Opened(client.open_hours(&form).await?)),
            LeaveCall::CloseHours(id) => {
                client.close_hours(id).await?;
                Ok(LeaveReply::Gone)
            }
        }
    }
}

async fn plan(client: &Client, doctor: Uuid, today: NaiveDate) -> Result<LeaveReply, Error> {
    let his = DatesQuery {
        doctor: Some(doctor),
        ..DatesQuery::default()
    };
    let board = BoardQuery {
        date: Some(today),
        doctor: Some(doctor),
    };
    let everybody = DatesQuery::default();
    let (absences, closures, openings, board) = tokio::try_join!(
        client.absences(Off::Absence, &his),
        client.absences(Off::Closure, &everybody),
        client.openings(&his),
        client.board(&board),
    )?;
    let mut days = board.doctors.into_iter();
    Ok(LeaveReply::Plan(Plan {
        doctor,
        absences,
        closures,
        openings,
        today: days.find(|day| day.doctor.id == doctor),
    }))
}

/// Reads the appointments that are hit whole: whom to call, and what it was about. The absence
/// stands by then: what can't be read is left as the list knows it.
async fn whole(client: &Client, detail: Tagged<AbsenceDetail>) -> Result<LeaveReply, Error> {
    let mut whole = Vec::new();
    let mut emails = Vec::new();
    for row in detail.value.appointments.iter().take(WHOLE) {
        match client.appointment(row.id).await {
            Ok(appointment) => {
                let appointment = appointment.value;
                if appointment.patient_phone.is_none() {
                    emails.extend(email(client, appointment.patient.id).await);
                }
                whole.push(appointment);
            }
            Err(error) => {
                tracing::warn!(%error, "an appointment that an absence hits can't be read");
                break;
            }
        }
    }
    Ok(LeaveReply::Hit(Box::new(Hit {
        detail,
        whole,
        emails,
    })))
}

/// The e-mail address of a patient, if there is one that can be read.
async fn email(client: &Client, id: Uuid) -> Option<(Uuid, String)> {
    match client.patient(id).await {
        Ok(patient) => patient.value.email.map(|email| (id, email)),
        Err(error) => {
            tracing::warn!(%error, "a patient whom an absence hits can't be read");
            None
        }
    }
}
