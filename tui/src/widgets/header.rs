//! The first line: the places and which one this is, as whom one is here, and what time it is.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use crate::app::{Link, LiveState as State, Model, Session, Target, display_name};
use crate::clock::Now;
use crate::command;
use crate::keymap::chord;
use crate::layers::Layer;
use crate::screens::place::Place;
use crate::screens::today;
use crate::text;
use crate::theme::Role;

/// Draws the header.
pub(crate) fn draw(canvas: &mut Canvas<'_>, area: Rect) {
    if area.is_empty() {
        return;
    }
    let model = canvas.model;
    canvas.paint(area, Role::Header);
    let clinic = clinic(model);
    // Strangers stand at the desk of whoever is not signed in: there are no places to go to.
    let is_out = model
        .layers
        .iter()
        .any(|layer| matches!(layer, Layer::SignIn(_)));
    let tabs = (!is_out).then(|| tabs(model, area.width));
    let clock = model.now.format("%H:%M").to_string();
    let (who, name, demo) = (who(model), name(model), demo(model));
    let (live, role) = live(model);
    let live = match live.is_empty() {
        true => live,
        false => format!("{live} "),
    };
    let room = match &tabs {
        Some(tabs) => usize::from(area.width).saturating_sub(tabs.width()),
        None => usize::from(area.width) * 2 / 3,
    };
    // In a narrow terminal the name goes before the clock does.
    let choices = [
        format!("  {demo}{who}{live}{clock} "),
        format!(" {demo}{name}{live}{clock} "),
        format!(" {demo}{live}{clock} "),
        format!(" {live}{clock} "),
        format!(" {clock} "),
        format!("{clock} "),
        clock,
    ];
    let right = choices
        .into_iter()
        .find(|right| text::width(right) < room)
        .unwrap_or_default();
    let begins = canvas.put_right(area, &right, Role::Header);
    if !live.is_empty() && right.contains(&live) {
        // The same again in its own role: before it stands what is not the clock.
        let after = text::width(&live) + clock_width(&right, &live);
        let after = u16::try_from(after).unwrap_or(0);
        canvas.put(
            area,
            area.right().saturating_sub(after),
            live.trim_end(),
            role,
        );
    }
    let left = Rect {
        width: begins.saturating_sub(area.x),
        ..area
    };
    let Some(tabs) = tabs else {
        let named = format!("Clinic {} {clinic}", canvas.glyphs.dot);
        canvas.put(left, left.x + 1, &named, Role::Header);
        return;
    };
    let x = draw_tabs(canvas, area, &tabs);
    // Beside the places the clinic's name stands only where it can be read whole.
    if text::width(&clinic) + 3 < usize::from(left.right().saturating_sub(x)) {
        canvas.put(left, x + 1, &clinic, Role::Dim);
    }
}

/// Columns of the sign and the word of what is live, and of the room after it.
const LIVE: usize = 7;

/// Columns of what stands after it.
fn clock_width(right: &str, live: &str) -> usize {
    right
        .split_once(live)
        .map_or(0, |(_, after)| text::width(after))
}

/// Whether what happens is seen at once, by sign and word; nothing while nobody is signed in.
fn live(model: &Model) -> (String, Role) {
    let glyphs = &model.glyphs;
    let stale = |since: &Now| {
        let since = format!("stale since {}", since.format("%H:%M"));
        (glyphs.warning, since, Role::Warning)
    };
    let (sign, word, role) = match (&model.live.state, &model.link) {
        (State::Off, _) => return (String::new(), Role::Header),
        (State::Stale { since, .. }, _) => stale(since),
        // Nothing is heard from a server that is away, though the stream does not know it yet.
        (State::Live { .. } | State::Replaying, Link::Down { since, .. }) => stale(since),
        (State::Live { .. }, Link::Up) => (glyphs.full, "live".to_owned(), Role::Header),
        (State::Replaying, Link::Up) => (glyphs.running, "catching up".to_owned(), Role::Dim),
        (State::Deaf { .. }, _) => (glyphs.absent, "not live".to_owned(), Role::Warning),
    };
    (format!("{sign} {word}"), role)
}

fn clinic(model: &Model) -> String {
    let place = model.clinic_name.as_deref().unwrap_or(&model.server);
    place
        .trim_start_matches("http://")
        .trim_start_matches("https://")
        .to_owned()
}

fn who(model: &Model) -> String {
    match &model.session {
        Session::In(who) | Session::Ended(who) | Session::Locked(who) => {
            format!("{} ({})  ", display_name(who), who.role)
        }
        Session::Opening(_) | Session::Out => String::new(),
    }
}

/// The name without the role, where that has no room.
fn name(model: &Model) -> String {
    let name = model.session.who().map(display_name);
    name.map(|name| format!("{name}  ")).unwrap_or_default()
}

/// That nothing here is real.
fn demo(model: &Model) -> &'static str {
    if model.demo.is_some() { "demo  " } else { "" }
}

/// The places as they stand in the header.
struct Tabs {
    tabs: Vec<(Place, String)>,
    /// Whether each has room for its own brackets; otherwise two share a column.
    is_spaced: bool,
}

impl Tabs {
    fn width(&self) -> usize {
        let texts = self.tabs.iter().map(|(_, text)| text::width(text));
        let beside = if self.is_spaced {
            self.tabs.len() * 2
        } else {
            self.tabs.len() + 1
        };
        texts.sum::<usize>() + beside
    }
}

/// The places: with their keys where there is room for them, else their names, else the keys and
/// this one's name; where there is hardly any room, only this one.
fn tabs(model: &Model, width: u16) -> Tabs {
    // A key that works in fields too, so that nothing moves when one is entered.
    let key = |place: Place| {
        let command = command::find(place.command())?;
        let mut keys = model.keymap.sequences_of(command);
        keys.find(|keys| keys.len() == 1).map(chord::shown)
    };
    // On another day it is not today.
    let is_away = model.place == Place::Today && today::day(model) != model.today();
    let title = |place: Place| match place {
        Place::Today if is_away => "Day",
        place => place.title(),
    };
    let keyed = |place: Place| match key(place) {
        Some(key) => (place, format!("{key} {}", title(place))),
        None => (place, title(place).to_owned()),
    };
    let named = |place: Place| (place, title(place).to_owned());
    let live = match text::width(&live(model).0) {
        0 => 0,
        width => width + 1,
    };
    // While it is live there is room for the name; the keys stay where they are when it is not.
    // In the demo the keys are worth more than a name that everybody may take.
    let name = match model.demo {
        None => text::width(&name(model)),
        Some(_) => 0,
    };
    let beside_keys = (name + live.min(LIVE)).max(live) + text::width(demo(model)) + 9;
    let shown = Place::shown(model);
    let all =
        |make: &dyn Fn(Place) -> (Place, String)| shown.iter().map(|place| make(*place)).collect();
    // Where there is no room for their names, the keys lead there still.
    let short = |place: Place| match key(place) {
        Some(key) if place != model.place => (place, key),
        _ => keyed(place),
    };
    let choices: [(Vec<_>, _, _); 4] = [
        (all(&keyed), true, beside_keys),
        (all(&named), true, live + 7),
        (all(&named), false, live + 7),
        (all(&short), true, live + 7),
    ];
    for (tabs, is_spaced, beside) in choices {
        let tabs = Tabs { tabs, is_spaced };
        if tabs.width() + beside < usize::from(width) {
            return tabs;
        }
    }
    Tabs {
        tabs: vec![named(model.place)],
        is_spaced: true,
    }
}

/// Draws the places; brackets stand around this one. Answers the column after them.
fn draw_tabs(canvas: &mut Canvas<'_>, area: Rect, tabs: &Tabs) -> u16 {
    let here = canvas.model.place;
    let mut x = area.x;
    for (at, (place, text)) in tabs.tabs.iter().enumerate() {
        let is_here = *place == here;
        let from = x;
        if is_here {
            canvas.put(area, x, "[", Role::Header);
        }
        let role = if is_here { Role::Header } else { Role::Dim };
        x = canvas.put(area, x + 1, text, role);
        if is_here {
            canvas.put(area, x, "]", Role::Header);
        }
        let spot = Rect {
            x: from,
            width: (x + 1).saturating_sub(from),
            ..area
        };
        if let Some(command) = command::find(place.command()) {
            canvas.hit(spot, Target::Command(command));
        }
        let is_last = at + 1 == tabs.tabs.len();
        x += u16::from(tabs.is_spaced || is_last);
    }
    x
}
