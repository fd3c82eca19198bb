use std::error::Error;
use std::fmt;
use std::time::Duration;

use http::StatusCode;
use outbound::Reason;

/// Why a server gave no answer. `Display` is the message of the answer that the double gives in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UpstreamError {
    /// No connection came about: refused, no such name, an untrusted certificate, a proxy that doesn't let it through.
    Unreachable(Reason),
    /// It took longer than this.
    Timeout(Duration),
    /// The connection ended, or what came over it was no HTTP.
    Broken(Reason),
    /// The answer is longer than so many bytes.
    TooLong(usize),
    /// The request can't be said in HTTP.
    Unsayable,
}

impl UpstreamError {
    /// The name of the failure, for programs.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Unreachable(_) => "upstream_unreachable",
            Self::Timeout(_) => "upstream_timeout",
            Self::Broken(_) => "upstream_broken",
            Self::TooLong(_) => "upstream_answer_too_long",
            Self::Unsayable => "upstream_unsayable",
        }
    }

    /// What a gateway answers in its place.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::Timeout(_) => StatusCode::GATEWAY_TIMEOUT,
            Self::Unreachable(_) | Self::Broken(_) | Self::TooLong(_) | Self::Unsayable => StatusCode::BAD_GATEWAY,
        }
    }
}

impl fmt::Display for UpstreamError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(why) => write!(f, "it can't be reached: {why}"),
            Self::Timeout(after) => write!(f, "it gave no whole answer within {} ms", after.as_millis()),
            Self::Broken(why) => write!(f, "it gave no whole answer: {why}"),
            Self::TooLong(limit) => write!(f, "its answer is longer than {limit} bytes"),
            Self::Unsayable => f.write_str("the path of the request is not one that HTTP can say"),
        }
    }
}

impl Error for UpstreamError {}
