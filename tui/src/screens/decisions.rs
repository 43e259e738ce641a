//! What an admin decides: who becomes a doctor, what doctors have learnt, and reports of what is
//! wrong with the program. One list for the three; what waits for a decision comes first.

pub(crate) mod view;

use clinic_shared::client::{DecisionQuery, Tagged};
use clinic_shared::v1::qualifications::Decision;

use super::ask::{self, Ask, Field, Kind};
use super::deeds::{self, About};
use super::dialog::{Choice, Dialog};
use super::list::{self, Arrived, LOADING, Listed, PAGE, Rows, Words};
use super::place::{self, Place};
use super::record::{self, Subject};
use crate::app::Model;
use crate::command::Availability;
use crate::effect::{AdminCall, AdminReply, Call, Deed, Effect, Matter, Part, Reply, Ruling, Slot};
use crate::layers::Layer;
use crate::widgets::canvas::Canvas;

/// How many characters of a reason the server takes.
const LONGEST: usize = 500;

/// What the screen shows.
#[derive(Debug)]
pub(crate) struct Decisions {
    /// Which of the three.
    pub(crate) part: Part,
    /// Only those that stand so.
    pub(crate) status: Option<Decision>,
    pub(crate) list: Rows<Matter>,
    /// What the question on the screen is about.
    asked: Option<Asked>,
}

impl Default for Decisions {
    fn default() -> Self {
        Self {
            part: Part::default(),
            status: Some(Decision::Pending),
            list: Rows::default(),
            asked: None,
        }
    }
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Wanted {
    part: Part,
    status: Option<Decision>,
}

/// What a question is about. What is selected can change while it stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    part: Part,
    id: i64,
    version: i64,
    who: String,
}

impl Asked {
    fn about(matter: &Matter) -> Self {
        Self {
            part: matter.part(),
            id: matter.id(),
            version: matter.version(),
            who: matter.who().to_owned(),
        }
    }

    /// On the frame of the form that asks why.
    pub(crate) const fn title(&self) -> &'static str {
        match self.part {
            Part::Applications => "Reject application",
            Part::Qualifications => "Reject qualification",
            Part::BugReports => "Reject report",
        }
    }

    fn ruling(&self, version: i64, reject: Option<String>) -> Deed {
        Deed::Decide(Box::new(Ruling {
            part: self.part,
            id: self.id,
            version,
            reject,
        }))
    }

    /// What is sent when the form has the reason. Who was told that it changed has seen it since.
    pub(crate) fn reject(&self, ask: &Ask, model: &Model) -> Deed {
        let version = match ask.is_error {
            true => known(model, self).map_or(self.version, Matter::version),
            false => self.version,
        };
        self.ruling(version, Some(ask.value("reason")))
    }

    fn is_of(&self, deed: &Deed) -> bool {
        matches!(deed, Deed::Decide(ruling) if (ruling.part, ruling.id) == (self.part, self.id))
    }
}

impl Listed for Matter {
    type Id = (Part, i64);
    type Query = Wanted;

    const WORDS: Words = LOADING;

    fn id(&self) -> (Part, i64) {
        (self.part(), self.id())
    }

    /// The address of a picture is another one each time.
    fn is_same(&self, other: &Self) -> bool {
        Listed::id(self) == Listed::id(other) && self.version() == other.version()
    }

    fn rows(model: &Model) -> &Rows<Self> {
        &model.decisions.list
    }

    fn rows_mut(model: &mut Model) -> &mut Rows<Self> {
        &mut model.decisions.list
    }

    fn wanted(model: &Model) -> Wanted {
        Wanted {
            part: model.decisions.part,
            status: model.decisions.status,
        }
    }

    fn call(query: Wanted, cursor: Option<String>) -> Call {
        let asked = DecisionQuery {
            status: query.status,
            cursor,
            limits: Some(PAGE),
        };
        Call::Admin(AdminCall::Matters(query.part, asked))
    }

    fn asked(call: Call) -> Option<Wanted> {
        match call {
            Call::Admin(AdminCall::Matters(part, query)) => Some(Wanted {
                part,
                status: query.status,
            }),
            _ => None,
        }
    }

    fn arrived(reply: Reply) -> Option<Arrived<Self>> {
        match reply {
            Reply::Admin(AdminReply::Matters(rows, count, next)) => {
                Some(Arrived::page(rows, (count, false), next.as_deref()))
            }
            _ => None,
        }
    }

    fn open(model: &mut Model, row: Self) -> Vec<Effect> {
        record::matter::open(model, row)
    }

    fn older(_: &Model) -> String {
        "these rows answer another question".to_owned()
    }

    fn draw(canvas: &mut Canvas<'_>, on_top: bool) {
        view::draw(canvas, on_top);
    }
}

/// Goes to one of the three, to what waits for a decision.
pub(crate) fn go(model: &mut Model, part: Part) -> Vec<Effect> {
    model.decisions.part = part;
    model.decisions.status = Some(Decision::Pending);
    place::go(model, Place::Decisions)
}

/// Goes to one of them and opens it.
pub(crate) fn open(model: &mut Model, matter: Matter) -> Vec<Effect> {
    let mut effects = go(model, matter.part());
    effects.extend(record::matter::open(model, matter));
    effects
}

/// The call for the applications that wait.
pub(crate) fn waiting_applications() -> Call {
    let query = Wanted {
        part: Part::Applications,
        status: Some(Decision::Pending),
    };
    Matter::call(query, None)
}

/// What commands are about: what is open, else the selected row.
pub(crate) fn here(model: &Model) -> Option<&Matter> {
    match record::acting(model) {
        Some(Subject::Matter(known)) => known.value().or(known.row.as_ref()),
        Some(_) => None,
        None if model.place == Place::Decisions && list::is_current::<Matter>(model) => {
            model.decisions.list.selected()
        }
        None => None,
    }
}

/// What is known of it by now: in its record, else in its row.
fn known<'a>(model: &'a Model, asked: &Asked) -> Option<&'a Matter> {
    let is_it = |matter: &&Matter| Listed::id(*matter) == (asked.part, asked.id);
    let open = model.layers.iter().rev().find_map(|layer| match layer {
        Layer::Record(record) => match &record.subject {
            Subject::Matter(known) => known.value().filter(is_it),
            _ => None,
        },
        _ => None,
    });
    open.or_else(|| model.decisions.list.rows.iter().find(is_it))
}

/// Whether it can be decided now.
pub(crate) fn may(model: &Model) -> Availability {
    let no = |why: &'static str| Availability::Disabled(why.into());
    match here(model).map(Matter::status) {
        None => no("Nothing to decide is selected."),
        Some(Decision::Accepted) => no("It is accepted already."),
        Some(Decision::Rejected) => no("It is rejected already."),
        Some(Decision::Pending) if model.flights.is_flying(Slot::Deed) => {
            no("The last step is still being saved.")
        }
        Some(Decision::Pending) => deeds::can_send(model),
    }
}

/// Asks whether it is to be accepted.
pub(crate) fn ask_accept(model: &mut Model) -> Vec<Effect> {
    let Some(matter) = here(model) else {
        return Vec::new();
    };
    let asked = Asked::about(matter);
    let (title, text, verb) = match matter {
        Matter::Application(one) => (
            "Accept application?",
            format!(
                "{} is a verified doctor from then on: patients see them and can ask for \
                 appointments. A mail tells them; they have to sign in again.",
                one.full_name
            ),
            "Accept application",
        ),
        Matter::Qualification(one) => (
            "Accept qualification?",
            format!(
                "Everybody reads {} of {} from then on. A mail tells them.",
                model.glyphs.quoted(&one.title),
                one.full_name
            ),
            "Accept qualification",
        ),
        Matter::BugReport(_) => (
            "Accept report?",
            "It says that somebody sees to it. Nobody is mailed.".to_owned(),
            "Accept report",
        ),
    };
    model.decisions.asked = Some(asked);
    let choices = vec![Choice::keep("Keep waiting"), Choice::new(verb, 'y', accept)];
    let dialog = Dialog::new(title, &text, choices);
    model.layers.push(Layer::Dialog(dialog));
    Vec::new()
}

fn accept(model: &mut Model) -> Vec<Effect> {
    match model.decisions.asked.take() {
        Some(asked) => {
            let deed = asked.ruling(asked.version, None);
            deeds::send(model, deed, About::who(&asked.who))
        }
        None => Vec::new(),
    }
}

/// Asks why it is to be rejected.
pub(crate) fn ask_reject(model: &mut Model) -> Vec<Effect> {
    let Some(matter) = here(model) else {
        return Vec::new();
    };
    let asked = Asked::about(matter);
    let text = match matter {
        Matter::Application(one) => format!(
            "{} reads the reason in a mail, and may apply again.",
            one.full_name
        ),
        Matter::Qualification(one) => format!("{} reads the reason in a mail.", one.full_name),
        Matter::BugReport(_) => "The reason is kept with the report; nobody is mailed.".to_owned(),
    };
    let fields = vec![Field::new("Why", "reason").placeholder("e.g. the picture can't be read")];
    ask::open_with(model, Kind::Reject(asked), &text, fields);
    Vec::new()
}

/// The form has the reason: it is rejected, after what is under way.
pub(crate) fn send_rejection(model: &mut Model, deed: Deed) -> Vec<Effect> {
    let Some(asked) = ask::rejecting(model).cloned() else {
        return Vec::new();
    };
    let length = match &deed {
        Deed::Decide(ruling) => ruling.reject.as_ref().map_or(0, |why| why.chars().count()),
        _ => 0,
    };
    if length > LONGEST {
        let text = format!("At most {LONGEST} characters; these are {length}.");
        ask::say(model, &text);
        return Vec::new();
    }
    if let Availability::Disabled(why) = deeds::can_send(model) {
        ask::say(model, &why);
        return Vec::new();
    }
    deeds::send(model, deed, About::who(&asked.who))
}

/// The rejection that the form on the screen waits for.
pub(crate) fn rejected(model: &Model) -> Option<Deed> {
    let asked = ask::rejecting(model)?;
    deeds::waiting(model, |deed| asked.is_of(deed))
}

/// Shows what was decided everywhere; answers it in a sentence.
pub(crate) fn done(model: &mut Model, deed: &Deed, tagged: &Tagged<Matter>) -> String {
    let matter = &tagged.value;
    let (part, id) = Listed::id(matter);
    let reply = AdminReply::Matter(Box::new(tagged.clone())).into();
    record::show(model, &Call::Admin(AdminCall::Matter(part, id)), &reply);
    if ask::rejecting(model).is_some_and(|asked| asked.is_of(deed)) {
        ask::close_all(model);
    }
    let who = matter.who();
    match (matter, matter.status() == Decision::Accepted) {
        (Matter::Application(_), true) => {
            format!("{who} is a doctor now; a mail tells them.")
        }
        (Matter::Application(_), false) => {
            format!("{who} is not accepted; a mail tells them why, and they may apply again.")
        }
        (Matter::Qualification(one), true) => {
            let title = model.glyphs.quoted(&one.title);
            format!("{title} of {who} is accepted; a mail tells them.")
        }
        (Matter::Qualification(one), false) => {
            let title = model.glyphs.quoted(&one.title);
            format!("{title} of {who} is rejected; a mail tells them why.")
        }
        (Matter::BugReport(_), true) => "The report is accepted; nobody is mailed.".to_owned(),
        (Matter::BugReport(_), false) => "The report is rejected; nobody is mailed.".to_owned(),
    }
}

/// Says in the form that a deed came from why it was not done; answers whether it is still there.
pub(crate) fn failed(model: &mut Model, deed: &Deed, text: &str) -> bool {
    let is_its = ask::rejecting(model).is_some_and(|asked| asked.is_of(deed));
    if is_its {
        ask::say(model, text);
    }
    is_its
}

/// What was refused is not as it was on the screen: what is open is read again.
pub(crate) fn look_again(model: &mut Model, deed: &Deed) -> Vec<Effect> {
    match deed {
        Deed::Decide(_) => record::reread(model),
        _ => Vec::new(),
    }
}
