//! Applications to become a doctor, and what an admin makes of them (API.md §4 `operations/`, §7).

use clinic_shared::desk::decisions as desk;
use clinic_shared::v1::qualifications::{Application, ApplicationInput, Decision};
use serde_json::json;

use super::decisions::{self, Verdict};
use super::letters::Notice;
use super::paging::{Listed, Paging};
use super::{
    Actor, Answer, Clinic, Faults, Refusal, audit, doctors, jobs, money, pictures, qualifications,
    text,
};
use crate::infra::media::Kind;
use crate::store::applications::{self as table, ApplicationRow, NewApplication};
use crate::store::decisions::Matter;
use crate::store::qualifications::NewQualification;
use crate::store::{accounts, unique_violation};

const MISSING: Refusal = Refusal::Missing("Application");
/// The picture's field.
const FIELD: &str = "certificate_img";
/// The longest number or register entry, in characters.
const LONGEST_NUMBER: usize = 100;
/// The longest name of a degree or an institution, in characters.
const LONGEST_NAME: usize = 200;

/// Takes the caller's application, with the picture of their certificate.
///
/// # Errors
/// [`Refusal::Invalid`] with every faulty field, [`Refusal::Conflict`] while another one is pending,
/// [`Refusal::TooLarge`].
pub async fn apply(
    clinic: &Clinic,
    who: &Actor,
    input: ApplicationInput,
    faults: Faults,
    picture: Option<Vec<u8>>,
) -> Answer<ApplicationRow> {
    let account = who.account_id().ok_or_else(Refusal::forbidden)?;
    let write = async |certificate: Option<String>, mut faults: Faults| {
        let new = checked(clinic, account, &input, certificate, &mut faults);
        faults.refuse()?;
        let mut tx = clinic.db.begin().await?;
        let id = table::insert(&mut tx, &new, clinic.clock.now()).await;
        let id = id.map_err(already)?;
        let object = Matter::Application.table();
        let action = "apply_to_be_doctor";
        audit::change_of(&mut tx, clinic, who, action, object, id, json!({})).await?;
        let row = table::by_id(&mut tx, id).await?.ok_or(MISSING)?;
        tx.commit().await?;
        Ok(row)
    };
    pictures::replacing(clinic, Kind::Private, picture, FIELD, None, faults, write).await
}

fn checked(
    clinic: &Clinic,
    account: i64,
    input: &ApplicationInput,
    certificate: Option<String>,
    faults: &mut Faults,
) -> NewApplication {
    let mut line = |field: &str, typed: &str, most: usize| {
        let taken = faults.take(field, text::required(typed, most));
        taken.unwrap_or_default()
    };
    let number = &input.certificate_registration_number;
    NewApplication {
        account,
        registration_number: line(
            "registration_number",
            &input.registration_number,
            LONGEST_NUMBER,
        ),
        institution: line("institution", &input.institution, LONGEST_NAME),
        degree: line("degree", &input.degree, LONGEST_NAME),
        certificate_registration_number: line(
            "certificate_registration_number",
            number,
            LONGEST_NUMBER,
        ),
        year: qualifications::year(clinic, input.year, faults).unwrap_or_default(),
        // Without one there is a fault already.
        certificate: certificate.unwrap_or_default(),
    }
}

fn already(error: sqlx::Error) -> Refusal {
    match unique_violation(&error).as_deref() {
        Some("doctor_application_account_id_key") => Refusal::Conflict {
            code: "already_pending",
            detail: "You have applied already; wait until that is decided.".to_owned(),
        },
        _ => error.into(),
    }
}

/// The caller's applications, newest first.
///
/// # Errors
/// The database's.
pub async fn own(clinic: &Clinic, who: &Actor) -> Answer<Vec<ApplicationRow>> {
    let account = who.account_id().ok_or_else(Refusal::forbidden)?;
    Ok(table::of_account(&mut clinic.db.read().await?, account).await?)
}

/// A page of all applications, newest first, for admins.
///
/// # Errors
/// [`Refusal::InvalidPage`], [`Refusal::Invalid`] on `cursor`.
pub async fn list(
    clinic: &Clinic,
    who: &Actor,
    status: Option<Decision>,
    paging: &Paging,
) -> Answer<Listed<ApplicationRow>> {
    let (span, count) = decisions::span(clinic, Matter::Application, status, paging).await?;
    let rows = table::page(&mut clinic.db.read().await?, span).await?;
    let listed = paging.listed(count, rows, |row| row.id)?;
    decisions::note_list(clinic, who, Matter::Application, listed.rows.len()).await;
    Ok(listed)
}

/// One application, for admins.
///
/// # Errors
/// [`Refusal::Missing`].
pub async fn show(clinic: &Clinic, who: &Actor, id: i64) -> Answer<ApplicationRow> {
    let row = table::by_id(&mut clinic.db.read().await?, id).await?;
    let row = row.ok_or(MISSING)?;
    decisions::note_one(clinic, who, Matter::Application, id).await;
    Ok(row)
}

/// Accepts an application: its applicant is a doctor from now on, verified, with this as the first
/// qualification; their sessions end, and a mail tells them.
///
/// # Errors
/// [`Refusal::Missing`], [`Refusal::Invalid`] on `fee`, [`Refusal::Stale`], or
/// [`Refusal::Conflict`] if it was decided already or the account is closed.
pub async fn accept(
    clinic: &Clinic,
    who: &Actor,
    id: i64,
    form: desk::Acceptance,
    expected: Option<&[i64]>,
    mut faults: Faults,
) -> Answer<ApplicationRow> {
    let fee = form.fee.as_deref().map(money::of_decimal);
    let fee = fee.and_then(|fee| faults.take("fee", fee));
    faults.refuse()?;
    let seen = table::by_id(&mut clinic.db.read().await?, id).await?;
    let seen = seen.ok_or(MISSING)?;
    let now = clinic.clock.now();
    let mut tx = clinic.db.begin().await?;
    // The account before what hangs on it, as a rename takes them.
    let account = accounts::lock(&mut tx, seen.account_id).await?;
    let account = account.ok_or(MISSING)?;
    decisions::lock_pending(
        clinic,
        &mut tx,
        (Matter::Application, id),
        expected,
        MISSING,
    )
    .await?;
    if !account.is_active {
        return Err(Refusal::Conflict {
            code: "account_closed",
            detail: "The applicant's account is closed; reject the application.".to_owned(),
        });
    }
    let (doctor, ended) = doctors::accept(clinic, &mut tx, who, &account, fee).await?;
    let first = NewQualification {
        doctor,
        title: seen.degree.clone(),
        institution: seen.institution,
        degree: seen.degree,
        year: Some(seen.year),
        grade: None,
        registration_id: Some(seen.certificate_registration_number),
        certificate: Some(seen.certificate),
    };
    qualifications::insert_accepted(clinic, &mut tx, who, &first).await?;
    let verdict = Verdict::accepted(Matter::Application, id);
    decisions::write(clinic, &mut tx, who, &verdict).await?;
    let job = jobs::Job::SendNotice {
        account: account.id,
        notice: Notice::ApplicationAccepted,
    };
    jobs::enqueue(clinic, &mut tx, &job, now).await?;
    let row = table::by_id(&mut tx, id).await?.ok_or(MISSING)?;
    tx.commit().await?;
    if ended {
        clinic.sessions.ended();
    }
    Ok(row)
}

/// Rejects an application, and tells its applicant by mail.
///
/// # Errors
/// [`Refusal::Missing`], [`Refusal::Invalid`] on `reason`, [`Refusal::Stale`], or
/// [`Refusal::Conflict`] if it was decided already.
pub async fn reject(
    clinic: &Clinic,
    who: &Actor,
    id: i64,
    form: desk::Rejection,
    expected: Option<&[i64]>,
    faults: Faults,
) -> Answer<ApplicationRow> {
    let verdict = Verdict::rejected(Matter::Application, id, form.reason, faults)?;
    let mut tx = clinic.db.begin().await?;
    decisions::lock_pending(
        clinic,
        &mut tx,
        (Matter::Application, id),
        expected,
        MISSING,
    )
    .await?;
    decisions::write(clinic, &mut tx, who, &verdict).await?;
    let row = table::by_id(&mut tx, id).await?.ok_or(MISSING)?;
    let job = jobs::Job::SendNotice {
        account: row.account_id,
        notice: Notice::ApplicationRejected { application: id },
    };
    jobs::enqueue(clinic, &mut tx, &job, clinic.clock.now()).await?;
    tx.commit().await?;
    Ok(row)
}

/// An application as its applicant sees it, with the URL of the picture.
pub fn wire(row: ApplicationRow, certificate_img: String) -> Application {
    Application {
        id: row.id,
        registration_number: row.registration_number,
        institution: row.institution,
        degree: row.degree,
        certificate_registration_number: row.certificate_registration_number,
        year: row.year,
        certificate_img,
        status: row.decided.status.0,
        reason: row.decided.reason,
        created_at: row.decided.created_at,
        updated_at: row.decided.updated_at,
    }
}

/// An application as admins see it, with the URL of the picture.
pub fn desk_wire(row: ApplicationRow, certificate_img: String) -> desk::Application {
    let full_name = format!("{} {}", row.first_name, row.last_name);
    let full_name = match full_name.trim() {
        "" => row.username,
        name => name.to_owned(),
    };
    desk::Application {
        id: row.id,
        user: row.account_uid,
        full_name,
        email: row.email,
        registration_number: row.registration_number,
        institution: row.institution,
        degree: row.degree,
        certificate_registration_number: row.certificate_registration_number,
        year: row.year,
        certificate_img,
        status: row.decided.status.0,
        reason: row.decided.reason,
        decided_at: row.decided.decided_at,
        version: row.decided.version,
        created_at: row.decided.created_at,
        updated_at: row.decided.updated_at,
    }
}
