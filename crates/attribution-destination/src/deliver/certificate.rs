use std::fmt;

use rustls::CertificateError;

/// What is wrong with an endpoint's certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CertificateProblem {
    /// Its time is over, or that of one it was issued by.
    Expired,
    /// Its time has not begun, by this machine's clock.
    NotValidYet,
    /// It does not come from an issuer that is trusted here.
    UnknownIssuer,
    /// It is for another host than the endpoint's.
    WrongName,
    /// Its issuer took it back.
    Revoked,
    /// It is broken, wrongly signed, or not made for servers.
    Unusable,
}

impl From<&CertificateError> for CertificateProblem {
    fn from(error: &CertificateError) -> Self {
        use CertificateError as Error;
        match error {
            Error::Expired | Error::ExpiredContext { .. } => Self::Expired,
            Error::NotValidYet | Error::NotValidYetContext { .. } => Self::NotValidYet,
            Error::UnknownIssuer => Self::UnknownIssuer,
            Error::NotValidForName | Error::NotValidForNameContext { .. } => Self::WrongName,
            Error::Revoked => Self::Revoked,
            _ => Self::Unusable,
        }
    }
}

impl fmt::Display for CertificateProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Expired => "the endpoint's certificate has expired",
            Self::NotValidYet => "the endpoint's certificate is not valid yet: is the clock of this machine right?",
            Self::UnknownIssuer => "the endpoint's certificate is from an issuer that is not trusted here",
            Self::WrongName => "the endpoint's certificate is for another host",
            Self::Revoked => "the endpoint's certificate was revoked",
            Self::Unusable => "the endpoint's certificate can't be used",
        })
    }
}
