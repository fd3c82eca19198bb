//! What a test claims of what was received: held against it at once, or waited for.
//!
//! - `observe`: what there is to be looked at; `wanted`: one row that there must be; `recorded`: the rows there are.
//! - `watch`: claims with what is known of them, so that a look costs what is new; `followed`: one of them, of rows; `rows`:
//!   where these come from; `live_report`: one of the report, which all share; `lagging`: the ledger of what a dashboard shows
//!   that lags behind; `circles`: whom it shows in any order.
//! - `wait`: looking again whenever something arrives; `unmet`: why a claim doesn't hold.

mod circles;
mod followed;
mod lagging;
mod live_report;
mod observe;
mod recorded;
mod rows;
mod unmet;
mod wait;
mod wanted;
mod watch;

pub(crate) use live_report::SharedReport;
pub use recorded::Recorded;
pub use unmet::Unmet;
pub(crate) use wait::Patience;
pub use wanted::{Wanted, conversion, identity, merge, page_view, request, violation, visit, visitor};
