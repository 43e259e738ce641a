//! The contact requests, drawn.

use clinic_shared::desk::contacts::Contact;

use crate::app::Model;
use crate::screens::filter;
use crate::screens::list::list_areas;
use crate::screens::list::table::Column;
use crate::screens::list::view::{self, key};
use crate::theme::Role;
use crate::widgets::canvas::Canvas;
use crate::{dates, labels, text};

/// From this width on the message has a column; below it, the name takes its room.
const HAS_MESSAGE: u16 = 60;

const CAME: Column<Contact> = Column {
    heading: "Came",
    rank: 1,
    width: 7,
    wide: 7,
    leaves: 10,
    text: |model, row, _| {
        let came = row.created_at.with_timezone(model.now.offset());
        dates::brief(came.naive_local(), model.now.date_naive())
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

static NARROW: [Column<Contact>; 3] = [CAME, NAME, STATUS];

static COLUMNS: [Column<Contact>; 5] = [
    CAME,
    Column {
        rank: 3,
        width: 15,
        wide: 26,
        ..NAME
    },
    Column {
        heading: "Phone, e-mail",
        rank: 4,
        width: 16,
        wide: 26,
        leaves: 12,
        text: |_, row, _| labels::reach(row).to_owned(),
    },
    Column {
        heading: "Message",
        rank: 0,
        width: u16::MAX,
        wide: u16::MAX,
        leaves: 0,
        // No more of it than can be seen: a message may be long.
        text: |_, row, width| text::line(&beginning(&row.message, width)).into_owned(),
    },
    STATUS,
];

/// As many characters as can be seen, and one more, which says that there are more.
fn beginning(message: &str, width: u16) -> String {
    message.chars().take(usize::from(width) * 4 + 1).collect()
}

pub(super) fn draw(canvas: &mut Canvas<'_>, on_top: bool) {
    let model = canvas.model;
    let areas = list_areas(model);
    let count = view::count::<Contact>(model, "none");
    let begins = view::put_count(canvas, areas.question, &count);
    filter::draw(canvas, areas.question, begins, "Contact requests");
    let remark = ("Newest first".to_owned(), Role::Dim);
    view::status::<Contact>(canvas, areas.status, Some(remark));
    let columns: &'static [Column<Contact>] = if areas.rows.width < HAS_MESSAGE {
        &NARROW
    } else {
        &COLUMNS
    };
    view::table(canvas, columns, on_top, none);
}

fn none(model: &Model) -> Vec<String> {
    match model.contacts.status {
        None => vec!["Nobody has written to the clinic yet.".to_owned()],
        Some(status) => vec![
            format!("No contact request is {}.", labels::contact_status(status)),
            format!("{} shows all of them.", key(model, "list.clear")),
        ],
    }
}
