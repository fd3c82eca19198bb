//! From text to a [`Scenario`](crate::Scenario), with every mistake on the way.
//!
//! One file a construct: `document` is the top level, `start`, `settings`, `engage` and `steps` its parts; `call`, `wait`,
//! `fault` and `file` are steps; an `expect` is read by the crate `expectation`. Each takes nodes and leaves its
//! mistakes in the [`Sink`](expectation::Sink), so that one mistake never hides another. They share
//! [`expectation::read`].

mod call;
mod document;
mod engage;
mod fault;
mod file;
mod rules;
mod settings;
mod start;
mod steps;
#[cfg(test)]
pub(crate) mod testing;
mod wait;

pub use document::parse;
pub use fault::faults;
