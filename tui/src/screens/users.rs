//! The accounts, for admins: search as you type, the list, and what can be done with one.

pub(crate) mod act;
mod view;

use clinic_shared::Role;
use clinic_shared::client::{Tagged, UserQuery};
use clinic_shared::desk::users::User;
use uuid::Uuid;

use super::finder::Finder;
use super::list::{Arrived, Listed, PAGE, Rows, Words};
use super::record;
use crate::app::Model;
use crate::effect::{Call, Effect, Reply};
use crate::widgets::canvas::Canvas;

/// What the screen shows.
#[derive(Debug, Default)]
pub(crate) struct Users {
    pub(crate) finder: Finder,
    /// Only those of this role.
    pub(crate) role: Option<Role>,
    pub(crate) list: Rows<User>,
    /// Whom the question on the screen is about.
    pub(crate) asked: Option<User>,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Wanted {
    pub(crate) search: Option<String>,
    pub(crate) role: Option<Role>,
}

impl Listed for User {
    type Id = Uuid;
    type Query = Wanted;

    const WORDS: Words = Words {
        asking: "searching",
        unasked: "not searched yet",
        failed: "The search failed",
    };
    const KEEPS: bool = true;

    fn id(&self) -> Uuid {
        self.id
    }

    fn rows(model: &Model) -> &Rows<Self> {
        &model.users.list
    }

    fn rows_mut(model: &mut Model) -> &mut Rows<Self> {
        &mut model.users.list
    }

    fn wanted(model: &Model) -> Wanted {
        Wanted {
            search: model.users.finder.search(),
            role: model.users.role,
        }
    }

    fn call(query: Wanted, cursor: Option<String>) -> Call {
        Call::Users(UserQuery {
            search: query.search,
            role: query.role,
            is_active: None,
            cursor,
            limits: Some(PAGE),
        })
    }

    fn asked(call: Call) -> Option<Wanted> {
        match call {
            Call::Users(query) => Some(Wanted {
                search: query.search,
                role: query.role,
            }),
            _ => None,
        }
    }

    fn arrived(reply: Reply) -> Option<Arrived<Self>> {
        match reply {
            Reply::Users(page) => Some((*page).into()),
            _ => None,
        }
    }

    fn open(model: &mut Model, row: Self) -> Vec<Effect> {
        record::user::open(model, row)
    }

    fn kept(model: &Model, query: &Wanted) -> String {
        match &query.search {
            None => "the rows before".to_owned(),
            Some(search) => format!("the rows of {}", model.glyphs.quoted(search)),
        }
    }

    fn older(model: &Model) -> String {
        match model.users.finder.search() {
            Some(search) => format!("{} is not searched yet", model.glyphs.quoted(&search)),
            None => "these rows are of an older search".to_owned(),
        }
    }

    fn draw(canvas: &mut Canvas<'_>, on_top: bool) {
        view::draw(canvas, on_top);
    }
}

/// Shows an account in its row and in its open record without asking again.
pub(crate) fn show(model: &mut Model, user: &Tagged<User>) {
    let reply = Reply::User(Box::new(user.clone()));
    record::show(model, &Call::User(user.value.id), &reply);
}

/// A person's name, or the sign-in name where there is none.
pub(crate) fn name(user: &User) -> String {
    let name = format!("{} {}", user.first_name.trim(), user.last_name.trim());
    match name.trim() {
        "" => user.username.clone(),
        name => name.to_owned(),
    }
}

/// Where an account stands, in a word or two.
pub(crate) const fn standing(user: &User) -> &'static str {
    match (user.is_active, user.has_password) {
        (false, _) => "disabled",
        (true, false) => "invited",
        (true, true) => "active",
    }
}
