use std::error::Error;
use std::fmt;
use std::io;
use std::iter::successors;
use std::time::Duration;

use http::StatusCode;
use rustls::InvalidMessage;

use crate::certificate::CertificateProblem;
use crate::connector::Unresolved;
use crate::proxy::{ProxyFailed, ProxyProblem};

/// Why an attempt was no success, in terms of what one could have seen from outside.
///
/// It is made of what kind of failure it was and never of a text from the other side, so it can't carry a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// An answer with this status.
    Status(u16),
    /// No whole answer within this time.
    Timeout(Duration),
    /// The endpoint's name has no address.
    Unresolved,
    /// Nobody listens at the endpoint.
    Refused,
    /// There is no way to the endpoint.
    Unreachable,
    /// The endpoint's certificate is not to be trusted, so nothing was sent to it.
    ///
    /// It is tried again like other failed connections: no event is to blame for it and it passes when the certificate
    /// is renewed or the clock set, while a rejection would cost every event that comes in until then.
    Certificate(CertificateProblem),
    /// What answers at the endpoint doesn't speak TLS.
    NotTls,
    /// The endpoint speaks TLS, but no connection could be agreed on.
    Tls,
    /// The proxy, and not the endpoint, is why there is no answer.
    ///
    /// It is tried again like other failed connections: no event is to blame for it, not even for a 407.
    Proxy(ProxyProblem),
    /// The connection was reset before there was an answer.
    Reset,
    /// The connection was closed before there was an answer.
    Closed,
    /// The connection was lost in the middle of the answer's body.
    BrokenOff,
    /// What came back is not HTTP.
    NotHttp,
    /// Another failure of the connection.
    Transport(io::ErrorKind),
}

impl Reason {
    /// Finds out what went wrong before the head of an answer was there.
    ///
    /// The client erases the connector's error, so what it was is looked for among the causes; what is not found
    /// there is a transport error like others and never stops a retry.
    pub fn of(error: &(dyn Error + 'static)) -> Self {
        let causes = || successors(Some(error), |error: &&(dyn Error + 'static)| cause(*error));
        if let Some(ProxyFailed(problem)) = causes().find_map(|cause| cause.downcast_ref()) {
            return Self::Proxy(*problem);
        }
        if causes().any(<dyn Error>::is::<Unresolved>) {
            return Self::Unresolved;
        }
        if let Some(error) = causes().find_map(|cause| cause.downcast_ref::<rustls::Error>()) {
            return Self::of_tls(error);
        }
        // The innermost one: those around it only say that something is within.
        if let Some(error) = causes().filter_map(|cause| cause.downcast_ref::<io::Error>()).last() {
            return Self::of_io(error.kind());
        }
        causes()
            .find_map(|cause| cause.downcast_ref::<hyper::Error>())
            .map_or(Self::Transport(io::ErrorKind::Other), Self::of_http)
    }

    fn of_tls(error: &rustls::Error) -> Self {
        match error {
            rustls::Error::InvalidCertificate(error) => Self::Certificate(error.into()),
            rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType) => Self::NotTls,
            _ => Self::Tls,
        }
    }

    fn of_io(kind: io::ErrorKind) -> Self {
        use io::ErrorKind as Kind;
        match kind {
            Kind::ConnectionRefused => Self::Refused,
            Kind::ConnectionReset | Kind::ConnectionAborted | Kind::BrokenPipe | Kind::NotConnected => Self::Reset,
            Kind::UnexpectedEof => Self::Closed,
            // The kernel's own timeout is about reaching the host; ours is `Timeout`.
            Kind::HostUnreachable
            | Kind::NetworkUnreachable
            | Kind::NetworkDown
            | Kind::AddrNotAvailable
            | Kind::TimedOut => Self::Unreachable,
            other => Self::Transport(other),
        }
    }

    fn of_http(error: &hyper::Error) -> Self {
        if error.is_parse() {
            Self::NotHttp
        } else if error.is_incomplete_message() || error.is_canceled() || error.is_closed() {
            Self::Closed
        } else {
            Self::Transport(io::ErrorKind::Other)
        }
    }
}

/// What an error comes from. An I/O error that holds another one names as its source only what comes after that.
fn cause<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(held) => Some(held),
        None => error.source(),
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write_status(f, *status),
            Self::Timeout(timeout) => write!(f, "no whole answer within {timeout:?}"),
            Self::Unresolved => f.write_str("the endpoint's name has no address"),
            Self::Refused => f.write_str("connection refused: nothing listens at the endpoint"),
            Self::Unreachable => f.write_str("the endpoint can't be reached"),
            Self::Certificate(problem) => problem.fmt(f),
            Self::NotTls => f.write_str("the endpoint doesn't speak TLS: is it an http:// one?"),
            Self::Tls => f.write_str("no TLS connection could be agreed on"),
            Self::Proxy(problem) => problem.fmt(f),
            Self::Reset => f.write_str("connection reset before an answer"),
            Self::Closed => f.write_str("connection closed before an answer"),
            Self::BrokenOff => f.write_str("connection lost in the middle of the answer"),
            Self::NotHttp => f.write_str("the answer is not HTTP"),
            Self::Transport(kind) => write!(f, "connection failed: {kind}"),
        }
    }
}

fn write_status(f: &mut fmt::Formatter<'_>, status: u16) -> fmt::Result {
    write!(f, "answered {status}")?;
    if let Some(name) = StatusCode::from_u16(status)
        .ok()
        .and_then(|status| status.canonical_reason())
    {
        write!(f, " {name}")?;
    }
    if (300..400).contains(&status) {
        f.write_str(" (redirects are not followed)")
    } else {
        Ok(())
    }
}

impl Error for Reason {}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Wrapped(Box<dyn Error>);

    impl fmt::Display for Wrapped {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("wrapped")
        }
    }

    impl Error for Wrapped {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            Some(&*self.0)
        }
    }

    #[test]
    fn the_kind_of_an_io_error_is_found_below_any_number_of_wrappers() {
        let cases = [
            (io::ErrorKind::ConnectionRefused, Reason::Refused),
            (io::ErrorKind::ConnectionReset, Reason::Reset),
            (io::ErrorKind::BrokenPipe, Reason::Reset),
            (io::ErrorKind::UnexpectedEof, Reason::Closed),
            (io::ErrorKind::TimedOut, Reason::Unreachable),
            (io::ErrorKind::NetworkUnreachable, Reason::Unreachable),
            (
                io::ErrorKind::PermissionDenied,
                Reason::Transport(io::ErrorKind::PermissionDenied),
            ),
        ];
        for (kind, expected) in cases {
            assert_eq!(
                Reason::of(&Wrapped(Box::new(Wrapped(Box::new(io::Error::from(kind)))))),
                expected
            );
        }
    }

    #[test]
    fn a_tls_failure_is_found_within_io_errors_and_told_in_terms_of_the_endpoint() {
        use rustls::{AlertDescription, CertificateError, Error as TlsError};
        let cases = [
            (
                TlsError::InvalidCertificate(CertificateError::Revoked),
                "the endpoint's certificate was revoked",
            ),
            (
                TlsError::InvalidCertificate(CertificateError::BadSignature),
                "the endpoint's certificate can't be used",
            ),
            (
                TlsError::InvalidMessage(InvalidMessage::InvalidContentType),
                "the endpoint doesn't speak TLS: is it an http:// one?",
            ),
            (
                TlsError::AlertReceived(AlertDescription::HandshakeFailure),
                "no TLS connection could be agreed on",
            ),
        ];
        for (error, expected) in cases {
            let held = io::Error::other(io::Error::new(io::ErrorKind::InvalidData, error));
            assert_eq!(Reason::of(&Wrapped(Box::new(held))).to_string(), expected);
        }
    }

    #[test]
    fn a_reset_in_the_middle_of_a_handshake_is_a_reset() {
        let held = io::Error::other(io::Error::from(io::ErrorKind::ConnectionReset));
        assert_eq!(Reason::of(&Wrapped(Box::new(held))), Reason::Reset);
    }

    #[test]
    fn a_name_without_an_address_is_told_from_a_connection_that_failed() {
        assert_eq!(
            Reason::of(&Wrapped(Box::new(Wrapped(Box::new(Unresolved))))),
            Reason::Unresolved
        );
    }

    #[test]
    fn an_error_nobody_knows_is_a_transport_error() {
        assert_eq!(
            Reason::of(&Wrapped("secret".into())),
            Reason::Transport(io::ErrorKind::Other)
        );
    }

    #[test]
    fn a_status_is_shown_with_its_name_and_a_redirect_with_what_it_means_here() {
        let shown = [503, 302, 299, 999].map(|status| Reason::Status(status).to_string());
        let expected = [
            "answered 503 Service Unavailable",
            "answered 302 Found (redirects are not followed)",
            "answered 299",
            "answered 999",
        ];
        assert_eq!(shown, expected);
        assert_eq!(
            Reason::Timeout(Duration::from_secs(5)).to_string(),
            "no whole answer within 5s"
        );
    }
}
