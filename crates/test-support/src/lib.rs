//! What the tests of every crate share: where the fixtures lie, where snapshots go, and what stands in them for what varies.
//!
//! A dev-dependency only. Nothing here knows a type of the product, so both halves of the workspace may use it
//! without meeting in it.
//!
//! ```
//! let files = test_support::fixtures("wire/classic/accepted", "json");
//! assert!(files.iter().all(|file| file.path.extension().is_some_and(|extension| extension == "json")));
//! ```
//!
//! - [`fixtures()`] lists fixture files in a defined order, [`Fixture::json`] reads one.
//! - [`snapshots()`] sends insta's snapshots to the top-level `snapshots/` folder.
//! - [`Document`] is an OpenAPI document that answers are held against.
//! - [`placeholders`] is the table of what is replaced before a text is compared.
//!
//! # Architecture invariants
//!
//! - No crate depends on this one except as a dev-dependency; the architecture test checks it.

mod fixtures;
mod openapi;
pub mod placeholders;
mod snapshots;

pub use fixtures::{Fixture, fixtures, workspace_root};
pub use openapi::Document;
pub use snapshots::snapshots;
