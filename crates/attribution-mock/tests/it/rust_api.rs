//! What a test in Rust says of the double in its hand.

use std::time::Duration;

use attribution_mock::{
    Mock, MockServer, Unmet, conversion, identity, merge, page_view, request, violation, visit, visitor,
};
use serde_json::json;
use tokio::net::TcpStream;

use crate::peer::{CONVERSION, Peer, join, mock, post};

const MINUTE: Duration = Duration::from_secs(60);

const PAGE: &str = r#"{"user_id":"user-1","timestamp":"2024-01-15T10:00:00Z","event":"Viewed Pricing Page","properties":{"url":"https://shop.example/pricing?utm_source=google"}}"#;

async fn send(mock: &Mock, path: &str, body: &str) {
    join(mock).answer(&post(path, body)).await;
}

/// A mock to which something of everything was sent.
async fn busy() -> Mock {
    let mock = mock();
    send(&mock, "/track", PAGE).await;
    send(
        &mock,
        "/track",
        &CONVERSION.replace('}', r#","properties":{"revenue":99.90,"plan":"pro"}}"#),
    )
    .await;
    send(
        &mock,
        "/identify",
        r#"{"user_id":"user-1","traits":{"email":"ada@example.com","plan":"pro"}}"#,
    )
    .await;
    send(&mock, "/alias", r#"{"user_id":"user-1","previous_id":"anonymous-1"}"#).await;
    send(&mock, "/track", "[]").await;
    mock
}

#[tokio::test(start_paused = true)]
async fn every_kind_of_row_can_be_wanted() {
    let mock = busy().await;
    let order = conversion("Order Completed")
        .by("anonymous-1")
        .revenue(99.9)
        .property("plan", "pro");
    assert_eq!(mock.wait_for(order, MINUTE).await.unwrap().event, "Order Completed");
    let seen = visit().of("user-1").source("google").page_views(1);
    assert_eq!(mock.wait_for(seen, MINUTE).await.unwrap().page_views, 1);
    let page = page_view()
        .of("user-1")
        .url("https://shop.example/pricing?utm_source=google");
    assert_eq!(mock.wait_for(page, MINUTE).await.unwrap().visitor, "user-1");
    let ada = identity("user-1").email("ada@example.com").known_as("plan", "pro");
    assert_eq!(mock.wait_for(ada, MINUTE).await.unwrap().user_ids, ["user-1"]);
    let merged = mock
        .wait_for(merge("anonymous-1").into("user-1"), MINUTE)
        .await
        .unwrap();
    assert_eq!(merged.into, "user-1");
    let counted = visitor("anonymous-1").conversions(1).visits(json!({"$gte": 1}));
    assert_eq!(mock.wait_for(counted, MINUTE).await.unwrap().visits, 1);
    let refused = mock
        .wait_for(request().to("/track").status(400).recorded(false), MINUTE)
        .await
        .unwrap();
    let broken = mock.violations().pop().expect("a broken rule");
    let found = mock
        .wait_for(violation(broken.rule).of_request(refused.seq), MINUTE)
        .await
        .unwrap();
    assert_eq!(found, broken);
    assert_eq!(mock.config().clock.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_row_is_waited_for_until_it_arrives() {
    let mock = mock();
    let sender = mock.clone();
    let sending = tokio::spawn(async move {
        for user in ["user-2", "user-1"] {
            sender.config().clock.sleep(Duration::from_secs(5)).await;
            send(&sender, "/track", &CONVERSION.replace("user-1", user)).await;
        }
    });
    let found = mock
        .wait_for(conversion("Order Completed").by("user-1"), MINUTE)
        .await
        .unwrap();
    assert_eq!((found.visitor.as_str(), found.request), ("user-1", 2));
    assert_eq!(mock.config().clock.elapsed(), Duration::from_secs(10));
    sending.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_wait_in_vain_tells_what_came_closest() {
    let mock = busy().await;
    let wanted = conversion("Order Completed").by("user-1").revenue(100);
    let unmet = mock.wait_for(wanted, MINUTE).await.unwrap_err();
    assert_eq!(mock.config().clock.elapsed(), MINUTE);
    assert!(matches!(unmet, Unmet::TimedOut { .. }) && unmet.failures().len() == 1);
    let _guard = test_support::snapshots("mock");
    insta::assert_snapshot!("wait_in_vain", unmet.to_string());
}

#[tokio::test(start_paused = true)]
async fn an_error_is_shown_alike_by_debug_and_display() {
    let unmet = mock().verify(json!({"merges": {"count": 1}})).unwrap_err();
    assert_eq!(format!("{unmet:?}"), unmet.to_string());
    assert_eq!(
        unmet.to_string(),
        "not as expected:\nmerges.count: there are no rows\n  expected: 1\n  actual:   0"
    );
}

#[tokio::test(start_paused = true)]
async fn a_mistake_in_what_is_wanted_is_told_at_once() {
    let mock = mock();
    let unmet = mock
        .wait_for(visit().with("surce", "google"), MINUTE)
        .await
        .unwrap_err();
    assert_eq!(
        unmet.to_string(),
        "what is expected can't be read:\n\
         /visits/contains/0/surce: a row of `visits` has no key `surce`; did you mean `source`?"
    );
    assert_eq!(mock.config().clock.elapsed(), Duration::ZERO);
    assert!(matches!(mock.verify(json!([])), Err(Unmet::Mistaken(_))));
    assert!(matches!(
        mock.wait_until("visits", MINUTE).await,
        Err(Unmet::Mistaken(_))
    ));
}

#[tokio::test(start_paused = true)]
async fn the_ledger_itself_can_be_waited_for() {
    let mock = mock();
    let sender = mock.clone();
    tokio::spawn(async move {
        sender.config().clock.sleep(Duration::from_secs(3)).await;
        send(&sender, "/track", CONVERSION).await;
    });
    let count = |ledger: &attribution_ledger::Ledger| Some(ledger.conversions().len()).filter(|count| *count > 0);
    assert_eq!(mock.wait_with_ledger(count, MINUTE).await, Some(1));
    assert_eq!(mock.config().clock.elapsed(), Duration::from_secs(3));
    let never: Option<()> = mock.wait_with_ledger(|_| None, MINUTE).await;
    assert_eq!((never, mock.config().clock.elapsed()), (None, Duration::from_secs(63)));
}

#[tokio::test]
async fn a_server_is_asked_as_its_mock_is() {
    let server = MockServer::start().await.unwrap();
    let mut peer = Peer::new(TcpStream::connect(server.address()).await.unwrap());
    let wanted = server.wait_for(conversion("Order Completed").by("user-1"), MINUTE);
    let body = post("/track", CONVERSION);
    let (found, _) = tokio::join!(wanted, peer.answer(&body));
    assert_eq!(found.unwrap().request, 1);
    server
        .wait_until(json!({"conversions": {"count": 1}}), MINUTE)
        .await
        .unwrap();
    server.verify(conversion("Order Completed")).unwrap();
    assert!(server.verify(json!({"conversions": []})).is_err());
}
