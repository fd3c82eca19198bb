//! The scenario language as its users see it.

mod engage;
mod expect;
mod files;
mod json;
mod language;
mod mistakes;
mod play;
mod robust;
