//! Scripted misbehaviour: what a fault is, which are installed, and what a struck exchange waits for.

mod duration;
mod error;
mod fault;
mod guard;
mod hold;
mod mistake;
mod read;
mod resolved;
mod spec;
mod table;

pub(crate) use duration::duration;
pub use error::FaultError;
pub use fault::{Fault, FaultAction, RetryAfter};
pub use guard::FaultGuard;
pub(crate) use hold::Hold;
pub(crate) use read::read;
pub(crate) use resolved::{Scripted, content_type};
pub(crate) use spec::FaultRow;
pub use table::{FaultId, InstalledFault};
pub(crate) use table::{FaultTable, Strike};
