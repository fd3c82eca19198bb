//! `chaos:`: the same scenario under random faults that a seed decides.
//!
//! Pure: `settings` is what the file says, `draw` makes a [`Schedule`] of it and of a run's seed, `shrink` finds the
//! smallest part of a schedule that still makes the scenario fail, `notation` writes a fault as a `fault:` step. Playing
//! them is the part of [`run`](crate::run()).

mod draw;
mod notation;
mod schedule;
mod settings;
mod shrink;
#[cfg(test)]
mod tests;

pub(crate) use draw::{Places, draw, seed_of};
pub(crate) use notation::notation;
pub(crate) use schedule::Schedule;
pub use settings::{ChaosKind, ChaosSettings};
pub(crate) use shrink::{Shrunk, shrink};
