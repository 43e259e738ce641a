//! What every list of the desk has in common: rows that answer a question, loaded page by page,
//! one of them selected. What a row is, and which question stands on the screen, says [`Listed`].

pub(crate) mod table;
pub(crate) mod view;

use std::fmt::Debug;
use std::marker::PhantomData;
use std::time::Duration;

use clinic_shared::client::Error;
use clinic_shared::{Page, SearchPage, WireType};
use ratatui::layout::Rect;

use super::place::Place;
use super::{areas, split};
use crate::app::{Link, Model, Session, Tone};
use crate::effect::{Call, Effect, Reply, Slot};
use crate::layers::Layer;
use crate::paging::cursor_of;
use crate::widgets::canvas::Canvas;

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
pub(crate) trait Listed: Clone + Debug + Sized + 'static {
    /// What a row is known by: the selection stays with it.
    type Id: Copy + PartialEq;
    /// What is asked, without the place in the answer.
    type Query: Clone + PartialEq + Debug;
    /// How the list speaks of its question.
    const WORDS: Words;

    /// What this row is known by.
    fn id(&self) -> Self::Id;
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
    /// The rows in a reply.
    fn arrived(reply: Reply) -> Option<Arrived<Self>>;
    /// Opens the record of a row.
    fn open(model: &mut Model, row: Self) -> Vec<Effect>;
    /// Enter, where the answer has no rows.
    fn enter_none(_: &mut Model) -> Vec<Effect> {
        Vec::new()
    }
    /// What the person is told who would act on rows of an older question: the end of a sentence.
    fn older(model: &Model) -> String;
    /// Draws the screen; `on_top` says whether nothing lies over it.
    fn draw(canvas: &mut Canvas<'_>, on_top: bool);
}

/// A page as it came.
pub(crate) struct Arrived<T> {
    rows: Vec<T>,
    count: i64,
    count_capped: bool,
    corrections: Vec<String>,
    next: Option<String>,
}

impl<T: WireType> From<Page<T>> for Arrived<T> {
    fn from(page: Page<T>) -> Self {
        Self {
            rows: page.results,
            count: page.count,
            count_capped: false,
            corrections: Vec::new(),
            next: page.next.as_deref().and_then(cursor_of),
        }
    }
}

impl<T: WireType> From<SearchPage<T>> for Arrived<T> {
    fn from(page: SearchPage<T>) -> Self {
        Self {
            rows: page.results,
            count: page.count,
            count_capped: page.count_capped,
            corrections: page.corrections,
            next: page.next.as_deref().and_then(cursor_of),
        }
    }
}

/// The rows that are known.
#[derive(Debug)]
pub(crate) struct Rows<T: Listed> {
    /// The question these rows answer; none before the first answer.
    pub(crate) query: Option<T::Query>,
    pub(crate) rows: Vec<T>,
    /// How many there are at the server.
    pub(crate) count: i64,
    /// Whether there are more than `count`.
    pub(crate) count_capped: bool,
    /// Words that were taken for others.
    pub(crate) corrections: Vec<String>,
    /// The selected row.
    pub(crate) cursor: usize,
    /// The first row on the screen.
    pub(crate) top: usize,
    /// Why the last answer brought no rows.
    pub(crate) error: Option<String>,
    /// Where the next page begins.
    next: Option<String>,
    /// Enter was pressed before the answer was there.
    open_on_arrival: bool,
}

impl<T: Listed> Default for Rows<T> {
    fn default() -> Self {
        Self {
            query: None,
            rows: Vec::new(),
            count: 0,
            count_capped: false,
            corrections: Vec::new(),
            cursor: 0,
            top: 0,
            error: None,
            next: None,
            open_on_arrival: false,
        }
    }
}

impl<T: Listed> Rows<T> {
    /// The selected row.
    pub(crate) fn selected(&self) -> Option<&T> {
        self.rows.get(self.cursor)
    }

    /// Moves the selection by so many rows.
    fn step(&mut self, rows: isize) {
        let last = self.rows.len().saturating_sub(1);
        self.cursor = self.cursor.saturating_add_signed(rows).min(last);
    }

    /// Shows a row as it is now, if it is in the list.
    pub(crate) fn replace(&mut self, row: T) {
        if let Some(known) = self.rows.iter_mut().find(|known| known.id() == row.id()) {
            *known = row;
        }
    }

    /// Puts a new row at the head of the list and selects it.
    pub(crate) fn put_first(&mut self, row: T) {
        self.rows.retain(|known| known.id() != row.id());
        self.rows.insert(0, row);
        self.count += 1;
        self.cursor = 0;
        self.top = 0;
    }

    /// Takes in a first page; the selection stays with its row.
    fn take(&mut self, query: T::Query, page: Arrived<T>) {
        let same_query = self.query.as_ref() == Some(&query);
        let kept = self.selected().map(T::id).filter(|_| same_query);
        let cursor = kept.and_then(|id| page.rows.iter().position(|row| row.id() == id));
        *self = Self {
            query: Some(query),
            count: page.count,
            count_capped: page.count_capped,
            corrections: page.corrections,
            cursor: cursor.unwrap_or(0),
            top: if same_query { self.top } else { 0 },
            next: page.next,
            rows: page.rows,
            ..Self::default()
        };
    }

    /// Takes in a further page.
    fn add(&mut self, page: Arrived<T>) {
        self.next = page.next;
        // A row that moved between the two pages comes twice.
        let fresh = |row: &T| self.rows.iter().all(|known| known.id() != row.id());
        let fresh: Vec<_> = page.rows.into_iter().filter(fresh).collect();
        self.rows.extend(fresh);
    }

    /// Keeps the selection within the rows, and on a screen of `height` lines.
    fn keep_in_sight(&mut self, height: usize) {
        self.cursor = self.cursor.min(self.rows.len().saturating_sub(1));
        self.top = self
            .top
            .min(self.cursor)
            .max((self.cursor + 1).saturating_sub(height));
        self.top = self.top.min(self.rows.len().saturating_sub(height));
    }
}

/// Whether the rows answer what stands on the screen.
pub(crate) fn is_current<T: Listed>(model: &Model) -> bool {
    T::rows(model).query.as_ref() == Some(&T::wanted(model))
}

/// How a list's area is divided.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ListAreas {
    /// The line one asks in: a search field, a day, a filter.
    pub(crate) question: Rect,
    pub(crate) status: Rect,
    pub(crate) headings: Rect,
    pub(crate) rows: Rect,
}

/// The areas of the list, beside a record if one is open and there is room.
pub(crate) fn list_areas(model: &Model) -> ListAreas {
    let body = areas(model).body;
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
    ListAreas {
        question: take(0, 1),
        status: take(1, status),
        headings: take(1 + status, headings),
        rows: take(1 + status + headings, area.height),
    }
}

/// What can be done with the list of a place, whatever its rows are.
pub(crate) trait Acts {
    /// Asks what stands on the screen, unless something newer is asked within `after`.
    fn ask(&self, model: &mut Model, after: Duration) -> Vec<Effect>;
    /// Takes in a first page.
    fn landed(&self, model: &mut Model, call: Call, result: Result<Reply, Error>) -> Vec<Effect>;
    /// Takes in a further page.
    fn more_landed(&self, model: &mut Model, call: Call, result: Result<Reply, Error>);
    /// Keeps the selection on the screen, and asks for more rows before they are needed.
    fn settle(&self, model: &mut Model) -> Vec<Effect>;
    /// Opens the selected row; while the answer is under way, the row that will come first. A row
    /// that does not belong to what stands on the screen is never opened.
    fn enter(&self, model: &mut Model) -> Vec<Effect>;
    /// Opens the selected row's record.
    fn open(&self, model: &mut Model) -> Vec<Effect>;
    /// Moves the selection by so many rows; answers whether it moved.
    fn step(&self, model: &mut Model, rows: isize) -> bool;
    /// The selected row, if there is one.
    fn cursor(&self, model: &Model) -> Option<usize>;
    /// Selects a row, if there is one so far down.
    fn select(&self, model: &mut Model, index: usize);
    /// Forgets that Enter waits for the answer: what is asked has changed since.
    fn forget_enter(&self, model: &mut Model);
    /// Draws the screen; `on_top` says whether nothing lies over it.
    fn draw(&self, canvas: &mut Canvas<'_>, on_top: bool);
}

/// The list of these rows.
pub(crate) struct Of<T>(pub(crate) PhantomData<T>);

impl<T: Listed> Acts for Of<T> {
    fn ask(&self, model: &mut Model, after: Duration) -> Vec<Effect> {
        let call = T::call(T::wanted(model), None);
        if !model.session.is_in() {
            // Asked once somebody is signed in.
            model.missed.insert(Slot::List, call);
            return Vec::new();
        }
        let mut effects = model.abandon(Slot::More);
        effects.push(model.call_after(Slot::List, call, after));
        effects
    }

    fn landed(&self, model: &mut Model, call: Call, result: Result<Reply, Error>) -> Vec<Effect> {
        let Some(query) = T::asked(call) else {
            return Vec::new();
        };
        let is_free = model.layers.is_empty();
        let rows = T::rows_mut(model);
        let open = std::mem::take(&mut rows.open_on_arrival);
        match result.map(T::arrived) {
            Ok(Some(page)) => {
                rows.take(query, page);
                if open && is_free {
                    return self.open(model);
                }
            }
            // What the person sees then is the banner or the sign-in, over the old rows.
            Err(Error::SignedOut) | Ok(None) => {}
            Err(Error::Unreachable(_)) => {
                if open {
                    say_older::<T>(model);
                }
            }
            Err(error) => {
                *rows = Rows {
                    error: Some(error.to_string()),
                    ..Rows::default()
                };
            }
        }
        Vec::new()
    }

    fn more_landed(&self, model: &mut Model, call: Call, result: Result<Reply, Error>) {
        let rows = T::rows_mut(model);
        let is_of_these = T::asked(call).is_some_and(|query| rows.query.as_ref() == Some(&query));
        if !is_of_these {
            return;
        }
        match result.map(T::arrived) {
            Ok(Some(page)) => rows.add(page),
            Err(Error::Unreachable(_) | Error::SignedOut) | Ok(None) => {}
            Err(error) => {
                rows.next = None;
                model.toast(Tone::Error, error.to_string());
            }
        }
    }

    fn settle(&self, model: &mut Model) -> Vec<Effect> {
        let height = usize::from(list_areas(model).rows.height).max(1);
        let rows = T::rows_mut(model);
        rows.keep_in_sight(height);
        let is_near = rows.top + 2 * height > rows.rows.len();
        let can_ask = model.session.is_in()
            && model.link == Link::Up
            && !model.flights.is_flying(Slot::List)
            && !model.flights.is_flying(Slot::More);
        let rows = T::rows(model);
        match (&rows.next, &rows.query) {
            (Some(cursor), Some(query)) if is_near && can_ask => {
                let call = T::call(query.clone(), Some(cursor.clone()));
                vec![model.call(Slot::More, call)]
            }
            _ => Vec::new(),
        }
    }

    fn enter(&self, model: &mut Model) -> Vec<Effect> {
        if !is_current::<T>(model) {
            let is_opening = matches!(model.session, Session::Opening(_)) && model.link == Link::Up;
            if model.flights.is_flying(Slot::List) || is_opening {
                T::rows_mut(model).open_on_arrival = true;
            } else {
                say_older::<T>(model);
            }
            return Vec::new();
        }
        if self.cursor(model).is_some() {
            self.open(model)
        } else {
            T::enter_none(model)
        }
    }

    fn open(&self, model: &mut Model) -> Vec<Effect> {
        match T::rows(model).selected().cloned() {
            Some(row) => T::open(model, row),
            None => Vec::new(),
        }
    }

    fn step(&self, model: &mut Model, rows: isize) -> bool {
        let list = T::rows_mut(model);
        let before = list.cursor;
        list.step(rows);
        list.cursor != before
    }

    fn cursor(&self, model: &Model) -> Option<usize> {
        let rows = T::rows(model);
        rows.selected().map(|_| rows.cursor)
    }

    fn select(&self, model: &mut Model, index: usize) {
        let rows = T::rows_mut(model);
        if index < rows.rows.len() {
            rows.cursor = index;
        }
    }

    fn forget_enter(&self, model: &mut Model) {
        T::rows_mut(model).open_on_arrival = false;
    }

    fn draw(&self, canvas: &mut Canvas<'_>, on_top: bool) {
        T::draw(canvas, on_top);
    }
}

/// Says why the rows do not belong to what stands on the screen.
fn say_older<T: Listed>(model: &mut Model) {
    let why = if model.link != Link::Up {
        "The server does not answer"
    } else if !model.session.is_in() {
        "Nobody is signed in"
    } else {
        T::WORDS.failed
    };
    let text = format!("{why}; {}.", T::older(model));
    model.toast(Tone::Warning, text);
}

/// Asks for the list again; the selection stays with its row.
pub(crate) fn refresh(model: &mut Model) -> Vec<Effect> {
    model.place.list().ask(model, Duration::ZERO)
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

/// Whether a row is selected.
pub(crate) fn has_selected(model: &Model) -> bool {
    model.place.list().cursor(model).is_some()
}

/// Selects a row; the row that is selected already is opened.
pub(crate) fn click_row(model: &mut Model, index: usize) -> Vec<Effect> {
    let list = model.place.list();
    let had_keys = !super::finder::has_cursor(model);
    super::finder::leave(model);
    if list.cursor(model) == Some(index) && had_keys {
        // As Enter: never a row that answers something else.
        return list.enter(model);
    }
    list.select(model, index);
    Vec::new()
}

/// The list of a place.
pub(crate) const fn of(place: Place) -> &'static dyn Acts {
    use clinic_shared::desk::{appointments, contacts, doctors, patients};
    match place {
        Place::Today => &Of::<appointments::AppointmentRow>(PhantomData),
        Place::Patients => &Of::<patients::PatientRow>(PhantomData),
        Place::Doctors => &Of::<doctors::DoctorRow>(PhantomData),
        Place::Contacts => &Of::<contacts::Contact>(PhantomData),
    }
}
