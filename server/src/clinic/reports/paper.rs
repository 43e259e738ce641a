//! For paper: plain text of at most 80 columns.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use clinic_shared::desk::appointments::Status;
use clinic_shared::desk::reports::{DayNumbers, DayReport, Spread};
use serde_json::json;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};
use uuid::Uuid;

use super::super::appointments::local;
use super::super::patients::record_number;
use super::super::{Actor, Answer, Clinic, Refusal};
use crate::store::board::{self, BoardRow};
use crate::store::doctors;

/// How wide paper is.
const WIDTH: usize = 80;

/// The day report as a table.
pub fn report_text(clinic: &Clinic, report: &DayReport) -> String {
    let mut text = heading(clinic, "Day report", report.date, report.at);
    text.push_str(&row(
        "Doctor",
        ["Booked", "Seen", "Missed", "Canc", "Left", "Walk", "Over"].map(str::to_owned),
        ["Wait", "Late"].map(str::to_owned),
    ));
    text.push_str(&rule('-'));
    for line in &report.doctors {
        text.push_str(&counted(&line.doctor.full_name, &line.numbers));
    }
    if report.doctors.is_empty() {
        text.push_str("Nobody has an appointment on this day.\n");
    } else {
        text.push_str(&rule('-'));
        text.push_str(&counted("All", &report.total));
    }
    text.push_str(
        "\nMissed: did not come. Canc: called off. Left: left without being seen.\n\
         Walk: came without being booked. Over: beside another one on purpose.\n\
         Wait, Late: minutes, median/9 of 10, from check-in, and from when they were due.\n",
    );
    text
}

fn counted(name: &str, of: &DayNumbers) -> String {
    let counts = [
        of.booked,
        of.seen,
        of.no_shows,
        of.cancelled,
        of.left,
        of.walk_ins,
        of.overbooked,
    ];
    let minutes = |spread: &Spread| match spread.median.zip(spread.p90) {
        Some((median, p90)) => format!("{median}/{p90}"),
        None => "-".to_owned(),
    };
    row(
        name,
        counts.map(|count| count.to_string()),
        [minutes(&of.wait), minutes(&of.started_late)],
    )
}

fn row(name: &str, counts: [String; 7], minutes: [String; 2]) -> String {
    let [booked, seen, missed, cancelled, left, walk, over] = counts;
    let [wait, late] = minutes;
    format!(
        "{}{booked:>7}{seen:>5}{missed:>7}{cancelled:>6}{left:>5}{walk:>5}{over:>5}{wait:>8}{late:>8}\n",
        fitted(name, 24)
    )
}

/// Who comes when, to print: of a day, of one doctor or of all. The policy lets staff in only.
///
/// # Errors
/// [`Refusal::Missing`] if there is no such doctor.
pub async fn day_sheet(
    clinic: &Clinic,
    who: &Actor,
    date: Option<NaiveDate>,
    doctor: Option<Uuid>,
) -> Answer<String> {
    let date = date.unwrap_or_else(|| clinic.today());
    let mut reader = clinic.db.read().await?;
    let whose = match doctor {
        None => None,
        Some(id) => {
            let found = doctors::by_uid(&mut reader, id).await?;
            Some(found.ok_or(Refusal::Missing("Doctor"))?)
        }
    };
    let rows = board::day(&mut reader, date, doctor).await?;
    drop(reader);
    let number = whose.as_ref().map(|doctor| doctor.id);
    let detail = json!({ "date": date, "doctor": number, "count": rows.len() });
    let action = "print_day_sheet";
    clinic.reads.note(who, action, None, detail).await;
    let title = match &whose {
        Some(doctor) => format!("Day sheet, {}", doctor.full_name),
        None => "Day sheet".to_owned(),
    };
    Ok(sheet_of(clinic, &title, date, &rows))
}

/// The sheet of a day's appointments, one doctor after the other.
pub fn sheet_of(clinic: &Clinic, title: &str, date: NaiveDate, rows: &[BoardRow]) -> String {
    let mut doctors: BTreeMap<(&str, i64), Vec<&BoardRow>> = BTreeMap::new();
    for row in rows {
        if row.line.status.0 != Status::Cancelled {
            let key = (row.line.doctor_name.as_str(), row.line.doctor_id);
            doctors.entry(key).or_default().push(row);
        }
    }
    let mut text = heading(clinic, title, date, clinic.clock.now());
    if doctors.is_empty() {
        text.push_str("Nobody comes.\n");
    }
    for ((name, _), rows) in doctors {
        text.push_str(&format!(
            "{}\n{}",
            fitted(name, WIDTH).trim_end(),
            rule('=')
        ));
        text.push_str(
            "Time         Patient                        Born  Phone             State\n",
        );
        for row in rows {
            text.push_str(&comes(clinic, row));
        }
        text.push('\n');
    }
    text
}

/// One who comes, and what it is about on a line of its own.
fn comes(clinic: &Clinic, row: &BoardRow) -> String {
    let line = &row.line;
    let time = match local(line.starts_at, clinic.zone).zip(local(line.ends_at, clinic.zone)) {
        Some((starts, ends)) => format!("{starts}-{ends}"),
        None => line.window_name.clone().unwrap_or_default(),
    };
    let number = format!(" {}", record_number(line.patient_id));
    // The name gives way to the number, which is unique.
    let name = fitted(&line.patient_name, 30_usize.saturating_sub(number.len()));
    let name = format!("{}{number}", name.trim_end());
    let born = line.patient_birth_date.map(|date| date.year().to_string());
    let phone = row.patient_phone.as_deref().unwrap_or("-");
    let state = match row.walk_in {
        true => "walk-in".to_owned(),
        false => line.status.0.as_str().replace('_', " "),
    };
    let mut text = format!(
        "{} {} {} {} {}",
        fitted(&time, 12),
        fitted(&name, 30),
        fitted(born.as_deref().unwrap_or("-"), 5),
        fitted(phone, 17),
        fitted(&state, 12).trim_end()
    );
    text.push('\n');
    if let Some(title) = &row.title {
        let title = title.replace(char::is_control, " ");
        text.push_str(&format!("{:13}{}\n", "", fitted(&title, 67).trim_end()));
    }
    text
}

fn heading(clinic: &Clinic, title: &str, date: NaiveDate, at: DateTime<Utc>) -> String {
    let date = date.format("%A, %-d %B %Y").to_string();
    let room = WIDTH - date.len();
    let as_of = at.with_timezone(&clinic.zone).format("%H:%M on %-d %B %Y");
    let place = format!("{}, as of {as_of}", clinic.name);
    let place = place.replace(char::is_control, " ");
    format!(
        "{}{date}\n{}\n\n",
        fitted(title, room),
        fitted(&place, WIDTH).trim_end()
    )
}

fn rule(sign: char) -> String {
    format!("{}\n", String::from(sign).repeat(WIDTH))
}

/// A text in exactly so many columns: filled up with blanks, or cut off with a mark.
fn fitted(text: &str, columns: usize) -> String {
    let width = text.width();
    if width <= columns {
        return format!("{text}{}", " ".repeat(columns - width));
    }
    let mut cut = String::new();
    let mut used = 0;
    for sign in text.chars() {
        let wide = sign.width().unwrap_or(0);
        if used + wide + 1 > columns {
            break;
        }
        used += wide;
        cut.push(sign);
    }
    format!("{cut}…{}", " ".repeat(columns.saturating_sub(used + 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_fill_their_columns_exactly() {
        for text in ["", "Ann", "Maximiliane Überlang-Müßig", "山田太郎山田太郎"] {
            assert_eq!(fitted(text, 11).width(), 11, "{text}");
        }
        assert_eq!(fitted("Maximiliane", 6), "Maxim…");
    }
}
