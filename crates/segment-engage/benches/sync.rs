//! How long a sync takes over very many users, of whom a few did something since the last one.
//!
//! `cargo bench -p segment-engage --bench sync` has a million users; another number can be given after `--`. Ten audiences
//! stand over orders, logins, pages and a trait, five of them with windows. Told are the first sync, which looks at
//! everyone; one after a hundredth of the users did something; one that finds nothing to do; one in which a window has
//! run out for a hundredth; and, as what an incremental sync spares, one after everyone did something.
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

use std::time::Duration;

use jiff::Timestamp;
use segment_engage::{Audience, Condition, Count, Engage, Predicate, Selection};
use segment_event::Event;
use serde_json::{Value, json};

const HOUR: Duration = Duration::from_secs(60 * 60);

const DAY: Duration = HOUR.saturating_mul(24);

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if !arguments.iter().any(|argument| argument == "--bench") {
        return;
    }
    let users = arguments
        .iter()
        .find_map(|argument| argument.parse().ok())
        .unwrap_or(1_000_000);
    let mut engage = Engage::new(audiences(), Vec::new()).expect("ten keys");
    let mut now = Timestamp::UNIX_EPOCH;
    let (took, ()) = timed(|| first_day(&mut engage, users, now));
    println!(
        "{users} users, {} messages recorded in {took:.2?}, {}",
        users * 3,
        memory()
    );

    now += DAY;
    report("the first sync", &mut engage, now);
    let some = users / 100;
    for (what, active, wait) in [
        ("a hundredth was active", some, 2 * HOUR),
        ("nothing happened", 0, 2 * HOUR),
        ("everyone was active", users, 2 * HOUR),
    ] {
        now += wait;
        for number in 0..active {
            engage.record(&order(number * (users / active), 80), now);
        }
        report(what, &mut engage, now);
    }
    // One day's logins become too old; whoever ordered did not log in.
    now += 6 * DAY;
    report("a window ran out for a tenth", &mut engage, now);
    println!("{}", memory());
}

/// Everyone orders something and identifies, every tenth logs in.
fn first_day(engage: &mut Engage, users: usize, start: Timestamp) {
    for number in 0..users {
        let at = start + Duration::from_secs(number as u64 % 86_400);
        let plan = if number % 3 == 0 { "pro" } else { "free" };
        let identify = json!({"type": "identify", "userId": user(number), "anonymousId": format!("cookie-{number}"),
            "traits": {"plan": plan}});
        engage.record(&event(identify), at);
        engage.record(&order(number, number % 100), at);
        let seen = if number % 10 == 0 { "Login" } else { "Logout" };
        engage.record(
            &event(json!({"type": "track", "event": seen, "userId": user(number)})),
            at,
        );
    }
}

fn audiences() -> Vec<Audience> {
    let did = |event: &str, count, within| Condition::event(Selection::track(event), count, within);
    let dear = Selection::track("Order").filter("revenue", Predicate::AtLeast(90.into()));
    let plan = |plan: &str| Condition::Trait("plan".to_owned(), Predicate::Equals(plan.into()));
    let conditions = vec![
        did("Order", Count::AtLeast(1), Some(30 * DAY)),
        did("Order", Count::AtLeast(3), Some(90 * DAY)),
        did("Order", Count::AtMost(1), None),
        Condition::event(dear.clone(), Count::AtLeast(1), Some(14 * DAY)),
        Condition::event(dear, Count::Exactly(0), None),
        did("Login", Count::AtLeast(1), Some(6 * DAY)),
        Condition::All(vec![plan("pro"), did("Login", Count::AtLeast(1), None)]),
        Condition::Any(vec![plan("team"), did("Logout", Count::Exactly(1), Some(60 * DAY))]),
        Condition::Not(Box::new(plan("free"))),
        Condition::event(Selection::page("Pricing"), Count::AtLeast(2), None),
    ];
    let numbered = conditions.into_iter().enumerate();
    numbered
        .map(|(number, when)| Audience::new(format!("Audience {number}"), when))
        .collect()
}

fn order(number: usize, revenue: usize) -> Event {
    event(json!({"type": "track", "event": "Order", "userId": user(number), "properties": {"revenue": revenue}}))
}

fn user(number: usize) -> String {
    format!("user-{number}")
}

fn event(message: Value) -> Event {
    Event::unchecked(message).expect("a message")
}

fn report(what: &str, engage: &mut Engage, now: Timestamp) {
    let (took, changes) = timed(|| engage.sync(now).len());
    println!("{what:>30}: {took:>10.2?}, {changes} changes");
}

fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    #[expect(clippy::disallowed_methods, reason = "a bench measures real time")]
    let start = std::time::Instant::now();
    let result = work();
    (start.elapsed(), result)
}

/// What this process takes now and took at most, where the system tells.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.trim().trim_end_matches(" kB").parse::<u64>().ok()
    };
    match (field("VmRSS:"), field("VmHWM:")) {
        (Some(now), Some(peak)) => format!("{} MB in memory, {} MB at the peak", now / 1024, peak / 1024),
        _ => "memory unknown".to_owned(),
    }
}
