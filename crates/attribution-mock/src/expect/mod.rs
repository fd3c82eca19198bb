//! What a test claims of what was received: held against it at once, or waited for.
//!
//! - `observe`: what there is to be looked at; `wanted`: one row that there must be; `recorded`: the rows there are.
//! - `wait`: looking again whenever something arrives; `unmet`: why a claim doesn't hold.

mod observe;
mod recorded;
mod unmet;
mod wait;
mod wanted;

pub use recorded::Recorded;
pub use unmet::Unmet;
pub(crate) use wait::Patience;
pub use wanted::{Wanted, conversion, identity, merge, page_view, request, violation, visit, visitor};
