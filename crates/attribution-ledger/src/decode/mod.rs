//! Reads request bodies into [`Message`]s, each with a [`Hit`]: what it says, whatever dialect said it.
//!
//! One file per dialect. `classic` reads what Segment's Attribution destination writes, and what Attribution's own
//! Ruby gem, Magento extension and importers send to the same three paths; `actions` what Segment's Attribution (Actions)
//! writes; `import` RudderStack's batches; `browser` what attribution.js posts from a page. The last three carry the words
//! of the Segment Spec, which `spec` reads for all of them.
//!
//! **Every type and every field name here is written a second time, on purpose.** The crate that writes these bodies has
//! its own; the two share nothing but the files in `fixtures/wire/`. If they shared types, a misspelt field would be
//! written and read with the same mistake, and every test would pass. Don't factor the duplication out.
//!
//! Reading never fails and never panics: what can't be used is left out, and the [rules](crate::rules) say so.

pub(crate) mod actions;
mod body;
pub(crate) mod browser;
mod call;
pub(crate) mod classic;
mod dialect;
mod field;
mod hit;
mod id;
pub(crate) mod import;
mod mention;
mod message;
mod names;
mod page_name;
mod property;
mod route;
mod spec;
#[cfg(test)]
pub(crate) mod testing;
pub(crate) mod timestamp;

pub(crate) use body::Body;
pub use browser::BrowserRoute;
pub use call::Call;
pub use dialect::{Dialect, UnknownDialect};
pub use hit::{AliasHit, GroupHit, Hit, IdentifyHit, Ids, PageHit, PageKind, TrackHit};
pub(crate) use id::IdField;
pub use mention::Mention;
pub use message::Message;
pub(crate) use names::Names;
pub(crate) use page_name::page_name;
pub(crate) use property::{property, text_property};
pub use route::Route;
