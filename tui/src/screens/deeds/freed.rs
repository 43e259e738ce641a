//! A time that was freed: whether somebody on the waiting list would like it.

use super::{
    Appointment, Asked, Before, Call, Deed, Effect, Error, Model, ReasonKind, Reply, Slot,
};
use crate::app::key_now;
use crate::command;
use crate::effect::{PeopleCall, PeopleReply};
use crate::screens::queue;
use crate::text;

/// Columns of a message beside its words: its sign, and the key that takes it back.
const AROUND: usize = 15;

/// What was called off last.
pub(super) struct Freed {
    id: i64,
    who: String,
    /// The message about it.
    said: String,
}

// Names are patients' data: they stay out of logs and panics.
impl std::fmt::Debug for Freed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.id.fmt(f)
    }
}

/// Asks who waits for the time of an appointment that was called off here, if it can be given to
/// somebody: nobody sees a doctor who is away, or goes to a clinic that is closed.
pub(super) fn ask(
    model: &mut Model,
    asked: &Asked,
    now: &Appointment,
    said: String,
) -> Vec<Effect> {
    let Deed::Cancel(id, body) = &asked.deed else {
        return Vec::new();
    };
    let is_off = matches!(
        body.reason_kind,
        Some(ReasonKind::DoctorAway | ReasonKind::ClinicClosed)
    );
    let is_ahead = now.date >= model.today()
        && now
            .starts_at
            .is_none_or(|starts| starts > model.now.to_utc());
    let is_own = matches!(asked.about.before, Before::Nothing);
    if is_off || !is_ahead || !is_own || queue::is_doctor(model) {
        return Vec::new();
    }
    let who = now.patient.full_name.clone();
    model.deeds.freed = Some(Freed { id: *id, who, said });
    let call = Call::People(PeopleCall::Candidates(*id));
    vec![model.call(Slot::Freed, call)]
}

/// Takes in how many wait for it: where somebody does, the message leads to them. Where that can't be
/// read, it says no more than before.
pub(crate) fn landed(model: &mut Model, call: &Call, result: &Result<Reply, Error>) {
    let Some(freed) = model.deeds.freed.take() else {
        return;
    };
    let (
        Call::People(PeopleCall::Candidates(of)),
        Ok(Reply::People(PeopleReply::Candidates(count))),
    ) = (call, result)
    else {
        return;
    };
    if *of != freed.id || *count == 0 {
        return;
    }
    let waits = match count {
        1 => "1 waits".to_owned(),
        many => format!("{many} wait"),
    };
    let key = command::find("go.waitlist").and_then(|command| key_now(model, command));
    let lead = |what: &str| match &key {
        Some(key) => format!(" ({key}: {what})"),
        None => String::new(),
    };
    let whole = format!(
        "{} is cancelled. {waits} for such a time{}.",
        freed.who,
        lead("list")
    );
    // With how it is taken back on one line.
    let text = match text::width(&whole) + AROUND <= usize::from(model.size.width) {
        true => whole,
        false => format!(
            "Cancelled. {waits} for such a time{}.",
            lead("waiting list")
        ),
    };
    model.toast_instead(&freed.said, &text);
}
