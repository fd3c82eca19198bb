//! What can be wrong with a request: one rule a file, each with a stable id, its documentation and its check.
//!
//! [`Severity::Deny`] is kept for what no public sender can emit, so that a strict server never refuses a request that the
//! live one would have taken. Public senders are Segment's Attribution destination, the gem attribution-ruby and the
//! Magento extension, each as its public code or documentation uses it.
//!
//! Every rule has at least one file in `fixtures/wire/classic/rejected/` or `flagged/`, and a test that says so.

mod alias_onto_itself;
mod alias_without_ids;
mod alias_without_previous_id;
mod alias_without_user_id;
mod bad_timestamp;
mod body_not_json_object;
mod context_not_an_object;
mod cookie_not_a_string;
mod identity_not_a_string;
mod missing_event;
mod missing_identity;
mod missing_timestamp;
mod not_an_object;
mod null_identity;
mod numeric_identity;
mod page_like_track;
mod page_without_url;
mod registry;
mod rule;
mod subject;
mod time_out_of_range;
mod unknown_field;
mod unknown_path;

pub(crate) use registry::check;
pub use registry::{all, explain};
pub(crate) use rule::Finding;
pub use rule::{Rule, RuleDoc, Severity, Violation};
pub(crate) use subject::Subject;
