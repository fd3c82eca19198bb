//! What a test claims of what was received: held against it at once, or waited for.
//!
//! - `observe`: what there is to be looked at; `wanted`: one row that there must be; `recorded`: the rows there are.
//! - `watch`: a claim with what is known of it, so that of what arrives each row is looked at once; `arrivals`: those rows.
//! - `wait`: looking again whenever something arrives; `unmet`: why a claim doesn't hold.

mod arrivals;
mod observe;
mod recorded;
mod unmet;
mod wait;
mod wanted;
mod watch;

pub use recorded::Recorded;
pub use unmet::Unmet;
pub(crate) use wait::Patience;
pub use wanted::{Wanted, conversion, identity, merge, page_view, request, violation, visit, visitor};
