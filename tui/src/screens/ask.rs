//! A form of a few lines over what is there: the code of a sign-in, a forgotten password, somebody
//! to invite. Nothing typed is lost: a refusal stands on its field, and the form stays.

mod field;
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
            Kind::Away(form) => Call::Leave(Box::new(form.call(self, model.now.date_naive())?)),
            Kind::Windows(form) => Call::Windows(Box::new(form.call(self, model.today())?)),
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

fn open(model: &mut Model, kind: Kind, message: Option<String>) {
    close_all(model);
    model
        .layers
        .push(Layer::Ask(Box::new(Ask::new(kind, message))));
}

/// Asks about an absence, a closure or extra hours.
pub(crate) fn open_away(model: &mut Model, form: away::form::Form) {
    let (text, fields) = (form.message(), form.fields(model));
    open_with(model, Kind::Away(form), &text, fields);
}

/// Asks with these fields.
pub(crate) fn open_with(model: &mut Model, kind: Kind, text: &str, fields: Vec<Field>) {
    open(model, kind, Some(text.to_owned()));
    if let Some(ask) = top_mut(model) {
        ask.fields = fields;
    }
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

/// The password was right and a code is on its way: asks for it.
pub(crate) fn login_code(model: &mut Model, server: String, user: String) {
    let text = format!("A code was mailed to {user}; it is good for five minutes.");
    open(model, Kind::LoginCode { server, user }, Some(text));
}

/// Asks whose password is forgotten; what stands in the sign-in is taken over.
pub(crate) fn forgot(model: &mut Model) -> Vec<Effect> {
    let (server, user) = signin::typed(model);
    let text = "A code is mailed to this address; with it you choose a new password.";
    open(model, Kind::Forgot { server }, Some(text.to_owned()));
    if let Some(field) = top_mut(model).and_then(|ask| ask.fields.first_mut())
        && user.contains('@')
    {
        field.text = Secret(Input::new(user));
    }
    Vec::new()
}

/// A code for a new password is on its way, if there is such an account.
pub(crate) fn code_sent(model: &mut Model, call: Call) {
    match call {
        Call::Forgot { server, user } => {
            let text = format!(
                "If {user} has an account, a code was mailed there; it is good for five minutes."
            );
            open(model, Kind::Reset { server, user }, Some(text));
        }
        _ => {
            if let Some(ask) = top_mut(model) {
                for field in &mut ask.fields {
                    field.error = None;
                }
                ask.is_error = false;
                ask.message = Some(
                    "If a minute has passed since the last one, a new code was mailed.".to_owned(),
                );
            }
        }
    }
}

/// The new password is set: back to the sign-in, which knows the address.
pub(crate) fn password_set(model: &mut Model, call: Call) {
    close_all(model);
    if let Call::Reset { user, .. } = call {
        signin::fill(model, user, "Your new password is set; sign in with it.");
    }
}

/// Asks whom to invite.
pub(crate) fn invite(model: &mut Model) -> Vec<Effect> {
    let text = "They get a mail with a code that sets their password.";
    open(model, Kind::Invite, Some(text.to_owned()));
    Vec::new()
}

/// Whether an answer is awaited.
pub(crate) fn is_busy(model: &Model) -> bool {
    let slot = top(model).and_then(|ask| ask.kind.slot());
    slot.is_some_and(|slot| model.flights.is_flying(slot))
}

impl Ask {
    /// Whether Enter goes on to the next field: whom one invites is said in several, and a mail
    /// goes out; hours are said in several, too.
    fn goes_on(&self) -> bool {
        let has_several = matches!(self.kind, Kind::Invite | Kind::Windows(_));
        has_several && self.focus + 1 < self.fields.len()
    }
}

/// What Enter does here, and what sends the form, in the footer.
pub(crate) fn enter_label(model: &Model) -> Option<&'static str> {
    let ask = top(model)?;
    match ask.goes_on() {
        true => Some("Go on"),
        false => Some(ask.kind.verb()),
    }
}

/// What sends the form, in the footer.
pub(crate) fn send_label(model: &Model) -> Option<&'static str> {
    top(model).map(|ask| ask.kind.verb())
}

/// Enter: goes to the next field where somebody is invited; else as [`submit`].
pub(crate) fn enter(model: &mut Model) -> Vec<Effect> {
    match top(model).is_some_and(Ask::goes_on) {
        true => step(model, 1),
        false => submit(model),
    }
}

/// To the first field that is empty, or sends it.
pub(crate) fn submit(model: &mut Model) -> Vec<Effect> {
    if is_busy(model) {
        return Vec::new();
    }
    let Some(ask) = top_mut(model) else {
        return Vec::new();
    };
    let is_missing = |field: &Field| !field.is_optional && field.value().trim().is_empty();
    if let Some(empty) = ask.fields.iter().position(is_missing) {
        ask.focus = empty;
        return Vec::new();
    }
    for field in &mut ask.fields {
        field.error = None;
    }
    let slot = ask.kind.slot();
    let call = top(model).map(|ask| ask.call(model));
    match call {
        Some(Ok(call)) => {
            if let Some(ask) = top_mut(model) {
                ask.message = None;
            }
            match call {
                Call::Deed(deed) => decisions::send_rejection(model, deed),
                Call::Admin(AdminCall::Audit(query)) => audit::narrow(model, *query),
                Call::Windows(call) => windows::send(model, *call),
                call => slot
                    .map(|slot| model.call(slot, call))
                    .into_iter()
                    .collect(),
            }
        }
        Some(Err(fault)) => {
            wrong(model, &fault);
            Vec::new()
        }
        None => Vec::new(),
    }
}

/// Says on its field what is wrong, and goes there.
pub(crate) fn wrong(model: &mut Model, fault: &Fault) {
    let Some(ask) = top_mut(model) else { return };
    let at = ask
        .fields
        .iter()
        .position(|field| field.name == fault.field);
    if let Some((at, field)) = at.and_then(|at| Some((at, ask.fields.get_mut(at)?))) {
        field.error = Some(fault.why.clone());
        ask.focus = at;
    }
}

/// Asks for another code.
pub(crate) fn resend(model: &mut Model) -> Vec<Effect> {
    let call = match top(model).map(|ask| ask.kind.clone()) {
        Some(Kind::LoginCode { server, user }) => Call::ResendCode { server, user },
        // The same again: the form stays, and its answer is the same.
        Some(Kind::Reset { server, user }) => Call::ResendReset { server, user },
        _ => return Vec::new(),
    };
    if is_busy(model) {
        return Vec::new();
    }
    vec![model.call(Slot::Session, call)]
}

/// Whether there is a code that can be asked for again.
pub(crate) fn has_code(model: &Model) -> bool {
    matches!(
        top(model).map(|ask| &ask.kind),
        Some(Kind::LoginCode { .. } | Kind::Reset { .. })
    )
}

/// Says on its field, or over the form, why it did not work.
pub(crate) fn failed(model: &mut Model, error: &Error) {
    let Some(ask) = top_mut(model) else { return };
    ask.is_error = true;
    let Some(refused) = error.refused() else {
        ask.message = Some(match error {
            Error::Unreachable(why) => format!("The server does not answer ({why}); try again."),
            other => other.to_string(),
        });
        return;
    };
    let mut first = None;
    for (at, field) in ask.fields.iter_mut().enumerate() {
        let fault = refused.fields.first(field.name);
        let fault = fault.or_else(|| refused.fields.first(field.also));
        field.error = fault.map(str::to_owned);
        if field.error.is_some() {
            first = first.or(Some(at));
        }
    }
    match (first, refused.retry_after) {
        (Some(at), _) => ask.focus = at,
        (None, Some(wait)) => {
            let seconds = wait.as_secs().max(1);
            ask.message = Some(format!("Tried too often; try again in {seconds} s."));
        }
        (None, None) => ask.message = Some(refused.detail.clone()),
    }
}

/// The end of an invitation.
pub(crate) fn invited(model: &mut Model, result: Result<Reply, Error>) -> Vec<Effect> {
    match result {
        Ok(Reply::User(user)) => {
            close_all(model);
            let text = format!("{} is invited; a code was mailed.", user.value.email);
            model.toast_final(text);
            users::show(model, &user);
            list::refresh(model)
        }
        Err(Error::Unreachable(why)) => {
            let text = format!(
                "Perhaps not invited: the server did not answer ({why}). Look at the list before you send it again."
            );
            if let Some(ask) = top_mut(model) {
                ask.message = Some(text);
                ask.is_error = true;
            }
            Vec::new()
        }
        Err(error) => {
            failed(model, &error);
            Vec::new()
        }
        Ok(_) => Vec::new(),
    }
}

/// Types into the field with the cursor; where something is chosen, space goes on and a letter
/// chooses.
pub(crate) fn edit(model: &mut Model, request: InputRequest) -> Vec<Effect> {
    let before = faults(model);
    let Some(ask) = top_mut(model) else {
        return Vec::new();
    };
    let mut was_wrong = false;
    if let Some(field) = ask.fields.get_mut(ask.focus) {
        was_wrong = field.error.is_some();
        field.edit(request);
    }
    check(model, &before, was_wrong);
    Vec::new()
}

/// What is wrong with what is typed, where that is said while it is typed.
fn faults(model: &Model) -> Vec<Fault> {
    match top(model) {
        Some(ask) if matches!(ask.kind, Kind::Windows(_)) => {
            windows::form::faults(ask, model.today())
        }
        _ => Vec::new(),
    }
}

/// Says on each field what is wrong by now, and takes back what was wrong `before` and is not any
/// more. Where the cursor is, it is only said if it was said already, or the form tells it below.
fn check(model: &mut Model, before: &[Fault], is_here_too: bool) {
    let now = faults(model);
    let Some(ask) = top_mut(model) else { return };
    let of = |faults: &[Fault], name: &str| {
        let fault = faults.iter().find(|fault| fault.field == name);
        fault.map(|fault| fault.why.clone())
    };
    for (at, field) in ask.fields.iter_mut().enumerate() {
        match of(&now, field.name) {
            Some(why) if at != ask.focus || is_here_too => field.error = Some(why),
            None if of(before, field.name).is_some() => field.error = None,
            _ => {}
        }
    }
}

/// Moves the cursor to another field.
pub(crate) fn step(model: &mut Model, by: isize) -> Vec<Effect> {
    if let Some(ask) = top_mut(model) {
        let count = isize::try_from(ask.fields.len()).unwrap_or(1).max(1);
        let next = isize::try_from(ask.focus).unwrap_or(0) + by;
        ask.focus = usize::try_from(next.rem_euclid(count)).unwrap_or(0);
    }
    check(model, &[], false);
    Vec::new()
}

/// Puts the cursor into a field.
pub(crate) fn click(model: &mut Model, index: usize) -> Vec<Effect> {
    if let Some(ask) = top_mut(model)
        && index < ask.fields.len()
    {
        ask.focus = index;
    }
    check(model, &[], false);
    Vec::new()
}

/// Esc: stops waiting for the server; otherwise closes the form.
pub(crate) fn cancel(model: &mut Model) -> Vec<Effect> {
    let Some(slot) = top(model).map(|ask| ask.kind.slot()) else {
        return Vec::new();
    };
    if let Some(slot) = slot.filter(|slot| model.flights.is_flying(*slot)) {
        // What was sent may be done already: its answer is waited for.
        let is_sent = matches!(slot, Slot::Leave | Slot::Window | Slot::Config | Slot::Deed);
        return match is_sent {
            true => Vec::new(),
            false => model.abandon(slot),
        };
    }
    if !top(model).is_some_and(Ask::is_unsaved) {
        close_all(model);
        return Vec::new();
    }
    let choices = vec![
        Choice::keep("Keep editing"),
        Choice::new("Discard", 'd', |model| {
            close_all(model);
            Vec::new()
        }),
    ];
    let dialog = Dialog::new("Discard?", "What you typed is not sent.", choices);
    model.layers.push(Layer::Dialog(dialog));
    Vec::new()
}
