//! From the tree to [`Expectations`](crate::Expectations), with every mistake on the way, and what readers of other
//! constructs need for the same.
//!
//! - `expect` is a whole `expect`; `pattern` and `operator` are what stands in one.
//! - [`Fields`] is a mapping whose keys were checked; [`text`], [`filled`], [`flag`], [`set`], [`count`] and [`word`]
//!   read single values, [`wrong`] is what they say otherwise.
//! - [`help`], [`nearest`] and [`quoted`] are for words that are not known.
//!
//! Each takes nodes and leaves its mistakes in the [`Sink`](crate::Sink), so that one mistake never hides another.

mod expect;
mod fields;
mod operator;
mod pattern;
mod scalar;
mod suggest;
#[cfg(test)]
pub(crate) mod testing;

pub use expect::REPORT_PARTS;
pub use fields::{Fields, twice, unknown};
pub use operator::OPERATORS;
pub use scalar::{count, filled, flag, set, text, word, wrong};
pub use suggest::{help, nearest, quoted};
