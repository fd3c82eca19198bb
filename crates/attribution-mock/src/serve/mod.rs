//! From bytes to requests: the accept loop, one connection with what is spoken on it and how long it may take, and a server
//! that a test holds in its hand.

mod accept;
mod builder;
mod connection;
mod dates;
mod ending;
mod lent;
mod opening;
mod server;
mod streams;
mod tls;
mod watch;
mod wire;

pub use builder::MockServerBuilder;
pub use connection::Connections;
pub use lent::Resettable;
pub use server::{MockServer, StartError};
pub use tls::{SelfSigned, Tls, TlsError};
