//! Segment's Attribution destination for real: whether a message is sent, what goes on the wire, and how it gets there.
//!
//! In the pipeline this crate stands between the Segment message and the bytes that Attribution receives:
//! [`filter()`] decides, [`map()`] writes the request, [`deliver`] carries it. The first two are pure functions.
//!
//! ```
//! use attribution_destination::{Prepared, ProjectId, Settings, prepare};
//! use segment_event::Event;
//!
//! let settings = Settings::new(ProjectId::new("demo-project")?);
//! let event = Event::ingest(serde_json::json!({
//!     "type": "track",
//!     "userId": "user-1",
//!     "event": "Order Completed",
//!     "timestamp": "2024-01-15T10:00:00Z",
//! }))
//! .expect("a message that Segment accepts");
//!
//! let Prepared::Send(mapped) = prepare(&event, &settings, jiff::Timestamp::UNIX_EPOCH) else { panic!("not sent") };
//! assert_eq!(mapped.request.path, "/track");
//! assert_eq!(
//!     mapped.request.body,
//!     r#"{"user_id":"user-1","timestamp":"2024-01-15T10:00:00.000Z","properties":{},"context":{},"event":"Order Completed"}"#
//! );
//! # Ok::<(), attribution_destination::SettingsError>(())
//! ```
//!
//! - [`Settings`]: what the customer configures: the project, the [`Dialect`], and what some dialects leave open.
//! - [`filter()`]: sent or skipped, and why, in Segment's vocabulary.
//! - [`map()`]: one [`WireRequest`] of the dialect, with [`Diagnostic`]s about what looks unintended.
//! - [`mapped_fields()`], [`used_fields()`]: what of a message its request is made of.
//! - [`prepare()`]: the two in a row, as every caller wants them; [`parse()`] comes before them where a message is bytes.
//! - [`Mapper`]: all three in a row, many times as fast; most messages it maps without taking them apart.
//! - [`changes()`]: what differs between a message and what is delivered of it, for people.
//! - [`deliver`]: sending: order, retries, outcomes.
//!
//! # Architecture invariants
//!
//! - Nothing here knows how Attribution reads a request: the dialects are written down a second time in the ledger,
//!   and the two halves meet only in bytes. `fixtures/wire/` holds both to the same texts.
//! - [`filter()`] and [`map()`] know no clock, no network and no randomness; the default timestamp is a parameter.
//! - [`map()`] is the specification and [`Mapper`] is fast: a law holds the second to the first, whatever the bytes.
//! - The project id and the header made of it never appear in a `Debug` or `Display`.

mod changes;
pub mod deliver;
mod diagnostic;
mod filter;
mod invalid;
mod map;
mod mapper;
mod parse;
mod prepare;
mod request;
mod settings;
mod visitor;

pub use changes::{Change, changes};
pub use diagnostic::{Diagnostic, MapError};
pub use filter::{Skip, SkipReason, Verdict, filter};
pub use invalid::{Invalid, InvalidError};
pub use map::{MapErrorCode, Mapped, map, mapped_fields, used_fields};
pub use mapper::{Mapper, Written};
pub use parse::parse;
pub use prepare::{Prepared, prepare};
pub use request::{Header, WireRequest};
pub use settings::{Dialect, PreviousId, ProjectId, Settings, SettingsError};
