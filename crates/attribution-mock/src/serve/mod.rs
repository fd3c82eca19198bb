//! From bytes to requests: the accept loop, one connection, and a server that a test holds in its hand.

mod accept;
mod builder;
mod connection;
mod ending;
mod lent;
mod server;

pub use builder::MockServerBuilder;
pub use connection::Connections;
pub use lent::Resettable;
pub use server::{MockServer, StartError};
