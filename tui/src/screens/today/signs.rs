//! What the signs and marks on the board mean.

use crate::app::Model;
use crate::effect::Effect;
use crate::layers::Layer;
use crate::screens::dialog::{Choice, Dialog};

/// Says what they mean.
pub(crate) fn open(model: &mut Model) -> Vec<Effect> {
    let glyphs = &model.glyphs;
    let text = format!(
        "{} selected; before a doctor: of the selected row. {} has just changed. 09:00{} booked \
         beside another one. {} waits long, {}{} too long. “late +1” in Flags: one more, in the \
         line above. After a doctor, +20m: 20 minutes late; (+2): two more have no room here.",
        glyphs.pointer,
        glyphs.changed,
        glyphs.overbooked,
        glyphs.warning,
        glyphs.warning,
        glyphs.warning,
    );
    let text = match glyphs.quote {
        "\"" => text.replace(['“', '”'], "\""),
        _ => text,
    };
    let dialog = Dialog::new("Signs", &text, vec![Choice::keep("Close")]);
    model.layers.push(Layer::Dialog(dialog));
    Vec::new()
}
