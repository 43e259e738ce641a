//! The columns of a list: which fit, and where they stand.

use ratatui::layout::Rect;

use crate::app::Model;
use crate::theme::Role;
use crate::widgets::canvas::Canvas;

/// From this width on a list gives its columns their wide width.
const WIDE: u16 = 100;

/// A column.
pub(crate) struct Column<T: 'static> {
    pub(crate) heading: &'static str,
    /// The smaller, the longer it stays where room is short; 0: the main column, which always
    /// stays and takes the room that is left.
    pub(crate) rank: u8,
    /// Columns of the terminal it takes; the main one at most.
    pub(crate) width: u16,
    /// The same in a wide list.
    pub(crate) wide: u16,
    /// The column is left out rather than that the main one gets less than this.
    pub(crate) leaves: u16,
    /// What stands in it, `width` columns of the terminal at most; what is longer is cut.
    pub(crate) text: fn(&Model, &T, u16) -> String,
}

impl<T> Column<T> {
    const fn width(&self, list: u16) -> u16 {
        if list >= WIDE { self.wide } else { self.width }
    }
}

/// Where a column stands in a row.
pub(crate) struct Placed<T: 'static> {
    pub(crate) x: u16,
    pub(crate) width: u16,
    pub(crate) column: &'static Column<T>,
}

/// How a row is drawn: where it is selected, up to the end of its main column in another role.
/// To the right of that nothing is drawn again when the selection moves; over a slow line that is
/// what one would wait for.
pub(crate) struct Mark {
    end: u16,
    role: Role,
    plain: Role,
}

impl Mark {
    /// The role of what begins in this column of the terminal.
    pub(crate) const fn role_at(&self, x: u16) -> Role {
        if x < self.end { self.role } else { self.plain }
    }
}

/// Marks a row if it is selected; `plain` is the role of what is not.
pub(crate) fn mark<T>(
    canvas: &mut Canvas<'_>,
    line: Rect,
    placed: &[Placed<T>],
    is_selected: bool,
    on_top: bool,
    plain: Role,
) -> Mark {
    let role = match (is_selected, on_top) {
        (true, true) => Role::Selected,
        (true, false) => Role::SelectedAside,
        (false, _) => plain,
    };
    let main = placed.iter().find(|place| place.column.rank == 0);
    let end = main.map_or(line.right(), |place| place.x + place.width);
    let end = end.min(line.right());
    if is_selected {
        let width = end.saturating_sub(line.x);
        canvas.paint(Rect { width, ..line }, role);
        canvas.put(line, line.x, canvas.glyphs.pointer, role);
    }
    Mark { end, role, plain }
}

/// Where each column stands in an area of this width. Two columns of the terminal are for the
/// pointer, two between each; more right of the main column where there is more room than it
/// needs.
pub(crate) fn placed<T>(columns: &'static [Column<T>], area: Rect) -> Vec<Placed<T>> {
    placed_apart(columns, area, 2)
}

/// As [`placed`], with so many columns of the terminal between each.
pub(crate) fn placed_apart<T>(
    columns: &'static [Column<T>],
    area: Rect,
    apart: u16,
) -> Vec<Placed<T>> {
    let width = |column: &Column<T>| column.width(area.width);
    let mut free = area.width.saturating_sub(2 + 1);
    let mut ranked: Vec<&'static Column<T>> = columns.iter().collect();
    ranked.sort_by_key(|column| column.rank);
    ranked.retain(|column| {
        if column.rank == 0 {
            return true;
        }
        let fits = width(column) + apart + column.leaves <= free;
        // Once one is left out, the less important ones are too.
        free = if fits {
            free - width(column) - apart
        } else {
            0
        };
        fits
    });
    let kept = |column: &&'static Column<T>| ranked.iter().any(|known| known.rank == column.rank);
    let shown: Vec<&'static Column<T>> = columns.iter().filter(kept).collect();
    let main = shown
        .iter()
        .position(|column| column.rank == 0)
        .unwrap_or(0);
    let reserved: u16 = shown
        .iter()
        .filter(|column| column.rank != 0)
        .map(|column| width(column) + apart)
        .sum();
    let room = area.width.saturating_sub(2 + 1 + reserved);
    let gaps = u16::try_from(shown.len() - main.min(shown.len())).unwrap_or(1) - 1;
    let main_width = match shown.get(main) {
        Some(column) if gaps > 0 => room.min(width(column)),
        _ => room,
    };
    // What is left of a very wide screen stays empty at its right end: a line is read across.
    let gap = apart + (room - main_width).checked_div(gaps).unwrap_or(0).min(2);
    let mut x = area.x + 2;
    let mut out = Vec::with_capacity(shown.len());
    for (at, column) in shown.into_iter().enumerate() {
        let width = if at == main {
            main_width
        } else {
            width(column)
        };
        out.push(Placed { x, width, column });
        x += width + if at < main { apart } else { gap };
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn column(heading: &'static str, rank: u8, width: u16) -> Column<()> {
        Column {
            heading,
            rank,
            width,
            wide: width,
            leaves: 10,
            text: |_, (), _| String::new(),
        }
    }

    static COLUMNS: [Column<()>; 4] = [
        column("time", 1, 5),
        column("name", 0, 30),
        column("doctor", 3, 12),
        column("status", 2, 12),
    ];

    fn shown(width: u16) -> Vec<(&'static str, u16, u16)> {
        placed(&COLUMNS, Rect::new(0, 0, width, 1))
            .iter()
            .map(|place| (place.column.heading, place.x, place.width))
            .collect()
    }

    #[test]
    fn the_least_important_columns_go_first() {
        let headings = |width| {
            shown(width)
                .iter()
                .map(|(heading, ..)| *heading)
                .collect::<Vec<_>>()
        };
        assert_eq!(headings(60), ["time", "name", "doctor", "status"]);
        assert_eq!(headings(40), ["time", "name", "status"]);
        assert_eq!(headings(24), ["time", "name"]);
        assert_eq!(headings(12), ["name"]);
        assert_eq!(headings(0), ["name"]);
    }

    #[test]
    fn columns_do_not_touch_and_stay_inside() {
        for width in 0..200 {
            let shown = shown(width);
            for pair in shown.windows(2) {
                let [(_, x, taken), (_, next, _)] = pair else {
                    unreachable!("windows of two")
                };
                assert!(x + taken + 2 <= *next, "{width}: {shown:?}");
            }
            let (_, x, taken) = shown.last().unwrap();
            assert!(x + taken < width.max(3), "{width}: {shown:?}");
        }
    }
}
