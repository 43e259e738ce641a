//! The principal screens in every theme at three sizes: a file a screen. Under each line stand the
//! styles of its columns, a letter each; what a letter means in every theme stands at the end.

use std::fmt::Write;

use clinic_tui::effect::{Reply, Slot};
use clinic_tui::theme::Theme;
use ratatui::buffer::{Buffer, Cell};

use super::own::at_settings;
use super::screens::at_slots;
use super::support::clinic::{bookings, busy, contact_rows, doctor_rows};
use super::support::{Desk, Look, page, receptionist, rows, style, text};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (40, 15)];

/// The styles of a column, one for each theme. Their place is their letter.
type Legend = Vec<Vec<String>>;

fn letter(legend: &mut Legend, cells: &[&Cell]) -> char {
    let styles: Vec<String> = cells.iter().map(|cell| style(cell)).collect();
    if styles.iter().all(String::is_empty) {
        return ' ';
    }
    let known = legend.iter().position(|known| *known == styles);
    let at = known.unwrap_or_else(|| {
        legend.push(styles);
        legend.len() - 1
    });
    nth_letter(at)
}

fn nth_letter(at: usize) -> char {
    let mut letters = ('a'..='z').chain('A'..='Z').chain('0'..='9');
    letters.nth(at).expect("more styles than letters")
}

/// One size of a screen, in all themes.
fn size(out: &mut String, legend: &mut Legend, size: (u16, u16), act: fn(Look) -> Desk) {
    let frames: Vec<(Buffer, Option<(u16, u16)>)> = Theme::ALL
        .iter()
        .map(|theme| {
            let look = Look::new(size.0, size.1);
            act(Look {
                theme: *theme,
                ..look
            })
            .draw()
        })
        .collect();
    let texts: Vec<String> = frames.iter().map(|(frame, _)| text(frame)).collect();
    let cursor = frames[0].1;
    let _ = writeln!(out, "── {}×{} ── cursor {cursor:?}", size.0, size.1);
    for (y, line) in texts[0].lines().enumerate() {
        out.push_str(line);
        out.push('\n');
        // A line that says which theme it is.
        for (theme, text) in Theme::ALL.iter().zip(&texts) {
            let here = text.lines().nth(y).unwrap();
            if here != line {
                let _ = writeln!(out, "{here}  ◂ {theme}");
            }
        }
        let letters: String = (0..size.0)
            .map(|x| {
                let at = (x, u16::try_from(y).unwrap());
                let cells: Vec<&Cell> = frames.iter().map(|(frame, _)| &frame[at]).collect();
                letter(legend, &cells)
            })
            .collect();
        if !letters.trim().is_empty() {
            let _ = writeln!(out, "{}", letters.trim_end());
        }
    }
    assert!(frames.iter().all(|(_, place)| *place == cursor));
}

fn screen(name: &str, act: fn(Look) -> Desk) {
    let (mut out, mut legend) = (String::new(), Legend::new());
    for of in SIZES {
        size(&mut out, &mut legend, of, act);
    }
    for (at, styles) in legend.iter().enumerate() {
        let _ = writeln!(out, "{}", nth_letter(at));
        for (theme, style) in Theme::ALL.iter().zip(styles) {
            let style = if style.is_empty() { "plain" } else { style };
            let _ = writeln!(out, "    {:<14} {style}", theme.to_string());
        }
    }
    insta::assert_snapshot!(format!("look_of_{name}"), out);
}

#[test]
fn the_principal_screens_in_every_theme_and_size() {
    screen("today", |look| Desk::at_board(look, busy(40)));
    screen("another_day", |look| Desk::at_today(look, bookings(30)));
    screen("booking", |look| {
        let mut desk = at_slots(look);
        desk.press("j");
        desk
    });
    screen("patients", |look| Desk::with_rows(look, rows(40)));
    screen("record", Desk::with_record);
    screen("walk_in", |look| {
        let mut desk = Desk::at_board(look, busy(40));
        desk.press("w").type_text("hopper");
        let found = page(rows(3));
        desk.reply(Slot::People, Reply::Patients(Box::new(found)));
        desk.press("down");
        desk
    });
    screen("queue", |look| Desk::at_queue(look, busy(24)));
    screen("inbox", |look| Desk::at_contacts(look, contact_rows(12)));
    screen("doctors", |look| {
        Desk::at_doctors(look, receptionist(), doctor_rows(6))
    });
    screen("sign_in", |look| Desk::start(look, None, None));
    screen("settings", at_settings);
}
