//! Endpoints that speak TLS, with certificates made on the spot. Over real sockets and in real time.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use attribution_destination::deliver::{
    CertificateProblem, Delivery, HttpsConnector, Outcome, Proxies, Reason, RetryPolicy, Sender, SenderBuilder,
    TlsRoots,
};
use clock::Clock;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use rustls::crypto::ring;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::deliver_link::{settings, track};

const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

/// An issuer of certificates whom no system knows.
pub(crate) fn authority(name: &str) -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

pub(crate) fn trusting(authority: &CertifiedIssuer<'_, KeyPair>) -> TlsRoots {
    TlsRoots::system().and_pem(authority.pem().as_bytes()).unwrap()
}

/// A certificate of this authority for this host, changed at will.
pub(crate) fn server_config(
    authority: &CertifiedIssuer<'_, KeyPair>,
    host: &str,
    change: impl FnOnce(&mut CertificateParams),
) -> ServerConfig {
    let mut params = CertificateParams::new([host.to_owned()]).unwrap();
    change(&mut params);
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, authority).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap()
}

/// What the server saw of one connection.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    protocol: Option<Vec<u8>>,
    /// The request line and the headers.
    pub(crate) head: String,
}

/// Serves one request a connection, and tells what it saw of each.
pub(crate) fn serve(config: ServerConfig) -> (SocketAddr, mpsc::Receiver<Seen>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let (tell, seen) = mpsc::channel();
    let config = Arc::new(config);
    thread::spawn(move || {
        for stream in listener.incoming() {
            // A connection that ends in the handshake shows nothing, and the test may be over.
            let _ = tell.send(answer(stream.unwrap(), &config).unwrap_or_default());
        }
    });
    (address, seen)
}

fn answer(stream: TcpStream, config: &Arc<ServerConfig>) -> std::io::Result<Seen> {
    let connection = ServerConnection::new(Arc::clone(config)).unwrap();
    let mut stream = StreamOwned::new(connection, stream);
    let mut request = Vec::new();
    while !request.ends_with(b"\"event\":\"Tried\"}") {
        let mut some = [0; 1024];
        let read = stream.read(&mut some)?;
        if read == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        request.extend_from_slice(&some[..read]);
    }
    stream.write_all(OK)?;
    stream.conn.send_close_notify();
    stream.flush()?;
    let request = String::from_utf8_lossy(&request);
    let (head, _) = request.split_once("\r\n\r\n").unwrap_or_default();
    Ok(Seen {
        protocol: stream.conn.alpn_protocol().map(<[u8]>::to_vec),
        head: head.to_owned(),
    })
}

/// A sender that tries once.
fn builder(endpoint: &str) -> SenderBuilder<HttpsConnector> {
    let retry = RetryPolicy {
        window: Duration::ZERO,
        timeout: Duration::from_secs(60),
        ..RetryPolicy::default()
    };
    Sender::builder(settings())
        .proxies(Proxies::none())
        .endpoint(endpoint.parse().unwrap())
        .retry(retry)
}

async fn sent(builder: SenderBuilder<HttpsConnector>) -> Outcome {
    builder.build().unwrap().send(track("u", 1)).await
}

fn expired(last: Reason) -> Delivery {
    Delivery::Expired { last }
}

#[tokio::test]
async fn a_certificate_of_a_named_root_is_trusted_and_http_1_1_agreed_on() {
    let authority = authority("one");
    for host in ["127.0.0.1", "localhost"] {
        let mut config = server_config(&authority, host, |_| {});
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let (address, seen) = serve(config);
        let endpoint = format!("https://{host}:{}/prefix", address.port());
        let outcome = sent(builder(&endpoint).tls_roots(trusting(&authority))).await;
        assert_eq!(outcome.result, Delivery::Delivered { status: 200 }, "{host}");
        let Seen { protocol, head } = seen.recv().unwrap();
        assert_eq!(protocol.as_deref(), Some(&b"http/1.1"[..]));
        assert!(head.starts_with("POST /prefix/track HTTP/1.1\r\n"), "{head}");
    }
}

#[tokio::test]
async fn each_fault_of_a_certificate_is_told_apart_and_nothing_is_sent() {
    let authority = authority("one");
    let expired_in_2020: fn(&mut CertificateParams) = |params| params.not_after = date_time_ymd(2020, 1, 1);
    let valid_from_4000: fn(&mut CertificateParams) = |params| params.not_before = date_time_ymd(4000, 1, 1);
    let cases = [
        ("127.0.0.1", expired_in_2020, CertificateProblem::Expired),
        ("127.0.0.1", valid_from_4000, CertificateProblem::NotValidYet),
        ("elsewhere.example", |_| {}, CertificateProblem::WrongName),
    ];
    for (host, change, problem) in cases {
        let (address, seen) = serve(server_config(&authority, host, change));
        let outcome = sent(builder(&format!("https://{address}")).tls_roots(trusting(&authority))).await;
        assert_eq!(outcome.result, expired(Reason::Certificate(problem)));
        assert_eq!(seen.recv().unwrap(), Seen::default());
    }
}

#[tokio::test]
async fn an_issuer_that_nobody_named_is_not_trusted() {
    for roots in [TlsRoots::system(), trusting(&authority("another"))] {
        let (address, seen) = serve(server_config(&authority("one"), "127.0.0.1", |_| {}));
        let outcome = sent(builder(&format!("https://{address}")).tls_roots(roots)).await;
        assert_eq!(
            outcome.result,
            expired(Reason::Certificate(CertificateProblem::UnknownIssuer))
        );
        assert_eq!(seen.recv().unwrap(), Seen::default());
    }
}

#[tokio::test]
async fn a_certificate_is_valid_by_the_senders_clock() {
    let authority = authority("one");
    let (address, _seen) = serve(server_config(&authority, "127.0.0.1", |params| {
        params.not_after = date_time_ymd(2020, 1, 1);
    }));
    let clock = Clock::flowing_from("2019-06-01T00:00:00Z".parse().unwrap());
    let outcome = sent(
        builder(&format!("https://{address}"))
            .tls_roots(trusting(&authority))
            .clock(clock),
    )
    .await;
    assert_eq!(outcome.result, Delivery::Delivered { status: 200 });
}

#[tokio::test]
async fn a_bad_certificate_is_tried_again_until_it_is_renewed() {
    let authority = authority("one");
    let bad = server_config(&authority, "elsewhere.example", |_| {});
    let good = server_config(&authority, "127.0.0.1", |_| {});
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let endpoint = format!("https://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for config in [bad, good] {
            let (stream, _) = listener.accept().unwrap();
            // The first one ends in the handshake.
            let _ = answer(stream, &Arc::new(config));
        }
    });
    let retry = RetryPolicy {
        initial: Duration::from_millis(1),
        timeout: Duration::from_secs(60),
        ..RetryPolicy::default()
    };
    let outcome = sent(builder(&endpoint).retry(retry).tls_roots(trusting(&authority))).await;
    let answers: Vec<_> = outcome.attempts.into_iter().map(|attempt| attempt.answer).collect();
    assert_eq!(
        answers,
        [Err(Reason::Certificate(CertificateProblem::WrongName)), Ok(200)]
    );
}

#[tokio::test]
async fn the_wrong_scheme_is_told_from_a_bad_connection() {
    let plain = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = plain.local_addr().unwrap();
    thread::spawn(move || {
        let (mut stream, _) = plain.accept().unwrap();
        let _ = stream.read(&mut [0; 1024]);
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
    });
    assert_eq!(
        sent(builder(&format!("https://{address}"))).await.result,
        expired(Reason::NotTls)
    );

    let (address, _seen) = serve(server_config(&authority("one"), "127.0.0.1", |_| {}));
    let outcome = sent(builder(&format!("http://{address}"))).await;
    assert_eq!(outcome.result, expired(Reason::NotHttp), "a TLS alert is no HTTP");
}

#[tokio::test]
async fn a_handshake_that_never_comes_ends_with_the_exchange() {
    let silent = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let timeout = Duration::from_millis(200);
    let retry = RetryPolicy {
        window: Duration::ZERO,
        timeout,
        ..RetryPolicy::default()
    };
    let endpoint = format!("https://{}", silent.local_addr().unwrap());
    let outcome = sent(builder(&endpoint).retry(retry)).await;
    assert_eq!(outcome.result, expired(Reason::Timeout(timeout)));
}
