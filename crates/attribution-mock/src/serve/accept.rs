use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::lent::Resettable as _;
use super::streams::surface;
use crate::mock::Mock;
use crate::signal::Signal;

/// How long accepting pauses when the system has no room for a connection: those that end meanwhile make some.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

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
        let stop = Signal::new();
        let serving = self.connections();
        let most = self.config().limits.connections;
        let mut connections = JoinSet::new();
        let mut shutdown = pin!(shutdown);
        loop {
            tokio::select! {
                biased;
                () = &mut shutdown => break,
                Some(ended) = connections.join_next() => surface(ended),
                accepted = listener.accept(), if connections.len() < most => match accepted {
                    Ok((mut socket, _peer)) if self.refuses() => socket.reset(),
                    Ok((socket, _peer)) => {
                        // Without this an answer may wait for the acknowledgement of the one before.
                        let _ = socket.set_nodelay(true);
                        let (serving, stopping) = (serving.clone(), stop.waiter());
                        connections.spawn(async move { serving.serve_until(socket, stopping).await });
                    }
                    Err(_) => self.config().clock.sleep(ACCEPT_PAUSE).await,
                },
            }
        }
        drop((listener, stop));
        tokio::select! {
            () = finish(&mut connections) => {}
            () = self.config().clock.sleep(self.config().grace) => {}
        }
    }
}

async fn finish(connections: &mut JoinSet<()>) {
    while let Some(ended) = connections.join_next().await {
        surface(ended);
    }
}
