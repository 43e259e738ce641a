//! A page of any list, as text and as JSON.

use clinic_shared::{Page, WireType};
use serde::Serialize;
use serde_json::json;

use super::CliError;
use super::output::Output;
use crate::paging::cursor_of;

/// Prints a page: a table, and beside it how many there are and how to go on; JSON carries the
/// `cursor` for the next page.
pub(super) fn print<T: WireType + Serialize, const N: usize>(
    page: &Page<T>,
    head: &[&str; N],
    row: impl FnMut(&T) -> [String; N],
    out: &mut Output,
) -> Result<(), CliError> {
    let cursor = page.next.as_deref().and_then(cursor_of);
    if out.is_json() {
        return out.json(&json!({
            "count": page.count,
            "cursor": cursor,
            "results": page.results,
        }));
    }
    out.table(head, &page.results.iter().map(row).collect::<Vec<_>>())?;
    out.aside(&format!("{} of {}", page.results.len(), page.count))?;
    if let Some(cursor) = cursor {
        out.aside(&format!("More: --cursor {cursor}"))?;
    }
    Ok(())
}

/// Prints what is known of one thing: a line each, nothing for what is not known.
pub(super) fn pairs(pairs: &[(&str, Option<String>)], out: &mut Output) -> Result<(), CliError> {
    for (title, value) in pairs {
        if let Some(value) = value.as_ref().filter(|value| !value.is_empty()) {
            out.pair(title, value)?;
        }
    }
    Ok(())
}
