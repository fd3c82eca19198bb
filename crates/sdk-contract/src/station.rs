//! The Tracking API that an SDK meets: the real one, with the faults of a script before it, and a record of what came.

use std::future::poll_fn;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::response::{IntoResponse, Response};
use clock::Clock;
use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_LENGTH, RETRY_AFTER};
use http::{HeaderValue, Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use inbound::Accepting;
use segment_source::{AcceptedEvents, AdminApi, Call, Source, SourceConfig, Verdict, WriteKey, WriteKeys};
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tower_service::Service as _;

use crate::case::WRITE_KEY;
use crate::observed::{Delivery, Fate};
use crate::script::{Fault, Script};
use crate::station::reading::{Read, read};

mod reading;

/// The longest body that is looked at, in bytes; the API takes half a megabyte.
const LONGEST_BODY: usize = 4 << 20;

/// A Tracking API that listens.
pub(crate) struct Station {
    shared: Arc<Shared>,
    listener: TcpListener,
    address: SocketAddr,
    // What the source accepts is not delivered anywhere, but as long as this lives the source is open.
    _accepted: AcceptedEvents,
}

struct Shared {
    source: Source,
    router: Router,
    script: Script,
    clock: Clock,
    began: Duration,
    // A std mutex: it is never held across an await.
    record: Mutex<Record>,
}

/// What came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Record {
    pub(crate) deliveries: Vec<Delivery>,
    pub(crate) fetched_after: Option<usize>,
    pub(crate) astray: Vec<String>,
    begun: usize,
}

impl Station {
    /// Listens on this machine, at a port that is free.
    pub(crate) async fn listen(script: Script, clock: Clock) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let key = WriteKey::new(WRITE_KEY).map(|key| (key, 0));
        let (source, accepted) = Source::new(SourceConfig {
            write_keys: WriteKeys::only(key),
            ..SourceConfig::new(clock.clone())
        });
        let shared = Shared {
            router: source.router(AdminApi::default()),
            source,
            script,
            began: clock.elapsed(),
            clock,
            record: Mutex::default(),
        };
        Ok(Self {
            address: listener.local_addr()?,
            listener,
            shared: Arc::new(shared),
            _accepted: accepted,
        })
    }

    /// Where it listens, as a URL.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Serves until something is done, and says what came of that, and what came here.
    pub(crate) async fn serve_during<T>(self, doing: impl Future<Output = T>) -> (T, Record, Vec<String>) {
        let (stop, stopping) = watch::channel(());
        let accepting = Accepting {
            clock: self.shared.clock.clone(),
            connections: 256,
            grace: Duration::ZERO,
            spread: None,
        };
        let shared = Arc::clone(&self.shared);
        let each = move |socket, _| Some(converse(socket, Arc::clone(&shared), stopping.clone()));
        let mut done = None;
        let shutdown = async { done = Some(doing.await) };
        accepting.serve(self.listener, shutdown, stop, each).await;
        let record = self.shared.record().clone();
        let refusals = refusals(&self.shared.source);
        // The loop ends with what it waits for, and not before.
        (done.expect("it was done"), record, refusals)
    }
}

/// What ingest has against messages that it took.
fn refusals(source: &Source) -> Vec<String> {
    let receipts = source.receipts(Some(0), usize::MAX).rows;
    let rejected = receipts.into_iter().filter_map(|receipt| match receipt.verdict {
        Verdict::Rejected(refusals) => Some(refusals),
        Verdict::Accepted | Verdict::Duplicate => None,
    });
    let words = |refusal: segment_source::Refusal| match refusal.pointer.as_str() {
        "" => refusal.message,
        pointer => format!("{pointer}: {}", refusal.message),
    };
    rejected.flatten().map(words).collect()
}

/// Serves one connection until it ends, is to be reset, or nobody needs it any more.
async fn converse(socket: TcpStream, shared: Arc<Shared>, mut stop: watch::Receiver<()>) {
    let service = service_fn(move |request: Request<Incoming>| {
        let shared = Arc::clone(&shared);
        Box::pin(async move { shared.answer(request).await })
    });
    let mut serving = http1::Builder::new().serve_connection(TokioIo::new(socket), service);
    let ended = tokio::select! {
        ended = poll_fn(|context| serving.poll_without_shutdown(context)) => ended,
        _ = stop.changed() => Ok(()),
    };
    if ended.is_err_and(|error| error.is_user()) {
        // Without lingering, closing sends RST. An error means that there is no connection any more.
        let _ = serving.into_parts().io.into_inner().set_zero_linger();
    }
}

/// The connection is to be reset.
#[derive(Debug)]
struct Reset;

impl std::fmt::Display for Reset {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the case resets this connection")
    }
}

impl std::error::Error for Reset {}

impl Shared {
    async fn answer(&self, request: Request<Incoming>) -> Result<Response, Reset> {
        let (parts, body) = request.into_parts();
        let limited = http_body_util::Limited::new(body, LONGEST_BODY);
        // A body that breaks off has nobody left who would read an answer.
        let Ok(body) = limited.collect().await.map(http_body_util::Collected::to_bytes) else {
            return Ok(StatusCode::PAYLOAD_TOO_LARGE.into_response());
        };
        let call = Call::of_path(parts.uri.path());
        let path = parts.uri.path().to_owned();
        match call {
            Some(call @ (Call::One(_) | Call::Batch)) if parts.method == Method::POST => {
                let read = read(call, &parts.headers, &body);
                self.deliver(Request::from_parts(parts, body), read).await
            }
            None if is_settings(&path) && parts.method == Method::GET => {
                self.record().note_fetch();
                let answer = self.route(Request::from_parts(parts, body)).await;
                Ok(self.settings(answer).await)
            }
            None => {
                self.record().astray.push(format!("{} {path}", parts.method));
                Ok(self.route(Request::from_parts(parts, body)).await)
            }
            Some(_) => Ok(self.route(Request::from_parts(parts, body)).await),
        }
    }

    /// Does to a request with messages what the script says.
    async fn deliver(&self, request: Request<Bytes>, read: Read) -> Result<Response, Reset> {
        let came = self.now();
        let fault = self.script.fault(self.record().begin());
        let (answer, fate) = match fault {
            Fault::Take => {
                let answer = self.route(request).await;
                let fate = Fate::Answered(answer.status().as_u16());
                (Ok(answer), fate)
            }
            Fault::Status(status) => (Ok(refused(status, None)), Fate::Answered(status)),
            Fault::RetryAfter(seconds) => (Ok(refused(429, Some(seconds))), Fate::Answered(429)),
            Fault::Reset => (Err(Reset), Fate::Reset),
            Fault::LoseAnswer => {
                self.route(request).await;
                (Err(Reset), Fate::TakenThenReset)
            }
        };
        let Read {
            messages,
            retry_count,
            write_key,
        } = read;
        self.record().deliveries.push(Delivery {
            came,
            answered: self.now(),
            messages,
            retry_count,
            write_key,
            fate,
        });
        answer
    }

    /// What the real API answers.
    async fn route(&self, request: Request<Bytes>) -> Response {
        let Ok(answer) = self.router.clone().call(request.map(Body::from)).await;
        answer
    }

    /// The settings, with what the case says about retries.
    async fn settings(&self, answer: Response) -> Response {
        let Some(config) = &self.script.http_config else {
            return answer;
        };
        let (mut parts, body) = answer.into_parts();
        let body = body
            .collect()
            .await
            .map(http_body_util::Collected::to_bytes)
            .unwrap_or_default();
        let Ok(Value::Object(mut settings)) = serde_json::from_slice(&body) else {
            return Response::from_parts(parts, Body::from(body));
        };
        settings.insert("httpConfig".to_owned(), config.clone());
        parts.headers.remove(CONTENT_LENGTH);
        Response::from_parts(parts, Body::from(Value::Object(settings).to_string()))
    }

    fn now(&self) -> Duration {
        self.clock.elapsed().saturating_sub(self.began)
    }

    fn record(&self) -> MutexGuard<'_, Record> {
        // Nothing under the lock panics, so a poisoned one is as good as another.
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Record {
    /// How many deliveries had begun before this one.
    fn begin(&mut self) -> usize {
        self.begun += 1;
        self.begun - 1
    }

    fn note_fetch(&mut self) {
        let begun = self.begun;
        self.fetched_after.get_or_insert(begun);
    }
}

/// Whether settings are there, whatever the write key.
fn is_settings(path: &str) -> bool {
    path.strip_prefix("/v1/projects/")
        .and_then(|rest| rest.strip_suffix("/settings"))
        .is_some_and(|key| !key.is_empty() && !key.contains('/'))
}

/// An answer of a server that has not taken anything. A page may read it, too.
fn refused(status: u16, retry_after: Option<u64>) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
    let body = serde_json::json!({"success": false, "code": "fault", "message": "the case answers so"});
    let mut answer = (status, axum::Json(body)).into_response();
    let headers = answer.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    if let Some(seconds) = retry_after {
        headers.insert(RETRY_AFTER, seconds.into());
    }
    answer
}
