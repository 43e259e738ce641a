//! Short messages that go away by themselves.

use chrono::TimeDelta;

use super::Model;
use crate::clock::Now;
use crate::screens::undo;
use crate::text;

/// More than this many at once are not read; the oldest goes.
const AT_ONCE: usize = 3;

/// How a message is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    Done,
    Info,
    Warning,
    Error,
}

/// A message and when it goes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Toast {
    pub(crate) tone: Tone,
    pub(crate) text: String,
    /// Whether that is what would be taken back.
    pub(crate) offers_undo: bool,
    until: Now,
    /// Whether a key was pressed since it came.
    is_old: bool,
}

impl Model {
    /// Shows a message. The same one again only stays longer.
    pub(crate) fn toast(&mut self, tone: Tone, text: impl AsRef<str>) {
        let text = text::line(text.as_ref()).into_owned();
        let seconds = match tone {
            Tone::Done | Tone::Info => 4,
            Tone::Warning | Tone::Error => 8,
        };
        let until = self.now + TimeDelta::seconds(seconds);
        // The newest remark is the one that counts; remarks do not pile up.
        let is_info = tone == Tone::Info;
        self.toasts
            .retain(|toast| toast.text != text && !(is_info && toast.tone == Tone::Info));
        if self.toasts.len() == AT_ONCE {
            self.toasts.remove(0);
        }
        self.toasts.push(Toast {
            tone,
            text,
            offers_undo: false,
            until,
            is_old: false,
        });
    }

    /// Says what was done, and how it is taken back if that can be; what was said before offers
    /// that no more.
    pub(crate) fn toast_done(&mut self, text: impl AsRef<str>) {
        self.offer_no_undo();
        self.toast(Tone::Done, text);
        // Of what is taken back it is not said that it can be taken back: that would be something else.
        let offers_undo = undo::has(self);
        if let Some(toast) = self.toasts.last_mut() {
            toast.offers_undo = offers_undo;
        }
    }

    /// Says something else instead of what was said, which is taken back as before; where that is
    /// gone already, as a remark.
    pub(crate) fn toast_instead(&mut self, said: &str, text: &str) {
        let until = self.now + TimeDelta::seconds(6);
        let said = text::line(said);
        match self.toasts.iter_mut().find(|toast| toast.text == said) {
            Some(toast) => {
                toast.text = text::line(text).into_owned();
                toast.until = until;
            }
            None => self.toast(Tone::Info, text),
        }
    }

    /// Says what was done that the key for taking back does not take back: it takes back nothing
    /// older either, for nobody would mean that.
    pub(crate) fn toast_final(&mut self, text: impl AsRef<str>) {
        undo::forget(self);
        self.toast_done(text);
    }

    /// What was said before is not what would be taken back now.
    pub(crate) fn offer_no_undo(&mut self) {
        for toast in &mut self.toasts {
            toast.offers_undo = false;
        }
    }
}

/// Notes that the person goes on: what is shown now was said about what they did before.
pub(super) fn age(model: &mut Model) {
    for toast in &mut model.toasts {
        toast.is_old = true;
    }
}

/// Takes away the remarks about what is no longer on the screen.
pub(super) fn forget_old(model: &mut Model) {
    model
        .toasts
        .retain(|toast| toast.tone != Tone::Info || !toast.is_old);
}

/// Lets messages be read that came while the screen was covered.
pub(super) fn show_held(model: &mut Model) {
    let until = model.now + TimeDelta::seconds(8);
    for toast in &mut model.toasts {
        toast.until = until;
    }
}

pub(super) fn expire(model: &mut Model) {
    // A message may name a patient: it is not shown over a covered screen, and waits.
    if model.session.is_locked() {
        return;
    }
    let now = model.now;
    model.toasts.retain(|toast| toast.until > now);
}

pub(super) fn next_wake(model: &Model) -> Option<Now> {
    if model.session.is_locked() {
        return None;
    }
    model.toasts.iter().map(|toast| toast.until).min()
}
