//! What holds for any journal.

use attribution_ledger::{
    AttributionReport, Entry, EntryVerdict, Journal, Ledger, LedgerConfig, Request, Route, assess,
};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::support::at;

/// Where a request goes and what it says.
type Posted = (String, Value);

const GAP_MINUTES: i64 = 30;

fn id() -> impl Strategy<Value = Value> {
    prop_oneof![
        8 => proptest::sample::select(vec!["a", "b", "c"]).prop_map(|id| json!(id)),
        1 => Just(Value::Null),
        1 => Just(json!(7)),
    ]
}

fn url() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec![
        "https://s.example/",
        "https://s.example/?utm_source=x",
        "/?utm_source=y&gclid=1",
    ])
}

fn event() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec![
        "Loaded a Page",
        "Viewed A Page",
        "Viewed A Screen",
        "Order Completed",
        "",
    ])
}

fn track() -> impl Strategy<Value = Posted> {
    let ids = (proptest::option::of(id()), proptest::option::of(id()));
    (ids, 0..200_i64, event(), url()).prop_map(|((user, cookie), minutes, event, url)| {
        let mut body = Map::new();
        body.extend(user.map(|user| ("user_id".to_owned(), user)));
        body.extend(cookie.map(|cookie| ("cookie_id".to_owned(), cookie)));
        body.insert("timestamp".to_owned(), json!(at(minutes)));
        body.insert("event".to_owned(), json!(event));
        body.insert("properties".to_owned(), json!({ "url": url, "revenue": minutes }));
        ("/track".to_owned(), Value::Object(body))
    })
}

fn classic() -> impl Strategy<Value = Posted> {
    prop_oneof![
        4 => track(),
        1 => (id(), id()).prop_map(|(user, cookie)| {
            ("/identify".to_owned(), json!({ "user_id": user, "cookie_id": cookie, "traits": { "id": user } }))
        }),
        1 => (id(), id()).prop_map(|(previous, user)| {
            ("/alias".to_owned(), json!({ "previous_id": previous, "user_id": user }))
        }),
    ]
}

/// A message in the words of the Segment Spec, without its id.
fn message() -> impl Strategy<Value = Value> {
    let call = prop_oneof![
        8 => proptest::sample::select(vec!["track", "page", "screen", "identify", "group", "alias"]),
        1 => Just("Track"),
    ];
    let ids = (id(), id(), proptest::option::of(id()));
    (call, ids, proptest::option::of(0..200_i64), event(), url()).prop_map(
        |(call, (user, cookie, previous), minutes, event, url)| {
            json!({
                "type": call, "userId": user, "anonymousId": cookie, "previousId": previous, "groupId": "g",
                "timestamp": minutes.map(at), "event": event, "name": event, "traits": { "id": user },
                "properties": { "url": url, "revenue": minutes },
            })
        },
    )
}

/// A message with an id that few others have.
fn message_with_an_id() -> impl Strategy<Value = Value> {
    (message(), 0..30_u8).prop_map(|(mut message, number)| {
        message["messageId"] = json!(format!("msg-{number}"));
        message
    })
}

fn actions(message: impl Strategy<Value = Value>) -> impl Strategy<Value = Posted> {
    message.prop_map(|message| {
        let letter = message["type"].as_str().map_or("t", |call| &call[..1]).to_lowercase();
        (format!("/v1/{letter}"), message)
    })
}

fn batch(messages: &[Value]) -> Posted {
    ("/v1/import".to_owned(), json!({ "batch": messages }))
}

fn import(message: impl Strategy<Value = Value>) -> impl Strategy<Value = Posted> {
    proptest::collection::vec(message, 0..4).prop_map(|messages| batch(&messages))
}

/// A request of any dialect, with an id or without one.
fn call() -> impl Strategy<Value = Posted> {
    let any_message = || prop_oneof![message(), message_with_an_id()];
    prop_oneof![2 => classic(), 1 => actions(any_message()), 1 => import(any_message())]
}

/// A request whose messages all have an id.
fn call_with_ids() -> impl Strategy<Value = Posted> {
    prop_oneof![actions(message_with_an_id()), import(message_with_an_id())]
}

fn verdict() -> impl Strategy<Value = EntryVerdict> {
    prop_oneof![8 => Just(EntryVerdict::Recorded), 1 => Just(EntryVerdict::Refused), 1 => Just(EntryVerdict::Ignored)]
}

fn journal() -> impl Strategy<Value = Journal> {
    journal_of(call())
}

fn journal_of(call: impl Strategy<Value = Posted>) -> impl Strategy<Value = Journal> {
    proptest::collection::vec((call, 0..200_i64, verdict()), 0..25).prop_map(|calls| {
        let mut journal = Journal::new();
        for (posted, minutes, verdict) in calls {
            journal.append(received(minutes, &posted), verdict, 200);
        }
        journal
    })
}

fn received(minutes: i64, (path, body): &Posted) -> Request {
    Request {
        received_at: at(minutes),
        path: path.clone(),
        encoding: None,
        body: body.to_string().into_bytes(),
    }
}

/// Everything but the violations.
fn projections(report: AttributionReport) -> AttributionReport {
    AttributionReport {
        violations: Vec::new(),
        ..report
    }
}

/// The same without the numbers of requests.
fn unnumbered(report: AttributionReport) -> Value {
    let mut rows = serde_json::to_value(projections(report)).expect("rows are serialisable");
    forget_requests(&mut rows);
    rows
}

fn forget_requests(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(forget_requests),
        Value::Object(fields) => {
            fields.remove("request");
            fields.values_mut().for_each(forget_requests);
        }
        _ => {}
    }
}

fn broken_rules(report: &AttributionReport) -> Vec<&'static str> {
    let mut rules: Vec<&str> = report.violations.iter().map(|violation| violation.rule).collect();
    rules.sort_unstable();
    rules
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        Just(json!("2024-01-15T10:00:00.000Z")),
        Just(json!("Viewed  Page")),
        proptest::sample::select(vec!["track", "page", "alias", "group"]).prop_map(Value::from),
    ];
    let key = prop_oneof![
        3 => proptest::sample::select(vec![
            "user_id", "cookie_id", "timestamp", "event", "properties", "traits", "context", "previous_id",
            "anonymous_id", "url", "name", "revenue", "userId", "anonymousId", "previousId", "groupId", "messageId", "type",
            "batch",
        ]).prop_map(str::to_owned),
        1 => ".{0,6}",
    ];
    leaf.prop_recursive(3, 24, 6, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec((key.clone(), inner), 0..8)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

fn path() -> impl Strategy<Value = String> {
    prop_oneof![
        9 => proptest::sample::select(Route::ALL.to_vec()).prop_map(|route| route.path().to_owned()),
        1 => ".{0,10}",
    ]
}

/// Assesses and applies it, and looks at everything there is to see.
fn take_everything(path: &str, body: &[u8]) {
    let mut journal = Journal::new();
    let request = Request {
        received_at: at(0),
        path: path.to_owned(),
        encoding: None,
        body: body.to_vec(),
    };
    let entry = journal.append(request, EntryVerdict::Recorded, 200);
    let _ = serde_json::to_string(&entry.row());
    let ledger = Ledger::replay(LedgerConfig::default(), [entry]);
    let _ = serde_json::to_string(&ledger.report());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn no_bytes_make_it_panic(path in path(), body in proptest::collection::vec(any::<u8>(), 0..120)) {
        take_everything(&path, &body);
    }

    #[test]
    fn no_json_makes_it_panic(path in path(), body in any_json()) {
        take_everything(&path, body.to_string().as_bytes());
    }

    #[test]
    fn no_batch_makes_it_panic(messages in proptest::collection::vec(any_json(), 0..4)) {
        let (path, body) = batch(&messages);
        take_everything(&path, body.to_string().as_bytes());
    }

    #[test]
    fn what_is_accepted_has_a_hit_unless_it_is_about_nobody(path in path(), body in any_json()) {
        prop_assume!(path != "/v1/import");
        let assessment = assess(&path, body.to_string().as_bytes());
        let about_nobody = assessment.violations.iter().any(|violation| violation.rule == "ATT014");
        prop_assert!(!assessment.messages.is_empty() || assessment.is_denied() || about_nobody, "{:?}", assessment);
    }

    #[test]
    fn no_message_of_a_batch_is_passed_over_in_silence(
        messages in proptest::collection::vec(prop_oneof![message(), any_json()], 0..5),
    ) {
        let (path, body) = batch(&messages);
        let assessment = assess(&path, body.to_string().as_bytes());
        prop_assert!(!messages.is_empty() || assessment.is_denied());
        for index in 0..messages.len() {
            let read = assessment.messages.iter().any(|message| message.index == Some(index));
            let place = format!("/batch/{index}");
            let told = assessment.violations.iter().any(|violation| violation.pointer.starts_with(&place));
            prop_assert!(read || told, "{place}: {:?}", assessment);
        }
    }

    #[test]
    fn a_batch_is_as_many_batches_of_one(messages in proptest::collection::vec(message_with_an_id(), 1..8), minutes in 0..200_i64) {
        let (mut whole, mut one_by_one) = (Journal::new(), Journal::new());
        whole.append(received(minutes, &batch(&messages)), EntryVerdict::Recorded, 200);
        for message in messages {
            one_by_one.append(received(minutes, &batch(&[message])), EntryVerdict::Recorded, 200);
        }
        let report = |journal: &Journal| Ledger::replay(LedgerConfig::default(), journal.entries()).report();
        let (whole, one_by_one) = (report(&whole), report(&one_by_one));
        prop_assert_eq!(broken_rules(&whole), broken_rules(&one_by_one));
        prop_assert_eq!(unnumbered(whole), unnumbered(one_by_one));
    }

    #[test]
    fn what_carries_ids_counts_once_however_often_it_is_sent(journal in journal_of(call_with_ids())) {
        let once = Ledger::replay(LedgerConfig::default(), journal.entries());
        let each_twice = journal.entries().iter().flat_map(|entry| [entry, entry]);
        let each_twice = Ledger::replay(LedgerConfig::default(), each_twice);
        let all_twice = Ledger::replay(LedgerConfig::default(), journal.entries().iter().chain(journal.entries()));
        prop_assert_eq!(projections(each_twice.report()), projections(once.report()));
        prop_assert_eq!(projections(all_twice.report()), projections(once.report()));
    }

    #[test]
    fn replay_equals_applying_one_by_one(journal in journal()) {
        let replayed = Ledger::replay(LedgerConfig::default(), journal.entries());
        let mut one_by_one = Ledger::default();
        for entry in journal.entries() {
            // A server looks while it goes on: looking must not change anything.
            let _ = one_by_one.report();
            one_by_one.apply_assessed(entry, assess(&entry.request.path, &entry.request.body));
        }
        prop_assert_eq!(replayed.report(), one_by_one.report());
    }

    #[test]
    fn a_journal_that_was_written_and_read_makes_the_same_ledger(journal in journal()) {
        let read = Journal::decode(journal.encode().as_bytes()).unwrap();
        let report = |entries: &[Entry]| Ledger::replay(LedgerConfig::default(), entries).report();
        prop_assert_eq!(report(read.entries()), report(journal.entries()));
        prop_assert_eq!(read, journal);
    }

    #[test]
    fn visits_partition_the_page_views(journal in journal()) {
        let report = Ledger::replay(LedgerConfig::default(), journal.entries()).report();
        let counted: u64 = report.visits.iter().map(|visit| visit.page_views).sum();
        prop_assert_eq!(counted, u64::try_from(report.page_views.len()).unwrap());
        for visit in &report.visits {
            let landing = (visit.request, visit.started_at, &visit.visitor, &visit.url);
            prop_assert!(report.page_views.iter().any(|view| (view.request, view.at, &view.visitor, &view.url) == landing));
            prop_assert!(visit.started_at <= visit.ended_at);
            let longest = i64::try_from(visit.page_views).unwrap() * GAP_MINUTES * 60;
            prop_assert!(visit.ended_at.as_second() - visit.started_at.as_second() < longest);
        }
    }

    #[test]
    fn visitors_account_for_everything(journal in journal()) {
        let ledger = Ledger::replay(LedgerConfig::default(), journal.entries());
        let report = ledger.report();
        let sum = |count: fn(&attribution_ledger::Visitor) -> u64| report.visitors.iter().map(count).sum::<u64>();
        prop_assert_eq!(sum(|visitor| visitor.page_views), u64::try_from(report.page_views.len()).unwrap());
        prop_assert_eq!(sum(|visitor| visitor.visits), u64::try_from(report.visits.len()).unwrap());
        prop_assert_eq!(sum(|visitor| visitor.conversions), u64::try_from(report.conversions.len()).unwrap());
        for visitor in &report.visitors {
            prop_assert_eq!(ledger.resolve(&visitor.visitor), Some(visitor.visitor.clone()));
            prop_assert!(visitor.first_seen <= visitor.last_seen);
        }
        let named = report.page_views.iter().map(|view| &view.visitor).chain(report.conversions.iter().map(|row| &row.visitor));
        for name in named {
            prop_assert!(report.visitors.iter().any(|visitor| visitor.visitor == *name));
        }
    }
}
