//! What a Segment message is: the six calls, the fields they share, ids, the integrations object and timestamps.
//!
//! First room of the pipeline. A message comes in as JSON and leaves as an [`Event`], which every later stage (filter, map,
//! deliver) reads. Nothing here knows a destination: its name is passed in.
//!
//! ```
//! use segment_event::{Enablement, Event, Kind, RejectionCode, integrations};
//! use serde_json::json;
//!
//! let event = Event::ingest(json!({
//!     "type": "track",
//!     "event": "Order Completed",
//!     "anonymousId": "anon-1",
//!     "properties": {"revenue": 99.90},
//!     "integrations": {"All": false},
//! }))
//! .expect("Segment takes this message");
//! assert_eq!(event.kind(), Kind::Track);
//!
//! let Enablement::Disabled { pointer, detail } = integrations::enablement(event.message(), "Attribution") else {
//!     panic!("All is false and Attribution is not named");
//! };
//! assert_eq!(pointer, "/integrations/All");
//! assert_eq!(detail, "integrations.All is false and Attribution is not named");
//!
//! let rejections = Event::ingest(json!({"type": "track", "userId": 42})).unwrap_err();
//! let codes: Vec<RejectionCode> = rejections.iter().map(|rejection| rejection.code).collect();
//! assert_eq!(codes, [RejectionCode::IdNotString, RejectionCode::EventNotDefined]);
//! ```
//!
//! - [`Event`] is a message whose kind is known, kept losslessly and in order; [`Kind`] is one of the six calls.
//! - [`UserId`], [`AnonymousId`], [`MessageId`]: ids that are there.
//! - [`Rejection`] and [`RejectionCode`]: why Segment's ingest refuses a message.
//! - [`integrations`]: is a destination enabled for a message, and which keys only look as if they decided it.
//! - [`timestamp`]: the clock-skew formula.
//! - [`channel`]: where a message says that it comes from.
//! - [`json`]: pointers, truthiness and words for JSON values.
//!
//! # Architecture invariants
//!
//! - Pure: no clock, no random source, no input or output. Every function returns the same for the same arguments.
//! - No panic on any JSON value.
//! - A message is never changed: what [`Event::message`] returns is what went in, and beyond that only the id and the
//!   time that [`Event::with_message_id`] and [`Event::with_timestamp`] add to a message without.
//! - No destination's name occurs outside documentation and tests.

pub mod channel;
mod event;
mod ids;
mod ingest;
pub mod integrations;
pub mod json;
mod kind;
mod rejection;
pub mod timestamp;

pub use event::Event;
pub use ids::{AnonymousId, MessageId, UserId};
pub use integrations::{Enablement, NearMiss};
pub use kind::{Kind, UnknownKind};
pub use rejection::{Rejection, RejectionCode};
