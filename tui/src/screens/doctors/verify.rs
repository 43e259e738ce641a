//! Verifying a doctor: for admins, after a question.

use clinic_shared::Role;
use clinic_shared::client::Error;
use uuid::Uuid;

use crate::app::{Model, Tone};
use crate::command::Availability;
use crate::effect::{AdminReply, Call, Effect, Matter, Reply, Slot};
use crate::layers::Layer;
use crate::screens::decisions;
use crate::screens::dialog::{Choice, Dialog};
use crate::screens::place::Place;
use crate::screens::record::{self, Subject};

/// Whom the question is about. What is selected can change while it stands there.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Asked {
    id: Uuid,
    full_name: String,
    /// What they have handed in, once that is known.
    application: Option<Matter>,
}

/// A doctor the command is about, and whether they are verified already.
struct Candidate {
    who: Asked,
    is_verified: bool,
}

/// The doctor of the record on top, else the selected one of the list.
fn candidate(model: &Model) -> Option<Candidate> {
    let of_row = |row: &clinic_shared::desk::doctors::DoctorRow| Candidate {
        who: Asked {
            id: row.id,
            full_name: row.full_name.clone(),
            application: None,
        },
        is_verified: row.is_verified,
    };
    match record::acting(model) {
        Some(Subject::Doctor(known)) => match (known.value(), &known.row) {
            (Some(doctor), _) => Some(Candidate {
                who: Asked {
                    id: doctor.id,
                    full_name: doctor.full_name.clone(),
                    application: None,
                },
                is_verified: doctor.verified_at.is_some(),
            }),
            (None, row) => row.as_ref().map(of_row),
        },
        Some(_) => None,
        None if model.place == Place::Doctors => model.doctors.list.selected().map(of_row),
        None => None,
    }
}

/// Whether the doctor can be verified now, by whoever sits here.
pub(crate) fn available(model: &Model) -> Availability {
    let no = |why: &'static str| Availability::Disabled(why.into());
    let is_admin = model
        .session
        .who()
        .is_some_and(|who| who.role == Role::Admin);
    let Some(candidate) = candidate(model) else {
        return no("No doctor is selected.");
    };
    if !is_admin {
        return match model.demo {
            None => no("Only an admin can verify a doctor."),
            Some(_) => no(
                "Only an admin can verify a doctor. To try it: clinic demo --user admin, or sign \
                 out and in as admin.",
            ),
        };
    }
    if candidate.is_verified {
        return no("This doctor is verified already.");
    }
    if let Some(obstacle) = model.link.obstacle() {
        return no(obstacle);
    }
    if model.flights.is_flying(Slot::Verify) {
        return no("The server is verifying a doctor; wait for its answer.");
    }
    Availability::Ok
}

/// Asks whether this doctor is to be verified.
pub(crate) fn ask(model: &mut Model) -> Vec<Effect> {
    let Some(Candidate { who, .. }) = candidate(model) else {
        return Vec::new();
    };
    let text = format!(
        "Patients see {} from then on and can ask for appointments.",
        who.full_name
    );
    model.doctors.asked = Some(who);
    let choices = vec![
        Choice::keep("Keep waiting"),
        Choice::new("Verify this doctor", 'y', send),
    ];
    let dialog = Dialog::new(TITLE, &text, choices);
    model.layers.push(Layer::Dialog(dialog));
    // Who has handed in a certificate is verified by that.
    vec![model.call(Slot::Applied, decisions::waiting_applications())]
}

const TITLE: &str = "Verify?";

/// Takes in the applications that wait: where the question on the screen is about who has applied,
/// it says so, and leads there.
pub(crate) fn applied(model: &mut Model, result: Result<Reply, Error>) {
    let Ok(Reply::Admin(AdminReply::Matters(matters, ..))) = result else {
        return;
    };
    let Some(asked) = &mut model.doctors.asked else {
        return;
    };
    let found = matters.into_iter().find(|one| one.who() == asked.full_name);
    if let (Some(Layer::Dialog(dialog)), Some(found)) = (model.layers.last_mut(), found)
        && dialog.title == TITLE
    {
        let more = " Their application waits, with a certificate: accepting it verifies them, too.";
        dialog.text.push_str(more);
        dialog
            .choices
            .push(Choice::new("Read application", 'r', read));
        asked.application = Some(found);
    }
}

fn read(model: &mut Model) -> Vec<Effect> {
    let asked = model.doctors.asked.take();
    match asked.and_then(|asked| asked.application) {
        Some(application) => decisions::open(model, application),
        None => Vec::new(),
    }
}

fn send(model: &mut Model) -> Vec<Effect> {
    match &model.doctors.asked {
        Some(Asked { id, .. }) => {
            let call = Call::Verify(*id);
            vec![model.call(Slot::Verify, call)]
        }
        None => Vec::new(),
    }
}

/// Takes in the end of it: list and record show it.
pub(crate) fn landed(model: &mut Model, call: &Call, result: Result<Reply, Error>) -> Vec<Effect> {
    let Call::Verify(id) = call else {
        return Vec::new();
    };
    let name = match model.doctors.asked.take() {
        Some(asked) if asked.id == *id => asked.full_name,
        _ => "The doctor".to_owned(),
    };
    let read = Call::Doctor(*id);
    match result {
        Ok(reply) => {
            record::show(model, &read, &reply);
            model.toast_final(format!("{name} is verified."));
        }
        Err(Error::Unreachable(_)) => {
            // What became of it is seen when the server answers again.
            if matches!(record::acting(model), Some(Subject::Doctor(known)) if known.id == *id) {
                model.missed.insert(Slot::Record, read);
            }
            let text = format!(
                "Perhaps not verified: the server did not answer. \
                 See whether {name} still waits when it does."
            );
            model.toast(Tone::Warning, text);
        }
        Err(Error::SignedOut) => {
            // Nobody's name: a stranger may stand at the sign-in.
            let text = "Nobody is verified yet: sign in, then verify again.";
            model.toast(Tone::Warning, text);
        }
        Err(error) => model.toast(Tone::Error, format!("{name} is not verified. {error}")),
    }
    Vec::new()
}
