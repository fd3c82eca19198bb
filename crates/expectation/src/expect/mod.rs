//! What is claimed, and how a claim is held against what was observed.
//!
//! - `expectations`: one `expect`; `observed`: what it is held against.
//! - `section`: the things that can be looked at, with the keys of their rows.
//! - `pattern`: what a value must be; `notation`: the same as text.
//! - `matching`: whether a value is that, and where it isn't; `number`: numbers by value.
//! - `alike`: items that say the same; `alignment`: which row is held against which.
//! - `needs`: how little of what was observed tells whether a claim holds; `tally`: the same of rows that come and go;
//!   `exactly`: of rows that must be these and no others.
//! - `check`: a whole `expect` against everything observed; `failure`: what comes out.
//! - `diff`: how a text differs from what it was.

mod alignment;
mod alike;
mod check;
mod diff;
mod exactly;
mod expectations;
mod failure;
mod matching;
mod needs;
mod notation;
mod number;
mod observed;
mod pattern;
mod section;
mod tally;

pub use diff::{Diff, DiffLine, LineKind};
pub use expectations::{Expectations, ListExpectation};
pub use failure::{Difference, Failure, Nearest};
pub use needs::Needs;
pub use observed::Observed;
pub use pattern::{Comparison, Pattern, PatternKind, Regex};
pub use section::Section;
pub use tally::Tally;
