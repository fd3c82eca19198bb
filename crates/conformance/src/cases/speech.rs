//! How the public sender of each dialect speaks, as far as its bodies don't say.

use std::collections::BTreeMap;

use attribution_mock::{Dialect, RequestTemplate};
use http::Method;

/// A request of a dialect, with the headers that its sender sends.
pub(super) fn post(dialect: Dialect, path: &str, body: &str) -> RequestTemplate {
    RequestTemplate {
        method: Method::POST,
        path: path.to_owned(),
        headers: headers(dialect),
        encoding: None,
        body: body.into(),
    }
}

fn headers(dialect: Dialect) -> BTreeMap<String, String> {
    let headers: &[(&str, &str)] = match dialect {
        Dialect::Classic => &[
            ("user-agent", "Segment.io/1.0"),
            ("authorization", "Basic {{credentials}}"),
            ("content-type", "application/json"),
            ("accept-encoding", "gzip, deflate"),
        ],
        Dialect::Actions => &[
            ("user-agent", "Segment (Actions)"),
            ("authorization", "Basic {{credentials}}"),
            ("content-type", "application/json"),
        ],
        Dialect::Import => &[
            ("authorization", "Basic {{credentials}}"),
            ("content-type", "application/json"),
        ],
        Dialect::Browser => &[("content-type", "text/plain"), ("origin", "https://shop.example")],
    };
    let owned = headers
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    owned.collect()
}

/// An event that nothing is wrong with.
pub(super) fn sound(dialect: Dialect) -> RequestTemplate {
    let (path, body) = match dialect {
        Dialect::Classic => (
            "/track",
            r#"{"user_id":"user-1","timestamp":"2024-01-15T10:00:00.000Z","properties":{},"context":{},"event":"sign up"}"#,
        ),
        Dialect::Actions => (
            "/v1/t",
            r#"{"messageId":"msg-1","timestamp":"2024-01-15T10:00:00.000Z","userId":"user-1","type":"track","event":"sign up"}"#,
        ),
        Dialect::Import => (
            "/v1/import",
            r#"{"batch":[{"messageId":"msg-1","timestamp":"2024-01-15T10:00:00.000Z","userId":"user-1","type":"track","event":"sign up"}]}"#,
        ),
        Dialect::Browser => (
            "/v1/t",
            r#"{"projectId":"{{project_id}}","messageId":"msg-1","timestamp":"2024-01-15T10:00:00.000Z","type":"track","userId":"user-1","event":"sign up"}"#,
        ),
    };
    post(dialect, path, body)
}
