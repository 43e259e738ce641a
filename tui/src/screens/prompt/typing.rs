//! What keys and clicks do in the form: choosing, the note, who calls it off.

use super::{
    Availability, CancelledBy, Effect, Focus, InputRequest, Kind, Layer, Model, labels, side, top,
};

/// Types into the field. Among the reasons a digit chooses one, and anything else begins the note;
/// Backspace in an empty note takes the choice back.
pub(crate) fn edit(model: &mut Model, request: InputRequest) -> Vec<Effect> {
    let Some(prompt) = top(model) else {
        return Vec::new();
    };
    let is_empty = prompt.words.value().is_empty();
    let choices = prompt.choices();
    match (prompt.focus, request) {
        (_, InputRequest::DeletePrevChar) if is_empty && !choices.is_empty() => {
            prompt.choose_none();
            return Vec::new();
        }
        (
            Focus::Side,
            InputRequest::InsertChar(' ') | InputRequest::GoToPrevChar | InputRequest::GoToNextChar,
        ) => {
            other_side(model);
            return Vec::new();
        }
        (Focus::Choices, InputRequest::InsertChar(typed)) => {
            let chosen = choices.iter().position(|(digit, ..)| *digit == typed);
            if let Some(index) = chosen {
                prompt.choose(index);
                prompt.digit = Some(typed);
                return Vec::new();
            }
        }
        // `2 days fever`: the digit chose nothing.
        (Focus::Words, InputRequest::InsertChar(' ')) if is_empty => {
            if let Some(digit) = prompt.digit.take() {
                prompt.choose_none();
                prompt.words.handle(InputRequest::InsertChar(digit));
            }
        }
        _ => {}
    }
    prompt.digit = None;
    prompt.focus = Focus::Words;
    prompt.write(request);
    Vec::new()
}

/// Goes to the reasons, the note, or who calls it off.
pub(crate) fn go(model: &mut Model, by: isize) {
    let Some(prompt) = top(model) else { return };
    let stops = prompt.stops();
    let count = isize::try_from(stops.len()).unwrap_or(1).max(1);
    let now = stops.iter().position(|stop| *stop == prompt.focus);
    let next = isize::try_from(now.unwrap_or(0)).unwrap_or(0) + by;
    let next = usize::try_from(next.rem_euclid(count)).unwrap_or(0);
    if let Some(stop) = stops.get(next) {
        prompt.focus = *stop;
    }
}

/// Types pasted text into the field: it chooses nothing.
pub(crate) fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    if let Some(prompt) = top(model) {
        prompt.focus = Focus::Words;
        for typed in text.replace('\n', " ").chars() {
            prompt.write(InputRequest::InsertChar(typed));
        }
    }
    Vec::new()
}

/// A click chooses.
pub(crate) fn click(model: &mut Model, index: usize) -> Vec<Effect> {
    if let Some(prompt) = top(model) {
        prompt.choose(index);
    }
    Vec::new()
}

/// Chooses the next one, or the one before.
pub(crate) fn step(model: &mut Model, by: isize) {
    let Some(prompt) = top(model) else { return };
    let choices = prompt.choices();
    let count = isize::try_from(choices.len()).unwrap_or(0);
    if count == 0 {
        return;
    }
    let now = choices.iter().position(|(.., is_chosen)| *is_chosen);
    let next = match now.and_then(|now| isize::try_from(now).ok()) {
        Some(now) => (now + by).rem_euclid(count),
        None if by < 0 => count - 1,
        None => 0,
    };
    prompt.choose(usize::try_from(next).unwrap_or(0));
}

/// Whether there is more than the field to go to.
pub(crate) fn has_stops(model: &Model) -> Availability {
    match model.acting() {
        Some(Layer::Prompt(prompt)) if prompt.stops().len() > 1 => Availability::Ok,
        _ => Availability::Disabled("There is one field only.".into()),
    }
}

/// What Tab goes to, in the footer.
pub(crate) fn next_label(model: &Model) -> Option<&'static str> {
    let Some(Layer::Prompt(prompt)) = model.acting() else {
        return None;
    };
    match (prompt.focus, &prompt.kind) {
        (Focus::Choices, _) => Some("To the note"),
        (Focus::Words, Kind::Cancel { .. }) => Some("By whom"),
        (Focus::Words | Focus::Side, _) => Some("Choose again"),
    }
}

/// What Enter does, in the footer.
pub(crate) fn submit_label(model: &Model) -> Option<&'static str> {
    let Some(Layer::Prompt(prompt)) = model.acting() else {
        return None;
    };
    Some(match prompt.kind {
        Kind::Cancel { .. } => "Cancel it",
        Kind::Room { .. } | Kind::Priority { .. } | Kind::Late { .. } => "Save",
        Kind::Date => "Show",
    })
}

/// Says that the other one calls it off, unless the reason can only be this one's.
fn other_side(model: &mut Model) {
    let glyphs = model.glyphs;
    let Some(prompt) = top(model) else { return };
    let Kind::Cancel { by, is_said, why } = &mut prompt.kind else {
        return;
    };
    if let Some(why) = why.filter(|why| side(*why).is_some()) {
        let whose = match by {
            CancelledBy::Patient => "the patient's",
            CancelledBy::Clinic => "the clinic's",
        };
        let text = format!(
            "{} is {whose} reason; choose another one first.",
            glyphs.quoted(labels::reason(why))
        );
        prompt.message = Some(text);
        return;
    }
    *is_said = true;
    *by = match by {
        CancelledBy::Patient => CancelledBy::Clinic,
        CancelledBy::Clinic => CancelledBy::Patient,
    };
}
