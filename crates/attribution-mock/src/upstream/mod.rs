//! Another server of the same API, asked over sockets: what the double forwards to, or is held against.
//!
//! Every exchange has a connection of its own, so that none is ever found closed and no request is written twice.

mod client;
mod error;
mod hops;
mod url;
mod wire;

pub use client::Upstream;
pub use error::UpstreamError;
pub use url::UpstreamUrlError;
pub use wire::{WireAnswer, WireRequest};

pub(crate) use hops::without_hops;
pub(crate) use wire::plain;
