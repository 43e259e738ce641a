//! `clinic report`: a day in numbers, to read, to print or for tables.

use clinic_shared::desk::reports::Format;

use super::args::Report;
use super::output::Output;
use super::session::Session;
use super::{CliError, Global};
use crate::environment::Environment;

pub(super) async fn run(
    global: &Global,
    environment: &Environment,
    asked: &Report,
    out: &mut Output,
) -> Result<(), CliError> {
    let client = Session::open(global, environment)?.signed_in()?;
    if out.is_json() {
        return out.json(&client.day_report(asked.date).await?);
    }
    let format = if asked.csv { Format::Csv } else { Format::Text };
    let report = client.written_day_report(asked.date, format).await?;
    report.lines().try_for_each(|line| out.line(line))
}
