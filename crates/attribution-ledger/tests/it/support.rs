//! Requests in one line each, on a clock that starts at ten.

use attribution_ledger::{EntryVerdict, Headers, Journal, Ledger, LedgerConfig, Request};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// The moment at which every story begins.
pub(crate) fn ten_o_clock() -> Timestamp {
    "2024-01-15T10:00:00Z".parse().expect("the constant is a time")
}

/// So many minutes past ten.
pub(crate) fn at(minutes: i64) -> Timestamp {
    ten_o_clock() + SignedDuration::from_mins(minutes)
}

/// A journal of requests that were all recorded.
#[derive(Default)]
pub(crate) struct Story {
    journal: Journal,
}

impl Story {
    /// Any request, received so many minutes past ten.
    pub(crate) fn post(mut self, minutes: i64, path: &str, body: &Value) -> Self {
        self.journal
            .append(request(minutes, path, &body.to_string()), EntryVerdict::Recorded, 200);
        self
    }

    /// A track at its time of receipt; `ids` and `more` are laid over it.
    pub(crate) fn track(self, minutes: i64, ids: Value, event: &str, properties: &Value) -> Self {
        let time = json!({ "timestamp": at(minutes), "event": event, "properties": properties, "context": {} });
        self.post(minutes, "/track", &merged(ids, time))
    }

    /// A page of a cookie.
    pub(crate) fn page(self, minutes: i64, cookie: &str, url: &str) -> Self {
        self.track(
            minutes,
            json!({ "cookie_id": cookie }),
            "Loaded a Page",
            &json!({ "url": url }),
        )
    }

    /// An identify.
    pub(crate) fn identify(self, minutes: i64, ids: Value, traits: &Value) -> Self {
        self.post(
            minutes,
            "/identify",
            &merged(ids, json!({ "traits": traits, "context": {} })),
        )
    }

    /// An alias onto a user.
    pub(crate) fn alias(self, minutes: i64, previous: &str, user: &str) -> Self {
        self.post(minutes, "/alias", &json!({ "previous_id": previous, "user_id": user }))
    }

    /// What has become of it.
    pub(crate) fn ledger(&self) -> Ledger {
        self.ledger_under(LedgerConfig::default())
    }

    /// What becomes of it where something else is configured.
    pub(crate) fn ledger_under(&self, config: LedgerConfig) -> Ledger {
        Ledger::replay(config, self.journal.entries())
    }
}

/// A request received so many minutes past ten.
pub(crate) fn request(minutes: i64, path: &str, body: &str) -> Request {
    Request {
        received_at: at(minutes),
        path: path.to_owned().into(),
        browser: false,
        headers: Headers::default(),
        encoding: None,
        body: body.as_bytes().into(),
    }
}

fn merged(mut one: Value, other: Value) -> Value {
    if let (Value::Object(one), Value::Object(other)) = (&mut one, other) {
        one.extend(other);
    }
    one
}
