//! What the documentation promises, told by example.

use std::time::Duration;

use jiff::Timestamp;
use segment_engage::{Aggregate, Audience, ComputedTrait, Condition, Count, Engage, Selection};
use segment_event::Event;
use serde_json::{Value, json};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn start() -> Timestamp {
    "2024-01-15T10:00:00Z".parse().expect("a moment")
}

fn buyers() -> Audience {
    let bought = Condition::event(Selection::track("Order Completed"), Count::AtLeast(1), Some(30 * DAY));
    Audience::new("Order Completed Last 30Days", bought)
}

fn record(engage: &mut Engage, message: Value, days: u32) {
    engage.record(&Event::ingest(message).expect("Segment takes it"), start() + DAY * days);
}

/// What a sync so many days after the start tells: of whom, and what.
fn told(engage: &mut Engage, days: u32) -> Vec<(String, Value)> {
    let changes = engage.sync(start() + DAY * days);
    changes.map(|change| (change.id.to_string(), change.value)).collect()
}

fn order(user: &str) -> Value {
    json!({"type": "track", "event": "Order Completed", "userId": user, "properties": {"revenue": 20, "sku": user}})
}

#[test]
fn the_first_sync_tells_of_every_member_and_later_ones_of_changes_only() {
    let mut engage = Engage::new(vec![buyers()], Vec::new()).unwrap();
    for user in ["ada", "bob"] {
        record(&mut engage, order(user), 0);
    }
    record(&mut engage, json!({"type": "page", "userId": "carl"}), 0);
    let yes = |user: &str| (user.to_owned(), json!(true));
    assert_eq!(told(&mut engage, 1), [yes("ada"), yes("bob")]);
    record(&mut engage, order("ada"), 2);
    record(&mut engage, order("carl"), 2);
    assert_eq!(told(&mut engage, 3), [yes("carl")]);
    assert!(
        !engage.may_change(start() + 30 * DAY),
        "at thirty days an order still counts"
    );
    assert_eq!(told(&mut engage, 30), []);
    assert_eq!(told(&mut engage, 31), [("bob".to_owned(), json!(false))]);
}

#[test]
fn a_member_who_is_merged_is_told_of_under_every_id() {
    let mut engage = Engage::new(vec![buyers()], Vec::new()).unwrap();
    record(&mut engage, order("old"), 0);
    record(
        &mut engage,
        json!({"type": "page", "userId": "new", "anonymousId": "cookie"}),
        0,
    );
    assert_eq!(told(&mut engage, 1), [("old".to_owned(), json!(true))]);
    record(
        &mut engage,
        json!({"type": "alias", "previousId": "old", "userId": "new"}),
        2,
    );
    let both = |value: bool| [("new".to_owned(), json!(value)), ("cookie".to_owned(), json!(value))];
    assert_eq!(told(&mut engage, 3), both(true));
    let everyone = [("old".to_owned(), json!(false))].into_iter().chain(both(false));
    assert_eq!(told(&mut engage, 31), everyone.collect::<Vec<_>>());
}

#[test]
fn a_computed_trait_is_told_when_its_value_is_another() {
    let trait_of = |name: &str, within, aggregate| ComputedTrait {
        name: name.to_owned(),
        key: None,
        events: Selection::track("Order Completed"),
        within,
        aggregate,
    };
    let revenue = trait_of("Revenue", None, Aggregate::Sum("revenue".to_owned()));
    let recent = trait_of("Recent", Some(DAY), Aggregate::Last("sku".to_owned()));
    let mut engage = Engage::new(Vec::new(), vec![revenue, recent]).unwrap();
    record(&mut engage, json!({"type": "page", "userId": "carl"}), 0);
    record(&mut engage, order("ada"), 0);
    let ada = |value: Value| ("ada".to_owned(), value);
    assert_eq!(told(&mut engage, 1), [ada(json!(20)), ada(json!("ada"))]);
    record(&mut engage, order("ada"), 1);
    assert_eq!(told(&mut engage, 1), [ada(json!(40))]);
    assert_eq!(told(&mut engage, 3), [ada(json!(null))]);
    assert_eq!(told(&mut engage, 4), []);
}
