//! The settings: how the screens look and behave. What is changed counts at once, and is written
//! into the configuration file.

use clinic_shared::client::Error;

use super::ask::{self, Ask, Field, Kind};
use super::pane::{self, Row, Sheet};
use super::servers;
use crate::app::{Model, Tone};
use crate::command::Availability;
use crate::dates::Format;
use crate::effect::{Call, ConfigCall, ConfigReply, Effect, Reply, Slot};
use crate::profiles::OptionsChange;
use crate::text;
use crate::theme::{Role, Theme};

/// A line of the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Setting {
    Theme,
    Symbols,
    Mouse,
    Dates,
    Lock,
    Keys,
    Servers,
}

const ALL: [Setting; 7] = [
    Setting::Theme,
    Setting::Symbols,
    Setting::Mouse,
    Setting::Dates,
    Setting::Lock,
    Setting::Keys,
    Setting::Servers,
];

/// Minutes that can be chosen; 0: never.
const MINUTES: [u32; 9] = [0, 1, 2, 5, 10, 15, 20, 30, 60];

/// Columns of a setting's name.
const LABEL: usize = 15;

impl Setting {
    const fn label(self) -> &'static str {
        match self {
            Setting::Theme => "Theme",
            Setting::Symbols => "Symbols",
            Setting::Mouse => "Mouse",
            Setting::Dates => "Dates",
            Setting::Lock => "Lock after",
            Setting::Keys => "Keys file",
            Setting::Servers => "Servers",
        }
    }

    fn value(self, model: &Model) -> String {
        let prefs = &model.prefs;
        match self {
            Setting::Theme => match prefs.theme {
                Theme::Default => "automatic".to_owned(),
                theme => theme.to_string(),
            },
            Setting::Symbols => match prefs.ascii {
                None => "automatic".to_owned(),
                Some(true) => "ASCII".to_owned(),
                Some(false) => "Unicode".to_owned(),
            },
            Setting::Mouse => if prefs.mouse { "on" } else { "off" }.to_owned(),
            Setting::Dates => prefs.dates.day(model.now.date_naive()),
            Setting::Lock => match prefs.lock_minutes {
                0 => "never".to_owned(),
                1 => "1 minute".to_owned(),
                minutes => format!("{minutes} minutes"),
            },
            Setting::Keys => match &prefs.keys {
                Some(path) => path.display().to_string(),
                None => "none: the built-in keys".to_owned(),
            },
            Setting::Servers => match model.servers.len() {
                0 => "none known".to_owned(),
                1 => "1 known".to_owned(),
                count => format!("{count} known"),
            },
        }
    }

    /// What it is about.
    fn about(self, model: &Model) -> &'static str {
        match self {
            Setting::Theme if model.prefs.no_color => {
                "NO_COLOR is set: nothing is coloured, whatever stands here."
            }
            Setting::Theme => {
                "automatic: the terminal's own 16 colours. high-contrast: nothing faint. mono: no \
                 colour at all."
            }
            Setting::Symbols => "automatic: as the terminal's language says it can.",
            Setting::Mouse => "off: clicks select text, as the terminal itself does it.",
            Setting::Dates => {
                "How days are written on the screens. Typed so, or in words: fri, 4 dec; where it \
                 is 2026-12-04, 12-04 has the month first, too."
            }
            Setting::Lock => {
                "So long without a key, then the screen is covered and asks for the password. \
                 Nothing typed is lost."
            }
            Setting::Keys => "A file that gives commands other keys; Enter names it.",
            Setting::Servers => "The servers that can be signed in to; Enter lists them.",
        }
    }
}

/// Opens the settings.
pub(crate) fn open(model: &mut Model) -> Vec<Effect> {
    pane::open(model, pane::Kind::Settings);
    Vec::new()
}

/// Whether the settings may be seen: not over the covered screen.
pub(crate) fn available(model: &Model) -> Availability {
    match model.session.is_locked() {
        true => Availability::Disabled("The screen is locked: type the password first.".into()),
        false => Availability::Ok,
    }
}

fn selected(model: &Model) -> Option<Setting> {
    let pane = pane::acting(model)?;
    ALL.get(pane.cursor).copied()
}

/// Enter: the next choice, or what has a screen of its own.
pub(crate) fn enter(model: &mut Model) -> Vec<Effect> {
    match selected(model) {
        Some(Setting::Keys) => {
            let known = model.prefs.keys.as_ref();
            let known = known.map(|path| path.display().to_string());
            let field = Field::new("File", "keys")
                .optional()
                .placeholder("empty: the built-in keys")
                .text(&known.unwrap_or_default());
            let text = "Lines such as \"patients.new\" = \"f9\"; `clinic keys` lists the names.";
            ask::open_with(model, Kind::Keys, text, vec![field]);
            Vec::new()
        }
        Some(Setting::Servers) => servers::open(model),
        _ => change(model, true),
    }
}

/// Takes the next choice of the selected setting, or the one before.
pub(crate) fn change(model: &mut Model, forward: bool) -> Vec<Effect> {
    let mut change = OptionsChange::default();
    let prefs = &model.prefs;
    match selected(model) {
        Some(Setting::Theme) => change.theme = Some(turned(Theme::ALL, prefs.theme, forward)),
        Some(Setting::Symbols) => {
            let all = [None, Some(false), Some(true)];
            change.ascii = Some(turned(&all, prefs.ascii, forward));
        }
        Some(Setting::Mouse) => change.mouse = Some(!prefs.mouse),
        Some(Setting::Dates) => change.dates = Some(turned(Format::ALL, prefs.dates, forward)),
        Some(Setting::Lock) => {
            change.lock_minutes = Some(minutes(prefs.lock_minutes, forward));
        }
        Some(Setting::Keys | Setting::Servers) | None => return Vec::new(),
    }
    take(model, &change)
}

/// The theme after this one.
pub(crate) fn next_theme(model: &mut Model) -> Vec<Effect> {
    let theme = turned(Theme::ALL, model.prefs.theme, true);
    model.toast(Tone::Info, format!("Theme: {theme}."));
    let change = OptionsChange {
        theme: Some(theme),
        ..OptionsChange::default()
    };
    take(model, &change)
}

fn turned<T: Copy + PartialEq>(all: &[T], now: T, forward: bool) -> T {
    let count = all.len().max(1);
    let at = all.iter().position(|one| *one == now).unwrap_or(0);
    let next = if forward { at + 1 } else { at + count - 1 };
    all.get(next % count).copied().unwrap_or(now)
}

/// The next number of minutes, also from one that stands in the file and not in the list.
fn minutes(now: u32, forward: bool) -> u32 {
    let mut all = MINUTES.iter().copied();
    match forward {
        true => all.find(|minutes| *minutes > now).unwrap_or(0),
        false => all.rfind(|minutes| *minutes < now).unwrap_or(60),
    }
}

/// Makes a change count, and has it written.
fn take(model: &mut Model, change: &OptionsChange) -> Vec<Effect> {
    let (prefs, unsaved) = (&mut model.prefs, &mut model.unsaved);
    let mut effects = Vec::new();
    if let Some(theme) = change.theme {
        prefs.theme = theme;
        unsaved.theme = Some(theme);
    }
    if let Some(ascii) = change.ascii {
        prefs.ascii = ascii;
        unsaved.ascii = Some(ascii);
    }
    if let Some(mouse) = change.mouse {
        prefs.mouse = mouse;
        unsaved.mouse = Some(mouse);
        effects.push(Effect::Mouse(mouse));
    }
    if let Some(dates) = change.dates {
        prefs.dates = dates;
        unsaved.dates = Some(dates);
    }
    if let Some(minutes) = change.lock_minutes {
        prefs.lock_minutes = minutes;
        unsaved.lock_minutes = Some(minutes);
    }
    model.theme = model.prefs.shown_theme();
    model.glyphs = model.prefs.glyphs();
    // All that is not written yet: this call takes the place of one that is under way.
    let call = Call::Config(ConfigCall::Options(model.unsaved.clone()));
    effects.push(model.call(Slot::Config, call));
    effects
}

/// The call that uses the keys of a file.
pub(crate) fn keys_call(ask: &Ask) -> ConfigCall {
    ConfigCall::Keys(ask.value("keys"))
}

/// Takes in what came of a change of the configuration file.
pub(crate) fn landed(model: &mut Model, call: &Call, result: Result<Reply, Error>) {
    let Ok(Reply::Config(reply)) = result else {
        return;
    };
    match *reply {
        ConfigReply::Saved(is_kept) => {
            model.unsaved = OptionsChange::default();
            if !is_kept {
                model.toast(
                    Tone::Info,
                    "For this run: there is no configuration file here.",
                );
            }
        }
        ConfigReply::Keys { path, keymap } => {
            ask::close_all(model);
            let text = match &path {
                Some(path) => format!("The keys of {} count now.", path.display()),
                None => "The built-in keys count now.".to_owned(),
            };
            model.keymap = *keymap;
            model.prefs.keys = path;
            model.toast(Tone::Done, text);
        }
        ConfigReply::Servers {
            servers,
            default,
            token,
        } => servers::changed(model, call, servers, default, token),
        ConfigReply::Failed(why) => {
            let has_form = !matches!(call, Call::Config(ConfigCall::Options(_)));
            if has_form && ask::is_open(model) {
                ask::say(model, &why);
            } else {
                model.toast(Tone::Warning, format!("It counts for this run only. {why}"));
            }
        }
    }
}

/// The settings in lines.
pub(crate) fn sheet(model: &Model, cursor: usize, width: usize) -> Sheet {
    let rows = ALL.iter().enumerate().map(|(at, setting)| {
        let label = text::fit(setting.label(), LABEL, model.glyphs.ellipsis);
        let value = setting.value(model);
        let is_turned = !matches!(setting, Setting::Keys | Setting::Servers);
        let value = match at == cursor && is_turned {
            true => format!("{} {value} {}", model.glyphs.previous, model.glyphs.next),
            false => format!("  {value}"),
        };
        let room = width.saturating_sub(LABEL + 2);
        let value = text::cut(&value, room, model.glyphs.ellipsis);
        Row::new(format!("{label}{value}"))
    });
    let about = ALL.get(cursor).map(|setting| setting.about(model));
    let mut below: Vec<(String, Role)> = Vec::new();
    below.extend(about.map(|about| (about.to_owned(), Role::Dim)));
    Sheet {
        title: "Settings".to_owned(),
        above: Vec::new(),
        rows: rows.collect(),
        nothing: Vec::new(),
        below,
        is_text: false,
    }
}
