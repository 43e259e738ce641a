//! clinicd
fn main() {}
