use std::time::Duration;

use axum::body::Body;
use clock::{Clock, Seed};
use http::Request;
use proptest::prelude::*;
use serde_json::{Value, json};
use tower_service::Service as _;

use super::rows_of;
use crate::{DashboardDelay, Keep, Mock, MockConfig};

/// One thing that happens to a mock.
#[derive(Clone, Debug)]
enum Event {
    Request(&'static str, Value),
    /// So many milliseconds go by, and somebody looks.
    Look(u64),
    Reset,
}

fn id(ids: &'static [&'static str]) -> impl Strategy<Value = Option<&'static str>> {
    prop::option::weighted(0.7, prop::sample::select(ids))
}

fn event() -> impl Strategy<Value = Event> {
    let said = (
        prop::sample::select(vec!["Sale", "Viewed Home Page"]),
        0..50_u8,
        0..3_u8,
    );
    let hit = (id(&["ada", "bob", "eve", "x"]), id(&["x", "y", "z"]), said).prop_map(|(user, cookie, (event, minute, number))| {
        let url = ["https://a.example/", "https://a.example/?gclid=1", "https://a.example/?utm_medium=email"];
        let properties = json!({"revenue": number, "url": url[usize::from(number)]});
        let at = format!("2024-01-15T10:{minute:02}:00.000Z");
        let body = json!({"user_id": user, "cookie_id": cookie, "event": event, "timestamp": at, "properties": properties});
        Event::Request("/track", body)
    });
    // Which counts once, as whatever came first, whichever is shown first.
    let repeated = (0..4_u8, 0..4_u8, 0..3_u8).prop_map(|(user, message, revenue)| {
        let body = json!({"messageId": format!("message-{message}"), "anonymousId": format!("anon-{user}"),
            "timestamp": "2024-01-15T10:00:00.000Z", "type": "track", "event": "Sale", "properties": {"revenue": revenue}});
        Event::Request("/v1/t", body)
    });
    let alias = (id(&["ada", "bob", "eve"]), id(&["x", "ada", "y"]))
        .prop_map(|(user, previous)| Event::Request("/alias", json!({"user_id": user, "previous_id": previous})));
    let look = (0..40_u64).prop_map(Event::Look);
    prop_oneof![8 => hit, 2 => repeated, 2 => alias, 6 => look, 1 => Just(Event::Reset)]
}

async fn happen(mock: &Mock, event: &Event) {
    match event {
        Event::Request(path, body) => {
            let request = Request::post(*path)
                .header("authorization", "Basic ZGVtby1wcm9qZWN0Og==")
                .header("content-type", "application/json")
                .body(Body::from(body.to_string()));
            drop(mock.router().call(request.unwrap()).await);
        }
        Event::Look(milliseconds) => mock.config().clock.sleep(Duration::from_millis(*milliseconds)).await,
        Event::Reset => mock.reset(),
    }
}

/// The rows that all share, once all that has come is taken in.
fn shared(mock: &Mock) -> Vec<Value> {
    let mut report = mock.shared_report();
    loop {
        let arrivals = report.news(&mock.record(), mock.config().clock.now());
        match arrivals {
            Some(arrivals) => report.take_in(arrivals),
            None => return report.rows.clone(),
        }
    }
}

fn in_virtual_time<T>(run: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build();
    runtime.unwrap().block_on(run)
}

proptest! {
    #[test]
    fn what_goes_on_with_the_dashboard_is_what_is_made_of_all_it_shows(
        events in prop::collection::vec(event(), 1..40),
        keep in prop::option::weighted(0.2, 1..20_u64),
        delay in prop::sample::select(vec!["0s", "20ms", "0s..50ms", "20ms..40ms"]),
    ) {
        in_virtual_time(async {
            let clock = Clock::starting_at("2024-01-15T10:00:00Z".parse().unwrap());
            let (keep, dashboard_delay) = (keep.map(Keep::requests), delay.parse().unwrap());
            let mock = Mock::new(MockConfig { keep, dashboard_delay, ..MockConfig::new(clock) });
            for event in events.iter().chain([&Event::Look(60)]) {
                happen(&mock, event).await;
                if matches!(event, Event::Look(_)) {
                    prop_assert_eq!(shared(&mock), rows_of(mock.dashboard()));
                }
            }
            Ok(())
        })?;
    }
}

/// A seed by which the second request is shown before the first.
const SECOND_FIRST: u64 = 1;

/// How often all that is shown was taken in anew, once a second user's request is shown before a first one's.
fn replays(second: &str) -> u64 {
    in_virtual_time(async {
        let clock = Clock::starting_at("2024-01-15T10:00:00Z".parse().unwrap());
        let dashboard_delay = DashboardDelay {
            seed: Seed::from(SECOND_FIRST),
            ..("10ms..90ms".parse().unwrap())
        };
        let mock = Mock::new(MockConfig {
            dashboard_delay,
            ..MockConfig::new(clock)
        });
        for user in ["ada", second] {
            let body = json!({"user_id": user, "event": "Sale", "timestamp": "2024-01-15T10:00:00.000Z"});
            happen(&mock, &Event::Request("/track", body)).await;
        }
        for _ in 0..100 {
            happen(&mock, &Event::Look(1)).await;
            assert_eq!(shared(&mock), rows_of(mock.dashboard()));
        }
        mock.shared_report().replays
    })
}

#[test]
fn what_is_shown_late_matters_to_nobody_else() {
    assert_eq!((replays("bob"), replays("ada")), (0, 1));
}
