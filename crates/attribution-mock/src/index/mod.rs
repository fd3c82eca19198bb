//! What each request is about, kept beside the journal so that requests are found without a look at their bodies.
//!
//! [`Terms`](terms::Terms) are the words: events, ids, rules, each kept once. [`Index`] has one small record for each
//! entry and, for each word in it, a link back to the entry before that has the same word. So a word leads to its entries,
//! newest first, whatever their number, and forgetting the oldest entries is only to cut off the ends of those chains.
//!
//! [`Query`](query::Query) is a filter whose words have been looked up. It is good for as long as the index doesn't change.

mod entries;
mod facts;
mod numbered;
mod query;
mod terms;
#[cfg(test)]
mod tests;

pub(crate) use entries::Index;
