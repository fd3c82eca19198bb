//! From text to a [`Scenario`](crate::Scenario), with every mistake on the way.
//!
//! One file a construct: `document` is the top level, `start`, `settings` and `steps` its parts; `call`, `wait`, `fault`,
//! `file` and `expect` are steps, `pattern` and `operator` are what stands in an `expect`. Each takes nodes and leaves
//! its mistakes in the `Sink`, so that one mistake never hides another. `fields`, `scalar` and `suggest` are
//! what they share.

mod call;
mod document;
mod expect;
mod fault;
mod fields;
mod file;
mod operator;
mod pattern;
mod rules;
mod scalar;
mod settings;
mod start;
mod steps;
mod suggest;
#[cfg(test)]
pub(crate) mod testing;
mod wait;

pub use document::parse;
pub use fault::faults;

use crate::diagnostic::Sink;
