use std::fmt::Write as _;

use attribution_ledger::EntryVerdict;
use attribution_mock::rules::{self, Level};
use attribution_mock::{Mock, MockConfig, Strictness};

use crate::peer::{AUTHORIZATION, CONVERSION, DENIED, Peer, config, get, join, mock, post, request};

fn lenient() -> Mock {
    Mock::new(MockConfig {
        strictness: Strictness::Lenient,
        ..config()
    })
}

#[tokio::test(start_paused = true)]
async fn success_is_the_same_bytes_at_the_same_virtual_time() {
    let answer = join(&mock()).answer(&post("/track", CONVERSION)).await;
    let _guard = test_support::snapshots("mock");
    insta::assert_snapshot!("success", answer.raw.replace("\r\n", "\n"));
}

#[tokio::test(start_paused = true)]
async fn an_accepted_event_is_journaled_and_projected() {
    let mock = mock();
    join(&mock).answer(&post("/track?debug=1", CONVERSION)).await;
    let entries = mock.entries();
    let [entry] = &entries[..] else { panic!("{entries:?}") };
    assert_eq!(
        (entry.seq, entry.status, entry.verdict),
        (1, 200, EntryVerdict::Recorded)
    );
    assert_eq!((&*entry.request.path, &entry.request.encoding), ("/track", &None));
    assert_eq!(&*entry.request.body, CONVERSION.as_bytes());
    assert_eq!(entry.request.received_at, "2024-01-15T10:00:00Z".parse().unwrap());
    assert_eq!(mock.conversions()[0].event, "Order Completed");
}

#[tokio::test(start_paused = true)]
async fn strict_refuses_what_no_public_sender_can_emit() {
    let mock = mock();
    let answer = join(&mock).answer(&post("/track", DENIED)).await;
    assert_eq!(answer.status, 400);
    let body = answer.json();
    assert_eq!(
        (body["success"].as_bool(), body["violations"][0]["rule"].as_str()),
        (Some(false), Some("ATT001"))
    );
    assert_eq!(mock.entries()[0].verdict, EntryVerdict::Refused);
    assert_eq!(mock.violations()[0].request, 1);
}

#[tokio::test(start_paused = true)]
async fn a_warning_is_listed_and_does_not_refuse() {
    let mock = mock();
    let body = r#"{"user_id":"u","timestamp":"2024-01-15T10:00:00.000Z","event":"E","colour":"red"}"#;
    assert_eq!(join(&mock).answer(&post("/track", body)).await.status, 200);
    assert_eq!(
        mock.violations()
            .iter()
            .map(|violation| violation.rule)
            .collect::<Vec<_>>(),
        ["ATT009"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_level_takes_the_place_of_a_rules_own_severity() {
    let mut config = config();
    for (rule, level) in [
        ("unknown-field", Level::Deny),
        ("missing-event", Level::Warn),
        ("ATT015", Level::Off),
    ] {
        config.ledger.rules.set(rules::find(rule).unwrap(), level).unwrap();
    }
    let mock = Mock::new(config);
    let mut sender = join(&mock);
    let coloured = r#"{"user_id":"u","timestamp":"2024-01-15T10:00:00.000Z","event":"E","colour":"red"}"#;
    let refused = sender.answer(&post("/track", coloured)).await;
    assert_eq!(
        (refused.status, &refused.json()["violations"][0]["severity"]),
        (400, &"deny".into())
    );
    assert_eq!(sender.answer(&post("/track", r#"{"user_id":"u"}"#)).await.status, 200);
    let listed = mock.violations();
    let listed: Vec<_> = listed.iter().map(|row| (row.rule, row.severity.as_str())).collect();
    assert_eq!(listed, [("ATT009", "deny"), ("ATT004", "warn")]);
}

#[tokio::test(start_paused = true)]
async fn lenient_records_and_flags_what_can_be_read() {
    let mock = lenient();
    let body = r#"{"user_id":"u","event":"E","timestamp":"soon"}"#;
    assert_eq!(join(&mock).answer(&post("/track", body)).await.status, 200);
    assert_eq!(mock.conversions().len(), 1);
    assert!(mock.violations().iter().any(|violation| violation.rule == "ATT005"));
}

#[tokio::test(start_paused = true)]
async fn even_lenient_does_not_claim_to_have_read_what_it_could_not() {
    let mock = lenient();
    assert_eq!(join(&mock).answer(&post("/track", DENIED)).await.status, 400);
    assert_eq!(mock.entries()[0].verdict, EntryVerdict::Refused);
}

#[tokio::test(start_paused = true)]
async fn deeply_nested_json_is_refused_like_any_other_nonsense() {
    let mock = mock();
    let answer = join(&mock).answer(&post("/track", &"[".repeat(100_000))).await;
    assert_eq!(answer.status, 400);
}

#[tokio::test(start_paused = true)]
async fn unknown_paths_and_wrong_methods_say_what_was_meant() {
    let mock = mock();
    let mut answers = String::new();
    for line in [
        "POST /trak",
        "POST /v1/identify",
        "POST /v1/batch",
        "POST /v1/x",
        "GET /",
        "GET /track",
        "DELETE /alias",
        "PUT /v1/import",
        "GET /check_auth",
        "PUT /__admin/faults",
        "GET /__admin/reset",
        "GET /__admin/faults/1",
        "GET /__admin",
        "GET /__admin/resets",
        "GET /__admin/visit",
        "GET /admin/requests",
    ] {
        let answer = join(&mock).answer(&request(line, &[], "")).await;
        let allow = answer
            .header("allow")
            .map(|allow| format!(" Allow: {allow}"))
            .unwrap_or_default();
        writeln!(answers, "{line}\n  {}{allow}\n  {}", answer.status, answer.body).unwrap();
    }
    let _guard = test_support::snapshots("mock");
    insta::assert_snapshot!("unknown_paths_and_methods", answers);
    assert_eq!(mock.entries(), []);
}

#[tokio::test(start_paused = true)]
async fn only_json_is_taken_with_any_parameters() {
    let mock = mock();
    let send = |header: &str| request("POST /track", &[AUTHORIZATION, header], CONVERSION);
    let mut peer = join(&mock);
    assert_eq!(
        peer.answer(&send("Content-Type: application/json; charset=utf-8"))
            .await
            .status,
        200
    );
    assert_eq!(
        peer.answer(&send("content-type: Application/JSON;charset=UTF-8"))
            .await
            .status,
        200
    );
    for header in [
        "Content-Type: text/plain",
        "Content-Type: application/x-www-form-urlencoded",
        "X-Other: 1",
    ] {
        let answer = peer.answer(&send(header)).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (415, "unsupported_content_type"),
            "{header}"
        );
    }
    assert_eq!(
        mock.entries().iter().map(|entry| entry.status).collect::<Vec<_>>(),
        [200, 200, 415, 415, 415]
    );
    assert_eq!(mock.entries()[4].verdict, EntryVerdict::Ignored);
}

#[tokio::test(start_paused = true)]
async fn lenient_takes_any_content_type() {
    let answer = join(&lenient())
        .answer(&request("POST /track", &[AUTHORIZATION], CONVERSION))
        .await;
    assert_eq!(answer.status, 200);
}

fn small() -> Mock {
    Mock::new(MockConfig {
        body_limit: CONVERSION.len(),
        ..config()
    })
}

fn chunked(chunks: &[&str]) -> String {
    let head = format!(
        "POST /track HTTP/1.1\r\nHost: localhost\r\n{AUTHORIZATION}\r\nContent-Type: application/json\r\n\
         Transfer-Encoding: chunked\r\n\r\n"
    );
    chunks
        .iter()
        .fold(head, |head, chunk| format!("{head}{:x}\r\n{chunk}\r\n", chunk.len()))
        + "0\r\n\r\n"
}

#[tokio::test(start_paused = true)]
async fn a_body_of_exactly_the_limit_is_taken_and_one_byte_more_is_not() {
    let mock = small();
    let longer = format!("{CONVERSION} ");
    let mut peer = join(&mock);
    assert_eq!(peer.answer(&post("/track", CONVERSION)).await.status, 200);
    assert_eq!(
        peer.answer(&chunked(&[&CONVERSION[..9], &CONVERSION[9..]]))
            .await
            .status,
        200
    );
    let answer = peer.answer(&post("/track", &longer)).await;
    assert_eq!((answer.status, answer.code().as_str()), (413, "body_too_large"));
    assert_eq!(join(&mock).answer(&chunked(&[CONVERSION, " "])).await.status, 413);
    let entries = mock.entries();
    assert_eq!(
        entries.iter().map(|entry| entry.status).collect::<Vec<_>>(),
        [200, 200, 413, 413]
    );
    assert!(
        entries[2].request.body.is_empty(),
        "of a body over the limit nothing is kept"
    );
}

#[tokio::test(start_paused = true)]
async fn a_body_without_an_end_is_not_read_on_forever() {
    let mock = small();
    let mut peer = join(&mock);
    let endless = chunked(&[&"x".repeat(60_000)]).replace("\r\n0\r\n\r\n", "\r\n");
    peer.send(&endless).await;
    // Nothing more comes, and no end either.
    assert_eq!(peer.receive().await.unwrap().status, 413);
    assert_eq!(mock.config().clock.elapsed().as_secs(), 1);
}

#[tokio::test(start_paused = true)]
async fn whoever_asks_before_sending_too_much_is_told_at_once() {
    let mut peer = join(&small());
    let head = post("/track", &"x".repeat(1_000_000)).replace("Host:", "Expect: 100-continue\r\nHost:");
    let answer = peer.answer(head.trim_end_matches('x')).await;
    assert_eq!(answer.status, 413);
}

#[tokio::test(start_paused = true)]
async fn a_sender_that_goes_away_inside_its_body_leaves_nothing_behind() {
    let mock = mock();
    let mut peer = join(&mock);
    peer.send(post("/track", CONVERSION).trim_end_matches('}')).await;
    drop(peer);
    mock.config().clock.sleep(std::time::Duration::from_secs(1)).await;
    assert_eq!(mock.entries(), []);
}

#[tokio::test(start_paused = true)]
async fn nonsense_on_one_connection_harms_no_other() {
    let mock = mock();
    for nonsense in [
        "\0\x01\x02\r\n\r\n",
        "GET\r\n\r\n",
        "POST /track HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    ] {
        let answer = join(&mock).ask(nonsense).await;
        assert!(answer.is_none_or(|answer| answer.status == 400), "{nonsense}");
    }
    assert_eq!(join(&mock).answer(&post("/track", CONVERSION)).await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn a_head_that_is_never_finished_is_given_up() {
    let mock = mock();
    let mut peer: Peer<_> = join(&mock);
    peer.send("POST /track HTTP/1.1\r\nHost:").await;
    assert_eq!(peer.receive().await.unwrap().code(), "head_too_slow");
    assert!(peer.receive().await.is_none());
    assert_eq!(mock.config().clock.elapsed().as_secs(), 30);
}

#[tokio::test(start_paused = true)]
async fn an_idle_connection_is_closed_without_a_word() {
    let mock = mock();
    let mut peer = join(&mock);
    peer.answer(&post("/track", CONVERSION)).await;
    assert!(peer.receive().await.is_none());
    assert_eq!(mock.config().clock.elapsed().as_secs(), 30);
}

#[tokio::test(start_paused = true)]
async fn requests_sent_ahead_are_answered_in_their_order() {
    let mock = mock();
    let mut peer = join(&mock);
    peer.send(&(post("/track", CONVERSION) + &post("/identify", r#"{"user_id":"u"}"#) + &get("/nowhere")))
        .await;
    for status in [200, 200, 404] {
        assert_eq!(peer.receive().await.unwrap().status, status);
    }
    assert_eq!(
        mock.entries()
            .iter()
            .map(|entry| &*entry.request.path)
            .collect::<Vec<_>>(),
        ["/track", "/identify"]
    );
}
