use std::error::Error as _;
use std::time::Duration;

use attribution_mock::{Fault, FaultAction, MockConfig, MockServer, Strictness};
use clock::Clock;
use tokio::net::TcpStream;

use crate::peer::{CONVERSION, DENIED, Peer, mock, post};

async fn connect(server: &MockServer) -> Peer<TcpStream> {
    Peer::new(TcpStream::connect(server.address()).await.expect("the server listens"))
}

/// Waits until so many requests have arrived, however slow the machine.
async fn arrived(server: &MockServer, requests: usize) {
    while server.mock().entries().len() < requests {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::test]
async fn a_server_answers_over_a_socket_and_hands_over_what_it_received() {
    let server = MockServer::start().await.unwrap();
    assert_eq!(server.uri(), format!("http://{}", server.address()));
    let mut peer = connect(&server).await;
    assert_eq!(peer.answer(&post("/track", CONVERSION)).await.status, 200);
    assert_eq!(peer.answer(&post("/track", DENIED)).await.status, 400);
    assert_eq!((server.conversions().len(), server.visitors().len()), (1, 1));
    let entries = server.shutdown().await;
    assert_eq!(entries.iter().map(|entry| entry.status).collect::<Vec<_>>(), [200, 400]);
}

#[tokio::test]
async fn the_builder_sets_what_it_names() {
    let server = MockServer::builder()
        .projects("other")
        .strictness(Strictness::Lenient)
        .body_limit(CONVERSION.len())
        .clock(Clock::flowing_from("1999-12-31T23:00:00Z".parse().unwrap()))
        .start()
        .await
        .unwrap();
    let mut peer = connect(&server).await;
    assert_eq!(peer.answer(&post("/track", CONVERSION)).await.code(), "wrong_project");
    let other = |body| post("/track", body).replace("ZGVtby1wcm9qZWN0Og==", "b3RoZXI6");
    let answer = peer
        .answer(&other(CONVERSION).replace("application/json", "text/plain"))
        .await;
    assert_eq!(answer.status, 200);
    assert!(
        answer
            .header("date")
            .is_some_and(|date| date.starts_with("Fri, 31 Dec 1999 23:")),
        "{}",
        answer.raw
    );
    assert_eq!(peer.answer(&other(&" ".repeat(500))).await.status, 413);
}

#[tokio::test]
async fn a_body_far_over_the_limit_is_answered_before_the_socket_closes() {
    let server = MockServer::start().await.unwrap();
    let mut peer = connect(&server).await;
    assert_eq!(peer.answer(&post("/track", &"x".repeat(3_000_000))).await.status, 413);
}

#[tokio::test]
async fn two_servers_can_not_share_an_address() {
    let first = MockServer::start().await.unwrap();
    let error = MockServer::builder()
        .address(first.address())
        .start()
        .await
        .unwrap_err();
    assert_eq!(error.to_string(), format!("can't listen on {}", first.address()));
    assert!(
        error
            .source()
            .is_some_and(|source| !error.to_string().contains(&source.to_string()))
    );
}

#[tokio::test]
async fn closing_faults_close_real_sockets_without_a_byte() {
    let server = MockServer::start().await.unwrap();
    server
        .fault(Fault::new(FaultAction::CloseBefore).times(1))
        .unwrap()
        .keep();
    server
        .fault(Fault::new(FaultAction::CloseAfter).times(1))
        .unwrap()
        .keep();
    for _ in 0..2 {
        assert!(connect(&server).await.ask(&post("/track", CONVERSION)).await.is_none());
    }
    assert_eq!(server.conversions().len(), 1);
}

#[tokio::test]
async fn shutdown_lets_a_hanging_exchange_finish() {
    let server = MockServer::start().await.unwrap();
    server.fault(Fault::new(FaultAction::Hang)).unwrap().keep();
    let mut peer = connect(&server).await;
    peer.send(&post("/track", CONVERSION)).await;
    arrived(&server, 1).await;
    let (entries, answer) = tokio::join!(server.shutdown(), peer.receive());
    let answer = answer.expect("what is held is let go, not cut off");
    assert_eq!(
        (answer.status, answer.header("connection"), entries.len()),
        (200, Some("close"), 1)
    );
}

#[tokio::test]
async fn shutdown_does_not_wait_for_idle_connections() {
    let server = MockServer::start().await.unwrap();
    let (mut fresh, mut used) = (connect(&server).await, connect(&server).await);
    used.answer(&post("/track", CONVERSION)).await;
    assert_eq!(server.shutdown().await.len(), 1);
    assert!(fresh.receive().await.is_none() && used.receive().await.is_none());
}

#[tokio::test]
async fn shutdown_waits_no_longer_than_its_grace_for_a_sender_that_never_finishes() {
    let config = MockConfig {
        grace: Duration::ZERO,
        ..MockConfig::new(Clock::system())
    };
    let server = MockServer::builder().config(config).start().await.unwrap();
    let mut peer = connect(&server).await;
    peer.answer(&post("/track", CONVERSION)).await;
    peer.send(post("/track", CONVERSION).trim_end_matches('}')).await;
    assert_eq!(server.shutdown().await.len(), 1);
    assert!(peer.receive().await.is_none());
}

#[tokio::test]
async fn a_dropped_server_closes_its_connections_and_its_port() {
    let server = MockServer::start().await.unwrap();
    let address = server.address();
    let mut peer = connect(&server).await;
    peer.answer(&post("/track", CONVERSION)).await;
    drop(server);
    assert!(peer.receive().await.is_none());
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_connections_at_once_lose_nothing() {
    let server = MockServer::start().await.unwrap();
    let mut asking = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let mut peer = connect(&server).await;
        asking.spawn(async move {
            for _ in 0..10 {
                assert_eq!(peer.answer(&post("/track", CONVERSION)).await.status, 200);
            }
        });
    }
    while let Some(asked) = asking.join_next().await {
        asked.unwrap();
    }
    let entries = server.shutdown().await;
    assert!(entries.iter().map(|entry| entry.seq).eq(1..=500));
}

#[tokio::test(start_paused = true)]
async fn a_connection_is_gone_as_soon_as_its_sender_is() {
    let mock = mock();
    let request = post("/track", CONVERSION);
    let hang = Fault::new(FaultAction::Hang);
    for (said, answers, fault) in [
        ("", 0, None),
        ("POST /track HT", 0, None),
        (request.trim_end_matches('}'), 0, None),
        (request.as_str(), 1, None),
        (request.as_str(), 0, Some(hang)),
    ] {
        let _fault = fault.map(|fault| mock.install(fault).unwrap());
        let (near, far) = tokio::io::duplex(64 * 1024);
        let connections = mock.connections();
        let serving = tokio::spawn(async move { connections.serve(far).await });
        let mut peer = Peer::new(near);
        peer.send(said).await;
        for _ in 0..answers {
            peer.receive().await.unwrap();
        }
        tokio::task::yield_now().await;
        drop(peer);
        serving.await.unwrap();
        assert_eq!(
            mock.config().clock.elapsed(),
            Duration::ZERO,
            "no timer had to fire after {said:?}"
        );
    }
}
