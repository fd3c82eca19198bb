use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};

use super::arrival::{Arrival, Unread};
use super::auth::Authenticated;
use super::{Answer, Stopping};
use crate::mock::Mock;

/// One event: it is journaled when its body is complete, whenever the answer leaves.
pub(crate) async fn ingest(
    State(mock): State<Mock>,
    _: Authenticated,
    stopping: Stopping,
    request: Request,
) -> Response {
    let reply = match Arrival::read(request, mock.config()).await {
        Ok(arrival) => mock.take(arrival),
        Err(Unread::Refused(arrival, problem)) => mock.turn_away(arrival, problem),
        Err(Unread::Gone) => return Answer::Severed.into_response(),
    };
    if let Some(hold) = reply.hold {
        hold.wait(&mock.config().clock, stopping.0).await;
    }
    reply.answer.into_response()
}
