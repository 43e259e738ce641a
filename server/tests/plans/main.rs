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
    /// The tables and how each is come by: an index, or `None` where it is read as a whole.
    pub(crate) found: BTreeSet<(String, Option<String>)>,
    /// Whether more rows are sorted than a page or the weeks ahead have.
    pub(crate) sorts: bool,
    /// The statement.
    pub(crate) text: String,
}

impl Plan {
    /// Of the tables that matter: which index leads to it. The others are so small that it is all
    /// the same, and may be one or the other from run to run.
    fn told(&self) -> Option<String> {
        let mut ways: Vec<_> = self
            .found
            .iter()
            .filter(|(table, _)| BIG.contains(&table.as_str()))
            .map(|(table, by)| match by {
                Some(by) => format!("{table} by {by}"),
                None => format!("all of {table}"),
            })
            .collect();
        if ways.is_empty() {
            return None;
        }
        if self.sorts {
            ways.push("sorted".to_owned());
        }
        Some(ways.join(", "))
    }
}

/// Tables that grow for as long as the clinic works.
const BIG: [&str; 9] = [
    "patient",
    "patient_word",
    "appointment",
    "appointment_history",
    "audit",
    "audit_seal",
    "account",
    "review",
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
        let title = request.title();
        writeln!(text, "{title}").unwrap();
        let lines: BTreeSet<_> = plans.iter().filter_map(Plan::told).collect();
        for line in lines {
            writeln!(text, "    {line}").unwrap();
        }
        for plan in plans {
            for (table, by) in &plan.found {
                let may = MAY
                    .iter()
                    .any(|(operation, of, _)| *operation == request.operation && of == table);
                if by.is_none() && BIG.contains(&table.as_str()) && !may {
                    faults.push(format!("{title} reads all of {table}: {}", plan.text));
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
