use axum::response::IntoResponse;
use http::header::CONTENT_TYPE;

use super::ask::{Ask, Nothing};

/// The whole API, as OpenAPI 3.1 describes it.
const DOCUMENT: &str = include_str!("openapi.json");

pub(crate) async fn openapi(Ask(Nothing): Ask<Nothing>) -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], DOCUMENT)
}
