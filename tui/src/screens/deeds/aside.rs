//! Forms that somebody did not wait for: what was sent goes on under its key, and is done once. The
//! form is kept, unseen, and comes back if the server says no: nothing typed is lost.

use super::{Deed, Effect, Model, Tone};
use crate::layers::Layer;

/// A form whose deed is under way.
#[derive(Debug)]
pub(super) struct Aside {
    deed: Deed,
    form: Layer,
    /// What was said as one left it.
    said: String,
}

/// Esc in a form that waits for the server: the form goes, its deed goes on. What came of it is said
/// as soon as it is known.
pub(crate) fn let_go(model: &mut Model, deed: Deed) -> Vec<Effect> {
    let Some(form) = model.layers.pop() else {
        return Vec::new();
    };
    let text = format!(
        "Not known yet whether it was done ({}): you hear as soon as the server answers.",
        deed.name()
    );
    model.toast(Tone::Warning, &text);
    let said = text;
    model.deeds.aside.push(Aside { deed, form, said });
    Vec::new()
}

/// It was done: its form is not needed any more.
pub(super) fn forget(model: &mut Model, deed: &Deed) {
    take(model, deed);
}

/// What came of it is known: that it was not is said no longer.
fn take(model: &mut Model, deed: &Deed) -> Option<Layer> {
    let aside = &mut model.deeds.aside;
    let at = aside.iter().position(|aside| aside.deed == *deed)?;
    let Aside { form, said, .. } = aside.remove(at);
    model.toasts.retain(|toast| toast.text != said);
    Some(form)
}

/// It was not done: its form is there again, on top or beneath what one is about by now. Answers
/// whether it is beneath.
pub(super) fn bring_back(model: &mut Model, deed: &Deed) -> bool {
    let Some(form) = take(model, deed) else {
        return false;
    };
    let kind = std::mem::discriminant(&form);
    // Two forms of one kind would be mistaken for each other.
    let has_other = |layer: &Layer| std::mem::discriminant(layer) == kind;
    if model.layers.iter().any(has_other) {
        return false;
    }
    let is_beneath = |layer: &Layer| !matches!(layer, Layer::Record(_) | Layer::Pane(_));
    let first = model.layers.iter().position(is_beneath);
    let at = first.unwrap_or(model.layers.len());
    model.layers.insert(at, form);
    first.is_some()
}
