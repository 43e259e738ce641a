//! What every list of the desk has in common: rows that answer a question, loaded page by page,
//! one of them selected. What a row is, and which question stands on the screen, says [`Listed`].

mod acts;
mod rows;
pub(crate) mod table;
pub(crate) mod view;

use std::fmt::Debug;
use std::marker::PhantomData;
use std::time::Duration;

use ratatui::layout::Rect;

use clinic_shared::v1::events::{Event, EventKind};

use super::place::Place;
use super::{areas, split};
use crate::app::{Model, Tone, want};
use crate::effect::{Call, Effect, Reply, Slot};
use crate::layers::Layer;
use crate::widgets::canvas::Canvas;

use acts::Of;
pub(crate) use acts::{Acts, FRESH};
pub(crate) use rows::{Arrived, Rows};

/// Rows asked for at once.
pub(crate) const PAGE: u32 = 50;

/// Typing in bursts (a paste, a key held down) asks once.
pub(crate) const DEBOUNCE: Duration = Duration::from_millis(30);

/// How a list speaks of its question.
pub(crate) struct Words {
    /// While the answer is awaited: `searching`.
    pub(crate) asking: &'static str,
    /// Before rows that answer an older question: `not searched yet`.
    pub(crate) unasked: &'static str,
    /// The question was not answered: `The search failed`.
    pub(crate) failed: &'static str,
}

/// For lists that are looked through, not searched.
pub(crate) const LOADING: Words = Words {
    asking: "loading",
    unasked: "not loaded yet",
    failed: "The list could not be loaded",
};

/// A kind of row, where its list is kept, and how it is asked for.
pub(crate) trait Listed: Clone + PartialEq + Debug + Sized + 'static {
    /// What a row is known by: the selection stays with it.
    type Id: Copy + PartialEq;
    /// What is asked, without the place in the answer.
    type Query: Clone + PartialEq + Debug;
    /// How the list speaks of its question.
    const WORDS: Words;
    /// Whether rows of an older question stay on the screen until the new answer is there. Where
    /// the question stands over the rows as their heading, they must not.
    const KEEPS: bool = false;
    /// What happens to these rows, as far as the server tells. A list without any is read again
    /// when one comes back to it, and after something was missed.
    const KINDS: &'static [EventKind] = &[];

    /// Whether what is said of the selected row stays while the server is away: that it is old then
    /// stands with the count.
    const REMARKS: bool = false;

    /// What this row is known by.
    fn id(&self) -> Self::Id;
    /// Whether nothing happened to this row that somebody would notice.
    fn is_same(&self, other: &Self) -> bool {
        self == other
    }
    /// The list in the model.
    fn rows(model: &Model) -> &Rows<Self>;
    /// The list in the model.
    fn rows_mut(model: &mut Model) -> &mut Rows<Self>;
    /// The question that stands on the screen.
    fn wanted(model: &Model) -> Self::Query;
    /// Asks it, from this place in the answer on.
    fn call(query: Self::Query, cursor: Option<String>) -> Call;
    /// The question of a call, if it is one for these rows.
    fn asked(call: Call) -> Option<Self::Query>;
    /// Notes what else a reply says, and answers it with the rows that the screen shows of it.
    fn seen(_: &mut Model, reply: Reply) -> Reply {
        reply
    }
    /// The rows in a reply.
    fn arrived(reply: Reply) -> Option<Arrived<Self>>;
    /// Opens the record of a row.
    fn open(model: &mut Model, row: Self) -> Vec<Effect>;
    /// The row that is selected where none was before.
    fn first(_: &Model, _: &[Self]) -> usize {
        0
    }
    /// Enter, where nothing is found.
    fn enter_none(_: &mut Model) -> Vec<Effect> {
        Vec::new()
    }
    /// What the rows of an older question are, where they stay on the screen: `the rows of …`.
    fn kept(_: &Model, _: &Self::Query) -> String {
        String::new()
    }
    /// What the person is told who would act on rows of an older question: the end of a sentence.
    fn older(model: &Model) -> String;
    /// Draws the screen; `on_top` says whether nothing lies over it.
    fn draw(canvas: &mut Canvas<'_>, on_top: bool);
}

/// Whether the rows answer what stands on the screen.
pub(crate) fn is_current<T: Listed>(model: &Model) -> bool {
    T::rows(model).query.as_ref() == Some(&T::wanted(model))
}

/// Whether the rows are on the screen: those of an older question are only where they may stay.
pub(crate) fn shows<T: Listed>(model: &Model) -> bool {
    T::KEEPS || is_current::<T>(model)
}

/// How a list's area is divided.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ListAreas {
    /// The line one asks in: a search field, a day, a filter.
    pub(crate) question: Rect,
    pub(crate) status: Rect,
    /// What stands over the headings: the doctors of the day, and what they have to do.
    pub(crate) head: Rect,
    pub(crate) headings: Rect,
    pub(crate) rows: Rect,
}

/// The areas of the list, beside a record if one is open and there is room.
pub(crate) fn list_areas(model: &Model) -> ListAreas {
    let screen = areas(model);
    let body = screen.body;
    let has_record = model
        .layers
        .iter()
        .any(|layer| matches!(layer, Layer::Record(_)));
    let area = match split(body) {
        Some((list, _)) if has_record => list,
        _ => body,
    };
    let take = |y: u16, height: u16| Rect {
        y: area.y + y.min(area.height),
        height: height.min(area.height.saturating_sub(y)),
        ..area
    };
    let status = u16::from(area.height >= 4);
    let headings = u16::from(area.height >= 5);
    // What is said below moves nothing above the rows.
    let height = area.height + screen.toasts.height;
    let head = match model.place {
        Place::Today => super::today::head_lines(model, area.width, height),
        Place::Queue => super::queue::head_lines(model, height),
        Place::Contacts | Place::Waitlist => u16::from(area.height >= 6),
        _ => 0,
    };
    let above = 1 + status + head;
    ListAreas {
        question: take(0, 1),
        status: take(1, status),
        head: take(1 + status, head),
        headings: take(above, headings),
        rows: take(above + headings, area.height),
    }
}

/// Asks for the list again; the selection stays with its row.
pub(crate) fn refresh(model: &mut Model) -> Vec<Effect> {
    model.place.list().ask(model, Duration::ZERO)
}

/// What happened makes the list on the screen old: it is read again, in silence.
pub(crate) fn happened(model: &mut Model, event: &Event) -> Vec<Effect> {
    if model.place.list().kinds().contains(&event.kind) {
        reread(model)
    } else {
        Vec::new()
    }
}

/// Reads the list on the screen again beside what goes on: the old rows stay until the new ones are
/// there, and what changed is marked.
pub(crate) fn reread(model: &mut Model) -> Vec<Effect> {
    want(model, Slot::Refresh, |model| {
        model.place.list().renew(model)
    })
}

/// Moves the selection by so many rows.
pub(crate) fn step(model: &mut Model, rows: isize) {
    model.place.list().step(model, rows);
}

/// Moves the selection by screens.
pub(crate) fn page(model: &mut Model, pages: isize) {
    let rows = isize::try_from(list_areas(model).rows.height).unwrap_or(1);
    step(model, pages * (rows - 1).max(1));
}

/// Selects the first row.
pub(crate) fn top(model: &mut Model) {
    step(model, isize::MIN);
}

/// Selects the last row that is known.
pub(crate) fn bottom(model: &mut Model) {
    step(model, isize::MAX);
}

/// Opens the selected row, as [`Acts::enter`].
pub(crate) fn enter(model: &mut Model) -> Vec<Effect> {
    model.place.list().enter(model)
}

/// What is said to whom Enter would open a row that is not there yet.
pub(crate) const STILL_LOADING: &str = "The list is still loading.";

/// Esc, while an answer is awaited that takes long: it is not awaited any more, and what was there
/// stays. None: no list is asked for, or something lies over it.
pub(crate) fn stop(model: &mut Model) -> Option<Vec<Effect>> {
    match model.layers.is_empty() {
        true => model.place.list().stop(model),
        false => None,
    }
}

/// Whether the rows of the place answer what stands on the screen.
pub(crate) fn is_current_here(model: &Model) -> bool {
    model.place.list().is_current(model)
}

/// Whether a row is selected.
pub(crate) fn has_selected(model: &Model) -> bool {
    model.place.list().cursor(model).is_some()
}

/// Whether the selection of this list stands on a row that nobody chose, because the selected one went
/// away: asked, and said, once before something is done with it by a key.
pub(crate) fn is_unchosen<T: Listed>(model: &mut Model, who: &str) -> bool {
    if model.acting().is_some() || !std::mem::take(&mut T::rows_mut(model).has_lost_row) {
        return false;
    }
    let text = format!(
        "Who was selected is not in this list any more; {who} is selected now. Press the key again."
    );
    model.toast(Tone::Info, text);
    true
}

/// Selects a row; the row that is selected already is opened.
pub(crate) fn click_row(model: &mut Model, index: usize) -> Vec<Effect> {
    let list = model.place.list();
    let had_keys = !super::finder::has_cursor(model);
    super::finder::leave(model);
    let was_selected = list.cursor(model) == Some(index) && had_keys;
    list.select(model, index);
    if was_selected {
        // As Enter: never a row that answers something else.
        return list.enter(model);
    }
    Vec::new()
}

/// The list of a place.
pub(crate) const fn of(place: Place) -> &'static dyn Acts {
    use clinic_shared::desk::{audit, contacts, doctors, patients, queue, users, waitlist};
    use clinic_shared::v1::user;
    match place {
        Place::Today => &Of::<queue::BoardRow>(PhantomData),
        Place::Queue => &Of::<super::queue::Turn>(PhantomData),
        Place::Patients => &Of::<patients::PatientRow>(PhantomData),
        Place::Doctors => &Of::<doctors::DoctorRow>(PhantomData),
        Place::Contacts => &Of::<contacts::Contact>(PhantomData),
        Place::Users => &Of::<users::User>(PhantomData),
        Place::Sessions => &Of::<user::Session>(PhantomData),
        Place::Waitlist => &Of::<waitlist::Waiting>(PhantomData),
        Place::Decisions => &Of::<crate::effect::Matter>(PhantomData),
        Place::Audit => &Of::<audit::Row>(PhantomData),
    }
}
