//! The story below a patient's record, in lines.

use clinic_shared::desk::appointments::{Appointment, Status};
use clinic_shared::desk::merging::Merge;

use super::super::view::{Lines, moment};
use super::{Story, Sums, is_ahead, waits};
use crate::app::{Link, Model, key_now};
use crate::command;
use crate::effect::Slot;
use crate::labels;
use crate::screens::merge;
use crate::theme::Role;

/// From this width on an appointment is one line.
const WIDE: u16 = 70;

/// The columns of the longest `Wed 25 Nov 2026 10:00–10:30`.
const WHEN: usize = 27;

/// Writes the story below a record.
pub(in crate::screens::record) fn tell(model: &Model, story: &Story, out: &mut Lines) {
    out.blank();
    waits::tell(model, &story.waits, out);
    let Some(sums) = story.sums else {
        unknown(model, story, out);
        return;
    };
    let today = model.today();
    let ahead = story
        .bookings
        .iter()
        .take_while(|booking| is_ahead(&booking.whole, today))
        .count();
    out.whole("Upcoming", Role::Title);
    if ahead == 0 {
        let book = command::find("app.book").and_then(|book| key_now(model, book));
        let how = book.map(|key| format!(" {key} books.")).unwrap_or_default();
        out.whole(&format!("Nothing is booked.{how}"), Role::Dim);
    }
    for (index, booking) in story.bookings.iter().enumerate() {
        if index == ahead {
            out.blank();
            out.whole("Past and called off", Role::Title);
            past(sums, out);
        }
        line(model, story, &booking.whole, index, out);
    }
    if sums.has_more {
        out.whole("Older ones are not shown.", Role::Dim);
    }
    if !story.merges.is_empty() {
        out.blank();
        out.whole("Took in", Role::Title);
    }
    for (at, merge) in story.merges.iter().enumerate() {
        took_in(model, story, merge, story.bookings.len() + at, out);
    }
}

fn unknown(model: &Model, story: &Story, out: &mut Lines) {
    if let Some(error) = &story.error {
        out.whole(error, Role::Error);
    } else if model.link != Link::Up {
        out.whole("The appointments can't be read now.", Role::Warning);
    } else if model.flights.is_slow(Slot::Visits, model.now) {
        let text = format!("loading appointments{}", model.glyphs.ellipsis);
        out.whole(&text, Role::Dim);
    }
}

/// What it all comes to, as far as there is something to say.
fn past(sums: Sums, out: &mut Lines) {
    let late = match sums.cancelled_late {
        0 => String::new(),
        late => format!(" ({late} late)"),
    };
    let told = [
        (
            sums.no_shows,
            format!("did not come {}", times(sums.no_shows)),
        ),
        (
            sums.cancelled,
            format!("called off {}{late}", times(sums.cancelled)),
        ),
        (
            sums.left,
            format!("left without being seen {}", times(sums.left)),
        ),
    ];
    let told: Vec<String> = told
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(_, text)| text)
        .collect();
    if !told.is_empty() {
        out.whole(&told.join(", "), Role::Dim);
    }
}

/// `once`, `3 times`.
pub(in crate::screens::record) fn times(count: i64) -> String {
    match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        count => format!("{count} times"),
    }
}

fn line(model: &Model, story: &Story, whole: &Appointment, index: usize, out: &mut Lines) {
    let glyphs = &model.glyphs;
    let row = labels::row_of(whole);
    let time = labels::time(&row, glyphs.dash);
    let status = labels::with_sign(glyphs.status(whole.status), labels::status(whole.status));
    let when = format!("{} {time}", model.prefs.dates.day(whole.date));
    let beside = match whole.overbooked && !whole.walk_in {
        true => format!(" {}", glyphs.overbooked),
        false => String::new(),
    };
    let why = match whole.status {
        Status::Cancelled | Status::NoShow | Status::Left => labels::called_off(whole),
        _ => None,
    };
    let mut rest = vec![whole.doctor.full_name.clone()];
    rest.extend(why);
    rest.extend(whole.title.clone());
    let rest = rest.join(&format!(" {} ", glyphs.dot));
    let is_chosen = story.chosen == Some(index);
    let role = match whole.status.holds_time() {
        true => Role::Text,
        false => Role::Dim,
    };
    if out.width() >= WIDE {
        let ellipsis = glyphs.ellipsis;
        let when = crate::text::fit(&when, WHEN, ellipsis);
        let beside = crate::text::fit(&beside, 2, ellipsis);
        let status = crate::text::fit(&status, 13, ellipsis);
        let text = format!("{when}{beside} {status} {rest}");
        out.pick(index, is_chosen, &text, role);
    } else {
        out.pick(index, is_chosen, &format!("{when}{beside}  {status}"), role);
        out.pick_more(index, &rest);
    }
}

fn took_in(model: &Model, story: &Story, merge: &Merge, index: usize, out: &mut Lines) {
    let other = &merge.other;
    let by = merge.by.as_ref().map(|by| format!(" by {by}"));
    let when = moment(model, merge.at);
    let head = format!("{} {}", other.record_number, other.full_name);
    let is_chosen = story.chosen == Some(index);
    out.pick(index, is_chosen, &head, Role::Text);
    let rest = match merge.undone_at {
        Some(at) => format!("parted again {}", moment(model, at)),
        None => format!("{when}{}: {}", by.unwrap_or_default(), merge::moved(merge)),
    };
    out.pick_more(index, &rest);
}
