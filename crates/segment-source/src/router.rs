use axum::Router;
use axum::extract::{Request, State};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use bytes::Bytes;
use http::{Method, StatusCode, Uri};

use crate::admin;
use crate::answer::{Answer, failure};
use crate::auth::Caller;
use crate::body::{Unread, read};
use crate::call::{Call, PATHS};
use crate::openapi::{self, AdminApi};
use crate::pixel::pixel;
use crate::settings::settings;
use crate::source::Source;

/// Whatever a page may want to send along that a browser asks about.
const PAGES_HEADERS: &str = "authorization, content-encoding, content-type, x-retry-count";

impl Source {
    /// Every route, for any server; `admin` is what else is answered to this machine alone, below `/__admin/`.
    ///
    /// Only where [`serve`](Self::serve) serves it, `context.ip` can be filled in.
    pub fn router(&self, admin: AdminApi) -> Router {
        let pages = routed(of_pages()).route_layer(middleware::from_fn(inbound::cors::readable_by_pages));
        let reads = routed(reads(openapi::document(admin.document)));
        let admin = reads
            .with_state(self.clone())
            .merge(routed(admin.routes))
            .route_layer(middleware::from_fn_with_state(self.clone(), admin::loopback_only));
        pages
            .with_state(self.clone())
            .merge(admin)
            .method_not_allowed_fallback(wrong_method)
            .fallback(unknown_path)
    }
}

type Route<S> = (&'static str, MethodRouter<S>);

/// What a page may ask, whatever it was loaded from.
fn of_pages() -> impl Iterator<Item = Route<Source>> {
    let calls = PATHS
        .iter()
        .map(|(path, _)| (*path, post(call).options(preflight_of_calls)));
    calls.chain([
        ("/v1/pixel/{method}", get(pixel).options(preflight_of_reads)),
        ("/v1/projects/{key}/settings", get(settings).options(preflight_of_reads)),
    ])
}

/// What is answered to this machine alone.
fn reads(document: Bytes) -> [Route<Source>; 4] {
    [
        ("/__admin/health", get(admin::health)),
        ("/__admin/receipts", get(admin::receipts)),
        ("/__admin/messages", get(admin::messages)),
        ("/__admin/openapi.json", get(async || openapi::answer(document))),
    ]
}

fn routed<S: Clone + Send + Sync + 'static>(routes: impl IntoIterator<Item = Route<S>>) -> Router<S> {
    let add = |router: Router<S>, (path, methods)| router.route(path, methods);
    routes.into_iter().fold(Router::new(), add)
}

/// Takes a call, or a batch of them.
async fn call(State(source): State<Source>, request: Request) -> Response {
    let Some(call) = Call::of_path(request.uri().path()) else {
        return unknown_path(request.uri().clone()).await;
    };
    let limits = &source.config().limits;
    let limit = match call {
        Call::One(_) => limits.call_bytes,
        Call::Batch | Call::Metrics => limits.batch_bytes,
    };
    let caller = Caller::of(&request);
    let answer = match read(request, limit, source.config()).await {
        Ok(body) => source.take(call, &caller, &body),
        Err(Unread::Refused(refusal)) => {
            source.refuse(&refusal);
            Answer::Unreadable(refusal)
        }
        // Nobody reads the answer to a request whose sender is gone.
        Err(Unread::Slow | Unread::Gone) => Answer::Slow,
    };
    answer.into_response()
}

async fn preflight_of_calls() -> Response {
    inbound::cors::preflight("POST, OPTIONS", PAGES_HEADERS)
}

async fn preflight_of_reads() -> Response {
    inbound::cors::preflight("GET, OPTIONS", PAGES_HEADERS)
}

async fn unknown_path(uri: Uri) -> Response {
    let path: String = uri.path().chars().take(60).collect();
    let message = format!(
        "nothing is at {}: calls go to /v1/identify, /v1/track, /v1/page, /v1/screen, /v1/group, /v1/alias, /v1/batch or \
         /v1/import; analytics.js's settings are at /v1/projects/<write key>/settings, pixels at /v1/pixel/<method>; \
         what became of calls is at /__admin/receipts",
        path.escape_debug()
    );
    failure(StatusCode::NOT_FOUND, "unknown_path", &message, &[])
}

async fn wrong_method(method: Method, uri: Uri) -> Response {
    let allowed = if Call::of_path(uri.path()).is_some() {
        "POST"
    } else {
        "GET"
    };
    let method: String = method.as_str().chars().take(20).collect();
    let message = format!("send {allowed} here, not {}", method.escape_debug());
    failure(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", &message, &[])
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use axum::body::Body;
    use segment_event::Kind;
    use test_support::Document;
    use tower_service::Service as _;

    use super::*;
    use crate::config::SourceConfig;

    /// Whether a path takes a method; what is to be filled in is.
    async fn takes(router: &mut Router, method: &str, path: &str) -> bool {
        let path = path.replace("{method}", Kind::Page.as_str()).replace("{key}", "wk-1");
        let request = Request::builder().method(method).uri(path).header("host", "localhost");
        let answered = router.call(request.body(Body::empty()).unwrap()).await;
        let answered = answered.unwrap_or_else(|never| match never {});
        assert_ne!(answered.status(), StatusCode::NOT_FOUND);
        answered.status() != StatusCode::METHOD_NOT_ALLOWED
    }

    #[tokio::test]
    async fn the_document_describes_every_route_and_no_other() {
        let (source, _accepted) = Source::new(SourceConfig::new(clock::Clock::system()));
        let mut router = source.router(AdminApi::default());
        let mut taken = BTreeSet::new();
        for (path, _) in of_pages().chain(reads(Bytes::new())) {
            for method in ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"] {
                if takes(&mut router, method, path).await {
                    taken.insert((path.to_owned(), method.to_owned()));
                }
            }
        }
        let document = Document::new(serde_json::from_slice(&openapi::document("")).unwrap());
        assert_eq!(document.operations(), taken);
        assert_eq!(document.json()["info"]["version"], env!("CARGO_PKG_VERSION"));
    }
}
