//! What doctors have learnt: they say so, an admin decides, and then everybody reads it (API.md §4,
//! §7).

use chrono::Datelike;
use clinic_shared::FieldErrors;
use clinic_shared::desk::decisions as desk;
use clinic_shared::v1::lenient::Year;
use clinic_shared::v1::qualifications::{Decision, Qualification, QualificationInput};
use serde_json::json;
use uuid::Uuid;

use super::decisions::{self, Verdict};
use super::letters::Notice;
use super::paging::{Listed, Paging};
use super::{Actor, Answer, Clinic, Faults, Refusal, audit, doctors, jobs, pictures, text};
use crate::infra::media::Kind;
use crate::store::decisions::{self as decided, Matter};
use crate::store::qualifications::{self as table, NewQualification, QualificationRow};
use crate::store::{Tx, doctors as doctor_table};

const MISSING: Refusal = Refusal::Missing("Qualification");
/// The picture's field.
const FIELD: &str = "certificate_img";
/// The longest title, institution or degree, in characters.
const LONGEST_NAME: usize = 200;
/// The longest grade, in characters.
const LONGEST_GRADE: usize = 50;
/// The longest number in a register, in characters.
const LONGEST_NUMBER: usize = 100;
/// No diploma of anybody alive is older.
const EARLIEST_YEAR: i64 = 1900;

/// A doctor's qualifications by number: to the doctor and staff all of them with certificates, to
/// everybody else the accepted ones without.
///
/// # Errors
/// [`Refusal::Missing`] if there is no doctor whom the caller may see.
pub async fn of_doctor(
    clinic: &Clinic,
    who: &Actor,
    doctor: Uuid,
) -> Answer<Vec<QualificationRow>> {
    let mut reader = clinic.db.read().await?;
    let doctor = doctor_table::by_uid(&mut reader, doctor).await?;
    let doctor = doctor.ok_or(Refusal::Missing("Doctor"))?;
    if who.is_staff() || who.account_id() == Some(doctor.account_id) {
        return Ok(table::of_doctor(&mut reader, doctor.id, None).await?);
    }
    if doctor.verified_at.is_none() {
        return Err(Refusal::Missing("Doctor"));
    }
    let accepted = Some(Decision::Accepted);
    let mut rows = table::of_doctor(&mut reader, doctor.id, accepted).await?;
    for row in &mut rows {
        row.registration_id = None;
        row.certificate = None;
    }
    Ok(rows)
}

/// Takes what the caller, a doctor, says to have learnt, with the picture of the certificate if one
/// came.
///
/// # Errors
/// [`Refusal::Invalid`] with every faulty field, or without a verified profile;
/// [`Refusal::TooLarge`].
pub async fn apply(
    clinic: &Clinic,
    who: &Actor,
    input: QualificationInput,
    mut faults: Faults,
    picture: Option<Vec<u8>>,
) -> Answer<QualificationRow> {
    let doctor = doctors::of_caller(&mut clinic.db.read().await?, who).await?;
    if doctor.is_none() {
        faults.add(FieldErrors::CROSS_FIELD, "You have no doctor profile.");
    }
    let doctor = doctor.unwrap_or_default();
    let write = async |certificate: Option<String>, mut faults: Faults| {
        let new = checked(clinic, doctor, &input, certificate, &mut faults);
        faults.refuse()?;
        let mut tx = clinic.db.begin().await?;
        let id = table::insert(&mut tx, &new, clinic.clock.now()).await?;
        noted(clinic, &mut tx, who, id, doctor).await?;
        let row = table::by_id(&mut tx, id).await?.ok_or(MISSING)?;
        tx.commit().await?;
        Ok(row)
    };
    pictures::replacing(clinic, Kind::Private, picture, FIELD, None, faults, write).await
}

fn checked(
    clinic: &Clinic,
    doctor: i64,
    input: &QualificationInput,
    certificate: Option<String>,
    faults: &mut Faults,
) -> NewQualification {
    let mut line = |field: &str, typed: &str| {
        let taken = faults.take(field, text::required(typed, LONGEST_NAME));
        taken.unwrap_or_default()
    };
    let (title, institution) = (
        line("title", &input.title),
        line("institution", &input.institution),
    );
    let degree = line("degree", &input.degree);
    let mut optional = |field: &str, typed: Option<&String>, most: usize| {
        let typed = typed.map(|typed| text::optional(&text::line(typed)?, most));
        typed.and_then(|typed| faults.take(field, typed).flatten())
    };
    NewQualification {
        doctor,
        title,
        institution,
        degree,
        grade: optional("grade", input.grade.as_ref(), LONGEST_GRADE),
        registration_id: optional(
            "registration_id",
            input.registration_id.as_ref(),
            LONGEST_NUMBER,
        ),
        year: input.year.and_then(|typed| year(clinic, typed, faults)),
        certificate,
    }
}

/// A year in which somebody may have earned something, on the field `year`.
pub(super) fn year(clinic: &Clinic, typed: Year, faults: &mut Faults) -> Option<i64> {
    let this_year = i64::from(clinic.today().year());
    let checked = match typed.0 {
        year if year < EARLIEST_YEAR => Err(format!("Enter a year from {EARLIEST_YEAR} on.")),
        year if year > this_year => Err("This year is still to come.".to_owned()),
        year => Ok(year),
    };
    faults.take("year", checked)
}

/// Writes one that is accepted with something else: an applicant's first.
///
/// # Errors
/// The database's.
pub(super) async fn insert_accepted(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    new: &NewQualification,
) -> Answer<()> {
    let now = clinic.clock.now();
    let id = table::insert(tx, new, now).await?;
    let accepted = (Decision::Accepted, None);
    decided::decide(
        tx,
        Matter::Qualification,
        id,
        accepted,
        who.account_id(),
        now,
    )
    .await?;
    noted(clinic, tx, who, id, new.doctor).await
}

async fn noted(clinic: &Clinic, tx: &mut Tx, who: &Actor, id: i64, doctor: i64) -> Answer<()> {
    let object = Matter::Qualification.table();
    let detail = json!({ "doctor": doctor });
    let action = "create_qualification";
    audit::change_of(tx, clinic, who, action, object, id, detail).await?;
    Ok(())
}

/// A page of all qualifications, newest first, for admins.
///
/// # Errors
/// [`Refusal::InvalidPage`], [`Refusal::Invalid`] on `cursor`.
pub async fn list(
    clinic: &Clinic,
    who: &Actor,
    status: Option<Decision>,
    paging: &Paging,
) -> Answer<Listed<QualificationRow>> {
    let (span, count) = decisions::span(clinic, Matter::Qualification, status, paging).await?;
    let rows = table::page(&mut clinic.db.read().await?, span).await?;
    let listed = paging.listed(count, rows, |row| row.id)?;
    decisions::note_list(clinic, who, Matter::Qualification, listed.rows.len()).await;
    Ok(listed)
}

/// One qualification, for admins.
///
/// # Errors
/// [`Refusal::Missing`].
pub async fn show(clinic: &Clinic, who: &Actor, id: i64) -> Answer<QualificationRow> {
    let row = table::by_id(&mut clinic.db.read().await?, id).await?;
    let row = row.ok_or(MISSING)?;
    decisions::note_one(clinic, who, Matter::Qualification, id).await;
    Ok(row)
}

/// Accepts a qualification: from now on everybody reads it. Its doctor is told by mail.
///
/// # Errors
/// [`Refusal::Missing`], [`Refusal::Stale`], or [`Refusal::Conflict`] if it was decided already.
pub async fn accept(
    clinic: &Clinic,
    who: &Actor,
    id: i64,
    expected: Option<&[i64]>,
) -> Answer<QualificationRow> {
    let verdict = Verdict::accepted(Matter::Qualification, id);
    decide(clinic, who, id, &verdict, expected).await
}

/// Rejects a qualification, and tells its doctor by mail.
///
/// # Errors
/// As [`accept`], and [`Refusal::Invalid`] on `reason`.
pub async fn reject(
    clinic: &Clinic,
    who: &Actor,
    id: i64,
    form: desk::Rejection,
    expected: Option<&[i64]>,
    faults: Faults,
) -> Answer<QualificationRow> {
    let verdict = Verdict::rejected(Matter::Qualification, id, form.reason, faults)?;
    decide(clinic, who, id, &verdict, expected).await
}

async fn decide(
    clinic: &Clinic,
    who: &Actor,
    id: i64,
    verdict: &Verdict,
    expected: Option<&[i64]>,
) -> Answer<QualificationRow> {
    let mut tx = clinic.db.begin().await?;
    decisions::lock_pending(
        clinic,
        &mut tx,
        (Matter::Qualification, id),
        expected,
        MISSING,
    )
    .await?;
    decisions::write(clinic, &mut tx, who, verdict).await?;
    let row = table::by_id(&mut tx, id).await?.ok_or(MISSING)?;
    let doctor = doctor_table::by_uid(&mut tx, row.doctor_uid).await?;
    let job = jobs::Job::SendNotice {
        account: doctor.ok_or(MISSING)?.account_id,
        notice: Notice::QualificationDecided { qualification: id },
    };
    jobs::enqueue(clinic, &mut tx, &job, clinic.clock.now()).await?;
    tx.commit().await?;
    Ok(row)
}

/// A qualification on v1, with the URL of the picture.
pub fn wire(row: QualificationRow, certificate_img: Option<String>) -> Qualification {
    Qualification {
        id: row.id,
        title: row.title,
        institution: row.institution,
        degree: row.degree,
        year: row.year,
        grade: row.grade,
        registration_id: row.registration_id,
        certificate_img,
        status: row.decided.status.0,
        created_at: row.decided.created_at,
        updated_at: row.decided.updated_at,
    }
}

/// A qualification as admins see it, with the URL of the picture.
pub fn desk_wire(row: QualificationRow, certificate_img: Option<String>) -> desk::Qualification {
    desk::Qualification {
        id: row.id,
        doctor: row.doctor_uid,
        full_name: row.doctor_name,
        title: row.title,
        institution: row.institution,
        degree: row.degree,
        year: row.year,
        grade: row.grade,
        registration_id: row.registration_id,
        certificate_img,
        status: row.decided.status.0,
        reason: row.decided.reason,
        decided_at: row.decided.decided_at,
        version: row.decided.version,
        created_at: row.decided.created_at,
        updated_at: row.decided.updated_at,
    }
}
