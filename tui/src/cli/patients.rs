//! `clinic patients …`: what the patients' screens do.

mod edit;
mod print;

use clinic_shared::client::{Client, PatientQuery, Tagged};
use clinic_shared::desk::patients::{Patient, PatientDraft};
use uuid::Uuid;

use super::args::{Fields, Patients};
use super::output::Output;
use super::session::Session;
use super::{CliError, Global};
use crate::environment::Environment;

pub(super) async fn run(
    global: &Global,
    environment: &Environment,
    command: Patients,
    out: &mut Output,
) -> Result<(), CliError> {
    let session = Session::open(global, environment)?;
    let client = session.signed_in()?;
    match command {
        Patients::Search {
            words,
            limit,
            cursor,
        } => {
            let search = Some(words.join(" ")).filter(|search| !search.trim().is_empty());
            let query = PatientQuery {
                search,
                cursor,
                limits: Some(limit),
            };
            print::page(&client.patients(&query).await?, out)
        }
        Patients::Show { patient } => print::patient(&find(&client, &patient).await?.value, out),
        Patients::Add {
            full_name,
            fields,
            anyway,
        } => {
            let draft = draft(full_name, fields);
            if !anyway {
                refuse_duplicates(&client, &draft, out).await?;
            }
            print::patient(&client.register_patient(&draft).await?.value, out)
        }
        Patients::Edit {
            patient,
            full_name,
            fields,
            clear,
        } => {
            let change = edit::change(full_name, fields, &clear)?;
            let found = find(&client, &patient).await?;
            let changed = client
                .change_patient(found.value.id, &change, found.etag.as_deref())
                .await?;
            print::patient(&changed.value, out)
        }
    }
}

/// The record with this id or record number.
async fn find(client: &Client, asked: &str) -> Result<Tagged<Patient>, CliError> {
    let id = match Uuid::parse_str(asked) {
        Ok(id) => id,
        Err(_) => by_record_number(client, asked).await?,
    };
    let found = client.patient(id).await;
    found.map_err(|error| CliError::of_one(error, "patient", asked))
}

/// `P-145` as it stands on the record: `P-000145`. Anything else is left as it is.
fn whole_number(text: &str) -> String {
    let digits = text.strip_prefix("P-").or_else(|| text.strip_prefix("p-"));
    match digits.and_then(|digits| digits.parse::<u64>().ok()) {
        Some(number) => format!("P-{number:06}"),
        None => text.to_owned(),
    }
}

async fn by_record_number(client: &Client, number: &str) -> Result<Uuid, CliError> {
    let whole = whole_number(number);
    let query = PatientQuery {
        search: Some(whole.clone()),
        limits: Some(10),
        cursor: None,
    };
    let page = client.patients(&query).await?;
    page.results
        .iter()
        .find(|row| row.record_number.eq_ignore_ascii_case(&whole))
        .map(|row| row.id)
        .ok_or_else(|| {
            CliError::Refused(format!(
                "No patient has the id or record number {number}; look for them with: \
                 clinic patients search {number}"
            ))
        })
}

async fn refuse_duplicates(
    client: &Client,
    draft: &PatientDraft,
    out: &mut Output,
) -> Result<(), CliError> {
    let duplicates = client.possible_duplicates(draft).await?;
    if duplicates.is_empty() {
        return Ok(());
    }
    print::duplicates(&duplicates, out)?;
    out.finish()?;
    Err(CliError::Refused(
        "Nobody was registered: these records may be this person's. If none is, add --anyway."
            .to_owned(),
    ))
}

fn draft(full_name: String, fields: Fields) -> PatientDraft {
    let Fields {
        birth_date,
        gender,
        phone,
        email,
        address,
        blood_group,
        note,
    } = fields;
    PatientDraft {
        full_name,
        birth_date,
        gender,
        phone,
        email,
        address,
        blood_group,
        note,
    }
}

#[cfg(test)]
mod tests {
    use super::whole_number;

    #[test]
    fn a_record_number_needs_no_zeros() {
        assert_eq!(whole_number("P-145"), "P-000145");
        assert_eq!(whole_number("p-000145"), "P-000145");
        assert_eq!(whole_number("P-rest"), "P-rest");
        assert_eq!(whole_number("Ada"), "Ada");
    }
}
