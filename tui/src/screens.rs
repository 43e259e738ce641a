//! The screens and what can lie over them: a state, functions that change it, and a view each.

use ratatui::layout::{Rect, Size};

use crate::app::Model;

pub(crate) mod anywhere;
pub(crate) mod ask;
pub(crate) mod audit;
pub(crate) mod away;
pub(crate) mod book;
pub(crate) mod contacts;
pub(crate) mod decisions;
pub(crate) mod deeds;
pub(crate) mod dialog;
pub(crate) mod doctors;
pub(crate) mod filter;
pub(crate) mod finder;
pub(crate) mod here;
pub(crate) mod letter;
pub(crate) mod list;
pub(crate) mod log;
pub(crate) mod merge;
pub(crate) mod own_sessions;
pub(crate) mod pane;
pub(crate) mod patient_form;
pub(crate) mod patients;
pub(crate) mod picker;
pub(crate) mod place;
pub(crate) mod prompt;
pub(crate) mod queue;
pub(crate) mod record;
pub(crate) mod report;
pub(crate) mod second;
pub(crate) mod servers;
pub(crate) mod settings;
pub(crate) mod signin;
pub(crate) mod staff;
pub(crate) mod today;
pub(crate) mod undo;
pub(crate) mod users;
pub(crate) mod waiting;
pub(crate) mod waitlist;
pub(crate) mod walk_in;
pub(crate) mod windows;

/// From this width on a record lies beside the list.
const WIDE: u16 = 100;

/// How the whole screen is divided.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Areas {
    /// The first line.
    pub(crate) header: Rect,
    /// The line that says the server is away; empty otherwise.
    pub(crate) banner: Rect,
    /// Between them.
    pub(crate) body: Rect,
    /// The lines of the short messages; empty while there are none.
    pub(crate) toasts: Rect,
    /// The last line.
    pub(crate) footer: Rect,
}

/// The areas for the model's size. In a few lines the content counts, not what surrounds it.
pub(crate) fn areas(model: &Model) -> Areas {
    let Size { width, height } = model.size;
    let header = u16::from(height >= 4);
    let footer = u16::from(height >= 3);
    let is_down = matches!(model.link, crate::app::Link::Down { .. });
    let banner = u16::from(is_down && height >= 5);
    let between = height - header - footer - banner;
    // The content keeps at least two lines of three.
    let toasts = match model.session.is_locked() {
        // A message may name a patient.
        true => 0,
        false => crate::widgets::toasts::height(model, width, between.div_ceil(3)),
    };
    let body = between - toasts.min(between);
    Areas {
        header: Rect::new(0, 0, width, header),
        banner: Rect::new(0, header, width, banner),
        body: Rect::new(0, header + banner, width, body),
        toasts: Rect::new(0, header + banner + body, width, between - body),
        footer: Rect::new(0, header + banner + between, width, footer),
    }
}

/// Where the record goes beside the list, and what is left for the list.
pub(crate) fn split(body: Rect) -> Option<(Rect, Rect)> {
    if body.width < WIDE {
        return None;
    }
    let drawer = (body.width * 2 / 5).clamp(44, 72);
    let list = Rect {
        width: body.width - drawer,
        ..body
    };
    Some((
        list,
        Rect {
            x: body.x + list.width,
            width: drawer,
            ..body
        },
    ))
}

/// A box of this size in the middle of an area, or as much of it as fits.
pub(crate) fn centred(area: Rect, width: u16, height: u16) -> Rect {
    let width = width.min(area.width);
    let height = height.min(area.height);
    Rect {
        x: area.x + (area.width - width) / 2,
        y: area.y + (area.height - height) / 2,
        width,
        height,
    }
}
