//! Peers that misbehave below or within TLS; for certificates see `deliver_tls`.

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use attribution_destination::deliver::{HttpsConnector, Outcome, Reason, SenderBuilder, TlsRoots};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::peer::{LONG, Peer, SHORT, Then, all, ended, read_request, until_closed};
use crate::deliver_link::track;
use crate::deliver_tls::{authority, server_config, trusting};

/// An `https` endpoint of this peer's.
fn builder(peer: &Peer, roots: TlsRoots, timeout: Duration) -> SenderBuilder<HttpsConnector> {
    let endpoint = format!("https://{}", peer.address).parse().unwrap();
    peer.builder(timeout).endpoint(endpoint).tls_roots(roots)
}

async fn meet(peer: &Peer, roots: TlsRoots, timeout: Duration) -> Outcome {
    builder(peer, roots, timeout).build().unwrap().send(track("u", 1)).await
}

#[tokio::test]
async fn a_handshake_that_goes_wrong_is_told_apart() {
    let alert: &[u8] = b"\x15\x03\x03\x00\x02\x02\x28";
    let hello_of_sslv3: &[u8] = b"\x16\x03\x00\x00\x04\x02\x00\x00\x00";
    let cases = [
        (&b""[..], Then::Close, Reason::Closed),
        (b"", Then::Reset, Reason::Reset),
        (b"", Then::Hang, Reason::Timeout(SHORT)),
        (b"\x16\x03\x03", Then::Close, Reason::Closed),
        (b"\x16\x03\x03\x40\x00\x02", Then::Hang, Reason::Timeout(SHORT)),
        (b"\x16\x03\x03\x40\x00\x02", Then::Reset, Reason::Reset),
        (alert, Then::Hang, Reason::Tls),
        (hello_of_sslv3, Then::Hang, Reason::Tls),
        (b"\x16\x03\x03\xff\xff\x02\x00", Then::Hang, Reason::Tls),
        (b"HTTP/1.1 200 OK\r\n\r\n", Then::Hang, Reason::NotTls),
        (b"\x00\x00\x00\x00\x00\x00", Then::Hang, Reason::NotTls),
    ];
    let mut met = JoinSet::new();
    for (said, then, reason) in cases {
        met.spawn(async move {
            let peer = Peer::start(move |_, mut stream| async move {
                stream.read_buf(&mut Vec::with_capacity(4096)).await?;
                stream.write_all(said).await?;
                then.perform(stream).await
            })
            .await;
            let timeout = if then == Then::Hang && matches!(reason, Reason::Timeout(_)) {
                SHORT
            } else {
                LONG
            };
            let outcome = meet(&peer, TlsRoots::system(), timeout).await;
            assert_eq!(ended(&outcome), Err(reason), "{} then {then:?}", said.escape_ascii());
            peer.all_closed().await;
        });
    }
    all(met).await;
}

#[tokio::test]
async fn a_reset_at_any_byte_of_the_clients_hello_is_a_reset() {
    let mut met = JoinSet::new();
    for bytes in (0..200).step_by(5) {
        met.spawn(async move {
            let peer = Peer::start(move |_, mut stream| async move {
                stream.read_exact(&mut vec![0; bytes]).await?;
                stream.set_zero_linger()
            })
            .await;
            let outcome = meet(&peer, TlsRoots::system(), LONG).await;
            assert_eq!(ended(&outcome), Err(Reason::Reset), "after {bytes} bytes");
        });
    }
    assert_eq!(all(met).await.len(), 40);
}

/// A peer with a good certificate that does this with each connection, and the roots that trust it.
async fn trusted<F>(serve: impl Fn(TlsStream<TcpStream>) -> F + Clone + Send + Sync + 'static) -> (Peer, TlsRoots)
where
    F: Future<Output = io::Result<()>> + Send + 'static,
{
    let authority = authority("one");
    let acceptor = TlsAcceptor::from(Arc::new(server_config(&authority, "127.0.0.1", |_| {})));
    let peer = Peer::start(move |_, stream| {
        let (acceptor, serve) = (acceptor.clone(), serve.clone());
        async move { serve(acceptor.accept(stream).await?).await }
    })
    .await;
    (peer, trusting(&authority))
}

#[tokio::test]
async fn an_answer_whose_end_anyone_could_have_cut_is_no_answer() {
    // Without TLS's own farewell, nobody knows whether the peer or somebody on the way closed the connection.
    let (peer, roots) = trusted(|mut stream| async move {
        read_request(&mut stream).await?;
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n{}").await?;
        stream.flush().await?;
        stream.get_mut().0.shutdown().await
    })
    .await;
    assert_eq!(ended(&meet(&peer, roots, LONG).await), Err(Reason::BrokenOff));

    let (peer, roots) = trusted(|mut stream| async move {
        read_request(&mut stream).await?;
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n{}").await?;
        stream.shutdown().await
    })
    .await;
    assert_eq!(ended(&meet(&peer, roots, LONG).await), Ok(200));
}

#[tokio::test]
async fn what_is_not_encrypted_is_not_read() {
    let (peer, roots) = trusted(|mut stream| async move {
        read_request(&mut stream).await?;
        stream
            .get_mut()
            .0
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            .await?;
        until_closed(&mut stream).await
    })
    .await;
    assert_eq!(ended(&meet(&peer, roots, LONG).await), Err(Reason::NotTls));
}

#[tokio::test]
async fn a_peer_that_speaks_only_http_2_is_refused_in_the_handshake() {
    let authority = authority("one");
    let mut config = server_config(&authority, "127.0.0.1", |_| {});
    config.alpn_protocols = vec![b"h2".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let peer = Peer::start(move |_, stream| {
        let acceptor = acceptor.clone();
        async move { acceptor.accept(stream).await.map(drop) }
    })
    .await;
    assert_eq!(ended(&meet(&peer, trusting(&authority), LONG).await), Err(Reason::Tls));
}
