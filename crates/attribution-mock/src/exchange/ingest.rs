use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};

use super::arrival::{Arrival, Unread};
use super::auth::{AuthRejection, Authenticated};
use super::{Answer, Stopping};
use crate::mock::Mock;

/// One event: it is journaled when its body is complete, whenever the answer leaves. A sender that isn't let in is
/// journaled without its body.
pub(crate) async fn ingest(
    State(mock): State<Mock>,
    authenticated: Result<Authenticated, AuthRejection>,
    stopping: Stopping,
    request: Request,
) -> Response {
    if let Err(rejection) = authenticated {
        let arrival = Arrival::of_a_stranger(&request);
        return mock
            .turn_away(arrival, Answer::Unauthenticated(rejection))
            .answer
            .into_response();
    }
    let reply = match Arrival::read(request, mock.config()).await {
        Ok(arrival) => mock.take(arrival),
        Err(Unread::Refused(arrival, problem)) => mock.turn_away(arrival, Answer::Problem(problem)),
        Err(Unread::Gone) => return Answer::Severed.into_response(),
    };
    if let Some(hold) = reply.hold {
        hold.wait(&mock.config().clock, stopping.0).await;
    }
    reply.answer.into_response()
}
