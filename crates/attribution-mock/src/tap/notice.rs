use std::fmt;
use std::path::PathBuf;

use http::StatusCode;

use crate::upstream::UpstreamError;

/// Something that whoever runs the server should hear of. It is told once, however often it happens.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notice {
    /// The upstream answers with another class of status than the double.
    Differs {
        /// The request path.
        path: String,
        /// What the double would have answered, and journaled.
        double: StatusCode,
        /// What the upstream answered, and the sender got.
        upstream: StatusCode,
    },
    /// The upstream gave no answer.
    NoAnswer(UpstreamError),
    /// An exchange is not kept.
    NotRecorded {
        /// The file or folder, or nothing where it is the exchange itself that can't be kept.
        file: Option<PathBuf>,
        /// Why.
        why: String,
    },
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Differs { path, double, upstream } => write!(
                f,
                "the upstream answers {} to {path} where the double says {}",
                upstream.as_u16(),
                double.as_u16()
            ),
            Self::NoAnswer(error) => write!(f, "the upstream gives no answer: {error}"),
            Self::NotRecorded { file: Some(file), why } => {
                write!(f, "can't record into {}: {why}; serving goes on", file.display())
            }
            Self::NotRecorded { file: None, why } => write!(f, "a request is not recorded: {why}"),
        }
    }
}
