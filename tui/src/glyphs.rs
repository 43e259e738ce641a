//! Every symbol on the screen that is not a letter of somebody's text, in one place, twice: for
//! terminals that show UTF-8 and for those that don't.

use clinic_shared::desk::{appointments, contacts};

/// The symbols in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glyphs {
    /// Marks text that was cut.
    pub ellipsis: &'static str,
    /// Before the selected line.
    pub pointer: &'static str,
    /// Between parts of a line.
    pub dot: &'static str,
    /// Between the ends of a range.
    pub dash: &'static str,
    /// A line break inside a one-line field.
    pub line_break: &'static str,
    /// Stands for one character of a password.
    pub mask: &'static str,
    /// Nothing is known.
    pub none: &'static str,
    /// Becomes.
    pub arrow: &'static str,
    /// Opening quotation mark.
    pub quote: &'static str,
    /// Closing quotation mark.
    pub unquote: &'static str,
    /// Done.
    pub done: &'static str,
    /// For information.
    pub info: &'static str,
    /// Take care.
    pub warning: &'static str,
    /// Did not work.
    pub error: &'static str,
    /// More choices to the left.
    pub previous: &'static str,
    /// More choices to the right.
    pub next: &'static str,
    /// The Up key.
    pub up: &'static str,
    /// The Down key.
    pub down: &'static str,
    /// A horizontal rule.
    pub horizontal: &'static str,
    /// A vertical rule.
    pub vertical: &'static str,
    /// Asked for, not agreed.
    pub asked: &'static str,
    /// Agreed; not begun.
    pub open: &'static str,
    /// Here, or in work.
    pub full: &'static str,
    /// Under way.
    pub running: &'static str,
    /// Finished.
    pub finished: &'static str,
    /// Called off.
    pub off: &'static str,
    /// Did not come, or is not wanted.
    pub absent: &'static str,
    /// Went away.
    pub gone: &'static str,
    /// Booked beside another one on purpose.
    pub overbooked: &'static str,
    /// A part of a bar that is taken.
    pub taken: &'static str,
    /// A part of a bar that is free.
    pub free: &'static str,
    /// Beside a row that has just changed.
    pub changed: &'static str,
    /// Corners: top left, top right, bottom left, bottom right.
    pub corners: [&'static str; 4],
}

impl Glyphs {
    /// For terminals that show UTF-8.
    pub const UNICODE: Self = Self {
        ellipsis: "…",
        pointer: "▸",
        dot: "·",
        dash: "–",
        line_break: "⏎",
        mask: "•",
        none: "—",
        arrow: "→",
        quote: "“",
        unquote: "”",
        done: "✓",
        info: "i",
        warning: "!",
        error: "✗",
        previous: "‹",
        next: "›",
        up: "↑",
        down: "↓",
        horizontal: "─",
        vertical: "│",
        asked: "?",
        open: "○",
        full: "●",
        running: "»",
        finished: "✓",
        off: "✗",
        absent: "–",
        gone: "←",
        overbooked: "+",
        taken: "█",
        free: "░",
        changed: "*",
        corners: ["┌", "┐", "└", "┘"],
    };

    /// For the others (`--ascii`).
    pub const ASCII: Self = Self {
        ellipsis: "...",
        pointer: ">",
        dot: "-",
        dash: "-",
        line_break: "\\",
        mask: "*",
        none: "-",
        arrow: "->",
        quote: "\"",
        unquote: "\"",
        done: "ok",
        info: "i",
        warning: "!",
        error: "x",
        previous: "<",
        next: ">",
        up: "Up",
        down: "Down",
        horizontal: "-",
        vertical: "|",
        asked: "?",
        open: "o",
        full: "@",
        running: "~",
        finished: "v",
        off: "x",
        absent: "-",
        gone: "<",
        overbooked: "+",
        taken: "#",
        free: ".",
        changed: "*",
        corners: ["+", "+", "+", "+"],
    };

    /// The set for this terminal.
    pub const fn new(ascii: bool) -> Self {
        if ascii { Self::ASCII } else { Self::UNICODE }
    }

    /// The text in this set's quotation marks.
    pub fn quoted(&self, text: &str) -> String {
        format!("{}{text}{}", self.quote, self.unquote)
    }

    /// The sign of where an appointment stands; its word always stands beside it.
    pub(crate) const fn status(&self, status: appointments::Status) -> &'static str {
        use appointments::Status;
        match status {
            Status::Pending => self.asked,
            Status::Confirmed => self.open,
            Status::CheckedIn => self.full,
            Status::Running => self.running,
            Status::Completed => self.finished,
            Status::Cancelled => self.off,
            Status::NoShow => self.absent,
            Status::Left => self.gone,
        }
    }

    /// The sign of where a contact request stands; its word always stands beside it.
    pub(crate) const fn contact(&self, status: contacts::Status) -> &'static str {
        use contacts::Status;
        match status {
            Status::New => self.full,
            Status::InProgress => self.running,
            Status::Resolved => self.finished,
            Status::Spam => self.absent,
        }
    }

    /// The sign of whether a doctor is verified; the word always stands beside it.
    pub(crate) const fn verified(&self, is_verified: bool) -> &'static str {
        if is_verified {
            self.finished
        } else {
            self.asked
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clinic_shared::desk::appointments::Status;

    use super::Glyphs;

    #[test]
    fn the_ascii_set_is_ascii() {
        let shown = format!("{:?}", Glyphs::ASCII);
        assert!(shown.is_ascii(), "{shown}");
    }

    #[test]
    fn terminals_agree_on_the_width_of_every_sign() {
        let shown = format!("{:?}", Glyphs::UNICODE);
        let signs = shown.chars().map(String::from);
        let doubtful: Vec<_> = signs.filter(|c| crate::text::is_doubtful(c)).collect();
        assert!(doubtful.is_empty(), "{doubtful:?}");
    }

    #[test]
    fn every_status_has_a_sign_of_one_column_that_no_other_has() {
        for glyphs in [Glyphs::UNICODE, Glyphs::ASCII] {
            let signs = Status::ALL.iter().map(|status| glyphs.status(*status));
            let signs: BTreeSet<_> = signs.collect();
            assert_eq!(signs.len(), Status::ALL.len(), "{signs:?}");
            assert!(signs.iter().all(|sign| crate::text::width(sign) == 1));
            assert!(
                !signs.contains(glyphs.pointer),
                "it says that a row is selected"
            );
        }
    }
}
