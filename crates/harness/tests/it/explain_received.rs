//! `harness explain ID --server URL`: a message that a `harness serve --source` received.

use serde_json::{Value, json};

use crate::command::{Printed, deaf_port, run};
use crate::serve_source::{Both, DOUBLE};

/// A source that received a batch and sent on what it took.
fn with(name: &str, options: &[&str], messages: &Value) -> Both {
    let both = Both::start(name, &[&DOUBLE[..], options].concat());
    let batch = json!({"batch": messages, "sentAt": "2024-01-16T10:00:00Z", "context": {"app": {"name": "shop"}}});
    assert_eq!(both.post("/v1/batch", &batch), 200);
    both.pipeline();
    both
}

fn explain(both: &Both, id: &str, options: &[&str]) -> Printed {
    let url = format!("http://{}", both.source());
    let printed = run(&[&["explain", id, "--server", &url], options].concat());
    assert!(
        !printed.stdout.contains("wk-1") && !printed.stdout.contains("demo-project"),
        "{}",
        printed.stdout
    );
    printed
}

fn in_json(both: &Both, id: &str) -> Value {
    let printed = explain(both, id, &["--format", "json"]);
    serde_json::from_str(&printed.stdout).unwrap_or_else(|error| panic!("{error}: {}", printed.stderr))
}

#[test]
fn a_message_is_walked_from_what_was_sent_to_the_effect_and_what_became_of_it_stands_beside() {
    let order = json!({
        "type": "track", "userId": "user-1", "event": "Order Completed", "messageId": "a/1",
        "timestamp": "2024-01-16T09:50:00Z", "properties": {"revenue": "$40"},
    });
    let both = with("explain", &[], &json!([order]));
    let printed = explain(&both, "a/1", &[]);
    assert_eq!((printed.code, printed.stderr.as_str()), (Some(0), ""));
    let has = |line: &str| assert!(printed.stdout.contains(line), "{line} in {}", printed.stdout);
    has("event 1: track \"Order Completed\" of user-1\n  ingest   accepted\n           /timestamp goes on as \"");
    has("\" instead of \"2024-01-16T09:50:00Z\"\n");
    has("           /receivedAt is added: ");
    has("  map      POST /track (classic)\n");
    has("  effect   conversion: ");
    has("  server   number 1, received at ");
    has(": delivered, recorded, flagged (ATT032)\n           POST /track: 200 after ");
    has("           the double has it as request 1\n");
    assert!(!printed.stdout.contains("differs"), "{}", printed.stdout);
    let line = in_json(&both, "a/1");
    assert_eq!(line["sent"]["timestamp"], "2024-01-16T09:50:00Z");
    assert_eq!(
        line["sent"]["context"],
        json!({"app": {"name": "shop"}}),
        "what the batch says is said by each"
    );
    assert_eq!(line["message"]["originalTimestamp"], "2024-01-16T09:50:00Z");
    assert_eq!(line["ingest"]["changes"][0]["from"], "/timestamp");
    assert_eq!(
        line["effect"]["conversions"][0]["at"],
        line["message"]["timestamp"].as_str().unwrap().replace(".000Z", "Z")
    );
    let server = &line["server"];
    assert_eq!(
        (&server["number"], &server["found"], &server["later"]),
        (&json!(1), &json!(1), &json!([]))
    );
    assert_eq!(
        (&server["fate"]["stage"], &server["differences"]),
        (&json!("delivered"), &json!([]))
    );
}

#[test]
fn what_went_another_way_there_is_told_as_a_difference() {
    let order = json!({"type": "track", "userId": "user-1", "event": "sign up", "messageId": "m-1"});
    let both = with(
        "differs",
        &["--dialect", "actions", "--rule", "ATT031=off"],
        &json!([order]),
    );
    let printed = explain(&both, "m-1", &[]);
    let differs = "  differs  sent to /v1/t there and to /track here: give the --dialect of that server\n";
    assert!(printed.stdout.ends_with(differs), "{}", printed.stdout);
    let printed = explain(&both, "m-1", &["--dialect", "actions"]);
    assert!(!printed.stdout.contains("differs"), "{}", printed.stdout);
    let routes = ["--port", "0", "--route", "wk-1=demo-project"];
    let strict = Both::start("stranger", &routes);
    let call = json!({"userId": "user-1", "event": "sign up", "messageId": "m-1"});
    assert_eq!(strict.post_as("wk-1-wrong", "/v1/track", &call), 200);
    let line = in_json(&strict, "m-1");
    assert_eq!(line["server"]["fate"]["rejections"][0]["code"], "unknown_source");
    assert_eq!(
        line["server"]["differences"],
        json!(["rejected by ingest there and delivered here"])
    );
}

#[test]
fn rejected_skipped_and_duplicate_messages_are_explained_too_and_an_id_is_always_an_id() {
    let messages = json!([
        {"type": "track", "userId": "u", "messageId": "ATT012"},
        {"type": "track", "userId": "u", "event": "e", "messageId": "-", "integrations": {"All": false}},
        {"type": "page", "userId": "u", "messageId": "event.json"},
        {"type": "page", "userId": "u", "messageId": "event.json"},
    ]);
    let both = with("fates", &[], &messages);
    let rejected = explain(&both, "ATT012", &[]);
    assert_eq!(rejected.code, Some(2), "{}", rejected.stderr);
    assert!(
        rejected
            .stdout
            .contains(": rejected; event_not_defined at \"/batch/0/event\": "),
        "{}",
        rejected.stdout
    );
    let skipped = explain(&both, "-", &[]);
    assert_eq!(skipped.code, Some(0), "{}", skipped.stderr);
    assert!(
        skipped.stdout.contains(": skipped; FILTERED_BY_INTEGRATIONS_OBJECT: "),
        "{}",
        skipped.stdout
    );
    let twice = explain(&both, "event.json", &[]);
    let told = "           2 messages have this id: this is the first, later came number 4 (duplicate)\n";
    assert!(twice.stdout.contains(told), "{}", twice.stdout);
    for printed in [&rejected, &skipped, &twice] {
        assert!(!printed.stdout.contains("differs"), "{}", printed.stdout);
    }
}

#[test]
fn an_id_or_a_server_that_is_not_there_is_told_with_what_to_do() {
    let both = with(
        "unknown",
        &[],
        &json!([{"type": "page", "userId": "u", "messageId": "order-1234"}]),
    );
    let unknown = explain(&both, "order-1243", &[]);
    assert_eq!((unknown.code, unknown.stdout.as_str()), (Some(2), ""));
    let told = "has no message with the id `order-1243`: it has one message, the only one that was sent to it; did you mean \
                `order-1234`?\n";
    assert!(unknown.stderr.ends_with(told), "{}", unknown.stderr);
    assert_eq!(explain(&both, "", &[]).code, Some(2));
    let double = run(&[
        "explain",
        "order-1234",
        "--server",
        &format!("http://{}", both.addresses[0]),
    ]);
    assert_eq!(double.code, Some(2), "{}", double.stderr);
    assert!(double.stderr.contains("`harness serve --source`"), "{}", double.stderr);
    let (_held, deaf) = deaf_port();
    let nobody = run(&["explain", "order-1234", "--server", &format!("http://{deaf}")]);
    assert_eq!(nobody.code, Some(3), "{}", nobody.stderr);
    assert!(nobody.stderr.contains("can't ask http://"), "{}", nobody.stderr);
    let no_url = run(&["explain", "order-1234", "--server", "localhost"]);
    assert_eq!(no_url.code, Some(2), "{}", no_url.stderr);
    let no_id = run(&["explain", "--server", "http://127.0.0.1:7071"]);
    assert_eq!(no_id.code, Some(2), "{}", no_id.stderr);
}
