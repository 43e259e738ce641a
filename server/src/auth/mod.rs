//! Who may come in: passwords, tokens, sessions, rate limits, and the policy table.

pub mod codes;
pub mod limits;
pub mod passwords;
pub mod policy;
pub mod sessions;
pub mod tokens;
