//! Signing in: the first screen where no session is kept, and a dialog over any other when the
//! session has ended.

mod view;

use clinic_shared::client::Error;
use tui_input::{Input, InputRequest};

use crate::app::{Model, Session};
use crate::effect::{Call, Effect, Slot};
use crate::layers::Layer;
use crate::profiles::ServerProfile;

pub(crate) use view::draw;

/// A field of the sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Server,
    User,
    Password,
}

impl Part {
    pub(crate) const ALL: [Part; 3] = [Part::Server, Part::User, Part::Password];

    pub(crate) const fn label(self) -> &'static str {
        match self {
            Part::Server => "Server",
            Part::User => "User",
            Part::Password => "Password",
        }
    }
}

/// What is typed into the sign-in.
#[derive(Debug)]
pub(crate) struct SignIn {
    pub(crate) server: Input,
    pub(crate) user: Input,
    pub(crate) password: Secret,
    pub(crate) focus: Part,
    /// Why it did not work, or why it is asked.
    pub(crate) message: Option<String>,
    pub(crate) is_error: bool,
}

/// A typed password: not in logs, not in panics.
#[derive(Default)]
pub(crate) struct Secret(pub(crate) Input);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl SignIn {
    pub(crate) const fn input(&self, part: Part) -> &Input {
        match part {
            Part::Server => &self.server,
            Part::User => &self.user,
            Part::Password => &self.password.0,
        }
    }

    const fn input_mut(&mut self, part: Part) -> &mut Input {
        match part {
            Part::Server => &mut self.server,
            Part::User => &mut self.user,
            Part::Password => &mut self.password.0,
        }
    }

    /// Types into the field with the cursor.
    pub(crate) fn edit(&mut self, request: InputRequest) {
        // What is cut from one field must not be pasted from the password's.
        if self.focus == Part::Password && matches!(request, InputRequest::Yank) {
            return;
        }
        let focus = self.focus;
        self.input_mut(focus).handle(request);
        if self.is_error {
            self.message = None;
        }
    }

    pub(crate) fn first_empty(&self) -> Option<Part> {
        Part::ALL
            .into_iter()
            .find(|part| self.input(*part).value().trim().is_empty())
    }
}

/// Names nobody: somebody has signed out, and whoever comes next says who they are.
pub(crate) fn for_anybody(model: &mut Model) {
    if let Some(Layer::SignIn(signin)) = model.layers.last_mut() {
        signin.user = Input::default();
        signin.focus = signin.first_empty().unwrap_or(Part::Password);
    }
}

/// Opens the sign-in, over the screen if somebody's session has ended there.
pub(crate) fn open(model: &mut Model, error: Option<String>) {
    let user = match &model.session {
        Session::Ended(who) | Session::Locked(who) => Some(who.username.clone()),
        _ => model
            .servers
            .iter()
            .find(|known| known.url == model.server)
            .and_then(|s| s.user.clone()),
    };
    let is_error = error.is_some();
    let mut signin = SignIn {
        server: Input::new(model.server.clone()),
        user: Input::new(user.unwrap_or_default()),
        password: Secret::default(),
        focus: Part::Password,
        message: error,
        is_error,
    };
    if matches!(model.session, Session::Ended(_)) {
        signin.message =
            Some("Your session has ended. Sign in to go on where you were.".to_owned());
    }
    if model.session.is_locked() {
        let text = "The screen is locked. Type your password to go on where you were; for \
                    somebody else, change the user.";
        signin.message = Some(text.to_owned());
    }
    signin.focus = signin.first_empty().unwrap_or(Part::Password);
    model.layers.push(Layer::SignIn(Box::new(signin)));
}

/// The server and the name that stand in the open sign-in.
pub(crate) fn typed(model: &Model) -> (String, String) {
    let signin = model.layers.iter().find_map(|layer| match layer {
        Layer::SignIn(signin) => Some(signin),
        _ => None,
    });
    signin.map_or((model.server.clone(), String::new()), |signin| {
        let server = signin.server.value().trim().trim_end_matches('/');
        (server.to_owned(), signin.user.value().trim().to_owned())
    })
}

/// Fills a name into the open sign-in, and says why.
pub(crate) fn fill(model: &mut Model, user: String, why: &str) {
    if let Some(signin) = any_mut(model) {
        signin.user = Input::new(user);
        signin.password = Secret::default();
        signin.focus = Part::Password;
        signin.message = Some(why.to_owned());
        signin.is_error = false;
    }
}

/// Says in the open sign-in why somebody can't go on.
pub(crate) fn say(model: &mut Model, why: String) {
    if let Some(signin) = any_mut(model) {
        signin.message = Some(why);
        signin.is_error = true;
    }
}

fn top_mut(model: &mut Model) -> Option<&mut SignIn> {
    match model.layers.last_mut() {
        Some(Layer::SignIn(signin)) => Some(signin),
        _ => None,
    }
}

fn any_mut(model: &mut Model) -> Option<&mut SignIn> {
    model.layers.iter_mut().find_map(|layer| match layer {
        Layer::SignIn(signin) => Some(signin.as_mut()),
        _ => None,
    })
}

/// Whether an answer is awaited.
pub(crate) fn is_busy(model: &Model) -> bool {
    model.flights.is_flying(Slot::Session)
}

/// Enter: to the first field that is empty, or signs in.
pub(crate) fn submit(model: &mut Model) -> Vec<Effect> {
    if is_busy(model) {
        return Vec::new();
    }
    let Some(signin) = top_mut(model) else {
        return Vec::new();
    };
    if let Some(empty) = signin.first_empty() {
        signin.focus = empty;
        return Vec::new();
    }
    signin.message = None;
    let call = Call::SignIn {
        server: signin
            .server
            .value()
            .trim()
            .trim_end_matches('/')
            .to_owned(),
        user: signin.user.value().trim().to_owned(),
        password: signin.password.0.value().to_owned(),
    };
    vec![model.call(Slot::Session, call)]
}

/// Says why it did not work. The password is typed anew, the rest stays.
pub(crate) fn failed(model: &mut Model, error: &Error) {
    let is_locked = model.session.is_locked();
    let message = match error {
        Error::Unreachable(why) if is_locked => {
            format!("The screen stays locked: the server does not answer ({why}).")
        }
        Error::Refused(refused) if refused.status == 401 => {
            "User or password is wrong; type them again.".to_owned()
        }
        Error::Refused(refused) => match refused.retry_after {
            Some(wait) => format!(
                "{} Try again in {} s.",
                refused.detail,
                wait.as_secs().max(1)
            ),
            None => refused.detail.clone(),
        },
        Error::Unreachable(why) => format!("This server does not answer ({why})."),
        other => other.to_string(),
    };
    let Some(signin) = any_mut(model) else { return };
    signin.message = Some(message);
    signin.is_error = true;
    match error {
        Error::Unreachable(_) if is_locked => {}
        Error::Address(_) | Error::Unreachable(_) => signin.focus = Part::Server,
        Error::Refused(refused) if refused.status == 401 => {
            signin.password = Secret::default();
            signin.focus = Part::Password;
        }
        _ => {}
    }
}

/// Moves the cursor to another field.
pub(crate) fn step(model: &mut Model, by: isize) -> Vec<Effect> {
    if let Some(signin) = top_mut(model) {
        let count = isize::try_from(Part::ALL.len()).unwrap_or(1);
        let now = Part::ALL
            .iter()
            .position(|part| *part == signin.focus)
            .unwrap_or(0);
        let next = (isize::try_from(now).unwrap_or(0) + by).rem_euclid(count);
        let next = usize::try_from(next).unwrap_or(0);
        signin.focus = Part::ALL.get(next).copied().unwrap_or(Part::User);
    }
    Vec::new()
}

/// Puts the cursor into a field.
pub(crate) fn click(model: &mut Model, index: usize) -> Vec<Effect> {
    if let (Some(signin), Some(part)) = (top_mut(model), Part::ALL.get(index)) {
        signin.focus = *part;
    }
    Vec::new()
}

/// Fills in another known server, with who signed in there last.
pub(crate) fn pick_server(model: &mut Model, by: isize) -> Vec<Effect> {
    let known = model.servers.clone();
    let Some(signin) = top_mut(model) else {
        return Vec::new();
    };
    let count = isize::try_from(known.len()).unwrap_or(0);
    if count == 0 {
        return Vec::new();
    }
    let now = known
        .iter()
        .position(|server| server.url == signin.server.value());
    let next = match now {
        Some(now) => (isize::try_from(now).unwrap_or(0) + by).rem_euclid(count),
        None if by > 0 => 0,
        None => count - 1,
    };
    if let Some(server) = usize::try_from(next).ok().and_then(|next| known.get(next)) {
        signin.server = Input::new(server.url.clone());
        signin.user = Input::new(server.user.clone().unwrap_or_default());
    }
    Vec::new()
}

/// Fills in this server, with who signed in there last.
pub(crate) fn choose_server(model: &mut Model, server: &ServerProfile) {
    if let Some(signin) = any_mut(model) {
        signin.server = Input::new(server.url.clone());
        signin.user = Input::new(server.user.clone().unwrap_or_default());
        signin.focus = signin.first_empty().unwrap_or(Part::Password);
    }
}

/// Esc: stops waiting for the server; otherwise empties the field.
pub(crate) fn cancel(model: &mut Model) -> Vec<Effect> {
    if is_busy(model) {
        return model.abandon(Slot::Session);
    }
    if let Some(signin) = top_mut(model) {
        signin.edit(InputRequest::DeleteLine);
    }
    Vec::new()
}
