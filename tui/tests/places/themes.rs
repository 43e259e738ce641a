//! The same screen in every theme: what is told by a colour is told by something else, too.

use clinic_tui::theme::Theme;

use super::support::clinic::busy;
use super::support::{Desk, Look, styles, text};

/// The board under a question, which has most of what a theme has a style for.
fn asked(theme: Theme) -> Desk {
    let look = Look {
        theme,
        ..Look::new(80, 24)
    };
    let mut desk = Desk::at_board(look, busy(40));
    desk.press("x 2").type_text("has a fever");
    desk
}

#[test]
fn every_theme_has_the_same_words_and_its_own_styles() {
    let plain = text(&asked(Theme::Mono).draw().0);
    let mut out = plain.clone();
    for theme in Theme::ALL {
        let (buffer, _) = asked(*theme).draw();
        assert_eq!(text(&buffer), plain, "{theme}");
        out.push_str(&format!("── {theme}\n{}", styles(&buffer)));
    }
    insta::assert_snapshot!("board_in_every_theme", out);
}
