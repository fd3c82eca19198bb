//! Sending: one request an event, in order for each visitor, until there is an outcome.
//!
//! ```text
//! submit ─▶ prepare ─▶ intake: lane + queue ─▶ attempt ─▶ classify ─▶ outcome
//!              │                                  ▲           │ retry
//!              └─ skipped, invalid: outcome       └─ backoff ◀┘
//! ```
//!
//! **Order.** An event's lane is known by every id in it. It waits for the outcome of all earlier events of its lane;
//! an event that carries two ids makes their lanes one for good, because from then on both are the same visitor.
//! Other visitors are not waited for. What is skipped or invalid is decided at once and takes no place in a lane.
//!
//! **Nothing is lost silently.** Every submitted event gets an [`Outcome`]. Dropping a [`Ticket`] or the [`Sender`]
//! cancels nothing. A task that dies, or a runtime that stops, ends its events as [`Delivery::Interrupted`], and the
//! events behind them move up. The queue is in memory: what a stopping runtime interrupts is not kept for the next.
//!
//! **Duplicates.** The classic wire carries no message id, so an event whose answer was lost is sent again and counts
//! twice if it had arrived. Nothing is sent again after any whole answer but 429, 500, 502, 503 and 504.
//!
//! **TLS.** An `https` endpoint's certificate has to be valid, for its host, and from a trusted issuer ([`TlsRoots`]);
//! where it isn't, nothing is sent, not even the project id. See [`Reason::Certificate`] for why that is tried again.
//!
//! **Where what happens:** `classify` says what an attempt means, [`Backoff`] is a pure sequence of waits, and only
//! `delivery` sleeps. `lanes` is plain data. `exchange` is the only place that speaks HTTP.

mod answer;
mod backoff;
mod builder;
mod certificate;
mod classify;
mod connector;
mod credentials;
mod dead_letter;
mod delivery;
mod endpoint;
mod exchange;
mod gate;
mod intake;
mod lanes;
mod many;
mod message_ids;
mod metrics;
mod outcome;
mod parcel;
mod policy;
mod reason;
mod record;
mod retry_after;
mod sender;
mod spooled;
mod tls;
mod worker;

pub use backoff::Backoff;
pub use builder::{BuildError, SenderBuilder};
pub use certificate::CertificateProblem;
pub use classify::Classification;
pub use connector::HttpsConnector;
pub use credentials::CredentialsError;
pub use dead_letter::DeadLetter;
pub use endpoint::{Endpoint, EndpointError};
pub use many::{Outcomes, Submissions};
pub use metrics::Metrics;
pub use outcome::{Attempt, Delivery, Outcome};
pub use policy::{Batch, Breaker, Limits, Ordering, OrderingError, PolicyError, Protection, RetryBudget, RetryPolicy};
pub use reason::Reason;
pub use record::Ticket;
pub use sender::Sender;
pub use spooled::{Receipt, Settled, Settlements, SpooledSender};
pub use tls::{TlsRoots, TlsRootsError};
