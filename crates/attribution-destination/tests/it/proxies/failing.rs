//! Proxies that fail or refuse: told from an endpoint that does, and tried again.

use std::time::Duration;

use attribution_destination::deliver::{Delivery, ProxyProblem, Reason, RetryPolicy};
use tokio::net::{TcpListener, TcpSocket};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::proxy::{Proxy, failed, failing, patient, sent, through};
use crate::deliver_tls::{authority, serve, server_config, trusting};

/// Nothing is at this address, and a proxy that tunnels there has failed.
const ENDPOINT: &str = "https://127.0.0.1:1";

#[tokio::test]
async fn whatever_a_proxy_answers_instead_of_a_tunnel_is_told() {
    let cases: [(&[u8], ProxyProblem); 12] = [
        (
            b"HTTP/1.1 407 Who are you?\r\nContent-Length: 0\r\n\r\n",
            ProxyProblem::Answered(407),
        ),
        (
            b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n",
            ProxyProblem::Answered(502),
        ),
        (b"HTTP/1.0 503 Not now\r\n\r\nand no end", ProxyProblem::Answered(503)),
        (
            b"HTTP/1.1 403 No\r\nContent-Length: 1000\r\n\r\nbut the page never comes",
            ProxyProblem::Answered(403),
        ),
        (
            b"HTTP/1.1 302 Found\r\nLocation: http://login.example/\r\n\r\n",
            ProxyProblem::Answered(302),
        ),
        (
            b"HTTP/1.1 103 Soon\r\n\r\nHTTP/1.1 502 Bad Gateway\r\n\r\n",
            ProxyProblem::Answered(502),
        ),
        (b"HTTP/1.1 101 Switching Protocols\r\n\r\n", ProxyProblem::Answered(101)),
        (b"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", ProxyProblem::NotHttp),
        (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", ProxyProblem::NotHttp),
        (b"\x05\x00", ProxyProblem::NotHttp),
        (b"\x15\x03\x01\x00\x02\x02\x16", ProxyProblem::NotHttp),
        (b"", ProxyProblem::Lost),
    ];
    let unused = Proxy::start().await;
    for (answer, problem) in cases {
        let proxy = failing(answer, 1, unused.clone()).await;
        let outcome = sent(through(&proxy.to_string(), ENDPOINT)).await;
        assert_eq!(outcome.result, failed(problem), "{}", answer.escape_ascii());
    }
}

#[tokio::test]
async fn a_tunnel_that_was_refused_is_asked_for_again() {
    let authority = authority("one");
    let (address, _seen) = serve(server_config(&authority, "127.0.0.1", |_| {}));
    let refusal = b"HTTP/1.1 407 Who are you?\r\nContent-Length: 0\r\n\r\n";
    let proxy = failing(refusal, 2, Proxy::start().await).await;
    let builder = through(&proxy.to_string(), &format!("https://{address}")).tls_roots(trusting(&authority));
    let outcome = sent(builder.retry(patient())).await;
    let answers: Vec<_> = outcome.attempts.into_iter().map(|attempt| attempt.answer).collect();
    let refused = Err(Reason::Proxy(ProxyProblem::Answered(407)));
    assert_eq!(answers, [refused.clone(), refused, Ok(200)]);
}

#[tokio::test]
async fn a_407_costs_no_event_where_there_is_a_proxy_and_is_final_where_there_is_none() {
    let server = MockServer::start().await;
    let answers = |status| Mock::given(any()).respond_with(ResponseTemplate::new(status));
    answers(407).up_to_n_times(1).mount(&server).await;
    answers(200).with_priority(9).mount(&server).await;
    let proxy = Proxy::start().await.address.to_string();
    let outcome = sent(through(&proxy, &server.uri()).retry(patient())).await;
    let answers: Vec<_> = outcome.attempts.into_iter().map(|attempt| attempt.answer).collect();
    assert_eq!(answers, [Err(Reason::Proxy(ProxyProblem::Answered(407))), Ok(200)]);

    server.reset().await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(407))
        .mount(&server)
        .await;
    let straight = through(&proxy, &server.uri()).proxies(attribution_destination::deliver::Proxies::none());
    let outcome = sent(straight.retry(patient())).await;
    let reason = Reason::Status(407);
    assert!(matches!(outcome.result, Delivery::Rejected { reason: told, .. } if told == reason));
}

#[tokio::test]
async fn a_proxy_that_is_not_there_is_told_from_an_endpoint_that_is_not() {
    // Bound, so that nobody else gets the port, but not listening.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((std::net::Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let nobody = socket.local_addr().unwrap().to_string();
    for endpoint in [ENDPOINT, "http://127.0.0.1:1"] {
        let outcome = sent(through(&nobody, endpoint)).await;
        assert_eq!(outcome.result, failed(ProxyProblem::Refused), "{endpoint}");
    }
    let outcome = sent(through("http://proxy.invalid", ENDPOINT)).await;
    assert_eq!(outcome.result, failed(ProxyProblem::Unresolved));
}

#[tokio::test]
async fn a_proxy_that_says_nothing_ends_with_the_exchange() {
    let silent = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let timeout = Duration::from_millis(50);
    let retry = RetryPolicy {
        window: Duration::ZERO,
        timeout,
        ..patient()
    };
    let proxy = silent.local_addr().unwrap().to_string();
    let outcome = sent(through(&proxy, ENDPOINT).retry(retry)).await;
    let last = Reason::Timeout(timeout);
    assert!(matches!(outcome.result, Delivery::Expired { last: told, .. } if told == last));
}
