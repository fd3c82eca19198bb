use std::error::Error;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::Uri;
use http::uri::Scheme;
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::rt::TokioIo;
use rustls::client::ClientConfig;
use tokio::net::TcpStream;
use tower_service::Service;

use super::{Proxy, ProxyFailed, ProxyProblem, tunnel};
use crate::connector::TcpConnector;

type BoxError = Box<dyn Error + Send + Sync>;

/// Makes the connection that an exchange, or TLS to the endpoint, happens on: straight to the endpoint, to a proxy that
/// takes the requests, or through one to the endpoint.
#[derive(Clone, Debug)]
pub(crate) enum Dialer {
    Straight(TcpConnector),
    Through {
        proxy: Arc<Proxy>,
        hop: HttpsConnector<TcpConnector>,
    },
}

impl Dialer {
    pub(crate) fn new(tcp: TcpConnector, proxy: Option<Proxy>, tls: Arc<ClientConfig>) -> Self {
        match proxy {
            None => Self::Straight(tcp),
            Some(proxy) => Self::Through {
                proxy: Arc::new(proxy),
                hop: HttpsConnector::from((tcp, tls)),
            },
        }
    }
}

impl Service<Uri> for Dialer {
    /// By TLS only where the proxy is `https`.
    type Response = MaybeHttpsStream<TokioIo<TcpStream>>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        match self {
            Self::Straight(tcp) => tcp.poll_ready(cx).map_err(Into::into),
            Self::Through { hop, .. } => hop.poll_ready(cx),
        }
    }

    fn call(&mut self, endpoint: Uri) -> Self::Future {
        match self {
            Self::Straight(tcp) => {
                let connecting = tcp.call(endpoint);
                Box::pin(async move { Ok(MaybeHttpsStream::Http(connecting.await?)) })
            }
            Self::Through { proxy, hop } => {
                let (proxy, connecting) = (Arc::clone(proxy), hop.call(proxy.uri().clone()));
                Box::pin(async move {
                    let io = connecting
                        .await
                        .map_err(|error| ProxyFailed(ProxyProblem::of(&*error)))?;
                    if endpoint.scheme() != Some(&Scheme::HTTPS) {
                        return Ok(io);
                    }
                    let tunnel = tunnel::open(io, &endpoint, proxy.credentials()).await;
                    Ok(tunnel.map_err(ProxyFailed)?)
                })
            }
        }
    }
}
