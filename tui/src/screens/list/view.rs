//! What every list draws in the same way: its count, what there is to say about its rows, the
//! rows themselves, and why there are none.

use ratatui::layout::Rect;

use super::table::{self, Column};
use super::{Listed, is_current, list_areas, shows};
use crate::app::{Link, Model, Session, Target, key_now};
use crate::command;
use crate::effect::Slot;
use crate::text;
use crate::theme::Role;
use crate::widgets::canvas::{Canvas, beside, line_of};

/// What there is to say about rows.
pub(crate) type Remark = (String, Role);

/// `1–20 of 1000+`; `none` where there are no rows.
pub(crate) fn count<T: Listed>(model: &Model, none: &str) -> String {
    let list = T::rows(model);
    if list.query.is_none() || !shows::<T>(model) {
        return String::new();
    }
    let more = if list.count_capped { "+" } else { "" };
    if list.rows.is_empty() {
        // Not before there is an answer to this question.
        let is_known = is_current::<T>(model);
        return if is_known { none } else { "" }.to_owned();
    }
    let height = usize::from(list_areas(model).rows.height);
    let from = list.top + 1;
    let to = (list.top + height).min(list.rows.len());
    let dash = model.glyphs.dash;
    let count = format!("{from}{dash}{to} of {}{more}", list.count);
    match &model.link {
        Link::Down { since, .. } if T::REMARKS => {
            let dot = model.glyphs.dot;
            format!("from before {} {dot} {count}", since.format("%H:%M"))
        }
        _ => count,
    }
}

/// Draws the count at the right end of a line that has room for it; answers where it begins.
pub(crate) fn put_count(canvas: &mut Canvas<'_>, area: Rect, count: &str) -> u16 {
    if area.width < 50 {
        return area.right();
    }
    let line = Rect {
        width: area.width.saturating_sub(1),
        ..area
    };
    canvas.put_right(line, count, Role::Dim)
}

/// Draws what there is to say about the rows: that they are old, still coming, or of an older
/// question; else `remark`.
pub(crate) fn status<T: Listed>(canvas: &mut Canvas<'_>, area: Rect, remark: Option<Remark>) {
    let model = canvas.model;
    let list = T::rows(model);
    let line = Rect {
        width: area.width.saturating_sub(1),
        ..area
    };
    let is_current = is_current::<T>(model);
    let is_unasked = !is_current && !model.flights.is_flying(Slot::List);
    let again = format!("{} asks again", key(model, "app.reload"));
    let is_kept = T::REMARKS && is_current && remark.is_some() && !list.is_stopped;
    let said = if model.flights.is_slow(Slot::List, model.now) {
        let asking = format!("{}{}", T::WORDS.asking, canvas.glyphs.ellipsis);
        Some((asking, Role::Dim))
    } else if let Some(query) = list
        .query
        .as_ref()
        .filter(|_| is_current || (T::KEEPS && !list.rows.is_empty()))
        && (model.link != Link::Up || is_unasked)
        && !is_kept
    {
        let what = if is_current {
            "from before the server went away".to_owned()
        } else {
            format!("{}; still {}", T::WORDS.unasked, T::kept(model, query))
        };
        let what = match list.is_stopped && model.link == Link::Up {
            true => format!("stopped; still {}", T::kept(model, query)),
            false => what,
        };
        Some((what, Role::Warning))
    } else if list.is_stopped {
        Some((format!("stopped; {again}"), Role::Warning))
    } else {
        remark.filter(|_| is_current)
    };
    if let Some((text, role)) = said {
        canvas.put(line, line.x + 1, &text, role);
    }
}

/// Draws headings and rows, or `nothing` to say why there are none: lines, the first of them the
/// reason and the others what to do.
pub(crate) fn table<T: Listed>(
    canvas: &mut Canvas<'_>,
    columns: &'static [Column<T>],
    on_top: bool,
    nothing: impl FnOnce(&Model) -> Vec<String>,
) {
    let model = canvas.model;
    let areas = list_areas(model);
    let list = T::rows(model);
    canvas.hit(areas.rows, Target::Layer);
    if list.rows.is_empty() || !shows::<T>(model) {
        empty::<T>(canvas, areas.rows, nothing);
        return;
    }
    let placed = table::placed(columns, areas.rows);
    for place in &placed {
        canvas.put(areas.headings, place.x, place.column.heading, Role::Dim);
    }
    let is_slow = model.flights.is_slow(Slot::List, model.now);
    let is_old = model.link != Link::Up || is_slow;
    // Where Enter means the first row of the answer, none of these is selected.
    let has_selection = !is_slow || is_current::<T>(model) || list.was_moved;
    let height = usize::from(areas.rows.height);
    let visible = list.rows.iter().enumerate().skip(list.top).take(height);
    for (line, (index, row)) in areas.rows.rows().zip(visible) {
        let is_selected = has_selection && index == list.cursor;
        let plain = if is_old { Role::Stale } else { Role::Text };
        let mark = table::mark(canvas, line, &placed, is_selected, on_top, plain);
        canvas.hit(line, Target::Row(index));
        if list.is_fresh(row.id()) {
            canvas.put(
                line,
                line.x + 1,
                canvas.glyphs.changed,
                mark.role_at(line.x),
            );
        }
        for place in &placed {
            let role = mark.role_at(place.x);
            let text = (place.column.text)(model, row, place.width);
            let text = text::fit(&text, usize::from(place.width), canvas.glyphs.ellipsis);
            canvas.put(line, place.x, &text, role);
        }
    }
}

/// The key of a command, for a sentence that names it.
pub(crate) fn key(model: &Model, name: &str) -> String {
    command::find(name)
        .and_then(|command| key_now(model, command))
        .unwrap_or_default()
}

fn empty<T: Listed>(
    canvas: &mut Canvas<'_>,
    area: Rect,
    nothing: impl FnOnce(&Model) -> Vec<String>,
) {
    let model = canvas.model;
    let list = T::rows(model);
    let ellipsis = canvas.glyphs.ellipsis;
    let is_slow = model.flights.is_slow(Slot::List, model.now);
    let is_soon = list.query.is_some() && model.flights.is_flying(Slot::List) && !is_slow;
    let (lines, role) = if let Some(error) = &list.error {
        let again = format!("{} asks again.", key(model, "app.reload"));
        (vec![error.clone(), again], Role::Error)
    } else if !is_current::<T>(model) {
        let text = match (&model.session, &model.link) {
            (_, Link::Down { .. }) => {
                "The server does not answer. The list comes as soon as it does.".to_owned()
            }
            (Session::Opening(Some(user)), _) => format!("Signing in as {user}{ellipsis}"),
            (Session::Opening(None), _) => format!("Signing in{ellipsis}"),
            (Session::In(_), _) if list.is_stopped => {
                format!("Stopped; {} asks again.", key(model, "app.reload"))
            }
            // Not for the moment an answer usually takes.
            (Session::In(_), _) if is_soon => String::new(),
            (Session::In(_), _) => format!("Loading{ellipsis}"),
            (Session::Ended(_) | Session::Locked(_) | Session::Out, _) => String::new(),
        };
        (vec![text], Role::Dim)
    } else {
        (nothing(model), Role::Text)
    };
    let area = Rect {
        width: area.width.saturating_sub(1),
        ..area
    };
    let area = beside(area, 2);
    let mut at = 0;
    for (n, text) in lines.iter().enumerate() {
        let role = if n == 0 { role } else { Role::Dim };
        for line in text::wrap(text, usize::from(area.width)) {
            canvas.put(line_of(area, at), area.x, &line, role);
            at += 1;
        }
    }
}
