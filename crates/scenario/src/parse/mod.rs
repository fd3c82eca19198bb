//! From text to [`Scenario`](crate::Scenario)s, with every mistake on the way.
//!
//! One file a construct. `document` is the top level; `selection` what a runner chooses by; `given`, `variables` and `matrix`
//! what is known by name; `start`, `settings`, `chaos`, `engage` and `defaults` other parts; `report`, `channels` and `spend` what a report is made
//! with, `foreign` the mistakes that the last two find elsewhere. `steps` is a list of steps and `when` what one may depend on: `call`, `wait`,
//! `fault`, `file`, `expect`, `snapshot` and `capture` are steps, `include` and `loops` (with `rows`) are steps that hold others.
//! `context` is what all of them are read with; `late` reads a step again when it is played.
//!
//! Each takes nodes and leaves its mistakes in the [`Sink`](expectation::Sink), so that one mistake never hides
//! another. They share [`expectation::read`].

mod call;
mod capture;
mod channels;
mod chaos;
mod context;
mod defaults;
mod document;
pub(crate) mod engage;
mod expect;
mod fault;
mod file;
mod foreign;
mod given;
mod include;
mod late;
mod loops;
mod matrix;
pub(crate) mod report;
mod rows;
mod rules;
mod selection;
mod settings;
mod snapshot;
mod spend;
mod start;
mod steps;
#[cfg(test)]
pub(crate) mod testing;
mod variables;
mod wait;
mod when;

pub(crate) use call::KEYS as MESSAGE_KEYS;
pub(crate) use capture::MESSAGE;
pub(crate) use chaos::KEYS as CHAOS;
pub(crate) use defaults::KEYS as DEFAULTS;
pub(crate) use document::KEYS;
pub use document::{parse, parse_with};
pub(crate) use fault::LINK as LINK_FAULTS;
pub use fault::faults;
pub use given::Given;
pub(crate) use late::{filled, now};
pub(crate) use loops::{MOST_PLAYED, count};
pub(crate) use settings::KEYS as SETTINGS;
pub(crate) use snapshot::KEYS as SNAPSHOT;
pub(crate) use steps::STEPS;
