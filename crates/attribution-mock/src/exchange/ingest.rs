use axum::extract::{Request, State};
use axum::response::Response;

use super::arrival::{Arrival, Unread};
use super::auth::{AuthRejection, Authenticated};
use super::claim::Claim;
use super::place;
use super::problem::Problem;
use super::{Answer, Reply, Stopping};
use crate::faults::OnTheWire;
use crate::mock::Mock;
use crate::namespace::Namespace;
use crate::project_id::ProjectId;

/// One event, as the router hands it on.
pub(crate) async fn ingest(State(mock): State<Mock>, stopping: Stopping, mut request: Request) -> Response {
    event(&mock, &stopping, &mut request).await
}

/// One event: it is journaled when its body is complete, whenever the answer leaves. A sender that isn't let in is
/// journaled without its body, which only a browser's claim makes us read at all.
///
/// Its body is taken out of the request, which stays where it is: it is large, and would be moved from hand to hand.
pub(crate) async fn event(mock: &Mock, stopping: &Stopping, request: &mut Request) -> Response {
    let Authenticated(sender) = Authenticated::of(request.headers(), mock);
    let reply = match place::named(request.headers()) {
        Ok(namespace) => admit(mock, sender, namespace.as_ref(), request).await,
        Err(problem) => Some(turned_away(mock, request, problem)),
    };
    let Some(reply) = reply else {
        return Answer::Severed(OnTheWire::Close).respond(&mock.config().answers);
    };
    reply.respond(mock.config(), &stopping.0).await
}

async fn admit(
    mock: &Mock,
    sender: Result<ProjectId, AuthRejection>,
    namespace: Option<&Namespace>,
    request: &mut Request,
) -> Option<Reply> {
    match (Claim::of(request), sender) {
        (Some(claim), _) => claimed(mock, &claim, namespace, request).await,
        (None, Ok(project)) => known(mock, &project, namespace, request).await,
        (None, Err(rejection)) => {
            let arrival = Arrival::of_a_stranger(request);
            Some(mock.turn_away(&arrival, Answer::Unauthenticated(rejection)))
        }
    }
}

/// What becomes of an event whose sender was let in by a header; nothing when the sender went away.
async fn known(
    mock: &Mock,
    project: &ProjectId,
    namespace: Option<&Namespace>,
    request: &mut Request,
) -> Option<Reply> {
    let mock = match mock.enter(project, namespace) {
        Ok(mock) => mock,
        Err(problem) => return Some(turned_away(mock, request, problem)),
    };
    match Arrival::read(request, mock.config(), false).await {
        Ok(arrival) => Some(mock.take(&arrival)),
        Err(Unread::Refused(arrival, problem)) => Some(mock.turn_away(&arrival, Answer::Problem(problem))),
        Err(Unread::Gone) => None,
    }
}

/// What becomes of an event whose body says who sends it; nothing when the sender went away. Until the body is read, its
/// sender is a stranger.
async fn claimed(mock: &Mock, claim: &Claim, namespace: Option<&Namespace>, request: &mut Request) -> Option<Reply> {
    let (arrival, answer) = match Arrival::read(request, mock.config(), true).await {
        Ok(arrival) => match claim.check(&arrival.body, &mock.config().projects) {
            Ok(project) => match mock.enter(&project, namespace) {
                Ok(mock) => return Some(mock.take(&arrival)),
                Err(problem) => (arrival, Answer::Problem(problem)),
            },
            Err(rejection) => (arrival, Answer::Unauthenticated(rejection)),
        },
        Err(Unread::Refused(arrival, problem)) => (arrival, Answer::Problem(problem)),
        Err(Unread::Gone) => return None,
    };
    Some(mock.turn_away(&arrival.without_body(), answer))
}

/// Nobody can tell whose event it is, so it is the first project's to know of.
fn turned_away(mock: &Mock, request: &Request, problem: Problem) -> Reply {
    mock.turn_away(&Arrival::of_a_stranger(request), Answer::Problem(problem))
}
