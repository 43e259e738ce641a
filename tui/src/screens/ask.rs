//! A form of a few lines over what is there: the code of a sign-in, a forgotten password, somebody
//! to invite. Nothing typed is lost: a refusal stands on its field, and the form stays.

mod field;
mod opening;
mod sending;
mod typing;
mod view;

use clinic_shared::Role;
use clinic_shared::client::Error;
use clinic_shared::desk::users::Invitation;
use tui_input::{Input, InputRequest};

use crate::app::Model;
use crate::effect::{AdminCall, Call, Effect, Reply, Slot};
use crate::layers::Layer;
use crate::screens::decisions::{self, Asked};
use crate::screens::dialog::{Choice, Dialog};
use crate::screens::signin::{self, Secret};
use crate::screens::{audit, away, list, servers, settings, users, windows};

pub(crate) use field::Field;
pub(crate) use opening::{
    code_sent, forgot, invite, login_code, open_away, open_with, password_set,
};
pub(crate) use sending::{
    call_once, doubt, enter, enter_label, failed, has_code, invited, resend, send_label, submit,
};
pub(crate) use typing::{cancel, click, edit, step};
pub(crate) use view::draw;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The code that was mailed for this sign-in.
    LoginCode { server: String, user: String },
    /// The address whose password is forgotten.
    Forgot { server: String },
    /// The code that was mailed, and a new password.
    Reset { server: String, user: String },
    /// Somebody who will work here.
    Invite,
    /// About an absence, a closure or extra hours.
    Away(away::form::Form),
    /// About a doctor's weekly hours.
    Windows(windows::form::Form),
    /// A server of the configuration file.
    Server(servers::Form),
    /// The file with other keys.
    Keys,
    /// Why something is rejected.
    Reject(Asked),
    /// Which rows of the audit.
    Audit,
}

impl Kind {
    /// Whether it belongs to signing in: nobody is in yet.
    pub(crate) const fn is_sign_in(&self) -> bool {
        matches!(
            self,
            Kind::LoginCode { .. } | Kind::Forgot { .. } | Kind::Reset { .. }
        )
    }

    pub(crate) const fn title(&self) -> &'static str {
        match self {
            Kind::LoginCode { .. } => "Sign in with a code",
            Kind::Forgot { .. } => "Forgotten password",
            Kind::Reset { .. } => "New password",
            Kind::Invite => "Invite",
            Kind::Away(form) => form.title(),
            Kind::Windows(form) => form.title(),
            Kind::Server(form) => form.title(),
            Kind::Keys => "Keys file",
            Kind::Reject(asked) => asked.title(),
            Kind::Audit => "Which rows",
        }
    }

    /// What sending it does, in a word or two.
    const fn verb(&self) -> &'static str {
        match self {
            Kind::LoginCode { .. } => "Sign in",
            Kind::Forgot { .. } => "Mail a code",
            Kind::Reset { .. } => "Set password",
            Kind::Invite => "Invite",
            Kind::Away(form) => form.verb(),
            Kind::Windows(_) | Kind::Server(_) | Kind::Keys => "Save",
            Kind::Reject(_) => "Reject",
            Kind::Audit => "Show",
        }
    }

    /// Where its call runs; none: it is asked in the list, once the form is closed.
    const fn slot(&self) -> Option<Slot> {
        Some(match self {
            Kind::Invite => Slot::Account,
            Kind::Away(_) => Slot::Leave,
            Kind::Windows(_) => Slot::Window,
            Kind::Server(_) | Kind::Keys => Slot::Config,
            Kind::Reject(_) => Slot::Deed,
            Kind::Audit => return None,
            _ => Slot::Session,
        })
    }
}

/// A field that is wrong, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Its name on the wire.
    pub(crate) field: &'static str,
    pub(crate) why: String,
}

/// The form.
#[derive(Debug)]
pub(crate) struct Ask {
    pub(crate) kind: Kind,
    pub(crate) fields: Vec<Field>,
    pub(crate) focus: usize,
    /// What to know, or what went wrong.
    pub(crate) message: Option<String>,
    pub(crate) is_error: bool,
    /// What was sent last, and under which key.
    sent: Option<(Call, String)>,
    /// It is not known whether that was done: sent again as it is, it is done once.
    is_in_doubt: bool,
}

/// Who can be invited: patients register themselves.
const ROLES: &[&str] = &["receptionist", "doctor", "admin"];

impl Ask {
    fn new(kind: Kind, message: Option<String>) -> Self {
        let fields = match &kind {
            Kind::LoginCode { .. } => vec![Field::new("Code", "otp")],
            Kind::Forgot { .. } => vec![Field::new("E-mail", "email")],
            Kind::Reset { .. } => vec![
                Field::new("Code", "otp"),
                Field::new("New password", "new_password").masked(),
            ],
            Kind::Invite => vec![
                Field::new("E-mail", "email"),
                Field::new("First name", "first_name").optional(),
                Field::new("Last name", "last_name").optional(),
                Field::new("Role", "role")
                    .choices(ROLES)
                    .text("receptionist"),
            ],
            // Their fields depend on more than what is asked.
            Kind::Away(_)
            | Kind::Windows(_)
            | Kind::Server(_)
            | Kind::Keys
            | Kind::Reject(_)
            | Kind::Audit => Vec::new(),
        };
        Self {
            kind,
            fields,
            focus: 0,
            message,
            is_error: false,
            sent: None,
            is_in_doubt: false,
        }
    }

    /// Whether something was typed that would be lost.
    pub(crate) fn is_unsaved(&self) -> bool {
        !self.kind.is_sign_in() && self.fields.iter().any(Field::is_changed)
    }

    /// What stands in the field of this name.
    pub(crate) fn value(&self, name: &str) -> String {
        let field = self.fields.iter().find(|field| field.name == name);
        let value = field.map_or("", Field::value);
        match field.is_some_and(|field| field.is_masked) {
            true => value.to_owned(),
            false => value.trim().to_owned(),
        }
    }

    /// The name of the field with the cursor.
    pub(crate) fn focused(&self) -> Option<&'static str> {
        self.fields.get(self.focus).map(|field| field.name)
    }

    /// What is asked; else the field that is wrong.
    fn call(&self, model: &Model) -> Result<Call, Fault> {
        let (otp, email) = (self.value("otp"), self.value("email"));
        Ok(match self.kind.clone() {
            Kind::Away(form) => Call::Leave(Box::new(form.call(
                self,
                model.now.date_naive(),
                model.prefs.dates,
            )?)),
            Kind::Windows(form) => Call::Windows(Box::new(form.call(
                self,
                model.today(),
                model.prefs.dates,
            )?)),
            Kind::Server(form) => Call::Config(form.call(self, model)?),
            Kind::Keys => Call::Config(settings::keys_call(self)),
            Kind::Reject(asked) => Call::Deed(asked.reject(self, model)),
            Kind::Audit => Call::Admin(AdminCall::Audit(audit::asked(self, model)?)),
            Kind::LoginCode { server, user } => Call::VerifyCode { server, user, otp },
            Kind::Forgot { server } => Call::Forgot {
                server,
                user: email,
            },
            Kind::Reset { server, user } => Call::Reset {
                server,
                user,
                otp,
                password: self.value("new_password"),
            },
            Kind::Invite => {
                let named = |name| Some(self.value(name)).filter(|name| !name.is_empty());
                Call::Invite(Invitation {
                    email,
                    username: None,
                    role: self.value("role").parse().unwrap_or(Role::Receptionist),
                    first_name: named("first_name"),
                    last_name: named("last_name"),
                })
            }
        })
    }
}

/// Whether the form is open.
pub(crate) fn is_open(model: &Model) -> bool {
    top(model).is_some()
}

fn top_mut(model: &mut Model) -> Option<&mut Ask> {
    model.layers.iter_mut().rev().find_map(|layer| match layer {
        Layer::Ask(ask) => Some(ask.as_mut()),
        _ => None,
    })
}

fn top(model: &Model) -> Option<&Ask> {
    model.layers.iter().rev().find_map(|layer| match layer {
        Layer::Ask(ask) => Some(ask.as_ref()),
        _ => None,
    })
}

/// What is to be rejected, if it is asked why.
pub(crate) fn rejecting(model: &Model) -> Option<&Asked> {
    match &top(model)?.kind {
        Kind::Reject(asked) => Some(asked),
        _ => None,
    }
}

/// The form about absences, closures or extra hours, if it is open.
pub(crate) fn away(model: &Model) -> Option<&away::form::Form> {
    match &top(model)?.kind {
        Kind::Away(form) => Some(form),
        _ => None,
    }
}

/// The form about a doctor's weekly hours, if it is open.
pub(crate) fn windows(model: &Model) -> Option<&windows::form::Form> {
    match &top(model)?.kind {
        Kind::Windows(form) => Some(form),
        _ => None,
    }
}

/// Changes what the open form is about, and its fields; what has the cursor keeps it.
pub(crate) fn renew(model: &mut Model, kind: Kind, fields: Vec<Field>) {
    if let Some(ask) = top_mut(model) {
        (ask.kind, ask.fields) = (kind, fields);
    }
}

/// The fields of the open form, which [`renew`] gives back.
pub(crate) fn take_fields(model: &mut Model) -> Vec<Field> {
    top_mut(model).map_or_else(Vec::new, |ask| std::mem::take(&mut ask.fields))
}

/// Says in the form why it was not done.
pub(crate) fn say(model: &mut Model, text: &str) {
    if let Some(ask) = top_mut(model) {
        ask.message = Some(text.to_owned());
        ask.is_error = true;
    }
}

/// Closes the form, if one is open.
pub(crate) fn close_all(model: &mut Model) {
    model.layers.retain(|layer| !matches!(layer, Layer::Ask(_)));
}

/// Whether an answer is awaited.
pub(crate) fn is_busy(model: &Model) -> bool {
    let slot = top(model).and_then(|ask| ask.kind.slot());
    slot.is_some_and(|slot| model.flights.is_flying(slot))
}

impl Ask {
    /// Whether Enter goes on to the next field: whom one invites, when somebody is away and when
    /// they are there is said in several, and others are told.
    fn goes_on(&self) -> bool {
        self.is_long() && self.focus + 1 < self.fields.len()
    }

    const fn is_long(&self) -> bool {
        matches!(self.kind, Kind::Invite | Kind::Away(_) | Kind::Windows(_))
    }

    /// What is wrong with the field that has the cursor, where that is known before it is sent.
    fn fault_here(&self, model: &Model) -> Option<Fault> {
        let name = self.fields.get(self.focus)?.name;
        let fault = match &self.kind {
            Kind::Away(form) => form
                .call(self, model.now.date_naive(), model.prefs.dates)
                .err(),
            _ => None,
        };
        fault.filter(|fault| fault.field == name)
    }

    /// The first field that has to be filled in and is not.
    fn first_missing(&self) -> Option<usize> {
        let is_missing = |field: &Field| !field.is_optional && field.value().trim().is_empty();
        self.fields.iter().position(is_missing)
    }
}
