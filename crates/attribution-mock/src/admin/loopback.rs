use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use inbound::outsider;

use crate::exchange::Problem;
use crate::mock::Mock;

/// Lets a request through that is addressed to this machine by a name that no web page elsewhere can take: against
/// DNS rebinding. An `Origin` elsewhere is turned away too, since a page may post without asking first.
pub(crate) async fn loopback_only(State(mock): State<Mock>, request: Request, next: Next) -> Response {
    match outsider(request.uri(), request.headers(), &mock.config().admin_hosts) {
        None => next.run(request).await,
        Some(header) => Problem::NotLoopback { header }.into_response(),
    }
}
