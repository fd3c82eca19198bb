//! `harness send` in an environment that names proxies.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use crate::command::{Printed, deaf_port, feed, harness};
use crate::send::{Folder, outcomes, track};
use crate::send_tls;
use crate::serve::Serving;

/// The address of a proxy that tunnels and forwards, and what it is asked for.
pub(crate) fn proxy() -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (tell, asked) = channel();
    thread::spawn(move || {
        for client in listener.incoming() {
            let mut client = client.unwrap();
            let mut read = Vec::new();
            while !read.windows(4).any(|window| window == b"\r\n\r\n") {
                let mut some = [0; 4096];
                let length = client.read(&mut some).unwrap();
                assert_ne!(length, 0);
                read.extend_from_slice(&some[..length]);
            }
            // The test may be over.
            let _ = tell.send(String::from_utf8_lossy(&read).into_owned());
            serve(client, &read);
        }
    });
    (address, asked)
}

fn serve(mut client: TcpStream, read: &[u8]) {
    let head = String::from_utf8_lossy(read);
    let target = head.split(' ').nth(1).unwrap();
    let mut endpoint = if let Some(url) = target.strip_prefix("http://") {
        let mut endpoint = TcpStream::connect(url.split('/').next().unwrap()).unwrap();
        endpoint.write_all(read).unwrap();
        endpoint
    } else {
        client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
        TcpStream::connect(target).unwrap()
    };
    let (mut from, mut to) = (client.try_clone().unwrap(), endpoint.try_clone().unwrap());
    // Until either side ends, in whichever way.
    thread::spawn(move || std::io::copy(&mut from, &mut to));
    thread::spawn(move || std::io::copy(&mut endpoint, &mut client));
}

/// Sends one event there, once.
fn send(to: &str, options: &[&str], environment: &[(&str, &str)]) -> Printed {
    let arguments = [
        "send",
        "--project-id",
        "demo-project",
        "--retry-window",
        "0s",
        "--to",
        to,
    ];
    let mut command = harness();
    command.args(arguments).args(options).envs(environment.iter().copied());
    feed(&mut command, track("user-1", "sign up"))
}

#[test]
fn an_http_endpoint_is_reached_through_http_proxy() {
    let server = Serving::start(&[]);
    let (address, asked) = proxy();
    let to = format!("http://{}", server.address);
    let url = format!("http://ada:opensesame@{address}");
    let printed = send(&to, &[], &[("HTTP_PROXY", &url)]);
    assert_eq!(printed.code, Some(0), "{}{}", printed.stdout, printed.stderr);
    let asked_for = asked.recv().unwrap();
    assert!(
        asked_for.starts_with(&format!("POST {to}/track HTTP/1.1\r\n")),
        "{asked_for}"
    );
    assert!(
        asked_for.contains("Proxy-Authorization: Basic YWRhOm9wZW5zZXNhbWU="),
        "{asked_for}"
    );
    assert!(server.ask("GET", "/__admin/conversions", "").contains("sign up"));

    let printed = send(&to, &[], &[("HTTP_PROXY", &url), ("NO_PROXY", "127.0.0.1")]);
    assert_eq!(printed.code, Some(0), "{}{}", printed.stdout, printed.stderr);
    assert!(asked.try_recv().is_err(), "an exception goes straight");
}

#[test]
fn an_https_endpoint_is_reached_by_a_tunnel_through_https_proxy() {
    let folder = Folder::new("proxy");
    let root = folder.file("root.pem");
    let (port, pem) = send_tls::serve();
    fs::write(&root, pem).unwrap();
    let (address, asked) = proxy();
    let to = format!("https://127.0.0.1:{port}");
    let printed = send(&to, &["--ca-file", &root], &[("HTTPS_PROXY", &address)]);
    assert_eq!(printed.code, Some(0), "{}{}", printed.stdout, printed.stderr);
    assert!(
        asked
            .recv()
            .unwrap()
            .starts_with(&format!("CONNECT 127.0.0.1:{port} HTTP/1.1\r\n"))
    );
}

#[test]
fn a_proxy_that_can_not_be_used_is_told_without_its_credentials() {
    let broken = [("ALL_PROXY", "socks5://ada:opensesame@127.0.0.1:1080")];
    let printed = send("http://127.0.0.1:1", &[], &broken);
    assert_eq!((printed.code, printed.stdout.as_str()), (Some(2), ""));
    assert!(
        printed.stderr.contains("ALL_PROXY is a SOCKS proxy"),
        "{}",
        printed.stderr
    );
    assert!(!printed.stderr.contains("opensesame"), "{}", printed.stderr);

    let (_held, nobody) = deaf_port();
    let printed = send("http://127.0.0.1:1", &[], &[("http_proxy", &nobody.to_string())]);
    assert_eq!(printed.code, Some(1));
    let told = &outcomes(&printed.stdout)[0]["reason"];
    assert_eq!(told, "connection refused: nothing listens at the proxy");
}
