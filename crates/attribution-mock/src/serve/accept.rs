use std::future::Future;

use inbound::Accepting;
use tokio::net::{TcpListener, TcpStream};

use super::lent::Resettable as _;
use crate::mock::Mock;
use crate::signal::Signal;

impl Mock {
    /// Serves every connection to this listener until `shutdown` is ready.
    ///
    /// Then it closes the listener, lets go what faults hold, and waits for the exchanges in flight, but no longer
    /// than [`MockConfig::grace`](crate::MockConfig::grace); whatever is left is cut off.
    ///
    /// It serves as many at once as [`Limits::connections`](crate::Limits::connections) says; the others wait in the
    /// backlog.
    ///
    /// # Panics
    ///
    /// When serving a connection panicked, so that a broken double is never taken for a broken sender.
    pub async fn serve(&self, listener: TcpListener, shutdown: impl Future<Output = ()>) {
        let (serving, stop) = (self.connections(), Signal::new());
        let stopping = stop.waiter();
        let config = self.config();
        let accepting = Accepting {
            clock: config.clock.clone(),
            connections: config.limits.connections,
            grace: config.grace,
            spread: config.spread.clone(),
        };
        let each = |mut socket: TcpStream, _peer| {
            if self.refuses() {
                socket.reset();
                return None;
            }
            let (serving, stopping) = (serving.clone(), stopping.clone());
            Some(async move { serving.serve_until(socket, stopping).await })
        };
        accepting.serve(listener, shutdown, stop, each).await;
    }
}
