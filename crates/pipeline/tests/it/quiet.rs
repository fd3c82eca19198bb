//! Quiet is quiet: whatever goes wrong on the way, nothing more happens after it until time moves.

use std::time::Duration;

use attribution_destination::deliver::{Batch, Ordering};
use attribution_destination::{Dialect, Settings};
use pipeline::{Config, Pipeline};
use proptest::prelude::*;

use crate::faults::{Trouble, trouble};
use crate::generate::{message, who};
use crate::virtually::virtually;

/// Far more turns than quiet is looked for in.
const TURNS: usize = 200;

#[derive(Clone, Debug)]
enum Step {
    Track((Option<String>, Option<String>)),
    /// So many visitors at once, each with two events: more than the runtime polls between two looks at its drivers.
    Crowd(usize),
    Trouble(Trouble, u32),
    Wait(u64),
    Quiet,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => who().prop_map(Step::Track),
        1 => (1..150_usize).prop_map(Step::Crowd),
        3 => (trouble(), 1..100_u32).prop_map(|(trouble, times)| Step::Trouble(trouble, times)),
        1 => (0..60_u64).prop_map(Step::Wait),
        3 => Just(Step::Quiet),
    ];
    prop::collection::vec(step, 1..20)
}

#[derive(Clone, Copy, Debug)]
struct Setting {
    dialect: Dialect,
    batch: usize,
    ordering: Ordering,
    latency: Duration,
}

fn setting() -> impl Strategy<Value = Setting> {
    let dialect = prop::sample::select(Dialect::ALL);
    let unordered = Ordering::Unordered {
        spread: Duration::from_millis(2),
    };
    let ordering = prop::sample::select(vec![Ordering::PerVisitor, unordered]);
    let latency = prop::sample::select(vec![0, 0, 40]).prop_map(Duration::from_millis);
    (dialect, 1..20_usize, ordering, latency).prop_map(|(dialect, batch, ordering, latency)| Setting {
        dialect,
        batch: if dialect == Dialect::Import { batch } else { 1 },
        ordering,
        latency,
    })
}

fn config(setting: Setting) -> Config {
    let config = Config::simulated(jiff::Timestamp::UNIX_EPOCH);
    Config {
        settings: Settings {
            dialect: setting.dialect,
            ..config.settings
        },
        batch: Batch {
            events: setting.batch,
            ..Batch::default()
        },
        ordering: setting.ordering,
        latency: setting.latency,
        ..config
    }
}

async fn track(pipeline: &mut Pipeline, who: &(Option<String>, Option<String>)) {
    let mut track = message("track", who);
    track["event"] = "told".into();
    pipeline.accept(&track).await;
}

async fn take(step: &Step, pipeline: &mut Pipeline) {
    match step {
        Step::Track(who) => track(pipeline, who).await,
        Step::Crowd(size) => {
            for visitor in (0..*size).chain(0..*size) {
                track(pipeline, &(None, Some(format!("user-{visitor}")))).await;
            }
        }
        Step::Trouble(Trouble::Server(action), times) => {
            let fault = attribution_mock::Fault::new(action.clone()).times(*times);
            pipeline.mock().add_fault(fault).unwrap();
        }
        Step::Trouble(Trouble::Link(fault), times) => pipeline.link().plan(*fault, Some(*times)),
        Step::Wait(seconds) => pipeline.clock().sleep(Duration::from_secs(*seconds)).await,
        Step::Quiet => pipeline.quiesce().await,
    }
}

/// Everything that shows whether something happened.
fn seen(pipeline: &mut Pipeline) -> (String, usize, String) {
    let (mock, wire) = (pipeline.mock().clone(), pipeline.link().exchanges());
    let read: usize = wire
        .iter()
        .map(|exchange| exchange.request.len() + exchange.answer.len())
        .sum();
    (mock.journal(), read, format!("{:?}", pipeline.deliveries()))
}

/// Lets whatever can run have so many turns.
async fn turns() {
    let yielding = tokio::spawn(async {
        for _ in 0..TURNS {
            tokio::task::yield_now().await;
        }
    });
    yielding.await.unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn nothing_happens_after_quiet_until_time_moves(steps in steps(), setting in setting()) {
        virtually(async {
            let mut pipeline = Pipeline::start(Config { keep_wire: true, ..config(setting) }).await.unwrap();
            for step in &steps {
                take(step, &mut pipeline).await;
                if matches!(step, Step::Quiet) {
                    let before = (pipeline.clock().elapsed(), seen(&mut pipeline));
                    turns().await;
                    prop_assert_eq!(before, (pipeline.clock().elapsed(), seen(&mut pipeline)));
                }
            }
            Ok(())
        })?;
    }
}

#[test]
fn every_outcome_that_is_there_is_shown_however_many_there_are() {
    virtually(async {
        let mut pipeline = Pipeline::start(Config::simulated(jiff::Timestamp::UNIX_EPOCH))
            .await
            .unwrap();
        // The first one waits for time, so that none behind it is taken before it is asked for.
        let fault = attribution_mock::Fault::respond(503).times(1);
        pipeline.mock().add_fault(fault).unwrap();
        for visitor in 0..1_000 {
            track(&mut pipeline, &(None, Some(format!("user-{visitor}")))).await;
        }
        pipeline.quiesce().await;
        let deliveries = pipeline.deliveries();
        assert_eq!((deliveries.pending, deliveries.delivered), (1, 999));
    });
}
