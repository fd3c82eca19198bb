//! What a peer can cost: sockets and memory.

use std::io::{self, Read as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use attribution_destination::deliver::{Limits, Outcome, Protection, Proxies, Reason, RetryPolicy, Sender};
use tokio::io::AsyncWriteExt as _;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use super::peer::{LONG, OK, Peer, all, ended, read_request, retrying, until_closed};
use crate::deliver_link::{settings, track};
use crate::deliver_tls::{authority, server_config, trusting};

const CONCURRENCY: usize = 8;

fn eight_at_once() -> Limits {
    Limits {
        concurrency: CONCURRENCY,
        ..Limits::default()
    }
}

/// A peer that takes connections and never says anything, and looks at each one how many of them are open.
///
/// It asks the sockets themselves: what its own tasks have noticed may be behind.
struct Silent {
    address: SocketAddr,
    held: Arc<Mutex<Held>>,
}

#[derive(Default)]
struct Held {
    open: Vec<TcpStream>,
    accepted: usize,
    most_open: usize,
}

impl Silent {
    fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let held: Arc<Mutex<Held>> = Arc::default();
        let holding = Arc::clone(&held);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let stream = stream.unwrap();
                stream.set_nonblocking(true).unwrap();
                let mut held = holding.lock().unwrap();
                held.open.retain(is_open);
                held.open.push(stream);
                held.accepted += 1;
                held.most_open = held.most_open.max(held.open.len());
            }
        });
        Self { address, held }
    }
}

/// Whether the other side has not closed it.
fn is_open(mut stream: &TcpStream) -> bool {
    loop {
        match stream.read(&mut [0; 4096]) {
            Ok(0) => return false,
            Ok(_) => {}
            Err(error) => return error.kind() == io::ErrorKind::WouldBlock,
        }
    }
}

#[tokio::test]
async fn a_peer_that_never_answers_holds_no_more_sockets_than_there_are_exchanges() {
    let timeout = Duration::from_millis(10);
    for scheme in ["http", "https"] {
        let silent = Silent::start();
        let sender = Sender::builder(settings())
            .proxies(Proxies::none())
            .endpoint(format!("{scheme}://{}", silent.address).parse().unwrap())
            .retry(RetryPolicy {
                window: Duration::ZERO,
                ..retrying(timeout)
            })
            .limits(eight_at_once())
            .protection(Protection::NONE)
            .build()
            .unwrap();
        for outcome in all(send(&sender, 500)).await {
            assert_eq!(ended(&outcome), Err(Reason::Timeout(timeout)));
        }
        let mut held = silent.held.lock().unwrap();
        held.open.retain(is_open);
        assert_eq!((held.accepted, held.open.len()), (500, 0), "{scheme}");
        assert_eq!(held.most_open, CONCURRENCY, "{scheme}");
    }
}

/// Sends so many events at once, each of a visitor of its own.
fn send(sender: &Sender, events: u64) -> JoinSet<Outcome> {
    let mut sent = JoinSet::new();
    for number in 0..events {
        let sender = sender.clone();
        sent.spawn(async move { sender.send(track(&format!("user-{number}"), number)).await });
    }
    sent
}

#[tokio::test]
async fn handshakes_that_hang_beside_connections_that_work_do_not_pile_up() {
    let authority = authority("one");
    let acceptor = TlsAcceptor::from(Arc::new(server_config(&authority, "127.0.0.1", |_| {})));
    let peer = Peer::start(move |before, mut stream| {
        let acceptor = acceptor.clone();
        async move {
            if !before.is_multiple_of(3) {
                return until_closed(&mut stream).await;
            }
            let mut stream = acceptor.accept(stream).await?;
            loop {
                read_request(&mut stream).await?;
                stream.write_all(OK).await?;
            }
        }
    })
    .await;
    let endpoint = format!("https://{}", peer.address).parse().unwrap();
    let builder = peer.builder(LONG).endpoint(endpoint).tls_roots(trusting(&authority));
    let timeout = Duration::from_millis(200);
    let sender = builder
        .retry(retrying(timeout))
        .limits(eight_at_once())
        .build()
        .unwrap();
    for outcome in all(send(&sender, 500)).await {
        assert_eq!(ended(&outcome), Ok(200));
    }
    // The peer's tasks may be behind by as many as close at once.
    assert!(peer.most_open() <= 2 * CONCURRENCY, "{}", peer.most_open());
}

/// How many bytes of an answer without end a peer gets rid of.
async fn swallowed(head: &'static str, again: &'static str) -> (Result<u16, Reason>, usize) {
    let written = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&written);
    let peer = Peer::start(move |_, mut stream| {
        let counted = Arc::clone(&counted);
        async move {
            read_request(&mut stream).await?;
            stream.write_all(head.as_bytes()).await?;
            let block = again.repeat(16 * 1024 / again.len());
            loop {
                stream.write_all(block.as_bytes()).await?;
                counted.fetch_add(block.len(), Ordering::SeqCst);
            }
        }
    })
    .await;
    let outcome = peer.meet(LONG).await;
    peer.all_closed().await;
    (ended(&outcome), written.load(Ordering::SeqCst))
}

#[tokio::test]
async fn an_answer_without_end_is_read_up_to_a_bound() {
    let cases = [
        ("HTTP/1.1 200 OK\r\n\r\n", "x", Ok(200)),
        ("HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n", "x", Ok(200)),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            "1\r\nx\r\n",
            Ok(200),
        ),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;",
            "x",
            Err(Reason::BrokenOff),
        ),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
            "T: x\r\n",
            Err(Reason::BrokenOff),
        ),
        ("HTTP/1.1 400 Bad Request\r\n\r\n", "x", Ok(400)),
        ("HTTP/1.1 200 OK\r\nName: ", "x", Err(Reason::NotHttp)),
        ("HTTP/1.1 200 OK\r\n", "Name: value\r\n", Err(Reason::NotHttp)),
        ("", "H", Err(Reason::NotHttp)),
        ("HTTP/1.1 200 ", "O", Err(Reason::NotHttp)),
    ];
    let mut met = JoinSet::new();
    for (head, again, expected) in cases {
        met.spawn(async move {
            let (ended, swallowed) = swallowed(head, again).await;
            assert_eq!(ended, expected, "{head:?} {again:?}");
            (head, swallowed)
        });
    }
    for (head, swallowed) in all(met).await {
        assert!(swallowed < 8 * 1024 * 1024, "{head:?}: {swallowed}");
    }
}
