//! A panic must not leave the terminal raw, nor print into the drawn screen.

use std::panic;

use super::guard;

/// Installs a panic hook before the present one: if the thread that draws panics, the terminal is
/// given back first and the message is readable; if another thread does, its message would damage
/// the screen, so only the place goes to the log (the message may carry a patient's data).
pub fn restore_on_panic() {
    let next = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        let place = info
            .location()
            .map_or_else(String::new, ToString::to_string);
        if guard::held_by_this_thread() {
            // The panic is what matters; a terminal that can't be restored is gone anyway.
            let _ = guard::leave();
            next(info);
        } else if guard::is_held() {
            tracing::error!(place, "a background task failed");
        } else {
            next(info);
        }
    }));
}
