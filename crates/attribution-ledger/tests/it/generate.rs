//! Journals and requests of every kind, good and bad.

use attribution_ledger::{EntryVerdict, Headers, Journal, Request, Route};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::support::at;

/// Where a request goes and what it says.
pub(crate) type Posted = (String, Value);

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

/// That of any sender, or Engage's.
fn context() -> impl Strategy<Value = Value> {
    let engage = json!({ "personas": { "computation_class": "audience", "computation_key": "vip" } });
    proptest::sample::select(vec![json!({}), engage])
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
        1 => (id(), id(), context()).prop_map(|(user, cookie, context)| {
            let body = json!({ "user_id": user, "cookie_id": cookie, "traits": { "id": user, "vip": true }, "context": context });
            ("/identify".to_owned(), body)
        }),
        1 => (id(), id()).prop_map(|(previous, user)| {
            ("/alias".to_owned(), json!({ "previous_id": previous, "user_id": user }))
        }),
    ]
}

/// A message in the words of the Segment Spec, without its id.
pub(crate) fn message() -> impl Strategy<Value = Value> {
    let call = prop_oneof![
        8 => proptest::sample::select(vec!["track", "page", "screen", "identify", "group", "alias"]),
        1 => Just("Track"),
    ];
    let ids = (id(), id(), proptest::option::of(id()));
    (call, ids, proptest::option::of(0..200_i64), event(), url(), context()).prop_map(
        |(call, (user, cookie, previous), minutes, event, url, context)| {
            json!({
                "type": call, "userId": user, "anonymousId": cookie, "previousId": previous, "groupId": "g",
                "timestamp": minutes.map(at), "event": event, "name": event, "traits": { "id": user, "vip": true },
                "properties": { "url": url, "revenue": minutes, "vip": true }, "context": context,
            })
        },
    )
}

/// A message with an id that few others have.
pub(crate) fn message_with_an_id() -> impl Strategy<Value = Value> {
    (message(), 0..30_u8).prop_map(|(mut message, number)| {
        message["messageId"] = json!(format!("msg-{number}"));
        message
    })
}

fn actions(message: impl Strategy<Value = Value>) -> impl Strategy<Value = Posted> {
    message.prop_map(actions_request)
}

/// A message on its way to the path of its call.
pub(crate) fn actions_request(message: Value) -> Posted {
    let letter = message["type"].as_str().map_or("t", |call| &call[..1]).to_lowercase();
    (format!("/v1/{letter}"), message)
}

pub(crate) fn batch(messages: &[Value]) -> Posted {
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
pub(crate) fn call_with_ids() -> impl Strategy<Value = Posted> {
    prop_oneof![actions(message_with_an_id()), import(message_with_an_id())]
}

fn verdict() -> impl Strategy<Value = EntryVerdict> {
    prop_oneof![8 => Just(EntryVerdict::Recorded), 1 => Just(EntryVerdict::Refused), 1 => Just(EntryVerdict::Ignored)]
}

pub(crate) fn journal() -> impl Strategy<Value = Journal> {
    journal_of(call())
}

pub(crate) fn journal_of(call: impl Strategy<Value = Posted>) -> impl Strategy<Value = Journal> {
    proptest::collection::vec((call, 0..200_i64, any::<bool>(), verdict()), 0..25).prop_map(|calls| {
        let mut journal = Journal::new();
        for (posted, minutes, browser, verdict) in calls {
            let browser = browser && Route::of_browser(&posted.0).is_some();
            let request = Request {
                browser,
                ..received(minutes, &posted)
            };
            journal.append(request, verdict, 200);
        }
        journal
    })
}

pub(crate) fn received(minutes: i64, (path, body): &Posted) -> Request {
    Request {
        received_at: at(minutes),
        path: path.clone().into(),
        browser: false,
        headers: Headers::default(),
        encoding: None,
        body: body.to_string().into_bytes().into(),
    }
}

pub(crate) fn any_json() -> impl Strategy<Value = Value> {
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
            "batch", "projectId", "from", "to", "$serde_json::private::Number",
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

pub(crate) fn path() -> impl Strategy<Value = String> {
    prop_oneof![
        9 => proptest::sample::select(Route::ALL.to_vec()).prop_map(|route| route.path().to_owned()),
        1 => ".{0,10}",
    ]
}
