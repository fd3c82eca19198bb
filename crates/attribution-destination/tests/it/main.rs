//! The crate as its users see it.
#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests may panic too, and clippy.toml allows it only within `#[test]`"
)]

mod deliver_batches;
mod deliver_close;
mod deliver_credentials;
mod deliver_hostile;
mod deliver_json;
mod deliver_laws;
mod deliver_letters;
mod deliver_link;
mod deliver_many;
mod deliver_message_ids;
mod deliver_metrics;
mod deliver_order;
mod deliver_outage;
mod deliver_pace;
mod deliver_retries;
mod deliver_room;
mod deliver_script;
mod deliver_sockets;
mod deliver_spooled;
mod deliver_tls;
mod deliver_tracing;
mod deliver_unordered;
mod filter;
mod map;
mod map_fields;
mod map_laws;
mod map_messages;
mod mapper_laws;
mod peers;
mod proxies;
