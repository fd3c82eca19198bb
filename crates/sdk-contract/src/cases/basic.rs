use std::time::Duration;

use serde_json::{Value, json};

use super::{track, tracks};
use crate::case::Case;
use crate::case::Demand::{Arrived, Attempts, BatchesOf, KeepsMessageId, KeepsTimestamp, Succeeds};
use crate::suite::Suite;

pub(super) fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = calls().into_iter().chain(fields()).collect();
    cases.extend(several());
    cases
}

fn one(name: &'static str, about: &'static str, event: Value) -> Case {
    Case::new(Suite::Basic, name, about, vec![event]).demands(&[Arrived, Succeeds])
}

fn calls() -> [Case; 6] {
    [
        one(
            "identify",
            "an identify arrives once with its traits",
            json!({"type": "identify", "userId": "user-1", "traits": {"email": "ada@example.com", "plan": {"seats": 3}}}),
        ),
        one(
            "track",
            "a track arrives once with its event and properties",
            json!({"type": "track", "userId": "user-1", "event": "Order Completed",
                "properties": {"revenue": 12.5, "currency": "USD", "products": [{"sku": "a-1", "quantity": 2}]}}),
        ),
        one(
            "page",
            "a page arrives once with its name, category and properties",
            json!({"type": "page", "userId": "user-1", "name": "Pricing", "category": "Docs",
                "properties": {"url": "https://shop.example/pricing?utm_source=mail", "path": "/pricing"}}),
        ),
        one(
            "screen",
            "a screen arrives once with its name and properties",
            json!({"type": "screen", "userId": "user-1", "name": "Cart", "properties": {"items": 2}}),
        ),
        one(
            "group",
            "a group arrives once with its id and traits",
            json!({"type": "group", "userId": "user-1", "groupId": "acme", "traits": {"seats": 10}}),
        ),
        one(
            "alias",
            "an alias arrives once with both ids",
            json!({"type": "alias", "userId": "customer-1", "previousId": "user-1"}),
        ),
    ]
}

fn fields() -> [Case; 5] {
    [
        one(
            "anonymous",
            "a call without a user keeps its anonymousId",
            json!({"type": "track", "anonymousId": "anon-1", "event": "Sign Up", "properties": {"step": 1}}),
        ),
        one(
            "context",
            "context and integrations arrive as they were given",
            json!({"type": "track", "userId": "user-1", "event": "Sign Up", "properties": {},
                "context": {"ip": "203.0.113.7", "campaign": {"source": "mail"}},
                "integrations": {"All": true, "Amplitude": false}}),
        ),
        one(
            "text",
            "text of any script, quotes and line ends arrive as they were given",
            json!({"type": "track", "userId": "user-1", "event": "Größe “L” 価格 🛒",
                "properties": {"note": "a \"quoted\" \\ line\nand another"}}),
        ),
        one(
            "message-id",
            "a messageId that the caller gives is kept",
            json!({"type": "track", "userId": "user-1", "event": "Sign Up", "properties": {}, "messageId": "given-by-caller-1"}),
        )
        .demands(&[Arrived, KeepsMessageId, Succeeds]),
        one(
            "timestamp",
            "a timestamp that the caller gives is kept",
            json!({"type": "track", "userId": "user-1", "event": "Sign Up", "properties": {},
                "timestamp": "2024-01-15T10:00:00.000Z"}),
        )
        .demands(&[Arrived, KeepsTimestamp, Succeeds]),
    ]
}

fn several() -> [Case; 3] {
    [
        Case::new(
            Suite::Basic,
            "sequences",
            "what is called later is sent too, also below flushAt",
            tracks(3),
        )
        .then(Duration::from_millis(50), vec![track("Step 4"), track("Step 5")])
        .demands(&[Arrived, Succeeds]),
        Case::new(
            Suite::Basic,
            "batches",
            "ten calls arrive once each, in batches of flushAt at most",
            tracks(10),
        )
        .config("flushAt", 3)
        .demands(&[Arrived, BatchesOf(3), Succeeds]),
        Case::new(
            Suite::Basic,
            "one-batch",
            "five calls without a pause share a request",
            tracks(5),
        )
        .config("flushAt", 5)
        .demands(&[Arrived, Attempts(1), Succeeds]),
    ]
}
