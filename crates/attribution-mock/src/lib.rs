//! A double of `track.attributionapp.com`: the HTTP shell around the ledger. It authenticates, validates, records what
//! it receives, misbehaves as scripted, and tells what Attribution makes of it all.
//!
//! It stands at the receiving end of the pipeline. What reaches it are bytes, from this workspace's sender or from any
//! other; what it knows of their meaning it has from `attribution-ledger`.
//!
//! ```
//! use attribution_mock::MockServer;
//! use tokio::io::{AsyncReadExt, AsyncWriteExt};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let server = MockServer::start().await?;
//! let mut socket = tokio::net::TcpStream::connect(server.address()).await?;
//! let body = r#"{"user_id":"user-1","timestamp":"2024-01-15T10:00:00.000Z","event":"Order Completed"}"#;
//! let request = format!(
//!     "POST /track HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic ZGVtby1wcm9qZWN0Og==\r\n\
//!      Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
//!     body.len(),
//! );
//! socket.write_all(request.as_bytes()).await?;
//! let mut answer = String::new();
//! socket.read_to_string(&mut answer).await?;
//! assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with(r#"{"success":true}"#));
//!
//! let conversions = server.conversions();
//! assert_eq!(conversions[0].event, "Order Completed");
//! # Ok(())
//! # }
//! ```
//!
//! # In a test
//!
//! ```
//! use std::time::Duration;
//!
//! use attribution_mock::{Fault, MockServer, conversion};
//! use serde_json::json;
//! # use tokio::io::{AsyncReadExt, AsyncWriteExt};
//! # async fn send_order(uri: String) -> std::io::Result<()> {
//! #     let mut socket = tokio::net::TcpStream::connect(uri.trim_start_matches("http://")).await?;
//! #     let body = r#"{"user_id":"user-1","timestamp":"2024-01-15T10:00:00.000Z","event":"Order Completed"}"#;
//! #     let head = "POST /track HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic ZGVtby1wcm9qZWN0Og==\r\n\
//! #                 Content-Type: application/json\r\nConnection: close\r\n";
//! #     socket.write_all(format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes()).await?;
//! #     socket.read_to_end(&mut Vec::new()).await.map(drop)
//! # }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let server = MockServer::builder().projects("demo-project").start().await?;
//! let slow = server.fault(Fault::delay(Duration::from_millis(5)))?;
//!
//! tokio::spawn(send_order(server.uri())); // whatever you test, pointed at server.uri()
//!
//! let order = server.wait_for(conversion("Order Completed").by("user-1"), Duration::from_secs(10)).await?;
//! assert_eq!(order.revenue, None);
//! drop(slow); // the fault goes with its guard
//!
//! server.verify(json!({
//!     "conversions": {"count": 1},
//!     "requests": [{"path": "/track", "status": 200}],
//!     "merges": [],
//! }))?;
//! # Ok(())
//! # }
//! ```
//!
//! What is expected is said in the language of a scenario's `expect`, which the crate `expectation` describes; an error
//! shows every failure with the rows that come nearest. Any other language asks the same of `/__admin/verify` and
//! `/__admin/wait`, which `/__admin/openapi.json` describes with all the rest. Reads are plain functions, as nothing is
//! waited for; what waits is async and ends with the arrival. Dropping a server or a guard never blocks and never panics:
//! nothing is verified unless it is asked.
//!
//! # What is where
//!
//! - `exchange`: from a request to its answer, by way of `Authenticated`, one rejection per failure of it, and the limits.
//! - `faults`: [`Fault`], a rule of a [`FaultMatch`] and a [`FaultAction`], its words, and the [`FaultGuard`] of an
//!   installed one.
//! - `expect`: [`Wanted`] rows, and whether what was received is as expected, now or within a time: [`Unmet`] if not.
//! - `admin`: the API below `/__admin/`.
//! - `tap`: [`Tap`], which passes exchanges on to another server and keeps them as [`Recording`]s without their secrets.
//! - `upstream`: [`Upstream`], that other server.
//! - `serve`: the accept loop, [`Connections`] one by one with [`Tls`] and HTTP/2, and [`MockServer`].
//! - `limits`: [`Limits`], what one peer may use up.
//! - `index`: what each request is about, so that a [`RequestFilter`] finds some among a million without reading them all.
//! - `news`: how whoever waits for a request learns of it.
//! - `journal`: the file that what is received is kept in; `keep`: how much of it is kept in memory.
//! - `mock`, `space`, `record`, `reads`: [`Mock`], the engine that the others share; its state, one for each project and
//!   namespace; what can be read from it.
//!
//! # What is answered
//!
//! | request | answer |
//! |---|---|
//! | an event, or a batch, that breaks no denying rule | 200 `{"success":true}`, or what [`Answers`] says |
//! | one that no public sender can emit; a batch with one such message | 400 with the violations, and nothing of it recorded; [`Strictness::Lenient`]: 200 if any of it can be read at all, and that is recorded |
//! | `POST /check_auth` | 200 or 401; not journaled |
//! | wrong or missing credentials | 401 with the reason; journaled without its body, and it uses up no fault |
//! | an unknown path | 404 with the nearest known one, or with all of the admin API; not journaled |
//! | another method than the path's | 405 with `Allow`; not journaled |
//! | a body over the limit, once it is decompressed | 413; of the body, nothing is kept |
//! | a body of another type than `application/json`, or from a browser than `text/plain` (not if lenient) | 415 |
//! | a `Content-Encoding` other than `gzip`, `deflate` or `br` | 415; of the body, nothing is kept |
//! | a body that is not what its `Content-Encoding` says | 400; of the body, nothing is kept |
//! | a body that is not complete in time | 408; of the body, nothing is kept |
//! | a head that is too long, or has too many headers | 431; not journaled |
//! | HTTP where HTTPS is spoken | 400; not journaled |
//! | what the [journal file](Mock::with_journal) doesn't take | 507 where the disk is full, else 500; nothing of it is recorded |
//! | `OPTIONS` where events go | 204, as a browser asks before it sends; not journaled |
//!
//! # Connections
//!
//! HTTP/1.1 and HTTP/2 share a port: HTTP/2 is told by its preface, or agreed on in TLS. A fault that closes the connection
//! resets only its own stream of HTTP/2, with `INTERNAL_ERROR`, which says nothing of whether it was recorded. [`Limits`]
//! bound what a peer can use up, and JSON is read 127 levels deep.
//!
//! # Browsers
//!
//! attribution.js sends text without an `Authorization`, and the project id in the body (`projectId`) or the query
//! (`project_id`). Text without that header, on a path where it posts, is read so, and whatever comes to the paths of its
//! older builds, `/t`, `/p`, `/i`, `/g` and `/a`. [`Mock::entries`] and the admin API's `/requests/<number>/body` have the
//! bodies as they came; in every row the project id is not shown. A page of any origin may read the answers to its events, and nothing of
//! the admin API.
//!
//! # Projects and namespaces
//!
//! Each project that may send ([`Projects`]), and each [`Namespace`] of it, has a journal, a ledger and faults of its own:
//! [`Mock::project`] and [`Mock::namespace`] look at one of them. What comes with credentials of nobody is journaled where
//! the first project looks.
//!
//! # Another server behind it
//!
//! With a [`Tap`], each `POST` of an event, and `/check_auth`, goes on to an [`Upstream`] once the double has answered it: method,
//! path with its query, headers but those of the connection and `Host`, and the body as it came. The sender gets the upstream's
//! answer, the journal keeps the double's. No answer is 502, a late one 504, with the reason. Faults strike before, and a body
//! over the limit goes nowhere.
//!
//! # What is kept
//!
//! Of a request: its path, body and headers, without those that authenticate ([`REDACTED`](attribution_ledger::REDACTED)); of
//! a stranger's the path alone. [`MockConfig::keep`] bounds how many, and [`Mock::dropped`] counts the others. With
//! [`Mock::with_journal`] a file has all of them: it says the id of the project each line is about, since nothing else tells projects
//! apart, and bodies are in it as they came, as a replay is made of nothing else. So it is as secret as the project ids, and a
//! new one is readable by its owner only.
//!
//! # Architecture invariants
//!
//! - The destination, Segment's events and scenarios are unknown here: they meet this crate only in bytes. What
//!   scenarios expect, it shares with them.
//! - No wall clock, and no blocking thread but for a tap and the one that brings a journal file to the disk: over an
//!   in-memory stream on a paused runtime everything is virtual and repeatable, the `Date` header included.
//! - Where there is a journal file, what is recorded stands in it before it is recorded.
//! - The state is never locked across an await, and what a request changes, it changes at one moment: when its body
//!   is complete.
//! - Nothing a peer sends makes the server panic or ends it.

mod admin;
mod answers;
mod config;
mod dashboard;
mod exchange;
mod expect;
mod faults;
mod filter;
mod index;
mod journal;
mod keep;
mod limits;
mod mock;
mod namespace;
mod news;
mod project_id;
mod projects;
mod reads;
mod record;
mod serve;
mod shown;
mod signal;
mod space;
mod tally;
mod tap;
mod upstream;
mod visitor;

pub use answers::{Answers, AnswersError};
pub use attribution_ledger::{Call, Dialect, rules};
pub use config::{MockConfig, Strictness};
pub use dashboard::{DashboardDelay, DashboardDelayError, DashboardState};
pub use expect::{Recorded, Unmet, Wanted, conversion, identity, merge, page_view, request, violation, visit, visitor};
pub use faults::{
    Fault, FaultAction, FaultAnswer, FaultError, FaultGuard, FaultId, FaultKind, FaultMatch, FaultMistake, FaultPart,
    InstalledFault, Latency, Rate, RetryAfter, Statuses, WrongLength,
};
pub use filter::{Order, Page, Paging, RequestFilter};
pub use inbound::Spread;
pub use journal::{JournalFileError, JournalOptions, JournalSync, ReadBack, Torn, UnknownSync};
pub use keep::{BadKeep, Keep};
pub use limits::Limits;
pub use mock::Mock;
pub use namespace::{BadNamespace, Namespace};
pub use project_id::ProjectId;
pub use projects::Projects;
pub use reads::{Arrival, Arrivals};
pub use serve::{Connections, MockServer, MockServerBuilder, Resettable, SelfSigned, StartError, Tls, TlsError};
pub use shown::RequestDetail;
pub use tap::{Notice, RecordedAnswer, Recorder, Recording, RecordingError, Redaction, RequestTemplate, Tap};
pub use upstream::{Upstream, UpstreamError, UpstreamUrlError, WireAnswer, WireRequest};
pub use visitor::VisitorReport;
