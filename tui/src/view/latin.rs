//! A frame for a terminal that shows ASCII only: what is written in other letters is spelled in
//! Latin ones. Only what is shown changes, never what is known: nobody's name is saved so.

use any_ascii::any_ascii_char;
use ratatui::buffer::{Buffer, Cell, CellWidth};
use ratatui::layout::Position;

/// No sign takes more letters than this, where there is room.
const MOST: usize = 8;

/// A sign as it was drawn, and the letters for it.
struct Sign {
    cell: Cell,
    wide: usize,
    letters: String,
}

impl Sign {
    fn new(cell: &Cell) -> Self {
        let symbol = cell.symbol();
        let mut letters = String::new();
        for spelled in symbol.chars().map(any_ascii_char) {
            // The name of an emoji stands between colons; the first of several is enough.
            match spelled
                .strip_prefix(':')
                .and_then(|name| name.strip_suffix(':'))
            {
                Some(name) if letters.is_empty() => letters.push_str(name),
                Some(_) => {}
                None => letters.push_str(spelled),
            }
        }
        // Some letters are silent.
        if letters.is_empty() && !symbol.starts_with(char::is_alphabetic) {
            letters.push('?');
        }
        Self {
            cell: cell.clone(),
            wide: usize::from(cell.cell_width().max(1)),
            letters,
        }
    }

    fn is_blank(&self) -> bool {
        self.letters == " "
    }

    /// As many of its letters as it may have: at least what fits into its own columns.
    fn spelled(&self, most: usize) -> &str {
        let end = self.letters.len().min(most.max(self.wide));
        self.letters.get(..end).unwrap_or("?")
    }
}

/// Spells everything in Latin letters. Columns stay where they are: what takes more room than it
/// had takes it from the blanks behind it, and has fewer letters where there are none. In the line
/// with the cursor every sign stays where it is.
pub(super) fn spell(buffer: &mut Buffer, cursor: Option<Position>) {
    let area = buffer.area;
    for y in area.top()..area.bottom() {
        let cells = (area.left()..area.right()).filter_map(|x| buffer.cell((x, y)));
        if cells.clone().all(|cell| cell.symbol().is_ascii()) {
            continue;
        }
        let mut covered = 0;
        let signs: Vec<Sign> = cells
            .filter(|cell| {
                let is_covered = covered > 0;
                covered = match is_covered {
                    true => covered - 1,
                    false => cell.cell_width().max(1) - 1,
                };
                !is_covered
            })
            .map(Sign::new)
            .collect();
        let stays = cursor.is_some_and(|cursor| cursor.y == y);
        for (x, cell) in (area.left()..area.right()).zip(line(&signs, stays)) {
            if let Some(place) = buffer.cell_mut((x, y)) {
                *place = cell;
            }
        }
    }
}

/// The cells of a line.
fn line(signs: &[Sign], stays: bool) -> Vec<Cell> {
    let mut out = Vec::new();
    let mut rest = signs;
    while !rest.is_empty() {
        let (words, behind) = rest.split_at(words(rest));
        let blanks = behind.iter().take_while(|sign| sign.is_blank()).count();
        let own: usize = words.iter().map(|sign| sign.wide).sum();
        // One blank stays before whatever comes next.
        let next = usize::from(behind.len() > blanks);
        let room = own + blanks.saturating_sub(next);
        let is_plain = stays || words.iter().all(|sign| sign.letters.len() == sign.wide);
        let took = match is_plain {
            true => words.iter().map(|sign| put(&mut out, sign, 1, true)).sum(),
            false => spread(&mut out, words, room),
        };
        // What was not taken of the blanks, and what is left of the words' own columns.
        let taken = usize::max(took, own) - own;
        if let Some(last) = words.last() {
            out.extend((took..own).map(|_| blank(&last.cell)));
        }
        let (_, left) = behind.split_at(taken.min(blanks));
        rest = left;
        if words.is_empty() {
            let (blanks, left) = rest.split_at(blanks);
            out.extend(blanks.iter().map(|sign| sign.cell.clone()));
            rest = left;
        }
    }
    out
}

/// How many signs there are before two blanks, or the line around something.
fn words(signs: &[Sign]) -> usize {
    let is_end = |at: usize| {
        let is = |at: usize, what: &str| signs.get(at).is_some_and(|sign| sign.letters == what);
        let is_last = at + 1 == signs.len();
        (is(at, " ") && (is_last || is(at + 1, " "))) || (at > 0 && is(at, "|"))
    };
    (0..signs.len())
        .find(|at| is_end(*at))
        .unwrap_or(signs.len())
}

/// Writes words with as many letters for each sign as the room allows; answers the columns.
fn spread(out: &mut Vec<Cell>, words: &[Sign], room: usize) -> usize {
    let columns = |most: usize| -> usize {
        let spelled = words.iter().map(|sign| sign.spelled(most).len());
        spelled.sum()
    };
    let most = (1..=MOST).rev().find(|most| columns(*most) <= room);
    let spelled = words
        .iter()
        .map(|sign| put(out, sign, most.unwrap_or(1), false));
    spelled.sum()
}

/// Writes a sign's letters, in all its columns if they `stay`; answers the columns.
fn put(out: &mut Vec<Cell>, sign: &Sign, most: usize, stay: bool) -> usize {
    let before = out.len();
    for letter in sign.spelled(most).chars() {
        let mut cell = sign.cell.clone();
        cell.set_char(letter);
        out.push(cell);
    }
    while stay && out.len() < before + sign.wide {
        out.push(blank(&sign.cell));
    }
    out.len() - before
}

fn blank(like: &Cell) -> Cell {
    let mut cell = like.clone();
    cell.set_char(' ');
    cell
}

#[cfg(test)]
mod tests {
    use ratatui::style::Style;

    use super::*;

    fn spelled(text: &str, cursor: Option<Position>) -> String {
        let width = u16::try_from(crate::text::width(text)).unwrap();
        let mut buffer = Buffer::empty(ratatui::layout::Rect::new(0, 0, width, 1));
        buffer.set_string(0, 0, text, Style::new());
        spell(&mut buffer, cursor);
        let line: String = buffer.content.iter().map(Cell::symbol).collect();
        assert_eq!(line.len(), usize::from(width), "{line:?}");
        line
    }

    #[test]
    fn names_are_spelled_and_columns_stay() {
        for (drawn, shown) in [
            ("P-1  Zoë Ångström  030 1", "P-1  Zoe Angstrom  030 1"),
            ("Zoe\u{308} Weiß   030", "Zoe Weiss  030"),
            ("| Weiß |", "| Weis |"),
            ("山田太郎           030", "ShanTianTaiLang    030"),
            ("山田太郎  030", "ShTiTaLa  030"),
            ("नीलम शर्मा     b", "nilm srma     b"),
            ("Щербаков    7", "Shcherbakov 7"),
            ("山田", "ShTi"),
            ("عبد الرحمن   b", "`bd lrhmn    b"),
            ("👩\u{200d}⚕\u{fe0f} Ada       b", "woman Ada    b"),
        ] {
            assert_eq!(spelled(drawn, None), shown, "{drawn}");
        }
    }

    #[test]
    fn where_somebody_types_every_sign_stays_under_the_cursor() {
        let cursor = Some(Position::new(5, 0));
        assert_eq!(spelled("山a田   x", cursor), "ShaTi   x");
        assert_eq!(spelled("नी ß  x", cursor), "ni s  x");
    }
}
