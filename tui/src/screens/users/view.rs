//! The accounts, drawn.

use clinic_shared::desk::users::User;

use super::{name, standing};
use crate::app::Model;
use crate::labels;
use crate::screens::list::list_areas;
use crate::screens::list::table::Column;
use crate::screens::list::view::{self, Remark, key};
use crate::screens::{filter, finder};
use crate::theme::Role;
use crate::widgets::canvas::Canvas;

static COLUMNS: [Column<User>; 4] = [
    Column {
        heading: "Name",
        rank: 0,
        width: 40,
        wide: 40,
        leaves: 0,
        text: |_, row, _| name(row),
    },
    Column {
        heading: "E-mail",
        rank: 2,
        width: 30,
        wide: 40,
        leaves: 20,
        text: |_, row, _| row.email.clone(),
    },
    Column {
        heading: "Role",
        rank: 1,
        width: 12,
        wide: 12,
        leaves: 12,
        text: |_, row, _| row.role.to_string(),
    },
    Column {
        heading: "Status",
        rank: 3,
        width: 11,
        wide: 11,
        leaves: 12,
        text: |model, row, _| {
            let sign = model.glyphs.verified(row.is_active && row.has_password);
            labels::with_sign(sign, standing(row))
        },
    },
];

pub(super) fn draw(canvas: &mut Canvas<'_>, on_top: bool) {
    let model = canvas.model;
    let areas = list_areas(model);
    let count = view::count::<User>(model, "nobody");
    let begins = view::put_count(canvas, areas.question, &count);
    finder::draw(canvas, areas.question, begins, "name, e-mail", on_top);
    view::status::<User>(canvas, areas.status, Some(remark(model)));
    view::table(canvas, &COLUMNS, on_top, nobody);
}

fn remark(model: &Model) -> Remark {
    match filter::shown(model) {
        Some(shown) => (format!("Only {shown}s"), Role::Title),
        None => ("Accounts, the oldest first".to_owned(), Role::Dim),
    }
}

fn nobody(model: &Model) -> Vec<String> {
    let all = match key(model, "list.clear") {
        key if key.is_empty() => "Empty the search to see everybody.".to_owned(),
        key => format!("{key} shows everybody."),
    };
    match (model.users.finder.search(), filter::shown(model)) {
        (Some(search), _) => vec![
            format!("No account matches {}.", model.glyphs.quoted(&search)),
            all,
        ],
        (None, Some(shown)) => vec![format!("No account is a {shown}'s."), all],
        (None, None) => vec!["No accounts yet.".to_owned()],
    }
}
