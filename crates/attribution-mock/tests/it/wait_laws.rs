//! A wait ends when what it is for can be verified and not before, whatever arrives and whatever becomes of it.

use std::time::Duration;

use attribution_mock::{
    DashboardDelay, Keep, Mock, MockConfig, Recorded, Unmet, Wanted, conversion, identity, merge, page_view, request,
    violation, visit, visitor,
};
use expectation::{Expectations, Section};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use tokio::task::JoinHandle;

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
    let email = prop::option::of(prop::sample::select(vec!["a@x.example", "b@x.example"]));
    let identify = (user, cookie, email).prop_map(|(user, cookie, email)| {
        let traits = json!({ "email": email });
        let body = object([("user_id", user), ("cookie_id", cookie), ("traits", Some(traits))]);
        Event::Request("/identify", body)
    });
    let (user, previous) = (one_of(&["ada", "bob", "x"]), one_of(&["x", "ada", "y"]));
    let alias = (user, previous)
        .prop_map(|(user, previous)| Event::Request("/alias", object([("user_id", user), ("previous_id", previous)])));
    prop_oneof![6 => hit, 2 => identify, 2 => alias, 1 => Just(Event::Reset)]
}

/// What can be said of the visitor of a row.
fn of_visitor() -> impl Strategy<Value = Option<Value>> {
    let said = vec![
        json!({ "$regex": "^(x|b)" }),
        json!({ "$not": "ada" }),
        json!({ "$in": ["y", "bob"] }),
        json!({ "$any": true }),
    ];
    prop_oneof![3 => one_of(&["ada", "bob", "x", "y"]), 1 => prop::sample::select(said).prop_map(Some)]
}

fn maybe(values: Vec<Value>) -> impl Strategy<Value = Option<Value>> {
    prop::option::of(prop::sample::select(values))
}

/// An item of this section.
fn item(section: &'static str) -> impl Strategy<Value = Value> {
    let keys = match section {
        "visits" => [
            ("source", vec![json!("s1"), json!({ "$in": ["s0", "s2"] })]),
            ("page_views", vec![json!(1), json!({ "$gte": 2 })]),
        ],
        "page_views" => [
            ("name", vec![json!("Home")]),
            ("url", vec![json!({ "$regex": "s[12]$" })]),
        ],
        "identities" => [
            ("email", vec![json!("a@x.example"), json!({ "$any": true })]),
            ("user_ids", vec![json!(["ada"]), json!(["bob", "ada"]), json!([])]),
        ],
        "conversions" => [
            ("event", vec![json!("Sale"), json!("Refund"), json!({ "$regex": "^R" })]),
            ("revenue", vec![json!(1), json!({ "$gte": 1 })]),
        ],
        "merges" => [("from", vec![json!("x"), json!("ada")]), ("into", vec![json!("bob")])],
        "visitors" => [
            ("visits", vec![json!(1), json!({ "$gte": 1 })]),
            ("cookie_ids", vec![json!(["x"]), json!(["x", "y"])]),
        ],
        "violations" => [
            ("rule", vec![json!("ATT048"), json!({ "$not": "ATT048" })]),
            (
                "message",
                vec![json!({ "$regex": "ada|x" }), json!({ "$regex": "another|2 other" })],
            ),
        ],
        "requests" => [
            ("path", vec![json!("/track"), json!("/alias")]),
            ("body", vec![json!({ "event": "Refund" }), json!({ "user_id": "ada" })]),
        ],
        _ => [
            ("visits", vec![json!(1), json!({ "$gte": 2 })]),
            ("conversions", vec![json!(1), json!({ "$gt": 1 })]),
        ],
    };
    let has_visitor = matches!(
        section,
        "visits" | "page_views" | "identities" | "conversions" | "visitors"
    );
    let [(first, firsts), (second, seconds)] = keys;
    let fields = (of_visitor(), maybe(firsts), maybe(seconds));
    let item = fields.prop_map(move |(visitor, one, other)| {
        object([
            ("visitor", visitor.filter(|_| has_visitor)),
            (first, one),
            (second, other),
        ])
    });
    (item, prop::bool::weighted(0.1))
        .prop_map(|(item, is_reversed)| if is_reversed { json!({ "$not": item }) } else { item })
}

/// What is expected of this section.
fn of_section(section: &'static str) -> impl Strategy<Value = Value> {
    // Some say the same.
    let items = |least| {
        let items = (prop::collection::vec(item(section), least..3), 1..3_usize);
        items.prop_map(|(items, times)| Value::from(vec![items; times].concat()))
    };
    let exactly = items(0);
    let items = || items(1);
    let parts = (
        prop::option::of(items()),
        prop::option::of(items()),
        prop::option::of(items()),
    );
    let count = maybe(vec![
        json!(1),
        json!(2),
        json!(3),
        json!({ "$gte": 2 }),
        json!({ "$lte": 4 }),
    ]);
    let parts = (parts, count).prop_map(|((contains, ordered, never), count)| {
        object([
            ("contains", contains),
            ("ordered", ordered),
            ("never", never),
            ("count", count),
        ])
    });
    let one = |part: &'static str| items().prop_map(move |items| json!({ part: items }));
    let parts = parts.prop_filter("something is said", |parts| parts != &json!({}));
    let count = (0..5_u8).prop_map(|count| json!({ "count": count }));
    prop_oneof![3 => one("contains"), 2 => one("ordered"), 1 => one("never"), 2 => count, 2 => exactly, 1 => parts]
}

/// What is expected of one section, or of two at once.
fn expected() -> impl Strategy<Value = Value> {
    let one = || {
        prop::sample::select(Section::SHOWN.map(Section::as_str).to_vec())
            .prop_flat_map(|section| of_section(section).prop_map(move |says| (section.to_owned(), says)))
    };
    let expected = (one(), prop::option::weighted(0.3, one()));
    expected.prop_map(|(one, other)| Value::Object([one].into_iter().chain(other).collect()))
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

type Waiting = Option<JoinHandle<Result<(), Unmet>>>;

/// A wait is over if the same can be verified, and goes on if not.
fn is_over_or_goes_on(mock: &Mock, expected: &Value, waiting: &mut Waiting) -> Result<(), TestCaseError> {
    let verified = mock.verify(expected.clone());
    if let Some(wait) = waiting {
        prop_assert_eq!(wait.is_finished(), verified.is_ok(), "{}: {:?}", expected, verified);
    }
    waiting.take_if(|wait| wait.is_finished());
    Ok(())
}

proptest! {
    #[test]
    fn a_wait_ends_as_soon_as_the_same_can_be_verified(
        events in prop::collection::vec(event(), 1..20),
        expected in expected(),
        keep in prop::option::of(1..6_u64),
        // Each event is on the dashboard between two others.
        delay in prop::sample::select(vec![Duration::ZERO, Duration::from_millis(6)]),
    ) {
        in_virtual_time(async {
            let dashboard_delay = DashboardDelay::exactly(delay);
            let mock = Mock::new(MockConfig { keep: keep.map(Keep::requests), dashboard_delay, ..config() });
            let mut waiting: Waiting = None;
            for event in &events {
                if waiting.is_none() && mock.verify(expected.clone()).is_err() {
                    let (mock, expected) = (mock.clone(), expected.clone());
                    waiting = Some(tokio::spawn(async move { mock.wait_until(expected, LONG).await }));
                }
                settled(&mock).await;
                happen(&mock, event).await;
                is_over_or_goes_on(&mock, &expected, &mut waiting)?;
                settled(&mock).await;
                settled(&mock).await;
                is_over_or_goes_on(&mock, &expected, &mut waiting)?;
            }
            Ok::<(), TestCaseError>(())
        })?;
    }

    #[test]
    fn who_waits_for_a_row_gets_the_first(
        events in prop::collection::vec(event(), 1..20),
        keep in prop::option::of(1..6_u64),
        kind in 0..8_u8,
    ) {
        match kind {
            0 => gets_the_first(&events, keep, &conversion("Refund").revenue(2)),
            1 => gets_the_first(&events, keep, &page_view().of("x")),
            2 => gets_the_first(&events, keep, &visit().page_views(2)),
            3 => gets_the_first(&events, keep, &identity("bob").email("a@x.example")),
            4 => gets_the_first(&events, keep, &merge("x").into("bob")),
            5 => gets_the_first(&events, keep, &visitor("y").conversions(json!({ "$gte": 2 }))),
            6 => gets_the_first(&events, keep, &request().to("/alias")),
            _ => gets_the_first(&events, keep, &violation("ATT048")),
        }?;
    }
}

/// Whoever waits for such a row gets the first that there is, as soon as there is one.
fn gets_the_first<R>(events: &[Event], keep: Option<u64>, wanted: &Wanted<R>) -> Result<(), TestCaseError>
where
    R: Recorded + Clone + Send,
{
    let says = Value::from(wanted.clone()).to_string();
    let says = Expectations::from_json(says.as_bytes(), &Section::RECORDED).expect("it can be read");
    let item = &says.lists[0].contains.as_ref().expect("it is wanted")[0];
    in_virtual_time(async {
        let keep = keep.map(Keep::requests);
        let mock = Mock::new(MockConfig { keep, ..config() });
        let first = || {
            let mut rows: Vec<Value> = R::all(&mock).iter().map(|row| json!(row)).collect();
            let place = item.find(&rows, &|id| mock.with_ledger(|ledger| ledger.resolve(id)))?;
            Some(rows.swap_remove(place))
        };
        let mut waiting = None;
        for event in events {
            if waiting.is_none() && first().is_none() {
                let (mock, wanted) = (mock.clone(), wanted.clone());
                waiting = Some(tokio::spawn(async move { mock.wait_for(wanted, LONG).await }));
            }
            settled(&mock).await;
            happen(&mock, event).await;
            let there = first();
            if let Some(wait) = waiting.take_if(|_| there.is_some()) {
                prop_assert!(wait.is_finished());
                let found = wait.await.expect("it ends").ok();
                prop_assert_eq!(found.map(|row| json!(row)), there);
            }
            prop_assert!(waiting.as_ref().is_none_or(|wait| !wait.is_finished()));
        }
        Ok(())
    })
}
