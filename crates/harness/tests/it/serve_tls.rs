//! `harness serve` speaking HTTPS.

use std::fs;
use std::process::Command;

use rcgen::{CertificateParams, KeyPair};

use crate::command::{run, run_with_input};
use crate::send::{Folder, outcomes, track};
use crate::serve::Serving;

/// A certificate for 127.0.0.1 and its key, as PEM.
fn certificate() -> (String, String) {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap();
    (params.self_signed(&key).unwrap().pem(), key.serialize_pem())
}

fn send(to: &str, options: &[&str]) -> crate::command::Printed {
    let send = [
        "send",
        "--project-id",
        "demo-project",
        "--retry-window",
        "0s",
        "--to",
        to,
    ];
    run_with_input(&[&send[..], options].concat(), track("user-1", "sign up"))
}

#[test]
fn whoever_trusts_the_file_that_is_written_is_served() {
    let folder = Folder::new("serve-tls");
    let ca = folder.file("ca.pem");
    let server = Serving::start(&["--tls", "--tls-ca-out", &ca]);
    assert!(server.url.starts_with("https://127.0.0.1:"), "{}", server.url);
    let printed = send(&server.url, &["--ca-file", &ca]);
    assert_eq!(printed.code, Some(0), "{}{}", printed.stdout, printed.stderr);
    let printed = send(&server.url.replace("127.0.0.1", "localhost"), &["--ca-file", &ca]);
    assert_eq!(printed.code, Some(0), "{}{}", printed.stdout, printed.stderr);

    let printed = send(&server.url, &[]);
    assert_eq!(printed.code, Some(1));
    assert_eq!(
        outcomes(&printed.stdout)[0]["reason"],
        "the endpoint's certificate is from an issuer that is not trusted here"
    );
}

#[test]
fn whoever_forgot_the_s_is_told_so() {
    let server = Serving::start(&["--tls"]);
    let answer = server.ask("POST", "/track", "{}");
    assert!(
        answer.starts_with("HTTP/1.1 400") && answer.contains("https://"),
        "{answer}"
    );
}

#[test]
fn a_certificate_of_one_s_own_is_served() {
    let folder = Folder::new("serve-own-tls");
    let (cert, key) = (folder.file("cert.pem"), folder.file("key.pem"));
    let (certificate, private) = certificate();
    fs::write(&cert, certificate).unwrap();
    fs::write(&key, private).unwrap();
    let server = Serving::start(&["--tls-cert", &cert, "--tls-key", &key]);
    let printed = send(&server.url, &["--ca-file", &cert]);
    assert_eq!(printed.code, Some(0), "{}{}", printed.stdout, printed.stderr);
}

#[test]
fn a_certificate_that_can_not_be_used_is_told_with_its_reason() {
    let folder = Folder::new("serve-bad-tls");
    let file = |name: &str, text: &str| {
        let path = folder.file(name);
        fs::write(&path, text).unwrap();
        path
    };
    let (certificate, key) = certificate();
    let (_, other) = self::certificate();
    let (cert, key, other, empty) = (
        file("cert.pem", &certificate),
        file("key.pem", &key),
        file("other.pem", &other),
        file("empty.pem", ""),
    );
    let missing = folder.file("missing.pem");
    for (cert, key, code, said) in [
        (&cert, &other, 2, "is not that of the certificate"),
        (&cert, &empty, 2, "there is no private key in it"),
        (&empty, &key, 2, "there is no certificate in it"),
        (&missing, &key, 3, "can't read"),
    ] {
        let printed = run(&[
            "serve",
            "--port",
            "0",
            "--project-id",
            "demo",
            "--tls-cert",
            cert,
            "--tls-key",
            key,
        ]);
        assert_eq!(printed.code, Some(code), "{}", printed.stderr);
        assert!(printed.stderr.contains(said), "{}", printed.stderr);
    }
    for (options, missing) in [
        (&["--tls-cert", &cert][..], "--tls-key"),
        (&["--tls-ca-out", &cert], "--tls"),
        (
            &["--tls", "--tls-cert", &cert, "--tls-key", &key],
            "cannot be used with",
        ),
    ] {
        let printed = run(&[&["serve", "--port", "0", "--project-id", "demo"], options].concat());
        assert_eq!(printed.code, Some(2));
        assert!(printed.stderr.contains(missing), "{}", printed.stderr);
    }
}

#[test]
fn curl_speaks_both_versions() {
    if Command::new("curl").arg("--version").output().is_err() {
        println!("skipped: there is no curl here");
        return;
    }
    let folder = Folder::new("serve-curl");
    let ca = folder.file("ca.pem");
    let secure = Serving::start(&["--tls", "--tls-ca-out", &ca]);
    let plain = Serving::start(&[]);
    let old = ["--http1.1"].as_slice();
    for (url, options, version) in [
        (&secure.url, ["--http2", "--cacert", &ca].as_slice(), "2"),
        (&secure.url, &["--http1.1", "--cacert", &ca], "1.1"),
        (&plain.url, &["--http2-prior-knowledge"], "2"),
        (&plain.url, old, "1.1"),
    ] {
        let output = Command::new("curl")
            .args([
                "--silent",
                "--show-error",
                "--noproxy",
                "*",
                "-w",
                "%{http_code} %{http_version}",
                "-o",
                "-",
            ])
            .args(options)
            .arg(format!("{url}/__admin/health"))
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        let told = String::from_utf8_lossy(&output.stderr);
        if told.contains("installed libcurl") {
            println!("skipped: this curl has no HTTP/2");
            continue;
        }
        assert!(said.ends_with(&format!("200 {version}")), "{options:?}: {said}{told}");
    }
}
