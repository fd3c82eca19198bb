//! Placeholders: `{{name}}` in the texts of a scenario.
//!
//! - `placeholder`: a text as literal parts and placeholders; `path`: a way into a value, `conversions[0].visitor`.
//! - `value`: what a placeholder is given, and moved by its offset.
//! - `fill`: a tree in which every placeholder is replaced. One pass: what a value brings along is never looked at
//!   again, so that a variable can't write placeholders.
//! - `variables`: what is known before a scenario is played; `scope`: what there is while it is played.

mod fill;
mod path;
mod placeholder;
mod scope;
mod value;
mod variables;

pub(crate) use fill::{Wrong, fill, is_mentioned};
pub(crate) use path::{Found, Path};
pub(crate) use placeholder::{Expression, Generator, Placeholder};
pub(crate) use scope::Scope;
pub(crate) use value::moved;
pub use variables::Variables;
