use axum::extract::State;
use axum::response::Response;

use super::Answer;
use super::auth::Authenticated;
use crate::mock::Mock;

/// Whether the credentials are good, as Segment's Attribution (Actions) asks before it is switched on. It is no event: it is
/// not journaled, no fault strikes it, and its body, which is empty, is not looked at.
pub(crate) async fn check_auth(State(mock): State<Mock>, Authenticated(sender): Authenticated) -> Response {
    let answer = sender.map_or_else(Answer::Unauthenticated, |_| Answer::Success);
    answer.respond(&mock.config().answers)
}
