use attribution_ledger::{Dialect, Route};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::Method;

use super::Redaction;
use super::hearing::Heard;
use super::notice::Notice;
use super::recording::Recording;
use crate::exchange::{Claim, Severed, Struck, failure};
use crate::mock::Mock;
use crate::upstream::{WireAnswer, WireRequest};

/// Lets the double answer, and then passes the exchange on and keeps it, unless a fault has struck: what a fault says is no
/// server's answer.
pub(crate) async fn passage(State(mock): State<Mock>, request: Request, next: Next) -> Response {
    if request.method() != Method::POST {
        return next.run(request).await;
    }
    let dialect = dialect(&request);
    let (request, asked) = match Heard::of(request, mock.config().body_limit).await {
        Heard::Whole(request, asked) => (request, asked),
        Heard::TooLong(request) => return next.run(request).await,
        Heard::Gone => return Severed.into_response(),
    };
    let own = next.run(request).await;
    if own.extensions().get::<Struck>().is_some() || own.extensions().get::<Severed>().is_some() {
        return own;
    }
    let own = WireAnswer::of(own).await;
    pass(&mock, dialect, asked, own).await
}

/// `/check_auth` is what Segment's Attribution (Actions) asks.
fn dialect(request: &Request) -> Dialect {
    if Claim::of(request).is_some() {
        return Dialect::Browser;
    }
    Route::of_path(request.uri().path()).map_or(Dialect::Actions, Route::dialect)
}

async fn pass(mock: &Mock, dialect: Dialect, asked: WireRequest, own: WireAnswer) -> Response {
    let tap = &mock.config().tap;
    let Some(upstream) = &tap.upstream else {
        keep(mock, dialect, asked, &own, None).await;
        return own.into_response();
    };
    match upstream.exchange(asked.clone()).await {
        Ok(answer) => {
            if answer.status.as_u16() / 100 != own.status.as_u16() / 100 {
                tap.tell(&Notice::Differs {
                    path: asked.path.split('?').next().unwrap_or_default().to_owned(),
                    double: own.status,
                    upstream: answer.status,
                });
            }
            keep(mock, dialect, asked, &answer, Some(&own)).await;
            answer.into_response()
        }
        Err(error) => {
            let message = format!("the upstream {upstream} gave no answer: {error}");
            tap.tell(&Notice::NoAnswer(error.clone()));
            failure(error.status(), error.code(), &message)
        }
    }
}

/// Writes the exchange before it is answered, so that whoever has the answer finds the file.
async fn keep(mock: &Mock, dialect: Dialect, asked: WireRequest, answer: &WireAnswer, double: Option<&WireAnswer>) {
    let config = mock.config();
    let Some(recorder) = config.tap.recorder.clone() else {
        return;
    };
    let redaction = Redaction::new(&config.project_id);
    let recording = match Recording::of(&redaction, config.body_limit, dialect, &asked, answer, double) {
        Ok(recording) => recording,
        Err(unreadable) => {
            let why = unreadable.to_string();
            return config.tap.tell(&Notice::NotRecorded { file: None, why });
        }
    };
    let folder = recorder.folder().to_owned();
    let written = tokio::task::spawn_blocking(move || recorder.write(&recording)).await;
    let why = match written {
        Ok(Ok(_file)) => return,
        Ok(Err(error)) => error.to_string(),
        Err(panic) => panic.to_string(),
    };
    let file = Some(folder);
    config.tap.tell(&Notice::NotRecorded { file, why });
}
