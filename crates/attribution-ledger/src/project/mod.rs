//! What Attribution makes of the hits: one file a projection, each with its row and the table that makes rows.
//!
//! A table's `record` takes a hit in and costs next to nothing; `rows` is computed on demand, because whom a hit belongs to
//! can still change: a hit keeps the person as whom it arrived, and rows name whom that person has become since.
//!
//! | row | is | made of |
//! |---|---|---|
//! | [`PageView`] | one page or screen | pages |
//! | [`Visit`] | a session of page views | page views |
//! | [`Conversion`] | one event that isn't a page view | tracks |
//! | [`Identity`] | a person with traits | identifies |
//! | [`Merge`] | two ids that became one | aliases |
//! | [`Visitor`] | one person, known or anonymous | everything |
//! | [`RecordedViolation`] | a broken rule | all that was assessed |
//!
//! Who keeps something made of visits, conversions and traits is told by a [`Follower`] which of them have changed.
//!
//! A message whose id was recorded before reaches none of the tables. Of groups no row is made.

mod arrival;
mod campaign;
mod conversions;
mod follow;
mod identities;
mod merges;
mod one_visitor;
mod packed;
mod page_views;
pub(crate) mod people;
mod report;
mod revenue;
mod texts;
mod unlinked;
mod violations;
mod visitors;
mod visits;

pub(crate) use arrival::Arrival;
pub(crate) use campaign::campaign_of;
pub use conversions::Conversion;
pub(crate) use conversions::{Conversions, Spoken};
pub use follow::{Change, Changed, Follower};
pub(crate) use identities::Identities;
pub use identities::{Identity, IdentityChange};
pub use merges::Merge;
pub(crate) use merges::Merges;
pub use one_visitor::OneVisitor;
pub(crate) use one_visitor::Tables;
pub use page_views::PageView;
pub(crate) use page_views::PageViews;
pub use report::AttributionReport;
pub(crate) use revenue::revenue;
pub(crate) use unlinked::Unlinked;
pub use violations::RecordedViolation;
pub use visitors::Visitor;
pub(crate) use visitors::visitors;
pub use visits::Visit;
pub(crate) use visits::visits;
