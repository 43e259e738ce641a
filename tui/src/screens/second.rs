//! A doctor starts with somebody while somebody else is still inside: is that one finished, or are
//! both inside?

use clinic_shared::client::Plain;
use clinic_shared::desk::appointments::{Status, Step};
use clinic_shared::desk::queue::BoardRow;

use super::deeds::{self, About};
use super::dialog::{Choice, Dialog};
use super::here;
use crate::app::Model;
use crate::effect::{Deed, Effect};
use crate::layers::Layer;

/// Who is to be started, and who is inside.
#[derive(Debug)]
pub(crate) struct Second {
    id: i64,
    inside: Vec<i64>,
}

/// Asks what is meant, if somebody is inside with the doctor of this appointment; answers whether
/// it asked.
pub(crate) fn ask(model: &mut Model, row: &BoardRow) -> bool {
    let is_inside = |other: &&BoardRow| {
        other.id != row.id
            && other.doctor.id == row.doctor.id
            && deeds::becomes(model, other.id).unwrap_or(other.status) == Status::Running
    };
    let inside: Vec<&BoardRow> = here::rows(model).filter(is_inside).collect();
    let names: Vec<&str> = inside
        .iter()
        .map(|row| row.patient.full_name.as_str())
        .collect();
    let (last, others) = match names.split_last() {
        Some(names) => names,
        None => return false,
    };
    let (who, are) = match others.is_empty() {
        true => ((*last).to_owned(), "is"),
        false => (format!("{} and {last}", others.join(", ")), "are"),
    };
    let text = format!(
        "{who} {are} still inside with {}. Next is {}.",
        row.doctor.full_name, row.patient.full_name
    );
    let inside = inside.iter().map(|row| row.id).collect();
    model.deeds.second = Some(Second { id: row.id, inside });
    let choices = vec![
        Choice::keep("Keep as it is"),
        Choice::new("Finish, start next", 'f', |model| start(model, true)),
        Choice::new("Start too", 't', |model| start(model, false)),
    ];
    let dialog = Dialog::new("Somebody is inside", &text, choices);
    model.layers.push(Layer::Dialog(dialog));
    true
}

/// Starts with whom it was asked about, after finishing who is inside or beside them.
fn start(model: &mut Model, finishes: bool) -> Vec<Effect> {
    let Some(Second { id, inside }) = model.deeds.second.take() else {
        return Vec::new();
    };
    let finished = inside.into_iter().filter(|_| finishes);
    let steps = finished.map(|id| (id, Plain::Complete));
    let mut effects = Vec::new();
    for (id, plain) in steps.chain([(id, Plain::Start)]) {
        // As it stands by now.
        let Some(row) = here::rows(model).find(|row| row.id == id) else {
            continue;
        };
        let version = Some(row.version);
        let about = About::who(&row.patient.full_name);
        let deed = Deed::Plain(id, plain, Step { version });
        effects.extend(deeds::send(model, deed, about));
    }
    effects
}
