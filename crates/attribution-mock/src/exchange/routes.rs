use std::convert::Infallible;

use attribution_ledger::Route;
use axum::Router;
use axum::body::HttpBody as _;
use axum::extract::Request;
use axum::response::Response;
use http::Method;
use http::header::CONTENT_LENGTH;
use inbound::{Spread, cors};
use tower_service::Service as _;

use super::Stopping;
use super::ingest::event;
use crate::mock::Mock;

/// What answers requests: as a router does, but an event by a shorter way, since nearly every request is one.
#[derive(Clone)]
pub(crate) struct Routes {
    router: Router,
    /// None where events go the way of everything else.
    events: Option<Mock>,
    /// Where everything else goes, so that it doesn't hold events up.
    spread: Option<Spread>,
}

impl Routes {
    /// Those of a mock. Where its exchanges are passed on or kept, the router sees to that.
    pub(crate) fn of(mock: &Mock) -> Self {
        Self {
            router: mock.router(),
            events: mock.config().tap.is_idle().then(|| mock.clone()),
            spread: mock.config().spread.clone(),
        }
    }

    /// Answers a request that came over a connection.
    pub(crate) async fn answer(&self, mut request: Request, stopping: &Stopping) -> Response {
        if let Some(mock) = self.events.as_ref().filter(|_| is_event(&request)) {
            let from_a_page = cors::is_from_a_page(&request);
            let response = measured(event(mock, stopping, &mut request).await);
            return if from_a_page {
                cors::readable(response)
            } else {
                response
            };
        }
        request.extensions_mut().insert(stopping.clone());
        let answering = self.router.clone().call(request);
        // Boxed, as events would carry it along.
        let answered = match &self.spread {
            Some(spread) => Box::pin(spread.run(answering)).await,
            None => Box::pin(answering).await,
        };
        answered.unwrap_or_else(|never: Infallible| match never {})
    }
}

impl From<Router> for Routes {
    fn from(router: Router) -> Self {
        Self {
            router,
            events: None,
            spread: None,
        }
    }
}

/// The answer with its length among its headers, where a router puts it.
fn measured(mut response: Response) -> Response {
    if !response.headers().contains_key(CONTENT_LENGTH)
        && let Some(length) = response.body().size_hint().exact()
    {
        response.headers_mut().insert(CONTENT_LENGTH, length.into());
    }
    response
}

fn is_event(request: &Request) -> bool {
    request.method() == Method::POST && Route::of_path(request.uri().path()).is_some()
}
