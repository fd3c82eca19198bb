use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::request::Parts;

use crate::signal::Waiter;

/// When the server that received this request was told to stop, what is held is let go.
///
/// The connection puts it among the request's extensions; a request that came another way never stops.
#[derive(Clone, Debug)]
pub(crate) struct Stopping(pub(crate) Waiter);

impl<S: Sync> FromRequestParts<S> for Stopping {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts
            .extensions
            .get::<Self>()
            .cloned()
            .unwrap_or_else(|| Self(Waiter::never())))
    }
}
