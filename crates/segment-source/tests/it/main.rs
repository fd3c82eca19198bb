//! The source as its senders meet it: over real HTTP, and as laws over whatever they may send.

#![expect(clippy::unwrap_used, reason = "a test that can not go on panics")]

mod answers;
mod calls;
mod hostile;
mod laws;
mod openapi;
mod pages;
mod server;
