//! clinic
fn main() {}
