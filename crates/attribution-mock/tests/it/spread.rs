//! A server that is spread over two runtimes, as `harness serve` is.

use attribution_mock::{MockConfig, MockServer, Spread};
use clock::Clock;
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Runtime};

use crate::peer::{CONVERSION, Peer, get, post, request};

/// More connections than are few, so that each runtime has some.
const CONNECTIONS: usize = 3 * Spread::FEW;

fn runtimes() -> (Runtime, Runtime) {
    let one = Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("the system has room");
    let many = Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("the system has room");
    (one, many)
}

async fn spread_onto(many: &Runtime) -> MockServer {
    let config = MockConfig {
        spread: Some(Spread::onto(many.handle().clone())),
        ..MockConfig::new(Clock::system())
    };
    MockServer::builder()
        .config(config)
        .start()
        .await
        .expect("the system has room")
}

async fn connections(server: &MockServer) -> Vec<Peer<TcpStream>> {
    let mut peers = Vec::new();
    for _ in 0..CONNECTIONS {
        let mut peer = Peer::new(TcpStream::connect(server.address()).await.expect("the system has room"));
        // Answered, so that it was accepted before the next.
        assert_eq!(peer.answer(&get("/__admin/health")).await.status, 200);
        peers.push(peer);
    }
    peers
}

#[test]
fn every_connection_is_served_wherever_it_went() {
    let (one, many) = runtimes();
    one.block_on(async {
        let server = spread_onto(&many).await;
        let mut peers = connections(&server).await;
        for round in 1..=3 {
            for peer in &mut peers {
                peer.send(&post("/track", CONVERSION)).await;
            }
            for peer in &mut peers {
                assert_eq!(peer.receive().await.map(|answer| answer.status), Some(200));
            }
            for peer in &mut peers {
                let count = peer.answer(&get("/__admin/requests/count")).await;
                assert_eq!(count.json()["count"], round * CONNECTIONS);
            }
        }
        assert_eq!(server.shutdown().await.len(), 3 * CONNECTIONS);
    });
}

#[test]
fn an_event_is_answered_while_others_wait_for_it() {
    let (one, many) = runtimes();
    one.block_on(async {
        let server = spread_onto(&many).await;
        let mut peers = connections(&server).await;
        let (sender, waiting) = peers.split_first_mut().unwrap();
        let wait = request(
            "POST /__admin/wait?timeout=10m",
            &[],
            r#"{"conversions": {"count": 1}}"#,
        );
        for peer in waiting.iter_mut() {
            peer.send(&wait).await;
        }
        assert_eq!(sender.answer(&post("/track", CONVERSION)).await.status, 200);
        for peer in waiting {
            let answer = peer.receive().await.unwrap();
            assert_eq!(
                (answer.status, &answer.json()["passed"]),
                (200, &true.into()),
                "{}",
                answer.raw
            );
        }
        server.shutdown().await;
    });
}
