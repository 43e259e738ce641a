//! The patients screen: search as you type, and the list.

mod view;

use std::time::Duration;

use clinic_shared::SearchPage;
use clinic_shared::client::reqwest::Url;
use clinic_shared::client::{Error, PatientQuery};
use clinic_shared::desk::patients::{Patient, PatientRow};
use ratatui::layout::Rect;
use tui_input::{Input, InputRequest};
use uuid::Uuid;

use super::{areas, patient, split};
use crate::app::{Link, Model, Session, Tone};
use crate::effect::{Call, Effect, Reply, Slot};
use crate::layers::Layer;

pub(crate) use view::draw;

/// Rows asked for at once.
const PAGE: u32 = 50;

/// Typing in bursts (a paste, a key held down) asks once.
const DEBOUNCE: Duration = Duration::from_millis(30);

/// What the screen shows.
#[derive(Debug, Default)]
pub(crate) struct Patients {
    pub(crate) search: Input,
    /// Whether the keys act on the list; otherwise the search field has the cursor.
    pub(crate) in_list: bool,
    pub(crate) list: List,
}

/// The rows that are known.
#[derive(Debug, Default)]
pub(crate) struct List {
    /// What was searched for to get these rows; none before the first answer.
    pub(crate) query: Option<String>,
    pub(crate) rows: Vec<PatientRow>,
    pub(crate) count: i64,
    pub(crate) count_capped: bool,
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

impl Patients {
    /// Whether the search field has the cursor.
    pub(crate) const fn is_searching(&self) -> bool {
        !self.in_list
    }

    /// What is searched for: what was typed, without spaces around it.
    pub(crate) fn wanted(&self) -> &str {
        self.search.value().trim()
    }

    /// Whether the rows answer what is searched for.
    pub(crate) fn is_current(&self) -> bool {
        self.list.query.as_deref() == Some(self.wanted())
    }

    /// The selected row.
    pub(crate) fn selected(&self) -> Option<&PatientRow> {
        self.list.rows.get(self.list.cursor)
    }
}

/// How the screen's area is divided.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ListAreas {
    pub(crate) search: Rect,
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
        search: take(0, 1),
        status: take(1, status),
        headings: take(1 + status, headings),
        rows: take(1 + status + headings, area.height),
    }
}

/// Asks for the list again; the selection stays with its row.
pub(crate) fn refresh(model: &mut Model) -> Vec<Effect> {
    ask(model, Duration::ZERO)
}

fn ask(model: &mut Model, after: Duration) -> Vec<Effect> {
    let wanted = model.patients.wanted();
    let search = (!wanted.is_empty()).then(|| wanted.to_owned());
    let query = PatientQuery {
        search,
        cursor: None,
        limits: Some(PAGE),
    };
    if !model.session.is_in() {
        // Asked once somebody is signed in.
        model.missed.insert(Slot::List, Call::Patients(query));
        return Vec::new();
    }
    let mut effects = model.abandon(Slot::More);
    effects.push(model.call_after(Slot::List, Call::Patients(query), after));
    effects
}

/// Types into the search field, and searches.
pub(crate) fn edit(model: &mut Model, request: InputRequest) -> Vec<Effect> {
    let before = model.patients.wanted().to_owned();
    model.patients.search.handle(request);
    model.patients.list.open_on_arrival = false;
    if model.patients.wanted() == before {
        Vec::new()
    } else {
        ask(model, DEBOUNCE)
    }
}

/// Searches for this instead of what stands in the search field, which gets the cursor.
pub(crate) fn search_for(model: &mut Model, text: &str) -> Vec<Effect> {
    model.patients.search = Input::new(text.to_owned());
    model.patients.list.open_on_arrival = false;
    focus_search(model);
    ask(model, DEBOUNCE)
}

/// Puts the cursor into the search field, behind what stands there.
pub(crate) fn focus_search(model: &mut Model) {
    model.patients.in_list = false;
    model.patients.search.handle(InputRequest::GoToEnd);
}

/// Lets the keys act on the list.
pub(crate) fn focus_list(model: &mut Model) {
    model.patients.in_list = true;
}

/// Empties the search field and puts the cursor into it.
pub(crate) fn clear_search(model: &mut Model) -> Vec<Effect> {
    let had_text = !model.patients.wanted().is_empty();
    model.patients.search.reset();
    focus_search(model);
    if had_text {
        ask(model, Duration::ZERO)
    } else {
        Vec::new()
    }
}

/// Takes in the first page.
pub(crate) fn landed(model: &mut Model, call: Call, result: Result<Reply, Error>) -> Vec<Effect> {
    let Call::Patients(query) = call else {
        return Vec::new();
    };
    let list = &mut model.patients.list;
    match result {
        Ok(Reply::Patients(page)) => {
            let query = query.search.unwrap_or_default();
            let selected = list.rows.get(list.cursor).map(|row| row.id);
            let same_query = list.query.as_deref() == Some(query.as_str());
            let open = std::mem::take(&mut list.open_on_arrival);
            let SearchPage {
                count,
                count_capped,
                next,
                corrections,
                results,
                ..
            } = *page;
            let kept = selected.filter(|_| same_query);
            let cursor = kept.and_then(|id| results.iter().position(|row| row.id == id));
            *list = List {
                query: Some(query),
                count,
                count_capped,
                corrections,
                cursor: cursor.unwrap_or(0),
                top: if same_query { list.top } else { 0 },
                next: next.as_deref().and_then(cursor_of),
                rows: results,
                ..List::default()
            };
            let is_free = model.layers.is_empty();
            if open && is_free && !model.patients.list.rows.is_empty() {
                return patient::open_selected(model);
            }
        }
        // What the person sees then is the banner or the sign-in dialog, over the old rows.
        Err(Error::SignedOut) => list.open_on_arrival = false,
        Err(Error::Unreachable(_)) => {
            if std::mem::take(&mut list.open_on_arrival) {
                say_not_searched(model);
            }
        }
        Err(error) => {
            *list = List {
                error: Some(error.to_string()),
                ..List::default()
            };
        }
        Ok(_) => {}
    }
    Vec::new()
}

/// Takes in a further page.
pub(crate) fn more_landed(model: &mut Model, call: &Call, result: Result<Reply, Error>) {
    let Call::Patients(query) = call else { return };
    let list = &mut model.patients.list;
    if list.query.as_deref() != Some(query.search.as_deref().unwrap_or_default()) {
        return;
    }
    match result {
        Ok(Reply::Patients(page)) => {
            list.next = page.next.as_deref().and_then(cursor_of);
            // A row that moved between the two pages comes twice.
            let fresh = |row: &PatientRow| list.rows.iter().all(|known| known.id != row.id);
            let fresh: Vec<_> = page.results.into_iter().filter(fresh).collect();
            list.rows.extend(fresh);
        }
        Err(Error::Unreachable(_) | Error::SignedOut) | Ok(_) => {}
        Err(error) => {
            list.next = None;
            model.toast(Tone::Error, error.to_string());
        }
    }
}

/// The keyset cursor in the URL of a next page.
fn cursor_of(next: &str) -> Option<String> {
    let url = Url::parse(next).ok()?;
    url.query_pairs()
        .find(|(name, _)| name == "cursor")
        .map(|(_, value)| value.into_owned())
}

/// Shows a saved record in its row without asking again.
pub(crate) fn saved(model: &mut Model, patient: &Patient) {
    let row = row_of(patient);
    let list = &mut model.patients.list;
    if let Some(known) = list.rows.iter_mut().find(|known| known.id == row.id) {
        *known = row;
    }
}

/// Puts a newly registered person at the head of the list and selects them: whoever registers
/// somebody goes on with them.
pub(crate) fn registered(model: &mut Model, patient: &Patient) {
    let list = &mut model.patients.list;
    list.rows.retain(|row| row.id != patient.id);
    list.rows.insert(0, row_of(patient));
    list.count += 1;
    list.cursor = 0;
    list.top = 0;
}

fn row_of(patient: &Patient) -> PatientRow {
    PatientRow {
        id: patient.id,
        record_number: patient.record_number.clone(),
        full_name: patient.full_name.clone(),
        birth_date: patient.birth_date,
        gender: patient.gender,
        phone: patient.phone.clone(),
        has_account: patient.username.is_some(),
    }
}

/// Moves the selection by so many rows.
pub(crate) fn step(model: &mut Model, rows: isize) {
    let list = &mut model.patients.list;
    let last = list.rows.len().saturating_sub(1);
    list.cursor = list.cursor.saturating_add_signed(rows).min(last);
}

/// Moves the selection by screens.
pub(crate) fn page(model: &mut Model, pages: isize) {
    let rows = isize::try_from(list_areas(model).rows.height).unwrap_or(1);
    step(model, pages * (rows - 1).max(1));
}

/// Selects the first row.
pub(crate) fn top(model: &mut Model) {
    model.patients.list.cursor = 0;
}

/// Selects the last row that is known.
pub(crate) fn bottom(model: &mut Model) {
    step(model, isize::MAX);
}

/// Selects a row; the row that is selected already is opened.
pub(crate) fn click_row(model: &mut Model, index: usize) -> Vec<Effect> {
    let was = model.patients.list.cursor;
    let had_keys = model.patients.in_list;
    focus_list(model);
    if index < model.patients.list.rows.len() {
        model.patients.list.cursor = index;
    }
    if was == index && had_keys {
        patient::open_selected(model)
    } else {
        Vec::new()
    }
}

/// Says why the rows do not belong to what was typed.
fn say_not_searched(model: &mut Model) {
    let why = if model.link != Link::Up {
        "The server does not answer"
    } else if !model.session.is_in() {
        "Nobody is signed in"
    } else {
        "The search failed"
    };
    let what = if model.patients.wanted().is_empty() {
        "these rows are of an older search".to_owned()
    } else {
        let wanted = model.glyphs.quoted(model.patients.wanted());
        format!("{wanted} is not searched yet")
    };
    model.toast(Tone::Warning, format!("{why}; {what}."));
}

/// Opens the selected row; while the answer is under way, the row that will come first. A row
/// that does not belong to what stands in the search field is never opened.
pub(crate) fn enter(model: &mut Model) -> Vec<Effect> {
    if !model.patients.is_current() {
        let is_opening = matches!(model.session, Session::Opening(_)) && model.link == Link::Up;
        if model.flights.is_flying(Slot::List) || is_opening {
            model.patients.list.open_on_arrival = true;
        } else {
            say_not_searched(model);
        }
        return Vec::new();
    }
    if model.patients.selected().is_some() {
        return patient::open_selected(model);
    }
    if !model.patients.wanted().is_empty() {
        // The empty list says that Enter does this.
        return super::patient_form::open_new(model);
    }
    Vec::new()
}

/// The neighbour of a record in the list.
pub(crate) fn neighbour(model: &mut Model, step_by: isize) -> Option<Uuid> {
    let before = model.patients.list.cursor;
    step(model, step_by);
    let after = model.patients.list.cursor;
    (before != after)
        .then(|| model.patients.selected().map(|row| row.id))
        .flatten()
}

/// Keeps the selection on the screen, and asks for more rows before they are needed.
pub(crate) fn settle(model: &mut Model) -> Vec<Effect> {
    let height = usize::from(list_areas(model).rows.height).max(1);
    let list = &mut model.patients.list;
    list.cursor = list.cursor.min(list.rows.len().saturating_sub(1));
    list.top = list
        .top
        .min(list.cursor)
        .max((list.cursor + 1).saturating_sub(height));
    list.top = list.top.min(list.rows.len().saturating_sub(height));

    let is_near = list.top + 2 * height > list.rows.len();
    let can_ask = model.session.is_in()
        && model.link == Link::Up
        && !model.flights.is_flying(Slot::List)
        && !model.flights.is_flying(Slot::More);
    let list = &model.patients.list;
    match (&list.next, &list.query) {
        (Some(cursor), Some(query)) if is_near && can_ask => {
            let search = (!query.is_empty()).then(|| query.clone());
            let query = PatientQuery {
                search,
                cursor: Some(cursor.clone()),
                limits: Some(PAGE),
            };
            vec![model.call(Slot::More, Call::Patients(query))]
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::cursor_of;

    #[test]
    fn the_next_page_is_found_in_its_address() {
        let next = "http://127.0.0.1:8000/v1/api/desk/patients/?search=ada&cursor=a%2Bb%3D";
        assert_eq!(cursor_of(next).as_deref(), Some("a+b="));
        assert_eq!(cursor_of("http://127.0.0.1/?page=2"), None);
        assert_eq!(cursor_of("rubbish"), None);
    }
}
