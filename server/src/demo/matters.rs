//! What waits for an admin of an invented clinic: people who want to be doctors, what doctors have
//! learnt, and a report of something wrong.

use clinic_shared::Role;
use clinic_shared::v1::lenient::Year;
use clinic_shared::v1::portal::BugReportInput;
use clinic_shared::v1::qualifications::{ApplicationInput, QualificationInput};

use crate::clinic::accounts::{self, Newcomer};
use crate::clinic::{
    Account, Actor, Answer, Clinic, Faults, applications, bug_reports, qualifications,
};
use crate::store::accounts::{self as table, AccountRow};

const CERTIFICATE: &[u8] = include_bytes!("pictures/certificate.png");

/// Who wants to be a doctor here, oldest first: sign-in name, given name, family name, number in the
/// register, institution, degree, number of the certificate, year. The first one has a profile
/// already, and is among the doctors as not verified.
type Applicant = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    i64,
);
const APPLICANTS: [Applicant; 3] = [
    (
        "leyla",
        "Leyla",
        "Haddad",
        "REG 555 0148",
        "Lakeside University",
        "MD, Dermatology",
        "LU-2011-0148",
        2011,
    ),
    (
        "jonas",
        "Jonas",
        "Brandt",
        "REG 555 0163",
        "St. Alban Medical School",
        "MD",
        "SA-2016-0412",
        2016,
    ),
    (
        "nadia",
        "Nadia",
        "Farouk",
        "REG 555 0177",
        "University of Port Marren",
        "MD, Paediatrics",
        "PM-2009-0031",
        2009,
    ),
];

/// What doctors have learnt, oldest first: sign-in name, title, institution, degree, year.
type Learnt = (&'static str, &'static str, &'static str, &'static str, i64);
const LEARNT: [Learnt; 3] = [
    (
        "samuel",
        "Heart ultrasound",
        "Institute of Cardiology, Port Marren",
        "Diploma",
        2021,
    ),
    (
        "mei",
        "Dermatoscopy",
        "Lakeside University",
        "Certificate",
        2023,
    ),
    (
        "doctor",
        "Emergency medicine",
        "St. Alban Medical School",
        "Specialist",
        2014,
    ),
];

/// Hands all of it in; applicants who have no account yet get one with this password.
///
/// # Errors
/// The database's.
pub(super) async fn hand_in(clinic: &Clinic, password: Option<&str>) -> Answer<()> {
    for applicant in APPLICANTS {
        let who = actor(&account_of(clinic, applicant, password).await?);
        let (.., registration_number, institution, degree, number, year) = applicant;
        let input = ApplicationInput {
            registration_number: registration_number.to_owned(),
            institution: institution.to_owned(),
            degree: degree.to_owned(),
            certificate_registration_number: number.to_owned(),
            year: Year(year),
        };
        let picture = Some(CERTIFICATE.to_vec());
        applications::apply(clinic, &who, input, Faults::new(), picture).await?;
    }
    for (username, title, institution, degree, year) in LEARNT {
        let Some(doctor) = known(clinic, username).await? else {
            continue;
        };
        let input = QualificationInput {
            title: title.to_owned(),
            institution: institution.to_owned(),
            degree: degree.to_owned(),
            year: Some(Year(year)),
            ..QualificationInput::default()
        };
        let picture = Some(CERTIFICATE.to_vec());
        qualifications::apply(clinic, &actor(&doctor), input, Faults::new(), picture).await?;
    }
    let report = BugReportInput {
        bug_type: "display".to_owned(),
        issue: "On my phone the list of doctors ends after the first page.".to_owned(),
        email: Some("chidi@example.org".to_owned()),
    };
    let nobody = Actor::nobody(None);
    bug_reports::report(clinic, &nobody, report, Faults::new(), None).await?;
    Ok(())
}

async fn known(clinic: &Clinic, username: &str) -> Answer<Option<AccountRow>> {
    Ok(table::by_login(&mut clinic.db.read().await?, username).await?)
}

async fn account_of(
    clinic: &Clinic,
    (username, first_name, last_name, ..): Applicant,
    password: Option<&str>,
) -> Answer<AccountRow> {
    if let Some(account) = known(clinic, username).await? {
        return Ok(account);
    }
    let newcomer = Newcomer {
        username: username.to_owned(),
        email: format!("{username}@example.org"),
        first_name: first_name.to_owned(),
        last_name: last_name.to_owned(),
        password: password.map(str::to_owned),
        role: Role::Patient,
        is_verified: true,
        awaits_activation: false,
    };
    accounts::create(clinic, &Actor::nobody(None), newcomer).await
}

/// Somebody as if signed in.
pub(super) fn actor(account: &AccountRow) -> Actor {
    Actor {
        account: Some(Account {
            id: account.id,
            uid: account.uid,
            role: account.role.0,
            session: uuid::Uuid::nil(),
            is_verified: true,
        }),
        address: None,
    }
}
