//! The YAML of a scenario as a tree in which every node knows its place.
//!
//! [`read()`] goes from text to [`Node`](expectation::tree::Node)s in two steps: `raw` takes what the YAML parser
//! infers; `tree` gives every node its span, keeps numbers as they are written, and reports keys that can't be used.
//! `short_way` does both at once for most files. `place` is where lists, mappings and texts end.
//! `mistake` turns what the parser refuses into diagnostics with a suggestion, with `slip` for what it does not see.

mod mistake;
mod place;
mod raw;
mod read;
mod short_way;
mod slip;
#[cfg(test)]
mod tests;
mod tree;

pub(crate) use read::read;
