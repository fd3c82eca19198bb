use axum::Json;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use http::header::HOST;
use http::uri::Authority;
use http::{StatusCode, Uri};
use serde_json::{Value, json};

use crate::answer::failure;
use crate::source::Source;

/// What analytics.js asks for before anything else: which integrations there are, and where its calls go. It asks the
/// `cdnURL` that it is given and posts to `apiHost` by `protocol`, so it needs to be told one address only. Source: analytics.js,
/// plugins `segmentio` and `ajs-destination`.
pub(crate) async fn settings(State(source): State<Source>, Path(key): Path<String>, request: Request) -> Response {
    if source.config().write_keys.route(&key).is_none() {
        let message = "the write key names no source";
        return failure(StatusCode::NOT_FOUND, "unknown_source", message, &[]);
    }
    let Some(host) = host(&request) else {
        let message = "the Host header names no host that calls could be sent to";
        return failure(StatusCode::BAD_REQUEST, "bad_request", message, &[]);
    };
    Json(document(&key, &host)).into_response()
}

/// By what name the source was reached.
fn host(request: &Request) -> Option<String> {
    let named = |uri: &Uri| uri.authority().cloned();
    let in_header = || request.headers().get(HOST)?.to_str().ok()?.parse::<Authority>().ok();
    let authority = named(request.uri()).or_else(in_header)?;
    let port = authority.port().map(|port| format!(":{port}")).unwrap_or_default();
    Some(format!("{}{port}", authority.host())).filter(|host| !host.is_empty())
}

/// No destination is named: those behind this source are in cloud mode, with nothing to load in a page, and where an
/// integration stands beside Segment's own, analytics.js first loads the code for those that do from Segment's CDN. Seen with
/// `@segment/analytics-next` 1.81.0 in a browser that can't reach that: no call is ever sent.
fn document(key: &str, host: &str) -> Value {
    let segment = json!({
        "apiKey": key,
        "apiHost": format!("{host}/v1"),
        "protocol": "http",
        "unbundledIntegrations": [],
        "addBundledMetadata": true,
        "maybeBundledConfigIds": {},
        "versionSettings": {"version": "4.4.7", "componentTypes": ["browser"]},
    });
    json!({
        "integrations": {"Segment.io": segment},
        "plan": {
            "track": {"__default": {"enabled": true, "integrations": {}}},
            "identify": {"__default": {"enabled": true}},
            "group": {"__default": {"enabled": true}},
        },
        "edgeFunction": {},
        "analyticsNextEnabled": true,
        "middlewareSettings": {},
        "enabledMiddleware": {},
        "metrics": {"sampleRate": 0},
        "legacyVideoPluginsEnabled": false,
        "remotePlugins": [],
    })
}
