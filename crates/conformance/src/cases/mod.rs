//! What is played, and where it comes from.

mod case;
mod fixture;
mod glob;
mod protocol;
mod speech;

use std::path::Path;

pub use case::{Case, CaseError};
pub use glob::Glob;

/// The files below `fixtures/wire/`, as this was built.
const FIXTURES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/golden.rs"));

/// Every golden case: those of `fixtures/wire/` that are requests, and for each dialect what any server of the API meets.
///
/// # Panics
///
/// Never: a test reads every fixture.
pub fn golden() -> Vec<Case> {
    let fixtures = FIXTURES.iter().filter_map(|(path, text)| {
        Case::read(Path::new(path), text).unwrap_or_else(|error| panic!("the fixture {path} is one: {error}"))
    });
    let mut cases: Vec<Case> = fixtures.chain(protocol::cases()).collect();
    cases.sort_by(|one, other| (one.dialect, &one.name).cmp(&(other.dialect, &other.name)));
    cases
}
