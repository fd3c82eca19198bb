//! What is answered, and what the receipts say that the answer doesn't.

use std::time::Duration;

use segment_source::{Limits, SourceConfig};
use serde_json::json;

use crate::server::{BASIC, SUCCESS, Server, config};

#[tokio::test]
async fn what_is_rejected_is_answered_with_success_and_listed_with_its_code() {
    let server = Server::start(config()).await;
    let body = json!({"batch": [
        {"type": "track", "userId": "u", "event": 7},
        {"type": "track", "userId": "u", "event": "good", "messageId": "m-1"},
        {"type": "page", "anonymousId": ""},
        "no object",
        {"userId": "u"},
        {"type": "track", "userId": "u", "event": "good", "messageId": "m-1"},
    ]});
    let answer = server.post("/v1/batch", &body.to_string()).await;
    assert_eq!((answer.status, &*answer.body), (200, SUCCESS));
    assert_eq!(
        server.verdicts().await,
        [
            "rejected event_not_string /batch/0/event",
            "accepted",
            "rejected id_not_string /batch/2/anonymousId",
            "rejected bad_request /batch/3",
            "rejected type_invalid /batch/4/type",
            "duplicate",
        ]
    );
    let counts = server.source.counts();
    assert_eq!(
        (counts.received, counts.accepted, counts.duplicates, counts.rejected),
        (6, 1, 1, 4)
    );
    assert_eq!(counts.rejected_by_code["event_not_string"], 1);
    server.stop().await;
}

#[tokio::test]
async fn a_strict_source_says_what_it_rejects_and_takes_the_rest() {
    let strict = SourceConfig {
        strict: true,
        ..config()
    };
    let mut server = Server::start(strict).await;
    let body = r#"{"batch":[{"type":"page"},{"type":"page","userId":"u"}]}"#;
    let answer = server.post("/v1/batch", body).await;
    assert_eq!(answer.status, 400);
    let error = &answer.json()["error"];
    assert_eq!(error["code"], "no_user_anon_id");
    assert_eq!(error["rejections"][0]["pointer"], "/batch/0/userId");
    assert_eq!(error["rejections"].as_array().unwrap().len(), 1);
    assert!(server.accepted.try_next().is_some());
    assert_eq!(server.post("/v1/page", r#"{"userId":"u"}"#).await.status, 200);
    server.stop().await;
}

#[tokio::test]
async fn what_cannot_be_read_is_answered_400_and_listed() {
    let server = Server::start(config()).await;
    for body in ["", "{", "[]", "7", r#"{"batch":{}}"#, "\u{0}"] {
        let answer = server.post("/v1/batch", body).await;
        assert_eq!(answer.status, 400, "{body}");
        assert!(answer.json()["message"].is_string(), "{body}");
    }
    let verdicts = server.verdicts().await;
    assert_eq!(verdicts[0], "rejected bad_request ");
    assert_eq!(verdicts[4], "rejected bad_request /batch");
    assert_eq!(server.post("/v1/track", "[1]").await.status, 400);
    server.stop().await;
}

#[tokio::test]
async fn an_empty_batch_and_one_of_too_many_are_rejected_whole() {
    let server = Server::start(config()).await;
    for body in [r#"{"batch":[]}"#, "{}"] {
        assert_eq!(server.post("/v1/batch", body).await.status, 200);
    }
    let of = |count: usize| json!({"batch": vec![json!({"type": "page", "userId": "u"}); count]}).to_string();
    assert_eq!(server.post("/v1/batch", &of(2_500)).await.status, 200);
    assert_eq!(server.post("/v1/batch", &of(2_501)).await.status, 200);
    let counts = server.source.counts();
    assert_eq!((counts.accepted, counts.rejected), (2_500, 2_503));
    assert_eq!(counts.rejected_by_code["empty_batch"], 2);
    let listed = server.get("/__admin/receipts?limit=1").await.json();
    assert_eq!(listed["receipts"][0]["messages"], 2_501);
    server.stop().await;
}

/// A page of so many bytes in JSON.
fn page_of(bytes: usize) -> String {
    let bare = r#"{"type":"page","userId":"u","name":""}"#;
    bare.replace(r#""""#, &format!("\"{}\"", "n".repeat(bytes - bare.len())))
}

#[tokio::test]
async fn a_call_has_32_kilobytes_in_a_batch_or_alone_and_a_batch_500() {
    let server = Server::start(config()).await;
    let (longest, too_long) = (page_of(32 * 1024), page_of(32 * 1024 + 1));
    assert_eq!((longest.len(), too_long.len()), (32_768, 32_769));
    assert_eq!(server.post("/v1/page", &longest).await.status, 200);
    assert_eq!(server.post("/v1/page", &too_long).await.status, 400);
    let batch = format!(r#"{{"batch":[{longest},{too_long}]}}"#);
    assert_eq!(server.post("/v1/batch", &batch).await.status, 200);
    assert_eq!(
        server.verdicts().await,
        [
            "accepted",
            "rejected bad_request ",
            "accepted",
            "rejected bad_request /batch/1"
        ]
    );
    let one = r#"{"batch":[{"type":"page","userId":"u"}]}"#;
    let batch = |bytes: usize| format!("{one}{}", " ".repeat(bytes - one.len()));
    assert_eq!(server.post("/v1/batch", &batch(500 * 1024)).await.status, 200);
    assert_eq!(server.post("/v1/batch", &batch(500 * 1024 + 1)).await.status, 400);
    server.stop().await;
}

#[tokio::test]
async fn a_full_queue_takes_nothing_and_says_when_to_come_again() {
    let limits = Limits {
        queue_events: 3,
        batch_events: 3,
        ..Limits::default()
    };
    let mut server = Server::start(SourceConfig { limits, ..config() }).await;
    let of_two =
        r#"{"batch":[{"type":"page","userId":"u","messageId":"N1"},{"type":"page","userId":"u","messageId":"N2"}]}"#;
    assert_eq!(server.post("/v1/batch", &of_two.replace('N', "a")).await.status, 200);
    let second = of_two.replace('N', "b");
    let answer = server.post("/v1/batch", &second).await;
    assert_eq!(answer.status, 429);
    assert!(answer.head.contains("\r\nretry-after: 1"), "{}", answer.head);
    assert!(answer.head.contains("\r\nx-ratelimit-reset: 1"), "{}", answer.head);
    assert_eq!(
        (server.source.counts().received, server.source.counts().throttled),
        (2, 1)
    );
    // What has nothing for the queue is not turned away.
    assert_eq!(server.post("/v1/page", "{}").await.status, 200);
    assert!(server.accepted.try_next().is_some());
    assert_eq!(
        server.post("/v1/batch", &second).await.status,
        200,
        "it is no duplicate"
    );
    assert_eq!(server.source.counts().accepted, 4);
    server.stop().await;
}

#[tokio::test]
async fn bodies_have_a_bound_of_their_own() {
    let limits = Limits {
        call_bytes: 100,
        batch_bytes: 100,
        queue_bytes: 100,
        ..Limits::default()
    };
    let mut server = Server::start(SourceConfig { limits, ..config() }).await;
    let call = page_of(60);
    assert_eq!(server.post("/v1/page", &call).await.status, 200);
    assert_eq!(server.post("/v1/page", &call).await.status, 429);
    assert!(server.accepted.try_next().is_some());
    assert_eq!(server.post("/v1/page", &call).await.status, 200);
    server.stop().await;
}

#[tokio::test]
async fn once_nobody_takes_events_none_are_accepted() {
    let mut server = Server::start(config()).await;
    let source = server.source.clone();
    server.accepted = segment_source::Source::new(config()).1;
    let answer = server.post("/v1/page", r#"{"userId":"u"}"#).await;
    assert_eq!(answer.status, 503);
    assert_eq!(source.counts().received, 0);
    server.stop().await;
}

#[tokio::test]
async fn receipts_are_paged_and_the_oldest_are_dropped() {
    let limits = Limits {
        receipts: 3,
        ..Limits::default()
    };
    let server = Server::start(SourceConfig { limits, ..config() }).await;
    for _ in 0..5 {
        server.post("/v1/page", r#"{"userId":"u"}"#).await;
    }
    let numbers = async |query: &str| {
        let listed = server.get(&format!("/__admin/receipts{query}")).await.json();
        let rows = listed["receipts"].as_array().unwrap().iter();
        let numbers: Vec<u64> = rows.map(|row| row["number"].as_u64().unwrap()).collect();
        (
            numbers,
            listed["next"].as_u64().unwrap(),
            listed["dropped"].as_u64().unwrap(),
        )
    };
    assert_eq!(numbers("").await, (vec![3, 4, 5], 5, 2));
    assert_eq!(numbers("?limit=2").await, (vec![4, 5], 5, 2));
    assert_eq!(numbers("?after=0&limit=2").await, (vec![3, 4], 4, 2));
    assert_eq!(numbers("?after=4").await, (vec![5], 5, 2));
    assert_eq!(numbers("?after=5").await, (vec![], 5, 2));
    assert_eq!(server.get("/__admin/receipts?cursor=1").await.status, 400);
    server.stop().await;
}

#[tokio::test]
async fn a_message_is_found_by_its_id_as_it_was_sent_and_as_it_went_on() {
    let server = Server::start(config()).await;
    let batch = r#"{"writeKey":"wk-1","context":{"app":{"name":"shop"}},"sentAt":"2024-01-15T10:00:00Z","batch":[
        {"type":"page","userId":"u","messageId":"m/1"},
        {"type":"track","userId":"u","messageId":"m/2","writeKey":"wk-1","timestamp":"2024-01-15T09:00:00Z"}]}"#;
    for _ in 0..2 {
        server.post("/v1/batch", batch).await;
    }
    let found = server.get("/__admin/messages?message_id=m%2F2").await.json();
    assert_eq!(
        (&found["found"], &found["kept"], &found["dropped"]),
        (&json!(2), &json!(4), &json!(0))
    );
    let (first, second) = (&found["messages"][0], &found["messages"][1]);
    assert_eq!((&first["number"], &first["verdict"]), (&json!(2), &json!("rejected")));
    assert_eq!(first["rejections"][0]["pointer"], "/batch/1/event");
    assert_eq!((&second["number"], &second["verdict"]), (&json!(4), &json!("rejected")));
    let sent = json!({
        "type": "track", "userId": "u", "messageId": "m/2", "timestamp": "2024-01-15T09:00:00Z",
        "context": {"app": {"name": "shop"}}, "sentAt": "2024-01-15T10:00:00Z",
    });
    assert_eq!(first["sent"], sent);
    assert_eq!(first["completed"]["receivedAt"], first["received_at"]);
    assert!(!found.to_string().contains("wk-1"), "a write key is a secret: {found}");
    let near = server.get("/__admin/messages?message_id=m%2F3").await.json();
    assert_eq!((&near["found"], &near["near"]), (&json!(0), &json!(["m/1", "m/2"])));
    for unclear in ["", "?message_id=", "?id=m", "?message_id=m&limit=1"] {
        let answer = server.get(&format!("/__admin/messages{unclear}")).await;
        assert_eq!(
            (answer.status, &answer.json()["error"]["code"]),
            (400, &json!("bad_query")),
            "{unclear}"
        );
    }
    server.stop().await;
}

#[tokio::test]
async fn what_is_under_way_is_finished_after_the_stop() {
    let server = Server::start(SourceConfig {
        grace: Duration::from_secs(60),
        ..config()
    })
    .await;
    let answer = server.send("POST", "/v1/page", BASIC, br#"{"userId":"u"}"#).await;
    assert_eq!(answer.status, 200);
    let mut accepted = server.stop().await;
    assert!(accepted.next().await.is_some());
    assert!(accepted.next().await.is_none(), "the source is gone");
}
