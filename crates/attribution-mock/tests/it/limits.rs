//! What a hostile peer, or a broken one, can use up.

use std::time::Duration;

use attribution_mock::{Fault, FaultAction, Limits, Mock, MockConfig, MockServer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, Join, ReadHalf, Sink};
use tokio::net::TcpStream;

use crate::frames::{self, CONTINUATION, END_HEADERS, GOAWAY, HEADERS, RST_STREAM, RawPeer};
use crate::h2;
use crate::peer::{CONVERSION, Peer, config, get, join, mock, post, post_text, request};

const SECOND: Duration = Duration::from_secs(1);

/// A mock with limits that differ from each other.
fn limited() -> Mock {
    with(Limits {
        header_time: 10 * SECOND,
        body_time: 20 * SECOND,
        idle_time: 40 * SECOND,
        ..Limits::default()
    })
}

fn with(limits: Limits) -> Mock {
    Mock::new(MockConfig { limits, ..config() })
}

fn stream(mock: &Mock, room: usize) -> DuplexStream {
    let (near, far) = tokio::io::duplex(room);
    let connections = mock.connections();
    tokio::spawn(async move { connections.serve(far).await });
    near
}

/// A stream on which an answer begins that is many times what the peer holds of it.
async fn asked_for_much(mock: &Mock) -> DuplexStream {
    let mut peer = join(mock);
    for _ in 0..20 {
        peer.answer(&post("/track", CONVERSION)).await;
    }
    let mut stream = stream(mock, 512);
    let asked = stream.write_all(get("/__admin/requests").as_bytes()).await;
    asked.expect("the double takes a request");
    stream
}

fn elapsed(mock: &Mock) -> u64 {
    mock.config().clock.elapsed().as_secs()
}

/// Sends a byte a second, whether anyone listens or not, and returns what there is to read.
fn trickle(stream: DuplexStream, bytes: impl Into<Vec<u8>>) -> Peer<Join<ReadHalf<DuplexStream>, Sink>> {
    let (reads, mut writes) = tokio::io::split(stream);
    let bytes = bytes.into();
    tokio::spawn(async move {
        for byte in bytes {
            let _ = writes.write_all(&[byte]).await;
            tokio::time::sleep(SECOND).await;
        }
    });
    Peer::new(tokio::io::join(reads, tokio::io::sink()))
}

#[tokio::test(start_paused = true)]
async fn whoever_says_nothing_is_not_listened_to_for_ever() {
    let mock = limited();
    assert!(join(&mock).receive().await.is_none());
    assert_eq!(elapsed(&mock), 10);
}

#[tokio::test(start_paused = true)]
async fn a_head_that_trickles_is_answered_408_and_cut_off() {
    for head in [post("/track", CONVERSION), "P".to_owned(), "PRI * HTTP".to_owned()] {
        let mock = limited();
        let mut peer = trickle(stream(&mock, 64), head.clone());
        let answer = peer.receive().await.unwrap();
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (408, "head_too_slow"),
            "{head}"
        );
        assert_eq!(answer.header("connection"), Some("close"));
        assert_eq!(answer.header("date"), Some("Mon, 15 Jan 2024 10:00:10 GMT"));
        assert!(answer.body.contains("10s"), "{}", answer.body);
        assert!(peer.receive().await.is_none());
        assert_eq!(elapsed(&mock), 10, "{head}");
        assert!(mock.entries().is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_left_of_an_answer_is_not_mixed_with_a_408() {
    let mock = limited();
    let mut stream = asked_for_much(&mock).await;
    tokio::time::sleep(SECOND).await;
    stream.write_all(b"GET /__admin/req").await.unwrap();
    tokio::time::sleep(60 * SECOND).await;
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await.unwrap();
    assert_eq!(rest.len(), 512, "what was on its way");
    assert!(!String::from_utf8_lossy(&rest).contains("408"));
}

#[tokio::test(start_paused = true)]
async fn a_later_head_has_its_time_from_its_first_byte_on() {
    let mock = limited();
    let mut peer = join(&mock);
    peer.answer(&post("/track", CONVERSION)).await;
    tokio::time::sleep(35 * SECOND).await;
    peer.send("POST /track HT").await;
    assert_eq!(peer.receive().await.unwrap().status, 408);
    assert!(peer.receive().await.is_none());
    assert_eq!((elapsed(&mock), mock.conversions().len()), (45, 1));
}

#[tokio::test(start_paused = true)]
async fn a_head_that_begins_with_the_end_of_the_request_before_is_answered_408_too() {
    for (beginning, answered) in [
        ("POST /track HT", Some(408)),
        ("G", Some(408)),
        ("\r\n", None),
        ("", None),
    ] {
        let mock = limited();
        let mut peer = join(&mock);
        peer.send(&(post("/track", CONVERSION) + beginning)).await;
        assert_eq!(peer.receive().await.unwrap().status, 200);
        let late = peer.receive().await;
        assert_eq!(late.as_ref().map(|answer| answer.status), answered, "{beginning:?}");
        assert!(
            late.is_none_or(|answer| answer.body.contains("40s")),
            "it had all the time of an idle connection"
        );
        assert!(peer.receive().await.is_none());
        assert_eq!((elapsed(&mock), mock.conversions().len()), (40, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn an_idle_connection_is_closed_and_a_busy_one_is_not() {
    let mock = limited();
    let mut peer = join(&mock);
    peer.answer(&post("/track", CONVERSION)).await;
    tokio::time::sleep(39 * SECOND).await;
    assert_eq!(peer.answer(&post("/track", CONVERSION)).await.status, 200);
    let _slow = mock.install(Fault::delay(3600 * SECOND)).unwrap();
    assert_eq!(peer.answer(&post("/track", CONVERSION)).await.status, 200);
    assert_eq!(elapsed(&mock), 39 + 3600);
    assert!(peer.receive().await.is_none());
    assert_eq!(elapsed(&mock), 39 + 3600 + 40);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_trickles_is_answered_408_and_not_recorded() {
    let mock = limited();
    let mut stream = stream(&mock, 4096);
    let request = post("/track", CONVERSION);
    let (head, body) = request.split_at(request.len() - CONVERSION.len());
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut peer = trickle(stream, body);
    let answer = peer.receive().await.unwrap();
    assert_eq!((answer.status, answer.code().as_str()), (408, "body_too_slow"));
    assert!(answer.body.contains("20s"), "{}", answer.body);
    assert!(peer.receive().await.is_none());
    assert_eq!(answer.header("date"), Some("Mon, 15 Jan 2024 10:00:20 GMT"));
    let entries = mock.entries();
    assert_eq!(
        (entries.len(), entries[0].status, entries[0].request.body.len()),
        (1, 408, 0)
    );
    assert!(mock.conversions().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_page_s_body_and_an_admin_s_have_the_same_time() {
    for head in [
        post_text("/v1/t", CONVERSION),
        request("POST /__admin/faults", &[], CONVERSION),
    ] {
        let mock = limited();
        let mut peer = join(&mock);
        peer.send(&head[..head.len() - 1]).await;
        let answer = peer.receive().await.unwrap();
        assert!((400..500).contains(&answer.status), "{}", answer.raw);
        assert!(answer.body.contains("not complete"), "{}", answer.raw);
        assert_eq!(elapsed(&mock), 20);
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_has_its_time_in_http_2_as_well_and_its_neighbours_go_on() {
    let mock = limited();
    let mut peer = RawPeer(stream(&mock, 64 * 1024));
    peer.send(&frames::hello()).await;
    peer.send(&frames::frame(HEADERS, END_HEADERS, 1, &frames::post_head("/track")))
        .await;
    tokio::time::sleep(19 * SECOND).await;
    peer.send(&frames::post(3, "/track", CONVERSION)).await;
    let answered = [
        peer.next_of(&[HEADERS]).await.unwrap(),
        peer.next_of(&[HEADERS]).await.unwrap(),
    ];
    assert_eq!(answered.map(|frame| frame.stream), [3, 1]);
    assert_eq!(elapsed(&mock), 20);
    assert_eq!(
        mock.entries().iter().map(|entry| entry.status).collect::<Vec<_>>(),
        [200, 408]
    );
}

#[tokio::test(start_paused = true)]
async fn whoever_takes_nothing_of_an_answer_is_cut_off() {
    let mock = limited();
    let mut stream = asked_for_much(&mock).await;
    for _ in 0..3 {
        tokio::time::sleep(39 * SECOND).await;
        assert_eq!(
            stream.read(&mut [0; 512]).await.unwrap(),
            512,
            "whoever takes some now and then is waited for"
        );
    }
    tokio::time::sleep(41 * SECOND).await;
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await.unwrap();
    assert_eq!(rest.len(), 512, "what was on its way");
}

#[tokio::test(start_paused = true)]
async fn a_head_that_is_too_long_or_has_too_many_lines_is_answered_431() {
    let mock = with(Limits {
        header_bytes: 2000,
        headers: 10,
        ..Limits::default()
    });
    let long = format!("X: {}", "x".repeat(2000));
    let mut peer = join(&mock);
    assert_eq!(peer.answer(&request("POST /track", &[&long], "")).await.status, 431);
    assert!(peer.receive().await.is_none());
    assert_eq!(
        join(&mock)
            .answer(&request("POST /track", &["X: x"; 9], ""))
            .await
            .status,
        431
    );
    assert_eq!(
        join(&mock)
            .answer(&request("POST /track", &["X: x"; 8], ""))
            .await
            .status,
        401
    );
    assert_eq!(
        join(&mock)
            .answer(&request("POST /track", &["X: x"; 99], ""))
            .await
            .status,
        431
    );
}

#[tokio::test(start_paused = true)]
async fn the_usual_limits_of_a_head_are_generous() {
    let mock = mock();
    let long = format!("X: {}", "x".repeat(60_000));
    assert_eq!(
        join(&mock)
            .answer(&request("GET /__admin/health", &[&long], ""))
            .await
            .status,
        200
    );
    assert_eq!(
        join(&mock)
            .answer(&request("GET /__admin/health", &["X: x"; 98], ""))
            .await
            .status,
        200
    );
    assert_eq!(
        join(&mock)
            .answer(&request("GET /__admin/health", &["X: x"; 99], ""))
            .await
            .status,
        431
    );
    let mut peer = join(&mock);
    peer.send_bytes(format!("GET / HTTP/1.1\r\nX: {}", "x".repeat(70_000)).as_bytes())
        .await;
    assert_eq!(peer.receive().await.unwrap().status, 431);
}

#[tokio::test(start_paused = true)]
async fn a_head_has_its_limits_in_http_2_as_well() {
    let mock = with(Limits {
        header_bytes: 2000,
        headers: 10,
        ..Limits::default()
    });
    let mut sender = h2::over(stream(&mock, 64 * 1024)).await;
    let mut ask = async |lines: usize, value: &str| {
        let mut request = h2::event("/track");
        for _ in 0..lines {
            request.headers_mut().append("x", value.parse().unwrap());
        }
        sender.send_request(request).await.unwrap().status().as_u16()
    };
    assert_eq!(ask(7, "x").await, 200);
    assert_eq!(ask(8, "x").await, 431);
    assert_eq!(ask(2, &"x".repeat(1000)).await, 431);
    assert_eq!(ask(0, "").await, 200);
}

#[tokio::test(start_paused = true)]
async fn json_may_lie_deep_but_not_so_deep_that_it_could_hurt() {
    let mock = mock();
    let mut peer = join(&mock);
    let nested = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
    let event = |value: &str| CONVERSION.replace(r#""event""#, &format!(r#""properties":{{"deep":{value}}},"event""#));
    assert_eq!(peer.answer(&post("/track", &event(&nested(120)))).await.status, 200);
    let open = "[".repeat(400_000);
    let objects = r#"{"a":"#.repeat(80_000);
    for body in [
        nested(200_000),
        open,
        objects,
        event(&nested(128)),
        event(&nested(100_000)),
    ] {
        for request in [
            post("/track", &body),
            post("/v1/t", &body),
            post("/v1/import", &format!(r#"{{"batch":[{body}]}}"#)),
        ] {
            assert_eq!(peer.answer(&request).await.status, 400);
        }
        assert_eq!(
            peer.answer(&post_text("/v1/t?project_id=demo-project", &body))
                .await
                .status,
            400
        );
        // Longer ones are told so.
        let fault = &body[..body.len().min(200_000)];
        assert_eq!(
            peer.answer(&request("POST /__admin/faults", &[], fault)).await.status,
            400
        );
    }
    assert_eq!(mock.conversions().len(), 1);
    for read in ["requests", "violations", "conversions"] {
        assert_eq!(peer.answer(&get(&format!("/__admin/{read}"))).await.status, 200);
    }
}

#[tokio::test]
async fn further_connections_wait_until_another_ends() {
    let limits = Limits {
        connections: 2,
        ..Limits::default()
    };
    let server = MockServer::builder().limits(limits).start().await.unwrap();
    let connect = async || Peer::new(TcpStream::connect(server.address()).await.unwrap());
    let (mut first, mut second) = (connect().await, connect().await);
    first.answer(&post("/track", CONVERSION)).await;
    second.answer(&post("/track", CONVERSION)).await;
    let mut third = connect().await;
    third.send(&post("/identify", r#"{"user_id":"waiting"}"#)).await;
    for _ in 0..20 {
        first.answer(&post("/track", CONVERSION)).await;
    }
    assert!(server.identities().is_empty(), "the third is not even listened to");
    drop(second);
    assert_eq!(third.receive().await.unwrap().status, 200);
    assert_eq!(server.identities().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn no_more_requests_are_under_way_at_once_than_may_be() {
    const REFUSED_STREAM: u32 = 7;
    let mock = with(Limits {
        streams: 3,
        ..Limits::default()
    });
    let hang = mock.install(Fault::new(FaultAction::Hang)).unwrap();
    let mut peer = RawPeer(stream(&mock, 64 * 1024));
    peer.send(&frames::hello()).await;
    for stream in [1, 3, 5, 7] {
        peer.send(&frames::post(stream, "/track", CONVERSION)).await;
    }
    let refused = peer.next_of(&[HEADERS, RST_STREAM, GOAWAY]).await.unwrap();
    assert_eq!(
        (refused.kind, refused.stream, refused.error_code()),
        (RST_STREAM, 7, REFUSED_STREAM)
    );
    drop(hang);
    for _ in 0..3 {
        assert!(peer.next_of(&[HEADERS]).await.is_some());
    }
    assert_eq!(mock.conversions().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn requests_that_are_taken_back_at_once_cost_only_the_connection() {
    const ENHANCE_YOUR_CALM: u32 = 11;
    let mock = mock();
    let mut peer = RawPeer(stream(&mock, 1024 * 1024));
    let head = frames::post_head("/track");
    let flood: Vec<u8> = (0..10_000)
        .map(|number| 2 * number + 1)
        .flat_map(|stream| {
            [
                frames::frame(HEADERS, END_HEADERS, stream, &head),
                frames::reset(stream),
            ]
            .concat()
        })
        .collect();
    peer.send(&frames::hello()).await;
    peer.send(&flood).await;
    let end = peer.next_of(&[GOAWAY]).await.unwrap();
    assert_eq!(end.error_code(), ENHANCE_YOUR_CALM);
    assert!(peer.next_of(&[HEADERS]).await.is_none());
    assert!(
        mock.entries().is_empty(),
        "nothing is recorded of what never came whole"
    );
    assert_eq!(join(&mock).answer(&post("/track", CONVERSION)).await.status, 200);
    assert_eq!(elapsed(&mock), 0);
}

#[tokio::test(start_paused = true)]
async fn a_head_that_never_ends_is_cut_off() {
    let mock = mock();
    let mut peer = RawPeer(stream(&mock, 64 * 1024));
    peer.send(&frames::hello()).await;
    peer.send(&frames::frame(HEADERS, 0, 1, &frames::post_head("/track")))
        .await;
    let more = frames::frame(CONTINUATION, 0, 1, &frames::field("x", &"x".repeat(120)).repeat(100));
    for _ in 0..1000 {
        peer.send(&more).await;
    }
    assert!(
        peer.next_of(&[HEADERS]).await.is_none(),
        "it is closed without an answer"
    );
    assert!(mock.entries().is_empty());
    assert_eq!(join(&mock).answer(&post("/track", CONVERSION)).await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn no_garbage_harms_the_server() {
    let mock = mock();
    let preface = frames::hello();
    for seed in 0..200_u32 {
        let noise: Vec<u8> = (0..600_u32)
            .map(|at| (seed.wrapping_mul(2_654_435_761) ^ at.wrapping_mul(40_503)).to_le_bytes()[1])
            .collect();
        for begin in [&b""[..], b"POST /track HTTP/1.1\r\n", &preface, &[0x16, 3, 1]] {
            let mut bytes = begin.to_vec();
            bytes.extend(&noise);
            let mut peer = RawPeer(stream(&mock, 64 * 1024));
            peer.send(&bytes).await;
            peer.0.shutdown().await.unwrap();
            peer.0.read_to_end(&mut Vec::new()).await.unwrap();
        }
    }
    assert!(mock.conversions().is_empty());
    assert_eq!(join(&mock).answer(&post("/track", CONVERSION)).await.status, 200);
}
