//! An account, whole.

use clinic_shared::desk::users::User;
use uuid::Uuid;

use super::view::{Sheet, moment};
use super::{Known, Subject};
use crate::app::Model;
use crate::effect::Effect;
use crate::labels;
use crate::screens::users;

/// Opens an account of the list.
pub(crate) fn open(model: &mut Model, row: User) -> Vec<Effect> {
    super::open(model, Subject::User(Known::row(row.id, row)))
}

pub(super) fn sheet(model: &Model, known: &Known<Uuid, User, User>) -> Sheet {
    // A line of the list is the whole of it.
    let Some(user) = known.value().or(known.row.as_ref()) else {
        return Sheet::default();
    };
    let is_begun = user.is_active && user.has_password;
    let status = labels::with_sign(model.glyphs.verified(is_begun), users::standing(user));
    let email = match user.is_verified {
        true => format!("{} (proved)", user.email),
        false => format!("{} (not proved)", user.email),
    };
    let codes = match (user.login_codes, user.signs_in_with_code) {
        (true, _) => "password and a code",
        (false, true) => "password and a code, by the clinic's setting",
        (false, false) => "password",
    };
    Sheet {
        title: "Account".to_owned(),
        name: users::name(user),
        facts: vec![
            ("Role", Some(user.role.to_string())),
            ("Status", Some(status)),
            ("User name", Some(user.username.clone())),
            ("E-mail", Some(email)),
            ("Signs in by", Some(codes.to_owned())),
            ("Made", Some(moment(model, user.created_at))),
            ("Changed", Some(moment(model, user.updated_at))),
        ],
        body: None,
    }
}
