use std::fmt;

use bytes::Bytes;
use http::header::{ACCEPT_ENCODING, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue, Method};

use crate::settings::{Dialect, ProjectId};

/// What a batch of the import dialect has before and after its items.
pub(crate) const BATCH: (&[u8], &[u8]) = (br#"{"batch":["#, b"]}");

/// One HTTP request to Attribution, complete but for the host. `Debug` redacts its authorization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireRequest {
    /// The path on the endpoint, such as `/track`.
    pub path: &'static str,
    /// Compact JSON in UTF-8, or nothing.
    pub body: Bytes,
    dialect: Dialect,
    authorization: HeaderValue,
}

impl WireRequest {
    /// A request of this dialect, whose headers it has.
    pub(crate) fn new(dialect: Dialect, project_id: &ProjectId, path: &'static str, body: Vec<u8>) -> Self {
        Self {
            path,
            body: body.into(),
            dialect,
            authorization: project_id.authorization(dialect).clone(),
        }
    }

    /// A request of the import dialect with these items, separated by commas.
    pub(crate) fn import(project_id: &ProjectId, items: &[u8]) -> Self {
        let body = [BATCH.0, items, BATCH.1].concat();
        Self::new(Dialect::Import, project_id, "/v1/import", body)
    }

    /// The question whether a project id is good, as Segment's Attribution (Actions) destination asks it when it is set
    /// up: 200 is yes, 401 is no. Its body is empty, and so it has no `Content-Type`.
    pub fn check_auth(project_id: &ProjectId) -> Self {
        Self::new(Dialect::Actions, project_id, "/check_auth", Vec::new())
    }

    /// One request of the import dialect with the items of all of these, in their order.
    ///
    /// ```
    /// use attribution_destination::{Dialect, ProjectId, Settings, WireRequest, map};
    /// use segment_event::Event;
    /// use serde_json::json;
    ///
    /// let settings = Settings {
    ///     dialect: Dialect::Import,
    ///     ..Settings::new(ProjectId::new("demo-project")?)
    /// };
    /// let [page, track] = ["page", "track"].map(|kind| {
    ///     let event = Event::unchecked(json!({"type": kind, "userId": "user-1"})).expect("a message");
    ///     map(&event, &settings, jiff::Timestamp::UNIX_EPOCH).expect("a request").request
    /// });
    /// let joined = WireRequest::join(&[&page, &track]).expect("both are of one project and the import dialect");
    /// assert_eq!(
    ///     joined.body,
    ///     r#"{"batch":[{"type":"page","userId":"user-1"},{"type":"track","userId":"user-1"}]}"#
    /// );
    /// # Ok::<(), attribution_destination::SettingsError>(())
    /// ```
    ///
    /// Nothing where there is nothing to join: without a request, where one is of another dialect or has no
    /// [`items`](Self::items), and where they belong to different projects.
    pub fn join(requests: &[&Self]) -> Option<Self> {
        let (first, others) = requests.split_first()?;
        if others.iter().any(|other| other.authorization != first.authorization) {
            return None;
        }
        let mut body = Vec::with_capacity(requests.iter().map(|request| request.body.len()).sum());
        body.extend_from_slice(BATCH.0);
        for request in requests {
            body.extend_from_slice(request.items()?);
            body.push(b',');
        }
        body.pop();
        body.extend_from_slice(BATCH.1);
        Some(Self {
            body: body.into(),
            ..(*first).clone()
        })
    }

    /// What stands between the brackets of a batch: one item, or several separated by commas. Nothing where the request
    /// is of another dialect than import, or its batch is empty.
    pub fn items(&self) -> Option<&[u8]> {
        if self.dialect != Dialect::Import {
            return None;
        }
        let items = self.body.strip_prefix(BATCH.0)?.strip_suffix(BATCH.1)?;
        Some(items).filter(|items| !items.is_empty())
    }

    /// The method: every request of every dialect is a `POST`.
    pub fn method(&self) -> Method {
        Method::POST
    }

    /// The headers in the order of the contract. RudderStack names no `User-Agent`, and HTTP needs none, so the import
    /// dialect has none.
    pub fn headers(&self) -> impl Iterator<Item = Header> + use<> {
        let has_content = !self.body.is_empty();
        let content_type = has_content.then(|| Header::of(CONTENT_TYPE, "Content-Type", "application/json"));
        let agent = |value| Some(Header::of(USER_AGENT, "User-Agent", value));
        let (authorization, length) = (Some(self.authorization()), Some(self.content_length()));
        let headers = match self.dialect {
            Dialect::Classic => [
                agent("Segment.io/1.0"),
                authorization,
                content_type,
                length,
                Some(Header::of(ACCEPT_ENCODING, "Accept-Encoding", "gzip, deflate")),
            ],
            Dialect::Actions => [authorization, agent("Segment (Actions)"), content_type, length, None],
            Dialect::Import => [content_type, authorization, length, None, None],
        };
        headers.into_iter().flatten()
    }

    fn authorization(&self) -> Header {
        Header {
            name: AUTHORIZATION,
            spelling: "Authorization",
            value: self.authorization.clone(),
        }
    }

    fn content_length(&self) -> Header {
        Header {
            name: CONTENT_LENGTH,
            spelling: "Content-Length",
            value: HeaderValue::from(self.body.len()),
        }
    }

    /// The same headers as the HTTP client takes them.
    pub fn header_map(&self) -> HeaderMap {
        // One more than any dialect has, for whoever adds the host.
        let mut map = HeaderMap::with_capacity(6);
        map.extend(self.headers().map(|header| (header.name, header.value)));
        map
    }
}

/// One header of a [`WireRequest`]. `Debug` and `Display` redact a secret value; [`Header::expose`] doesn't.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    name: HeaderName,
    spelling: &'static str,
    value: HeaderValue,
}

impl Header {
    fn of(name: HeaderName, spelling: &'static str, value: &'static str) -> Self {
        Self {
            name,
            spelling,
            value: HeaderValue::from_static(value),
        }
    }

    /// The name in its usual spelling, such as `User-Agent`.
    pub fn name(&self) -> &'static str {
        self.spelling
    }

    /// Whether the value is a credential.
    pub fn is_secret(&self) -> bool {
        self.value.is_sensitive()
    }

    /// The value as it goes on the wire, secret or not.
    pub fn expose(&self) -> &str {
        self.value.to_str().unwrap_or_default()
    }
}

/// The value as it may be shown to anyone.
impl fmt::Display for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_secret() { "[redacted]" } else { self.expose() })
    }
}

#[cfg(test)]
mod tests {
    use super::{BATCH, WireRequest};
    use crate::settings::{Dialect, ProjectId};

    fn project() -> ProjectId {
        ProjectId::new("demo-project").unwrap()
    }

    fn request(dialect: Dialect) -> WireRequest {
        WireRequest::new(dialect, &project(), dialect.paths()[0], b"{}".to_vec())
    }

    fn headers(request: &WireRequest) -> Vec<(&'static str, String)> {
        let headers = request.headers();
        headers
            .map(|header| (header.name(), header.expose().to_owned()))
            .collect()
    }

    const AUTHORIZATION: (&str, &str) = ("Authorization", "Basic ZGVtby1wcm9qZWN0Og==");
    const JSON: (&str, &str) = ("Content-Type", "application/json");
    const LENGTH: (&str, &str) = ("Content-Length", "2");

    #[test]
    fn the_headers_are_those_of_the_contract() {
        let classic = [
            ("User-Agent", "Segment.io/1.0"),
            AUTHORIZATION,
            JSON,
            LENGTH,
            ("Accept-Encoding", "gzip, deflate"),
        ];
        let actions = [AUTHORIZATION, ("User-Agent", "Segment (Actions)"), JSON, LENGTH];
        let import = [JSON, AUTHORIZATION, LENGTH];
        for (dialect, expected) in [
            (Dialect::Classic, &classic[..]),
            (Dialect::Actions, &actions),
            (Dialect::Import, &import),
        ] {
            let expected: Vec<_> = expected
                .iter()
                .map(|(name, value)| (*name, (*value).to_owned()))
                .collect();
            assert_eq!(headers(&request(dialect)), expected, "{dialect}");
            assert_eq!(request(dialect).header_map().len(), expected.len());
        }
    }

    #[test]
    fn the_credentials_are_checked_without_a_body() {
        let request = WireRequest::check_auth(&project());
        assert_eq!((request.path, request.body.len()), ("/check_auth", 0));
        let expected = [
            AUTHORIZATION,
            ("User-Agent", "Segment (Actions)"),
            ("Content-Length", "0"),
        ];
        assert_eq!(
            headers(&request),
            expected.map(|(name, value)| (name, value.to_owned()))
        );
    }

    #[test]
    fn only_the_authorization_is_secret_and_nothing_shows_it() {
        for dialect in Dialect::ALL {
            let request = request(*dialect);
            let secret: Vec<_> = request.headers().filter(super::Header::is_secret).collect();
            assert_eq!(secret.len(), 1);
            assert_eq!(secret[0].to_string(), "[redacted]");
            let shown = format!("{request:?} {request:#?} {secret:?}");
            assert!(
                shown.contains(dialect.paths()[0]) && !shown.contains("ZGVtby"),
                "{shown}"
            );
        }
    }

    #[test]
    fn only_batches_of_one_project_are_joined() {
        let import = |items: &[u8]| WireRequest::import(&project(), items);
        let (one, two) = (import(b"{}"), import(b"[],{}"));
        assert_eq!(two.items(), Some(b"[],{}".as_slice()));
        let joined = WireRequest::join(&[&two, &one, &one]).unwrap();
        assert_eq!(joined, import(b"[],{},{},{}"));
        assert_eq!(WireRequest::join(&[&one]), Some(one.clone()));

        assert_eq!(WireRequest::join(&[]), None);
        let elsewhere = WireRequest::import(&ProjectId::new("another").unwrap(), b"{}");
        assert_eq!(WireRequest::join(&[&one, &elsewhere]), None);
        for other in [
            request(Dialect::Classic),
            request(Dialect::Actions),
            WireRequest::check_auth(&project()),
        ] {
            assert_eq!((other.items(), WireRequest::join(&[&one, &other])), (None, None));
        }
        let batch_of_actions = [BATCH.0, b"{}", BATCH.1].concat();
        let batch_of_actions = WireRequest::new(Dialect::Actions, &project(), "/v1/t", batch_of_actions);
        assert_eq!(batch_of_actions.items(), None);
    }

    #[test]
    fn what_is_no_batch_any_more_has_no_items() {
        for body in ["", "{}", r#"{"batch":[]}"#, r#"{"batch":["#, "]}"] {
            let spoilt = WireRequest {
                body: body.into(),
                ..WireRequest::import(&project(), b"{}")
            };
            assert_eq!((spoilt.items(), WireRequest::join(&[&spoilt])), (None, None), "{body}");
        }
    }
}
