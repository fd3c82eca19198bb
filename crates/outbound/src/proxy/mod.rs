//! Proxies: which one connections go through, if any, and how.
//!
//! ```text
//! Proxies ── endpoint ──▶ one Proxy or none ──▶ Dialer ── https endpoint ──▶ tunnel (CONNECT), and TLS inside it
//!  (rules and exceptions)                         │
//!                                                 └────── http endpoint ───▶ the request itself, in absolute form
//! ```
//!
//! There is one endpoint for a connector, so which proxy is settled when that is made. Nothing here shows a proxy's credentials:
//! they are in [`Credentials`] alone, and an unreadable URL is not repeated.

mod credentials;
mod dialer;
mod exceptions;
mod forwarding;
mod problem;
mod proxies;
mod tunnel;
mod url;

pub use credentials::Credentials;
pub(crate) use dialer::Dialer;
pub use forwarding::Forwarding;
pub(crate) use problem::ProxyFailed;
pub use problem::ProxyProblem;
pub use proxies::Proxies;
pub(crate) use url::Proxy;
pub use url::ProxyError;
