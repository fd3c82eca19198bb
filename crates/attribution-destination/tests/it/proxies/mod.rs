//! Proxies between the sender and the endpoint, over real sockets and in real time.

mod failing;
mod proxy;
mod tunnels;
