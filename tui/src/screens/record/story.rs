//! What stands below a patient's record: everything that was booked for them, and the records that
//! theirs took in. One of these can be chosen; an appointment is acted on as on the board.

mod lines;
mod waits;

use std::time::Duration;

use chrono::NaiveDate;
use clinic_shared::client::Error;
use clinic_shared::desk::appointments::{Appointment, Status};
use clinic_shared::desk::merging::Merge;
use clinic_shared::desk::queue::BoardRow;
use clinic_shared::desk::visits::Visits;
use clinic_shared::desk::waitlist::Waiting;
use uuid::Uuid;

use super::{Known, Record, Subject, view};
use crate::app::Model;
use crate::command::Availability;
use crate::effect::{Call, Effect, PeopleCall, PeopleReply, Reply, Slot};
use crate::labels;
use crate::layers::Layer;

pub(super) use lines::{tell, times};
pub(super) use waits::happened;

/// Whoever leafs through records does not ask for everything of each.
const DEBOUNCE: Duration = Duration::from_millis(60);

/// What is known beside the record.
#[derive(Debug, Default)]
pub(crate) struct Story {
    /// What was booked, in the order of the screen: first what is to come, the next one first, then
    /// what was, the latest first.
    pub(crate) bookings: Vec<Booking>,
    /// What it all comes to; none until it is known.
    pub(crate) sums: Option<Sums>,
    /// The records that this one took in, the newest first.
    pub(crate) merges: Vec<Merge>,
    /// What the patient waits for; nothing before it is known.
    waits: Vec<Waiting>,
    /// Which one is chosen: an appointment, or behind them a merge.
    chosen: Option<usize>,
    /// Why the appointments are not there.
    pub(crate) error: Option<String>,
}

/// An appointment, and the row of a board that it is: what keys act on.
#[derive(Debug)]
pub(crate) struct Booking {
    pub(crate) whole: Appointment,
    row: BoardRow,
}

impl From<Appointment> for Booking {
    fn from(whole: Appointment) -> Self {
        Self {
            row: labels::board_row_of(&whole),
            whole,
        }
    }
}

/// What a patient's appointments come to, the older ones that are not shown too.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Sums {
    pub(crate) no_shows: i64,
    pub(crate) cancelled: i64,
    pub(crate) cancelled_late: i64,
    pub(crate) left: i64,
    pub(crate) has_more: bool,
}

/// What is chosen.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Chosen<'a> {
    Booking(&'a Booking),
    Merge(&'a Merge),
}

impl Story {
    /// Of somebody who was registered just now: there is nothing.
    pub(super) fn of_new() -> Self {
        Self {
            sums: Some(Sums::default()),
            ..Self::default()
        }
    }

    /// Of one appointment: itself.
    pub(super) fn of_appointment(whole: &Appointment) -> Self {
        Self {
            bookings: vec![whole.clone().into()],
            chosen: Some(0),
            ..Self::default()
        }
    }

    /// What is chosen.
    pub(crate) fn chosen(&self) -> Option<Chosen<'_>> {
        let at = self.chosen?;
        let booking = self.bookings.get(at).map(Chosen::Booking);
        let merge = || self.merges.get(at.checked_sub(self.bookings.len())?);
        booking.or_else(|| merge().map(Chosen::Merge))
    }

    /// The chosen appointment.
    pub(crate) fn booking(&self) -> Option<&Booking> {
        match self.chosen()? {
            Chosen::Booking(booking) => Some(booking),
            Chosen::Merge(_) => None,
        }
    }

    /// The row that keys act on.
    pub(crate) fn row(&self) -> Option<&BoardRow> {
        self.booking().map(|booking| &booking.row)
    }

    /// The merge that can be taken back: the chosen one, else the newest that stands.
    pub(crate) fn merge(&self) -> Option<&Merge> {
        match self.chosen() {
            Some(Chosen::Merge(merge)) => Some(merge),
            Some(Chosen::Booking(_)) => None,
            None => self.merges.iter().find(|merge| merge.undone_at.is_none()),
        }
    }

    /// How many there are to choose from.
    fn count(&self) -> usize {
        self.bookings.len() + self.merges.len()
    }

    /// What tells the chosen one from the others, whatever its place.
    fn mark(&self) -> Option<(bool, i64)> {
        self.chosen().map(|chosen| match chosen {
            Chosen::Booking(booking) => (false, booking.whole.id),
            Chosen::Merge(merge) => (true, merge.id),
        })
    }

    /// Changes what there is to choose from; what is chosen stays so.
    fn change(&mut self, by: impl FnOnce(&mut Self)) {
        let mark = self.mark();
        by(self);
        self.chosen = mark.and_then(|(is_merge, id)| {
            if is_merge {
                let at = self.merges.iter().position(|merge| merge.id == id);
                return at.map(|at| at + self.bookings.len());
            }
            self.bookings
                .iter()
                .position(|booking| booking.whole.id == id)
        });
    }

    fn sort(&mut self, today: NaiveDate) {
        let time = |booking: &Booking| {
            let whole = &booking.whole;
            (whole.date, whole.starts.clone(), whole.id)
        };
        self.bookings.sort_by(|a, b| {
            let (a_ahead, b_ahead) = (is_ahead(&a.whole, today), is_ahead(&b.whole, today));
            match (a_ahead, b_ahead) {
                (true, true) => time(a).cmp(&time(b)),
                (false, false) => time(b).cmp(&time(a)),
                _ => b_ahead.cmp(&a_ahead),
            }
        });
    }

    fn take(&mut self, visits: Visits, today: NaiveDate) {
        self.error = None;
        self.sums = Some(Sums {
            no_shows: visits.no_shows,
            cancelled: visits.cancelled,
            cancelled_late: visits.cancelled_late,
            left: visits.left,
            has_more: visits.has_more,
        });
        self.change(|story| {
            story.bookings = visits.appointments.into_iter().map(Into::into).collect();
            story.sort(today);
        });
    }

    /// Shows an appointment as it is now.
    fn show(&mut self, whole: &Appointment, today: NaiveDate) {
        self.change(|story| {
            story
                .bookings
                .retain(|booking| booking.whole.id != whole.id);
            story.bookings.push(whole.clone().into());
            story.sort(today);
        });
    }
}

/// Whether an appointment is still to come, or under way.
pub(super) fn is_ahead(appointment: &Appointment, today: NaiveDate) -> bool {
    let is_over = appointment.status == Status::Completed || !appointment.status.holds_time();
    !is_over && appointment.date >= today
}

/// Asks for what stands below a patient's record.
pub(super) fn ask(model: &mut Model, subject: &Subject) -> Vec<Effect> {
    match subject {
        Subject::Patient(Known { id, .. }) => ask_of(model, *id),
        _ => Vec::new(),
    }
}

fn ask_of(model: &mut Model, id: Uuid) -> Vec<Effect> {
    let (visits, merges) = (PeopleCall::Visits(id), PeopleCall::Merges(id));
    vec![
        model.call_after(Slot::Visits, Call::People(visits), DEBOUNCE),
        model.call_after(Slot::Merges, Call::People(merges), DEBOUNCE),
        waits::ask(model, id),
    ]
}

/// Asks again for what stands below the record of a patient, if one is open on top.
pub(crate) fn reload(model: &mut Model) -> Vec<Effect> {
    let id = records(model).next().and_then(|record| record.patient());
    match id {
        Some(id) if model.session.is_in() => ask_of(model, id),
        _ => Vec::new(),
    }
}

/// The open records of patients, the uppermost first.
fn records(model: &Model) -> impl Iterator<Item = &Record> {
    let records = model.layers.iter().rev().filter_map(|layer| match layer {
        Layer::Record(record) => Some(record.as_ref()),
        _ => None,
    });
    records.filter(|record| record.patient().is_some())
}

fn records_mut(model: &mut Model) -> impl Iterator<Item = &mut Record> {
    model.layers.iter_mut().filter_map(|layer| match layer {
        Layer::Record(record) => Some(record.as_mut()),
        _ => None,
    })
}

/// Takes in what stands below a record.
pub(crate) fn landed(model: &mut Model, call: &Call, result: &Result<Reply, Error>) {
    let today = model.today();
    let Call::People(PeopleCall::Visits(id) | PeopleCall::Merges(id) | PeopleCall::Waits(id)) =
        call
    else {
        return;
    };
    let of = |record: &&mut Record| record.patient() == Some(*id);
    for record in records_mut(model).filter(of) {
        match result {
            Ok(Reply::People(PeopleReply::Visits(visits))) => {
                record.story.take((**visits).clone(), today);
            }
            Ok(Reply::People(PeopleReply::WaitingList(page))) => {
                record.story.waits.clone_from(&page.results);
            }
            Ok(Reply::People(PeopleReply::Merges(merges))) => {
                let merges = merges.clone();
                record.story.change(|story| story.merges = merges);
            }
            Err(error @ (Error::Refused(_) | Error::Garbled(_)))
                if matches!(call, Call::People(PeopleCall::Visits(_))) =>
            {
                record.story.error = Some(error.to_string());
            }
            _ => {}
        }
    }
}

/// Shows an appointment as it is now in the records of its patient, and in its own.
pub(crate) fn saved(model: &mut Model, whole: &Appointment) {
    let today = model.today();
    for record in records_mut(model) {
        match &record.subject {
            Subject::Patient(known) if known.id == whole.patient.id => {
                record.story.show(whole, today);
            }
            Subject::Appointment(known) if known.id == whole.id => {
                record.story = Story::of_appointment(whole);
            }
            _ => {}
        }
    }
}

/// Shows a merge as it is now in the records of the patient who took the other one in.
pub(crate) fn merged(model: &mut Model, patient: Uuid, merge: &Merge) {
    for record in records_mut(model).filter(|record| record.patient() == Some(patient)) {
        record.story.change(|story| {
            story.merges.retain(|known| known.id != merge.id);
            story.merges.push(merge.clone());
            // The newest first.
            story
                .merges
                .sort_by_key(|merge| std::cmp::Reverse(merge.id));
        });
    }
}

/// The version of an appointment that an open record shows.
pub(crate) fn version(model: &Model, id: i64) -> Option<i64> {
    let records = model.layers.iter().filter_map(|layer| match layer {
        Layer::Record(record) => Some(record),
        _ => None,
    });
    let mut bookings = records.flat_map(|record| &record.story.bookings);
    let booking = bookings.find(|booking| booking.whole.id == id);
    booking.map(|booking| booking.whole.version)
}

/// Down and Up: through the record, and then from one appointment to the next.
pub(crate) fn walk(model: &mut Model, by: isize) {
    let spans = view::spans(model);
    let height = view::height(model);
    let Some(record) = top_mut(model) else { return };
    let is_patient = record.patient().is_some();
    let next = match record.story.chosen {
        _ if !is_patient || spans.is_empty() => None,
        Some(at) => at
            .checked_add_signed(by)
            .filter(|_| by < 0 || at > 0 || by > 0),
        // The first one is chosen once it is in sight: what stands before it can be read.
        None if by > 0
            && spans
                .first()
                .is_some_and(|(_, to)| *to <= record.top + height) =>
        {
            Some(0)
        }
        None => None,
    };
    let was_chosen = record.story.chosen.is_some();
    match next {
        Some(at) => choose_at(
            record,
            at.min(spans.len().saturating_sub(1)),
            &spans,
            height,
        ),
        None if was_chosen && is_patient => record.story.chosen = None,
        None => super::scroll(model, by),
    }
}

/// Whether there is something to choose.
pub(crate) fn can_choose(model: &Model) -> Availability {
    let story = match model.acting() {
        Some(Layer::Record(record)) => &record.story,
        _ => return Availability::Disabled("Open a patient's record first.".into()),
    };
    match (story.sums, story.count()) {
        (None, _) => Availability::Disabled("The appointments are not loaded yet.".into()),
        (Some(_), 0) => Availability::Disabled("Nothing was booked for this patient yet.".into()),
        _ => Availability::Ok,
    }
}

/// Chooses the first one, wherever the record is scrolled to.
pub(crate) fn choose_first(model: &mut Model) -> Vec<Effect> {
    let spans = view::spans(model);
    let height = view::height(model);
    if let Some(record) = top_mut(model) {
        choose_at(record, 0, &spans, height);
    }
    Vec::new()
}

fn choose_at(record: &mut Record, at: usize, spans: &[(usize, usize)], height: usize) {
    record.story.chosen = Some(at);
    if let Some((from, to)) = spans.get(at) {
        record.top = record.top.min(*from).max(to.saturating_sub(height));
    }
}

/// A click chooses; on the chosen one it opens.
pub(crate) fn click(model: &mut Model, index: usize) -> Vec<Effect> {
    let spans = view::spans(model);
    let height = view::height(model);
    let Some(record) = top_mut(model) else {
        return Vec::new();
    };
    if record.story.chosen == Some(index) {
        return enter(model);
    }
    if index < record.story.count() && record.patient().is_some() {
        choose_at(record, index, &spans, height);
    }
    Vec::new()
}

/// Lets the keys act on the patient again.
pub(crate) fn leave(model: &mut Model) -> Vec<Effect> {
    if let Some(record) = top_mut(model) {
        record.story.chosen = None;
    }
    Vec::new()
}

/// Opens the chosen appointment; of a merge, asks whether it is to be taken back.
pub(crate) fn enter(model: &mut Model) -> Vec<Effect> {
    let story = match model.layers.last() {
        Some(Layer::Record(record)) => &record.story,
        _ => return Vec::new(),
    };
    match story.chosen() {
        Some(Chosen::Booking(booking)) => {
            let row = labels::row_of(&booking.whole);
            super::appointment::open(model, row)
        }
        Some(Chosen::Merge(_)) => crate::screens::merge::ask_to_part(model),
        None => Vec::new(),
    }
}

fn top_mut(model: &mut Model) -> Option<&mut Record> {
    match model.layers.last_mut() {
        Some(Layer::Record(record)) => Some(record),
        _ => None,
    }
}
