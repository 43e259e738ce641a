//! Palette, help, footer, keys, and what the screen does by itself.

use clinic_tui::app::Event;
use clinic_tui::effect::{Effect, Slot};
use ratatui::layout::Size;

use super::support::{Desk, Look, receptionist, rows};
use super::{USUAL, editing, found, searched};

#[test]
fn the_palette_runs_what_it_shows() {
    let mut desk = Desk::with_rows(USUAL, rows(3));
    desk.press("esc :")
        .type_text("new pat")
        .sees("Registers a person")
        .press("enter");
    desk.sees("Full name");
}

#[test]
fn the_palette_explains_the_selected_command_and_tells_equals_apart() {
    let mut desk = Desk::with_rows(Look::new(60, 24), rows(3));
    desk.press("f6")
        .type_text("open")
        .sees("Open (search field)")
        .sees("Open (list)")
        .sees("to the list.");
}

#[test]
fn the_palette_says_why_something_cannot_be_done() {
    let mut desk = Desk::start(USUAL, Some(receptionist()), None);
    desk.press("esc :")
        .type_text("open")
        .sees("The list is still loading.")
        .press("enter");
    desk.sees("The list is still loading.");
}

#[test]
fn help_is_about_the_place_it_was_opened_in() {
    let mut desk = Desk::with_record(USUAL);
    desk.press("?")
        .sees("Record")
        .sees("Next record")
        .press("f1")
        .sees("penicillin");
    desk.press("f1")
        .type_text("edit")
        .press("enter")
        .sees("Edit P-000001");
}

#[test]
fn the_footer_shows_the_keys_that_work_here() {
    let mut desk = Desk::with_rows(USUAL, rows(3));
    desk.sees("Ins New patient").sees_no("n New patient");
    desk.press("esc").sees("n New patient").sees("/ Search");
}

#[test]
fn own_keys_are_in_footer_and_help() {
    let file = std::env::temp_dir().join(format!("clinic-keys-{}.toml", std::process::id()));
    std::fs::write(&file, "\"patients.new\" = \"f8\"\n").unwrap();
    let keymap = clinic_tui::keymap::user::load(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    let mut desk = Desk::start_with(USUAL, Some(receptionist()), None, keymap);
    desk.press("f3");
    desk.reply(Slot::List, found(rows(3)))
        .press("esc")
        .sees("F8 New patient");
    desk.press("n")
        .sees_no("Full name")
        .press("esc ?")
        .sees("F8")
        .press("esc f8")
        .sees("Full name");
}

#[test]
fn a_half_typed_sequence_shows_what_can_follow_and_escape_forgets_it() {
    let mut desk = Desk::with_rows(USUAL, rows(40));
    desk.press("esc G g")
        .sees("First row")
        .press("esc")
        .sees_no("First row")
        .sees("P-000040");
    desk.press("g g").sees("P-000001").sees("1–19 of 40");
    desk.press("g x").sees("Find").sees("gx");
    assert_eq!(searched(&desk).as_deref(), Some("gx"));
}

#[test]
fn toasts_go_by_themselves() {
    let mut desk = editing();
    desk.press("ctrl-s").sees("Nothing was changed.");
    desk.wait(3900)
        .sees("Nothing was changed.")
        .wait(200)
        .sees_no("Nothing was changed.");
}

#[test]
fn an_idle_screen_wakes_for_the_clock_only() {
    let mut desk = Desk::with_rows(USUAL, rows(3));
    desk.wait(10_000);
    assert_eq!((desk.model.next_wake() - desk.now).num_seconds(), 50);
    desk.wait(50_000).sees("08:31");
    assert_eq!((desk.model.next_wake() - desk.now).num_seconds(), 60);
}

#[test]
fn a_resize_keeps_the_selected_row_in_sight() {
    let mut desk = Desk::with_rows(USUAL, rows(40));
    desk.press("esc G");
    desk.size = Size::new(80, 10);
    desk.happen(Event::Resized(Size::new(80, 10)))
        .sees("P-000040");
    desk.size = Size::new(80, 60);
    desk.happen(Event::Resized(Size::new(80, 60)))
        .sees("P-000001")
        .sees("P-000040");
}

#[test]
fn the_log_shows_the_newest_lines_and_asks_for_more() {
    let mut desk = Desk::with_rows(USUAL, rows(3));
    desk.press("ctrl-l");
    assert!(desk.effects.contains(&Effect::ReadLog));
    let lines = (0..100).map(|n| format!("line {n}")).collect();
    desk.happen(Event::Log(lines))
        .sees("line 99")
        .sees_no("line 9\n");
    desk.press("pgup")
        .sees("line 70")
        .sees_no("line 99")
        .press("q")
        .sees("Find");
}
