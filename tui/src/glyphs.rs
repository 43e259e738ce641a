//! Every symbol on the screen that is not a letter of somebody's text, in one place, twice: for
//! terminals that show UTF-8 and for those that don't.

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
    pub open: &'static str,
    /// Closing quotation mark.
    pub close: &'static str,
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
        open: "“",
        close: "”",
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
        open: "\"",
        close: "\"",
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
        corners: ["+", "+", "+", "+"],
    };

    /// The set for this terminal.
    pub const fn new(ascii: bool) -> Self {
        if ascii { Self::ASCII } else { Self::UNICODE }
    }

    /// The text in this set's quotation marks.
    pub fn quoted(&self, text: &str) -> String {
        format!("{}{text}{}", self.open, self.close)
    }
}

#[cfg(test)]
mod tests {
    use super::Glyphs;

    #[test]
    fn the_ascii_set_is_ascii() {
        let shown = format!("{:?}", Glyphs::ASCII);
        assert!(shown.is_ascii(), "{shown}");
    }
}
