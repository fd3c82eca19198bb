//! Secrets taken out of what is kept, so that what is kept can be played again with another project id.
//!
//! | where | what | becomes |
//! |---|---|---|
//! | `Authorization` that lets in | the credentials | `Basic {{credentials}}` |
//! | any other `Authorization`, `Proxy-Authorization`, `Cookie`, `Set-Cookie` | all of it | `[redacted]` |
//! | `projectId`, `project_id` in a query, a body or a string of it | the double's own id | `{{project_id}}` |
//! | | any other | `[redacted]` |
//! | anywhere else, in strings of JSON once their escapes are undone | the double's own id, plain or as Basic credentials | `{{project_id}}`, `{{credentials}}` |
//!
//! Everything else is kept as it came: e-mail addresses, names and whatever the events say.

mod json;
mod query;
mod text;

use std::fmt;

use attribution_ledger::REDACTED;
use http::header::{AUTHORIZATION, COOKIE, HeaderName, PROXY_AUTHORIZATION, SET_COOKIE};
use serde::de::IgnoredAny;

use crate::project_id::ProjectId;

/// What stands for the project id.
pub(super) const PROJECT_ID: &str = "{{project_id}}";

/// What stands for the project id as it is encoded in an `Authorization` header.
pub(super) const CREDENTIALS: &str = "{{credentials}}";

/// The names of the fields and query parameters that hold a project id.
const NAMES: [&str; 2] = ["projectId", "project_id"];

/// Takes the secrets of one project out of texts. See the module for what is taken.
///
/// ```
/// use attribution_mock::{ProjectId, Redaction};
///
/// let redaction = Redaction::new(&ProjectId::from("my-project"));
/// assert_eq!(redaction.text("seen by my-project"), "seen by {{project_id}}");
/// assert_eq!(redaction.text(r#"{"projectId":"other"}"#), r#"{"projectId":"[redacted]"}"#);
/// ```
#[derive(Clone)]
pub struct Redaction {
    project: ProjectId,
}

impl Redaction {
    /// Takes out this project's secrets.
    pub fn new(project: &ProjectId) -> Self {
        Self {
            project: project.clone(),
        }
    }

    /// A text without the secrets in it, read as JSON where it is JSON.
    pub fn text(&self, text: &str) -> String {
        if serde_json::from_str::<IgnoredAny>(text).is_ok() {
            json::redacted(text, self)
        } else {
            text::redacted(text, self)
        }
    }

    /// Bytes that are no text, without the project id in them.
    pub(super) fn bytes(&self, bytes: &[u8]) -> Vec<u8> {
        let id = self.project.expose().as_bytes();
        let mut out = Vec::with_capacity(bytes.len());
        let mut rest = bytes;
        while let Some(byte) = rest.first() {
            if !id.is_empty() && rest.starts_with(id) {
                out.extend_from_slice(PROJECT_ID.as_bytes());
                rest = &rest[id.len()..];
            } else {
                out.push(*byte);
                rest = &rest[1..];
            }
        }
        out
    }

    /// A request path without the secrets in its query.
    pub(super) fn path(&self, path: &str) -> String {
        match path.split_once('?') {
            Some((path, query)) => format!("{}?{}", self.literal(path), query::redacted(query, self)),
            None => self.literal(path),
        }
    }

    /// The value of a header without the secrets in it.
    pub(super) fn header(&self, name: &HeaderName, value: &str) -> String {
        let secret = [AUTHORIZATION, PROXY_AUTHORIZATION, COOKIE, SET_COOKIE];
        match secret.contains(name) {
            true if *name == AUTHORIZATION && self.lets_in(value) => format!("Basic {CREDENTIALS}"),
            true => REDACTED.to_owned(),
            false => self.literal(value),
        }
    }

    fn lets_in(&self, value: &str) -> bool {
        value.split_once(' ').is_some_and(|(scheme, given)| {
            scheme.eq_ignore_ascii_case("Basic") && given.trim() == self.project.encoded()
        })
    }

    /// What stands for a project id that a field or parameter holds.
    fn named(&self, id: &str) -> &'static str {
        if id == self.project.expose() {
            PROJECT_ID
        } else {
            REDACTED
        }
    }

    /// A text without the project id, wherever it stands.
    fn literal(&self, text: &str) -> String {
        let id = self.project.expose();
        if id.is_empty() {
            return text.to_owned();
        }
        let between = text
            .split(self.project.encoded())
            .map(|part| part.replace(id, PROJECT_ID));
        between.collect::<Vec<_>>().join(CREDENTIALS)
    }
}

impl fmt::Debug for Redaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redaction").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
