//! The merge, drawn: both records side by side, what stays, what moves, what is in the way.

use clinic_shared::desk::appointments::Status;
use clinic_shared::desk::merging::{DifferingField, MergePreview, Side};
use ratatui::layout::Rect;

use super::{Merger, doubt};
use crate::app::{Model, Target, key_now};
use crate::command;
use crate::effect::Slot;
use crate::screens::walk_in::person_in_words;
use crate::text;
use crate::theme::Role;
use crate::widgets::canvas::{Canvas, below, line_of};
use crate::widgets::input::{self, Face};

/// Columns of the names of fields, the pointer's with them.
const LABEL: u16 = 14;

/// The same where there is little room.
const LABEL_NARROW: u16 = 9;

/// Below this width values are cut in their columns.
const NARROW: u16 = 60;

/// The name of a field, for people.
pub(super) fn name_of(field: &str) -> &str {
    match field {
        "full_name" => "Name",
        "birth_date" => "Born",
        "gender" => "Gender",
        "phone" => "Phone",
        "email" => "E-mail",
        "address" => "Address",
        "blood_group" => "Blood group",
        "height" => "Height",
        "weight" => "Weight",
        "note" => "Note",
        "photo" => "Picture",
        other => other,
    }
}

/// Draws the screen into `body`.
pub(crate) fn draw(canvas: &mut Canvas<'_>, body: Rect, merger: &Merger, on_top: bool) {
    canvas.hit(body, Target::Layer);
    let title = format!("Merge into {}", merger.stays.text);
    let inner = canvas.frame(body, &title, on_top);
    if merger.is_finding() {
        find(canvas, inner, merger, on_top);
        return;
    }
    let preview = merger.preview.as_ref();
    let doubt = preview.and_then(|preview| doubt::in_words(canvas.model, preview));
    let inner = match doubt {
        Some(doubt) => warn(canvas, inner, &doubt),
        None => inner,
    };
    let end = end(canvas.model, merger, inner.width);
    let room = usize::from(inner.height).saturating_sub(2);
    let end_lines = end
        .len()
        .min(room.saturating_sub(room.min(3)).max(room / 2));
    let fields = usize::from(inner.height).saturating_sub(end_lines);
    let fields = u16::try_from(fields).unwrap_or(inner.height);
    let area = Rect {
        height: fields.min(inner.height),
        ..inner
    };
    let used = sides(canvas, area, merger, on_top);
    let rest = below(inner, used);
    for (row, (line, role)) in rest.rows().zip(&end) {
        canvas.put(row, row.x, line, *role);
    }
}

/// What is to be known first of all; answers the room below it.
fn warn(canvas: &mut Canvas<'_>, area: Rect, text: &str) -> Rect {
    let text = format!("{} {text}", canvas.glyphs.warning);
    let lines = text::wrap(&text, usize::from(area.width).max(1));
    for (row, line) in area.rows().zip(&lines) {
        canvas.put(row, row.x, line, Role::Warning);
    }
    below(area, u16::try_from(lines.len()).unwrap_or(1))
}

fn find(canvas: &mut Canvas<'_>, area: Rect, merger: &Merger, on_top: bool) {
    let model = canvas.model;
    let face = Face {
        is_focused: on_top,
        is_masked: false,
        placeholder: "name, birth date, phone or record number",
        ..Face::default()
    };
    let row = line_of(area, 0);
    let x = canvas.put(row, row.x, "Which record goes in?", Role::Title) + 1;
    let field = match row.right().saturating_sub(x) {
        0..20 => line_of(area, 1),
        width => Rect { x, width, ..row },
    };
    input::draw(canvas, field, &merger.find, face);
    let list = below(area, field.y - area.y + 2);
    if let Some(message) = &merger.message {
        canvas.put(list, list.x, message, Role::Error);
        return;
    }
    if merger.people.is_empty() {
        let text = if model.link.obstacle().is_some() {
            "The server does not answer. This comes as soon as it does.".to_owned()
        } else if model.flights.is_flying(Slot::Twin) {
            let is_slow = model.flights.is_slow(Slot::Twin, model.now);
            let text = format!("looking{}", model.glyphs.ellipsis);
            if is_slow { text } else { String::new() }
        } else {
            match merger.find.value().trim() {
                "" => "No similar record was found. Type a name, a birth date, a phone, a number.",
                _ => "No other record is found. Type part of the name, a birth date, a phone.",
            }
            .to_owned()
        };
        for (row, line) in list
            .rows()
            .zip(text::wrap(&text, usize::from(list.width).max(1)))
        {
            canvas.put(row, row.x, &line, Role::Dim);
        }
        return;
    }
    let height = usize::from(list.height).max(1);
    let top = (merger.cursor + 1).saturating_sub(height);
    let visible = merger.people.iter().enumerate().skip(top);
    for (row, (index, person)) in list.rows().zip(visible) {
        let role = selected(canvas, row, index == merger.cursor, on_top, Role::Text);
        let text = person_in_words(canvas.model, person);
        canvas.put(row, row.x + 2, &text, role);
        canvas.hit(row, Target::Candidate(index));
    }
}

/// Marks a row that is selected; answers its role.
fn selected(canvas: &mut Canvas<'_>, row: Rect, is: bool, on_top: bool, role: Role) -> Role {
    let role = match (is, on_top) {
        (true, true) => Role::Selected,
        (true, false) => Role::SelectedAside,
        (false, _) => return role,
    };
    canvas.paint(row, role);
    canvas.put(row, row.x, canvas.glyphs.pointer, role);
    role
}

/// Both records side by side; answers how many lines that took.
fn sides(canvas: &mut Canvas<'_>, area: Rect, merger: &Merger, on_top: bool) -> u16 {
    let label = if area.width < NARROW {
        LABEL_NARROW
    } else {
        LABEL
    };
    let half = area.width.saturating_sub(label) / 2;
    let columns = |row: Rect| {
        let at = |x: u16| Rect {
            x: row.x + label + x,
            width: half.saturating_sub(1),
            ..row
        };
        (at(0), at(half))
    };
    let other = merger.other.as_ref().map(|other| other.text.as_str());
    for (at, (left, right)) in [
        ("stays", "goes in"),
        (merger.stays.text.as_str(), other.unwrap_or_default()),
    ]
    .into_iter()
    .enumerate()
    {
        let row = line_of(area, u16::try_from(at).unwrap_or(0));
        let role = if at == 0 { Role::Dim } else { Role::Title };
        let (one, two) = columns(row);
        canvas.put(one, one.x, left, role);
        canvas.put(two, two.x, right, role);
    }
    let list = below(area, 2);
    let fields = merger.fields();
    let height = usize::from(list.height).max(1);
    let top = (merger.cursor + 1).saturating_sub(height);
    let mut used = 2;
    for (row, (index, field)) in list.rows().zip(fields.iter().enumerate().skip(top)) {
        let role = selected(canvas, row, index == merger.cursor, on_top, Role::Text);
        let name = Rect {
            width: label.saturating_sub(1),
            ..row
        };
        canvas.put(name, row.x + 2, name_of(&field.field), role);
        let side = merger.side(field);
        let (one, two) = columns(row);
        for (place, own, value) in [
            (one, Side::Survivor, &field.survivor),
            (two, Side::Other, &field.other),
        ] {
            let text = value_in_words(canvas.model, field, value.as_deref(), own == side);
            canvas.put(place, place.x, &text, role);
        }
        canvas.hit(row, Target::Candidate(index));
        used += 1;
    }
    used
}

fn value_in_words(
    model: &Model,
    field: &DifferingField,
    value: Option<&str>,
    stays: bool,
) -> String {
    let sign = if stays {
        model.glyphs.full
    } else {
        model.glyphs.open
    };
    let born = |value: &str| value.parse().ok().map(|born| model.prefs.dates.date(born));
    let value = match (field.field.as_str(), value) {
        ("photo", Some(_)) => "a picture".to_owned(),
        ("birth_date", Some(value)) => born(value).unwrap_or_else(|| value.to_owned()),
        (_, Some(value)) => value.to_owned(),
        (_, None) => model.glyphs.none.to_owned(),
    };
    format!("{sign} {value}")
}

/// What stands below the two: whatever changed, what is in the way, what moves, what the keys do.
fn end(model: &Model, merger: &Merger, width: u16) -> Vec<(String, Role)> {
    let room = usize::from(width).max(1);
    let mut lines: Vec<(String, Role)> = Vec::new();
    let mut say = |text: &str, role: Role| {
        lines.extend(text::wrap(text, room).into_iter().map(|line| (line, role)));
    };
    if let Some(message) = &merger.message {
        say(message, Role::Error);
    }
    for change in &merger.changes {
        say(&format!("{} {change}", model.glyphs.changed), Role::Warning);
    }
    let Some(preview) = &merger.preview else {
        if let Some(obstacle) = model.link.obstacle() {
            say(obstacle, Role::Warning);
        } else if model.flights.is_slow(Slot::Twin, model.now) {
            say(&format!("looking{}", model.glyphs.ellipsis), Role::Dim);
        }
        return lines;
    };
    // Where the two columns cut them, the values of the selected field stand below, whole.
    if width < NARROW
        && let Some(field) = preview.fields.get(merger.cursor)
    {
        let side = merger.side(field);
        for (own, value) in [
            (Side::Survivor, &field.survivor),
            (Side::Other, &field.other),
        ] {
            let value = value.as_deref();
            say(
                &value_in_words(model, field, value, own == side),
                Role::Text,
            );
        }
    }
    if preview.fields.is_empty() {
        say("Both records say the same.", Role::Dim);
    }
    // Where there is little room, what the keys do comes first.
    let same = same(model, merger, preview);
    if let Some(same) = same.as_ref().filter(|_| width >= NARROW) {
        say(same, Role::Dim);
    }
    for reason in &preview.conflicts {
        say(
            &format!("{} {}", model.glyphs.error, reason.detail),
            Role::Error,
        );
        say(&format!("  {}", advice(&reason.code)), Role::Text);
    }
    say(&format!("Moves: {}.", moves(preview)), Role::Text);
    if merger.is_sending() {
        say(&format!("merging{}", model.glyphs.ellipsis), Role::Dim);
        return lines;
    }
    let key = |name| {
        let command = command::find(name);
        let key = command.and_then(|command| key_now(model, command));
        key.unwrap_or_default()
    };
    let stays = format!("{} stays", model.glyphs.full);
    let hint = match preview.conflicts.is_empty() {
        true => format!(
            "{stays}; {} takes the other value, {} lets the other record stay, {} merges.",
            key("merge.side"),
            key("merge.swap"),
            key("merge.enter")
        ),
        false => format!(
            "{} goes back; once nothing is in the way, they can be merged.",
            key("merge.back")
        ),
    };
    say(&hint, Role::Dim);
    if let Some(same) = same.filter(|_| width < NARROW) {
        say(&same, Role::Dim);
    }
    lines
}

/// What tells people apart and is the same in both: `The same in both: born 2 Mar 1961, phone 030 1.`
fn same(model: &Model, merger: &Merger, preview: &MergePreview) -> Option<String> {
    let (one, two) = (&preview.survivor, &preview.other);
    let born = one.birth_date.filter(|_| one.birth_date == two.birth_date);
    let born = born.map(|born| model.prefs.dates.date(born));
    let phone = one.phone.as_ref().filter(|_| one.phone == two.phone);
    // Where it is the same, it is that of the record one began at, whichever stays.
    let is_same = preview.fields.iter().all(|field| field.field != "email");
    let email = merger.like.email.as_ref().filter(|_| is_same);
    let said = [
        born.map(|born| format!("born {born}")),
        phone.map(|phone| format!("phone {phone}")),
        email.map(|email| format!("e-mail {email}")),
    ];
    let said: Vec<String> = said.into_iter().flatten().collect();
    (!said.is_empty()).then(|| format!("The same in both: {}.", said.join(", ")))
}

/// What to do about something in the way of a merge.
fn advice(code: &str) -> &'static str {
    match code {
        "appointments_overlap" => "Cancel or move one of the two first.",
        "two_accounts" => "Only one of them can stay: unlink the other first.",
        "phone_taken" => "Another account signs in with this phone: change it first.",
        _ => "Clear this first.",
    }
}

fn moves(preview: &MergePreview) -> String {
    let counted = |count: usize, one: &str, many: &str| {
        (count > 0).then(|| format!("{count} {}", if count == 1 { one } else { many }))
    };
    let is_open = |status: Status| status.holds_time() && !matches!(status, Status::Completed);
    let open = preview
        .appointments
        .iter()
        .filter(|moving| is_open(moving.status));
    let open = open.count();
    let appointments = counted(preview.appointments.len(), "appointment", "appointments");
    let appointments = appointments.map(|text| match open {
        0 => text,
        open if open == preview.appointments.len() => format!("{text} to come"),
        open => format!("{text} ({open} to come)"),
    });
    let hidden = preview
        .reviews
        .iter()
        .filter(|review| review.hidden)
        .count();
    let reviews = counted(preview.reviews.len(), "review", "reviews");
    let reviews = reviews.map(|text| match hidden {
        0 => text,
        hidden => format!("{text} ({hidden} hidden: the same doctor twice)"),
    });
    let parts = [
        appointments,
        counted(preview.waiting.len(), "waiting entry", "waiting entries"),
        reviews,
        preview.account.then(|| "the account".to_owned()),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    match parts.is_empty() {
        true => "nothing but the record's number".to_owned(),
        false => parts.join(", "),
    }
}
