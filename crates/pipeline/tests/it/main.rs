//! Laws that need both halves: what the destination writes, the ledger reads as meant, and nothing is lost between.

#![expect(clippy::unwrap_used, reason = "a test that can not go on panics")]

mod bytes;
mod faults;
mod front;
mod full_queue;
mod generate;
mod link;
mod quiet;
mod repeatable;
mod virtually;
