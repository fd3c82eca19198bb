//! Expectations in JSON: a text becomes a [`Document`], out of which they are read, and failures become rows of an
//! answer.
//!
//! - `document`: a text that is JSON, and what can be asked of it; `mistake`: what is wrong with one, for machines.
//! - `reader`: from text to the tree; `string`: what stands between two quotes; `slip`: what is no JSON, in words that
//!   help.
//! - `answer`: failures as rows.
//!
//! `serde_json` knows no places, so the structure is read here; what a number is, it decides.

mod answer;
mod document;
mod mistake;
mod reader;
mod slip;
mod string;
#[cfg(test)]
mod tests;

pub use answer::{DifferenceRow, FailureRow, NearRow};
pub use document::Document;
pub use mistake::{Mistake, Mistakes};
#[cfg(test)]
pub(crate) use reader::read;
