//! The pieces that screens are drawn with.

pub(crate) mod area;
pub(crate) mod banner;
pub(crate) mod canvas;
pub(crate) mod digits;
pub(crate) mod footer;
pub(crate) mod header;
pub(crate) mod input;
pub(crate) mod toasts;
pub(crate) mod which_key;
