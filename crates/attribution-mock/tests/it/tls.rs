//! HTTPS, and what happens where one side speaks it and the other doesn't.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use attribution_mock::{Fault, FaultAction, Limits, Mock, MockConfig, MockServer, SelfSigned, Tls};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{CertificateError, ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, DuplexStream};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::frames::{self, HEADERS, RawPeer};
use crate::h2;
use crate::peer::{CONVERSION, Peer, config, get, mock, post};

const SECOND: Duration = Duration::from_secs(1);

/// A mock that speaks HTTPS, and what a client has to trust.
fn secure() -> (Mock, String) {
    let SelfSigned { tls, ca_pem } = Tls::self_signed(["attribution"]).expect("a certificate");
    let tls = Some(tls);
    (Mock::new(MockConfig { tls, ..config() }), ca_pem)
}

fn stream(mock: &Mock) -> DuplexStream {
    let (near, far) = tokio::io::duplex(64 * 1024);
    let connections = mock.connections();
    tokio::spawn(async move { connections.serve(far).await });
    near
}

/// A client that trusts this certificate and offers these protocols.
async fn handshake<S>(stream: S, ca_pem: &str, name: &str, protocols: &[&str]) -> io::Result<TlsStream<S>>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut roots = RootCertStore::empty();
    let root = CertificateDer::from_pem_slice(ca_pem.as_bytes()).expect("a certificate");
    roots.add(root).expect("a root");
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring has what they need")
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
    let name = ServerName::try_from(name.to_owned()).expect("a name");
    TlsConnector::from(Arc::new(config)).connect(name, stream).await
}

#[tokio::test(start_paused = true)]
async fn an_event_is_taken_over_either_version_in_virtual_time() {
    let (mock, ca) = secure();
    let old = handshake(stream(&mock), &ca, "localhost", &["http/1.1"]).await.unwrap();
    assert_eq!(old.get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]));
    let answer = Peer::new(old).answer(&post("/track", CONVERSION)).await;
    assert_eq!(
        (answer.status, answer.header("date")),
        (200, Some("Mon, 15 Jan 2024 10:00:00 GMT"))
    );

    let new = handshake(stream(&mock), &ca, "localhost", &["h2", "http/1.1"])
        .await
        .unwrap();
    assert_eq!(new.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    let answer = h2::over(new).await.send_request(h2::event("/track")).await.unwrap();
    assert_eq!(answer.status(), 200);

    let plain = handshake(stream(&mock), &ca, "localhost", &[]).await.unwrap();
    assert_eq!(Peer::new(plain).answer(&post("/track", CONVERSION)).await.status, 200);
    assert_eq!(
        (mock.conversions().len(), mock.config().clock.elapsed()),
        (3, Duration::ZERO)
    );
}

#[tokio::test(start_paused = true)]
async fn the_certificate_is_this_machine_s_and_the_named_one_s_and_nobody_else_s() {
    let (mock, ca) = secure();
    for name in ["localhost", "127.0.0.1", "::1", "attribution"] {
        handshake(stream(&mock), &ca, name, &[]).await.unwrap();
    }
    let refused = async |ca: &str, name: &str| {
        let error = handshake(stream(&mock), ca, name, &[]).await.unwrap_err();
        error.downcast::<rustls::Error>().unwrap()
    };
    let rustls::Error::InvalidCertificate(error) = refused(&ca, "track.attributionapp.com").await else {
        panic!("it is another's");
    };
    assert!(
        matches!(error, CertificateError::NotValidForNameContext { .. }),
        "{error:?}"
    );
    let (_, other) = secure();
    let rustls::Error::InvalidCertificate(error) = refused(&other, "localhost").await else {
        panic!("each start has an issuer of its own");
    };
    assert!(
        matches!(error, CertificateError::BadSignature | CertificateError::UnknownIssuer),
        "{error:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn whoever_forgot_the_s_is_told_so() {
    let (mock, _) = secure();
    let answer = Peer::new(stream(&mock)).answer(&post("/track", CONVERSION)).await;
    assert_eq!((answer.status, answer.code().as_str()), (400, "plain_http"));
    assert!(
        answer.body.contains("https://") && answer.header("date").is_some(),
        "{}",
        answer.raw
    );
    let mut new = RawPeer(stream(&mock));
    new.send(&frames::hello()).await;
    new.send(&frames::post(1, "/track", CONVERSION)).await;
    assert_eq!(
        new.next_of(&[HEADERS]).await.unwrap().payload[0],
        0x8c,
        "400 as HPACK numbers it"
    );
    assert!(mock.entries().is_empty());
}

#[tokio::test(start_paused = true)]
async fn whoever_speaks_tls_where_there_is_none_is_not_answered_in_plain_text() {
    let (_, ca) = secure();
    let mock = mock();
    let error = handshake(stream(&mock), &ca, "localhost", &[]).await.unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof, "{error}");
    assert_eq!(mock.config().clock.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_handshake_has_its_time() {
    let SelfSigned { tls, .. } = Tls::self_signed([""; 0]).unwrap();
    let limits = Limits {
        handshake_time: 7 * SECOND,
        header_time: 20 * SECOND,
        ..Limits::default()
    };
    let config = MockConfig {
        limits,
        tls: Some(tls),
        ..config()
    };
    for (said, seconds) in [(&b""[..], 20), (b"\x16", 7), (b"\x16\x03\x01\x02\x00\x01", 7)] {
        let mock = Mock::new(MockConfig {
            clock: clock::Clock::starting_at(config.clock.now()),
            ..config.clone()
        });
        let mut stream = stream(&mock);
        stream.write_all(said).await.unwrap();
        assert_eq!(stream.read(&mut [0; 64]).await.unwrap(), 0);
        assert_eq!(mock.config().clock.elapsed(), seconds * SECOND, "{said:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn after_the_handshake_the_head_has_its_own_time() {
    let (mock, ca) = secure();
    let mut stream = handshake(stream(&mock), &ca, "localhost", &[]).await.unwrap();
    stream.write_all(b"POST /track").await.unwrap();
    assert_eq!(Peer::new(stream).receive().await.unwrap().status, 408);
    assert_eq!(mock.config().clock.elapsed(), mock.config().limits.header_time);
}

#[tokio::test(start_paused = true)]
async fn garbage_in_place_of_a_handshake_ends_the_connection() {
    let (mock, _) = secure();
    let mut peer = stream(&mock);
    peer.write_all(&[0x16; 200]).await.unwrap();
    let mut rest = Vec::new();
    peer.read_to_end(&mut rest).await.unwrap();
    assert_eq!(
        (rest.first(), mock.config().clock.elapsed()),
        (Some(&0x15), Duration::ZERO),
        "an alert and the end"
    );
}

#[tokio::test(start_paused = true)]
async fn a_closing_fault_says_good_bye_in_tls_and_nothing_in_http() {
    let (mock, ca) = secure();
    mock.install(Fault::new(FaultAction::CloseBefore).times(1))
        .unwrap()
        .keep();
    let mut stream = handshake(stream(&mock), &ca, "localhost", &[]).await.unwrap();
    stream.write_all(post("/track", CONVERSION).as_bytes()).await.unwrap();
    assert_eq!(stream.read(&mut [0; 64]).await.unwrap(), 0, "an orderly end");
}

#[tokio::test(start_paused = true)]
async fn a_resetting_fault_breaks_tls_off() {
    let (mock, ca) = secure();
    mock.install(Fault::new(FaultAction::ResetBefore).times(1))
        .unwrap()
        .keep();
    let mut stream = handshake(stream(&mock), &ca, "localhost", &[]).await.unwrap();
    stream.write_all(post("/track", CONVERSION).as_bytes()).await.unwrap();
    let error = stream.read(&mut [0; 64]).await.unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
}

#[tokio::test]
async fn a_server_speaks_https_over_a_socket_and_stops_amid_handshakes() {
    let SelfSigned { tls, ca_pem } = Tls::self_signed([""; 0]).unwrap();
    let server = MockServer::builder()
        .tls(tls)
        .admin_host("attribution")
        .start()
        .await
        .unwrap();
    assert_eq!(server.uri(), format!("https://{}", server.address()));
    let connect = || TcpStream::connect(server.address());
    let secure = handshake(connect().await.unwrap(), &ca_pem, "127.0.0.1", &[])
        .await
        .unwrap();
    let (mut secure, mut half) = (Peer::new(secure), connect().await.unwrap());
    half.write_all(b"\x16\x03\x01").await.unwrap();
    assert_eq!(secure.answer(&post("/track", CONVERSION)).await.status, 200);
    for (host, status) in [("attribution:7070", 200), ("other", 403)] {
        let asked = get("/__admin/health").replace("localhost", host);
        assert_eq!(secure.answer(&asked).await.status, status, "{host}");
    }
    assert_eq!(server.shutdown().await.len(), 1);
    assert!(secure.receive().await.is_none());
    assert_eq!(half.read(&mut [0; 8]).await.unwrap_or(0), 0);
}
