use std::error::Error;
use std::fmt;
use std::io;

use http::StatusCode;

use crate::certificate::CertificateProblem;
use crate::reason::Reason;

/// Why a proxy led to no answer of the endpoint's. Each is tried again, like a connection to the endpoint that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProxyProblem {
    /// Its name has no address.
    Unresolved,
    /// Nobody listens where it should be.
    Refused,
    /// There is no way to it.
    Unreachable,
    /// It is `https`, and its certificate is not to be trusted, so nothing was sent to it.
    Certificate(CertificateProblem),
    /// It is `https`, but no TLS connection could be agreed on.
    Tls,
    /// It reset or closed the connection before it said whether the endpoint can be reached.
    Lost,
    /// What it said is not HTTP, or not yet to be said.
    NotHttp,
    /// It answered so where it should have let the request through: 407, when its credentials are missing or wrong, and
    /// for an `https` endpoint whatever is no 2xx.
    Answered(u16),
    /// Another failure of the connection to it.
    Transport(io::ErrorKind),
}

impl ProxyProblem {
    /// What went wrong on the way to the proxy, or while the tunnel was asked for.
    pub(super) fn of(error: &(dyn Error + 'static)) -> Self {
        match Reason::of(error) {
            Reason::Unresolved => Self::Unresolved,
            Reason::Refused => Self::Refused,
            Reason::Unreachable => Self::Unreachable,
            Reason::Certificate(problem) => Self::Certificate(problem),
            Reason::NotTls | Reason::Tls => Self::Tls,
            Reason::Reset | Reason::Closed => Self::Lost,
            Reason::NotHttp => Self::NotHttp,
            Reason::Transport(kind) => Self::Transport(kind),
            // What is found out by the exchange is found out after the connection.
            Reason::Status(_) | Reason::Timeout(_) | Reason::BrokenOff | Reason::Proxy(_) => {
                Self::Transport(io::ErrorKind::Other)
            }
        }
    }
}

impl fmt::Display for ProxyProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unresolved => f.write_str("the proxy's name has no address"),
            Self::Refused => f.write_str("connection refused: nothing listens at the proxy"),
            Self::Unreachable => f.write_str("the proxy can't be reached"),
            Self::Certificate(problem) => write!(f, "the proxy's {}", problem.of_its_owner()),
            Self::Tls => f.write_str("no TLS connection to the proxy could be agreed on: is it an http:// one?"),
            Self::Lost => f.write_str("the proxy closed the connection before the endpoint was reached"),
            Self::NotHttp => f.write_str("what the proxy answered is not HTTP"),
            Self::Answered(407) => f.write_str(
                "the proxy answered 407 Proxy Authentication Required: give its URL the right user:password@ before the host",
            ),
            Self::Answered(status) => {
                let name = StatusCode::from_u16(*status).ok().and_then(|status| status.canonical_reason());
                let gap = if name.is_some() { " " } else { "" };
                write!(f, "the proxy answered {status}{gap}{}", name.unwrap_or_default())
            }
            Self::Transport(kind) => write!(f, "connection to the proxy failed: {kind}"),
        }
    }
}

/// A connector's error that is the proxy's and not the endpoint's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ProxyFailed(pub(crate) ProxyProblem);

impl fmt::Display for ProxyFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Error for ProxyFailed {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_shown_as_the_proxys_and_not_the_endpoints() {
        let cases = [
            (
                ProxyProblem::of(&io::Error::from(io::ErrorKind::ConnectionRefused)),
                "connection refused: nothing listens at the proxy",
            ),
            (
                ProxyProblem::of(&io::Error::from(io::ErrorKind::UnexpectedEof)),
                "the proxy closed the connection before the endpoint was reached",
            ),
            (
                ProxyProblem::of(&io::Error::from(io::ErrorKind::TimedOut)),
                "the proxy can't be reached",
            ),
            (
                ProxyProblem::Certificate(CertificateProblem::Expired),
                "the proxy's certificate has expired",
            ),
            (
                ProxyProblem::Answered(407),
                "the proxy answered 407 Proxy Authentication Required: give its URL the right user:password@ before the host",
            ),
            (ProxyProblem::Answered(502), "the proxy answered 502 Bad Gateway"),
            (ProxyProblem::Answered(599), "the proxy answered 599"),
        ];
        for (problem, expected) in cases {
            assert_eq!(problem.to_string(), expected);
        }
    }
}
