use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use inbound::{Accepting, Timely};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tower_service::Service as _;

use crate::auth::Peer;
use crate::config::Limits;
use crate::openapi::AdminApi;
use crate::source::Source;

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
    pub async fn serve(&self, listener: TcpListener, admin: AdminApi, shutdown: impl Future<Output = ()>) {
        let (router, config) = (self.router(admin), self.config());
        // Dropping it is the signal: nothing is ever sent.
        let (stop, stopping) = watch::channel(());
        let accepting = Accepting {
            clock: config.clock.clone(),
            connections: config.limits.connections,
            grace: config.grace,
            spread: None,
        };
        let each = |socket, peer| Some(converse(socket, peer, router.clone(), config.limits, stopping.clone()));
        accepting.serve(listener, shutdown, stop, each).await;
    }
}

/// Serves one connection; once stopping, it takes no further request and ends after the exchange in flight.
async fn converse(socket: TcpStream, peer: SocketAddr, router: Router, limits: Limits, mut stop: watch::Receiver<()>) {
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
