//! How every HTTP client of this workspace reaches a server over sockets: straight or through the environment's proxy, by
//! TLS where the address is `https`, and why that failed, in terms of what one could have seen from outside.
//!
//! It stands behind whoever sends: the destination's sender, and the double where it passes requests on. Neither knows the
//! other, and both meet the same networks.
//!
//! ```
//! use outbound::{Proxies, Sockets, TlsRoots};
//!
//! let sockets = Sockets {
//!     roots: TlsRoots::system(),
//!     proxies: Some(Proxies::through("http://proxy.example:3128")?),
//! };
//! let endpoint = "http://endpoint.example".parse()?;
//! let (connector, forwarding) = sockets.connector(&endpoint, &clock::Clock::system())?;
//! // A tower service from an address to a connection, and that the proxy takes the requests themselves.
//! assert!(forwarding.is_some());
//! # let _ = connector;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! - [`Sockets`]: what connections are made of; [`HttpsConnector`]: what makes them.
//! - [`Proxies`]: which proxy stands between, if any; [`Forwarding`]: what is different about requests that it takes.
//! - [`TlsRoots`]: whose certificates are trusted; [`TlsTime`]: at what time, for whoever serves, too.
//! - [`Reason`]: why there was no good answer, with [`ProxyProblem`] and [`CertificateProblem`].
//!
//! # Architecture invariants
//!
//! - It speaks no request but `CONNECT`, and knows no event and no path.
//! - Nothing here shows a proxy's credentials: they are in [`Credentials`] alone, and an unreadable URL is not repeated.

mod address;
mod certificate;
mod connector;
mod proxy;
mod reason;
mod sockets;
mod tls;

pub use certificate::CertificateProblem;
pub use connector::HttpsConnector;
pub use proxy::{Credentials, Forwarding, Proxies, ProxyError, ProxyProblem};
pub use reason::Reason;
pub use sockets::{Sockets, Unconnectable};
pub use tls::{TlsRoots, TlsRootsError, TlsTime};
