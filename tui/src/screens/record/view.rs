//! A record, drawn.

use chrono::{DateTime, NaiveDate, Utc};
use ratatui::layout::Rect;

use super::{
    Record, Subject, UNREAD, appointment, audit, contact, doctor, matter, patient, steps, story,
    user,
};
use crate::app::{Link, Model, Target};
use crate::effect::Slot;
use crate::layers::Layer;
use crate::screens::{areas, split};
use crate::text;
use crate::theme::Role;
use crate::widgets::canvas::Canvas;

/// Columns of the names of things.
const LABEL: u16 = 13;

/// Columns before what can be chosen.
const PICK: u16 = 2;

/// What stands over a record while the server is away.
const OLD: &str = "from before the server went away";

/// What a record says.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    /// On the frame.
    pub(super) title: String,
    /// Above all else.
    pub(super) name: String,
    /// The name of a thing and what it is; nothing is known of some.
    pub(super) facts: Vec<(&'static str, Option<String>)>,
    /// A text that takes the whole width, below the rest.
    pub(super) body: Option<String>,
}

/// A line of the record: the name of a thing, if it begins here, and (part of) what it is.
struct Line {
    label: &'static str,
    text: String,
    role: Role,
    /// Whether it begins where the names of things do.
    is_whole: bool,
    /// What of the story it tells, if that can be chosen, and whether it is.
    pick: Option<(usize, bool)>,
}

/// Draws a record into `area`.
pub(crate) fn draw(canvas: &mut Canvas<'_>, area: Rect, record: &Record, on_top: bool) {
    let model = canvas.model;
    let sheet = sheet(model, record);
    canvas.hit(area, Target::Layer);
    let inner = canvas.frame(area, &sheet.title, on_top);
    let lines = lines(model, record, sheet, inner.width);
    for (row, line) in inner.rows().zip(lines.iter().skip(record.top)) {
        canvas.put(row, row.x, line.label, Role::Dim);
        let x = if line.is_whole { row.x } else { row.x + LABEL };
        let Some((index, is_chosen)) = line.pick else {
            canvas.put(row, x, &line.text, line.role);
            continue;
        };
        let role = match (is_chosen, on_top) {
            (true, true) => Role::Selected,
            (true, false) => Role::SelectedAside,
            (false, _) => line.role,
        };
        if is_chosen {
            canvas.paint(row, role);
            canvas.put(row, x, canvas.glyphs.pointer, role);
        }
        canvas.put(row, x + PICK, &line.text, role);
        canvas.hit(row, Target::Told(index));
    }
    let shown = record.top + usize::from(inner.height);
    if shown < lines.len() && area.height > inner.height {
        let last = Rect {
            y: area.bottom() - 1,
            height: 1,
            width: area.width - 2,
            ..area
        };
        let more = format!(" {} more ", lines.len() - shown);
        canvas.put_right(last, &more, Role::Key);
    }
}

/// How far the record on top can be scrolled.
pub(super) fn overflow(model: &Model) -> usize {
    shown(model).len().saturating_sub(height(model))
}

/// The lines of the record on top that the screen has room for.
pub(super) fn height(model: &Model) -> usize {
    usize::from(inner(model).height)
}

/// Of everything in the record on top that can be chosen: its first line, and the one after it.
pub(super) fn spans(model: &Model) -> Vec<(usize, usize)> {
    let mut spans: Vec<(usize, usize)> = Vec::new();
    for (at, line) in shown(model).iter().enumerate() {
        let Some((index, _)) = line.pick else {
            continue;
        };
        match spans.get_mut(index) {
            Some((_, to)) => *to = at + 1,
            None => spans.push((at, at + 1)),
        }
    }
    spans
}

fn inner(model: &Model) -> Rect {
    let body = areas(model).body;
    let area = split(body).map_or(body, |(_, drawer)| drawer);
    if area.width < 8 || area.height < 4 {
        area
    } else {
        area.inner(ratatui::layout::Margin::new(2, 1))
    }
}

fn shown(model: &Model) -> Vec<Line> {
    match model.layers.last() {
        Some(Layer::Record(record)) => {
            lines(model, record, sheet(model, record), inner(model).width)
        }
        _ => Vec::new(),
    }
}

fn sheet(model: &Model, record: &Record) -> Sheet {
    match &record.subject {
        Subject::Patient(known) => patient::sheet(model, known),
        Subject::Appointment(known) => appointment::sheet(model, known),
        Subject::Doctor(known) => doctor::sheet(model, known),
        Subject::Contact(known) => contact::sheet(model, known),
        Subject::User(known) => user::sheet(model, known),
        Subject::Matter(known) => matter::sheet(model, known),
        Subject::Audit(row) => audit::sheet(model, row),
    }
}

/// The lines of a record as wide as the drawer.
pub(super) struct Lines {
    width: u16,
    lines: Vec<Line>,
}

impl Lines {
    /// How wide they are.
    pub(super) const fn width(&self) -> u16 {
        self.width
    }

    /// A line about something that can be chosen.
    pub(super) fn pick(&mut self, index: usize, is_chosen: bool, text: &str, role: Role) {
        self.lines.push(Line {
            label: "",
            text: text.to_owned(),
            role,
            is_whole: true,
            pick: Some((index, is_chosen)),
        });
    }

    /// More about the same, indented, as many lines as it takes.
    pub(super) fn pick_more(&mut self, index: usize, text: &str) {
        let room = usize::from(self.width.saturating_sub(PICK + 2)).max(1);
        for line in text::wrap(text, room) {
            self.pick(index, false, &format!("  {line}"), Role::Dim);
        }
    }

    /// A text over the whole width.
    pub(super) fn whole(&mut self, text: &str, role: Role) {
        let wrapped = text::wrap(text, usize::from(self.width));
        for text in wrapped {
            self.whole_line(text, role);
        }
    }

    fn whole_line(&mut self, text: String, role: Role) {
        self.lines.push(Line {
            label: "",
            text,
            role,
            is_whole: true,
            pick: None,
        });
    }

    /// One of several that are told one below the other: what does not fit in a line goes on
    /// indented.
    pub(super) fn item(&mut self, text: &str) {
        let room = usize::from(self.width.saturating_sub(PICK)).max(1);
        for (at, line) in text::wrap(text, room).into_iter().enumerate() {
            let indent = if at == 0 { "" } else { "  " };
            self.whole_line(format!("{indent}{line}"), Role::Text);
        }
    }

    /// An empty line.
    pub(super) fn blank(&mut self) {
        self.whole("", Role::Text);
    }

    fn fact(&mut self, label: &'static str, text: &str, role: Role) {
        let room = usize::from(self.width.saturating_sub(LABEL)).max(1);
        for (at, text) in text::wrap(text, room).into_iter().enumerate() {
            self.lines.push(Line {
                label: if at == 0 { label } else { "" },
                text,
                role,
                is_whole: false,
                pick: None,
            });
        }
    }
}

fn lines(model: &Model, record: &Record, sheet: Sheet, width: u16) -> Vec<Line> {
    let mut out = Lines {
        width,
        lines: Vec::new(),
    };
    let is_loaded = record.subject.is_loaded();
    out.whole(&sheet.name, Role::Title);
    match model.link {
        Link::Down { .. } if is_loaded => out.whole(OLD, Role::Warning),
        _ => out.blank(),
    }
    if let Some(error) = &record.error {
        out.whole(error, Role::Error);
    }
    flags(model, record, &mut out);
    if is_loaded || record.error.is_none() {
        for (label, value) in sheet.facts {
            match value {
                Some(value) => out.fact(label, &value, Role::Text),
                None => out.fact(label, model.glyphs.none, Role::Dim),
            }
        }
        if let Some(body) = sheet.body {
            out.blank();
            out.whole(&body, Role::Text);
        }
        if let Subject::Contact(known) = &record.subject {
            for (text, role) in contact::steps(model, known.id) {
                out.whole(&text, role);
            }
        }
    }
    if !is_loaded && record.error.is_none() {
        if model.link != Link::Up {
            out.blank();
            out.whole(
                &format!("Only what the list knows. {UNREAD}"),
                Role::Warning,
            );
        } else if model.flights.is_slow(Slot::Record, model.now) {
            out.blank();
            out.whole(&format!("loading{}", model.glyphs.ellipsis), Role::Dim);
        }
    }
    if record.appointment().is_some() && record.error.is_none() {
        steps::tell(model, &record.steps, &mut out);
    }
    if record.patient().is_some() && record.error.is_none() {
        story::tell(model, &record.story, &mut out);
    }
    out.lines
}

/// What the desk should see before all else.
fn flags(model: &Model, record: &Record, out: &mut Lines) {
    let no_shows = record.story.sums.map_or(0, |sums| sums.no_shows);
    if no_shows > 0 {
        let sign = model.glyphs.warning;
        let text = format!("{sign} Did not come before: {}.", story::times(no_shows));
        out.whole(&text, Role::Warning);
        out.blank();
    }
}

/// A birth date, spelled out so that nobody wonders which number is the month.
pub(super) fn born(model: &Model, date: NaiveDate) -> String {
    model.prefs.dates.spelled_out(date, model.now.date_naive())
}

/// A moment on the clock of whoever sits here.
pub(super) fn moment(model: &Model, at: DateTime<Utc>) -> String {
    model.prefs.dates.moment(at, *model.now.offset())
}
