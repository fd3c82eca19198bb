use std::error::Error;
use std::fmt;

use outbound::Reason;

use super::connect::Connect;
use super::exchange::Exchanger;
use crate::request::WireRequest;
use crate::settings::ProjectId;

/// Asks once. A 2xx is good, a 401 is not, and everything else leaves it open.
pub(super) async fn check<C>(exchanger: &Exchanger<C>, project_id: &ProjectId) -> Result<(), CredentialsError>
where
    C: Connect,
{
    match exchanger.exchange(&WireRequest::check_auth(project_id)).await {
        Ok(answer) => match answer.status {
            200..=299 => Ok(()),
            401 => Err(CredentialsError::Invalid),
            status => Err(CredentialsError::Unknown(Reason::Status(status))),
        },
        Err(reason) => Err(CredentialsError::Unknown(reason)),
    }
}

/// Why the project id can't be said to be good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CredentialsError {
    /// Attribution doesn't know it. In the words of Segment's Attribution (Actions) destination.
    Invalid,
    /// Attribution did not say.
    Unknown(Reason),
}

impl fmt::Display for CredentialsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid => f.write_str("Credentials are invalid: 401 Unauthorized"),
            Self::Unknown(_) => f.write_str("whether the credentials are valid is not known"),
        }
    }
}

impl Error for CredentialsError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Invalid => None,
            Self::Unknown(reason) => Some(reason),
        }
    }
}
