use std::collections::BTreeMap;
use std::io::Write as _;

use axum::body::Bytes;
use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use http::header::CONTENT_ENCODING;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::de::IgnoredAny;

use super::redaction::{CREDENTIALS, PROJECT_ID};
use crate::project_id::ProjectId;
use crate::upstream::WireRequest;

/// A request in which placeholders stand for the project: `{{project_id}}` in the path and the body, `{{credentials}}` in the
/// headers.
///
/// ```
/// use attribution_mock::{ProjectId, RequestTemplate};
///
/// let template = RequestTemplate {
///     method: http::Method::POST,
///     path: "/t?project_id={{project_id}}".to_owned(),
///     headers: [("authorization".to_owned(), "Basic {{credentials}}".to_owned())].into(),
///     encoding: None,
///     body: r#"{"projectId":"{{project_id}}"}"#.into(),
/// };
/// let request = template.fill(&ProjectId::from("a\"b"));
/// assert_eq!(request.path, "/t?project_id=a%22b");
/// assert_eq!(request.headers["authorization"], "Basic YSJiOg==");
/// assert_eq!(request.body, r#"{"projectId":"a\"b"}"#);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestTemplate {
    /// The method.
    pub method: Method,
    /// The path, with its query where it has one.
    pub path: String,
    /// The headers, by their names in small letters; that of the encoding is not among them.
    pub headers: BTreeMap<String, String>,
    /// How the body is compressed when it is sent: `gzip` or `deflate`. Of another encoding, it is sent as it is here.
    pub encoding: Option<String>,
    /// The body, before it is compressed.
    pub body: Vec<u8>,
}

impl RequestTemplate {
    /// The request for this project.
    pub fn fill(&self, project: &ProjectId) -> WireRequest {
        let mut headers = self.filled_headers(project);
        let mut body = self.filled_body(project);
        if let Some((name, compressed)) = compressed(self.encoding.as_deref(), &body) {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(name));
            body = compressed;
        }
        let id = utf8_percent_encode(project.expose(), NON_ALPHANUMERIC).to_string();
        WireRequest {
            method: self.method.clone(),
            path: self.path.replace(PROJECT_ID, &id),
            headers,
            body: Bytes::from(body),
        }
    }

    /// What is no header is left out: nobody could have sent it.
    fn filled_headers(&self, project: &ProjectId) -> HeaderMap {
        let filled = self.headers.iter().filter_map(|(name, value)| {
            let value = value
                .replace(CREDENTIALS, project.encoded())
                .replace(PROJECT_ID, project.expose());
            Some((
                HeaderName::try_from(name).ok()?,
                HeaderValue::from_bytes(value.as_bytes()).ok()?,
            ))
        });
        filled.collect()
    }

    fn filled_body(&self, project: &ProjectId) -> Vec<u8> {
        let Ok(text) = std::str::from_utf8(&self.body) else {
            return self.body.clone();
        };
        let id = if serde_json::from_str::<IgnoredAny>(text).is_ok() {
            let quoted = serde_json::Value::from(project.expose()).to_string();
            quoted[1..quoted.len() - 1].to_owned()
        } else {
            project.expose().to_owned()
        };
        text.replace(CREDENTIALS, project.encoded())
            .replace(PROJECT_ID, &id)
            .into_bytes()
    }
}

/// The body compressed, and the name of the encoding; `None` where there is none or it can't be written here.
fn compressed(encoding: Option<&str>, body: &[u8]) -> Option<(&'static str, Vec<u8>)> {
    let whole = "memory takes every write";
    match encoding? {
        "gzip" | "x-gzip" => {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(body).expect(whole);
            Some(("gzip", encoder.finish().expect(whole)))
        }
        "deflate" => {
            let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(body).expect(whole);
            Some(("deflate", encoder.finish().expect(whole)))
        }
        _ => None,
    }
}
