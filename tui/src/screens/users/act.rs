//! What an admin does with an account: another role, whether it may sign in, whether that takes a
//! code, and the end of its sessions. Each is asked before.

use clinic_shared::Role;
use clinic_shared::client::Error;
use clinic_shared::desk::queue::DoctorBoard;
use clinic_shared::desk::users::{User, UserChange};

use super::name;
use crate::app::{Model, Tone};
use crate::command::Availability;
use crate::effect::{Call, Effect, Reply, Slot};
use crate::layers::Layer;
use crate::screens::dialog::{Choice, Dialog};
use crate::screens::place::Place;
use crate::screens::record::{self, Subject};
use crate::screens::{ask, own_sessions};

/// The account of the record on top, else the selected one of the list.
fn candidate(model: &Model) -> Option<&User> {
    match record::acting(model) {
        Some(Subject::User(known)) => known.value().or(known.row.as_ref()),
        Some(_) => None,
        None if model.place == Place::Users => model.users.list.selected(),
        None => None,
    }
}

/// Whether whoever sits here keeps the accounts.
pub(crate) fn is_admin(model: &Model) -> Availability {
    let is_admin = model
        .session
        .who()
        .is_some_and(|who| who.role == Role::Admin);
    match is_admin {
        true => Availability::Ok,
        false => Availability::Disabled("Only an admin keeps the accounts.".into()),
    }
}

/// Whether something can be sent now.
pub(crate) fn can_send(model: &Model) -> Availability {
    if let Some(obstacle) = model.link.obstacle() {
        return Availability::Disabled(obstacle.into());
    }
    if model.flights.is_flying(Slot::Account) {
        return Availability::Disabled("The server is working on an account; wait for it.".into());
    }
    is_admin(model)
}

/// Whether there is an account to do something with.
pub(crate) fn available(model: &Model) -> Availability {
    match candidate(model) {
        None => Availability::Disabled("No account is selected.".into()),
        Some(_) => can_send(model),
    }
}

fn question(
    model: &mut Model,
    title: &'static str,
    text: impl FnOnce(&User) -> String,
    choices: impl FnOnce(&User) -> Vec<Choice>,
) -> Vec<Effect> {
    if let Some(user) = candidate(model).cloned() {
        let dialog = Dialog::new(title, &text(&user), choices(&user));
        model.users.asked = Some(user);
        model.layers.push(Layer::Dialog(dialog));
    }
    Vec::new()
}

/// Asks which role.
pub(crate) fn ask_role(model: &mut Model) -> Vec<Effect> {
    question(
        model,
        "Another role?",
        |user| {
            format!(
                "{} is a {}. With another role all sessions of this account end.",
                name(user),
                user.role
            )
        },
        |user| {
            let all = [
                (
                    Role::Receptionist,
                    Choice::new("Receptionist", 'r', |model| {
                        send_role(model, Role::Receptionist)
                    }),
                ),
                (
                    Role::Doctor,
                    Choice::new("Doctor", 'd', |model| send_role(model, Role::Doctor)),
                ),
                (
                    Role::Admin,
                    Choice::new("Admin", 'a', |model| send_role(model, Role::Admin)),
                ),
                (
                    Role::Patient,
                    Choice::new("Patient", 'p', |model| send_role(model, Role::Patient)),
                ),
            ];
            let others = all.into_iter().filter(|(role, _)| *role != user.role);
            std::iter::once(Choice::keep("Keep"))
                .chain(others.map(|(_, choice)| choice))
                .collect()
        },
    )
}

fn send_role(model: &mut Model, role: Role) -> Vec<Effect> {
    send(
        model,
        UserChange {
            role: Some(role),
            ..UserChange::default()
        },
    )
}

/// Asks whether the account may sign in from now on.
pub(crate) fn ask_active(model: &mut Model) -> Vec<Effect> {
    let Some(user) = candidate(model) else {
        return Vec::new();
    };
    if user.is_active {
        let today = todays(model, user).unwrap_or_default();
        question(
            model,
            "Disable?",
            |user| {
                format!(
                    "{} can't sign in any more, and all sessions end.{today}",
                    name(user)
                )
            },
            |_| {
                vec![
                    Choice::keep("Keep"),
                    Choice::new("Disable", 'd', |model| send_active(model, false)),
                ]
            },
        )
    } else {
        question(
            model,
            "Enable?",
            |user| format!("{} can sign in again.", name(user)),
            |_| {
                vec![
                    Choice::keep("Keep disabled"),
                    Choice::new("Enable", 'e', |model| send_active(model, true)),
                ]
            },
        )
    }
}

/// What a doctor has to do today still, as far as today's board is known: nobody disables somebody
/// with a patient inside without knowing.
fn todays(model: &Model, user: &User) -> Option<String> {
    let board = model.today.board.as_ref();
    let board = board.filter(|board| user.role == Role::Doctor && board.date == model.today())?;
    let full_name = name(user);
    let is_theirs = |day: &&DoctorBoard| {
        let named = &day.doctor.full_name;
        *named == full_name || named.ends_with(&format!(" {full_name}"))
    };
    let day = board.doctors.iter().find(is_theirs)?;
    let left = day.awaited + day.waiting + day.running;
    let appointments = match left {
        0 => return None,
        1 => "1 appointment".to_owned(),
        many => format!("{many} appointments"),
    };
    let counts = [(day.running, "inside"), (day.waiting, "waiting")];
    let counts = counts.into_iter().filter(|(count, _)| *count > 0);
    let counts: String = counts
        .map(|(count, what)| format!(", {count} {what}"))
        .collect();
    Some(format!(" Still has {appointments} today{counts}."))
}

fn send_active(model: &mut Model, is_active: bool) -> Vec<Effect> {
    send(
        model,
        UserChange {
            is_active: Some(is_active),
            ..UserChange::default()
        },
    )
}

/// Asks whether signing in takes a code from now on.
pub(crate) fn ask_codes(model: &mut Model) -> Vec<Effect> {
    let Some(user) = candidate(model) else {
        return Vec::new();
    };
    if user.login_codes {
        question(
            model,
            "No codes?",
            |user| {
                format!(
                    "{} signs in with the password alone, unless the clinic's setting asks for a code.",
                    name(user)
                )
            },
            |_| {
                vec![
                    Choice::keep("Keep codes"),
                    Choice::new("No codes", 'n', |model| send_codes(model, false)),
                ]
            },
        )
    } else {
        question(
            model,
            "Codes?",
            |user| {
                format!(
                    "Whenever {} signs in, a code is mailed to {}.",
                    name(user),
                    user.email
                )
            },
            |_| {
                vec![
                    Choice::keep("Keep as it is"),
                    Choice::new("Ask for codes", 'a', |model| send_codes(model, true)),
                ]
            },
        )
    }
}

fn send_codes(model: &mut Model, login_codes: bool) -> Vec<Effect> {
    send(
        model,
        UserChange {
            login_codes: Some(login_codes),
            ..UserChange::default()
        },
    )
}

/// Asks whether all sessions are to end.
pub(crate) fn ask_end(model: &mut Model) -> Vec<Effect> {
    question(
        model,
        "End sessions?",
        |user| {
            format!(
                "{} is signed out everywhere and has to sign in again.",
                name(user)
            )
        },
        |_| {
            vec![
                Choice::keep("Keep"),
                Choice::new("End sessions", 'e', |model| match &model.users.asked {
                    Some(user) => {
                        let call = Call::EndUserSessions(user.id);
                        vec![model.call(Slot::Account, call)]
                    }
                    None => Vec::new(),
                }),
            ]
        },
    )
}

fn send(model: &mut Model, change: UserChange) -> Vec<Effect> {
    match &model.users.asked {
        Some(user) => {
            let call = Call::ChangeUser {
                id: user.id,
                change,
            };
            vec![model.call(Slot::Account, call)]
        }
        None => Vec::new(),
    }
}

/// Takes in the end of a call about an account.
pub(crate) fn landed(model: &mut Model, call: &Call, result: Result<Reply, Error>) -> Vec<Effect> {
    match call {
        Call::Invite(_) => return ask::invited(model, result),
        Call::EndSession(_) => return own_sessions::ended(model, result),
        _ => {}
    }
    let who = model
        .users
        .asked
        .take()
        .map_or("The account".to_owned(), |user| name(&user));
    match result {
        Ok(Reply::User(user)) => {
            super::show(model, &user);
            let standing = super::standing(&user.value);
            model.toast_final(format!("{who} is saved: {}, {standing}.", user.value.role));
        }
        Ok(_) => model.toast_final(format!("{who} is signed out everywhere.")),
        Err(Error::Unreachable(_)) => {
            let text =
                "Perhaps nothing changed: the server did not answer. Look again when it does.";
            model.toast(Tone::Warning, text);
        }
        Err(Error::SignedOut) => {
            model.toast(
                Tone::Warning,
                "Nothing is changed yet: sign in, then try again.",
            );
        }
        Err(error) => model.toast(Tone::Error, format!("{who} is not changed. {error}")),
    }
    Vec::new()
}
