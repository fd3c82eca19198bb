use axum::Json;
use axum::extract::{Query, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, Uri};
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

/// The messages with an id, as they were sent and as they went on.
pub(crate) async fn messages(State(source): State<Source>, uri: Uri) -> Response {
    // Any text is a query: what is no parameter in it is one without a value.
    let query = Query::<Vec<(String, String)>>::try_from_uri(&uri);
    let pairs = query.map_or_else(|_| Vec::new(), |query| query.0);
    match pairs.as_slice() {
        [(name, id)] if name == "message_id" && !id.is_empty() => Json(source.messages(id)).into_response(),
        _ => {
            let message = "ask for a message by its id and nothing else: /__admin/messages?message_id=ID";
            failure(StatusCode::BAD_REQUEST, "bad_query", message, &[])
        }
    }
}

#[derive(Debug, Serialize)]
struct Listed {
    receipts: Vec<Receipt>,
    next: u64,
    dropped: u64,
    counts: Counts,
}
