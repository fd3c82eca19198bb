//! What can be wrong with a request: one rule a file, each with a stable id, its documentation and its check.
//!
//! A check looks at a request as a whole or at each of its messages, and is a pure function of what it looks at. The one
//! thing that a request doesn't show is whether a message id was recorded before: the ledger asks the rules when it records
//! a message again, and only one has something to say to that.
//!
//! [`Severity::Deny`] is kept for what no public sender can emit, so that a strict server never refuses a request that the
//! live one would have taken. Public senders are, of the classic wire, Segment's Attribution destination, the gem
//! attribution-ruby and the Magento extension; of the actions wire Segment's Attribution (Actions), which requires much and
//! whose events Segment's ingest has taken before; of the import wire RudderStack's destination, which requires a type and
//! nothing else; of the browser wire attribution.js, which always knows the visitor and whose calls have a path each, and
//! passes on what the page gave it. Each as its public code or documentation uses it. So a rule may deny in one dialect and only warn in
//! another: [`Rule::severity_in`].
//!
//! Every rule has at least one file in `fixtures/wire/<dialect>/rejected/` or `flagged/`, and a test that says so.

mod alias_onto_itself;
mod alias_without_ids;
mod alias_without_previous_id;
mod alias_without_user_id;
mod bad_timestamp;
mod body_not_json_object;
mod context_not_an_object;
mod cookie_not_a_string;
mod duplicate_message_id;
mod identity_not_a_string;
mod message_not_an_object;
mod message_type;
mod missing_batch;
mod missing_event;
mod missing_group_id;
mod missing_identity;
mod missing_message_id;
mod missing_timestamp;
mod missing_type;
mod not_an_object;
mod null_identity;
mod numeric_identity;
mod page_like_track;
mod page_without_url;
mod posted;
mod registry;
mod rule;
mod subject;
mod time_out_of_range;
mod type_contradicts_path;
mod unknown_field;
mod unknown_path;
mod unknown_type;

pub(crate) use posted::Posted;
pub use registry::{all, explain};
pub(crate) use registry::{check, repeated};
pub(crate) use rule::Finding;
use rule::{Check, Repeated};
pub use rule::{Rule, RuleDoc, Severity, Violation};
pub(crate) use subject::Subject;
