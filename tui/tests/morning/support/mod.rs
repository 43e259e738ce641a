//! Databases, and terminals from both sides: what other tests have for it.
#![allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    unused_macros,
    reason = "each test program uses its part"
)]

#[path = "../../../../server/tests/support/db.rs"]
pub(crate) mod db;
#[path = "../../pty/terminal.rs"]
pub(crate) mod pty;
#[path = "../../support/terminal.rs"]
pub(crate) mod terminal;
