//! The crate as its users see it.
#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests may panic too, and clippy.toml allows it only within `#[test]`"
)]

mod deliver_hostile;
mod deliver_laws;
mod deliver_link;
mod deliver_order;
mod deliver_retries;
mod deliver_sockets;
mod deliver_spooled;
mod deliver_tls;
mod filter;
mod map;
mod map_laws;
mod map_messages;
mod mapper_laws;
mod peers;
mod proxies;
