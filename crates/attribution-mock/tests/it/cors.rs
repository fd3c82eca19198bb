//! What a browser asks on behalf of a page of another origin, and what it lets the page see.

use attribution_ledger::{BrowserRoute, Route};
use attribution_mock::{Fault, FaultAction};

use crate::peer::{AUTHORIZATION, CONVERSION, join, mock, post_text, request};

const ORIGIN: &str = "Origin: https://shop.example";
const ALLOW_ORIGIN: &str = "access-control-allow-origin";

#[tokio::test(start_paused = true)]
async fn every_path_that_takes_events_answers_a_preflight() {
    let mock = mock();
    let _outage = mock.install(Fault::respond(503)).unwrap();
    let paths = Route::ALL.map(Route::path).into_iter();
    for path in paths.chain(BrowserRoute::ALL.map(BrowserRoute::path)) {
        let asked = [
            ORIGIN,
            "Access-Control-Request-Method: POST",
            "Access-Control-Request-Headers: authorization",
        ];
        let answer = join(&mock)
            .answer(&request(&format!("OPTIONS {path}"), &asked, ""))
            .await;
        assert_eq!((answer.status, answer.body.as_str()), (204, ""), "{path}");
        for (name, value) in [
            (ALLOW_ORIGIN, "*"),
            ("access-control-allow-methods", "POST, OPTIONS"),
            (
                "access-control-allow-headers",
                "authorization, content-encoding, content-type, harness-namespace",
            ),
            ("access-control-max-age", "86400"),
            ("allow", "POST, OPTIONS"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{path} {name}");
        }
    }
    assert_eq!(mock.entries(), []);
}

#[tokio::test(start_paused = true)]
async fn a_page_may_read_every_answer_to_its_events() {
    let json = "Content-Type: application/json";
    let event = |headers: &[&str]| request("POST /track", &[headers, &[ORIGIN]].concat(), CONVERSION);
    for (request, status) in [
        (event(&[AUTHORIZATION, json]), 200),
        (event(&[json]), 401),
        (event(&["Content-Type: text/plain"]), 401),
        (event(&[AUTHORIZATION]), 415),
    ] {
        let answer = join(&mock()).answer(&request).await;
        assert_eq!(
            (answer.status, answer.header(ALLOW_ORIGIN)),
            (status, Some("*")),
            "{request}"
        );
    }
    let mock = mock();
    let _outage = mock.install(Fault::respond(503).times(1)).unwrap();
    let answer = join(&mock).answer(&event(&[AUTHORIZATION, json])).await;
    assert_eq!((answer.status, answer.header(ALLOW_ORIGIN)), (503, Some("*")));
    let _lost = mock.install(Fault::new(FaultAction::CloseAfter).times(1)).unwrap();
    assert!(join(&mock).ask(&event(&[AUTHORIZATION, json])).await.is_none());
}

#[tokio::test(start_paused = true)]
async fn whoever_is_no_page_is_told_nothing_of_origins() {
    let answer = join(&mock()).answer(&post_text("/v1/t", "{}")).await;
    assert_eq!((answer.status, answer.header(ALLOW_ORIGIN)), (401, None));
}

#[tokio::test(start_paused = true)]
async fn no_page_may_read_the_admin_api_or_ask_to() {
    for (line, status) in [
        ("GET /__admin/requests", 403),
        ("POST /__admin/reset", 403),
        ("OPTIONS /__admin/requests", 405),
        ("OPTIONS /__admin/reset", 405),
        ("OPTIONS /check_auth", 405),
    ] {
        for origin in [ORIGIN, "Origin: http://localhost:8080"] {
            let answer = join(&mock()).answer(&request(line, &[origin], "")).await;
            assert!(answer.status == status || origin != ORIGIN, "{line}: {}", answer.raw);
            let told = answer.headers.keys().any(|name| name.starts_with("access-control-"));
            assert!(!told, "{line} {origin}: {}", answer.raw);
        }
    }
}
