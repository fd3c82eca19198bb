//! Scripted misbehaviour: what a fault is, which are installed, and what a struck exchange waits for.

mod error;
mod fault;
mod guard;
mod hold;
mod resolved;
mod spec;
mod table;

pub use error::FaultError;
pub use fault::{Fault, FaultAction, RetryAfter};
pub use guard::FaultGuard;
pub(crate) use hold::Hold;
pub(crate) use resolved::Scripted;
pub(crate) use spec::{FaultRow, FaultSpec};
pub use table::{FaultId, InstalledFault};
pub(crate) use table::{FaultTable, Strike};
