use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use inbound::Timely;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};
use tower_service::Service as _;

use crate::auth::Peer;
use crate::config::Limits;
use crate::source::Source;

/// How long accepting pauses when the system has no room for a connection: those that end meanwhile make some.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// The longest head of a request, in bytes: a pixel's call is in it.
const HEAD_BYTES: usize = 64 * 1024;

impl Source {
    /// Serves every connection to this listener, in HTTP/1.1, until `shutdown` is ready; `admin` is as for
    /// [`router`](Self::router).
    ///
    /// Then it closes the listener and waits for the exchanges in flight, but no longer than
    /// [`SourceConfig::grace`](crate::SourceConfig::grace); whatever is left is cut off.
    ///
    /// # Panics
    ///
    /// When serving a connection panicked, so that a broken source is never taken for a broken sender.
    pub async fn serve(&self, listener: TcpListener, admin: Router, shutdown: impl Future<Output = ()>) {
        let (router, config) = (self.router(admin), self.config());
        // Dropping it is the signal: nothing is ever sent.
        let (stop, stopping) = watch::channel(());
        let mut connections = JoinSet::new();
        let mut shutdown = pin!(shutdown);
        loop {
            tokio::select! {
                biased;
                () = &mut shutdown => break,
                Some(ended) = connections.join_next() => surface(ended),
                accepted = listener.accept(), if connections.len() < config.limits.connections => match accepted {
                    Ok((socket, peer)) => {
                        connections.spawn(converse(socket, peer, router.clone(), config.limits, stopping.clone()));
                    }
                    Err(_) => config.clock.sleep(ACCEPT_PAUSE).await,
                },
            }
        }
        drop((listener, stop));
        let finish = async {
            while let Some(ended) = connections.join_next().await {
                surface(ended);
            }
        };
        tokio::select! {
            () = finish => {}
            () = config.clock.sleep(config.grace) => {}
        }
    }
}

/// Serves one connection; once stopping, it takes no further request and ends after the exchange in flight.
async fn converse(socket: TcpStream, peer: SocketAddr, router: Router, limits: Limits, mut stop: watch::Receiver<()>) {
    // Without this an answer may wait for the acknowledgement of the one before.
    let _ = socket.set_nodelay(true);
    let service = service_fn(move |request: http::Request<Incoming>| {
        let mut request = request.map(|body| Body::new(Timely::new(body, limits.body_time)));
        request.extensions_mut().insert(Peer(peer));
        router.clone().call(request)
    });
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_time)
        .max_header_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(socket), service);
    let mut serving = pin!(serving);
    tokio::select! {
        // An error is a peer that went away, was too slow, or spoke no HTTP: nobody is left to be told.
        _ = serving.as_mut() => return,
        _ = stop.changed() => serving.as_mut().graceful_shutdown(),
    }
    let _ = serving.await;
}

fn surface(ended: Result<(), JoinError>) {
    if let Err(error) = ended
        && let Ok(panic) = error.try_into_panic()
    {
        std::panic::resume_unwind(panic);
    }
}
