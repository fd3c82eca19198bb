//! The scenario language as its users see it.

mod bad_files;
mod chaos;
mod engage;
mod expect;
mod files;
mod from;
mod json;
mod language;
mod mistakes;
mod money;
mod play;
mod reuse;
mod robust;
mod snapshots;
mod tidy;
mod timeline;
mod variables;
