use attribution_ledger::{Dialect, Route};
use axum::extract::{Query, Request};
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, Uri};
use serde_json::Value;

use super::auth::AuthRejection;
use crate::project_id::ProjectId;
use crate::projects::Projects;

/// The sender says in the request itself which project it is: attribution.js, which a page lets send no header.
///
/// It sends text, and no `Authorization`; older builds have paths of their own. The id stands in the body, which is yet to
/// be read, or in the query, as the oldest builds allow.
pub(crate) struct Claim {
    query: Option<String>,
}

impl Claim {
    /// What a request claims, if it is one of attribution.js.
    pub(crate) fn of(request: &Request) -> Option<Self> {
        speaks_browser(request.uri().path(), request.headers()).then(|| Self {
            query: in_query(request.uri()),
        })
    }

    /// Which of these projects it is. What the body says counts before what the query says.
    pub(crate) fn check(&self, body: &[u8], projects: &Projects) -> Result<ProjectId, AuthRejection> {
        let claimed = in_body(body).or_else(|| self.query.clone()).map(ProjectId::from);
        let project = claimed.ok_or(AuthRejection::NoProject)?;
        if projects.admit(&project) {
            Ok(project)
        } else {
            Err(AuthRejection::OtherProject)
        }
    }
}

fn speaks_browser(path: &str, headers: &HeaderMap) -> bool {
    let its_own = Route::of_path(path).is_some_and(|route| route.dialect() == Dialect::Browser);
    let as_it_sends = !headers.contains_key(AUTHORIZATION) && is_content_type(headers, "text/plain");
    its_own || as_it_sends && Route::of_browser(path).is_some()
}

/// Whether the body is of this type, with any parameters.
pub(crate) fn is_content_type(headers: &HeaderMap, wanted: &str) -> bool {
    let found = headers.get(CONTENT_TYPE).map(http::HeaderValue::as_bytes);
    let essence = found.and_then(|found| found.split(|byte| *byte == b';').next());
    essence.is_some_and(|essence| essence.trim_ascii().eq_ignore_ascii_case(wanted.as_bytes()))
}

fn in_body(body: &[u8]) -> Option<String> {
    let body = json_value::from_slice(body).ok()?;
    ["projectId", "project_id"]
        .into_iter()
        .find_map(|name| match body.get(name)? {
            Value::String(id) if !id.is_empty() => Some(id.clone()),
            // A page that doesn't quote the id means its digits.
            Value::Number(id) => Some(id.to_string()),
            _ => None,
        })
}

fn in_query(uri: &Uri) -> Option<String> {
    let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(uri).ok()?;
    let named =
        |(name, id): (String, String)| (matches!(&*name, "projectId" | "project_id") && !id.is_empty()).then_some(id);
    pairs.into_iter().find_map(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(uri: &'static str, body: &str, expected: Result<(), AuthRejection>) {
        let claim = Claim {
            query: in_query(&Uri::from_static(uri)),
        };
        assert_eq!(
            claim.check(body.as_bytes(), &Projects::only("42")).map(drop),
            expected,
            "{uri} {body}"
        );
    }

    #[test]
    fn the_body_says_which_project_by_either_name() {
        check("/v1/t", r#"{"projectId":"42"}"#, Ok(()));
        check("/v1/t", r#"{"projectId":42}"#, Ok(()));
        check("/v1/t", r#"{"project_id":"42"}"#, Ok(()));
        check("/v1/t", r#"{"projectId":null,"project_id":"42"}"#, Ok(()));
        check("/v1/t", r#"{"projectId":"42 "}"#, Err(AuthRejection::OtherProject));
        check(
            "/v1/t",
            r#"{"projectId":"7","project_id":"42"}"#,
            Err(AuthRejection::OtherProject),
        );
    }

    #[test]
    fn the_query_says_so_where_the_body_does_not() {
        check("/track?project_id=42", "{}", Ok(()));
        check("/track?a=1&projectId=%342", "not JSON", Ok(()));
        check(
            "/track?project_id=42",
            r#"{"projectId":"7"}"#,
            Err(AuthRejection::OtherProject),
        );
        check("/track?project_id=7", "{}", Err(AuthRejection::OtherProject));
    }

    #[test]
    fn where_neither_says_so_the_project_is_missing() {
        for body in [
            "",
            "{}",
            "[]",
            "42",
            r#"{"projectId":""}"#,
            r#"{"projectId":["42"]}"#,
            r#"{"projectId":"42""#,
        ] {
            check("/v1/t?project_id=", body, Err(AuthRejection::NoProject));
        }
    }

    #[test]
    fn a_browser_is_told_by_its_path_or_by_text_without_an_authorization() {
        let headers = |lines: &[(http::HeaderName, &'static str)]| -> HeaderMap {
            let value = |text| http::HeaderValue::from_static(text);
            lines.iter().map(|(name, text)| (name.clone(), value(*text))).collect()
        };
        let text = headers(&[(CONTENT_TYPE, "Text/Plain; charset=utf-8")]);
        let json = headers(&[(CONTENT_TYPE, "application/json")]);
        let both = headers(&[(CONTENT_TYPE, "text/plain"), (AUTHORIZATION, "Basic eA==")]);
        for (path, expected) in [
            ("/v1/t", [true, false, false, false]),
            ("/track", [true, false, false, false]),
            ("/t", [true, true, true, true]),
            ("/v1/s", [false, false, false, false]),
            ("/v1/import", [false, false, false, false]),
        ] {
            let told = [&text, &json, &both, &HeaderMap::new()].map(|headers| speaks_browser(path, headers));
            assert_eq!(told, expected, "{path}");
        }
    }
}
