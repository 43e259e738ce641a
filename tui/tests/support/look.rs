//! A screen at the sizes and in the looks that matter, as one text.

use clinic_tui::theme::Theme;

use super::{Desk, Look, styles, text};

/// What `act` leads to: at three sizes, without colour and without UTF-8.
pub(crate) fn in_every_look(act: fn(Look) -> Desk) -> String {
    let mut out = String::new();
    let mut show = |title: &str, look: Look, with_styles: bool| {
        let mut desk = act(look);
        let (buffer, cursor) = desk.draw();
        let width = usize::from(buffer.area.width);
        out.push_str(&format!(
            "── {title} ── cursor {cursor:?}\n{}\n",
            "▔".repeat(width)
        ));
        out.push_str(&text(&buffer));
        if with_styles {
            out.push_str(&format!("styles\n{}", styles(&buffer)));
        }
        out.push('\n');
    };
    show("80×24", Look::new(80, 24), true);
    show("120×40", Look::new(120, 40), false);
    show("40×15", Look::new(40, 15), false);
    show(
        "80×24 mono",
        Look {
            theme: Theme::Mono,
            ..Look::new(80, 24)
        },
        true,
    );
    show(
        "80×24 ASCII",
        Look {
            ascii: true,
            ..Look::new(80, 24)
        },
        false,
    );
    out
}
