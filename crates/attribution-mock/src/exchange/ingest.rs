use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};

use super::arrival::{Arrival, Unread};
use super::auth::{AuthRejection, Authenticated};
use super::claim::Claim;
use super::{Answer, Reply, Stopping};
use crate::faults::OnTheWire;
use crate::mock::Mock;

/// One event: it is journaled when its body is complete, whenever the answer leaves. A sender that isn't let in is
/// journaled without its body, which only a browser's claim makes us read at all.
pub(crate) async fn ingest(
    State(mock): State<Mock>,
    authenticated: Result<Authenticated, AuthRejection>,
    stopping: Stopping,
    request: Request,
) -> Response {
    let claim = Claim::of(&request);
    let reply = match (claim, authenticated) {
        (Some(claim), _) => claimed(&mock, &claim, request).await,
        (None, Ok(Authenticated)) => known(&mock, request).await,
        (None, Err(rejection)) => {
            let arrival = Arrival::of_a_stranger(&request);
            Some(mock.turn_away(arrival, Answer::Unauthenticated(rejection)))
        }
    };
    let Some(reply) = reply else {
        return Answer::Severed(OnTheWire::Close).into_response();
    };
    reply.respond(&mock.config().clock, stopping.0).await
}

/// What becomes of an event whose sender was let in by a header; nothing when the sender went away.
async fn known(mock: &Mock, request: Request) -> Option<Reply> {
    match Arrival::read(request, mock.config(), false).await {
        Ok(arrival) => Some(mock.take(arrival)),
        Err(Unread::Refused(arrival, problem)) => Some(mock.turn_away(arrival, Answer::Problem(problem))),
        Err(Unread::Gone) => None,
    }
}

/// What becomes of an event whose body says who sends it; nothing when the sender went away. Until the body is read, its
/// sender is a stranger.
async fn claimed(mock: &Mock, claim: &Claim, request: Request) -> Option<Reply> {
    let (arrival, answer) = match Arrival::read(request, mock.config(), true).await {
        Ok(arrival) => match claim.check(&arrival.body, &mock.config().project_id) {
            Ok(()) => return Some(mock.take(arrival)),
            Err(rejection) => (arrival, Answer::Unauthenticated(rejection)),
        },
        Err(Unread::Refused(arrival, problem)) => (arrival, Answer::Problem(problem)),
        Err(Unread::Gone) => return None,
    };
    Some(mock.turn_away(arrival.without_body(), answer))
}
