//! What of the contract scenarios have touched, and what they have not.
//!
//! - `part`: what the contract is made of, each part with everything that is in it; `item`: one thing in a part.
//! - `touched`: what one scenario has touched; `covered`: that of many beside everything there is.
//! - `answer`: the answers that are told apart; `rules`: which rules a sender can break.

mod answer;
mod covered;
mod item;
mod part;
mod rules;
mod touched;

pub(crate) use answer::Answer;
pub use covered::{Coverage, Covered, Share};
pub(crate) use item::Item;
pub use part::Part;
pub use touched::Touched;

#[cfg(test)]
mod tests;
