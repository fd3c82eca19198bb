//! The wiring: a Segment message goes through ingest, filter, map and delivery, over a link, into the double, and the
//! pipeline keeps what became of each.
//!
//! Pipeline position: everything. This crate is where the two halves meet, and they meet in the bytes that travel
//! the [`Link`]: real HTTP/1.1 from the real client to the real server, in memory or over a loopback socket.
//!
//! ```
//! use pipeline::{Config, Pipeline};
//! use serde_json::json;
//!
//! let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build()?;
//! runtime.block_on(async {
//!     let mut pipeline = Pipeline::start(Config::simulated("2024-01-15T10:00:00Z".parse()?)).await?;
//!     pipeline
//!         .accept(&json!({ "type": "track", "userId": "user-1", "event": "sign up" }))
//!         .await;
//!     pipeline.settle().await;
//!     assert_eq!(pipeline.deliveries().delivered, 1);
//!     assert_eq!(pipeline.mock().with_ledger(|ledger| ledger.conversions().len()), 1);
//!     Ok::<_, Box<dyn std::error::Error>>(())
//! })?;
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```
//!
//! | module | what is in it |
//! |---|---|
//! | [`mod@pipeline`] | [`Pipeline`]: accept, settle, look |
//! | [`config`] | what a pipeline is started with |
//! | [`fate`] | what became of each message, and the counts over all of them |
//! | [`walk`] | one message's way through everything, for whoever asks why |
//! | [`lint`] | everything that is wrong or looks unintended about many messages |
//! | [`front`] | the Tracking API before a sender that runs, and how far each of its messages came |
//! | [`link`] | the connector between sender and double, and the faults below HTTP |
//!
//! # Architecture invariants
//!
//! - No type of the destination is ever handed to the ledger or back: only bytes cross.
//! - Virtual time exists only over [`Transport::Memory`]; a socket has a peer that does not know of it.
//! - A fault of the link always meets the very next exchange: as long as one may, each has a connection of its own.
//! - Nothing here knows the scenario language, prints, or reads files.

pub mod config;
pub mod fate;
pub mod front;
pub mod link;
pub mod lint;
pub mod pipeline;
pub mod walk;

pub use config::{Config, Transport};
pub use fate::{Deliveries, Fate, Handled};
pub use front::{Front, Funnel, Lane};
pub use link::{Exchange, Link, LinkFault, LinkFaultKind};
pub use lint::{Example, Finding, Lint, Linter, Weight};
pub use pipeline::{Pipeline, StartError};
pub use walk::{Arrival, Effect, Walk, Walker};
