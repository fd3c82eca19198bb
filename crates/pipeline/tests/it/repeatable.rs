//! The same seed gives the same bytes on the wire at the same virtual times.

use attribution_ledger::Entry;
use attribution_mock::Fault;
use clock::Seed;
use jiff::Timestamp;
use pipeline::{Config, Pipeline, Transport};
use serde_json::json;

use crate::virtually::virtually;

/// Everything that the double received: forty events of ten visitors, a third of them refused at first.
fn received(seed: u64) -> Vec<Entry> {
    virtually(async {
        let config = Config {
            seed: Seed::from(seed),
            ..Config::simulated(Timestamp::UNIX_EPOCH)
        };
        let mut pipeline = Pipeline::start(config).await.unwrap();
        pipeline.mock().add_fault(Fault::respond(503).times(15)).unwrap();
        for number in 0..40 {
            let user = format!("user-{}", number % 10);
            pipeline
                .accept(
                    &json!({ "type": "track", "userId": user, "event": "numbered", "properties": { "number": number } }),
                )
                .await;
        }
        pipeline.settle().await;
        pipeline.mock().entries()
    })
}

#[test]
fn a_seed_gives_the_same_run_every_time() {
    assert_eq!(received(1), received(1));
    assert_eq!(received(1).len(), 55);
}

#[test]
fn another_seed_gives_other_retries() {
    assert_ne!(received(1), received(2));
}

#[test]
fn over_sockets_the_same_events_arrive() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let conversions = runtime.block_on(async {
        let clock = clock::Clock::flowing_from(Timestamp::UNIX_EPOCH);
        let config = Config {
            transport: Transport::Loopback,
            clock,
            ..Config::simulated(Timestamp::UNIX_EPOCH)
        };
        let mut pipeline = Pipeline::start(config).await.unwrap();
        for number in 0..20 {
            pipeline
                .accept(&json!({ "type": "track", "userId": "user-1", "event": format!("event {number}") }))
                .await;
        }
        pipeline.settle().await;
        pipeline.mock().conversions()
    });
    let events: Vec<String> = conversions.into_iter().map(|conversion| conversion.event).collect();
    assert_eq!(
        events,
        (0..20).map(|number| format!("event {number}")).collect::<Vec<_>>()
    );
}
