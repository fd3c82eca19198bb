//! A dead or ailing endpoint is probed, not hammered, and nothing is lost over it. In virtual time.

use std::time::Duration;

use attribution_destination::deliver::{
    Attempt, BuildError, Delivery, Limits, PolicyError, Protection, RetryBudget, RetryPolicy, Ticket,
};

use crate::deliver_link::{Act, Link, outcomes, track, virtual_clock};

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(3_600);

/// Submits so many events, of a visitor each.
async fn submit_all(sender: &attribution_destination::deliver::Sender<Link>, events: u64) -> Vec<Ticket> {
    let mut tickets = Vec::new();
    for number in 0..events {
        tickets.push(sender.submit(track(&format!("user-{number}"), number)).await);
    }
    tickets
}

/// In flight together before anyone can know: 64. Then probes, which come after 60 s at most and 30 s on average; over
/// four hours 480 of them are to be expected, and 600 would be five standard deviations more.
#[tokio::test(start_paused = true)]
async fn a_dead_endpoint_is_only_probed() {
    for death in [Act::CloseBefore, Act::Answer(503), Act::Garbage] {
        let clock = virtual_clock();
        let link = Link::new(&clock);
        link.otherwise([death]);
        let sender = link.builder().build().unwrap();
        let tickets = submit_all(&sender, 500).await;
        clock.sleep(4 * HOUR).await;
        let requests = link.batches().len();
        assert!(
            (240..=64 + 600).contains(&requests),
            "{requests} requests in four hours"
        );
        let alone = |pair: &[f64]| pair[1] - pair[0] <= 61.0;
        assert!(
            link.seconds().windows(2).all(alone),
            "it is probed at least once a minute"
        );

        // All of what is not expired by then arrives at the pace of an endpoint that is well.
        link.otherwise([]);
        let back = clock.elapsed();
        let outcomes = outcomes(tickets).await;
        let took = clock.elapsed().saturating_sub(back);
        assert!(took <= 75 * SECOND, "delivered {took:?} after it came back");
        let expired = outcomes.iter().filter(|outcome| !outcome.result.is_delivered()).count();
        assert!(expired <= 64 + 16, "{expired}, but only the first ones' window is over");
    }
}

#[tokio::test(start_paused = true)]
async fn after_a_short_outage_everything_arrives_within_a_minute() {
    let clock = virtual_clock();
    let link = Link::new(&clock);
    link.otherwise([Act::CloseBefore]);
    let sender = link.builder().build().unwrap();
    let tickets = submit_all(&sender, 500).await;
    clock.sleep(10 * 60 * SECOND).await;
    link.otherwise([]);
    let outcomes = outcomes(tickets).await;
    assert!(outcomes.iter().all(|outcome| outcome.result.is_delivered()));
    let took = clock.elapsed().saturating_sub(10 * 60 * SECOND);
    assert!(took <= 70 * SECOND, "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_that_hangs_is_only_probed_and_slowly() {
    let clock = virtual_clock();
    let link = Link::new(&clock);
    link.otherwise([Act::Hang]);
    let sender = link.builder().build().unwrap();
    let tickets = submit_all(&sender, 200).await;
    clock.sleep(HOUR).await;
    assert!(link.batches().len() <= 64 + 150, "{}", link.batches().len());
    link.otherwise([]);
    assert!(
        outcomes(tickets)
            .await
            .iter()
            .all(|outcome| outcome.result.is_delivered())
    );
}

/// The law of one event's waits, which the default protection only lengthens: the n-th is at most `initial · 2ⁿ`, or
/// `max` where that is less, and a millisecond for the timer.
fn assert_waits(policy: &RetryPolicy, attempts: &[Attempt]) {
    for (n, pair) in (0_u32..).zip(attempts.windows(2)) {
        let ended = pair[0].at + pair[0].took;
        let waited = Duration::try_from(pair[1].at.duration_since(ended)).unwrap();
        let doubled = 2_u32
            .checked_pow(n)
            .and_then(|factor| policy.initial.checked_mul(factor));
        let bound = doubled.map_or(policy.max, |bound| bound.min(policy.max));
        assert!(
            waited <= bound + Duration::from_millis(1),
            "wait {n} was {waited:?}, not {bound:?}"
        );
    }
    if let [first, .., last] = attempts {
        assert!(last.at <= first.at + policy.window);
    }
}

#[tokio::test(start_paused = true)]
async fn without_protection_each_event_keeps_its_own_backoff_exactly() {
    let link = Link::new(&virtual_clock());
    link.otherwise([Act::Answer(500)]);
    let policy = RetryPolicy {
        initial: 3 * SECOND,
        max: 700 * SECOND,
        window: 6 * HOUR,
        ..RetryPolicy::default()
    };
    let sender = link.builder().retry(policy.clone()).protection(Protection::NONE);
    let sender = sender.build().unwrap();
    let outcomes = outcomes(submit_all(&sender, 60).await).await;
    for outcome in &outcomes {
        assert_waits(&policy, &outcome.attempts);
        assert!(matches!(outcome.result, Delivery::Expired { .. }));
        assert!(
            (30..150).contains(&outcome.attempts.len()),
            "{}",
            outcome.attempts.len()
        );
    }
    let second_attempts = outcomes.iter().map(|outcome| outcome.attempts[1].at);
    let distinct: std::collections::BTreeSet<_> = second_attempts.collect();
    assert!(distinct.len() > 55, "each event has a jitter of its own");
}

/// Waits that are short beside those for the budget.
fn quick() -> RetryPolicy {
    RetryPolicy {
        max: 2 * SECOND,
        ..RetryPolicy::default()
    }
}

#[tokio::test(start_paused = true)]
async fn retries_have_a_budget_while_half_of_the_answers_are_failures() {
    let clock = virtual_clock();
    let link = Link::new(&clock);
    let budget = RetryBudget {
        per_second: 5.0,
        per_success: 0.0,
        at_most: 20.0,
    };
    let protection = Protection {
        budget: Some(budget),
        ..Protection::NONE
    };
    let limits = Limits {
        concurrency: 1_000,
        ..Limits::default()
    };
    link.otherwise([Act::Answer(200), Act::Answer(500)]);
    let builder = link.builder().retry(quick()).protection(protection).limits(limits);
    let sender = builder.build().unwrap();
    let outcomes = outcomes(submit_all(&sender, 1_000).await).await;
    assert!(outcomes.iter().all(|outcome| outcome.result.is_delivered()));
    let retries = link.seconds().split_off(1_000);
    assert!(retries.len() >= 900, "{}", retries.len());
    for (at, began) in retries.iter().enumerate() {
        let within = retries[at..].iter().take_while(|later| **later < began + 1.0).count();
        assert!(within <= 20 + 5, "{within} retries in the second after {began}");
    }
    let took = clock.elapsed().as_secs_f64();
    assert!(
        (150.0..220.0).contains(&took),
        "1000 retries at 5 a second, less the 20 saved: {took}"
    );
}

#[tokio::test(start_paused = true)]
async fn success_earns_retries_so_that_an_outage_is_caught_up_with() {
    let clock = virtual_clock();
    let link = Link::new(&clock);
    link.otherwise([Act::Answer(200), Act::Answer(503)]);
    let sender = link.builder().retry(quick()).build().unwrap();
    let outcomes = outcomes(submit_all(&sender, 1_000).await).await;
    assert!(outcomes.iter().all(|outcome| outcome.result.is_delivered()));
    assert!(clock.elapsed() <= 60 * SECOND, "{:?}", clock.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_probe_that_is_given_up_leaves_the_others_waiting_for_the_next_one() {
    let clock = virtual_clock();
    let link = Link::new(&clock);
    link.otherwise([Act::CloseBefore]);
    let sender = link.builder().build().unwrap();
    let tickets = submit_all(&sender, 100).await;
    clock.sleep(60 * SECOND).await;
    link.otherwise([Act::Hang]);
    clock.sleep(60 * SECOND).await;
    let left = sender.close(Duration::ZERO).await;
    assert_eq!(left.len(), 100);
    assert!(
        outcomes(tickets)
            .await
            .iter()
            .all(|outcome| outcome.result == Delivery::Interrupted)
    );
}

#[tokio::test]
async fn a_budget_that_could_not_work_is_refused_with_what_to_write() {
    let link = Link::new(&virtual_clock());
    let build = |per_success| {
        let budget = RetryBudget {
            per_success,
            ..RetryBudget::default()
        };
        let protection = Protection {
            budget: Some(budget),
            ..Protection::NONE
        };
        link.builder().protection(protection).build().map(drop)
    };
    assert_eq!(build(0.0), Ok(()));
    for per_success in [-1.0, f64::NAN, f64::INFINITY] {
        let Err(BuildError::Policy(error @ PolicyError::Earnings(_))) = build(per_success) else {
            panic!("{per_success} earns something")
        };
        assert!(error.to_string().ends_with("give 0 or more, such as 2"), "{error}");
    }
}
