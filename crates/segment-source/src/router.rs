use axum::Router;
use axum::extract::{Request, State};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::{Method, StatusCode, Uri};

use crate::admin;
use crate::answer::{Answer, failure};
use crate::auth::Caller;
use crate::body::{Unread, read};
use crate::call::{Call, PATHS};
use crate::pixel::pixel;
use crate::settings::settings;
use crate::source::Source;

/// Whatever a page may want to send along that a browser asks about.
const PAGES_HEADERS: &str = "authorization, content-encoding, content-type, x-retry-count";

impl Source {
    /// Every route, for any server; `admin` is what else is answered to this machine alone, below `/__admin/`.
    ///
    /// Only where [`serve`](Self::serve) serves it, `context.ip` can be filled in.
    pub fn router(&self, admin: Router) -> Router {
        let calls = PATHS.iter().fold(Router::new(), |router, (path, _)| {
            router.route(path, post(call).options(preflight_of_calls))
        });
        let pages = calls
            .route("/v1/pixel/{method}", get(pixel).options(preflight_of_reads))
            .route("/v1/projects/{key}/settings", get(settings).options(preflight_of_reads))
            .route_layer(middleware::from_fn(inbound::cors::readable_by_pages));
        let admin = Router::new()
            .route("/__admin/health", get(admin::health))
            .route("/__admin/receipts", get(admin::receipts))
            .route("/__admin/messages", get(admin::messages))
            .with_state(self.clone())
            .merge(admin)
            .route_layer(middleware::from_fn_with_state(self.clone(), admin::loopback_only));
        pages
            .with_state(self.clone())
            .merge(admin)
            .method_not_allowed_fallback(wrong_method)
            .fallback(unknown_path)
    }
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
