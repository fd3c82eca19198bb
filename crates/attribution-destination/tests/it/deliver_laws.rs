//! What holds under any faults and any schedule. In virtual time.

use std::collections::BTreeMap;
use std::time::Duration;

use attribution_destination::deliver::{Attempt, Delivery, Outcome, RetryPolicy};
use clock::Seed;
use jiff::Timestamp;
use proptest::prelude::*;
use segment_event::Event;
use serde_json::json;

use crate::deliver_link::{Act, Link, Received, START, event, virtual_clock};

/// One event and what the server does to its requests.
#[derive(Clone, Debug)]
struct Case {
    user: Option<u8>,
    cookie: u8,
    identify: bool,
    acts: Vec<Act>,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        prop::sample::select(vec![500, 502, 503, 504, 429, 200, 204, 400, 302, 408, 501]).prop_map(Act::Answer),
        (0..20_000_u32).prop_map(|seconds| Act::RetryAfter(429, seconds.to_string())),
        (0..8_000_u64).prop_map(|millis| Act::Slow(Duration::from_millis(millis))),
        Just(Act::CloseAfter),
        Just(Act::HalfAnswer),
        Just(Act::Hang),
        Just(Act::CloseBefore),
        Just(Act::Garbage),
        Just(Act::Endless),
    ]
}

fn case() -> impl Strategy<Value = Case> {
    let acts = prop::collection::vec(act(), 0..6);
    (prop::option::of(0..3_u8), 0..4_u8, any::<bool>(), acts).prop_map(|(user, cookie, identify, acts)| Case {
        user,
        cookie,
        identify,
        acts,
    })
}

impl Case {
    /// The event of this number. A track names the user where there is one and else the cookie, an identify both.
    fn event(&self, number: usize) -> Event {
        let cookie = format!("cookie-{}", self.cookie);
        event(match self.user.map(|user| format!("user-{user}")) {
            Some(user) if self.identify => {
                json!({"type": "identify", "userId": user, "anonymousId": cookie, "traits": {"n": number}})
            }
            Some(user) => json!({"type": "track", "event": "Tried", "userId": user, "properties": {"n": number}}),
            None => json!({"type": "page", "anonymousId": cookie, "properties": {"n": number}}),
        })
    }

    fn ids(&self) -> Vec<String> {
        let cookie = format!("cookie-{}", self.cookie);
        match self.user.map(|user| format!("user-{user}")) {
            Some(user) if self.identify => vec![user, cookie],
            Some(user) => vec![user],
            None => vec![cookie],
        }
    }
}

/// Which earlier events are of the same visitor as each one, by what was known when it was submitted.
fn earlier_of_the_same_visitor(cases: &[Case]) -> Vec<Vec<usize>> {
    let mut visitor_of: BTreeMap<String, usize> = BTreeMap::new();
    let mut events: Vec<usize> = Vec::new();
    let mut earlier = Vec::new();
    for (number, case) in cases.iter().enumerate() {
        let ids = case.ids();
        let joined: Vec<usize> = ids.iter().filter_map(|id| visitor_of.get(id).copied()).collect();
        let rename = |visitor: &mut usize| *visitor = if joined.contains(visitor) { number } else { *visitor };
        visitor_of.values_mut().chain(&mut events).for_each(rename);
        visitor_of.extend(ids.into_iter().map(|id| (id, number)));
        earlier.push((0..number).filter(|other| events[*other] == number).collect());
        events.push(number);
    }
    earlier
}

/// Plays the cases on a runtime of their own and says what came of it.
fn play(cases: &[Case], refusals: usize, seed: u64) -> (Vec<Outcome>, Vec<Received>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    runtime.block_on(async {
        let link = Link::new(&virtual_clock());
        link.script().refusals = refusals;
        let sender = link.builder().seed(Seed::from(seed)).build().unwrap();
        let mut tickets = Vec::new();
        for (number, case) in cases.iter().enumerate() {
            link.plan(number as u64, case.acts.clone());
            tickets.push(sender.submit(case.event(number)).await);
        }
        sender.settle().await;
        let mut outcomes = Vec::new();
        for ticket in tickets {
            outcomes.push(ticket.await);
        }
        let received = std::mem::take(&mut link.script().received);
        (outcomes, received)
    })
}

fn check_policy(attempts: &[Attempt]) -> Result<(), TestCaseError> {
    let policy = RetryPolicy::default();
    for pair in attempts.windows(2) {
        let ended = pair[0].at + pair[0].took;
        let waited = Duration::try_from(pair[1].at.duration_since(ended)).unwrap();
        prop_assert!(waited >= pair[0].retry_after.unwrap_or_default());
    }
    if let [first, .., last] = attempts {
        prop_assert!(last.at <= first.at + policy.window);
    }
    Ok(())
}

/// What the server took is what the outcome says, but for answers that were lost on the way.
fn check_duplicates(outcome: &Outcome, requests: &[&Received]) -> Result<(), TestCaseError> {
    let taken = requests.iter().filter(|received| received.taken).count();
    let lost = outcome
        .attempts
        .iter()
        .filter(|attempt| attempt.answer.is_err())
        .count();
    let delivered = usize::from(outcome.result.is_delivered());
    prop_assert!(
        (delivered..=delivered + lost).contains(&taken),
        "{outcome:?} {requests:?}"
    );
    prop_assert!(
        requests.len() <= outcome.attempts.len(),
        "nothing is sent outside of an attempt"
    );
    Ok(())
}

/// Whether the wait after the last attempt can have ended past the window.
fn may_have_expired(attempts: &[Attempt]) -> bool {
    let policy = RetryPolicy::default();
    let [first, ..] = attempts else { return false };
    let last = &attempts[attempts.len() - 1];
    let doublings = u32::try_from(attempts.len() - 1).unwrap();
    let bound = (policy.initial * 2_u32.pow(doublings)).min(policy.max);
    last.at + last.took + bound.max(last.retry_after.unwrap_or_default()) > first.at + policy.window
}

fn check_result(outcome: &Outcome) -> Result<(), TestCaseError> {
    let last = outcome.attempts.last().map(|attempt| attempt.answer.clone());
    match &outcome.result {
        Delivery::Delivered { status } => prop_assert_eq!(last, Some(Ok(*status))),
        Delivery::Rejected { .. } => prop_assert!(matches!(last, Some(Ok(302 | 400 | 408 | 501))), "{:?}", last),
        Delivery::Expired { .. } => {
            let window_is_over = outcome.attempts.first().is_some_and(|first| {
                // Everything is submitted at the same moment.
                let ended = START.parse::<Timestamp>().unwrap() + outcome.elapsed;
                ended >= first.at + RetryPolicy::default().window
            });
            prop_assert!(window_is_over || may_have_expired(&outcome.attempts), "{:?}", outcome);
        }
        other => prop_assert!(false, "{:?}", other),
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_event_is_lost_or_overtakes_another_of_its_visitor_under_any_faults(
        cases in prop::collection::vec(case(), 1..12),
        refusals in 0..4_usize,
        seed: u64,
    ) {
        let (outcomes, received) = play(&cases, refusals, seed);
        prop_assert_eq!(outcomes.len(), cases.len());
        for (number, outcome) in outcomes.iter().enumerate() {
            let requests: Vec<_> = received.iter().filter(|received| received.events.contains(&(number as u64))).collect();
            check_policy(&outcome.attempts)?;
            check_duplicates(outcome, &requests)?;
            check_result(outcome)?;
        }
        let of = |number: usize| {
            received.iter().enumerate().filter(move |(_, received)| received.events.contains(&(number as u64))).map(|(at, _)| at)
        };
        for (number, earlier) in earlier_of_the_same_visitor(&cases).into_iter().enumerate() {
            for other in earlier {
                prop_assert!(of(other).max() < of(number).min() || of(number).next().is_none(), "{} overtook {}", number, other);
            }
        }
    }

    #[test]
    fn the_same_seed_plays_the_same_to_the_last_byte_and_moment(
        cases in prop::collection::vec(case(), 1..12),
        refusals in 0..4_usize,
        seed: u64,
    ) {
        prop_assert_eq!(play(&cases, refusals, seed), play(&cases, refusals, seed));
    }
}
