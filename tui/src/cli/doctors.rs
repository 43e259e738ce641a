//! `clinic doctors …`: what the doctors' screens do.

use clinic_shared::client::{self, Client, DoctorQuery};
use clinic_shared::desk::doctors::{Doctor, DoctorRow, Named};
use uuid::Uuid;

use super::args::Doctors;
use super::output::Output;
use super::session::Session;
use super::{CliError, Global, page};
use crate::dates::Format;
use crate::environment::Environment;
use crate::{hours, labels};

pub(super) async fn run(
    global: &Global,
    environment: &Environment,
    command: Doctors,
    out: &mut Output,
) -> Result<(), CliError> {
    let client = Session::open(global, environment)?.signed_in()?;
    match command {
        Doctors::List {
            words,
            waiting,
            verified,
            part,
        } => {
            let query = DoctorQuery {
                search: Some(words.join(" ")).filter(|search| !search.trim().is_empty()),
                verified: (waiting || verified).then_some(verified),
                cursor: part.cursor,
                limits: Some(part.limit),
            };
            page::print(&client.doctors(&query).await?, &HEAD, row, out)
        }
        Doctors::Show { doctor } => {
            let id = find(&client, &doctor, Name::Part).await?;
            let found = client.doctor(id).await;
            let unknown = |error| CliError::of_one(error, "doctor", &doctor);
            print(&found.map_err(unknown)?.value, out)
        }
        Doctors::Verify { doctor } => {
            let id = find(&client, &doctor, Name::Whole).await?;
            let verified = client.verify_doctor(id).await;
            print(
                &verified.map_err(|error| unverified(error, &doctor))?.value,
                out,
            )
        }
    }
}

/// As the screens say it.
fn unverified(error: client::Error, doctor: &str) -> CliError {
    match error {
        client::Error::Refused(refused) if refused.status == 403 => {
            CliError::Refused("Only an admin can verify a doctor.".to_owned())
        }
        error => CliError::of_one(error, "doctor", doctor),
    }
}

/// A name without the titles before it: nobody is found by them.
fn untitled(name: &str) -> String {
    let is_title = |word: &&str| {
        let word = word.trim_end_matches('.').to_lowercase();
        matches!(word.as_str(), "dr" | "prof" | "doctor" | "professor")
    };
    let words: Vec<&str> = name.split_whitespace().skip_while(is_title).collect();
    words.join(" ")
}

/// More namesakes than these are not told apart in a sentence.
const NAMESAKES: u32 = 5;

/// How much of a name says who is meant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Name {
    /// So much of it that it is nobody else's.
    Part,
    /// All of it: who is changed is named, not guessed.
    Whole,
}

/// The id of the doctor who is meant.
///
/// # Errors
/// Nobody is called that, or several are.
pub(super) async fn find(client: &Client, asked: &str, name: Name) -> Result<Uuid, CliError> {
    if let Ok(id) = Uuid::parse_str(asked) {
        return Ok(id);
    }
    let query = DoctorQuery {
        search: Some(untitled(asked)),
        limits: Some(NAMESAKES),
        ..DoctorQuery::default()
    };
    let mut found = client.doctors(&query).await?.results;
    let wanted = untitled(asked).to_lowercase();
    let is_whole = |row: &DoctorRow| untitled(&row.full_name).to_lowercase() == wanted;
    if name == Name::Whole || found.iter().filter(|row| is_whole(row)).count() == 1 {
        found.retain(is_whole);
    }
    match found.as_slice() {
        [only] => Ok(only.id),
        [] if name == Name::Whole => Err(CliError::Refused(format!(
            "No doctor's whole name is {asked}; look for it with: clinic doctors list {asked}"
        ))),
        [] => Err(CliError::Refused(format!(
            "No doctor is called {asked}; look for them with: clinic doctors list"
        ))),
        several => {
            let names: Vec<String> = several
                .iter()
                .map(|row| format!("{} ({})", row.full_name, row.id))
                .collect();
            Err(CliError::Refused(format!(
                "Several doctors may be meant by {asked}; name one by id: {}",
                names.join(", ")
            )))
        }
    }
}

const HEAD: [&str; 5] = ["NAME", "SPECIALISATIONS", "FEE", "VERIFIED", "ID"];

fn row(row: &DoctorRow) -> [String; 5] {
    [
        row.full_name.clone(),
        row.specialisations.join(", "),
        row.fee.clone(),
        labels::verified(row.is_verified).to_owned(),
        row.id.to_string(),
    ]
}

fn print(doctor: &Doctor, out: &mut Output) -> Result<(), CliError> {
    if out.is_json() {
        return out.json(doctor);
    }
    let names = |named: &[Named]| {
        let names: Vec<&str> = named.iter().map(|named| named.name.as_str()).collect();
        Some(names.join(", "))
    };
    let hours: Vec<String> = doctor
        .available_times
        .iter()
        .map(|window| hours::spelled_out(window, "-", Format::Iso))
        .collect();
    let verified = labels::verified(doctor.verified_at.is_some());
    let pairs = [
        ("Name", Some(doctor.full_name.clone())),
        ("Verified", Some(verified.to_owned())),
        ("Works as", names(&doctor.designations)),
        ("Specialised", names(&doctor.specialisations)),
        ("Hours", Some(hours.join("\n"))),
        ("Fee", Some(doctor.fee.clone())),
        ("E-mail", Some(doctor.email.clone())),
        ("Meeting", doctor.meet_link.clone()),
        ("Account", Some(doctor.username.clone())),
        ("Id", Some(doctor.id.to_string())),
    ];
    page::pairs(&pairs, out)
}

#[cfg(test)]
mod tests {
    use super::untitled;

    #[test]
    fn titles_are_no_names() {
        assert_eq!(untitled("Dr. Lindqvist"), "Lindqvist");
        assert_eq!(untitled("Prof. Dr. Lise Meitner"), "Lise Meitner");
        assert_eq!(untitled("Drew Barry"), "Drew Barry");
        assert_eq!(untitled(" lise  meitner "), "lise meitner");
    }
}
