//! `harness send` to an endpoint that speaks TLS.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;
use std::thread;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::crypto::ring;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::command::run_with_input;
use crate::send::{Folder, outcomes, track};

/// The port of a server on localhost, and the root of its certificate as PEM.
pub(crate) fn serve() -> (u16, String) {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let root = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(["127.0.0.1".to_owned()])
        .unwrap()
        .signed_by(&key, &root)
        .unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = StreamOwned::new(connection, stream.unwrap());
            // Whoever doesn't trust the certificate ends here.
            if stream.read(&mut [0; 4096]).is_ok() {
                let answered = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                answered.and_then(|()| stream.flush()).unwrap();
            }
        }
    });
    (port, root.pem())
}

#[test]
fn a_certificate_is_trusted_by_its_root_and_not_without_it() {
    let folder = Folder::new("tls");
    let root = folder.file("root.pem");
    let (port, pem) = serve();
    fs::write(&root, pem).unwrap();
    let to = format!("https://127.0.0.1:{port}");
    let send = [
        "send",
        "--project-id",
        "demo-project",
        "--retry-window",
        "0s",
        "--to",
        &to,
    ];
    let event = track("user-1", "sign up");

    let printed = run_with_input(&send, &event);
    assert_eq!(printed.code, Some(1));
    assert_eq!(
        outcomes(&printed.stdout)[0]["reason"],
        "the endpoint's certificate is from an issuer that is not trusted here"
    );
    let printed = run_with_input(&[&send[..], &["--ca-file", &root]].concat(), &event);
    assert_eq!(printed.code, Some(0), "{}{}", printed.stdout, printed.stderr);
}
