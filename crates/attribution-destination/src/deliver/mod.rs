//! Sending: in order for each visitor, within bounds, until every event has an outcome.
//!
//! ```text
//! submit ─▶ prepare ─▶ room ─▶ intake: lanes, parcel ─▶ gate ─▶ exchange ─▶ classify ─▶ outcome, dead letter
//!              │                                          ▲                    │ retry
//!              └─ skipped, invalid: outcome               └────── backoff ◀────┘
//! ```
//!
//! **Order.** An event's lane is known by every id in it. It waits for the outcome of all earlier events of its lane, or
//! travels in the same request behind them; an event that carries two ids makes their lanes one, because from then on both
//! are the same visitor. Other visitors are not waited for. What is skipped or invalid is decided at once and takes no
//! place in a lane.
//!
//! **Nothing is lost silently.** Every submitted event gets an [`Outcome`], and one that did not arrive comes back as a
//! [`DeadLetter`]. Dropping a [`Ticket`] or the [`Sender`] cancels nothing; [`Sender::close`] drains and returns what is
//! left. A task that dies, or a runtime that stops, ends its events as [`Delivery::Interrupted`], and the events behind
//! them move up. Across the end of the process only a [`SpooledSender`] keeps them.
//!
//! **Nothing grows.** [`Limits`] bound events, bytes, exchanges and remembered ids; at a bound, whoever submits waits.
//!
//! **The endpoint is spared** ([`Protection`]): what is dead is probed, retries cost a budget, overload halves the exchanges in
//! flight, and a `Retry-After` is kept by every event.
//!
//! **Batches.** Where the dialect has room for several events in a request ([`Batch`]), one that is refused is sent again in
//! halves, so that no event pays for its neighbour.
//!
//! **Duplicates.** The classic wire carries no message id, so an event whose answer was lost is sent again and counts
//! twice if it had arrived. Where the wire has one, every event has an id before it is sent first. Nothing is sent again
//! after a whole answer but those that `classify` lists.
//!
//! **TLS.** An `https` endpoint's certificate has to be valid, for its host, and from a trusted issuer ([`TlsRoots`]);
//! where it isn't, nothing is sent, not even the project id. See [`Reason::Certificate`] for why that is tried again.
//!
//! **Proxies.** Connections go through the environment's proxies unless the builder is told otherwise, see
//! [`Proxies::from_env`]. A proxy that fails or refuses is told from an endpoint that does ([`Reason::Proxy`]), and tried
//! again. What a proxy answers itself to an `http` endpoint's request can't be told from the endpoint's answer, but for
//! a 407. Credentials in a proxy's URL are shown nowhere.
//!
//! **Hostile peers.** There never are more connections than exchanges may be in flight ([`Limits::concurrency`]),
//! idle ones included. Of an answer's head and of its body at most 64 KiB each are read: a longer head is no answer, a longer body
//! is cut. The one timeout of an exchange goes for all of it, the connection and interim answers (1xx) included. A 101 is
//! a final answer like others, because nobody asked for it. What a peer said unasked before the next request is written
//! is nobody's answer and ends the connection.
//!
//! **JSON.** A message that is submitted as JSON, and not as an event, is mapped by the short way where there is one
//! ([`Mapper`](crate::Mapper)), and is sent and told of as the event in it would be.
//!
//! **Where what happens:** `classify` says what an attempt means, [`Backoff`] is a pure sequence of waits, `gate` holds
//! attempts back, and only `delivery` sleeps between them. `lanes`, `parcel` and the gate's parts are plain data; `crew` is
//! who carries parcels, and how many at once. `exchange` is the only place that speaks HTTP, on a `connection` that is its
//! own meanwhile, and a `proxy` is only spoken to on the way.

mod answer;
mod backoff;
mod builder;
mod classify;
mod connect;
mod connection;
mod credentials;
mod crew;
mod dead_letter;
mod delivery;
mod endpoint;
mod exchange;
mod gate;
mod idle;
mod intake;
mod lanes;
mod many;
mod mappers;
mod message_ids;
mod metrics;
mod ordinals;
mod outcome;
mod parcel;
mod policy;
mod record;
mod retry_after;
mod sender;
mod spooled;
mod visitor;
mod window;
mod worker;

pub use backoff::Backoff;
pub use builder::{BuildError, SenderBuilder};
pub use classify::{Classification, TRIED_AGAIN};
pub use connect::{Connect, Reuse};
pub use credentials::CredentialsError;
pub use dead_letter::DeadLetter;
pub use endpoint::{Endpoint, EndpointError};
pub use many::{Outcomes, Submissions};
pub use metrics::Metrics;
pub use outbound::{
    CertificateProblem, HttpsConnector, Proxies, ProxyError, ProxyProblem, Reason, TlsRoots, TlsRootsError,
};
pub use outcome::{Attempt, Delivery, Outcome};
pub use policy::{Batch, Breaker, Limits, Ordering, OrderingError, PolicyError, Protection, RetryBudget, RetryPolicy};
pub use record::Ticket;
pub use sender::Sender;
pub use spooled::{Receipt, Settled, Settlements, SpooledSender};
