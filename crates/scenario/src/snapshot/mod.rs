//! What was observed, as a text that is the same in every run, for people to review.
//!
//! - `file`: where the text lies; `text`: what it is made of.
//! - `made_up`: what a run makes up, which another run makes up otherwise; `placeholder`: what stands for it.

mod file;
mod made_up;
mod placeholder;
mod text;

pub use file::FOLDER;
pub(crate) use file::file;
pub(crate) use made_up::MadeUp;
pub use placeholder::PLACEHOLDERS;
pub(crate) use text::text;
