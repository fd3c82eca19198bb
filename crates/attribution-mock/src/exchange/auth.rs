use std::convert::Infallible;
use std::fmt;

use axum::extract::FromRequestParts;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::request::Parts;
use http::{HeaderMap, HeaderValue};

use super::answer;
use crate::answers::Refusal;
use crate::mock::Mock;
use crate::project_id::ProjectId;
use crate::projects::Projects;

/// Whose project the sender knows: HTTP's Basic authentication with the project id as user and an empty password.
///
/// That is what the classic destination's HTTP client sends; the vendor documents the same `<id>:@host` form.
#[derive(Clone, Debug)]
pub(crate) struct Authenticated(pub(crate) Result<ProjectId, AuthRejection>);

impl FromRequestParts<Mock> for Authenticated {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, mock: &Mock) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.headers, mock))
    }
}

impl Authenticated {
    /// Whose project the sender of these headers knows.
    pub(crate) fn of(headers: &HeaderMap, mock: &Mock) -> Self {
        let header = headers.get(AUTHORIZATION).ok_or(AuthRejection::Missing);
        Self(header.and_then(|header| authenticate(header, &mock.config().projects)))
    }
}

/// Whose credentials an `Authorization` header carries.
pub(crate) fn authenticate(header: &HeaderValue, projects: &Projects) -> Result<ProjectId, AuthRejection> {
    let (scheme, encoded) = split_at_blank(header.as_bytes());
    if !scheme.eq_ignore_ascii_case(b"Basic") {
        return Err(AuthRejection::NotBasic);
    }
    let encoded = encoded.trim_ascii();
    if let Some(known) = projects.sent(encoded) {
        return Ok(known.clone());
    }
    let credentials = STANDARD.decode(encoded).map_err(|_| AuthRejection::NotBase64)?;
    projects.authenticate(&credentials)
}

fn split_at_blank(value: &[u8]) -> (&[u8], &[u8]) {
    let blank = value.iter().position(|byte| *byte == b' ').unwrap_or(value.len());
    value.split_at(blank)
}

/// Why a request is answered 401. `Display` is the message of the answer and never shows either project id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AuthRejection {
    /// There is no `Authorization` header.
    Missing,
    /// The header is of another scheme, such as `Bearer`.
    NotBasic,
    /// What follows the scheme is not base64.
    NotBase64,
    /// What was encoded has no colon, which must stand between the project id and the empty password.
    NoColon,
    /// The user is not this server's project id, nor one of several.
    WrongProject,
    /// Any project may send, but the user is empty.
    NobodysProject,
    /// The project id is right, but a password follows it.
    PasswordNotEmpty,
    /// A browser's request says nowhere which project it is.
    NoProject,
    /// A browser's request says another project than this server's.
    OtherProject,
}

impl AuthRejection {
    /// The name of the failure, for programs.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Missing => "authorization_missing",
            Self::NotBasic => "authorization_not_basic",
            Self::NotBase64 => "authorization_not_base64",
            Self::NoColon => "authorization_without_colon",
            Self::WrongProject | Self::OtherProject => "wrong_project",
            Self::NobodysProject => "project_id_empty",
            Self::PasswordNotEmpty => "password_not_empty",
            Self::NoProject => "project_id_missing",
        }
    }
}

impl fmt::Display for AuthRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "the Authorization header is missing: send Basic base64(projectId + \":\")",
            Self::NotBasic => {
                "the Authorization header is not of the Basic scheme: send Basic base64(projectId + \":\")"
            }
            Self::NotBase64 => "what follows Basic in the Authorization header is not base64",
            Self::NoColon => "the encoded credentials have no colon: encode the project id with a colon after it",
            Self::WrongProject => "the project id in the Authorization header is not the one this server expects",
            Self::NobodysProject => "the project id is empty: send Basic base64(projectId + \":\")",
            Self::PasswordNotEmpty => "the password must be empty: encode the project id and a colon, nothing after it",
            Self::NoProject => {
                "the project id is missing: text without an Authorization header is read as attribution.js sends it, as a JSON object with the id as `projectId`"
            }
            Self::OtherProject => "the project id in the body or the query is not the one this server expects",
        })
    }
}

impl std::error::Error for AuthRejection {}

impl AuthRejection {
    /// The answer, with this status and, where it has one, this body.
    pub(crate) fn respond(self, refusal: &Refusal) -> Response {
        let mut response = match &refusal.body {
            Some(body) => answer::fixed(refusal.status, body),
            None => answer::failure(refusal.status, self.code(), &self.to_string()),
        };
        let challenge = HeaderValue::from_static("Basic realm=\"Attribution\"");
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_around_the_credentials_is_read_as_http_says() {
        let projects = Projects::only("demo");
        let check = |header: &'static str| authenticate(&HeaderValue::from_static(header), &projects).map(drop);
        assert_eq!(check("basic   ZGVtbzo="), Ok(()));
        assert_eq!(check("Bearer ZGVtbzo="), Err(AuthRejection::NotBasic));
        assert_eq!(check("ZGVtbzo="), Err(AuthRejection::NotBasic));
        assert_eq!(check("Basic demo:"), Err(AuthRejection::NotBase64));
        assert_eq!(check("Basic"), Err(AuthRejection::NoColon));
    }
}
