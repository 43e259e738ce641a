//! What is asked for: the form is opened with its fields.

use super::{
    Ask, Call, Effect, Field, Input, Kind, Layer, Model, Secret, away, close_all, signin, top_mut,
};

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
