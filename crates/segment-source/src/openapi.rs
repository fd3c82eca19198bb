use axum::response::{IntoResponse, Response};
use axum::routing::MethodRouter;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use serde_json::Value;

/// The source's own API, as OpenAPI 3.1 describes it.
pub(crate) const DOCUMENT: &str = include_str!("openapi.json");

/// What somebody else adds to the admin API: routes below `/__admin/`, and how OpenAPI describes them.
///
/// ```
/// use axum::routing::get;
/// use segment_source::AdminApi;
///
/// let described = r#"{"paths": {"/__admin/now": {"get": {"responses": {"200": {"description": "The time."}}}}}}"#;
/// let admin = AdminApi::described(described).route("/__admin/now", get(async || "noon"));
/// assert_eq!(admin.paths().collect::<Vec<_>>(), ["/__admin/now"]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct AdminApi {
    pub(crate) routes: Vec<(&'static str, MethodRouter)>,
    pub(crate) document: &'static str,
}

impl AdminApi {
    /// Nothing yet, with the `paths` and `components` that `/__admin/openapi.json` is to say of it. It may refer to the
    /// components of the source's own document.
    pub fn described(document: &'static str) -> Self {
        Self {
            routes: Vec::new(),
            document,
        }
    }

    /// One more path.
    #[must_use]
    pub fn route(mut self, path: &'static str, methods: MethodRouter) -> Self {
        self.routes.push((path, methods));
        self
    }

    /// Every path of it.
    pub fn paths(&self) -> impl Iterator<Item = &'static str> {
        self.routes.iter().map(|(path, _)| *path)
    }
}

/// The document of the source, with what is said of others' routes laid into it.
pub(crate) fn document(added: &str) -> Bytes {
    let read = |text| serde_json::from_str(text).unwrap_or(Value::Null);
    let mut whole = read(DOCUMENT);
    lay(&mut whole, read(added));
    whole.to_string().into()
}

pub(crate) fn answer(document: Bytes) -> Response {
    ([(CONTENT_TYPE, "application/json")], document).into_response()
}

/// What was said before holds.
fn lay(whole: &mut Value, part: Value) {
    let (Value::Object(whole), Value::Object(part)) = (whole, part) else {
        return;
    };
    for (key, said) in part {
        match whole.get_mut(&key) {
            Some(known) => lay(known, said),
            None => drop(whole.insert(key, said)),
        }
    }
}
