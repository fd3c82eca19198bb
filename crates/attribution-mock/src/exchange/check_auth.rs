use super::Answer;
use super::auth::{AuthRejection, Authenticated};

/// Whether the credentials are good, as Segment's Attribution (Actions) asks before it is switched on. It is no event: it is
/// not journaled, no fault strikes it, and its body, which is empty, is not looked at.
pub(crate) async fn check_auth(authenticated: Result<Authenticated, AuthRejection>) -> Answer {
    match authenticated {
        Ok(Authenticated) => Answer::Success,
        Err(rejection) => Answer::Unauthenticated(rejection),
    }
}
