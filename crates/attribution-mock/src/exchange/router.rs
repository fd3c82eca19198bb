use axum::Router;
use axum::middleware;
use axum::response::Response;
use axum::routing::{delete, get, post};
use http::{Method, Uri};

use super::check_auth::check_auth;
use super::ingest::ingest;
use super::paths::{CHECK_AUTH, EVENT_METHODS, INGEST};
use super::problem::Problem;
use crate::admin::{self, events, inspector, lists, metrics, openapi, reads, requests, rules, verify, visitor};
use crate::mock::Mock;
use crate::tap::passage;

/// Every route there is.
pub(crate) fn router(mock: Mock) -> Router {
    let events = INGEST.into_iter().fold(Router::new(), |router, path| {
        router.route(path, post(ingest).options(preflight))
    });
    let events = tapped(events, &mock).route_layer(middleware::from_fn(inbound::cors::readable_by_pages));
    let credentials = tapped(Router::new().route(CHECK_AUTH, post(check_auth)), &mock);
    let admin = Router::new()
        .route("/__admin/health", get(reads::health))
        .route("/__admin/projects", get(reads::projects))
        .route("/__admin/requests", get(requests::requests))
        .route("/__admin/requests/count", get(requests::count))
        .route("/__admin/requests/{seq}", get(requests::request))
        .route("/__admin/requests/{seq}/body", get(requests::body))
        .route("/__admin/page_views", get(lists::page_views))
        .route("/__admin/visits", get(lists::visits))
        .route("/__admin/identities", get(lists::identities))
        .route("/__admin/conversions", get(lists::conversions))
        .route("/__admin/merges", get(lists::merges))
        .route("/__admin/visitors", get(lists::visitors))
        .route("/__admin/visitors/{id}", get(visitor::visitor))
        .route("/__admin/violations", get(lists::violations))
        .route("/__admin/rules", get(rules::rules))
        .route("/__admin/report", get(reads::report))
        .route("/__admin/dashboard", get(reads::dashboard))
        .route("/__admin/events", get(events::events))
        .route("/__admin/metrics", get(metrics::metrics))
        .route("/__admin/verify", post(verify::verify))
        .route("/__admin/wait", post(verify::wait))
        .route("/__admin/openapi.json", get(openapi::openapi))
        .route("/__admin/inspector", get(inspector::page))
        .route("/__admin/inspector/{file}", get(inspector::part))
        .route(
            "/__admin/faults",
            get(admin::faults).post(admin::add_fault).delete(admin::remove_faults),
        )
        .route("/__admin/faults/{id}", delete(admin::remove_fault))
        .route("/__admin/reset", post(admin::reset))
        .route_layer(middleware::from_fn_with_state(mock.clone(), admin::loopback_only));
    events
        .merge(credentials)
        .merge(admin)
        .method_not_allowed_fallback(wrong_method)
        .fallback(unknown_path)
        .with_state(mock)
}

/// Routes whose exchanges are passed on and kept, where that is asked for.
fn tapped(routes: Router<Mock>, mock: &Mock) -> Router<Mock> {
    if mock.config().tap.is_idle() {
        return routes;
    }
    routes.route_layer(middleware::from_fn_with_state(mock.clone(), passage))
}

/// Whatever a page may want to send along that a browser asks about.
const PAGES_HEADERS: &str = "authorization, content-encoding, content-type, harness-namespace";

/// The answer to `OPTIONS`: no event, so it is not journaled, and no fault strikes it.
async fn preflight() -> Response {
    inbound::cors::preflight(EVENT_METHODS, PAGES_HEADERS)
}

async fn unknown_path(uri: Uri) -> Problem {
    Problem::UnknownPath {
        path: uri.path().to_owned(),
    }
}

async fn wrong_method(method: Method, uri: Uri) -> Problem {
    Problem::wrong_method(method, uri.path())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use axum::body::Body;
    use http::{Request, StatusCode};
    use http_body_util::BodyExt as _;
    use test_support::Document;
    use tower_service::Service as _;

    use super::super::paths::{known, templates};
    use super::*;
    use crate::config::MockConfig;

    async fn status(method: &str, path: &str) -> StatusCode {
        let mock = Mock::new(MockConfig::new(clock::Clock::system()));
        let request = Request::builder().method(method).uri(path).header("host", "localhost");
        let answered = mock.router().call(request.body(Body::empty()).unwrap()).await;
        answered.unwrap_or_else(|never| match never {}).status()
    }

    #[tokio::test]
    async fn the_document_describes_every_route_and_no_other() {
        let mock = Mock::new(MockConfig::new(clock::Clock::system()));
        let request = Request::get("/__admin/openapi.json").header("host", "localhost");
        let answered = mock.router().call(request.body(Body::empty()).unwrap()).await;
        let body = answered.unwrap_or_else(|never| match never {}).into_body();
        let body = body.collect().await.unwrap().to_bytes();
        let document = Document::new(serde_json::from_slice(&body).unwrap());
        let routes: BTreeSet<_> = known()
            .chain(templates())
            .flat_map(|(path, methods)| {
                methods
                    .split(", ")
                    .map(move |method| (path.replace('<', "{").replace('>', "}"), method.to_owned()))
            })
            .collect();
        assert_eq!(document.operations(), routes);
    }

    #[tokio::test]
    async fn the_paths_with_a_part_to_fill_in_take_exactly_the_methods_they_name() {
        for (template, methods) in templates() {
            let path = template
                .replace("<number>", "1")
                .replace("<id>", "1")
                .replace("<file>", "main.js");
            for method in ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"] {
                let named = methods.split(", ").any(|named| named == method);
                assert_eq!(
                    status(method, &path).await != StatusCode::METHOD_NOT_ALLOWED,
                    named,
                    "{method} {path}"
                );
            }
        }
    }

    #[tokio::test]
    async fn the_known_paths_are_routes_and_take_exactly_the_methods_they_name() {
        for (path, methods) in known() {
            for method in ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"] {
                let status = status(method, path).await;
                assert_ne!(status, StatusCode::NOT_FOUND, "{path}");
                let named = methods.split(", ").any(|named| named == method);
                assert_eq!(status != StatusCode::METHOD_NOT_ALLOWED, named, "{method} {path}");
            }
        }
    }
}
