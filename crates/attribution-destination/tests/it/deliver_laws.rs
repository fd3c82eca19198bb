//! What holds under any faults and any schedule, in every form of sending. In virtual time.
//!
//! `HARNESS_LAW_CASES=1000000 cargo test -p attribution-destination deliver_laws` tries so many cases instead of 10,000.

use std::collections::BTreeMap;
use std::time::Duration;

use attribution_destination::Dialect;
use attribution_destination::deliver::{
    Attempt, Batch, Delivery, Limits, Ordering, Outcome, Protection, RetryPolicy, SenderBuilder,
};
use clock::{Clock, Seed};
use jiff::Timestamp;
use proptest::prelude::*;
use segment_event::Event;
use serde_json::json;

use crate::deliver_link::{Act, Link, Received, event, virtual_clock};

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

/// How they are sent.
#[derive(Clone, Debug)]
struct Form {
    dialect: Dialect,
    batch: Batch,
    ordering: Ordering,
    limits: Limits,
    is_protected: bool,
    /// How many connections are refused first.
    refusals: usize,
    /// How long the submitter pauses before each event, in turn.
    pauses: Vec<Duration>,
    seed: u64,
}

fn form() -> impl Strategy<Value = Form> {
    let dialect = prop_oneof![
        Just((Dialect::Classic, 1)),
        Just((Dialect::Actions, 1)),
        (1..=8_usize).prop_map(|events| (Dialect::Import, events)),
    ];
    let batch = (300..3_000_usize, 0..100_u64);
    let ordering = prop_oneof![
        3 => Just(Ordering::PerVisitor),
        1 => (0..20_u64).prop_map(|seconds| Ordering::Unordered { spread: Duration::from_secs(seconds) }),
    ];
    let limits = prop_oneof![Just(Limits::default()), tight_limits()];
    let pauses = prop::collection::vec(prop_oneof![Just(0), 0..200_u64, 0..60_000_u64], 1..4);
    let rest = (any::<bool>(), 0..4_usize, pauses, any::<u64>());
    (dialect, batch, ordering, limits, rest).prop_map(|((dialect, events), batch, ordering, limits, rest)| {
        let (is_protected, refusals, pauses, seed) = rest;
        Form {
            dialect,
            batch: Batch {
                events,
                bytes: batch.0,
                linger: Duration::from_millis(batch.1),
            },
            ordering,
            limits,
            is_protected,
            refusals,
            pauses: pauses.into_iter().map(Duration::from_millis).collect(),
            seed,
        }
    })
}

fn tight_limits() -> impl Strategy<Value = Limits> {
    let remembered_ids = prop_oneof![0..6_usize, Just(100_000)];
    let rate = prop::option::of(0.5..50.0_f64);
    (1..5_usize, 1..12_usize, 200..5_000_usize, remembered_ids, rate).prop_map(
        |(concurrency, queue, queue_bytes, remembered_ids, rate)| Limits {
            concurrency,
            queue,
            queue_bytes,
            rate,
            remembered_ids,
        },
    )
}

impl Form {
    fn applied(&self, link: &Link) -> SenderBuilder<Link> {
        let protection = if self.is_protected {
            Protection::default()
        } else {
            Protection::NONE
        };
        link.builder_of(self.dialect)
            .batch(self.batch.clone())
            .ordering(self.ordering)
            .limits(self.limits.clone())
            .protection(protection)
            .retry(policy(self.dialect))
            .seed(Seed::from(self.seed))
    }

    fn is_ordered(&self) -> bool {
        self.ordering == Ordering::PerVisitor
    }

    /// Whether nothing but its own backoff makes an event wait for its next attempt.
    fn is_free(&self, cases: &[Case]) -> bool {
        let asks = |act: &Act| matches!(act, Act::RetryAfter(..));
        let asked = cases.iter().any(|case| case.acts.iter().any(asks));
        !self.is_protected && self.limits == Limits::default() && self.batch.events == 1 && !asked
    }

    /// Which earlier events each one must not overtake. Where ids are forgotten, it is only sure of those with an id in
    /// common.
    fn earlier(&self, cases: &[Case]) -> Vec<Vec<usize>> {
        if self.limits.remembered_ids >= 100 {
            return earlier_of_the_same_visitor(cases);
        }
        let ids: Vec<Vec<String>> = cases.iter().map(Case::ids).collect();
        let shares = |number: usize, other: usize| ids[number].iter().any(|id| ids[other].contains(id));
        (0..cases.len())
            .map(|number| (0..number).filter(|other| shares(number, *other)).collect())
            .collect()
    }
}

fn policy(dialect: Dialect) -> RetryPolicy {
    RetryPolicy::of(dialect)
}

/// What came of a case.
#[derive(Debug, PartialEq)]
struct Played {
    /// When each event was handed over, and what came of it.
    events: Vec<(Timestamp, Outcome)>,
    received: Vec<Received>,
}

/// Plays the cases on a runtime of their own.
fn play(cases: &[Case], form: &Form) -> Played {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    runtime.block_on(async {
        let clock = virtual_clock();
        let link = Link::new(&clock);
        link.script().refusals = form.refusals;
        let events = submit(cases, form, &link, &clock).await;
        let mut script = link.script();
        Played {
            events,
            received: std::mem::take(&mut script.received),
        }
    })
}

async fn submit(cases: &[Case], form: &Form, link: &Link, clock: &Clock) -> Vec<(Timestamp, Outcome)> {
    let sender = form.applied(link).build().unwrap();
    let mut tickets = Vec::new();
    for ((number, case), pause) in cases.iter().enumerate().zip(form.pauses.iter().cycle()) {
        clock.sleep(*pause).await;
        link.plan(number as u64, case.acts.clone());
        let ticket = sender.submit(case.event(number)).await;
        tickets.push((clock.now(), ticket));
    }
    sender.settle().await;
    assert_eq!(sender.metrics().queued, 0);
    let mut events = Vec::new();
    for (at, ticket) in tickets {
        events.push((at, ticket.await));
    }
    events
}

/// Each further attempt after what the answer asked for and, where nothing else makes it wait, after no more than the
/// backoff; and none after the window, but for the first one of a half.
fn check_policy(attempts: &[Attempt], form: &Form, is_free: bool) -> Result<(), TestCaseError> {
    let policy = policy(form.dialect);
    for (n, pair) in (0_u32..).zip(attempts.windows(2)) {
        let ended = pair[0].at + pair[0].took;
        let waited = Duration::try_from(pair[1].at.duration_since(ended)).unwrap();
        if form.batch.events > 1 && matches!(pair[0].answer, Ok(400 | 408)) {
            // A half of what was refused.
            continue;
        }
        prop_assert!(waited >= pair[0].retry_after.unwrap_or_default());
        prop_assert!(pair[1].at <= attempts[0].at + policy.window);
        let bound = policy.initial.saturating_mul(2_u32.saturating_pow(n)).min(policy.max);
        prop_assert!(
            !is_free || waited <= bound + Duration::from_millis(1),
            "{waited:?} after {n} others"
        );
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

/// Whether the wait after the last attempt can have ended past the window. A half begins its backoff anew, which makes its
/// waits only shorter.
fn may_have_expired(attempts: &[Attempt], policy: &RetryPolicy) -> bool {
    let [first, .., last] = attempts else { return false };
    let doublings = u32::try_from(attempts.len() - 1).unwrap();
    let bound = policy
        .initial
        .saturating_mul(2_u32.saturating_pow(doublings))
        .min(policy.max);
    last.at + last.took + bound.max(last.retry_after.unwrap_or_default()) > first.at + policy.window
}

fn check_result(handed_over: Timestamp, outcome: &Outcome, form: &Form) -> Result<(), TestCaseError> {
    let policy = policy(form.dialect);
    let last = outcome.attempts.last().map(|attempt| attempt.answer.clone());
    match &outcome.result {
        Delivery::Delivered { status } => prop_assert_eq!(last, Some(Ok(*status))),
        Delivery::Rejected { .. } => prop_assert!(matches!(last, Some(Ok(302 | 400 | 408 | 501))), "{:?}", last),
        Delivery::Expired { .. } => {
            let [first, ..] = outcome.attempts.as_slice() else {
                return Err(TestCaseError::fail("expired without an attempt"));
            };
            let alone = outcome.attempts.last().and_then(|last| last.retry_after);
            let window_is_over = handed_over + outcome.elapsed >= first.at + policy.window
                || alone.is_some_and(|asked| asked > policy.window);
            prop_assert!(
                window_is_over || may_have_expired(&outcome.attempts, &policy),
                "{:?}",
                outcome
            );
        }
        other => prop_assert!(false, "{:?}", other),
    }
    Ok(())
}

/// What is sent of an event is sent after everything of those before it, or in the same requests and after them.
fn check_order(earlier: &[Vec<usize>], received: &[Received]) -> Result<(), TestCaseError> {
    let has = |it: &Received, number: usize| it.events.iter().position(|event| *event == number as u64);
    for (number, earlier) in earlier.iter().enumerate() {
        for other in earlier.iter().copied() {
            for it in received {
                if let (Some(place), Some(other_place)) = (has(it, number), has(it, other)) {
                    prop_assert!(other_place < place, "{number} is ahead of {other}");
                }
            }
            let alone = received
                .iter()
                .position(|it| has(it, number).is_some() && has(it, other).is_none());
            let last_of_other = received.iter().rposition(|it| has(it, other).is_some());
            prop_assert!(
                alone.is_none_or(|alone| Some(alone) > last_of_other),
                "{number} overtook {other}"
            );
        }
    }
    Ok(())
}

/// How many cases to try.
fn cases() -> u32 {
    let asked = std::env::var("HARNESS_LAW_CASES").ok();
    asked.and_then(|asked| asked.parse().ok()).unwrap_or(10_000)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn no_event_is_lost_or_overtakes_another_of_its_visitor_under_any_faults(
        cases in prop::collection::vec(case(), 1..12),
        form in form(),
    ) {
        let Played { events, received } = play(&cases, &form);
        prop_assert_eq!(events.len(), cases.len());
        for (number, (handed_over, outcome)) in events.iter().enumerate() {
            let requests: Vec<_> =
                received.iter().filter(|received| received.events.contains(&(number as u64))).collect();
            check_policy(&outcome.attempts, &form, form.is_free(&cases))?;
            check_duplicates(outcome, &requests)?;
            check_result(*handed_over, outcome, &form)?;
        }
        if form.is_ordered() {
            check_order(&form.earlier(&cases), &received)?;
        }
        prop_assert!(received.iter().all(|received| received.events.len() <= form.batch.events));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn the_same_seed_plays_the_same_to_the_last_byte_and_moment(
        cases in prop::collection::vec(case(), 1..12),
        form in form(),
    ) {
        prop_assert_eq!(play(&cases, &form), play(&cases, &form));
    }
}
