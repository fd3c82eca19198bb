use std::sync::Arc;

use jiff::Timestamp;

use super::*;
use crate::deliver::policy::RetryBudget;

fn gate(limits: &Limits, protection: &Protection) -> Arc<Gate> {
    let clock = Clock::starting_at(Timestamp::UNIX_EPOCH);
    Arc::new(Gate::new(limits, protection, clock, Seed::from(1)))
}

fn one_at_a_time() -> Limits {
    Limits {
        concurrency: 1,
        ..Limits::default()
    }
}

#[tokio::test(start_paused = true)]
async fn whoever_came_first_passes_first() {
    let gate = gate(&one_at_a_time(), &Protection::NONE);
    let held = gate.first().await;
    let order = Arc::new(Mutex::new(Vec::new()));
    let waiting: Vec<_> = (0..5)
        .map(|number| {
            let (gate, order) = (Arc::clone(&gate), Arc::clone(&order));
            tokio::spawn(async move {
                let pass = gate.first().await;
                order.lock().unwrap().push(number);
                pass.tell(Signal::Success, gate.clock.elapsed());
            })
        })
        .collect();
    tokio::task::yield_now().await;
    assert_eq!(gate.in_flight(), 1);
    drop(held);
    for task in waiting {
        task.await.unwrap();
    }
    assert_eq!(*order.lock().unwrap(), [0, 1, 2, 3, 4]);
    assert_eq!(gate.in_flight(), 0);
}

#[tokio::test(start_paused = true)]
async fn what_the_endpoint_asked_for_holds_everything_back() {
    let gate = gate(&Limits::default(), &Protection::NONE);
    gate.hold(Duration::from_secs(30));
    gate.hold(Duration::from_secs(10));
    drop(gate.first().await);
    assert_eq!(gate.clock.elapsed(), Duration::from_secs(30));
}

#[tokio::test(start_paused = true)]
async fn a_retry_does_not_wait_past_its_window() {
    let gate = gate(&Limits::default(), &Protection::NONE);
    gate.hold(Duration::from_secs(30));
    assert!(gate.again(Duration::from_secs(20)).await.is_none());
    assert_eq!(gate.clock.elapsed(), Duration::from_secs(20));
    assert!(
        gate.again(Duration::from_secs(30)).await.is_some(),
        "the last moment is within it"
    );
    assert!(gate.again(Duration::from_secs(29)).await.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_retry_without_budget_lets_first_attempts_go_ahead() {
    let budget = RetryBudget {
        per_second: 0.1,
        per_success: 0.0,
        at_most: 1.0,
    };
    let protection = Protection {
        budget: Some(budget),
        ..Protection::NONE
    };
    let gate = gate(&Limits::default(), &protection);
    assert!(gate.again(Duration::MAX).await.is_some());
    let retry = tokio::spawn({
        let gate = Arc::clone(&gate);
        async move { gate.again(Duration::MAX).await.is_some() }
    });
    tokio::task::yield_now().await;
    drop(gate.first().await);
    assert_eq!(gate.clock.elapsed(), Duration::ZERO);
    assert!(retry.await.unwrap());
    assert_eq!(gate.clock.elapsed(), Duration::from_secs(10));
}

#[tokio::test(start_paused = true)]
async fn a_pass_that_is_dropped_makes_room() {
    let gate = gate(&one_at_a_time(), &Protection::default());
    for _ in 0..40 {
        gate.first().await.tell(Signal::Failure, gate.clock.elapsed());
    }
    let probe = gate.first().await;
    assert!(probe.is_probe);
    drop(probe);
    assert!(gate.first().await.is_probe, "the next one finds out instead");
}
