use std::error::Error;
use std::fmt;

use clock::Clock;
use http::Uri;
use rustls::RootCertStore;
use rustls::pki_types::ServerName;

use crate::address::{host, is_https};
use crate::connector::HttpsConnector;
use crate::proxy::{Forwarding, Proxies, Proxy, ProxyError};
use crate::tls::{self, TlsRoots};

/// What connections over sockets are made of.
#[derive(Clone, Debug, Default)]
pub struct Sockets {
    /// Whose certificates are trusted.
    pub roots: TlsRoots,
    /// What stands between: the environment's proxies where none are given.
    pub proxies: Option<Proxies>,
}

impl Sockets {
    /// Connections to this address, and that a proxy takes its requests, where one does. Only for TLS are the system's roots
    /// read.
    ///
    /// # Errors
    ///
    /// [`Unconnectable`], when no connection there could come about.
    pub fn connector(
        self,
        address: &Uri,
        clock: &Clock,
    ) -> Result<(HttpsConnector, Option<Forwarding>), Unconnectable> {
        let proxies = self.proxies.unwrap_or_else(Proxies::from_env);
        let proxy = proxies.of(address).map_err(Unconnectable::Proxy)?;
        if is_https(address) && ServerName::try_from(host(address)).is_err() {
            return Err(Unconnectable::ServerName);
        }
        let roots = if is_https(address) || proxy.as_ref().is_some_and(Proxy::is_https) {
            self.roots.load().ok_or(Unconnectable::NoRoots)?
        } else {
            RootCertStore::empty()
        };
        let forwarding = Forwarding::by(proxy.as_ref(), address);
        Ok((HttpsConnector::new(tls::config(roots, clock), proxy), forwarding))
    }
}

impl HttpsConnector {
    /// Connections to this address without a proxy, for a question that concerns nobody between: whether it is up, say.
    ///
    /// # Errors
    ///
    /// When the address is `https`, and its host can't have a certificate or there is no root to trust one by.
    pub fn direct(address: &Uri, roots: TlsRoots, clock: &Clock) -> Result<Self, Unconnectable> {
        let proxies = Some(Proxies::none());
        let (connector, _) = Sockets { roots, proxies }.connector(address, clock)?;
        Ok(connector)
    }
}

/// Why no connection to an address could ever come about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unconnectable {
    /// It is `https`, but no certificate can be for such a host.
    ServerName,
    /// It is `https`, but the system trusts no issuer of certificates and none was named.
    NoRoots,
    /// What the environment, or the caller, says about proxies can't be used.
    Proxy(ProxyError),
}

impl fmt::Display for Unconnectable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ServerName => {
                f.write_str("it has a host that no certificate can be for: give a DNS name or an IP address")
            }
            Self::NoRoots => f.write_str(
                "no issuer of certificates is trusted here, so no https endpoint could be: \
                 install the system's root certificates, or name one",
            ),
            Self::Proxy(error) => error.fmt(f),
        }
    }
}

impl Error for Unconnectable {}
