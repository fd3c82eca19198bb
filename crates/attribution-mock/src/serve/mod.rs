//! From bytes to requests: the accept loop, one connection, and a server that a test holds in its hand.

mod accept;
mod builder;
mod connection;
mod server;
mod unstalled;

pub use builder::MockServerBuilder;
pub use connection::Connections;
pub use server::{MockServer, StartError};
