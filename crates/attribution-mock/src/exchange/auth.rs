use std::fmt;

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::request::Parts;
use http::{HeaderValue, StatusCode};

use super::answer;
use crate::mock::Mock;
use crate::project_id::ProjectId;

/// The sender knows the project id: HTTP's Basic authentication with the id as user and an empty password.
///
/// That is what the classic destination's HTTP client sends; the vendor documents the same `<id>:@host` form.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Authenticated;

impl FromRequestParts<Mock> for Authenticated {
    type Rejection = AuthRejection;

    async fn from_request_parts(parts: &mut Parts, mock: &Mock) -> Result<Self, AuthRejection> {
        let header = parts.headers.get(AUTHORIZATION).ok_or(AuthRejection::Missing)?;
        check(header, &mock.config().project_id)?;
        Ok(Self)
    }
}

fn check(header: &HeaderValue, project: &ProjectId) -> Result<(), AuthRejection> {
    let (scheme, encoded) = split_at_blank(header.as_bytes());
    if !scheme.eq_ignore_ascii_case(b"Basic") {
        return Err(AuthRejection::NotBasic);
    }
    let given = STANDARD
        .decode(encoded.trim_ascii())
        .map_err(|_| AuthRejection::NotBase64)?;
    if given == project.credentials().as_bytes() {
        return Ok(());
    }
    // Why it is wrong: the id itself is never told, only what about the given text is not as it should be.
    let colon = given
        .iter()
        .position(|byte| *byte == b':')
        .ok_or(AuthRejection::NoColon)?;
    if given[..colon] == *project.expose().as_bytes() {
        return Err(AuthRejection::PasswordNotEmpty);
    }
    Err(AuthRejection::WrongProject)
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
    /// The user is not this server's project id.
    WrongProject,
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
            Self::PasswordNotEmpty => "the password must be empty: encode the project id and a colon, nothing after it",
            Self::NoProject => {
                "the project id is missing: text without an Authorization header is read as attribution.js sends it, as a JSON object with the id as `projectId`"
            }
            Self::OtherProject => "the project id in the body or the query is not the one this server expects",
        })
    }
}

impl std::error::Error for AuthRejection {}

impl IntoResponse for AuthRejection {
    fn into_response(self) -> Response {
        let mut response = answer::failure(StatusCode::UNAUTHORIZED, self.code(), &self.to_string());
        let challenge = HeaderValue::from_static("Basic realm=\"Attribution\"");
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_plain(project: &str, credentials: &[u8], expected: Result<(), AuthRejection>) {
        let header = HeaderValue::from_str(&format!("Basic {}", STANDARD.encode(credentials))).unwrap();
        assert_eq!(check(&header, &ProjectId::from(project)), expected);
    }

    #[test]
    fn the_project_id_and_a_colon_is_let_in() {
        check_plain("demo", b"demo:", Ok(()));
        check_plain("dämo", "dämo:".as_bytes(), Ok(()));
    }

    #[test]
    fn a_project_id_with_a_colon_gets_no_second_one() {
        check_plain("left:right", b"left:right", Ok(()));
        check_plain("left:", b"left:", Ok(()));
        check_plain("left:right", b"left:right:", Err(AuthRejection::WrongProject));
    }

    #[test]
    fn what_is_wrong_with_the_credentials_is_told_apart() {
        check_plain("demo", b"demo", Err(AuthRejection::NoColon));
        check_plain("demo", b"", Err(AuthRejection::NoColon));
        check_plain("demo", b"demo:secret", Err(AuthRejection::PasswordNotEmpty));
        check_plain("demo", b"other:", Err(AuthRejection::WrongProject));
        check_plain("demo", b"dem:o:", Err(AuthRejection::WrongProject));
        check_plain("demo", b"\xff:", Err(AuthRejection::WrongProject));
    }

    #[test]
    fn the_header_around_the_credentials_is_read_as_http_says() {
        let project = ProjectId::from("demo");
        let check = |header: &'static str| check(&HeaderValue::from_static(header), &project);
        assert_eq!(check("basic   ZGVtbzo="), Ok(()));
        assert_eq!(check("Bearer ZGVtbzo="), Err(AuthRejection::NotBasic));
        assert_eq!(check("ZGVtbzo="), Err(AuthRejection::NotBasic));
        assert_eq!(check("Basic demo:"), Err(AuthRejection::NotBase64));
        assert_eq!(check("Basic"), Err(AuthRejection::NoColon));
    }
}
