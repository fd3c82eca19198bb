use std::collections::BTreeSet;

use attribution_ledger::{
    Assessment, BrowserRoute, EntryVerdict, Headers, Journal, Ledger, LedgerConfig, Request, Route, rules,
};
use jiff::{SignedDuration, Timestamp};

use crate::parts::{line, parts};
use crate::record;

/// What was there before: somebody of each dialect.
const STORY: [(&str, bool, &str); 5] = [
    (
        "/track",
        false,
        r#"{"cookie_id":"a","timestamp":"2024-01-15T09:00:00.000Z","context":{},"event":"Viewed Pricing Page","properties":{"url":"https://shop.example/?utm_source=x","name":"Pricing"}}"#,
    ),
    (
        "/identify",
        false,
        r#"{"cookie_id":"a","user_id":"u","traits":{"email":"ada@example.com"}}"#,
    ),
    (
        "/v1/t",
        false,
        r#"{"messageId":"1","timestamp":"2024-01-15T09:00:00.000Z","userId":"v","type":"track","event":"Order Completed","properties":{"revenue":9.9}}"#,
    ),
    (
        "/v1/import",
        false,
        r#"{"batch":[{"type":"page","anonymousId":"b","messageId":"2","timestamp":"2024-01-15T09:10:00Z","properties":{"url":"https://shop.example/"}},{"type":"alias","userId":"u","previousId":"v","messageId":"3"}]}"#,
    ),
    (
        "/v1/i",
        true,
        r#"{"projectId":"demo-project","messageId":"4","timestamp":"2024-01-15T09:20:00Z","type":"identify","anonymousId":"b","userId":"u","traits":{"plan":1}}"#,
    ),
];

/// Each part is a request: a byte for the path and who speaks there, one for the minutes since the last and for whether the
/// server is strict, and the body. A byte beyond the paths takes the first line of the body for one.
pub(crate) fn check(input: &[u8]) {
    let config = LedgerConfig::default();
    let mut journal = story();
    let mut ledger = Ledger::replay(config, journal.entries());
    let mut now = ten_o_clock();
    for part in parts(input) {
        let [place, server, rest @ ..] = part else { continue };
        now += SignedDuration::from_mins(i64::from(server & 0x7f));
        let request = request(*place, rest, now);
        let assessment = request.assess();
        speaks(&request, &assessment);
        let is_lenient = server & 0x80 != 0 && !assessment.messages.is_empty();
        let (verdict, status) = if assessment.is_denied() && !is_lenient {
            (EntryVerdict::Refused, 400)
        } else {
            (EntryVerdict::Recorded, 200)
        };
        ledger.apply_assessed(journal.append(request.clone(), verdict, status), assessment);
        // A server looks while it goes on: looking must not change anything.
        let _ = ledger.report();
    }
    record::check(journal.entries(), &ledger, config);
}

fn ten_o_clock() -> Timestamp {
    Timestamp::constant(1_705_312_800, 0)
}

fn story() -> Journal {
    let mut journal = Journal::new();
    for (path, browser, body) in STORY {
        let request = Request {
            received_at: ten_o_clock(),
            path: path.into(),
            headers: Headers::default(),
            browser,
            encoding: None,
            body: body.as_bytes().into(),
        };
        journal.append(request, EntryVerdict::Recorded, 200);
    }
    journal
}

fn request(place: u8, rest: &[u8], received_at: Timestamp) -> Request {
    let place = usize::from(place);
    let plain = Route::ALL
        .get(place)
        .map(|route| (route.path().to_owned(), false, rest));
    let browser = || {
        let route = BrowserRoute::ALL.get(place.checked_sub(Route::ALL.len())?)?;
        Some((route.path().to_owned(), true, rest))
    };
    let (path, browser, body) = plain.or_else(browser).unwrap_or_else(|| {
        let (path, body) = line(rest);
        (String::from_utf8_lossy(path).into_owned(), place % 2 == 1, body)
    });
    Request {
        received_at,
        path: path.into(),
        headers: Headers::default(),
        browser,
        encoding: None,
        body: body.into(),
    }
}

/// Nothing is passed over in silence, and what is said can be understood.
fn speaks(request: &Request, assessment: &Assessment) {
    let Assessment {
        messages,
        violations,
        mentions: _,
    } = assessment;
    assert!(
        !messages.is_empty() || !violations.is_empty(),
        "nothing is said of {request:?}"
    );
    assert!(
        violations.is_sorted_by_key(|violation| violation.rule),
        "{violations:?}"
    );
    let known: BTreeSet<&str> = rules::all().iter().map(|rule| rule.id).collect();
    for violation in violations {
        assert!(known.contains(violation.rule), "{violation:?}");
        assert!(!violation.message.is_empty(), "{violation:?}");
        assert!(
            violation.pointer.is_empty() || violation.pointer.starts_with('/'),
            "{violation:?}"
        );
    }
    if request.route() == Some(Route::Import) {
        every_message_is_told_of(request, assessment);
    }
}

fn every_message_is_told_of(request: &Request, assessment: &Assessment) {
    let body = json_value::from_slice(&request.body).unwrap_or_default();
    for index in 0..body["batch"].as_array().map_or(0, Vec::len) {
        let place = format!("/batch/{index}");
        let is_read = assessment.messages.iter().any(|message| message.index == Some(index));
        let is_told = assessment
            .violations
            .iter()
            .any(|violation| violation.pointer.starts_with(&place));
        assert!(is_read || is_told, "nothing is said of {place} in {body}");
    }
}
