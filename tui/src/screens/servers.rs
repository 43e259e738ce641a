//! The servers of the configuration file: which there are, who signed in last, another one, and
//! forgetting one together with the token that is kept for it.

use clinic_shared::client::Client;

use super::ask::{self, Ask, Fault, Field, Kind};
use super::dialog::{Choice, Dialog};
use super::pane::{self, Row, Sheet};
use super::signin;
use crate::app::{self, Model, Session, Tone};
use crate::command::Availability;
use crate::effect::{Call, ConfigCall, Effect, Slot};
use crate::layers::Layer;
use crate::profiles::ServerProfile;
use crate::screens::list::view::key;
use crate::text;
use crate::theme::Role;

/// A server that is entered, or changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Form {
    /// What it was.
    before: Option<ServerProfile>,
}

impl Form {
    /// On the frame.
    pub(crate) const fn title(&self) -> &'static str {
        match self.before {
            Some(_) => "Server",
            None => "New server",
        }
    }

    /// The call that notes it; else what is wrong.
    pub(crate) fn call(&self, ask: &Ask, model: &Model) -> Result<ConfigCall, Fault> {
        let fault = |field, why: &str| Fault {
            field,
            why: why.to_owned(),
        };
        let url = ask.value("url").trim_end_matches('/').to_owned();
        if let Err(error) = Client::new(&url) {
            return Err(fault("url", &error.to_string()));
        }
        let name = Some(ask.value("name")).filter(|name| !name.is_empty());
        let was = self.before.as_ref().map(|before| before.url.clone());
        let mut others = model
            .servers
            .iter()
            .filter(|known| Some(&known.url) != was.as_ref());
        if others
            .clone()
            .any(|known| known.url.eq_ignore_ascii_case(&url))
        {
            return Err(fault("url", "This server is in the list already."));
        }
        if name.is_some() && others.any(|known| known.name == name) {
            return Err(fault("name", "Another server has this name."));
        }
        let user = self.before.as_ref().and_then(|before| before.user.clone());
        let server = ServerProfile { name, url, user };
        Ok(ConfigCall::Put { was, server })
    }
}

/// Opens the list.
pub(crate) fn open(model: &mut Model) -> Vec<Effect> {
    pane::open(model, pane::Kind::Servers);
    Vec::new()
}

fn selected(model: &Model) -> Option<&ServerProfile> {
    let pane = pane::acting(model)?;
    model.servers.get(pane.cursor)
}

/// Whether a server is selected.
pub(crate) fn has_selected(model: &Model) -> Availability {
    match selected(model) {
        Some(_) => Availability::Ok,
        None => Availability::Disabled("No server is selected.".into()),
    }
}

fn ask_for(model: &mut Model, before: Option<ServerProfile>) -> Vec<Effect> {
    let known = before.as_ref();
    let name = known.and_then(|known| known.name.clone());
    let url = known.map(|known| known.url.clone());
    let fields = vec![
        Field::new("Address", "url")
            .placeholder("https://desk.example.org")
            .text(&url.unwrap_or_default()),
        Field::new("Name", "name")
            .optional()
            .placeholder("a short one, for clinic --server NAME")
            .text(&name.unwrap_or_default()),
    ];
    let text = "It is noted in the configuration file.";
    ask::open_with(model, Kind::Server(Form { before }), text, fields);
    Vec::new()
}

/// Asks for another server.
pub(crate) fn add(model: &mut Model) -> Vec<Effect> {
    ask_for(model, None)
}

/// Changes the selected one.
pub(crate) fn edit(model: &mut Model) -> Vec<Effect> {
    let before = selected(model).cloned();
    match before {
        Some(_) => ask_for(model, before),
        None => Vec::new(),
    }
}

/// Makes the selected one the one that is used when none is named.
pub(crate) fn make_default(model: &mut Model) -> Vec<Effect> {
    match selected(model).map(|server| server.url.clone()) {
        Some(url) => {
            let call = Call::Config(ConfigCall::Default(url));
            vec![model.call(Slot::Config, call)]
        }
        None => Vec::new(),
    }
}

/// Enter: goes there. Whoever is signed in is asked first.
pub(crate) fn choose(model: &mut Model) -> Vec<Effect> {
    let Some(server) = selected(model).cloned() else {
        return add(model);
    };
    if !model.session.is_in() {
        pane::close(model);
        signin::choose_server(model, &server);
        return Vec::new();
    }
    if server.url == model.server {
        model.toast(Tone::Info, "You are signed in there.");
        return Vec::new();
    }
    if model.has_unsaved() {
        model.toast(Tone::Info, "Save or discard the form first.");
        return Vec::new();
    }
    let text = format!(
        "You are signed out here, and asked for a password at {}.",
        server.url
    );
    model.going_to = Some(server);
    let choices = vec![
        Choice::keep("Stay here"),
        Choice::new("Sign out and go", 's', go_there),
    ];
    let dialog = Dialog::new("Another server?", &text, choices);
    model.layers.push(Layer::Dialog(dialog));
    Vec::new()
}

fn go_there(model: &mut Model) -> Vec<Effect> {
    let going = model.going_to.take();
    let effects = app::sign_out(model);
    if let Some(server) = going {
        signin::choose_server(model, &server);
    }
    effects
}

/// Asks whether the selected server is to be forgotten.
pub(crate) fn ask_forget(model: &mut Model) -> Vec<Effect> {
    let Some(server) = selected(model).cloned() else {
        return Vec::new();
    };
    let is_here = server.url == model.server && !matches!(model.session, Session::Out);
    if is_here {
        model.toast(Tone::Info, "You are signed in there: sign out first.");
        return Vec::new();
    }
    let text = format!(
        "{} leaves the list, and the session that is kept for it is forgotten on this machine.",
        server.url
    );
    model.going_to = Some(server);
    let choices = vec![
        Choice::keep("Keep"),
        Choice::new("Forget it", 'f', |model| match model.going_to.take() {
            Some(server) => {
                let call = Call::Config(ConfigCall::Forget(server));
                vec![model.call(Slot::Config, call)]
            }
            None => Vec::new(),
        }),
    ];
    let dialog = Dialog::new("Forget this server?", &text, choices);
    model.layers.push(Layer::Dialog(dialog));
    Vec::new()
}

/// The list has changed.
pub(crate) fn changed(
    model: &mut Model,
    call: &Call,
    servers: Vec<ServerProfile>,
    default: String,
    token: Option<String>,
) {
    ask::close_all(model);
    model.servers = servers;
    model.default_server = default;
    let Call::Config(call) = call else { return };
    let text = match call {
        ConfigCall::Put { server, .. } => format!("Noted: {}.", server.url),
        ConfigCall::Forget(server) => format!("Forgotten: {}.", server.url),
        ConfigCall::Default(url) => format!("{url} is used when no server is named."),
        ConfigCall::Options(_) | ConfigCall::Keys(_) => return,
    };
    match token {
        Some(why) => {
            let text = format!("{text} Its session is still kept on this machine. {why}");
            model.toast(Tone::Warning, text);
        }
        None => model.toast(Tone::Done, text),
    }
}

/// The servers in lines.
pub(crate) fn sheet(model: &Model, cursor: usize, width: usize) -> Sheet {
    let ellipsis = model.glyphs.ellipsis;
    let rows = model.servers.iter().map(|server| {
        let mut marks = Vec::new();
        if server.url == model.server {
            marks.push("here");
        }
        if server.url == model.default_server {
            marks.push("usual");
        }
        let mark = match marks.is_empty() {
            true => String::new(),
            false => format!("({})", marks.join(", ")),
        };
        let name = server.name.as_deref().unwrap_or_default();
        let address = width.saturating_sub(34).clamp(16, 44);
        let name = text::fit(name, 10, ellipsis);
        let url = text::fit(&server.url, address, ellipsis);
        Row::new(format!("{name}  {url}  {mark}"))
    });
    let below = model.servers.get(cursor).map(|server| match &server.user {
        Some(user) => format!("{}: last signed in as {user}.", server.url),
        None => format!("{}: nobody has signed in there from here.", server.url),
    });
    Sheet {
        title: "Servers".to_owned(),
        above: Vec::new(),
        rows: rows.collect(),
        nothing: vec![
            "The configuration file names no server.".to_owned(),
            format!("{} enters one.", key(model, "servers.add")),
        ],
        below: below.map(|text| (text, Role::Dim)).into_iter().collect(),
        is_text: false,
    }
}
