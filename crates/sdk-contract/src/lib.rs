//! Drives a real Segment SDK by the protocol of its `e2e-cli`, against the Tracking API, and judges what arrives.
//!
//! It stands in front of the pipeline's first station: a command that wraps an SDK is started once for each case, is told
//! as JSON which calls to make and where to send them, and what it then sends meets the real ingest, or the fault that the case
//! is about.
//!
//! ```
//! use sdk_contract::{Suite, Words, cases};
//!
//! let words = Words::split("node 'my driver.mjs' --quiet")?;
//! assert_eq!(words.as_slice(), ["node", "my driver.mjs", "--quiet"]);
//! assert!(cases(&[Suite::Basic]).iter().any(|case| case.id() == "basic/track"));
//! # Ok::<(), sdk_contract::SplitError>(())
//! ```
//!
//! # The protocol
//!
//! The command gets two more arguments, `--input` and one JSON object:
//!
//! | field | meaning |
//! |---|---|
//! | `writeKey` | whose source it is |
//! | `apiHost`, `cdnHost` | where calls go, and where settings are, as `http://HOST:PORT` |
//! | `sequences` | what to call, one after the other: `delayMs` before, and `events` as Segment messages |
//! | `config` | `flushAt`, `flushInterval`, `maxRetries`; what is left out is the SDK's default |
//!
//! It ends by writing `{"success":true,"sentBatches":1}` as the last thing on standard output, or `{"success":false,"error":"…"}`
//! when something could not be delivered. Source: the `e2e-cli/README.md` of analytics-kotlin and analytics-python. A `timeout`
//! is never given, as the SDKs disagree whether it is in seconds or milliseconds; `flushInterval` is above 100, which those
//! that count in seconds take for milliseconds or, as they flush at their end, never reach.
//!
//! # What is where
//!
//! - [`Suite`], [`Case`], [`cases()`]: what is tried. [`Words`]: a command, split as a shell does.
//! - [`Player`]: plays a case. [`CaseReport`]: what came of it, with a [`Failure`] for each thing that is not as it should be.
//!
//! # Architecture invariants
//!
//! - No shell ever sees the command or its input.
//! - What a case demands is known before anything is started, and judging is pure: the same observation, the same report.
//! - No case demands that anything be quick; waiting long enough is all that time is judged for.
//! - A command that does not end is ended, with all that it started.

mod case;
mod cases;
mod judge;
mod observed;
mod player;
mod program;
mod report;
mod said;
mod script;
mod station;
mod suite;
mod words;

pub use case::Case;
pub use cases::cases;
pub use player::{PlayError, Player};
pub use report::{CaseReport, Failure};
pub use suite::Suite;
pub use words::{SplitError, Words};
