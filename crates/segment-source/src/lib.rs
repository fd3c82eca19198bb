//! What Segment does to a message before a destination sees it: the Tracking API, its limits and its answers, the rejections
//! that nobody is told of, the fields that Segment fills in, and deduplication.
//!
//! First station of the pipeline. SDKs, or anything that speaks HTTP, post calls; out comes every [`Accepted`] event, in order, on a bounded queue, for whoever started the source. Facts and figures are those of Segment's HTTP Tracking API
//! documentation, "Delivery Overview" and analytics.js, each named where it is used.
//!
//! ```
//! use segment_source::{AdminApi, Source, SourceConfig};
//! use tokio::io::{AsyncReadExt, AsyncWriteExt};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let (source, mut accepted) = Source::new(SourceConfig::new(clock::Clock::system()));
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
//! let mut socket = tokio::net::TcpStream::connect(listener.local_addr()?).await?;
//! let serving = source.clone();
//! tokio::spawn(async move { serving.serve(listener, AdminApi::default(), std::future::pending()).await });
//!
//! let body = r#"{"userId":"user-1","event":"Order Completed","messageId":"m-1"}"#;
//! let request = format!(
//!     "POST /v1/track HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic a2V5Og==\r\nContent-Length: {}\r\n\
//!      Connection: close\r\n\r\n{body}",
//!     body.len(),
//! );
//! socket.write_all(request.as_bytes()).await?;
//! let mut answer = String::new();
//! socket.read_to_string(&mut answer).await?;
//! assert!(answer.ends_with(r#"{"success":true}"#));
//!
//! let event = accepted.next().await.expect("the source is there").event();
//! assert_eq!(event.event(), Some("Order Completed"));
//! assert_eq!(source.counts().accepted, 1);
//! # Ok(())
//! # }
//! ```
//!
//! # What is answered
//!
//! | request | answer |
//! |---|---|
//! | `POST /v1/{identify,track,page,screen,group,alias}`, `/v1/{i,t,p,s,g,a}` | 200 `{"success":true}`, whether the message is accepted, a duplicate, or rejected |
//! | `POST /v1/{batch,import}`, `/v1/b` | the same; each item is looked at by itself |
//! | `POST /v1/m`, the metrics of analytics.js | 200; they are no events |
//! | `GET /v1/pixel/<method>?data=<base64 of JSON>` | a gif of one pixel |
//! | `GET /v1/projects/<write key>/settings` | what analytics.js asks for first: it posts its calls where it got this |
//! | a body that is no JSON object, can't be decompressed, or is longer than 32 KB, or 500 KB of a batch | 400 |
//! | anything while the queue has no room for it | 429 with `Retry-After`; nothing of it is taken, so it can be sent again |
//! | `OPTIONS` of any of these | 204, as a browser asks before it sends |
//!
//! `GET /__admin/openapi.json` describes all of it, and the admin API, in OpenAPI.
//!
//! With [`SourceConfig::strict`] a rejection is answered 400, and says why; what is good in the same batch is taken all the same.
//!
//! # What is where
//!
//! - [`Source`]: the engine, its routes, and [`serve`](Source::serve); [`AcceptedEvents`]: what comes out of it.
//! - [`SourceConfig`] and [`Limits`]; [`WriteKeys`]: who may send, and what a [`WriteKey`] stands for.
//! - [`Receipt`]: what became of each message at ingest, with a [`Refusal`] for each thing against it; [`Counts`] of all.
//! - [`Message`]: one of the latest messages as it was sent and as it goes on, found by its id ([`MessagesOf`]).
//! - [`Call`]: what a path of the API takes, for whoever stands before it.
//! - [`AdminApi`]: routes that somebody else adds to the admin API, with their description, and [`Listing`]: which part of a
//!   list is asked for.
//!
//! # Architecture invariants
//!
//! - No destination is known here: names of destinations are passed in, and accepted events are handed out.
//! - Nothing accepted is lost: a message is remembered as seen, listed and queued at one moment, or not at all.
//! - Nothing grows: the queue, the receipts, the messages that can be looked at again and the remembered ids are bounded, and
//!   what was dropped is counted.
//! - No wall clock and no randomness but those passed in: in virtual time a day's window costs nothing.
//! - A write key is shown by no `Debug` and `Display`, in no receipt, in no event and in no message that
//!   is looked at again.

mod accepted;
mod admin;
mod answer;
mod auth;
mod body;
mod call;
mod complete;
mod config;
mod listing;
mod messages;
mod openapi;
mod pixel;
mod receipt;
mod receipts;
mod refusal;
mod router;
mod seen;
mod serve;
mod settings;
mod short_way;
mod source;
mod unpack;
mod write_keys;

pub use accepted::{Accepted, AcceptedEvents};
pub use call::Call;
pub use config::{Limits, SourceConfig};
pub use listing::{BadListing, Listing};
pub use messages::{Message, MessagesOf};
pub use openapi::AdminApi;
pub use receipt::{About, Receipt, Verdict};
pub use receipts::{Counts, ReceiptPage};
pub use refusal::{Code, Refusal};
pub use source::Source;
pub use write_keys::{WriteKey, WriteKeys};
