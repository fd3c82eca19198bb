//! Is a destination enabled for a message?
//!
//! The integrations object says so, by the destination's exact name or by `All` for every destination that it doesn't name.
//! Older messages said it in `options` or `context`, which still count. [`enablement()`] decides, [`near_misses()`] finds the keys
//! whose author most likely thought that they decide.

mod enablement;
mod lookup;
mod near_misses;
#[cfg(test)]
mod tests;

pub use enablement::{Enablement, enablement};
pub use near_misses::{NearMiss, near_misses};
