//! Peers that break every rule, one file for each kind. Over real sockets and in real time.
//!
//! Each meets the outcome that `attribution_destination::deliver` documents: a final status is what it is, and whatever
//! is no whole answer is tried again. Nothing waits longer than the timeout, and memory and sockets have bounds.

mod bodies;
mod bounds;
mod heads;
mod peer;
mod resets;
mod retry_after;
mod slow;
mod statuses;
mod surplus;
mod tls;
