//! The day report for tables (RFC 4180).

use clinic_shared::desk::reports::{DayNumbers, DayReport};

const HEADER: &str = "date,doctor_id,doctor_number,doctor,booked,walk_ins,seen,waiting,awaited,\
                      no_shows,cancelled,left,overbooked,waits,wait_median_minutes,\
                      wait_p90_minutes,late_median_minutes,late_p90_minutes";

/// One line a doctor.
pub fn csv(report: &DayReport) -> String {
    let mut text = format!("{HEADER}\r\n");
    for line in &report.doctors {
        let doctor = &line.doctor;
        let who = format!(
            "{},{},{},{}",
            report.date,
            doctor.id,
            doctor.number,
            cell(&doctor.full_name)
        );
        text.push_str(&format!("{who},{}\r\n", numbers(&line.numbers)));
    }
    text
}

fn numbers(of: &DayNumbers) -> String {
    let counts = [
        of.booked,
        of.walk_ins,
        of.seen,
        of.waiting,
        of.awaited,
        of.no_shows,
        of.cancelled,
        of.left,
        of.overbooked,
        of.wait.count,
    ]
    .map(|count| count.to_string());
    let minutes = [
        of.wait.median,
        of.wait.p90,
        of.started_late.median,
        of.started_late.p90,
    ]
    .map(|minutes| minutes.map_or_else(String::new, |minutes| minutes.to_string()));
    let cells: Vec<String> = counts.into_iter().chain(minutes).collect();
    cells.join(",")
}

/// A text in a cell: no name is a formula, however it begins.
fn cell(text: &str) -> String {
    let text = match text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{text}"),
        false => text.to_owned(),
    };
    match text.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_in_their_cells_and_are_no_formulas() {
        assert_eq!(cell("Ann Berg"), "Ann Berg");
        assert_eq!(cell("Berg, Ann \"Al\""), "\"Berg, Ann \"\"Al\"\"\"");
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(cell("@sum(a,b)"), "\"'@sum(a,b)\"");
    }
}
