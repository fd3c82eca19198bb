//! What a report promises, from text to figures.

#![expect(clippy::unwrap_used, reason = "a test that can not go on panics")]

mod follow;
mod laws;
mod reports;
mod support;
mod trace;
