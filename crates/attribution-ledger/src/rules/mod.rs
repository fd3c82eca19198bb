//! What can be wrong with a request: one rule a file, each with a stable id, its documentation and its check.
//!
//! A check is a pure function of what it looks at. Most look at a request as a whole or at each of its messages, and so are
//! known before the request is answered. Some need what a request doesn't show, the time of receipt and what was recorded
//! before: the ledger asks them when it records a message. One waits for what is yet to come, and is asked whenever
//! violations are listed. Those can only warn.
//!
//! [`Severity::Deny`] is kept for what no public sender can emit, so that a strict server never refuses a request that the
//! live one would have taken. Public senders are, of the classic wire, Segment's Attribution destination, the gem
//! attribution-ruby and the Magento extension; of the actions wire Segment's Attribution (Actions), which requires much and
//! whose events Segment's ingest has taken before; of the import wire RudderStack's destination, which requires a type and
//! nothing else; of the browser wire attribution.js, which always knows the visitor and whose calls have a path each, and
//! passes on what the page gave it. Each as its public code or documentation uses it. So a rule may deny in one dialect
//! and only warn in another: [`Rule::severity_in`]. Whoever knows better says so, rule by rule: [`RuleLevels`]. A rule
//! that senders break who do all they can is off unless it is turned on there, and says why: [`Rule::off`].
//!
//! Every rule has at least one file in `fixtures/wire/<dialect>/rejected/` or `flagged/`, and a test that says so.

mod alias_cycle;
mod alias_of_merged_id;
mod alias_onto_former_id;
mod alias_onto_itself;
mod alias_without_ids;
mod alias_without_previous_id;
mod alias_without_user_id;
mod audience_not_boolean;
mod bad_timestamp;
mod body_not_json_object;
mod campaign_contradicts_url;
mod campaign_not_in_url;
mod campaign_of_page;
mod clock_skew;
mod computation;
mod context_not_an_object;
mod cookie_not_a_string;
mod duplicate_message_id;
mod identity_not_a_string;
mod level;
mod levels;
mod listing;
mod membership_without_identity;
mod message_id_reused;
mod message_not_an_object;
mod message_type;
mod missing_batch;
mod missing_event;
mod missing_group_id;
mod missing_identity;
mod missing_message_id;
mod missing_timestamp;
mod missing_type;
mod near;
mod not_an_object;
mod null_identity;
mod numeric_identity;
mod order;
mod order_revenue_elsewhere;
mod order_without_revenue;
mod page_like_track;
mod page_without_url;
mod placeholder_identity;
mod posted;
mod recorded;
mod registry;
mod repeated_referrer;
mod revenue_not_a_number;
mod rotating_cookies;
mod rule;
mod same_millisecond;
mod server_page_without_visitor;
mod shared_cookie;
mod subject;
mod suspected_duplicate;
mod time_in_the_far_past;
mod time_in_the_future;
mod time_out_of_range;
mod type_contradicts_path;
mod unknown_field;
mod unknown_path;
mod unknown_type;
mod unlinked_conversion;

use crate::history::Fact;
pub use level::{Level, UnknownLevel};
pub use levels::{CannotDeny, RuleLevels};
pub(crate) use listing::Listing;
pub use near::{UnknownRule, find};
pub(crate) use posted::Posted;
pub(crate) use recorded::Recorded;
pub use registry::{all, explain};
pub(crate) use registry::{check, recorded, unlinked};
use rule::Check;
pub(crate) use rule::Finding;
pub use rule::{Rule, RuleDoc, Severity, Violation};
pub(crate) use subject::Subject;
