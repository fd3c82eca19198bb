//! What passes through the double to another server, and what is kept of it.

#![expect(clippy::unwrap_used, reason = "a test that can not go on panics")]

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use attribution_ledger::EntryVerdict;
use attribution_mock::{
    Fault, FaultAction, MockConfig, MockServer, Notice, ProjectId, Recorder, Recording, Tap, Upstream,
};
use clock::Clock;
use tokio::net::TcpStream;
use wiremock::matchers::any;
use wiremock::{Mock as Stub, MockServer as Stubbed, ResponseTemplate};

use crate::peer::{AUTHORIZATION, Answer, CONVERSION, DENIED, Peer, post, post_text, request};

/// The double in front of another server, and all that it told.
pub(crate) struct Passing {
    pub(crate) server: MockServer,
    told: Arc<Mutex<Vec<Notice>>>,
}

impl Passing {
    pub(crate) async fn start(tap: Tap) -> Self {
        let told = Arc::new(Mutex::new(Vec::new()));
        let teller = Arc::clone(&told);
        let tap = tap.telling(move |notice| teller.lock().unwrap().push(notice.clone()));
        let config = MockConfig {
            tap,
            body_limit: 10_000,
            ..MockConfig::new(Clock::system())
        };
        let server = MockServer::builder().config(config).start().await.unwrap();
        Self { server, told }
    }

    pub(crate) async fn ask(&self, request: &str) -> Answer {
        self.peer().await.answer(request).await
    }

    pub(crate) async fn peer(&self) -> Peer<TcpStream> {
        Peer::new(TcpStream::connect(self.server.address()).await.unwrap())
    }

    pub(crate) fn told(&self) -> Vec<String> {
        self.told.lock().unwrap().iter().map(Notice::to_string).collect()
    }
}

pub(crate) fn to(uri: &str) -> Tap {
    let upstream = Upstream::new(uri, Duration::from_secs(20), &Clock::system()).unwrap();
    Tap::default().forwarding_to(upstream)
}

fn recording_to(folder: &Path) -> Tap {
    Tap::default().recording_to(Recorder::into_folder(folder).unwrap())
}

/// The files of a folder, by name.
fn files(folder: &Path) -> Vec<(String, String)> {
    let listed = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let mut files: Vec<(String, String)> = listed
        .map(|entry| {
            let name = entry.file_name().into_string().unwrap();
            (name, fs::read_to_string(entry.path()).unwrap())
        })
        .collect();
    files.sort();
    files
}

fn recordings(folder: &Path) -> Vec<Recording> {
    let read = files(folder)
        .into_iter()
        .map(|(_, text)| Recording::decode(&text).unwrap());
    read.collect()
}

#[tokio::test]
async fn what_is_sent_arrives_at_the_upstream_as_it_was_sent() {
    let upstream = Stubbed::start().await;
    Stub::given(any())
        .respond_with(ResponseTemplate::new(200))
        .mount(&upstream)
        .await;
    let passing = Passing::start(to(&upstream.uri())).await;
    let headers = [
        AUTHORIZATION,
        "Content-Type: application/json; charset=utf-8",
        "User-Agent: sender/1",
        "X-Hop: 1",
        "Connection: close, X-Hop",
    ];
    let body = "{ \"user_id\" : \"user-1\" }";
    assert_eq!(
        passing
            .ask(&request("POST /identify?a=%20b", &headers, body))
            .await
            .status,
        200
    );

    let [arrived] = &*upstream.received_requests().await.unwrap() else {
        panic!("one request")
    };
    assert_eq!((arrived.method.as_str(), arrived.url.path()), ("POST", "/identify"));
    assert_eq!(arrived.url.query(), Some("a=%20b"));
    assert_eq!(arrived.body, body.as_bytes());
    let header = |name| arrived.headers.get(name).map(|value| value.to_str().unwrap());
    assert_eq!(header("authorization"), Some("Basic ZGVtby1wcm9qZWN0Og=="));
    assert_eq!(header("content-type"), Some("application/json; charset=utf-8"));
    assert_eq!(header("user-agent"), Some("sender/1"));
    assert_eq!(header("host"), upstream.uri().strip_prefix("http://"));
    assert_eq!((header("x-hop"), header("connection")), (None, None));
}

#[tokio::test]
async fn the_answer_is_the_upstream_s_and_the_journal_keeps_the_double_s_verdict() {
    let upstream = Stubbed::start().await;
    let answer = ResponseTemplate::new(202)
        .insert_header("x-request-id", "7")
        .set_body_raw("taken", "text/plain");
    Stub::given(any()).respond_with(answer).mount(&upstream).await;
    let passing = Passing::start(to(&upstream.uri())).await;
    let answer = passing.ask(&post("/track", CONVERSION)).await;
    assert_eq!((answer.status, answer.body.as_str()), (202, "taken"));
    assert_eq!(answer.header("x-request-id"), Some("7"));
    for _ in 0..2 {
        assert_eq!(passing.ask(&post("/track", DENIED)).await.status, 202);
    }
    let verdicts = passing
        .server
        .mock()
        .entries()
        .into_iter()
        .map(|entry| (entry.status, entry.verdict));
    assert_eq!(
        verdicts.collect::<Vec<_>>(),
        [
            (200, EntryVerdict::Recorded),
            (400, EntryVerdict::Refused),
            (400, EntryVerdict::Refused)
        ]
    );
    assert_eq!(
        passing.told(),
        ["the upstream answers 202 to /track where the double says 400"],
        "once, and not where the class is the same"
    );
}

#[tokio::test]
async fn a_stranger_is_let_in_or_not_by_the_upstream() {
    let upstream = MockServer::builder().projects("other").start().await.unwrap();
    let passing = Passing::start(to(&upstream.uri())).await;
    let as_other = |request: String| request.replace("ZGVtby1wcm9qZWN0Og==", "b3RoZXI6");
    assert_eq!(passing.ask(&as_other(post("/track", CONVERSION))).await.status, 200);
    assert_eq!(passing.ask(&post("/track", CONVERSION)).await.status, 401);
    assert_eq!(passing.ask(&as_other(post("/check_auth", ""))).await.status, 200);
    assert_eq!(
        (passing.server.conversions().len(), upstream.conversions().len()),
        (1, 1)
    );
}

#[tokio::test]
async fn a_page_may_read_the_upstream_s_answer_and_the_double_answers_its_preflight() {
    let upstream = MockServer::start().await.unwrap();
    let passing = Passing::start(to(&upstream.uri())).await;
    let origin = "Origin: https://shop.example";
    let text = r#"{"projectId":"demo-project","type":"page","userId":"user-1"}"#;
    let answer = passing
        .ask(&request("POST /v1/p", &["Content-Type: text/plain", origin], text))
        .await;
    assert_eq!(
        (answer.status, answer.header("access-control-allow-origin")),
        (200, Some("*"))
    );
    assert_eq!(upstream.page_views().len(), 1);
    assert_eq!(passing.ask(&request("OPTIONS /v1/p", &[origin], "")).await.status, 204);
}

#[tokio::test]
async fn faults_strike_before_anything_is_passed_on() {
    let upstream = MockServer::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let tap = to(&upstream.uri()).recording_to(Recorder::into_folder(folder.path()).unwrap());
    let passing = Passing::start(tap).await;
    let fault = passing.server.fault(Fault::respond(503));
    assert_eq!(passing.ask(&post("/track", CONVERSION)).await.status, 503);
    drop(fault);
    let fault = passing.server.fault(Fault::new(FaultAction::CloseAfter));
    assert!(passing.peer().await.ask(&post("/track", CONVERSION)).await.is_none());
    drop(fault);
    assert!(upstream.conversions().is_empty() && files(folder.path()).is_empty());
    let _slow = passing.server.fault(Fault::delay(Duration::from_millis(1)));
    assert_eq!(passing.ask(&post("/track", CONVERSION)).await.status, 200);
    assert_eq!((upstream.conversions().len(), files(folder.path()).len()), (1, 1));
}

#[tokio::test]
async fn a_body_that_is_too_long_is_the_double_s_own_affair() {
    let upstream = MockServer::start().await.unwrap();
    let passing = Passing::start(to(&upstream.uri())).await;
    let long = " ".repeat(10_001);
    assert_eq!(passing.ask(&post("/track", &long)).await.status, 413);
    let chunked = format!(
        "POST /track HTTP/1.1\r\nHost: localhost\r\n{AUTHORIZATION}\r\nContent-Type: application/json\r\n\
         Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{long}\r\n0\r\n\r\n",
        long.len()
    );
    assert_eq!(passing.ask(&chunked).await.status, 413);
    assert!(upstream.mock().entries().is_empty());
}

#[tokio::test]
async fn an_exchange_is_kept_as_a_file_without_its_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let passing = Passing::start(recording_to(folder.path())).await;
    let cookie = request(
        "POST /track",
        &[AUTHORIZATION, "Content-Type: application/json", "Cookie: session=1"],
        CONVERSION,
    );
    assert_eq!(passing.ask(&cookie).await.status, 200);
    let text =
        r#"{"projectId":"demo-project","type":"page","userId":"ada@example.com","traits":{"project":"demo-project"}}"#;
    assert_eq!(
        passing.ask(&post_text("/t?project_id=demo-project", text)).await.status,
        400
    );
    let wrong = post("/v1/import", "{}").replace("ZGVtby1wcm9qZWN0Og==", "b3RoZXI6");
    assert_eq!(passing.ask(&wrong).await.status, 401);

    let kept = files(folder.path());
    let names: Vec<&str> = kept
        .iter()
        .map(|(name, _)| &name[..name.len() - "-00000000.json".len()])
        .collect();
    assert_eq!(
        names,
        ["000001-classic-track", "000002-browser-t", "000003-import-v1-import"]
    );
    for (name, text) in &kept {
        for secret in ["demo-project", "ZGVtby1wcm9qZWN0Og==", "b3RoZXI6", "session=1"] {
            assert!(!text.contains(secret), "{name}: {text}");
        }
    }
    let kept = recordings(folder.path());
    assert_eq!(kept[0].request.headers["authorization"], "Basic {{credentials}}");
    assert_eq!(kept[0].request.headers["cookie"], "[redacted]");
    assert_eq!(kept[0].request.body, CONVERSION.as_bytes());
    assert_eq!(kept[0].response.body.as_deref(), Some(&br#"{"success":true}"#[..]));
    assert_eq!(kept[0].double, None, "the answer is the double's own");
    assert_eq!(kept[1].request.path, "/t?project_id={{project_id}}");
    assert!(
        String::from_utf8_lossy(&kept[1].request.body).contains("ada@example.com"),
        "an address is kept"
    );
    assert_eq!(kept[2].request.headers["authorization"], "[redacted]");

    let again: Vec<_> = kept
        .iter()
        .map(|recording| recording.request.fill(&ProjectId::from("demo-project")))
        .collect();
    for (again, status) in again.into_iter().zip([200, 400, 401]) {
        assert_eq!(passing.server.mock().ask(again).await.status, status);
    }
}

#[tokio::test]
async fn where_the_two_differ_the_file_has_both_answers() {
    let upstream = Stubbed::start().await;
    let answer = ResponseTemplate::new(500)
        .insert_header("set-cookie", "session=1")
        .set_body_string("demo-project is down");
    Stub::given(any()).respond_with(answer).mount(&upstream).await;
    let folder = tempfile::tempdir().unwrap();
    let tap = to(&upstream.uri()).recording_to(Recorder::into_folder(folder.path()).unwrap());
    let passing = Passing::start(tap).await;
    assert_eq!(passing.ask(&post("/track", DENIED)).await.status, 500);
    let [kept] = &*recordings(folder.path()) else {
        panic!("one file")
    };
    assert_eq!(
        (kept.response.status, kept.response.headers["set-cookie"].as_str()),
        (500, "[redacted]")
    );
    assert_eq!(kept.response.body.as_deref(), Some(&b"{{project_id}} is down"[..]));
    let double = kept.double.as_ref().unwrap();
    assert_eq!(double.status, 400);
    assert!(String::from_utf8_lossy(double.body.as_deref().unwrap()).contains("ATT001"));
}

#[tokio::test]
async fn a_folder_that_went_away_is_told_once_and_serving_goes_on() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("recorded");
    let passing = Passing::start(recording_to(&folder)).await;
    fs::remove_dir(&folder).unwrap();
    for _ in 0..2 {
        assert_eq!(passing.ask(&post("/track", CONVERSION)).await.status, 200);
    }
    let told = passing.told();
    assert!(told.len() == 1 && told[0].starts_with("can't record into "), "{told:?}");
    assert!(told[0].ends_with("serving goes on"), "{told:?}");
    fs::create_dir(&folder).unwrap();
    assert_eq!(passing.ask(&post("/track", CONVERSION)).await.status, 200);
    assert_eq!(recordings(&folder).len(), 1);
}
