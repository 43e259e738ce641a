//! How both engines find what each list and search asks for, in a clinic of a size where it matters:
//! which index leads to which table, what is read as a whole, what is sorted.
//!
//! PostgreSQL tells the plan of each statement that the server runs, with its real values
//! (`auto_explain`); SQLite is asked for the plan of each statement that was seen.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::large_futures,
    reason = "a test that panics fails, which is what it is for"
)]

mod clinic;
mod postgres;
mod requests;
mod sqlite;
#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeSet;
use std::fmt::Write as _;

/// How a statement finds its rows.
#[derive(Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Plan {
    /// Each table with the index that leads to it, in the plan's order.
    pub(crate) found: Vec<String>,
    /// Tables that are read as a whole.
    pub(crate) whole: Vec<String>,
    /// Whether more rows are sorted than a page or a day has.
    pub(crate) sorts: bool,
    /// The statement.
    pub(crate) text: String,
}

/// Tables that grow for as long as the clinic works.
const BIG: [&str; 8] = [
    "patient",
    "patient_word",
    "appointment",
    "appointment_history",
    "audit",
    "audit_seal",
    "account",
    "contact",
];

/// What may read a big table as a whole, and why.
const MAY: [(&str, &str, &str); 5] = [
    ("list_users", "account", SEARCHED),
    ("desk_list_users", "account", SEARCHED),
    ("list_contacts", "contact", "this list has no pages"),
    ("desk_list_contacts", "contact", SEARCHED),
    (
        "desk_list_audit",
        "audit",
        "counting without a filter takes the first ten thousand rows wherever they are, and stops",
    ),
];

/// An admin or the inbox looks for a part of a word, which no index leads to; rows are some ten
/// thousands where there are a million patients.
const SEARCHED: &str = "parts of words are looked for in all texts";

/// All of it to look at, one request a paragraph; and the faults.
fn told(walked: &[(requests::Request, BTreeSet<Plan>)]) -> (String, Vec<String>) {
    let (mut text, mut faults) = (String::new(), Vec::new());
    for (request, plans) in walked {
        writeln!(text, "{}", request.title()).unwrap();
        for plan in plans {
            let sorted = if plan.sorts { ", sorted" } else { "" };
            writeln!(text, "    {}{sorted}", plan.found.join(", ")).unwrap();
            for table in plan
                .whole
                .iter()
                .filter(|table| BIG.contains(&table.as_str()))
            {
                let may = MAY
                    .iter()
                    .any(|(operation, of, _)| *operation == request.operation && of == table);
                if !may {
                    faults.push(format!(
                        "{} reads all of {table}: {}",
                        request.title(),
                        plan.text
                    ));
                }
            }
        }
    }
    (text, faults)
}

/// Nobody forgot a list: each operation of the document that pages or searches is asked.
#[test]
fn every_list_is_asked_for() {
    let document = clinic_server::api::document();
    let asked: BTreeSet<_> = requests::all().iter().map(|one| one.operation).collect();
    for (path, item) in document["paths"].as_object().unwrap() {
        let Some(get) = item.get("get") else { continue };
        let id = get["operationId"].as_str().unwrap();
        let parameters = get["parameters"].as_array().into_iter().flatten();
        let lists = parameters
            .filter_map(|parameter| parameter["name"].as_str())
            .any(|name| ["page", "limits", "limit", "search", "from", "date"].contains(&name));
        assert!(!lists || asked.contains(id), "{id} {path} is not asked for");
    }
}
