//! Requests that arrive through a proxy, or past it.

use attribution_destination::deliver::{BuildError, CertificateProblem, Delivery, Proxies, ProxyProblem, Sender};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::proxy::{AUTHORIZATION, CREDENTIALS, Proxy, failed, failing, patient, sent, through};
use crate::deliver_link::{settings, track};
use crate::deliver_tls::{authority, serve, server_config, trusting};

async fn endpoint(status: u16, body: &str) -> MockServer {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(status).set_body_string(body);
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

#[tokio::test]
async fn an_https_endpoint_is_reached_by_a_tunnel_that_alone_knows_the_proxys_credentials() {
    let proxy = Proxy::start().await;
    let authority = authority("one");
    let (address, seen) = serve(server_config(&authority, "127.0.0.1", |_| {}));
    for (credentials, header) in [("", ""), ("ada:opensesame@", AUTHORIZATION)] {
        let url = format!("http://{credentials}{}", proxy.address);
        let outcome = sent(through(&url, &format!("https://{address}")).tls_roots(trusting(&authority))).await;
        assert_eq!(outcome.result, Delivery::Delivered { status: 200 });
        let asked = format!("CONNECT {address} HTTP/1.1\r\nHost: {address}\r\n{header}\r\n");
        assert_eq!(proxy.asked().pop(), Some(asked));
        let head = seen.recv().unwrap().head;
        assert!(head.starts_with("POST /track HTTP/1.1\r\n"), "{head}");
        assert!(!head.contains("Proxy"), "{head}");
    }
}

#[tokio::test]
async fn an_http_endpoints_requests_are_given_to_the_proxy() {
    let proxy = Proxy::start().await;
    let server = endpoint(200, "").await;
    let address = server.address();
    for (credentials, header) in [("", ""), ("ada:opensesame@", AUTHORIZATION)] {
        let outcome = sent(through(&format!("{credentials}{}", proxy.address), &server.uri())).await;
        assert_eq!(outcome.result, Delivery::Delivered { status: 200 });
        let asked = proxy.asked().pop().unwrap();
        assert!(
            asked.starts_with(&format!("POST http://{address}/track HTTP/1.1\r\n")),
            "{asked}"
        );
        assert!(asked.contains(&format!("\r\nHost: {address}\r\n")), "{asked}");
        assert!(
            asked.contains("\r\nAuthorization: Basic ZGVtby1wcm9qZWN0Og==\r\n"),
            "{asked}"
        );
        assert_eq!(asked.contains("Proxy-Authorization"), asked.contains(AUTHORIZATION));
        assert_eq!(asked.contains(AUTHORIZATION), !header.is_empty(), "{asked}");
    }
    assert_eq!(server.received_requests().await.unwrap().len(), 2);
}

#[tokio::test]
async fn what_is_excepted_and_what_has_no_proxy_goes_straight() {
    let proxy = Proxy::start().await;
    let server = endpoint(200, "").await;
    let port = server.address().port();
    let all = || Proxies::through(&proxy.address.to_string()).unwrap();
    let other_scheme = Proxies::from_variables(|name| (name == "HTTPS_PROXY").then(|| proxy.address.to_string()));
    let straight = [
        Proxies::none(),
        all().except("*"),
        all().except("127.0.0.0/8"),
        all().except(&format!("127.0.0.1:{port}")),
        other_scheme,
    ];
    for proxies in straight {
        let outcome = sent(through("unused.invalid", &server.uri()).proxies(proxies)).await;
        assert_eq!(outcome.result, Delivery::Delivered { status: 200 });
    }
    assert_eq!(proxy.asked(), [""; 0]);

    // Loopback is no exception by itself, nor is a name that is not the endpoint's.
    let outcome = sent(through("unused.invalid", &server.uri()).proxies(all().except("localhost, 127.0.0.1:1"))).await;
    assert_eq!(outcome.result, Delivery::Delivered { status: 200 });
    assert_eq!(proxy.asked().len(), 1);
}

#[tokio::test]
async fn a_connection_through_a_proxy_is_used_again() {
    let proxy = Proxy::start().await;
    let server = endpoint(200, "").await;
    let sender = through(&proxy.address.to_string(), &server.uri()).build().unwrap();
    for number in 0..10 {
        sender.send(track("u", number)).await;
    }
    assert_eq!(proxy.asked().len(), 1);
    assert_eq!(server.received_requests().await.unwrap().len(), 10);
}

#[tokio::test]
async fn a_proxy_may_itself_be_https_if_its_certificate_is_good() {
    let authority_of_both = authority("one");
    let trusted = || server_config(&authority_of_both, "127.0.0.1", |_| {});
    let proxy = Proxy::start_by_tls(trusted()).await;
    let url = format!("https://{CREDENTIALS}@{}", proxy.address);
    let (address, _seen) = serve(trusted());
    let plain = endpoint(200, "").await;
    for to in [format!("https://{address}"), plain.uri()] {
        let outcome = sent(through(&url, &to).tls_roots(trusting(&authority_of_both))).await;
        assert_eq!(outcome.result, Delivery::Delivered { status: 200 }, "{to}");
    }
    assert_eq!(proxy.asked().len(), 2);

    let outcome = sent(through(&url, &plain.uri())).await;
    assert_eq!(
        outcome.result,
        failed(ProxyProblem::Certificate(CertificateProblem::UnknownIssuer))
    );
    assert_eq!(proxy.asked().len(), 2, "nothing is sent to whom is not trusted");
    let not_tls = failing(b"HTTP/1.1 400 Bad Request\r\n\r\n", 1, proxy).await;
    let outcome = sent(through(&format!("https://{not_tls}"), &plain.uri())).await;
    assert_eq!(outcome.result, failed(ProxyProblem::Tls));
}

#[tokio::test]
async fn through_the_tunnel_it_is_the_endpoints_certificate_that_counts() {
    let proxy = Proxy::start().await;
    let (address, _seen) = serve(server_config(&authority("one"), "127.0.0.1", |_| {}));
    let outcome = sent(through(&proxy.address.to_string(), &format!("https://{address}"))).await;
    assert_eq!(
        outcome.result.to_string(),
        "expired: the endpoint's certificate is from an issuer that is not trusted here"
    );
}

#[tokio::test]
async fn a_variable_that_can_not_be_used_is_an_error_of_the_builder() {
    let socks = |name: &str| (name == "ALL_PROXY").then(|| "socks5://ada:opensesame@127.0.0.1:1080".to_owned());
    let builder = Sender::builder(settings()).proxies(Proxies::from_variables(socks));
    let error = builder.build().unwrap_err();
    assert!(matches!(error, BuildError::Proxy(_)));
    assert_eq!(
        error.to_string(),
        "ALL_PROXY is a SOCKS proxy, which is not supported: \
         give an HTTP one like http://proxy.example:3128, or name the endpoint in NO_PROXY"
    );
}

#[tokio::test]
async fn nothing_that_can_be_printed_shows_the_credentials_of_a_proxy() {
    let proxy = Proxy::start().await;
    let server = endpoint(400, "you said Basic YWRhOm9wZW5zZXNhbWU=, that is ada:opensesame").await;
    let builder = through(&format!("http://{CREDENTIALS}@{}", proxy.address), &server.uri()).retry(patient());
    let before = format!("{builder:?}{builder:#?}");
    let sender = builder.build().unwrap();
    let outcome = sender.send(track("u", 1)).await;
    assert!(proxy.asked()[0].contains(AUTHORIZATION));
    let Delivery::Rejected { body, .. } = &outcome.result else {
        panic!("{outcome:?}")
    };
    assert_eq!(body, "you said Basic [redacted], that is ada:[redacted]");
    let shown = format!("{before}{sender:?}{sender:#?}{outcome:?}{}", outcome.result);
    assert!(!shown.contains("opensesame") && !shown.contains("YWRhOm"), "{shown}");
}
