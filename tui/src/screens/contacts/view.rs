//! The contact requests, drawn.

use clinic_shared::desk::contacts::{Contact, Show};

use super::acts;
use crate::app::Model;
use crate::effect::Slot;
use crate::screens::list::list_areas;
use crate::screens::list::table::Column;
use crate::screens::list::view::{self, Remark, key};
use crate::screens::{filter, finder};
use crate::theme::Role;
use crate::widgets::canvas::Canvas;
use crate::{labels, text};

/// From this width on the message has a column; below it, the name takes its room.
const HAS_MESSAGE: u16 = 60;

/// From this width on how they can be reached has a column, and what it is about.
const WIDE: u16 = 110;

const CAME: Column<Contact> = Column {
    heading: "Came",
    rank: 1,
    width: 8,
    wide: 8,
    leaves: 10,
    text: |model, row, _| {
        let came = row.created_at.with_timezone(model.now.offset());
        model
            .prefs
            .dates
            .brief(came.naive_local(), model.now.date_naive())
    },
};

const STATUS: Column<Contact> = Column {
    heading: "Status",
    rank: 2,
    width: 13,
    wide: 13,
    leaves: 10,
    text: |model, row, _| {
        let sign = model.glyphs.contact(row.status);
        labels::with_sign(sign, labels::contact_status(row.status))
    },
};

const NAME: Column<Contact> = Column {
    heading: "Name",
    rank: 0,
    width: 40,
    wide: 40,
    leaves: 0,
    text: |_, row, _| row.name.clone(),
};

const ASSIGNEE: Column<Contact> = Column {
    heading: "Whose",
    rank: 4,
    width: 9,
    wide: 18,
    leaves: 12,
    text: |model, row, width| whose(model, row, width),
};

const MESSAGE: Column<Contact> = Column {
    heading: "Message",
    rank: 0,
    width: u16::MAX,
    wide: u16::MAX,
    leaves: 0,
    // No more of it than can be seen: a message may be long.
    text: |_, row, width| text::line(&beginning(&row.message, width)).into_owned(),
};

const WHO: Column<Contact> = Column {
    rank: 3,
    width: 18,
    wide: 26,
    ..NAME
};

static NARROW: [Column<Contact>; 3] = [CAME, NAME, STATUS];

static COLUMNS: [Column<Contact>; 5] = [CAME, WHO, MESSAGE, ASSIGNEE, STATUS];

static ALL: [Column<Contact>; 7] = [
    CAME,
    WHO,
    Column {
        heading: "Phone, e-mail",
        rank: 5,
        width: 16,
        wide: 18,
        leaves: 12,
        text: |_, row, _| labels::reach(row).to_owned(),
    },
    Column {
        heading: "Subject",
        rank: 6,
        width: 16,
        wide: 22,
        leaves: 30,
        text: |_, row, _| row.subject.clone().unwrap_or_default(),
    },
    MESSAGE,
    ASSIGNEE,
    STATUS,
];

/// Who sees to it: oneself, or by name; where there is little room, by the first one.
fn whose(model: &Model, row: &Contact, width: u16) -> String {
    let me = model.session.who().map(|who| who.id);
    match &row.assignee {
        None => String::new(),
        Some(one) if Some(one.id) == me => "you".to_owned(),
        Some(one) if text::width(&one.name) > usize::from(width) => {
            let first = one.name.split(' ').next();
            first.unwrap_or(&one.name).to_owned()
        }
        Some(one) => one.name.clone(),
    }
}

/// As many characters as can be seen, and one more, which says that there are more.
fn beginning(message: &str, width: u16) -> String {
    message.chars().take(usize::from(width) * 4 + 1).collect()
}

pub(super) fn draw(canvas: &mut Canvas<'_>, on_top: bool) {
    let model = canvas.model;
    let areas = list_areas(model);
    let count = view::count::<Contact>(model, "none");
    let begins = view::put_count(canvas, areas.question, &count);
    let is_searching = on_top && model.contacts.finder.has_cursor;
    if areas.head.is_empty() && is_searching {
        finder::draw(canvas, areas.question, begins, "name, phone, words", on_top);
    } else {
        filter::draw(canvas, areas.question, begins, "Contact requests");
    }
    let right = areas.head.right();
    finder::draw(canvas, areas.head, right, "name, phone, words", on_top);
    view::status::<Contact>(canvas, areas.status, remark(model));
    let columns: &'static [Column<Contact>] = match areas.rows.width {
        width if width < HAS_MESSAGE => &NARROW,
        width if width < WIDE => &COLUMNS,
        _ => &ALL,
    };
    view::table(canvas, columns, on_top, none);
}

/// What there is to know of the selected one beyond its columns.
fn remark(model: &Model) -> Option<Remark> {
    if model.flights.is_slow(Slot::Inbox, model.now) {
        return Some((format!("saving{}", model.glyphs.ellipsis), Role::Dim));
    }
    let contact = acts::here(model)?;
    let age = model.now.signed_duration_since(contact.created_at);
    let mut parts = vec![format!("{} ago", labels::age(age)), contact.name.clone()];
    let phone = Some(contact.phone.clone()).filter(|phone| !phone.is_empty());
    parts.extend(phone);
    parts.extend(contact.email.clone());
    parts.extend(contact.subject.clone());
    parts.extend(
        contact
            .assignee
            .as_ref()
            .map(|one| format!("for {}", one.name)),
    );
    let person = contact.patient.as_ref();
    parts.extend(person.map(|person| format!("patient {}", labels::record_number(person))));
    parts.extend(contact.appointment.map(|_| "booked".to_owned()));
    Some((parts.join(&format!(" {} ", model.glyphs.dot)), Role::Dim))
}

fn none(model: &Model) -> Vec<String> {
    let all = format!("{} shows all of them.", key(model, "contacts.all"));
    if let Some(search) = model.contacts.finder.search() {
        let quoted = model.glyphs.quoted(&search);
        return vec![
            format!("No contact request matches {quoted}."),
            format!("{} shows the new ones.", key(model, "list.clear")),
        ];
    }
    match model.contacts.status {
        None if model.contacts.show == Show::New => {
            vec![
                "Nothing new: somebody sees to each of them.".to_owned(),
                all,
            ]
        }
        None if model.contacts.show == Show::Mine => vec![
            "Nothing is yours to see to.".to_owned(),
            format!("{} shows the new ones; {}", key(model, "contacts.new"), all),
        ],
        None => vec!["Nobody has written to the clinic yet.".to_owned()],
        Some(status) => vec![
            format!("No contact request is {}.", labels::contact_status(status)),
            all,
        ],
    }
}
