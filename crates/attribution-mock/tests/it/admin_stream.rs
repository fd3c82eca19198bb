//! The journal as a stream of events, read as a browser's `EventSource` reads it.

use std::time::Duration;

use attribution_mock::{Mock, MockServer};
use proptest::prelude::*;
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncWrite, DuplexStream};

use crate::peer::{CONVERSION, DENIED, Peer, get, in_virtual_time, join, mock, post, request};

/// One event; a comment is one without a name.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Event {
    id: String,
    name: String,
    data: String,
}

impl Event {
    fn of(text: &str) -> Self {
        let field = |name: &str| {
            let lines = text
                .lines()
                .filter_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
            lines.collect::<Vec<_>>().join("\n")
        };
        Self {
            id: field("id"),
            name: field("event"),
            data: field("data"),
        }
    }

    fn row(&self) -> Value {
        serde_json::from_str(&self.data).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// A connection on which events come.
struct Stream<S> {
    peer: Peer<S>,
    text: String,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Stream<S> {
    async fn open(mut peer: Peer<S>, query: &str, last_event_id: Option<&str>) -> Self {
        let last = last_event_id.map(|id| format!("Last-Event-ID: {id}"));
        let path = format!("GET /__admin/events{query}");
        peer.send(&request(&path, last.as_deref().as_slice(), "")).await;
        let head = peer.until("\r\n\r\n").await.expect("a head");
        assert!(
            head.starts_with("HTTP/1.1 200") && head.contains("content-type: text/event-stream"),
            "{head}"
        );
        Self {
            peer,
            text: String::new(),
        }
    }

    /// The next event; none once the stream has ended as it should.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(end) = self.text.find("\n\n") {
                let event: String = self.text.drain(..end + 2).collect();
                return Some(Event::of(&event));
            }
            let length = self.peer.until("\r\n").await.expect("a chunk");
            let length = usize::from_str_radix(length.trim(), 16).expect("a length");
            let chunk = self.peer.exactly(length + 2).await;
            if length == 0 {
                assert_eq!(self.text, "", "the stream ended inside an event");
                return None;
            }
            self.text += chunk.strip_suffix("\r\n").expect("the end of a chunk");
        }
    }

    async fn take(&mut self, many: usize) -> Vec<Event> {
        let mut events = Vec::new();
        while events.len() < many {
            events.push(self.next().await.expect("an event"));
        }
        events
    }
}

async fn listen(mock: &Mock, query: &str, last: Option<&str>) -> Stream<DuplexStream> {
    Stream::open(join(mock), query, last).await
}

fn rows(events: &[Event]) -> Vec<Value> {
    events.iter().map(Event::row).collect()
}

async fn listed(mock: &Mock, query: &str) -> Vec<Value> {
    let answer = join(mock).answer(&get(&format!("/__admin/requests{query}"))).await;
    answer.json()["requests"].as_array().expect("a list").clone()
}

#[tokio::test(start_paused = true)]
async fn the_latest_is_what_comes_from_now_on_also_after_a_reset() {
    let mock = mock();
    join(&mock).answer(&post("/__admin/reset", "")).await;
    join(&mock).answer(&post("/track", DENIED)).await;
    let mut stream = listen(&mock, "?last_event_id=latest", None).await;
    join(&mock).answer(&post("/track", CONVERSION)).await;
    let events = stream.take(1).await;
    assert_eq!((events[0].id.as_str(), events[0].name.as_str()), ("2@1", "request"));
}

#[tokio::test(start_paused = true)]
async fn what_was_received_comes_first_and_then_what_comes() {
    let mock = mock();
    join(&mock).answer(&post("/track", CONVERSION)).await;
    let mut stream = listen(&mock, "", None).await;
    let first = stream.take(1).await;
    join(&mock).answer(&post("/track", DENIED)).await;
    let second = stream.take(1).await;
    let events = [first, second].concat();
    assert_eq!(rows(&events), listed(&mock, "").await);
    assert!(events.iter().all(|event| event.name == "request"));
    assert_eq!(
        events.iter().map(|event| event.id.as_str()).collect::<Vec<_>>(),
        ["1", "2"]
    );
    assert_eq!(
        mock.config().clock.elapsed(),
        Duration::ZERO,
        "nobody waited for time to pass"
    );
}

#[tokio::test(start_paused = true)]
async fn a_filter_holds_back_what_it_does_not_fit() {
    let mock = mock();
    let mut stream = listen(&mock, "?verdict=refused", None).await;
    for body in [CONVERSION, DENIED, CONVERSION, "not json"] {
        join(&mock).answer(&post("/track", body)).await;
    }
    assert_eq!(rows(&stream.take(2).await), listed(&mock, "?verdict=refused").await);
}

#[tokio::test(start_paused = true)]
async fn a_reset_is_told_and_entries_are_numbered_anew() {
    let mock = mock();
    join(&mock).answer(&post("/track", CONVERSION)).await;
    let mut stream = listen(&mock, "", None).await;
    stream.take(1).await;
    mock.reset();
    join(&mock).answer(&post("/track", DENIED)).await;
    let events = stream.take(2).await;
    let told: Vec<_> = events
        .iter()
        .map(|event| (event.name.as_str(), event.id.as_str()))
        .collect();
    assert_eq!(told, [("reset", "0@1"), ("request", "1@1")]);
    let mut resumed = listen(&mock, "", Some("0@1")).await;
    assert_eq!(resumed.take(1).await, events[1..]);
}

#[tokio::test(start_paused = true)]
async fn whoever_comes_back_after_a_reset_is_told_and_gets_all_that_came_since() {
    let mock = mock();
    for _ in 0..3 {
        join(&mock).answer(&post("/track", CONVERSION)).await;
    }
    mock.reset();
    join(&mock).answer(&post("/track", DENIED)).await;
    // The first was there before the reset; what is beyond the last entry was heard from another server.
    for stale in ["1", "3", "7@1"] {
        let events = listen(&mock, "", Some(stale)).await.take(2).await;
        let told: Vec<_> = events
            .iter()
            .map(|event| (event.name.as_str(), event.id.as_str()))
            .collect();
        assert_eq!(told, [("reset", "0@1"), ("request", "1@1")], "{stale}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_header_counts_before_the_query_which_a_browser_repeats() {
    let mock = mock();
    for _ in 0..3 {
        join(&mock).answer(&post("/track", DENIED)).await;
    }
    let mut stream = listen(&mock, "?last_event_id=1", Some("2")).await;
    assert_eq!(stream.take(1).await[0].id, "3");
    let mut by_query = listen(&mock, "?last_event_id=1", None).await;
    assert_eq!(by_query.take(1).await[0].id, "2");
    let bad = request("GET /__admin/events", &["Last-Event-ID: two"], "");
    assert_eq!(join(&mock).answer(&bad).await.code(), "bad_query");
}

#[tokio::test(start_paused = true)]
async fn a_quiet_stream_is_kept_alive_by_comments() {
    let mock = mock();
    let mut stream = listen(&mock, "", None).await;
    for seconds in [15, 30] {
        let comment = stream.take(1).await;
        assert_eq!(comment[0], Event::of(""));
        assert_eq!(mock.config().clock.elapsed(), Duration::from_secs(seconds));
    }
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_stands_still_holds_nobody_up_and_misses_nothing() {
    let mock = mock();
    let (near, far) = tokio::io::duplex(256);
    let serving = mock.connections();
    tokio::spawn(async move { serving.serve(far).await });
    let mut stream = Stream::open(Peer::new(near), "", None).await;
    let mut peer = join(&mock);
    for _ in 0..500 {
        assert_eq!(peer.answer(&post("/track", CONVERSION)).await.status, 200);
    }
    assert_eq!(rows(&stream.take(500).await), listed(&mock, "").await);
}

#[tokio::test]
async fn a_stream_ends_when_the_server_stops() {
    let server = MockServer::start().await.expect("a server");
    let socket = tokio::net::TcpStream::connect(server.address())
        .await
        .expect("a connection");
    let mut stream = Stream::open(Peer::new(socket), "", None).await;
    let (entries, ended) = tokio::join!(server.shutdown(), stream.next());
    assert!(entries.is_empty() && ended.is_none());
}

#[tokio::test(start_paused = true)]
async fn each_project_has_a_stream_of_its_own() {
    let mock = mock();
    let namespace = "test-1".parse().expect("a namespace");
    join(&mock).answer(&post("/track", CONVERSION)).await;
    let mut stream = listen(&mock, "?namespace=test-1", None).await;
    let event = post("/track", DENIED).replace("Host:", "Harness-Namespace: test-1\r\nHost:");
    join(&mock).answer(&event).await;
    assert_eq!(stream.take(1).await[0].row()["status"], 400);
    assert_eq!(mock.namespace("demo-project", &namespace).requests().len(), 1);
}

proptest! {
    #[test]
    fn a_stream_resumed_anywhere_is_the_rest_of_the_whole(
        bodies in prop::collection::vec(prop::sample::select(vec![CONVERSION, DENIED, "not json"]), 1..40),
        at in any::<prop::sample::Index>(),
        query in prop::sample::select(vec!["", "?verdict=recorded", "?rule=ATT001"]),
    ) {
        in_virtual_time(async {
            let mock = mock();
            for body in &bodies {
                join(&mock).answer(&post("/track", body)).await;
            }
            let all = listed(&mock, query).await;
            let whole = listen(&mock, query, None).await.take(all.len()).await;
            prop_assert_eq!(rows(&whole), all);
            if whole.is_empty() {
                return Ok(());
            }
            let at = at.index(whole.len());
            let mut resumed = listen(&mock, query, Some(&whole[at].id)).await;
            prop_assert_eq!(resumed.take(whole.len() - at - 1).await, &whole[at + 1..]);
            // Whatever comes next is new.
            for body in [CONVERSION, "not json"] {
                join(&mock).answer(&post("/track", body)).await;
            }
            let next = resumed.take(1).await;
            prop_assert!(next[0].row()["seq"].as_u64() > Some(bodies.len() as u64));
            Ok(())
        })?;
    }
}
