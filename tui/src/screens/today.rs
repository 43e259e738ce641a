//! The appointments of a day.

mod view;

use chrono::{Days, NaiveDate};
use clinic_shared::client::AppointmentQuery;
use clinic_shared::desk::appointments::{Appointment, AppointmentRow, Status};

use super::list::{self, Arrived, LOADING, Listed, PAGE, Rows, Words};
use super::record;
use crate::app::Model;
use crate::effect::{Call, Effect, Reply};
use crate::widgets::canvas::Canvas;
use crate::{dates, labels};

/// What the screen shows.
#[derive(Debug, Default)]
pub(crate) struct Today {
    /// The day; none before anybody went there.
    pub(crate) day: Option<NaiveDate>,
    /// Only those that stand so.
    pub(crate) status: Option<Status>,
    pub(crate) list: Rows<AppointmentRow>,
}

/// What is asked: a day, and perhaps one status.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct DayQuery {
    pub(crate) day: NaiveDate,
    pub(crate) status: Option<Status>,
}

impl Listed for AppointmentRow {
    type Id = i64;
    type Query = DayQuery;

    const WORDS: Words = LOADING;

    fn id(&self) -> i64 {
        self.id
    }

    fn rows(model: &Model) -> &Rows<Self> {
        &model.today.list
    }

    fn rows_mut(model: &mut Model) -> &mut Rows<Self> {
        &mut model.today.list
    }

    fn wanted(model: &Model) -> DayQuery {
        DayQuery {
            day: day(model),
            status: model.today.status,
        }
    }

    fn call(query: DayQuery, cursor: Option<String>) -> Call {
        Call::Appointments(AppointmentQuery {
            date: Some(query.day),
            doctor: None,
            status: query.status,
            cursor,
            limits: Some(PAGE),
        })
    }

    fn asked(call: Call) -> Option<DayQuery> {
        match call {
            Call::Appointments(query) => Some(DayQuery {
                day: query.date?,
                status: query.status,
            }),
            _ => None,
        }
    }

    fn arrived(reply: Reply) -> Option<Arrived<Self>> {
        match reply {
            Reply::Appointments(page) => Some((*page).into()),
            _ => None,
        }
    }

    fn open(model: &mut Model, row: Self) -> Vec<Effect> {
        record::appointment::open(model, row)
    }

    fn older(model: &Model) -> String {
        format!("{} is not loaded yet", dates::day(day(model)))
    }

    fn draw(canvas: &mut Canvas<'_>, on_top: bool) {
        view::draw(canvas, on_top);
    }
}

/// The day whose appointments are on the screen.
pub(crate) fn day(model: &Model) -> NaiveDate {
    model.today.day.unwrap_or_else(|| model.now.date_naive())
}

/// Makes today the day, without asking for it.
pub(crate) fn choose_today(model: &mut Model) {
    model.today.day = Some(model.now.date_naive());
}

/// Shows today.
pub(crate) fn show_today(model: &mut Model) -> Vec<Effect> {
    choose_today(model);
    list::refresh(model)
}

/// Shows the next day, or the one before.
pub(crate) fn turn(model: &mut Model, forward: bool) -> Vec<Effect> {
    let day = day(model);
    let one = Days::new(1);
    let next = if forward {
        day.checked_add_days(one)
    } else {
        day.checked_sub_days(one)
    };
    let Some(next) = next else {
        return Vec::new();
    };
    model.today.day = Some(next);
    model.place.list().forget_enter(model);
    // Days leafed through in a burst are not asked for.
    model.place.list().ask(model, list::DEBOUNCE)
}

/// Shows an appointment in its row without asking again.
pub(crate) fn saved(model: &mut Model, appointment: &Appointment) {
    model.today.list.replace(labels::row_of(appointment));
}
