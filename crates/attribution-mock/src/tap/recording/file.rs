//! A recording as a file of JSON.
//!
//! ```json
//! {
//!   "version": 1,
//!   "dialect": "classic",
//!   "request": { "method": "POST", "path": "/track", "headers": { "authorization": "Basic {{credentials}}" }, "body": "{}" },
//!   "response": { "status": 200, "headers": { "content-type": "application/json" }, "body": "{\"success\":true}" },
//!   "double": { "status": 400, "headers": {}, "body": "…" }
//! }
//! ```
//!
//! A body is a string, so that it comes back byte for byte; one that isn't UTF-8 is `body_base64` instead.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::{RecordedAnswer, Recording, RequestTemplate};

/// What this version writes and the only one that it reads.
const VERSION: u64 = 1;

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u64,
    dialect: String,
    request: Asked,
    response: Answered,
    #[serde(skip_serializing_if = "Option::is_none")]
    double: Option<Answered>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    method: String,
    path: String,
    headers: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body_base64: Option<String>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Answered {
    status: u16,
    headers: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body_base64: Option<String>,
}

impl Recording {
    /// The recording as a text of JSON that ends with a line feed.
    ///
    /// # Panics
    ///
    /// Never: strings and integers can always be written as JSON.
    pub fn encode(&self) -> String {
        let (body, body_base64) = written(Some(&self.request.body));
        let file = File {
            version: VERSION,
            dialect: self.dialect.to_string(),
            request: Asked {
                method: self.request.method.to_string(),
                path: self.request.path.clone(),
                headers: self.request.headers.clone(),
                encoding: self.request.encoding.clone(),
                body,
                body_base64,
            },
            response: answered(&self.response),
            double: self.double.as_ref().map(answered),
        };
        serde_json::to_string_pretty(&file).expect("strings and integers are serialisable") + "\n"
    }

    /// Reads what [`encode`](Self::encode) wrote.
    ///
    /// # Errors
    ///
    /// When the text is no recording of this version.
    pub fn decode(text: &str) -> Result<Self, RecordingError> {
        let file: File = serde_json::from_str(text).map_err(|error| RecordingError::Shape(error.to_string()))?;
        if file.version != VERSION {
            return Err(RecordingError::Version(file.version));
        }
        let asked = file.request;
        let request = RequestTemplate {
            method: asked.method.parse().map_err(|_| RecordingError::Method)?,
            path: asked.path,
            headers: asked.headers,
            encoding: asked.encoding,
            body: read(asked.body, asked.body_base64)?.unwrap_or_default(),
        };
        Ok(Self {
            dialect: file.dialect.parse().map_err(|_| RecordingError::Dialect)?,
            request,
            response: recorded(file.response)?,
            double: file.double.map(recorded).transpose()?,
        })
    }
}

fn answered(answer: &RecordedAnswer) -> Answered {
    let (body, body_base64) = written(answer.body.as_deref());
    Answered {
        status: answer.status,
        headers: answer.headers.clone(),
        encoding: answer.encoding.clone(),
        body,
        body_base64,
    }
}

fn recorded(answer: Answered) -> Result<RecordedAnswer, RecordingError> {
    Ok(RecordedAnswer {
        status: answer.status,
        headers: answer.headers,
        encoding: answer.encoding,
        body: read(answer.body, answer.body_base64)?,
    })
}

fn written(body: Option<&[u8]>) -> (Option<String>, Option<String>) {
    let Some(body) = body else { return (None, None) };
    match std::str::from_utf8(body) {
        Ok(text) => (Some(text.to_owned()), None),
        Err(_) => (None, Some(STANDARD.encode(body))),
    }
}

fn read(text: Option<String>, base64: Option<String>) -> Result<Option<Vec<u8>>, RecordingError> {
    match (text, base64) {
        (Some(_), Some(_)) => Err(RecordingError::TwoBodies),
        (Some(text), None) => Ok(Some(text.into_bytes())),
        (None, Some(base64)) => STANDARD.decode(base64).map(Some).map_err(|_| RecordingError::NotBase64),
        (None, None) => Ok(None),
    }
}

/// Why a text is no [`Recording`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordingError {
    /// It is no JSON, or a field is missing, unknown or of another type.
    Shape(String),
    /// It was written by another version.
    Version(u64),
    /// There is no such dialect.
    Dialect,
    /// The method is none that HTTP knows.
    Method,
    /// It has both a `body` and a `body_base64`.
    TwoBodies,
    /// `body_base64` is not base64.
    NotBase64,
}

impl fmt::Display for RecordingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shape(what) => f.write_str(what),
            Self::Version(version) => write!(
                f,
                "it is of version {version}, and this program reads version {VERSION}"
            ),
            Self::Dialect => f.write_str("`dialect` is none of classic, actions, import and browser"),
            Self::Method => f.write_str("`method` is not one that HTTP can say, such as POST"),
            Self::TwoBodies => f.write_str("it has both `body` and `body_base64`: leave one out"),
            Self::NotBase64 => f.write_str("`body_base64` is not base64"),
        }
    }
}

impl Error for RecordingError {}

#[cfg(test)]
mod tests {
    use attribution_ledger::Dialect;

    use super::*;

    fn recording(body: &[u8]) -> Recording {
        let answer = |body| RecordedAnswer {
            status: 200,
            headers: [("content-type".to_owned(), "application/json".to_owned())].into(),
            encoding: Some("zstd".to_owned()),
            body,
        };
        Recording {
            dialect: Dialect::Import,
            request: RequestTemplate {
                method: http::Method::POST,
                path: "/v1/import?a=1".to_owned(),
                headers: BTreeMap::new(),
                encoding: None,
                body: body.to_vec(),
            },
            response: answer(Some(body.to_vec())),
            double: Some(answer(None)),
        }
    }

    #[test]
    fn a_recording_comes_back_byte_for_byte() {
        for body in [&b" {\"a\" : 1.50}\n"[..], b"", b"\xff\x00"] {
            assert_eq!(Recording::decode(&recording(body).encode()), Ok(recording(body)));
        }
        assert!(recording(b"\xff").encode().contains(r#""body_base64": "/w==""#));
    }

    #[test]
    fn what_is_wrong_with_a_file_is_said() {
        let written = recording(b"{}").encode();
        for (from, to, error) in [
            ("\"version\": 1", "\"version\": 2", RecordingError::Version(2)),
            ("\"import\"", "\"export\"", RecordingError::Dialect),
            ("\"POST\"", "\"P OST\"", RecordingError::Method),
            ("\"body\": \"{}\"", "\"body_base64\": \"?\"", RecordingError::NotBase64),
            (
                "\"body\": \"{}\"",
                "\"body\": \"\", \"body_base64\": \"\"",
                RecordingError::TwoBodies,
            ),
        ] {
            assert_eq!(Recording::decode(&written.replacen(from, to, 1)), Err(error), "{to}");
        }
        let error = Recording::decode(&written.replace("status", "state")).unwrap_err();
        assert!(error.to_string().contains("unknown field `state`"), "{error}");
    }
}
