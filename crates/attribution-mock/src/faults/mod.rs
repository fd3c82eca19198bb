//! Scripted misbehaviour: rules from a match to a verdict, which are installed, and what a struck exchange waits for.
//!
//! - `fault`, `matching`, `action`, `latency`: what a rule says; `kind`: what of it without its particulars.
//! - `resolved`, `conflicts`, `error`: whether it makes sense.
//! - `table`, `row`, `bucket`: the installed ones and what they remember; `strike`, `hold`: what one exchange gets.
//! - `words`: the words in which a scenario, the command line and the admin API write a fault.

mod action;
mod bucket;
mod conflicts;
mod error;
mod fault;
mod guard;
mod hold;
mod kind;
mod latency;
mod matching;
mod resolved;
mod row;
mod strike;
mod table;
mod words;

pub use action::{FaultAction, FaultAnswer, Rate, RetryAfter, Statuses, WrongLength};
pub use error::FaultError;
pub use fault::Fault;
pub use guard::FaultGuard;
pub(crate) use hold::Hold;
pub use kind::FaultKind;
pub use latency::Latency;
pub use matching::FaultMatch;
pub(crate) use matching::Seen;
pub(crate) use resolved::{Scripted, own_type};
pub(crate) use strike::{OnTheWire, Strike};
pub(crate) use table::FaultTable;
pub use table::{FaultId, InstalledFault};
pub use words::{FaultMistake, FaultPart};
pub(crate) use words::{FaultRow, read};
