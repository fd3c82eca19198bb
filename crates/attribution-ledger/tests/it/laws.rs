//! What holds for any journal.

use attribution_ledger::{Entry, EntryVerdict, Journal, Ledger, LedgerConfig, Request, assess};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::support::at;

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

fn track() -> impl Strategy<Value = (&'static str, Value)> {
    let event = proptest::sample::select(vec![
        "Loaded a Page",
        "Viewed A Page",
        "Viewed A Screen",
        "Order Completed",
        "",
    ]);
    (
        proptest::option::of(id()),
        proptest::option::of(id()),
        0..200_i64,
        event,
        url(),
    )
        .prop_map(|(user, cookie, minutes, event, url)| {
            let mut body = Map::new();
            body.extend(user.map(|user| ("user_id".to_owned(), user)));
            body.extend(cookie.map(|cookie| ("cookie_id".to_owned(), cookie)));
            body.insert("timestamp".to_owned(), json!(at(minutes)));
            body.insert("event".to_owned(), json!(event));
            body.insert("properties".to_owned(), json!({ "url": url, "revenue": minutes }));
            ("/track", Value::Object(body))
        })
}

fn call() -> impl Strategy<Value = (&'static str, Value)> {
    prop_oneof![
        4 => track(),
        1 => (id(), id()).prop_map(|(user, cookie)| {
            ("/identify", json!({ "user_id": user, "cookie_id": cookie, "traits": { "id": user } }))
        }),
        1 => (id(), id()).prop_map(|(previous, user)| ("/alias", json!({ "previous_id": previous, "user_id": user }))),
    ]
}

fn verdict() -> impl Strategy<Value = EntryVerdict> {
    prop_oneof![8 => Just(EntryVerdict::Recorded), 1 => Just(EntryVerdict::Refused), 1 => Just(EntryVerdict::Ignored)]
}

fn journal() -> impl Strategy<Value = Journal> {
    proptest::collection::vec((call(), 0..200_i64, verdict()), 0..25).prop_map(|calls| {
        let mut journal = Journal::new();
        for ((path, body), minutes, verdict) in calls {
            let body = body.to_string().into_bytes();
            let request = Request {
                received_at: at(minutes),
                path: path.to_owned(),
                encoding: None,
                body,
            };
            journal.append(request, verdict, 200);
        }
        journal
    })
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
    ];
    let key = prop_oneof![
        3 => proptest::sample::select(vec![
            "user_id", "cookie_id", "timestamp", "event", "properties", "traits", "context", "previous_id",
            "anonymous_id", "url", "name", "revenue",
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
        9 => proptest::sample::select(vec!["/track", "/identify", "/alias"]).prop_map(str::to_owned),
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
    fn what_is_accepted_has_a_hit_unless_it_is_about_nobody(path in path(), body in any_json()) {
        let assessment = assess(&path, body.to_string().as_bytes());
        let about_nobody = assessment.violations.iter().any(|violation| violation.rule == "ATT014");
        prop_assert!(assessment.hit.is_some() || assessment.is_denied() || about_nobody, "{:?}", assessment);
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
            let landing = report.page_views.iter().find(|view| view.request == visit.request).unwrap();
            prop_assert_eq!((landing.at, &landing.visitor, &landing.url), (visit.started_at, &visit.visitor, &visit.url));
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
