//! Reads request bodies into [`Hit`]s: what a request says, whatever dialect said it.
//!
//! One file per dialect. `classic` reads what Segment's Attribution destination writes, and what Attribution's own
//! Ruby gem, Magento extension and importers send to the same three paths.
//!
//! **Every type and every field name here is written a second time, on purpose.** The crate that writes these bodies has
//! its own; the two share nothing but the files in `fixtures/wire/`. If they shared types, a misspelt field would be
//! written and read with the same mistake, and every test would pass. Don't factor the duplication out.
//!
//! Reading never fails and never panics: what can't be used is left out, and the [rules](crate::rules) say so.

mod body;
pub(crate) mod classic;
mod hit;
mod id;
mod page_name;
mod property;
mod route;
pub(crate) mod timestamp;

pub(crate) use body::Body;
pub use hit::{AliasHit, Hit, IdentifyHit, Ids, PageHit, PageKind, TrackHit};
pub(crate) use id::IdField;
pub(crate) use page_name::{PageName, page_name};
pub(crate) use property::{property, text_property};
pub use route::Route;
