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

impl CertificateProblem {
    /// What comes after the name of whose certificate it is.
    pub(crate) fn of_its_owner(self) -> &'static str {
        match self {
            Self::Expired => "certificate has expired",
            Self::NotValidYet => "certificate is not valid yet: is the clock of this machine right?",
            Self::UnknownIssuer => "certificate is from an issuer that is not trusted here",
            Self::WrongName => "certificate is for another host",
            Self::Revoked => "certificate was revoked",
            Self::Unusable => "certificate can't be used",
        }
    }
}

impl fmt::Display for CertificateProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the endpoint's {}", self.of_its_owner())
    }
}
