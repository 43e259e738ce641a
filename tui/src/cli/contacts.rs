//! `clinic contacts …`: what people wrote to the clinic.

use clinic_shared::client::ContactQuery;
use clinic_shared::desk::contacts::Contact;

use super::args::Contacts;
use super::output::Output;
use super::session::Session;
use super::{CliError, Global, page};
use crate::clock::Clock;
use crate::environment::Environment;
use crate::{labels, text};

/// Columns of the beginning of a message.
const BEGINNING: usize = 40;

pub(super) async fn run(
    global: &Global,
    environment: &Environment,
    command: Contacts,
    out: &mut Output,
) -> Result<(), CliError> {
    let client = Session::open(global, environment)?.signed_in()?;
    match command {
        Contacts::List { status, part } => {
            let query = ContactQuery {
                status,
                cursor: part.cursor,
                limits: Some(part.limit),
                ..ContactQuery::default()
            };
            page::print(&client.contacts(&query).await?, &HEAD, row, out)
        }
        Contacts::Show { contact } => {
            let found = client.contact(contact).await;
            let unknown = |error| CliError::of_one(error, "contact request", &contact.to_string());
            print(&found.map_err(unknown)?.value, out)
        }
    }
}

const HEAD: [&str; 6] = ["CAME", "NAME", "PHONE, E-MAIL", "MESSAGE", "STATUS", "ID"];

fn row(contact: &Contact) -> [String; 6] {
    let message = text::line(&contact.message);
    [
        came(contact),
        contact.name.clone(),
        labels::reach(contact).to_owned(),
        text::cut(&message, BEGINNING, "...").into_owned(),
        labels::contact_status(contact.status).to_owned(),
        contact.id.to_string(),
    ]
}

/// When it came, on this machine's clock.
fn came(contact: &Contact) -> String {
    let here = Clock::system().now();
    let came = contact.created_at.with_timezone(here.offset());
    came.format("%Y-%m-%d %H:%M").to_string()
}

fn print(contact: &Contact, out: &mut Output) -> Result<(), CliError> {
    if out.is_json() {
        return out.json(contact);
    }
    let status = labels::contact_status(contact.status);
    let pairs = [
        ("Came", Some(came(contact))),
        ("Name", Some(contact.name.clone())),
        ("Status", Some(status.to_owned())),
        ("Phone", Some(contact.phone.clone())),
        ("E-mail", contact.email.clone()),
        ("Subject", contact.subject.clone()),
        ("Message", Some(contact.message.clone())),
        ("Id", Some(contact.id.to_string())),
    ];
    page::pairs(&pairs, out)
}
