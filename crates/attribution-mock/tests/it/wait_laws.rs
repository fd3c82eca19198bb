//! A wait ends when what it is for can be verified and not before, whatever arrives and whatever becomes of it.

use std::time::Duration;

use attribution_mock::{Keep, Mock, MockConfig, conversion};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::peer::{config, in_virtual_time, join, post};

const LONG: Duration = Duration::from_secs(600);

/// One thing that happens to a mock.
#[derive(Clone, Debug)]
enum Event {
    /// A request to this path.
    Request(&'static str, Value),
    Reset,
}

fn one_of(ids: &[&'static str]) -> impl Strategy<Value = Option<Value>> + use<> {
    prop::option::weighted(0.7, prop::sample::select(ids.to_vec()).prop_map(Value::from))
}

/// An object with those of the fields that there are.
fn object<const N: usize>(fields: [(&str, Option<Value>); N]) -> Value {
    let fields = fields
        .into_iter()
        .filter_map(|(key, value)| Some((key.to_owned(), value?)));
    Value::Object(fields.collect::<Map<_, _>>())
}

fn event() -> impl Strategy<Value = Event> {
    let (user, cookie) = (one_of(&["ada", "bob", "x"]), one_of(&["x", "y"]));
    let said = (
        prop::sample::select(vec!["Sale", "Refund", "Viewed Home Page"]),
        0..3_u8,
        0..3_u8,
    );
    let hit = (user, cookie, said).prop_map(|(user, cookie, (event, minute, number))| {
        let url = format!("https://shop.example/?utm_source=s{number}");
        let body = object([
            ("user_id", user),
            ("cookie_id", cookie),
            ("event", Some(json!(event))),
            ("timestamp", Some(json!(format!("2024-01-15T10:0{minute}:00.000Z")))),
            ("properties", Some(json!({ "revenue": number, "url": url }))),
        ]);
        Event::Request("/track", body)
    });
    let (user, cookie) = (one_of(&["ada", "bob", "x"]), one_of(&["x", "y"]));
    let identify = (user, cookie)
        .prop_map(|(user, cookie)| Event::Request("/identify", object([("user_id", user), ("cookie_id", cookie)])));
    let (user, previous) = (one_of(&["ada", "bob", "x"]), one_of(&["x", "ada", "y"]));
    let alias = (user, previous)
        .prop_map(|(user, previous)| Event::Request("/alias", object([("user_id", user), ("previous_id", previous)])));
    prop_oneof![6 => hit, 2 => identify, 2 => alias, 1 => Just(Event::Reset)]
}

/// An item of conversions.
fn item() -> impl Strategy<Value = Value> {
    let event = prop::sample::select(vec![json!("Sale"), json!("Refund"), json!({ "$regex": "^R" })]);
    let revenue = prop::sample::select(vec![json!(1), json!({ "$gte": 1 })]);
    let fields = (
        one_of(&["ada", "bob", "x", "y"]),
        prop::option::of(event),
        prop::option::of(revenue),
    );
    fields.prop_map(|(visitor, event, revenue)| object([("visitor", visitor), ("event", event), ("revenue", revenue)]))
}

fn expected() -> impl Strategy<Value = Value> {
    let items = || prop::collection::vec(item(), 1..3);
    let some = |part: &'static str| items().prop_map(move |items| json!({ "conversions": { part: items } }));
    let exactly = items().prop_map(|items| json!({ "conversions": items }));
    let both = (items(), 0..4_u8).prop_map(|(items, views)| {
        json!({ "conversions": { "contains": items, "count": { "$gte": 2 } }, "page_views": { "count": views } })
    });
    let others = prop::sample::select(vec![
        json!({ "page_views": [{ "name": "Home" }, { "visitor": "ada" }] }),
        json!({ "page_views": { "contains": [{ "visitor": "ada" }, { "page": "https://shop.example/" }] } }),
        json!({ "merges": { "ordered": [{ "from": "x" }, { "into": "bob" }] } }),
        json!({ "merges": [{ "from": "x" }] }),
        json!({ "requests": { "contains": [{ "body": { "event": "Refund" } }], "count": { "$lte": 4 } } }),
        json!({ "requests": [{ "path": "/track" }, { "path": "/alias" }] }),
        json!({ "visits": [{ "source": "s1" }], "conversions": { "contains": [{ "event": "Sale" }] } }),
        json!({ "conversions": { "never": [{ "visitor": { "$regex": "^x" } }] }, "visitors": { "count": 2 } }),
    ]);
    prop_oneof![3 => some("contains"), 2 => some("ordered"), 1 => some("never"), 2 => exactly, 1 => both, 3 => others]
}

/// Lets everything happen that can happen without time moving: a sleep ends when all else is idle.
async fn settled(mock: &Mock) {
    mock.config().clock.sleep(Duration::from_millis(1)).await;
}

async fn happen(mock: &Mock, event: &Event) {
    match event {
        Event::Request(path, body) => drop(join(mock).answer(&post(path, &body.to_string())).await),
        Event::Reset => mock.reset(),
    }
    settled(mock).await;
}

proptest! {
    #[test]
    fn a_wait_ends_as_soon_as_the_same_can_be_verified(
        events in prop::collection::vec(event(), 1..20),
        expected in expected(),
        keep in prop::option::of(1..6_u64),
    ) {
        in_virtual_time(async {
            let mock = Mock::new(MockConfig { keep: keep.map(Keep::requests), ..config() });
            let mut waiting = None;
            for event in &events {
                if waiting.is_none() && mock.verify(expected.clone()).is_err() {
                    let (mock, expected) = (mock.clone(), expected.clone());
                    waiting = Some(tokio::spawn(async move { mock.wait_until(expected, LONG).await }));
                }
                settled(&mock).await;
                happen(&mock, event).await;
                let verified = mock.verify(expected.clone());
                if let Some(wait) = &waiting {
                    prop_assert_eq!(wait.is_finished(), verified.is_ok(), "{} after {:?}: {:?}", expected, event, verified);
                }
                waiting = waiting.filter(|wait| !wait.is_finished());
            }
            Ok(())
        })?;
    }

    #[test]
    fn who_waits_for_a_row_gets_the_first(events in prop::collection::vec(event(), 1..20), keep in prop::option::of(1..6_u64)) {
        in_virtual_time(async {
            let mock = Mock::new(MockConfig { keep: keep.map(Keep::requests), ..config() });
            let first = || {
                let mut rows = mock.conversions().into_iter();
                rows.find(|row| row.event == "Refund" && row.revenue == Some(2.into()))
            };
            let mut waiting = None;
            for event in &events {
                if waiting.is_none() && first().is_none() {
                    let mock = mock.clone();
                    waiting = Some(tokio::spawn(async move {
                        mock.wait_for(conversion("Refund").revenue(2), LONG).await
                    }));
                }
                settled(&mock).await;
                happen(&mock, event).await;
                let there = first();
                if let Some(wait) = waiting.take_if(|_| there.is_some()) {
                    prop_assert!(wait.is_finished());
                    prop_assert_eq!(wait.await.unwrap().ok(), there);
                }
                prop_assert!(waiting.as_ref().is_none_or(|wait| !wait.is_finished()));
            }
            Ok(())
        })?;
    }
}
