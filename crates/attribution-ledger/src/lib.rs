//! What Attribution records of what it receives: reads requests, says what is wrong with them, keeps them, and makes visits,
//! identities, conversions and merges of them. A pure state machine: bytes and times in, plain data out.
//!
//! In the pipeline this is the far half. The HTTP server in front of it hands over what was posted to
//! `track.attributionapp.com`; what senders mean by it is read here a second time, from bytes alone.
//!
//! ```text
//!  path, body ──▶ assess ──▶ Assessment { messages, violations } ──▶ strict or lenient: the server's choice
//!                                                                   │
//!  report ◀── project ◀── Ledger::apply ◀── Entry ◀── Journal::append ◀┘
//! ```
//!
//! ```
//! use attribution_ledger::{EntryVerdict, Headers, Journal, Ledger, Request, assess};
//!
//! let body = br#"{"cookie_id":"anon-1","timestamp":"2024-01-15T10:00:00.000Z","context":{},"event":"Viewed Pricing Page",
//!     "properties":{"url":"https://shop.example/pricing?utm_source=google","name":"Pricing"}}"#;
//! let assessment = assess("/track", body);
//! assert!(!assessment.is_denied());
//!
//! let mut journal = Journal::new();
//! let received_at = "2024-01-15T10:00:01Z".parse()?;
//! let headers = Headers::new([("user-agent", "Segment.io/1.0")])?;
//! let path = "/track".into();
//! let request = Request { received_at, path, browser: false, headers, encoding: None, body: body.as_slice().into() };
//! let mut ledger = Ledger::default();
//! ledger.apply_assessed(journal.append(request, EntryVerdict::Recorded, 200), assessment);
//!
//! let visit = &ledger.visits()[0];
//! assert_eq!(visit.page.as_deref(), Some("https://shop.example/pricing"));
//! assert_eq!(visit.source.as_deref(), Some("google"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! - [`decode`]: from bytes to [`Message`]s and their [`Hit`]s, one file a dialect.
//! - [`rules`]: what can be wrong with a request, one file a rule.
//! - `history`: what is remembered of messages so that later ones can be told from them.
//! - [`journal`]: entries and the text in which they are kept.
//! - [`project`]: who is who, and one file a projection.
//! - [`Ledger`]: applies entries and answers with rows.
//!
//! # Architecture invariants
//!
//! - Nothing is shared with the crates that write requests. The two halves meet only in bytes, and each is held to the same
//!   files in `fixtures/wire/`; a test compares `cargo metadata` with that.
//! - No clock, no randomness, no files, no network: replaying a journal equals applying its entries as they came.
//! - No input makes it panic, and no request is lost: what can't be read is listed with a rule's name.
//! - No hash map is iterated: every list has a defined order.

mod assess;
pub mod decode;
mod hash;
mod history;
pub mod journal;
mod ledger;
pub mod project;
pub mod rules;

pub use assess::{Assessment, assess, assess_browser};
pub use decode::{
    AliasHit, BrowserRoute, Call, Dialect, GroupHit, Hit, IdentifyHit, Ids, Mention, Message, PageHit, PageKind, Route,
    TrackHit, UnknownDialect,
};
pub use journal::{
    BadHeader, Entry, EntryError, EntryRow, EntryVerdict, Headers, Journal, JournalError, Line, Logged, REDACTED,
    Request,
};
pub use ledger::{Counts, Ledger, LedgerConfig};
pub use project::{
    AttributionReport, Change, Changed, Conversion, Follower, Identity, IdentityChange, Merge, OneVisitor, PageView,
    RecordedViolation, Visit, Visitor,
};
pub use rules::{CannotDeny, Level, Rule, RuleDoc, RuleLevels, Severity, Violation};
