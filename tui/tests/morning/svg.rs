//! What a terminal shows, as a picture: a text a run of one style, a rectangle a background.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr;
use vt100::{Cell, Color, Screen};

/// A cell's width and height, and the room around all of them, in tenths of a pixel.
const WIDTH: usize = 84;
const HEIGHT: usize = 166;
const MARGIN: usize = 120;
/// From the top of a cell to the line that letters stand on.
const BASE: usize = 126;

/// Light and dark as the reader has it. `t` is text, `b` what lies under it; then the inks of the
/// default theme, bold, and dim.
const STYLE: &str = "\
text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace}\
.t{fill:#1f2328}.b{fill:#fff}.r{fill:#b3261e}.g{fill:#17692f}.y{fill:#7d5200}.c{fill:#0b6375}\
.w{font-weight:700}.d{opacity:.64}.k{fill:#0b6375;opacity:.45}.f{fill:#fff;stroke:#8c959f}\
@media(prefers-color-scheme:dark){.t{fill:#e6edf3}.b{fill:#0d1117}.r{fill:#ff9a91}.g{fill:#7ee08f}\
.y{fill:#f0c674}.c{fill:#7fd6e8}.k{fill:#7fd6e8}.f{fill:#0d1117;stroke:#57606a}}";

/// How a run of cells looks.
#[derive(Clone, Copy, PartialEq)]
struct Look {
    ink: char,
    bold: bool,
    dim: bool,
    underlined: bool,
    reversed: bool,
}

impl Look {
    fn of(cell: &Cell) -> Self {
        assert_eq!(
            cell.bgcolor(),
            Color::Default,
            "no theme paints a background"
        );
        Self {
            ink: match cell.fgcolor() {
                Color::Default => 't',
                Color::Idx(1) => 'r',
                Color::Idx(2) => 'g',
                Color::Idx(3) => 'y',
                Color::Idx(6) => 'c',
                other => panic!("the default theme has no {other:?}"),
            },
            bold: cell.bold(),
            dim: cell.dim(),
            underlined: cell.underline(),
            reversed: cell.inverse(),
        }
    }

    fn class(self) -> String {
        let ink = if self.reversed { 'b' } else { self.ink };
        let mut class = ink.to_string();
        class.push_str(if self.bold { " w" } else { "" });
        class.push_str(if self.dim { " d" } else { "" });
        class
    }
}

/// Cells beside each other that look the same.
struct Run {
    at: usize,
    cells: usize,
    text: String,
    look: Look,
}

/// The picture; `hidden` stands in the place of what is another at every run, and is as long.
pub(crate) fn draw(screen: &Screen, hidden: (&str, &str), title: &str, shows: &str) -> String {
    let (rows, columns) = screen.size();
    let (rows, columns) = (usize::from(rows.get()), usize::from(columns.get()));
    let (width, height) = (columns * WIDTH + 2 * MARGIN, rows * HEIGHT + 2 * MARGIN);
    let (title, shows) = (escaped(title), escaped(shows));
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" \
         height=\"{h}\" role=\"img\" aria-labelledby=\"t d\">\n<title id=\"t\">{title}</title>\n\
         <desc id=\"d\">{shows}</desc>\n<style>{STYLE}</style>\n\
         <rect class=\"f\" x=\".5\" y=\".5\" width=\"{iw}\" height=\"{ih}\" rx=\"8\"/>\n",
        w = tenths(width),
        h = tenths(height),
        iw = tenths(width - 10),
        ih = tenths(height - 10),
    );
    for row in 0..rows {
        for run in runs(screen, row, columns) {
            put(&mut out, row, run, hidden);
        }
    }
    if !screen.hide_cursor() {
        let (row, column) = screen.cursor_position();
        let (x, y) = (usize::from(column) * WIDTH, usize::from(row) * HEIGHT);
        rect(&mut out, "k", (x, y), (WIDTH, HEIGHT));
    }
    out.push_str("</svg>\n");
    out
}

fn runs(screen: &Screen, row: usize, columns: usize) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for at in 0..columns {
        let cell = screen
            .cell(u16::try_from(row).unwrap(), u16::try_from(at).unwrap())
            .unwrap();
        if cell.is_wide_continuation() {
            runs.last_mut().unwrap().cells += 1;
            continue;
        }
        let text = if cell.has_contents() {
            cell.contents()
        } else {
            " "
        };
        let look = Look::of(cell);
        match runs.last_mut() {
            Some(run) if run.look == look => {
                run.cells += 1;
                run.text.push_str(text);
            }
            _ => runs.push(Run {
                at,
                cells: 1,
                text: text.to_owned(),
                look,
            }),
        }
    }
    runs
}

fn put(out: &mut String, row: usize, run: Run, (hidden, shown): (&str, &str)) {
    let Run {
        at,
        cells,
        text,
        look,
    } = run;
    let (x, y) = (at * WIDTH, row * HEIGHT);
    if look.reversed {
        rect(out, &look.ink.to_string(), (x, y), (cells * WIDTH, HEIGHT));
    }
    if look.underlined {
        rect(
            out,
            &look.ink.to_string(),
            (x, y + HEIGHT - 20),
            (cells * WIDTH, 10),
        );
    }
    // Words that stand apart are put apart: whatever the reader's font, columns stay straight.
    let text = text.replace(hidden, shown);
    let mut at = at;
    for (blanks, words) in apart(&text) {
        at += blanks;
        let cells = UnicodeWidthStr::width(words);
        // Lines and blocks have to meet; letters only have to keep their places.
        let stretch = match words.chars().any(|c| ('\u{2500}'..'\u{2600}').contains(&c)) {
            true => " lengthAdjust=\"spacingAndGlyphs\"",
            false => "",
        };
        let _ = writeln!(
            out,
            "<text class=\"{}\" x=\"{}\" y=\"{}\" textLength=\"{}\"{stretch}>{}</text>",
            look.class(),
            tenths(MARGIN + at * WIDTH),
            tenths(MARGIN + y + BASE),
            tenths(cells * WIDTH),
            escaped(words),
        );
        at += cells;
    }
}

/// The pieces of a text between two blanks and more, each with the blanks before it.
fn apart(text: &str) -> Vec<(usize, &str)> {
    let mut pieces = Vec::new();
    let mut rest = text;
    loop {
        let words = rest.trim_start_matches(' ');
        let blanks = rest.len() - words.len();
        let end = words.find("  ").unwrap_or(words.trim_end().len());
        if end == 0 {
            return pieces;
        }
        let (piece, after) = words.split_at(end);
        pieces.push((blanks, piece));
        rest = after;
    }
}

fn rect(out: &mut String, class: &str, (x, y): (usize, usize), (width, height): (usize, usize)) {
    let _ = writeln!(
        out,
        "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
        tenths(MARGIN + x),
        tenths(MARGIN + y),
        tenths(width),
        tenths(height),
    );
}

/// `845` is `84.5`.
fn tenths(number: usize) -> String {
    match number % 10 {
        0 => (number / 10).to_string(),
        rest => format!("{}.{rest}", number / 10),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[test]
fn a_picture_keeps_words_looks_and_places_and_is_well_formed() {
    let mut terminal = vt100::Parser::new(2.try_into().unwrap(), 20.try_into().unwrap(), 0);
    terminal.process(b" <a>  \x1b[1;31mred & b\x1b[0m\r\n\x1b[7m sel \x1b[0m:4711\x1b[?25l");
    let drawn = draw(terminal.screen(), (":4711", ".local"), "A <title>", "What");
    assert!(drawn.contains("<title id=\"t\">A &lt;title&gt;</title>"));
    assert!(drawn.contains(">&lt;a&gt;</text>"), "{drawn}");
    assert!(
        drawn.contains("<text class=\"r w\" x=\"62.4\" y=\"24.6\" textLength=\"58.8\">red"),
        "{drawn}"
    );
    assert!(drawn.contains(">red &amp; b</text>"), "{drawn}");
    assert_eq!(apart(" a b  c   "), [(1, "a b"), (2, "c")]);
    assert!(drawn.contains("<rect class=\"t\" x=\"12\" y=\"28.6\" width=\"42\" height=\"16.6\"/>"));
    assert!(drawn.contains("<text class=\"b\" x=\"20.4\""), "{drawn}");
    assert!(
        drawn.contains(">.local</text>") && !drawn.contains("4711"),
        "{drawn}"
    );
    assert_eq!(
        drawn.matches("<text").count(),
        drawn.matches("</text>").count()
    );
    assert!(!drawn.contains("class=\"k\""), "there is no cursor");
}
