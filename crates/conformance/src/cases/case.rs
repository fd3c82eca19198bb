use std::error::Error;
use std::fmt;
use std::path::Path;

use attribution_mock::{Dialect, Recording, RecordingError, RequestTemplate};
use serde_json::Value;

use super::fixture;

/// One request, to be answered by the double and by a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// `classic/rejected/event_missing`, or the name of the file that was recorded.
    pub name: String,
    /// The dialect that is spoken.
    pub dialect: Dialect,
    /// What it is about, in a sentence.
    pub about: String,
    /// What is sent before, so that the request meets what it is about.
    pub before: Vec<RequestTemplate>,
    /// What is sent.
    pub request: RequestTemplate,
}

impl Case {
    /// Reads a file of `fixtures/wire/`, whose path says the dialect, or a recording; `None` for a fixture that is no request,
    /// since it is about an event that the destination never sends.
    ///
    /// # Errors
    ///
    /// When the file is neither.
    pub fn read(path: &Path, text: &str) -> Result<Option<Self>, CaseError> {
        let file: Value = serde_json::from_str(text).map_err(|error| CaseError::NotJson(error.to_string()))?;
        if file.get("version").is_some() {
            return recorded(path, text).map(Some).map_err(CaseError::Recording);
        }
        fixture::read(path, &file)
    }
}

fn recorded(path: &Path, text: &str) -> Result<Case, RecordingError> {
    let Recording { dialect, request, .. } = Recording::decode(text)?;
    Ok(Case {
        name: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
        dialect,
        about: "An exchange that was recorded.".to_owned(),
        before: Vec::new(),
        request,
    })
}

/// Why a file is no [`Case`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CaseError {
    /// It isn't JSON.
    NotJson(String),
    /// It is like a recording, but none.
    Recording(RecordingError),
    /// It is like a fixture, but no folder of its path is named for a dialect.
    NoDialect,
    /// This is missing, or of another type.
    Field(&'static str),
}

impl fmt::Display for CaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson(why) => write!(f, "it is not JSON: {why}"),
            Self::Recording(error) => write!(f, "it is no recording: {error}"),
            Self::NoDialect => f.write_str(
                "it is no recording, and a fixture lies in a folder such as classic/accepted or browser/rejected",
            ),
            Self::Field(name) => write!(f, "`{name}` is missing or of another type"),
        }
    }
}

impl Error for CaseError {}
