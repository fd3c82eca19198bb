use attribution_ledger::{Dialect, Route};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::Method;
use http::header::AUTHORIZATION;

use super::Redaction;
use super::hearing::Heard;
use super::notice::Notice;
use super::recording::Recording;
use crate::config::MockConfig;
use crate::exchange::{Answer, Claim, Struck, authenticate, failure};
use crate::faults::OnTheWire;
use crate::mock::Mock;
use crate::project_id::ProjectId;
use crate::upstream::{WireAnswer, WireRequest};

/// Lets the double answer, and then passes the exchange on and keeps it, unless a fault has struck: what a fault says is no
/// server's answer.
pub(crate) async fn passage(State(mock): State<Mock>, request: Request, next: Next) -> Response {
    if request.method() != Method::POST {
        return next.run(request).await;
    }
    let (dialect, claim) = (dialect(&request), Claim::of(&request));
    let (request, asked) = match Heard::of(request, mock.config().body_limit).await {
        Heard::Whole(request, asked) => (request, asked),
        Heard::TooLong(request) => return next.run(request).await,
        Heard::Gone => return Answer::Severed(OnTheWire::Close).respond(&mock.config().answers),
    };
    let own = next.run(request).await;
    if own.extensions().get::<Struck>().is_some() || own.extensions().get::<OnTheWire>().is_some() {
        return own;
    }
    let own = WireAnswer::of(own).await;
    let project = whose(mock.config(), claim.as_ref(), &asked);
    let exchange = Exchange {
        mock: &mock,
        dialect,
        project,
    };
    exchange.pass(asked, own).await
}

/// The project that the sender knows; where it knows none, the first there is.
fn whose(config: &MockConfig, claim: Option<&Claim>, asked: &WireRequest) -> ProjectId {
    let projects = &config.projects;
    let header = asked.headers.get(AUTHORIZATION);
    let known = header.and_then(|header| authenticate(header, projects).ok());
    known
        .or_else(|| claim?.check(&asked.body, projects).ok())
        .or_else(|| projects.known().first().cloned())
        .unwrap_or_else(|| ProjectId::from(""))
}

/// `/check_auth` is what Segment's Attribution (Actions) asks.
fn dialect(request: &Request) -> Dialect {
    if Claim::of(request).is_some() {
        return Dialect::Browser;
    }
    Route::of_path(request.uri().path()).map_or(Dialect::Actions, Route::dialect)
}

/// An exchange that the double has had.
struct Exchange<'a> {
    mock: &'a Mock,
    dialect: Dialect,
    /// Whose secrets are in it.
    project: ProjectId,
}

impl Exchange<'_> {
    async fn pass(&self, asked: WireRequest, own: WireAnswer) -> Response {
        let tap = &self.mock.config().tap;
        let Some(upstream) = &tap.upstream else {
            self.keep(asked, &own, None).await;
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
                self.keep(asked, &answer, Some(&own)).await;
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
    async fn keep(&self, asked: WireRequest, answer: &WireAnswer, double: Option<&WireAnswer>) {
        let config = self.mock.config();
        let Some(recorder) = config.tap.recorder.clone() else {
            return;
        };
        let redaction = Redaction::new(&self.project);
        let recording = match Recording::of(&redaction, config.body_limit, self.dialect, &asked, answer, double) {
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
}
