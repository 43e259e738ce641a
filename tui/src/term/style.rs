//! The codes that make cells look as they do.

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

/// How cells look.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Style {
    front: Color,
    back: Color,
    shape: Modifier,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            front: Color::Reset,
            back: Color::Reset,
            shape: Modifier::empty(),
        }
    }
}

/// The codes that begin and end a shape. Bold and faint end together.
const SHAPES: [(Modifier, &str, &str); 9] = [
    (Modifier::BOLD, "1", "22"),
    (Modifier::DIM, "2", "22"),
    (Modifier::ITALIC, "3", "23"),
    (Modifier::UNDERLINED, "4", "24"),
    (Modifier::SLOW_BLINK, "5", "25"),
    (Modifier::RAPID_BLINK, "6", "25"),
    (Modifier::REVERSED, "7", "27"),
    (Modifier::HIDDEN, "8", "28"),
    (Modifier::CROSSED_OUT, "9", "29"),
];

impl Style {
    pub(super) fn of(cell: &Cell) -> Self {
        Self {
            front: cell.fg,
            back: cell.bg,
            shape: cell.modifier,
        }
    }

    /// What turns another style into this one.
    pub(super) fn after(self, before: Self) -> Vec<String> {
        let mut codes: Vec<String> = Vec::new();
        let mut kept = before.shape;
        for (shape, _, ends) in SHAPES {
            let is_over = before.shape.contains(shape) && !self.shape.contains(shape);
            if is_over && !codes.iter().any(|code| code == ends) {
                codes.push(ends.to_owned());
            }
        }
        // What ended together with it begins again.
        for (shape, _, ends) in SHAPES {
            if codes.iter().any(|code| code == ends) {
                kept.remove(shape);
            }
        }
        for (shape, begins, _) in SHAPES {
            if self.shape.contains(shape) && !kept.contains(shape) {
                codes.push(begins.to_owned());
            }
        }
        if self.front != before.front {
            codes.push(colour(self.front, 0));
        }
        if self.back != before.back {
            codes.push(colour(self.back, 10));
        }
        codes
    }
}

/// The code of a colour; `ground` is 10 for the background.
fn colour(colour: Color, ground: u8) -> String {
    let plain = |code: u8| (code + ground).to_string();
    match colour {
        Color::Reset => plain(39),
        Color::Black => plain(30),
        Color::Red => plain(31),
        Color::Green => plain(32),
        Color::Yellow => plain(33),
        Color::Blue => plain(34),
        Color::Magenta => plain(35),
        Color::Cyan => plain(36),
        Color::Gray => plain(37),
        Color::DarkGray => plain(90),
        Color::LightRed => plain(91),
        Color::LightGreen => plain(92),
        Color::LightYellow => plain(93),
        Color::LightBlue => plain(94),
        Color::LightMagenta => plain(95),
        Color::LightCyan => plain(96),
        Color::White => plain(97),
        Color::Indexed(index) => format!("{};5;{index}", plain(38)),
        Color::Rgb(red, green, blue) => format!("{};2;{red};{green};{blue}", plain(38)),
    }
}
