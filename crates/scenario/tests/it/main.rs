//! The scenario language as its users see it.

mod bad_files;
mod chaos;
mod engage;
mod expect;
mod files;
mod json;
mod language;
mod mistakes;
mod play;
mod reuse;
mod robust;
mod timeline;
mod variables;
