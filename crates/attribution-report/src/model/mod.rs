//! Models: how much of a conversion each visit of its path gets.
//!
//! A model turns a path into whole-numbered weights; what is divided by them, by the largest remainder, is the conversion
//! itself in billionths and its revenue in minor units. No floating-point number decides about money, so that a report is
//! the same on every machine. (The Markov model's removal effects are floating-point, but made of the four basic operations
//! alone, which are the same everywhere, and rounded to whole weights before anything is divided.)

mod decay;
mod kind;
mod markov;
mod position;
mod weigh;

pub use kind::{BadModel, Model, Weights};
pub(crate) use markov::Chain;
pub(crate) use weigh::{Touch, Weigher};
