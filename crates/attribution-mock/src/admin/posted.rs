use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};

use crate::exchange::{Answer, Uncollected, collect};
use crate::faults::OnTheWire;
use crate::mock::Mock;

/// The longest body that is read here, in bytes: nobody has more to say to the admin API.
const LONGEST: usize = 256 * 1024;

/// The body of a request to the admin API.
#[derive(Clone, Debug)]
pub(crate) struct Posted(pub(crate) Bytes);

impl FromRequest<Mock> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, mock: &Mock) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        match collect(&parts.headers, body, LONGEST, mock.config()).await {
            Ok(body) => Ok(Self(body)),
            Err(Uncollected::Refused(problem)) => Err(problem.into_response()),
            Err(Uncollected::Gone) => Err(Answer::Severed(OnTheWire::Close).respond(&mock.config().answers)),
        }
    }
}
