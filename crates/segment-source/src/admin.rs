use axum::Json;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Serialize;

use crate::answer::failure;
use crate::listing::Listing;
use crate::receipt::Receipt;
use crate::receipts::Counts;
use crate::source::Source;

/// Lets a request through that is addressed to this machine by a name that no web page elsewhere can take.
pub(crate) async fn loopback_only(State(source): State<Source>, request: Request, next: Next) -> Response {
    match inbound::outsider(request.uri(), request.headers(), &source.config().admin_hosts) {
        None => next.run(request).await,
        Some(header) => {
            let message = format!(
                "the admin API answers only what is addressed to this machine: the {header} header names another one \
                 (ask http://127.0.0.1 or http://localhost, or name the host with --admin-host)"
            );
            failure(StatusCode::FORBIDDEN, "not_loopback", &message, &[])
        }
    }
}

pub(crate) async fn health() -> Json<Health> {
    Json(Health { status: "ok" })
}

#[derive(Debug, Serialize)]
pub(crate) struct Health {
    status: &'static str,
}

pub(crate) async fn receipts(State(source): State<Source>, listing: Listing) -> Response {
    let page = source.receipts(listing.after, listing.limit);
    Json(Listed {
        receipts: page.rows,
        next: page.next,
        dropped: page.dropped,
        counts: source.counts(),
    })
    .into_response()
}

#[derive(Debug, Serialize)]
struct Listed {
    receipts: Vec<Receipt>,
    next: u64,
    dropped: u64,
    counts: Counts,
}
