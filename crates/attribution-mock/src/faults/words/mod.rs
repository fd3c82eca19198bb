//! A fault in words: what a scenario's `fault:` step, `harness serve --fault` and the admin API have in common.
//!
//! All three come here with a mapping, so there is one list of words and one reader. A mistake names its place in the
//! mapping, which a scenario turns into a place in its file.

mod action;
mod json;
mod list;
mod matching;
mod mistake;
mod reader;
mod suggest;
mod value;
mod written;

pub(crate) use json::read;
#[cfg(test)]
pub(super) use list::actions;
pub use mistake::{FaultMistake, FaultPart};
pub(crate) use written::FaultRow;
