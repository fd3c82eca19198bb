use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::panic;
use std::pin::pin;
use std::time::Duration;

use clock::Clock;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Handle;
use tokio::task::{JoinError, JoinSet};

use crate::Spread;

/// How long accepting pauses when the system has no room for a connection: those that end meanwhile make some.
const PAUSE: Duration = Duration::from_millis(50);

/// How connections are accepted, and how they end.
#[derive(Clone, Debug)]
pub struct Accepting {
    /// Whose time it is.
    pub clock: Clock,
    /// How many connections are served at once; the others wait in the backlog.
    pub connections: usize,
    /// How long those that are left in the end may take.
    pub grace: Duration,
    /// Where those are served that are not among the first few; none is where they are accepted.
    pub spread: Option<Spread>,
}

impl Accepting {
    /// Serves every connection to this listener, each in a task of its own, until `shutdown` is ready. `serve` gives nothing
    /// for a connection that it has turned away.
    ///
    /// Then it closes the listener, drops `stop`, by which the connections are to know that they should end, and waits for
    /// them, but no longer than the grace; whatever is left is cut off.
    ///
    /// # Panics
    ///
    /// When serving a connection panicked, so that a broken server is never taken for a broken sender.
    pub async fn serve<F>(
        &self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()>,
        stop: impl Sized,
        mut serve: impl FnMut(TcpStream, SocketAddr) -> Option<F>,
    ) where
        F: Future<Output = ()> + Send + 'static,
    {
        let mut connections = JoinSet::new();
        let mut shutdown = pin!(shutdown);
        loop {
            tokio::select! {
                biased;
                () = &mut shutdown => break,
                Some(ended) = connections.join_next() => surface(ended),
                accepted = listener.accept(), if connections.len() < self.connections => match accepted {
                    Ok((socket, peer)) => {
                        // Without this an answer may wait for the acknowledgement of the one before.
                        let _ = socket.set_nodelay(true);
                        if let Ok((socket, runtime)) = self.place(socket, connections.len())
                            && let Some(serving) = serve(socket, peer)
                        {
                            connections.spawn_on(serving, &runtime);
                        }
                    }
                    Err(_) => self.clock.sleep(PAUSE).await,
                },
            }
        }
        drop((listener, stop));
        tokio::select! {
            () = finish(&mut connections) => {}
            () = self.clock.sleep(self.grace) => {}
        }
    }

    fn place(&self, socket: TcpStream, connections: usize) -> io::Result<(TcpStream, Handle)> {
        match &self.spread {
            Some(spread) => spread.place(socket, connections),
            None => Ok((socket, Handle::current())),
        }
    }
}

async fn finish(connections: &mut JoinSet<()>) {
    while let Some(ended) = connections.join_next().await {
        surface(ended);
    }
}

/// Goes on here with the panic of a task, if it ended with one.
pub fn surface(ended: Result<(), JoinError>) {
    if let Err(Ok(panic)) = ended.map_err(JoinError::try_into_panic) {
        panic::resume_unwind(panic);
    }
}

#[cfg(test)]
mod tests {
    use std::future;

    use tokio::sync::watch;

    use super::*;

    async fn listener() -> (TcpListener, SocketAddr) {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        (listener, address)
    }

    fn accepting() -> Accepting {
        Accepting {
            clock: Clock::system(),
            connections: 2,
            grace: Duration::from_secs(60),
            spread: None,
        }
    }

    #[tokio::test]
    async fn connections_are_told_to_end_and_are_waited_for() {
        let (listener, address) = listener().await;
        let _peer = TcpStream::connect(address).await.unwrap();
        let (stop, stopping) = watch::channel(());
        let (begun, mut beginning) = watch::channel(false);
        let (ended, end) = watch::channel(false);
        let each = |socket, _| {
            let (mut stopping, begun, ended) = (stopping.clone(), begun.clone(), ended.clone());
            Some(async move {
                let _socket: TcpStream = socket;
                begun.send_replace(true);
                assert!(stopping.changed().await.is_err(), "the signal is that it is dropped");
                ended.send_replace(true);
            })
        };
        let shutdown = async move { drop(beginning.wait_for(|begun| *begun).await) };
        accepting().serve(listener, shutdown, stop, each).await;
        assert!(*end.borrow());
    }

    #[tokio::test]
    #[should_panic(expected = "the server broke")]
    async fn the_panic_of_a_connection_is_the_server_s() {
        let (listener, address) = listener().await;
        let _peer = TcpStream::connect(address).await.unwrap();
        let each = |_, _| Some(async { panic!("the server broke") });
        accepting().serve(listener, future::pending(), (), each).await;
    }
}
