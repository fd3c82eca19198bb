use clock::Clock;
use rustls::RootCertStore;
use rustls::pki_types::ServerName;

use super::builder::BuildError;
use super::connector::HttpsConnector;
use super::endpoint::Endpoint;
use super::proxy::{Forwarding, Proxies, Proxy};
use super::tls::{self, TlsRoots};

impl HttpsConnector {
    /// Connections to this endpoint without a proxy, for other requests than a sender's: whether it is up, say.
    ///
    /// # Errors
    ///
    /// When the endpoint is `https`, and its host can't have a certificate or there is no root to trust one by.
    pub fn direct(endpoint: &Endpoint, roots: TlsRoots, clock: &Clock) -> Result<Self, BuildError> {
        let proxies = Some(Proxies::none());
        let (connector, _) = Sockets { roots, proxies }.connector(endpoint, clock)?;
        Ok(connector)
    }
}

/// What connections over sockets are made of.
#[derive(Clone, Debug, Default)]
pub(super) struct Sockets {
    pub(super) roots: TlsRoots,
    /// The environment's where none are given.
    pub(super) proxies: Option<Proxies>,
}

impl Sockets {
    /// Connections to this endpoint, and whether a proxy takes their requests. Only for TLS are the system's roots read.
    pub(super) fn connector(
        self,
        endpoint: &Endpoint,
        clock: &Clock,
    ) -> Result<(HttpsConnector, Option<Forwarding>), BuildError> {
        let proxies = self.proxies.unwrap_or_else(Proxies::from_env);
        let proxy = proxies.of(endpoint).map_err(BuildError::Proxy)?;
        if endpoint.is_https() {
            ServerName::try_from(endpoint.host()).map_err(|_| BuildError::ServerName(endpoint.clone()))?;
        }
        let roots = if endpoint.is_https() || proxy.as_ref().is_some_and(Proxy::is_https) {
            self.roots.load().ok_or(BuildError::NoRoots)?
        } else {
            RootCertStore::empty()
        };
        let forwarding = Forwarding::by(proxy.as_ref(), endpoint);
        Ok((HttpsConnector::new(tls::config(roots, clock), proxy), forwarding))
    }
}
