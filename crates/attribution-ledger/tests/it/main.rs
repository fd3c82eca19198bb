//! What the crate promises as a whole: the wire fixtures, the laws, and what a story looks like at its end.

mod dialects;
mod fixtures;
mod follow;
mod generate;
mod identities;
mod laws;
mod links;
mod membership;
mod message_ids;
mod one_visitor;
mod people;
mod silence;
mod story;
mod support;
mod verdicts;
mod visits;
