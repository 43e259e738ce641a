//! stranger
