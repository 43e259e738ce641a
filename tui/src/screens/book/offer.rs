//! A time for who is on the waiting list: it is kept for them while they are asked.

use chrono::NaiveDate;
use clinic_shared::desk::waitlist::{Offer, Waiting};

use super::{Book, Goal, Pick, Step, Whom, begin, close, top, top_mut};
use crate::app::Model;
use crate::command::Availability;
use crate::effect::{Deed, Effect};
use crate::screens::deeds::{self, About};
use crate::screens::waitlist;

/// Whom a time is sought for, and what was asked of the server.
#[derive(Debug)]
pub(crate) struct Offered {
    /// The entry of the waiting list.
    id: i64,
    /// Its version as it was on the screen.
    version: i64,
    /// The first day that will do.
    pub(super) from: NaiveDate,
    /// The last one.
    pub(super) until: NaiveDate,
    sent: Option<Deed>,
}

impl Offered {
    /// What waits for the server.
    pub(super) const fn sent(&self) -> Option<&Deed> {
        self.sent.as_ref()
    }
}

impl Book {
    /// The days that are looked at: from today on, or those for which somebody waits.
    pub(super) fn days(&self, today: NaiveDate) -> (NaiveDate, Option<NaiveDate>) {
        match &self.offered {
            Some(offered) => (offered.from.max(today), Some(offered.until)),
            None => (today, None),
        }
    }
}

/// Looks for a time for who waits.
pub(crate) fn open_offer(model: &mut Model, entry: &Waiting) -> Vec<Effect> {
    let from = model.today().max(entry.date_from);
    let mut book = Book::new(Step::When, from);
    book.first = Step::With;
    book.whom = Some(Whom::from(entry));
    book.goal = Some(Goal::from(entry));
    book.part = entry.part_of_day;
    book.offered = Some(Offered {
        id: entry.id,
        version: entry.version,
        from,
        until: entry.date_to,
        sent: None,
    });
    begin(model, book)
}

/// Keeps the chosen time for them.
pub(super) fn send(model: &mut Model, pick: &Pick) -> Vec<Effect> {
    let can_send = deeds::can_send(model);
    let offered = top(model).and_then(|book| book.offered.as_ref());
    let version = offered.map(|offered| waitlist::version(model, offered.id, offered.version));
    let Some(book) = top_mut(model) else {
        return Vec::new();
    };
    // Who was told that it changed has seen how it is now.
    let is_warned = book.message.is_some();
    let who = book.whom.as_ref().map(|whom| whom.full_name.clone());
    let Some(offered) = &mut book.offered else {
        return Vec::new();
    };
    let slot = match (pick, can_send) {
        (_, Availability::Disabled(why)) => {
            book.message = Some(why.into_owned());
            return Vec::new();
        }
        (Pick::Taken(..), Availability::Ok) => {
            book.message = Some("Somebody has that time: choose a free one.".to_owned());
            return Vec::new();
        }
        (Pick::Free(slot), Availability::Ok) => slot,
    };
    if offered.sent.is_some() {
        return Vec::new();
    }
    if let Some(version) = version.filter(|_| is_warned) {
        offered.version = version;
    }
    let offer = Offer {
        doctor: slot.doctor.id,
        available_time: slot.available_time,
        starts_at: slot.starts_at,
        date: slot.starts_at.is_none().then_some(slot.date),
        hold_minutes: None,
    };
    let deed = Deed::Offer(offered.id, offered.version, offer);
    offered.sent = Some(deed.clone());
    book.message = None;
    deeds::send(model, deed, About::who(&who.unwrap_or_default()))
}

fn is_its(book: &Book, deed: &Deed) -> bool {
    let offered = book.offered.as_ref();
    offered.is_some_and(|offered| offered.sent.as_ref() == Some(deed))
}

/// Closes the screen that an offer came from.
pub(crate) fn offer_done(model: &mut Model, deed: &Deed) -> Vec<Effect> {
    match top(model) {
        Some(book) if is_its(book, deed) => close(model),
        _ => Vec::new(),
    }
}

/// Says on the screen that an offer came from why it was not done; answers whether it is still there.
pub(crate) fn offer_failed(model: &mut Model, deed: &Deed, text: &str) -> bool {
    match top_mut(model) {
        Some(book) if is_its(book, deed) => {
            if let Some(offered) = &mut book.offered {
                offered.sent = None;
            }
            book.message = Some(text.to_owned());
            true
        }
        _ => false,
    }
}
