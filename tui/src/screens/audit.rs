//! The audit: who did or read what, newest first; all of it, or what one person did, what was done
//! to one patient's record, one action, some days.

pub(crate) mod detail;
pub(crate) mod view;

use chrono::NaiveDate;
use clinic_shared::Role;
use clinic_shared::client::AuditQuery;
use clinic_shared::desk::audit::Row;
use uuid::Uuid;

use super::ask::{self, Ask, Fault, Field, Kind};
use super::list::{self, Arrived, LOADING, Listed, PAGE, Rows, Words};
use super::place::{self, Place};
use super::record::{self, Subject};
use crate::app::Model;
use crate::command::{Availability, available};
use crate::days;
use crate::effect::{AdminCall, AdminReply, Call, Effect, Reply};
use crate::widgets::canvas::Canvas;

/// What the screen shows.
#[derive(Debug, Default)]
pub(crate) struct Audit {
    /// Which rows; its cursor and its limits are the page's.
    pub(crate) asked: AuditQuery,
    /// The name of the patient it is about.
    patient: Option<String>,
    pub(crate) list: Rows<Row>,
}

impl Audit {
    /// What the filter lets through, in a word or two; none: everything.
    pub(crate) fn shown(&self) -> Option<&'static str> {
        match self.asked.kind {
            _ if self.asked == AuditQuery::default() => None,
            Some(kind) if self.asked.who.is_none() && self.patient.is_none() => Some(kind.as_str()),
            _ => Some("what was asked for"),
        }
    }

    /// Takes every filter off.
    pub(crate) fn clear(&mut self) {
        self.asked = AuditQuery::default();
        self.patient = None;
    }
}

impl Listed for Row {
    type Id = i64;
    type Query = AuditQuery;

    const WORDS: Words = LOADING;

    fn id(&self) -> i64 {
        self.id
    }

    fn rows(model: &Model) -> &Rows<Self> {
        &model.audit.list
    }

    fn rows_mut(model: &mut Model) -> &mut Rows<Self> {
        &mut model.audit.list
    }

    fn wanted(model: &Model) -> AuditQuery {
        model.audit.asked.clone()
    }

    fn call(query: AuditQuery, cursor: Option<String>) -> Call {
        let query = AuditQuery {
            cursor,
            limits: Some(PAGE),
            ..query
        };
        Call::Admin(AdminCall::Audit(Box::new(query)))
    }

    fn asked(call: Call) -> Option<AuditQuery> {
        match call {
            Call::Admin(AdminCall::Audit(query)) => Some(AuditQuery {
                cursor: None,
                limits: None,
                ..*query
            }),
            _ => None,
        }
    }

    fn arrived(reply: Reply) -> Option<Arrived<Self>> {
        match reply {
            Reply::Admin(AdminReply::Audit(page)) => {
                let count = (page.count, page.count_capped);
                Some(Arrived::page(page.results, count, page.next.as_deref()))
            }
            _ => None,
        }
    }

    fn open(model: &mut Model, row: Self) -> Vec<Effect> {
        record::open(model, Subject::Audit(Box::new(row)))
    }

    fn older(_: &Model) -> String {
        "these rows are of another filter".to_owned()
    }

    fn draw(canvas: &mut Canvas<'_>, on_top: bool) {
        view::draw(canvas, on_top);
    }
}

/// Whether whoever sits here may go there: only an admin reads the audit.
pub(crate) fn can_go(model: &Model) -> Availability {
    let who = model.session.who();
    match who.is_some_and(|who| who.role == Role::Admin) {
        true => available::can_go(model),
        false => Availability::Disabled("Only an admin reads the audit.".into()),
    }
}

/// Goes to all of it, or as it was left.
pub(crate) fn go(model: &mut Model) -> Vec<Effect> {
    place::go(model, Place::Audit)
}

fn asked_anew(model: &mut Model) -> Vec<Effect> {
    model.place.list().forget_enter(model);
    list::refresh(model)
}

/// The row that commands are about: the one that is open, else the selected one.
fn here(model: &Model) -> Option<&Row> {
    match record::acting(model) {
        Some(Subject::Audit(row)) => Some(row),
        Some(_) => None,
        None if list::is_current::<Row>(model) => model.audit.list.selected(),
        None => None,
    }
}

/// Whose doing the row is, as it can be asked for.
fn account(model: &Model) -> Option<String> {
    let account = here(model)?.account.as_ref()?;
    let id = account.id.map(|id| id.to_string());
    account.username.clone().or(id)
}

/// Whose record the row is about.
pub(crate) fn patient(model: &Model) -> Option<(Uuid, String)> {
    let person = here(model)?.patient.as_ref()?;
    let name = person.full_name.clone();
    let name = name.unwrap_or_else(|| format!("patient {}", person.number));
    person.id.map(|id| (id, name))
}

/// Whether the row is somebody's doing.
pub(crate) fn has_account(model: &Model) -> Availability {
    match account(model) {
        Some(_) => Availability::Ok,
        None => Availability::Disabled("No account stands in this row.".into()),
    }
}

/// Whether the row is about a patient's record.
pub(crate) fn has_patient(model: &Model) -> Availability {
    match patient(model) {
        Some(_) => Availability::Ok,
        None => Availability::Disabled("This row is not about one patient's record.".into()),
    }
}

/// Shows only what the person of the row did.
pub(crate) fn only_account(model: &mut Model) -> Vec<Effect> {
    let Some(who) = account(model) else {
        return Vec::new();
    };
    model.audit.asked.who = Some(who);
    asked_anew(model)
}

/// Shows only what was done to the record of the patient in the row.
pub(crate) fn only_patient(model: &mut Model) -> Vec<Effect> {
    let Some((id, name)) = patient(model) else {
        return Vec::new();
    };
    model.audit.asked.patient = Some(id);
    model.audit.patient = Some(name);
    asked_anew(model)
}

/// Opens the record of the patient in the row.
pub(crate) fn open_patient(model: &mut Model) -> Vec<Effect> {
    match patient(model) {
        Some((id, name)) => record::patient::open_named(model, id, name),
        None => Vec::new(),
    }
}

/// Goes to what was done to the patient's record that is open.
pub(crate) fn of_patient(model: &mut Model) -> Vec<Effect> {
    let Some(Subject::Patient(known)) = record::acting(model) else {
        return Vec::new();
    };
    let name = match (known.value(), &known.row) {
        (Some(patient), _) => patient.full_name.clone(),
        (None, Some(row)) => row.full_name.clone(),
        (None, None) => return Vec::new(),
    };
    let id = known.id;
    model.audit.clear();
    model.audit.asked.patient = Some(id);
    model.audit.patient = Some(name);
    go(model)
}

/// Asks which rows.
pub(crate) fn ask_which(model: &mut Model) -> Vec<Effect> {
    let asked = &model.audit.asked;
    let day = |day: Option<NaiveDate>| day.map(|day| model.prefs.dates.date(day));
    let or_none = Option::unwrap_or_default;
    let fields = vec![
        Field::new("Who", "who")
            .optional()
            .placeholder("a user name or an e-mail")
            .text(&or_none(asked.who.clone())),
        Field::new("Action", "action")
            .optional()
            .placeholder("e.g. change_patient")
            .text(&or_none(asked.action.clone())),
        Field::new("From", "from")
            .optional()
            .placeholder(model.prefs.dates.days_past())
            .text(&or_none(day(asked.from))),
        Field::new("To", "to")
            .optional()
            .placeholder("today")
            .text(&or_none(day(asked.to))),
    ];
    let text = "All that is filled in must fit; an empty line lets everything through.";
    ask::open_with(model, Kind::Audit, text, fields);
    Vec::new()
}

/// What the form asks for; else the field that is wrong.
pub(crate) fn asked(ask: &Ask, model: &Model) -> Result<Box<AuditQuery>, Fault> {
    let said = |name| Some(ask.value(name)).filter(|text| !text.is_empty());
    let (today, dates) = (model.today(), model.prefs.dates);
    let read = |field: &'static str| {
        let day = said(field).map(|text| days::past(&text, today, dates));
        let fault = |why: String| Fault { field, why };
        day.transpose().map_err(|error| fault(error.to_string()))
    };
    let (from, to) = (read("from")?, read("to")?);
    if from.zip(to).is_some_and(|(from, to)| from > to) {
        return Err(Fault {
            field: "to",
            why: "This day is before the other one.".to_owned(),
        });
    }
    Ok(Box::new(AuditQuery {
        who: said("who"),
        // The list shows its words with spaces; whoever types one as it stands there finds it.
        action: said("action").map(|action| action.replace(' ', "_")),
        from,
        to,
        ..model.audit.asked.clone()
    }))
}

/// The form is filled in: shows these rows.
pub(crate) fn narrow(model: &mut Model, query: AuditQuery) -> Vec<Effect> {
    ask::close_all(model);
    model.audit.asked = query;
    asked_anew(model)
}
